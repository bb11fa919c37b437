"""Subtrees 下级目标树: a scorecard of one goal and those below it, with nothing of the others.

The goal is the root of its subtree; its path and those below stay what they are. Of the plan
only what speaks of the subtree is left: targets, owners, reviews.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

import attrs

from salesgoal.domain.dimension import nearest_names
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.owner import OwnerTable
from salesgoal.domain.plan import Plan
from salesgoal.domain.review_book import ReviewBook
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.score_column import ScoreColumn
from salesgoal.domain.scorecard import Scorecard
from salesgoal.domain.target import TargetTable
from salesgoal.errors import UnknownName

__all__ = ["find_owner", "member_goals", "owned_goals", "take_subtree"]

_Value = TypeVar("_Value")


def owned_goals(cards: Sequence[Scorecard]) -> dict[str, tuple[Codes, ...]]:
    """Returns owner -> the scopes of the topmost goals that they own, in reading order.

    Who owns a goal is what the rows of targets say of the plan's period; where its owner
    changes inside it, the latest. A goal below another one of the same owner is in that one.
    """
    found: dict[str, dict[Codes, None]] = {}
    for card in cards:
        tree, period = card.tree, card.plan.period
        held: dict[int, frozenset[str]] = {-1: frozenset()}
        for node in range(len(tree)):
            owner = card.plan.ownership.of(tree.scope[node], period).owner
            above = held[tree.parent[node]]
            held[node] = above | {owner} if owner else above
            if owner and owner not in above:
                found.setdefault(owner, {})[tree.scope[node]] = None
    return {owner: tuple(scopes) for owner, scopes in found.items()}


def member_goals(cards: Sequence[Scorecard], dimension: str) -> dict[str, tuple[Codes, ...]]:
    """Returns member -> the scopes of the goals that are the first on their path to name one.

    Raises:
        UnknownName: No such dimension.
    """
    dimensions = cards[0].plan.dimensions
    ids = [each.id for each in dimensions]
    if dimension not in ids:
        raise UnknownName("dimension", dimension, ids)
    at = ids.index(dimension)
    found: dict[str, dict[Codes, None]] = {}
    for card in cards:
        tree = card.tree
        for node, codes in enumerate(tree.scope):
            above = tree.parent[node]
            if codes[at] != ANY and (above < 0 or tree.scope[above][at] == ANY):
                name = dimensions[at].members[codes[at]].name
                found.setdefault(name, {})[codes] = None
    return {name: tuple(scopes) for name, scopes in found.items()}


def find_owner(owned: Mapping[str, tuple[Codes, ...]], name: str) -> tuple[Codes, ...]:
    """Returns the scopes of an owner's goals.

    Raises:
        UnknownName: Nobody of that name owns a goal; with those that are alike.
    """
    if name not in owned:
        raise UnknownName("owner", name, nearest_names(name, list(owned)) or sorted(owned)[:3])
    return owned[name]


def take_subtree(cards: Sequence[Scorecard], codes: Codes) -> tuple[Scorecard, ...]:
    """Returns the subtree of a goal, of every breakdown that has it.

    Args:
        cards: One a breakdown.
        codes: The scope of the goal; at least one breakdown has it.
    """
    found = [
        (card, list(_below(card.tree, card.tree.by_scope[codes])))
        for card in cards
        if codes in card.tree.by_scope
    ]
    trees = tuple(_tree(card.tree, nodes) for card, nodes in found)
    plan = _plan(found[0][0].plan, trees)
    return tuple(
        attrs.evolve(
            card,
            plan=plan,
            tree=tree,
            columns={key: _column(each, nodes) for key, each in card.columns.items()},
        )
        for (card, nodes), tree in zip(found, trees, strict=True)
    )


def _below(tree: GoalTree, node: int) -> Iterator[int]:
    """The node and all below it, breadth-first."""
    waiting = [node]
    for each in waiting:
        yield each
        waiting.extend(tree.children(each))


def _tree(tree: GoalTree, nodes: Sequence[int]) -> GoalTree:
    place = {node: at for at, node in enumerate(nodes)}
    first, counted, stop = [], [], []
    behind = 1
    for node in nodes:
        children = len(tree.children(node))
        first.append(behind)
        counted.append(behind + len(tree.counted_children(node)))
        behind += children
        stop.append(behind)
    return GoalTree(
        breakdown=tree.breakdown,
        parent=(-1, *(place[tree.parent[node]] for node in nodes[1:])),
        first=tuple(first),
        counted=tuple(counted),
        stop=tuple(stop),
        step=((-1, -1), *(tree.step[node] for node in nodes[1:])),
        scope=tuple(tree.scope[node] for node in nodes),
        path=tuple(tree.path[node] for node in nodes),
    )


def _column(column: ScoreColumn, nodes: Sequence[int]) -> ScoreColumn:
    def pick(values: Sequence[_Value]) -> list[_Value]:
        return [values[node] for node in nodes]

    return attrs.evolve(
        column,
        targets={name: pick(values) for name, values in column.targets.items()},
        actual=pick(column.actual),
        unassigned=None if column.unassigned is None else pick(column.unassigned),
        mismatch=None if column.mismatch is None else pick(column.mismatch),
        expected=pick(column.expected),
    )


def _plan(plan: Plan, trees: tuple[GoalTree, ...]) -> Plan:
    scopes = {codes for tree in trees for codes in tree.scope}
    owners = {codes: rows for codes, rows in plan.ownership.rows.items() if codes in scopes}
    return attrs.evolve(
        plan,
        trees=trees,
        targets=_targets(plan.targets, scopes),
        original=plan.original and _targets(plan.original, scopes),
        ownership=OwnerTable(owners),
        reviews=_reviews(plan, trees, scopes),
        warnings=(),
        typed_at={
            key: {codes: place for codes, place in places.items() if codes in scopes}
            for key, places in plan.typed_at.items()
        },
    )


def _targets(table: TargetTable, scopes: Collection[Codes]) -> TargetTable:
    return TargetTable(
        {
            key: {
                period: {codes: units for codes, units in column.items() if codes in scopes}
                for period, column in typed.items()
            }
            for key, typed in table.typed.items()
        }
    )


def _reviews(plan: Plan, trees: Sequence[GoalTree], scopes: Collection[Codes]) -> ReviewBook:
    book = plan.reviews
    said = {place: each for place, each in book.said.items() if place[0] in scopes}
    return attrs.evolve(
        book,
        given=tuple(review for each in said.values() for review in each),
        said=said,
        explanations=tuple(
            each
            for each in book.explanations
            if any(tree.home(each.codes, plan.dimensions) >= 0 for tree in trees)
        ),
        actions=tuple(each for each in book.actions if each.codes in scopes),
    )
