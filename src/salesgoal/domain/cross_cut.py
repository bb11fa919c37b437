"""Cross-cuts: a plan's goals added up along other dimensions than its breakdowns'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesgoal.domain.goal_tree import Breakdown, GoalTree, build_tree
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.target import MEASURES, Measure, TargetTable, derive_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from salesgoal.domain.cells import Cells
    from salesgoal.domain.period import Period
    from salesgoal.domain.plan import Plan

__all__ = ["cross_cut"]


def cross_cut(
    plan: Plan, cells: Cells, dimensions: Sequence[str], periods: Sequence[Period]
) -> tuple[GoalTree, TargetTable]:
    """Returns the tree of the dimensions and the targets that the plan's goals add up to.

    The tree has a goal for every member combination that a goal or a fact names. A goal's
    target counts where the goal is the first on its path to fix its members of these
    dimensions, so each counts once.

    Raises:
        UnknownName: No such dimension.
    """
    ids = [dimension.id for dimension in plan.dimensions]
    kept = {ids.index(name) for name in dimensions if name in ids}
    named = [codes for tree in plan.trees for codes in tree.scope]
    scopes = dict.fromkeys(_project(codes, kept) for codes in (*named, *cells.combos))
    tree = build_tree(Breakdown(dimensions), plan.dimensions, scopes)
    source = next(
        (each for each in plan.trees if set(dimensions) <= set(each.breakdown.by)), None
    )
    if source is None:
        return tree, TargetTable({})
    return tree, _project_targets(plan, source, kept, periods)


def _project(codes: Codes, kept: set[int]) -> Codes:
    return tuple(code if at in kept else ANY for at, code in enumerate(codes))


def _project_targets(
    plan: Plan, source: GoalTree, kept: set[int], periods: Sequence[Period]
) -> TargetTable:
    projected = [_project(codes, kept) for codes in source.scope]
    fixing = [
        node
        for node, codes in enumerate(projected)
        if node == 0 or codes != projected[source.parent[node]]
    ]
    typed: dict[tuple[str, Measure], dict[Period, dict[Codes, int]]] = {}
    for metric in plan.metrics:
        for measure in MEASURES:
            own = plan.targets.of(metric.id, measure)
            for period, column in derive_targets(source, metric, own, periods).items():
                values: dict[Codes, int] = {}
                for node in fixing:
                    units = column[node]
                    if units is not None:
                        values[projected[node]] = values.get(projected[node], 0) + units
                typed.setdefault((metric.id, measure), {})[period] = values
    return TargetTable(typed)
