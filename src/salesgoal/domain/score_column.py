"""Columns of a scorecard: one metric and period for every goal of a tree, in smallest units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from salesgoal.domain.cells import Cells
from salesgoal.domain.cross_cut import project_expected
from salesgoal.domain.expectation import expected_column
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.progress import RunningDays, count_running
from salesgoal.domain.roll_up import find_homes, roll_up
from salesgoal.domain.scope import Codes, find_people
from salesgoal.domain.target import MEASURES, Measure, TargetTable, derive_targets
from salesgoal.domain.timeline import Coverage, covers

__all__ = ["ORIGINAL", "Asked", "ScoreColumn", "find_mismatch", "score_columns"]

ORIGINAL = "original"
"""Beside the measures: the target before any revision."""


@attrs.frozen(kw_only=True)
class ScoreColumn:
    """One metric and period for every goal of a tree, in smallest units.

    ``unassigned`` is what matched a goal but none of its children; ``mismatch`` the goal's
    target less its children's. Both are None for metrics that do not add. ``reported`` says
    whether a source speaks of the period by ``as_of``; for a ratio, of both its parts.
    ``targets`` are by measure, after revisions with ``original``: the target before them.
    ``expected`` is what should have been reached by ``as_of``, ``days`` how far it has run.
    """

    reported: bool
    targets: Mapping[Measure, Sequence[Exact | None]]
    actual: Sequence[Exact | None]
    unassigned: Sequence[int] | None
    mismatch: Sequence[Exact | None] | None
    expected: Sequence[Exact | None]
    days: RunningDays


@attrs.frozen
class Asked:
    """What is asked for, the same for every breakdown.

    Attributes:
        plan: What was to be reached.
        cells: The condensed facts.
        coverage: Metric id -> the days its sources speak of.
        as_of: The last day that counts.
        periods: What is judged.
    """

    plan: Plan
    cells: Cells
    coverage: Coverage
    as_of: date
    periods: tuple[Period, ...]


def score_columns(
    asked: Asked, tree: GoalTree, targets: TargetTable
) -> dict[tuple[str, Period], ScoreColumn]:
    """Returns metric id and period -> the values of every goal of a tree."""
    plan, cells, as_of = asked.plan, asked.cells, asked.as_of
    homes = find_homes(tree, cells, plan.dimensions)
    people = find_people([*cells.combos, *targets.scopes()], plan.dimensions)
    measures = MEASURES if plan.original is None else (*MEASURES, ORIGINAL)
    columns: dict[tuple[str, Period], ScoreColumn] = {}
    days = {
        each: count_running(plan.workdays, each, as_of, inside=plan.period.covers(each))
        for each in asked.periods
    }
    ratios = [metric for metric in plan.metrics if isinstance(metric.aggregation, Ratio)]
    for metric in plan.metrics:
        if metric in ratios:
            continue
        rolled = roll_up(tree, homes, cells, metric, asked.periods, people)
        heard = [each for each in asked.coverage.get(metric.id, ()) if each[0] <= as_of]
        derived = {
            measure: _targets(asked, tree, targets, metric, measure, people)
            for measure in measures
        }
        for period in asked.periods:
            chosen = {measure: derived[measure][period] for measure in measures}
            due = derived["target"][period]
            columns[metric.id, period] = ScoreColumn(
                reported=covers(heard, period),
                targets=chosen,
                actual=rolled[period].actual,
                unassigned=rolled[period].unassigned,
                mismatch=find_mismatch(tree, due) if metric.is_additive else None,
                expected=_expected(asked, tree, targets, metric, period, chosen),
                days=days[period],
            )
    for metric in ratios:
        for period in asked.periods:
            columns[metric.id, period] = _ratio_column(
                asked, tree, targets, metric, period, columns
            )
    return columns


def find_mismatch(tree: GoalTree, column: Sequence[Exact | None]) -> Sequence[Exact | None]:
    """Returns what each goal's amount leaves over after its children's, signed.

    None where either is absent. For metrics that add over the tree.
    """
    found: list[Exact | None] = [None] * len(tree)
    for node in tree.inner:
        parts = [
            each for each in column[tree.first[node] : tree.counted[node]] if each is not None
        ]
        own = column[node]
        if own is not None and parts:
            found[node] = own - sum(parts)
    return found


def _targets(
    asked: Asked,
    tree: GoalTree,
    targets: TargetTable,
    metric: Metric,
    measure: Measure,
    people: Mapping[Codes, Codes],
) -> Mapping[Period, Sequence[int | None]]:
    """What is typed and derived; of a period that is not all inside the plan, nothing."""
    inside = [each for each in asked.periods if asked.plan.period.covers(each)]
    found = derive_targets(tree, metric, targets.of(metric.id, measure), inside, people)
    nothing = [None] * len(tree)
    return {each: found.get(each, nothing) for each in asked.periods}


def _expected(
    asked: Asked,
    tree: GoalTree,
    targets: TargetTable,
    metric: Metric,
    period: Period,
    chosen: Mapping[Measure, Sequence[Exact | None]],
) -> Sequence[Exact | None]:
    plan = asked.plan

    def column(of: GoalTree, due: Sequence[Exact | None]) -> Sequence[Exact | None]:
        return expected_column(
            of,
            metric,
            due,
            targets.of(metric.id) if of is tree else plan.targets.of(metric.id),
            period,
            asked.as_of,
            settings=plan.pace,
            calendar=plan.calendar,
            workdays=plan.workdays,
        )

    def own(source: GoalTree) -> Sequence[Exact | None]:
        typed = plan.targets.of(metric.id)
        return column(source, derive_targets(source, metric, typed, [period])[period])

    # A cut adds up what its goals expect, so that every breakdown has the same root.
    cut = not any(tree is each for each in plan.trees)
    runs = period.start <= asked.as_of < period.last and plan.period.covers(period)
    if cut and runs and not isinstance(metric.aggregation, Ratio):
        return project_expected(plan, tree, metric, own)
    return column(tree, chosen["target"])


def _ratio_column(
    asked: Asked,
    tree: GoalTree,
    targets: TargetTable,
    metric: Metric,
    period: Period,
    columns: Mapping[tuple[str, Period], ScoreColumn],
) -> ScoreColumn:
    """The ratio of the rolled-up parts; its target is typed, else the ratio of theirs."""
    assert isinstance(metric.aggregation, Ratio)
    parts = (
        asked.plan.metric(metric.aggregation.numerator),
        asked.plan.metric(metric.aggregation.denominator),
    )
    over, under = (columns[part.id, period] for part in parts)

    def divide(above: Exact | None, below: Exact | None) -> Fraction | None:
        if above is None or below is None:
            return None
        return metric.ratio_units(above, below, parts)

    chosen: dict[Measure, Sequence[Exact | None]] = {}
    for measure in over.targets:
        typed = derive_targets(tree, metric, targets.of(metric.id, measure), [period])[period]
        derived = map(divide, over.targets[measure], under.targets[measure])
        pairs = zip(typed, derived, strict=True)
        chosen[measure] = [made if own is None else own for own, made in pairs]
    actual = list(map(divide, over.actual, under.actual))
    return ScoreColumn(
        reported=over.reported and under.reported,
        targets=chosen,
        actual=actual,
        unassigned=None,
        mismatch=None,
        expected=_expected(asked, tree, targets, metric, period, chosen),
        days=over.days,
    )
