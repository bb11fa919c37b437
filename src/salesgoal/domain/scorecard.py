"""Scorecards: every goal, metric and period judged, in columns; rows are made on asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from importlib import import_module
from typing import Any

import attrs

from salesgoal.domain.attainment import Status, gap, judge
from salesgoal.domain.cells import Condensed
from salesgoal.domain.cross_cut import cross_cut
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.kernel import LISTS, Kernel
from salesgoal.domain.kind import require_kind
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.progress import Progress, judge_progress
from salesgoal.domain.review import Review
from salesgoal.domain.scope import decode_scope
from salesgoal.domain.score_column import ORIGINAL, Asked, ScoreColumn, score_columns
from salesgoal.domain.target import Ownership, TargetTable
from salesgoal.domain.timeline import Coverage
from salesgoal.domain.view import view_as_is
from salesgoal.errors import MissingExtra, UnknownName

__all__ = ["ScoreRow", "Scorecard", "score"]


@attrs.frozen(kw_only=True)
class ScoreRow:
    """One goal, metric and period, judged.

    Amounts are in smallest units of the metric (fen), None where absent; ``gap`` is what is
    still short, above zero where the target is missed; ``ratio`` is exact, 1 = the target.
    ``commit_difference`` is the commit less the target, below zero where less is promised.
    ``progress`` is where the goal stands on the day of the report.
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
    original: Exact | None
    commit: Exact | None
    commit_difference: Exact | None
    actual: Exact | None
    ratio: Fraction | None
    status: Status
    gap: Exact | None
    mismatch: Exact | None
    unassigned: int | None
    progress: Progress
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
        periods: What is judged; the plan's where nothing else was asked for.
        columns: Metric id and period -> the values of every goal.
        kernel: How the columns were worked out.
    """

    plan: Plan = attrs.field(repr=lambda plan: repr(plan.name))
    tree: GoalTree = attrs.field(repr=lambda tree: f"<{len(tree)} goals>")
    as_of: date
    cells: Condensed = attrs.field(repr=False)
    coverage: Coverage = attrs.field(repr=False)
    periods: tuple[Period, ...] = attrs.field(repr=lambda periods: f"<{len(periods)}>")
    columns: Mapping[tuple[str, Period], ScoreColumn] = attrs.field(repr=False)
    kernel: Kernel = attrs.field(default=LISTS, eq=False, repr=False)

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
        metrics, periods = self.choose(level=level, metric=metric)
        for node in self.tree.reading_order(0 if goal is None else self.tree.node(goal)):
            for each in metrics:
                for period in periods:
                    yield self._row(node, each, period)

    def choose(
        self, *, level: Level | str | None = None, metric: str | None = None
    ) -> tuple[Sequence[Metric], Sequence[Period]]:
        """Returns the metrics and periods that rows are asked of; see `rows`.

        Raises:
            UnknownName: No such metric, or a level that the plan does not show.
        """
        metrics = [self.plan.metric(metric)] if metric else self.plan.metrics
        levels = {period.level for period in self.periods}
        if level is not None and level not in levels:
            raise UnknownName("level of this plan", level, sorted(levels))
        return metrics, [each for each in self.periods if level in {None, each.level}]

    def row(self, goal: str = "", *, metric: str, period: Period | str) -> ScoreRow:
        """Returns one row.

        Args:
            goal: The path of the goal; the root by default.
            metric: Its id.
            period: One of the plan's periods, or its label.

        Raises:
            UnknownName: No such goal or metric, or a period that the plan does not show.
            LabelRefused: The label names no period.
            KindRefused: A goal, metric or period that is none.
        """
        require_kind(metric, str, "metric", "'sales'")
        require_kind(period, (Period, str), "period", "'2023-10'")
        found = period if isinstance(period, Period) else self.plan.parse(period)
        if found not in self.periods:
            shown = [each.label for each in self.periods]
            raise UnknownName("period of this plan", found.label, shown)
        return self._row(self.tree.node(goal), self.plan.metric(metric), found)

    def to_frame(
        self,
        engine: str = "polars",
        *,
        goal: str | None = None,
        level: Level | str | None = None,
        metric: str | None = None,
    ) -> Any:  # noqa: ANN401 - the frame of an engine that need not be there
        """Returns the rows as a frame: one row a goal, metric and period, in their order.

        Amounts are decimals in the metric's unit (yuan), exact; ratios, averages and what is
        expected, projected and required of a running period are rounded half up, four places
        beyond the metric's decimals, the attainment to six. ``status`` and ``pace`` are judged
        on the exact figures. What is absent is null.

        Args:
            engine: ``polars``, ``pandas`` (with pyarrow types) or ``pyarrow``.
            goal: The path of a goal: it and all below it.
            level: Only periods of this level.
            metric: Only this metric.

        Raises:
            UnknownName: No such engine, goal or metric, or a level that the plan does not show.
            MissingExtra: A package is not installed; Polars is part of the extra ``fast``.
        """
        return _frames().to_frame(self, engine, goal=goal, level=level, metric=metric)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hands the rows to whoever reads Arrow: DuckDB, Polars, pyarrow, pandas.

        Raises:
            MissingExtra: Polars is not installed.
        """
        return self.to_frame().__arrow_c_stream__(requested_schema)

    def by(self, *dimensions: str) -> Scorecard:
        """Returns the same facts and targets cut by other dimensions; no second tree is needed.

        Targets are those of the first breakdown that holds all these dimensions, added up
        where a goal fixes them; without such a breakdown they are absent.

        Raises:
            UnknownName: No such dimension.

        Cost: one roll-up.
        """
        asked = Asked(
            self.plan, self.cells, self.coverage, self.as_of, self.periods, self.kernel
        )
        tree, targets = cross_cut(self.plan, self.cells, dimensions, self.periods)
        if self.plan.original is not None:
            first = attrs.evolve(self.plan, targets=self.plan.original)
            cut = cross_cut(first, self.cells, dimensions, self.periods)
            targets = _beside(targets, cut[1])
        return _score(asked, tree, targets)

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
            original=column.targets.get(ORIGINAL, column.targets["target"])[node],
            commit=commit,
            commit_difference=None if commit is None or target is None else commit - target,
            actual=actual if counted else None,
            ratio=found.ratio,
            status=found.status,
            gap=gap(metric, target, actual if counted else None),
            mismatch=column.mismatch[node] if column.mismatch else None,
            unassigned=column.unassigned[node] if column.unassigned and known else None,
            progress=judge_progress(
                metric,
                target,
                column.expected[node],
                actual if counted else None,
                days=column.days,
                settings=self.plan.pace,
                parts=self.plan.parts_of(metric),
            ),
            reviews=self.plan.reviews.of(codes, period, metric.id),
        )


