"""Worlds for the laws: small plans with ragged dimensions, several breakdowns and facts.

The calendar has ISO weeks beside Gregorian months, and the plan runs from 1 February to 5 March
2024, so that a month and a week that do not nest stand in every report.
"""

from __future__ import annotations

from datetime import date, timedelta

import attrs
from hypothesis import strategies as st

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import make_plan, whole_span
from salesgoal.domain.target import Target

GREGORIAN = MonthCalendar()
FIRST, LAST = date(2024, 2, 1), date(2024, 3, 5)
WHOLE = whole_span(FIRST, LAST)
LEVELS = (Level.SPAN, Level.MONTH, Level.WEEK)
ADDED = ("sales", "cash")
METRICS = (
    Metric(id="sales"),
    Metric(id="cash"),
    Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales")),
    Metric(id="buyers", aggregation=Aggregation.DISTINCT),
    Metric(id="debt", aggregation=Aggregation.LAST),
    Metric(id="mean", aggregation=Aggregation.AVERAGE),
    Metric(id="most", aggregation=Aggregation.MAXIMUM),
    Metric(id="least", aggregation=Aggregation.MINIMUM),
)


@attrs.frozen
class IsoWeeks:
    """A calendar of Gregorian months, and of weeks from Monday to Sunday."""

    id: str = "iso"
    levels: tuple[Level, ...] = (Level.MONTH, Level.WEEK)

    def at(self, level, day):
        if level is not Level.WEEK:
            return GREGORIAN.at(level, day)
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Period(monday, monday + timedelta(days=7), level, f"{year}-W{week:02d}")


@attrs.frozen
class World:
    dimensions: tuple[Dimension, ...]
    breakdowns: tuple[Breakdown, ...]
    scopes: tuple[dict[str, str], ...]
    facts: tuple[Actual, ...]
    as_of: date

    def plan(self):
        return make_plan(
            name="world",
            period=WHOLE,
            metrics=METRICS,
            dimensions=self.dimensions,
            breakdowns=self.breakdowns,
            targets=[
                Target(scope=each, metric="sales", period=WHOLE, target=9)
                for each in self.scopes
            ],
            calendar=IsoWeeks(),
            levels=LEVELS,
        )

    def hold(self, **changed):
        """The world's scorecards, with some facts, dimensions or breakdowns changed."""
        world = attrs.evolve(self, **changed)
        return hold_against(world.plan(), world.facts, as_of=world.as_of)


AMOUNTS = st.integers(-1000, 1000)
DAYS = st.dates(FIRST - timedelta(days=3), LAST + timedelta(days=3))
SPANS = st.tuples(DAYS, DAYS).map(lambda ends: whole_span(min(ends), max(ends)))
WHOLE_PERIODS = st.sampled_from([IsoWeeks().at(level, FIRST) for level in LEVELS[1:]])
VALUES = st.fixed_dictionaries(
    {"sales": AMOUNTS, "cash": AMOUNTS},
    optional={
        "buyers": st.sampled_from("abc"),
        "debt": AMOUNTS,
        "mean": AMOUNTS,
        "most": AMOUNTS,
        "least": AMOUNTS,
    },
)
PICK = st.none() | st.integers(0, 2)
FACTS = st.tuples(st.tuples(PICK, PICK, PICK), DAYS | SPANS | WHOLE_PERIODS, VALUES)
DIMENSIONS = st.lists(st.lists(PICK, min_size=1, max_size=3), min_size=1, max_size=3)
SCOPES = st.lists(st.tuples(PICK, PICK, PICK), max_size=6)


def make_dimension(name, parents):
    """As many members as parents; a parent that does not stand before its member is none."""
    members = []
    for index, above in enumerate(parents):
        parent = members[above].name if above is not None and above < index else None
        members.append(Member(f"{name}{index}", parent=parent))
    return Dimension(name, members)


def make_fact(dimensions, drawn):
    """A fact of any members, leaves or not; None and what a dimension lacks are unknown."""
    picks, on, values = drawn
    members = {
        each.id: each.members[pick].name
        for each, pick in zip(dimensions, picks, strict=False)
        if pick is not None and pick < len(each.members)
    }
    return Actual(on=on, members=members, values=values)


def make_scope(order, picks):
    """The scope of a goal of the breakdown: leaves, so that no two children overlap."""
    scope = {}
    for each, pick in zip(order, picks, strict=False):
        if pick is None:
            break
        scope[each.id] = each.members[each.leaves[pick % len(each.leaves)]].name
    return scope


def facts_of(dimensions):
    return FACTS.map(lambda drawn: make_fact(dimensions, drawn))


@st.composite
def worlds(draw, most_facts=5):
    made = tuple(map(make_dimension, "pqr", draw(DIMENSIONS)))
    order, other = (draw(st.permutations(made)) for _ in range(2))
    scopes = {str(each): each for each in (make_scope(order, picks) for picks in draw(SCOPES))}
    return World(
        dimensions=made,
        breakdowns=(
            Breakdown([each.id for each in order]),
            Breakdown([each.id for each in other[:2]], every_member=True),
        ),
        scopes=tuple(scopes.values()),
        facts=tuple(
            make_fact(made, each) for each in draw(st.lists(FACTS, max_size=most_facts))
        ),
        as_of=draw(st.dates(FIRST, LAST + timedelta(days=9))),
    )


def columns(card):
    """Path, metric and period -> what was reached and what is unassigned."""
    return {
        (path, metric, period): (
            column.actual[node],
            None if column.unassigned is None else column.unassigned[node],
        )
        for (metric, period), column in card.columns.items()
        for node, path in enumerate(card.tree.path)
    }
