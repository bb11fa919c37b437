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
            return MonthCalendar().at(level, day)
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


@st.composite
def dimensions(draw, name):
    members = []
    for index in range(draw(st.integers(1, 3))):
        above = draw(st.none() | st.integers(0, index - 1)) if index else None
        parent = None if above is None else members[above].name
        members.append(Member(f"{name}{index}", parent=parent))
    return Dimension(name, members)


AMOUNTS = st.integers(-1000, 1000)
DAYS = st.dates(FIRST - timedelta(days=3), LAST + timedelta(days=3))
SPANS = st.tuples(DAYS, DAYS).map(lambda ends: whole_span(min(ends), max(ends)))
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


def facts_of(dimensions):
    named = {
        each.id: st.sampled_from([member.name for member in each.members])
        for each in dimensions
    }
    members = st.fixed_dictionaries({}, optional=named)
    days = DAYS | SPANS | st.sampled_from([IsoWeeks().at(level, FIRST) for level in LEVELS[1:]])
    return st.builds(Actual, on=days, members=members, values=VALUES)


@st.composite
def scopes(draw, order):
    """The scope of a goal of the breakdown: leaves, so that no two children overlap."""
    depth = draw(st.integers(0, len(order)))
    return {
        each.id: each.members[draw(st.sampled_from(each.leaves))].name for each in order[:depth]
    }


@st.composite
def worlds(draw, most_facts=8):
    made = tuple(draw(dimensions(name)) for name in "pqr"[: draw(st.integers(1, 3))])
    order = draw(st.permutations(made))
    other = draw(st.permutations(made))
    return World(
        dimensions=made,
        breakdowns=(
            Breakdown([each.id for each in order]),
            Breakdown([each.id for each in other[:2]], every_member=True),
        ),
        scopes=tuple(draw(st.lists(scopes(order), max_size=6, unique_by=str))),
        facts=tuple(draw(st.lists(facts_of(made), max_size=most_facts))),
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
