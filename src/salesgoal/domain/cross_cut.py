"""Cross-cuts: a plan's goals added up along other dimensions than its breakdowns'."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

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
    from collections.abc import Callable, Iterable, Sequence

    from salesgoal.domain.cells import Condensed
    from salesgoal.domain.dimension import Dimension
    from salesgoal.domain.metric import Metric
    from salesgoal.domain.number import Exact
    from salesgoal.domain.period import Period
    from salesgoal.domain.plan import Plan

    ExactColumn = Sequence[Exact | None]

__all__ = ["cross_cut", "project_expected"]


def cross_cut(
    plan: Plan, cells: Condensed, dimensions: Sequence[str], periods: Sequence[Period]
) -> tuple[GoalTree, TargetTable]:
    """Returns the tree of the dimensions and the targets that the plan's goals add up to.

    The tree has a goal for every member combination that a goal or a fact names; where both a
    member and one below it are named, the upper one is not cut by the next dimension, and what
    names it stays with it as unassigned. A goal's target counts where the goal is the first on
    its path to fix its members of these dimensions, so each counts once. Where no breakdown
    holds all of them, the goals that one holds keep their targets, and the others have none.

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
    return tree, _project_targets(plan, _source(plan, dimensions), kept, periods)


def project_expected(
    plan: Plan, tree: GoalTree, metric: Metric, column_of: Callable[[GoalTree], ExactColumn]
) -> list[Exact | None]:
    """Returns what the goals of a cross-cut should have reached, as their targets add up.

    Args:
        plan: Whose breakdowns are cut.
        tree: From `cross_cut`.
        metric: What is expected.
        column_of: What every goal of one of the plan's breakdowns should have reached.
    """
    source = _source(plan, tree.breakdown.by)
    ids = [dimension.id for dimension in plan.dimensions]
    column = column_of(source)
    parts: dict[Codes, list[Exact | None]] = {}
    kept = {ids.index(name) for name in tree.breakdown.by}
    projected, fixing = _fixing(source, kept, plan.dimensions)
    for node in fixing:
        parts.setdefault(projected[node], []).append(column[node])
    merge = cast("Callable[[Metric, Sequence[Exact | None]], Exact | None]", merge_targets)
    found = [merge(metric, parts.get(codes, [None])) for codes in tree.scope]
    for node in tree.inner:
        if found[node] is None:
            found[node] = merge(metric, [found[each] for each in tree.counted_children(node)])
    return found


def _source(plan: Plan, dimensions: Sequence[str]) -> GoalTree:
    """The first of the breakdowns that hold most of the dimensions.

    What it does not hold has no targets; the goals above that, the root first, keep theirs.
    """
    wanted = set(dimensions)
    return max(plan.trees, key=lambda each: len(wanted & {*each.breakdown.by}))


def _fixing(
    source: GoalTree, kept: set[int], dimensions: Sequence[Dimension]
) -> tuple[list[Codes], list[int]]:
    """The cut scope of every goal, and which goals are the first on their path to have it."""
    projected = [_project(codes, kept) for codes in source.scope]
    fixing = [
        node
        for node, codes in enumerate(projected)
        if node == 0 or codes != projected[source.parent[node]]
        if not _hides_overlay(source.scope[node], kept, dimensions)
    ]
    return projected, fixing


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
    projected, fixing = _fixing(source, kept, plan.dimensions)
    people = find_people(plan.targets.scopes(), plan.dimensions)
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
