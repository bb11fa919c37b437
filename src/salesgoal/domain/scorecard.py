"""Scorecards: every goal, metric and period judged, in columns; rows are made on asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from salesgoal.domain.attainment import Status, gap, judge
from salesgoal.domain.cells import Cells
from salesgoal.domain.cross_cut import cross_cut
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.review import Review
from salesgoal.domain.roll_up import find_homes, roll_up
from salesgoal.domain.scope import decode_scope, find_people
from salesgoal.domain.target import MEASURES, Measure, Ownership, TargetTable, derive_targets
from salesgoal.domain.timeline import Coverage, covers
from salesgoal.domain.view import view_as_is
from salesgoal.errors import UnknownName

__all__ = ["ScoreColumn", "ScoreRow", "Scorecard", "find_mismatch", "score"]


@attrs.frozen(kw_only=True)
class ScoreColumn:
    """One metric and period for every goal of a tree, in smallest units.

    ``unassigned`` is what matched a goal but none of its children; ``mismatch`` the goal's
    target less its children's. Both are None for metrics that do not add. ``reported`` says
    whether a source speaks of the period by ``as_of``; for a ratio, of both its parts.
    """

    reported: bool
    targets: Mapping[Measure, Sequence[Exact | None]]
    actual: Sequence[Exact | None]
    unassigned: Sequence[int] | None
    mismatch: Sequence[Exact | None] | None


@attrs.frozen(kw_only=True)
class ScoreRow:
    """One goal, metric and period, judged.

    Amounts are in smallest units of the metric (fen), None where absent; ``gap`` is what is
    still short, above zero where the target is missed; ``ratio`` is exact, 1 = the target.
    ``commit_difference`` is the commit less the target, below zero where less is promised.
    """

    goal: str
    scope: Mapping[str, str]
    depth: int
    leaf: bool
    ownership: Ownership
    metric: Metric
    period: Period
    target: Exact | None
    floor: Exact | None
    stretch: Exact | None
    commit: Exact | None
    commit_difference: Exact | None
    actual: Exact | None
    ratio: Fraction | None
    status: Status
    gap: Exact | None
    mismatch: Exact | None
    unassigned: int | None
    reviews: tuple[Review, ...]


@attrs.frozen(kw_only=True)
class Scorecard:
    """A plan held against its facts, for one breakdown.

    Attributes:
        plan: What was to be reached.
        tree: The breakdown shown.
        as_of: The last day that counts.
        cells: The condensed facts.
        coverage: Metric id -> the days its sources speak of.
        columns: Metric id and period -> the values of every goal.
    """

    plan: Plan
    tree: GoalTree
    as_of: date
    cells: Cells
    coverage: Coverage
    columns: Mapping[tuple[str, Period], ScoreColumn]

    def rows(
        self,
        *,
        goal: str | None = None,
        level: Level | str | None = None,
        metric: str | None = None,
    ) -> Iterator[ScoreRow]:
        """The rows in tree order, then metric, then period, longest first.

        Args:
            goal: The path of a goal: it and all below it.
            level: Only periods of this level.
            metric: Only this metric.

        Raises:
            UnknownName: No such goal or metric, or a level that the plan does not show.
        """
        metrics = [self.plan.metric(metric)] if metric else self.plan.metrics
        levels = {period.level for period in self.plan.periods}
        if level is not None and level not in levels:
            raise UnknownName("level of this plan", level, sorted(levels))
        periods = [each for each in self.plan.periods if level in {None, each.level}]
        for node in self.tree.reading_order(0 if goal is None else self.tree.node(goal)):
            for each in metrics:
                for period in periods:
                    yield self._row(node, each, period)

    def row(self, goal: str = "", *, metric: str, period: Period | str) -> ScoreRow:
        """Returns one row.

        Args:
            goal: The path of the goal; the root by default.
            metric: Its id.
            period: One of the plan's periods, or its label.

        Raises:
            UnknownName: No such goal or metric, or a period that the plan does not show.
            LabelRefused: The label names no period.
        """
        found = period if isinstance(period, Period) else self.plan.parse(period)
        if found not in self.plan.periods:
            shown = [each.label for each in self.plan.periods]
            raise UnknownName("period of this plan", found.label, shown)
        return self._row(self.tree.node(goal), self.plan.metric(metric), found)

    def by(self, *dimensions: str) -> Scorecard:
        """Returns the same facts and targets cut by other dimensions; no second tree is needed.

        Targets are those of the first breakdown that holds all these dimensions, added up
        where a goal fixes them; without such a breakdown they are absent.

        Raises:
            UnknownName: No such dimension.

        Cost: one roll-up.
        """
        periods = self.plan.periods
        tree, targets = cross_cut(self.plan, self.cells, dimensions, periods)
        return _score(self.plan, tree, targets, self.cells, self.coverage, self.as_of)

    def _row(self, node: int, metric: Metric, period: Period) -> ScoreRow:
        column = self.columns[metric.id, period]
        actual = column.actual[node] if column.reported else None
        target = column.targets["target"][node]
        commit = column.targets["commit"][node]
        codes = self.tree.scope[node]
        found = judge(metric, target, actual, started=period.start <= self.as_of)
        counted = found.status is not Status.NOT_STARTED
        known = counted and column.reported
        return ScoreRow(
            goal=self.tree.path[node],
            scope=decode_scope(codes, self.plan.dimensions),
            depth=self.tree.depth(node),
            leaf=not self.tree.counted_children(node),
            ownership=self.plan.ownership.of(codes, period),
            metric=metric,
            period=period,
            target=target,
            floor=column.targets["floor"][node],
            stretch=column.targets["stretch"][node],
            commit=commit,
            commit_difference=None if commit is None or target is None else commit - target,
            actual=actual if counted else None,
            ratio=found.ratio,
            status=found.status,
            gap=gap(metric, target, actual if counted else None),
            mismatch=column.mismatch[node] if column.mismatch else None,
            unassigned=column.unassigned[node] if column.unassigned and known else None,
            reviews=self.plan.reviews.of(codes, period, metric.id),
        )


def score(
    plan: Plan,
    cells: Cells,
    coverage: Coverage,
    as_of: date,
    view: View = View.AS_WAS,
) -> tuple[Scorecard, ...]:
    """Returns one scorecard per breakdown of the plan, all of the same root.

    Args:
        plan: What was to be reached.
        cells: The condensed facts; their timeline holds the plan's periods.
        coverage: Metric id -> the days its sources speak of.
        as_of: The last day that counts.
        view: Where those who moved are shown: where they were then, or are on ``as_of``.

    Raises:
        PlanRefused: In the view of today two children of one goal would refine different
            dimensions.
    """
    if view is View.AS_IS:
        plan, cells = view_as_is(plan, cells, as_of)
    return tuple(
        _score(plan, tree, plan.targets, cells, coverage, as_of) for tree in plan.trees
    )


def _score(
    plan: Plan,
    tree: GoalTree,
    targets: TargetTable,
    cells: Cells,
    coverage: Coverage,
    as_of: date,
) -> Scorecard:
    homes = find_homes(tree, cells, plan.dimensions)
    people = find_people([*cells.combos, *targets.scopes()], plan.dimensions)
    columns: dict[tuple[str, Period], ScoreColumn] = {}
    ratios = [metric for metric in plan.metrics if isinstance(metric.aggregation, Ratio)]
    for metric in plan.metrics:
        if metric not in ratios:
            rolled = roll_up(tree, homes, cells, metric, plan.periods, people)
            heard = [each for each in coverage.get(metric.id, ()) if each[0] <= as_of]
            derived = {
                measure: derive_targets(
                    tree, metric, targets.of(metric.id, measure), plan.periods, people
                )
                for measure in MEASURES
            }
            for period in plan.periods:
                columns[metric.id, period] = ScoreColumn(
                    reported=covers(heard, period),
                    targets={measure: derived[measure][period] for measure in MEASURES},
                    actual=rolled[period].actual,
                    unassigned=rolled[period].unassigned,
                    mismatch=(
                        find_mismatch(tree, derived["target"][period])
                        if metric.is_additive
                        else None
                    ),
                )
    for metric in ratios:
        for period in plan.periods:
            columns[metric.id, period] = _ratio_column(
                plan, tree, targets, metric, period, columns
            )
    return Scorecard(
        plan=plan, tree=tree, as_of=as_of, cells=cells, coverage=coverage, columns=columns
    )


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


def _ratio_column(
    plan: Plan,
    tree: GoalTree,
    targets: TargetTable,
    metric: Metric,
    period: Period,
    columns: Mapping[tuple[str, Period], ScoreColumn],
) -> ScoreColumn:
    """The ratio of the rolled-up parts; its target is typed, else the ratio of theirs."""
    assert isinstance(metric.aggregation, Ratio)
    parts = (
        plan.metric(metric.aggregation.numerator),
        plan.metric(metric.aggregation.denominator),
    )
    over, under = (columns[part.id, period] for part in parts)

    def divide(above: Exact | None, below: Exact | None) -> Fraction | None:
        if above is None or below is None:
            return None
        return metric.ratio_units(above, below, parts)

    chosen: dict[Measure, Sequence[Exact | None]] = {}
    for measure in MEASURES:
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
    )
