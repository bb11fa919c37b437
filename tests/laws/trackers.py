"""What the laws of the tracker are held against: the batch scorecard, looked at in full."""

from __future__ import annotations

from datetime import date
from itertools import count

import attrs
from hypothesis import strategies as st

from salesgoal.domain.condense import hold_against
from salesgoal.domain.membership import View
from salesgoal.domain.pace import PaceBasis, PaceSettings
from salesgoal.domain.period import Level, Period
from salesgoal.domain.reconciliation import reconcile
from salesgoal.domain.target import MEASURES, TargetTable
from salesgoal.domain.tracker import Tracker
from salesgoal.domain.work_calendar import Weekdays

BASES = (PaceBasis.TYPED, PaceBasis.WORKDAYS, PaceBasis.DAYS)


def picture(cards):
    """Everything that scorecards say, in values of its own that nothing else holds."""
    return [
        {
            "plan": card.plan,
            "as_of": card.as_of,
            "coverage": {name: sorted(days) for name, days in card.coverage.items()},
            "combos": set(card.cells.combos),
            "cells": cells_of(card.cells),
            "columns": {place: column_of(each) for place, each in card.columns.items()},
        }
        for card in cards
    ]


def differences(one, other):
    """The places where two pictures differ, so that a broken law says where."""
    found = []
    for ours, theirs in zip(one, other, strict=True):
        for name, mine in ours.items():
            if isinstance(mine, dict):
                places = {*mine, *theirs[name]}
                pairs = {at: (mine.get(at), theirs[name].get(at)) for at in places}
                found += [(name, at, *pair) for at, pair in pairs.items() if pair[0] != pair[1]]
            elif mine != theirs[name]:
                found.append((name,))
    return found


def column_of(column):
    parts = (column.actual, column.unassigned, column.mismatch, column.expected)
    return (
        column.reported,
        {measure: list(values) for measure, values in column.targets.items()},
        *(None if each is None else list(each) for each in parts),
        column.days,
    )


def cells_of(cells):
    """What lies in cells, whatever the order of their combinations; zeros are nothing.

    What lies at a place without a combination keeps its place: it is like nothing else.
    """
    combos = dict(enumerate(cells.combos))
    sums = {
        (name, combos[place // cells.stride], place % cells.stride): units
        for name in cells.sums
        for place, units in enumerate(cells.units(name))
        if units
    }
    others = {
        (name, combos.get(position, position), slot): held
        for kind in (cells.spans, cells.readings)
        for name, places in kind.items()
        for (position, slot), held in places.items()
        if held != 0
    }
    return {**sums, **others}


@attrs.define
class Model:
    """A tracker beside the plain list of facts that it should tell of."""

    plan: object
    as_of: date
    view: View = View.AS_WAS
    facts: dict = attrs.field(factory=dict)
    numbers: object = attrs.field(factory=lambda: count(100))
    tracker: Tracker = None

    def __attrs_post_init__(self):
        if self.tracker is None:
            self.tracker = Tracker(
                self.plan, as_of=self.as_of, facts=self.facts.values(), view=self.view
            )

    def batch(self):
        facts = list(self.facts.values())
        return hold_against(self.plan, facts, as_of=self.as_of, view=self.view)

    def do(self, step):
        name, *given = step
        getattr(self, name)(*given)

    def add(self, key, fact):
        told = attrs.evolve(fact, key=key)
        self.tracker.add(told)
        self.facts[next(self.numbers) if key is None else key] = told

    def remove(self, key):
        self.tracker.remove("", key)
        self.facts.pop(key, None)

    def both(self, gone, pairs):
        """Some taken back and some told, as one."""
        told = [attrs.evolve(fact, key=key) for key, fact in pairs]
        back = [self.facts[key] for key in gone if key in self.facts]
        self.tracker.apply(add=told, remove=back)
        for each in back:
            del self.facts[each.key]
        self.facts.update((each.key, each) for each in told)

    def revise(self, edits):
        self.plan = edited(self.plan, edits)
        self.tracker.revise(self.plan)

    def move(self, as_of):
        self.as_of = as_of
        self.tracker.move_to(as_of)

    def look(self):
        """A reader in between, so that what it holds is shared with what comes."""
        self.tracker.snapshot()

    def agrees(self):
        card, *others = self.tracker.snapshot()
        batch = self.batch()
        found = differences(picture([card, *others]), picture(batch))
        assert not found, found
        assert self.tracker.reconciliation() == reconcile(batch[0], self.control())
        by = [dimension.id for dimension in self.plan.dimensions][-1:]
        assert picture([card.by(*by)]) == picture([batch[0].by(*by)])
        first = {each.tree.breakdown.name: each for each in (*others[::-1], card)}
        for each in first.values():
            rows = self.tracker.rows(breakdown=each.tree.breakdown.name)
            assert rows == tuple(each.rows())

    def control(self):
        names = [each.id for each in self.plan.metrics if each.is_additive]
        return {
            name: sum(fact.values.get(name, 0) for fact in self.facts.values())
            for name in names
        }


def edited(plan, edits):
    """The plan with some targets typed, or no longer; those before stand beside."""
    codes = list(dict.fromkeys(each for tree in plan.trees for each in tree.scope))
    typed = {
        key: {at: dict(v) for at, v in each.items()} for key, each in plan.targets.typed.items()
    }
    for metric, measure, period, node, units in edits:
        name = plan.metrics[metric % len(plan.metrics)].id
        at = periods_of(plan)[period % len(periods_of(plan))]
        column = typed.setdefault((name, measure), {}).setdefault(at, {})
        column.pop(codes[node % len(codes)], None)
        if units is not None:
            column[codes[node % len(codes)]] = units
    return attrs.evolve(
        plan, targets=TargetTable(typed), original=plan.original or plan.targets
    )


def periods_of(plan):
    """Those that are shown, and some single days that are not."""
    days = [plan.calendar.at(Level.MONTH, plan.period.start).start, plan.period.last]
    inside = [day for day in days if day in plan.period]
    return [
        *plan.periods,
        *(
            Period(day, date.fromordinal(day.toordinal() + 1), Level.DAY, str(day))
            for day in inside
        ),
    ]


NUMBER = st.integers(0, 40)
EDITS = st.lists(
    st.tuples(
        NUMBER,
        st.sampled_from(["target", "target", *MEASURES]),
        NUMBER,
        NUMBER,
        st.none() | st.integers(-3, 99),
    ),
    min_size=1,
    max_size=5,
)
KEYS = st.sampled_from("abcd")
PACES = st.builds(lambda basis: PaceSettings(basis=basis), st.sampled_from(BASES))
WORKDAYS = st.sampled_from([None, Weekdays()])


def steps_of(facts, days, least=3, most=6):
    """Anything that may happen to a tracker."""
    return st.lists(
        st.one_of(
            st.tuples(st.just("add"), KEYS | st.none(), facts),
            st.tuples(st.just("add"), KEYS, facts),
            st.tuples(st.just("remove"), KEYS),
            st.tuples(
                st.just("both"),
                st.sets(KEYS),
                st.lists(st.tuples(KEYS, facts), max_size=2),
            ),
            st.tuples(st.just("revise"), EDITS),
            st.tuples(st.just("move"), days),
            st.just(("look",)),
        ),
        min_size=least,
        max_size=most,
    )