def score(
    plan: Plan,
    cells: Condensed,
    coverage: Coverage,
    as_of: date,
    view: View = View.AS_WAS,
    *,
    periods: Sequence[Period] | None = None,
    kernel: Kernel = LISTS,
) -> tuple[Scorecard, ...]:
    """Returns one scorecard per breakdown of the plan, all of the same root.

    Args:
        plan: What was to be reached.
        cells: The condensed facts; their timeline holds the plan's periods.
        coverage: Metric id -> the days its sources speak of.
        as_of: The last day that counts.
        view: Where those who moved are shown: where they were then, or are on ``as_of``.
        periods: What is judged; the plan's periods where it is None.
        kernel: How columns are worked out; the integers are the same.

    Raises:
        PlanRefused: In the view of today two children of one goal would refine different
            dimensions.
    """
    if view is View.AS_IS:
        plan, cells = view_as_is(plan, cells, as_of)
    chosen = plan.periods if periods is None else tuple(periods)
    asked = Asked(plan, cells, coverage, as_of, chosen, kernel)
    targets = plan.targets if plan.original is None else _beside(plan.targets, plan.original)
    return tuple(_score(asked, tree, targets) for tree in plan.trees)


def _frames() -> Any:  # noqa: ANN401 - a module
    """The room of frames, which stands above this one and needs packages of its extra."""
    try:
        return import_module("salesgoal.frames.export")
    except ImportError as error:
        raise MissingExtra("numpy", "fast") from error


def _beside(targets: TargetTable, original: TargetTable) -> TargetTable:
    """The original targets as one measure more."""
    typed = original.typed.items()
    first = {(name, ORIGINAL): each for (name, measure), each in typed if measure == "target"}
    return TargetTable({**targets.typed, **first})


def _score(asked: Asked, tree: GoalTree, targets: TargetTable) -> Scorecard:
    return Scorecard(
        plan=asked.plan,
        tree=tree,
        as_of=asked.as_of,
        cells=asked.cells,
        coverage=asked.coverage,
        periods=asked.periods,
        columns=score_columns(asked, tree, targets),
        kernel=asked.kernel,
    )
