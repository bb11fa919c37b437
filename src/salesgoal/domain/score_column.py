"""Columns of a scorecard: one metric and period for every goal of a tree, in smallest units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial

import attrs

from salesgoal.domain.cells import Condensed
from salesgoal.domain.cross_cut import project_expected
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.kernel import LISTS, ExactColumn, Kernel
from salesgoal.domain.lazy_column import LazyColumn
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.progress import RunningDays, count_running
from salesgoal.domain.scope import Codes, find_people
from salesgoal.domain.target import MEASURES, Measure, TargetTable
from salesgoal.domain.timeline import Coverage, covers

__all__ = ["ORIGINAL", "Asked", "ScoreColumn", "score_columns"]

ORIGINAL = "original"
"""Beside the measures: the target before any revision."""


@attrs.frozen(kw_only=True)
class ScoreColumn:
    """One metric and period for every goal of a tree, in smallest units.

    ``unassigned`` is what matched a goal but none of its children; ``mismatch`` the goal's
    target less its children's. Both are None for metrics that do not add. ``reported`` says
    whether a source speaks of the period by ``as_of``; for a ratio, of both its parts.
    ``targets`` are by measure, after revisions with ``original``: the target before them.
    ``expected`` is what should have been reached by ``as_of``, ``days`` how far it has run;
    it and ``mismatch`` are worked out when they are first read.
    """

    reported: bool
    targets: Mapping[Measure, ExactColumn]
    actual: ExactColumn
    unassigned: Sequence[int] | None
    mismatch: ExactColumn | None
    expected: ExactColumn
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
        kernel: How columns are worked out.
    """

    plan: Plan
    cells: Condensed
    coverage: Coverage
    as_of: date
    periods: tuple[Period, ...]
    kernel: Kernel = LISTS


def score_columns(
    asked: Asked, tree: GoalTree, targets: TargetTable
) -> dict[tuple[str, Period], ScoreColumn]:
    """Returns metric id and period -> the values of every goal of a tree."""
    plan = asked.plan
    work = _Columns(asked, tree, targets)
    ratios = [metric for metric in plan.metrics if isinstance(metric.aggregation, Ratio)]
    for metric in plan.metrics:
        if metric not in ratios:
            work.add(metric)
    for metric in ratios:
        for period in asked.periods:
            work.found[metric.id, period] = work.ratio(metric, period)
    return work.found


@attrs.define
class _Columns:
    """The columns of one tree, metric by metric."""

    asked: Asked
    tree: GoalTree
    targets: TargetTable
    found: dict[tuple[str, Period], ScoreColumn] = attrs.field(factory=dict, init=False)
    homes: Sequence[int] = attrs.field(init=False)
    people: Mapping[Codes, Codes] = attrs.field(init=False)
    days: Mapping[Period, RunningDays] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        asked, plan = self.asked, self.asked.plan
        self.homes = asked.kernel.find_homes(self.tree, asked.cells, plan.dimensions)
        self.people = find_people(self._scopes(), plan.dimensions)
        self.days = {
            each: count_running(
                plan.workdays, each, asked.as_of, inside=plan.period.covers(each)
            )
            for each in asked.periods
        }

    def _scopes(self) -> Iterator[Codes]:
        """Whom facts and targets name; looked up only where somebody moved."""
        yield from self.asked.cells.combos
        yield from self.targets.scopes()

    def add(self, metric: Metric) -> None:
        """The columns of a metric that facts carry."""
        asked, kernel, tree = self.asked, self.asked.kernel, self.tree
        rolled = kernel.roll_up(
            tree, self.homes, asked.cells, metric, asked.periods, self.people
        )
        heard = [each for each in asked.coverage.get(metric.id, ()) if each[0] <= asked.as_of]
        measures = MEASURES if asked.plan.original is None else (*MEASURES, ORIGINAL)
        derived = {each: self._derive(metric, each) for each in measures}
        for period in asked.periods:
            chosen = {measure: derived[measure][period] for measure in measures}
            due = chosen["target"]
            mismatch = partial(kernel.find_mismatch, tree, due)
            self.found[metric.id, period] = ScoreColumn(
                reported=covers(heard, period),
                targets=chosen,
                actual=rolled[period].actual,
                unassigned=rolled[period].unassigned,
                mismatch=LazyColumn(len(tree), mismatch) if metric.is_additive else None,
                expected=self._expected(metric, period, due),
                days=self.days[period],
            )

    def _derive(self, metric: Metric, measure: Measure) -> Mapping[Period, ExactColumn]:
        """What is typed and derived; of a period not all inside the plan, nothing."""
        asked = self.asked
        inside = [each for each in asked.periods if asked.plan.period.covers(each)]
        typed = self.targets.of(metric.id, measure)
        found = asked.kernel.derive_targets(self.tree, metric, typed, inside, self.people)
        nothing = [None] * len(self.tree)
        return {each: found.get(each, nothing) for each in asked.periods}

    def ratio(self, metric: Metric, period: Period) -> ScoreColumn:
        """The ratio of the rolled-up parts; its target is typed, else the ratio of theirs."""
        kernel, tree, parts = self.asked.kernel, self.tree, self.asked.plan.parts_of(metric)
        assert parts is not None
        over, under = (self.found[part.id, period] for part in parts)
        chosen: dict[Measure, ExactColumn] = {}
        for measure in over.targets:
            typed = self.targets.of(metric.id, measure)
            # What is typed for a goal stands; nobody's seats are asked for.
            own = kernel.derive_targets(tree, metric, typed, [period], {})[period]
            made = kernel.divide(metric, parts, over.targets[measure], under.targets[measure])
            chosen[measure] = kernel.fill_in(own, made)
        return ScoreColumn(
            reported=over.reported and under.reported,
            targets=chosen,
            actual=kernel.divide(metric, parts, over.actual, under.actual),
            unassigned=None,
            mismatch=None,
            expected=self._expected(metric, period, chosen["target"]),
            days=over.days,
        )

    def _expected(self, metric: Metric, period: Period, due: ExactColumn) -> ExactColumn:
        make = partial(_expected, self.asked, self.tree, self.targets, metric, period, due)
        return LazyColumn(len(self.tree), make)


def _expected(
    asked: Asked,
    tree: GoalTree,
    targets: TargetTable,
    metric: Metric,
    period: Period,
    chosen: ExactColumn,
) -> ExactColumn:
    plan = asked.plan

    def column(of: GoalTree, due: ExactColumn) -> ExactColumn:
        return asked.kernel.expected_column(
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

    def own(source: GoalTree) -> ExactColumn:
        typed = plan.targets.of(metric.id)
        due = asked.kernel.derive_targets(source, metric, typed, [period], {})[period]
        return column(source, due)

    # A cut adds up what its goals expect, so that every breakdown has the same root.
    cut = not any(tree is each for each in plan.trees)
    runs = period.start <= asked.as_of < period.last and plan.period.covers(period)
    if cut and runs and not isinstance(metric.aggregation, Ratio):
        return project_expected(plan, tree, metric, own)
    return column(tree, chosen)
