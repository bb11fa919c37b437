"""Targets: what should be reached, per goal, metric and period.

A target may be typed at any goal and any period. What is not typed is derived, in this order:
the sum of the goal's own typed sub-periods; the sum of its children's targets; else it is
absent. Floors, stretch targets and commits are derived by the same order, each from its own
kind. "Sum" is the metric's own rule:

    aggregation        over sub-periods    over children
    sum, distinct      sum                 sum
    last               the latest          sum
    maximum, minimum   the extreme         the extreme
    average            absent              absent
    ratio              absent              the ratio of the parts' targets (see scorecard)

Children that are overlays are left out.

A typed parent stays what it is; what its children's targets leave over is its ``mismatch``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from salesgoal.domain.kind import a_day_or_none, a_mapping
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place
from salesgoal.domain.scope import Codes, Scope

if TYPE_CHECKING:
    from salesgoal.domain.goal_tree import GoalTree

__all__ = [
    "MEASURES",
    "Column",
    "Measure",
    "Ownership",
    "SubPeriods",
    "Target",
    "TargetTable",
    "Typed",
    "add_sub_periods",
    "derive_target",
    "derive_targets",
    "merge_targets",
    "own_sub_periods",
    "pick_sub_periods",
    "unique_scopes",
]

Measure = str
"""``target``, ``floor`` (保底), ``stretch`` (挑战) or ``commit`` (承诺)."""

MEASURES: tuple[Measure, ...] = ("target", "floor", "stretch", "commit")

_NOBODY: Mapping[Codes, Codes] = {}

Column = list[int | None]
"""One value per goal, in smallest units; None where it is absent."""


@attrs.frozen(kw_only=True)
class Ownership:
    """Who answers for a goal, where, and by when; None is "not said"."""

    owner: str | None = None
    department: str | None = None
    due_on: date | None = attrs.field(default=None, validator=a_day_or_none)


@attrs.frozen(kw_only=True)
class Target:
    """One typed target, as Python code gives it: amounts in whole units (yuan).

    ``period`` is a `Period` or a label of the plan's calendar. ``commit`` is what the goal's
    owner promises from below, beside the target that is set from above.
    """

    scope: Scope = attrs.field(factory=dict, hash=False, validator=a_mapping)
    metric: str
    period: Period | str
    target: Decimal | int | None = None
    floor: Decimal | int | None = None
    stretch: Decimal | int | None = None
    commit: Decimal | int | None = None
    ownership: Ownership = Ownership()
    where: Place = Place("code")


Typed = Mapping[Period, Mapping[Codes, int]]
"""Typed values of one metric and measure: period -> scope -> smallest units."""


@attrs.frozen
class SubPeriods:
    """What the longest typed periods inside a period come to, goal by goal.

    Attributes:
        values: Scope -> smallest units, by the metric's rule over time.
        whole: The scopes whose typed periods leave no day of the period out.
    """

    values: Mapping[Codes, int]
    whole: frozenset[Codes]


@attrs.frozen
class TargetTable:
    """Every typed target of a plan, by metric and measure."""

    typed: Mapping[tuple[str, Measure], Typed]

    def of(self, metric: str, measure: Measure = "target") -> Typed:
        """Returns what is typed for a metric; nothing is an empty mapping."""
        return self.typed.get((metric, measure), {})

    def scopes(self) -> Collection[Codes]:
        """The scopes that any target names, once each, in the order they came."""
        return unique_scopes(
            column for typed in self.typed.values() for column in typed.values()
        )


def unique_scopes(columns: Iterable[Mapping[Codes, int]]) -> Collection[Codes]:
    """Returns the scopes of columns, once each, in the order they come.

    Columns in which the same goals stand in the same order cost one comparison.
    """
    found: dict[Codes, None] = {}
    last: list[Codes] = []
    for column in columns:
        goals = list(column)
        if goals != last:
            found |= dict.fromkeys(goals)
            last = goals
    return found.keys()


def derive_targets(
    tree: GoalTree,
    metric: Metric,
    typed: Typed,
    periods: Sequence[Period],
    people: Mapping[Codes, Codes] = _NOBODY,
) -> dict[Period, Column]:
    """Returns the target of every goal for every period, by the order of derivation.

    ``people`` are the seats of those who moved, from `find_people`: the latest value of a
    metric that takes the last belongs to the seat where it was typed last.

    Linear in goals x periods.
    """
    if not typed:
        return dict.fromkeys(periods, [None] * len(tree))
    return {period: _column(tree, metric, typed, period, people) for period in periods}


def derive_target(
    tree: GoalTree, metric: Metric, typed: Typed, period: Period, column: Column, node: int
) -> int | None:
    """Returns the target of one goal, by the order of derivation, from those of its children.

    Not for a metric that takes the last where people moved: of their seats only one counts.

    Args:
        tree: The breakdown.
        metric: What the target is of.
        typed: What is typed for the metric.
        period: What the target is for.
        column: The targets of all goals; those of the children are right.
        node: Which goal.

    Cost: typed periods and children.
    """
    codes = tree.scope[node]
    own = typed.get(period, {}).get(codes)
    if own is not None:
        return own
    combine = _OVER_TIME.get(metric.aggregation)
    parts = [units for _, units in pick_sub_periods(typed, codes, period)] if combine else []
    if combine is None or not parts:
        combine = _OVER_CHILDREN.get(metric.aggregation)
        below = column[tree.first[node] : tree.counted[node]]
        parts = [each for each in below if each is not None]
    return combine(parts) if combine and parts else None


def add_sub_periods(metric: Metric, typed: Typed, period: Period) -> SubPeriods:
    """Returns what is typed inside a period; nothing where the metric has no rule over time.

    Linear in the typed values inside the period.
    """
    combine = _OVER_TIME.get(metric.aggregation)
    inside = [each for each in typed if period.covers(each) and each != period]
    inside.sort(key=lambda each: (each.start, -each.days))
    if not combine or not inside:
        return SubPeriods({}, frozenset())
    goals = list(typed[inside[0]])
    apart = all(one.stop <= other.start for one, other in pairwise(inside))
    if apart and all(list(typed[each]) == goals for each in inside):
        # The same goals in every period, as a cascade makes them: combined a column at a time.
        columns = (typed[each].values() for each in inside)
        values = dict(zip(goals, map(combine, zip(*columns, strict=True)), strict=True))
        complete = sum(each.days for each in inside) == period.days
        return SubPeriods(values, frozenset(goals if complete else ()))
    return _combine_apart(combine, typed, inside, period)


def _combine_apart(
    combine: Combine, typed: Typed, inside: Sequence[Period], period: Period
) -> SubPeriods:
    """Goal by goal: where periods overlap, the longer that begins first counts."""
    behind: dict[Codes, date] = {}
    days: dict[Codes, int] = {}
    parts: dict[Codes, list[int]] = {}
    for each in inside:
        for codes, value in typed[each].items():
            if behind.get(codes, period.start) <= each.start:
                behind[codes] = each.stop
                days[codes] = days.get(codes, 0) + each.days
                parts.setdefault(codes, []).append(value)
    return SubPeriods(
        {codes: combine(values) for codes, values in parts.items()},
        frozenset(codes for codes, count in days.items() if count == period.days),
    )


def own_sub_periods(
    metric: Metric, typed: Typed, period: Period, people: Mapping[Codes, Codes] = _NOBODY
) -> Mapping[Codes, int]:
    """Returns scope -> what its own typed sub-periods come to.

    Of who moved, the latest value stands only at the seat where it was typed last.
    """
    parts = add_sub_periods(metric, typed, period).values
    if people and metric.aggregation is Aggregation.LAST:
        return _without_former_seats(parts, typed, period, people)
    return parts


def pick_sub_periods(typed: Typed, codes: Codes, period: Period) -> list[tuple[Period, int]]:
    """Returns the typed sub-periods of one scope that count, in order, with their units.

    Where periods overlap, the longer that begins first counts, as in `add_sub_periods`.
    """
    inside = [each for each in typed if period.covers(each) and each != period]
    found: list[tuple[Period, int]] = []
    for each in sorted(inside, key=lambda one: (one.start, -one.days)):
        units = typed[each].get(codes)
        if units is not None and (not found or found[-1][0].stop <= each.start):
            found.append((each, units))
    return found


def merge_targets(metric: Metric, values: Sequence[int | None]) -> int | None:
    """Returns what the targets of disjoint goals come to, by the metric's rule over children.

    Averages and ratios of several goals have none in common; a single goal keeps its own.
    """
    if len(values) == 1:
        return values[0]
    combine = _OVER_CHILDREN.get(metric.aggregation)
    present = [value for value in values if value is not None]
    return combine(present) if present and combine else None


def _column(
    tree: GoalTree,
    metric: Metric,
    typed: Typed,
    period: Period,
    people: Mapping[Codes, Codes],
) -> Column:
    parts = own_sub_periods(metric, typed, period, people)
    written = typed.get(period, {})
    own = {**parts, **written} if parts and written else parts or written
    if not own:
        return [None] * len(tree)
    column: Column = list(map(own.get, tree.scope))
    combine = _OVER_CHILDREN.get(metric.aggregation)
    for node in tree.inner if combine else ():
        if column[node] is None:
            present = [
                value
                for value in column[tree.first[node] : tree.counted[node]]
                if value is not None
            ]
            column[node] = combine(present) if present and combine else None
    return column


def _without_former_seats(
    parts: Mapping[Codes, int], typed: Typed, period: Period, people: Mapping[Codes, Codes]
) -> dict[Codes, int]:
    """The latest value of who moved stands at the seat where it was typed last."""
    latest: dict[Codes, date] = {}
    newest: dict[Codes, date] = {}
    for each in typed:
        if period.covers(each):
            for codes in typed[each].keys() & parts.keys():
                latest[codes] = max(each.stop, latest.get(codes, each.stop))
    for codes, stop in latest.items():
        person = people.get(codes, codes)
        newest[person] = max(stop, newest.get(person, stop))
    return {
        codes: value
        for codes, value in parts.items()
        if latest[codes] == newest[people.get(codes, codes)]
    }


def _latest(values: Sequence[int]) -> int:
    return values[-1]


Combine = Callable[[Sequence[int]], int]

_OVER_TIME: Mapping[Aggregation | Ratio, Combine] = {
    Aggregation.SUM: sum,
    Aggregation.DISTINCT: sum,
    Aggregation.LAST: _latest,
    Aggregation.MAXIMUM: max,
    Aggregation.MINIMUM: min,
}

_OVER_CHILDREN: Mapping[Aggregation | Ratio, Combine] = {
    **_OVER_TIME,
    Aggregation.LAST: sum,
}
