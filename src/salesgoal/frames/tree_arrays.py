"""The arrays of a tree: its levels for adding up, and where a combination of members belongs.

Nodes stand breadth-first, so the children of a level are one stretch of a column and those of
a goal one run of it: a level is added up by one `reduceat`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.scope import ANY
from salesgoal.frames.array_cells import CodeMatrix, find_rows
from salesgoal.frames.exact_sum import Units

__all__ = ["Nodes", "TreeArrays", "TreeLevel", "make_tree_arrays", "padded_chains"]

Nodes = NDArray[np.intp]
"""Positions of goals."""


@attrs.frozen(eq=False)
class TreeLevel:
    """One level of a tree that has goals with children, seen from above.

    Attributes:
        inner: Its goals with children that count: a slice where all of them are.
        start: Where the children of the level begin.
        stop: Behind the last of them.
        runs: Where the children of each inner goal begin, from ``start``; where overlays stand
            between them, and where they end.
        every: 2 where ``runs`` holds beginnings and ends by turns, else 1.
    """

    inner: slice | Nodes
    start: int
    stop: int
    runs: Nodes
    every: int

    def reduce(self, ufunc: np.ufunc, column: NDArray[Any]) -> NDArray[Any]:
        """Returns what the children of each inner goal come to."""
        found: NDArray[Any] = ufunc.reduceat(column[self.start : self.stop], self.runs)
        return found[:: self.every]


@attrs.frozen(eq=False)
class Placed:
    """Where the values of some scopes stand among the goals.

    Attributes:
        nodes: Their goals; -1 for none.
        whole: The stretch of goals that they are, where they are one.
    """

    nodes: Nodes
    whole: slice | None


@attrs.frozen(eq=False)
class TreeArrays:
    """A tree as arrays.

    Attributes:
        tree: The tree itself.
        first: Position of the first child of each goal.
        counted: Behind the last child that counts.
        stop: Behind the last child.
        scope: The member codes of each goal.
        levels: Those with children, from the lowest up.
        borders: Where each level of the tree begins, and behind the last.
    """

    tree: GoalTree
    first: Nodes
    counted: Nodes
    stop: Nodes
    scope: CodeMatrix
    levels: tuple[TreeLevel, ...]
    borders: Sequence[int]
    _placed: dict[int, tuple[CodeMatrix, Placed]] = attrs.field(
        factory=dict, init=False, repr=False
    )

    def __len__(self) -> int:
        """How many goals."""
        return len(self.first)

    @property
    def has_children(self) -> NDArray[np.bool_]:
        """Whether any child of each goal counts."""
        return self.first < self.counted

    def add_up(self, column: Units) -> Units:
        """Adds to each goal what lies below it, in place; the sums are known to fit."""
        for level in self.levels:
            column[level.inner] += level.reduce(np.add, column)
        return column

    @cached_property
    def depths(self) -> NDArray[np.int32]:
        """How many goals stand above each."""
        return np.repeat(
            np.arange(len(self.borders) - 1, dtype=np.int32), np.diff(self.borders)
        )

    def reading_order(self, node: int = 0) -> Nodes:
        """Returns a goal and all below it, depth-first; as `GoalTree.reading_order`."""
        sizes = np.ones(len(self), np.intp)
        stretches = [slice(*each) for each in pairwise(self.borders)]
        families = self.stop - self.first
        for level in reversed(stretches[:-1]):
            inner = level.start + np.flatnonzero(families[level])
            below = slice(int(self.first[level.start]), int(self.stop[level.stop - 1]))
            sizes[inner] += np.add.reduceat(sizes[below], self.first[inner] - below.start)
        place = np.zeros(len(self), np.intp)
        for level in stretches[:-1]:
            below = slice(int(self.first[level.start]), int(self.stop[level.stop - 1]))
            before = np.cumsum(sizes[below]) - sizes[below]
            inner = level.start + np.flatnonzero(families[level])
            start = place[inner] + 1 - before[self.first[inner] - below.start]
            place[below] = before + np.repeat(start, families[inner])
        order = np.empty(len(self), np.intp)
        order[place] = np.arange(len(self))
        return order[place[node] : place[node] + sizes[node]]

    def find(self, codes: CodeMatrix) -> Placed:
        """Returns the goals of scopes; found once for the same array."""
        known = self._placed.get(id(codes))
        if known is None:
            known = self._placed[id(codes)] = (codes, _place(find_rows(self.scope, codes)))
        return known[1]

    def homes(self, codes: CodeMatrix, dimensions: Sequence[Dimension]) -> Nodes:
        """Returns the lowest goal of each combination, by the rule of `GoalTree.home`."""
        leaves = np.flatnonzero(self.first == self.stop)
        lowest = slice(int(leaves[0]), int(leaves[-1]) + 1)
        whole = len(leaves) == lowest.stop - lowest.start
        scopes = self.scope[lowest if whole else leaves]
        found = np.full(len(codes), -1, np.intp)
        if np.array_equal(scopes, codes[1:]):  # The first names no member.
            found[1:] = leaves
        else:
            at = find_rows(scopes, codes)
            found[at >= 0] = leaves[at[at >= 0]]
        rest = np.flatnonzero(found < 0)
        found[rest] = _walk(self, codes[rest], dimensions)
        return found


def make_tree_arrays(tree: GoalTree) -> TreeArrays:
    """Returns the arrays of a tree."""
    first, counted, stop = (
        np.asarray(each, np.intp) for each in (tree.first, tree.counted, tree.stop)
    )
    scope = np.asarray(tree.scope, np.int32).reshape(len(tree), -1)
    borders = [0, 1]
    while borders[-1] < len(tree):
        borders.append(int(stop[borders[-1] - 1]))
    levels = tuple(_levels(first, counted, stop))
    return TreeArrays(tree, first, counted, stop, scope, levels[::-1], borders)


def _place(nodes: Nodes) -> Placed:
    in_a_row = len(nodes) > 0 and bool((np.diff(nodes) == 1).all()) and nodes[0] >= 0
    return Placed(nodes, slice(int(nodes[0]), int(nodes[-1]) + 1) if in_a_row else None)


def _levels(first: Nodes, counted: Nodes, stop: Nodes) -> Iterator[TreeLevel]:
    lowest, behind = 0, 1
    while lowest < behind:
        start, end = int(first[lowest]), int(stop[behind - 1])
        nodes = lowest + np.flatnonzero(first[lowest:behind] < counted[lowest:behind])
        if nodes.size:
            yield _level(nodes, first[nodes] - start, counted[nodes] - start, start, end)
        lowest, behind = start, end


def _level(nodes: Nodes, runs: Nodes, ends: Nodes, start: int, stop: int) -> TreeLevel:
    inner: slice | Nodes = nodes
    if len(nodes) == nodes[-1] - nodes[0] + 1:
        inner = slice(int(nodes[0]), int(nodes[-1]) + 1)
    size = stop - start
    if np.array_equal(ends, np.append(runs[1:], size)):
        return TreeLevel(inner, start, stop, runs, 1)
    # Overlays stand behind the children that count: what lies between is read and dropped.
    turns = np.column_stack([runs, ends]).ravel()
    return TreeLevel(inner, start, stop, turns[:-1] if turns[-1] == size else turns, 2)


def _walk(arrays: TreeArrays, codes: CodeMatrix, dimensions: Sequence[Dimension]) -> Nodes:
    """From the root down, all combinations at once, one level a step."""
    node = np.zeros(len(codes), np.intp)
    going = np.flatnonzero((codes != ANY).any(axis=1))
    steps = _Steps(arrays, dimensions) if going.size else None
    while steps and going.size:
        refined = steps.refined[node[going]]
        moved = np.full(len(going), -1, np.intp)
        for position in np.unique(refined[refined >= 0]).tolist():
            here = np.flatnonzero(refined == position)
            rows = going[here]
            moved[here] = steps.down(position, node[rows], codes[rows, position])
        node[going[moved >= 0]] = moved[moved >= 0]
        going = going[moved >= 0]
    node[_unseen(arrays, node, codes, dimensions)] = -1
    return node


class _Steps:
    """The children of all goals, found by goal and member code."""

    def __init__(self, arrays: TreeArrays, dimensions: Sequence[Dimension]) -> None:
        size = len(arrays)
        parent = np.repeat(np.arange(size), arrays.stop - arrays.first)
        step = np.asarray(arrays.tree.step, np.int64).reshape(size, 2)
        self._room = max((len(each.members) for each in dimensions), default=0) + 1
        keys = parent * self._room + step[1:, 1]
        order = np.argsort(keys, kind="stable")  # Quick where no overlay stands behind others.
        self._keys, self._nodes = keys[order], order + 1
        self._chains = [padded_chains(each.chains) for each in dimensions]
        has = arrays.first < arrays.stop
        below = step[np.where(has, arrays.first, 0), 0]
        self.refined = np.where(has, below, -1)

    def down(self, position: int, node: Nodes, code: NDArray[np.int32]) -> Nodes:
        """The child whose member is the code or above it, the topmost first; -1 for none."""
        found = np.full(len(node), -1, np.intp)
        chains = self._chains[position]
        named = np.flatnonzero(code != ANY)
        for members in chains.T:
            member = members[code[named]]
            key = node[named] * self._room + member
            at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
            hit = (member != ANY) & (self._keys[at] == key)
            found[named[hit]] = self._nodes[at[hit]]
            named = named[~hit]
        return found


def padded_chains(chains: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    """Returns the members from the top down to each one, -1 behind the last."""
    deepest = max(map(len, chains), default=0)
    found = np.full((len(chains), deepest), ANY, np.int32)
    for code, chain in enumerate(chains):
        found[code, : len(chain)] = chain
    return found


def _unseen(
    arrays: TreeArrays, node: Nodes, codes: CodeMatrix, dimensions: Sequence[Dimension]
) -> NDArray[np.bool_]:
    """What is not of the root, or is an overlay's that no goal on the way shows."""
    found = np.zeros(len(codes), bool)
    for position, dimension in enumerate(dimensions):
        root = int(arrays.scope[0, position])
        if root != ANY:
            found |= ~_flags(dimension, _below(dimension, root))[codes[:, position]]
        if dimension.overlays:
            overlay = _flags(dimension, dimension.overlays)
            shown = overlay[arrays.scope[node, position]]
            found |= overlay[codes[:, position]] & ~shown
    return found


def _below(dimension: Dimension, root: int) -> Iterator[int]:
    return (code for code, chain in enumerate(dimension.chains) if root in chain)


def _flags(dimension: Dimension, codes: Iterable[int]) -> NDArray[np.bool_]:
    """One flag a member, and a last one, where no member (-1) is: not set."""
    found = np.zeros(len(dimension.members) + 1, bool)
    found[list(codes)] = True
    return found
