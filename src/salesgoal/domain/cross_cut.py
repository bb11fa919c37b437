"""Cross-cuts: a plan's goals added up along other dimensions than its breakdowns'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesgoal.domain.goal_tree import Breakdown, GoalTree, build_tree
from salesgoal.domain.scope import ANY, Codes, find_people
from salesgoal.domain.target import (
    MEASURES,
    Measure,
    TargetTable,
    derive_targets,
    merge_targets,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from salesgoal.domain.cells import Cells
    from salesgoal.domain.dimension import Dimension
    from salesgoal.domain.period import Period
    from salesgoal.domain.plan import Plan

__all__ = ["cross_cut"]


def cross_cut(
    plan: Plan, cells: Cells, dimensions: Sequence[str], periods: Sequence[Period]
) -> tuple[GoalTree, TargetTable]:
    """Returns the tree of the dimensions and the targets that the plan's goals add up to.

    The tree has a goal for every member combination that a goal or a fact names; where both a
    member and one below it are named, the upper one is not cut by the next dimension, and what
    names it stays with it as unassigned. A goal's target counts where the goal is the first on
    its path to fix its members of these dimensions, so each counts once.

    Raises:
        UnknownName: No such dimension.
    """
    ids = [dimension.id for dimension in plan.dimensions]
    kept = {ids.index(name) for name in dimensions if name in ids}
    named = [codes for tree in plan.trees for codes in tree.scope]
    scopes = dict.fromkeys(_project(codes, kept) for codes in (*named, *cells.combos))
    order = [ids.index(name) for name in dimensions if name in ids]
    scopes = _cut_short(scopes, order, plan.dimensions)
    tree = build_tree(Breakdown(dimensions), plan.dimensions, scopes)
    source = next(
        (each for each in plan.trees if set(dimensions) <= set(each.breakdown.by)), None
    )
    if source is None:
        return tree, TargetTable({})
    return tree, _project_targets(plan, source, kept, periods)


def _project(codes: Codes, kept: set[int]) -> Codes:
    return tuple(code if at in kept else ANY for at, code in enumerate(codes))


def _cut_short(
    scopes: Iterable[Codes], order: Sequence[int], dimensions: Sequence[Dimension]
) -> dict[Codes, None]:
    """Ends each scope at a member that other scopes go below, so that no children overlap."""
    named = list(scopes)
    split = {
        (tuple(codes[before] for before in order[:depth]), member)
        for codes in named
        for depth, at in enumerate(order)
        if codes[at] != ANY
        for member in dimensions[at].chains[codes[at]][:-1]
    }
    cut: dict[Codes, None] = {}
    for codes in named:
        kept = set(order)
        for depth, at in enumerate(order):
            if (tuple(codes[before] for before in order[:depth]), codes[at]) in split:
                kept -= set(order[depth + 1 :])
        cut[_project(codes, kept)] = None
    return cut


def _hides_overlay(codes: Codes, kept: set[int], dimensions: Sequence[Dimension]) -> bool:
    """Whether a goal is an overlay's by a dimension that is not shown."""
    return any(
        code in dimensions[at].overlays for at, code in enumerate(codes) if at not in kept
    )


def _project_targets(
    plan: Plan, source: GoalTree, kept: set[int], periods: Sequence[Period]
) -> TargetTable:
    projected = [_project(codes, kept) for codes in source.scope]
    people = find_people(plan.targets.scopes(), plan.dimensions)
    fixing = [
        node
        for node, codes in enumerate(projected)
        if node == 0 or codes != projected[source.parent[node]]
        if not _hides_overlay(source.scope[node], kept, plan.dimensions)
    ]
    typed: dict[tuple[str, Measure], dict[Period, dict[Codes, int]]] = {}
    for metric in plan.metrics:
        for measure in MEASURES:
            own = plan.targets.of(metric.id, measure)
            for period, column in derive_targets(source, metric, own, periods, people).items():
                parts: dict[Codes, list[int | None]] = {}
                for node in fixing:
                    parts.setdefault(projected[node], []).append(column[node])
                merged = {codes: merge_targets(metric, each) for codes, each in parts.items()}
                typed.setdefault((metric.id, measure), {})[period] = {
                    codes: units for codes, units in merged.items() if units is not None
                }
    return TargetTable(typed)
