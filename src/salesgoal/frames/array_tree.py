"""Trees in arrays: a breakdown of a million goals without an object a goal.

What `domain.goal_tree.build_tree` lays flat goal by goal is laid flat here level by level; the
columns of the tree are read as tuples would be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

import attrs
import numpy as np
from numpy.typing import NDArray

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import Breakdown, GoalTree, build_tree
from salesgoal.domain.lazy_column import have_same_values
from salesgoal.domain.scope import ANY
from salesgoal.frames.array_cells import CodeMatrix
from salesgoal.frames.tree_arrays import Nodes, padded_chains

__all__ = ["ArrayRows", "PathRows", "make_tree"]

_Row = TypeVar("_Row")
_CHUNK = 65_536


@attrs.frozen(eq=False, repr=False)
class ArrayRows(Sequence[_Row], Generic[_Row]):
    """A column of a tree: the rows of an array, read as Python values.

    Attributes:
        rows: One row a goal.
        read: What makes Python values of a stretch of rows.
    """

    rows: NDArray[Any]
    read: Callable[[NDArray[Any]], list[Any]]

    __hash__ = None  # type: ignore[assignment]  # arrays have none

    def __len__(self) -> int:
        """How many goals."""
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> _Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_Row]: ...
    def __getitem__(self, at: int | slice) -> _Row | Sequence[_Row]:
        """One row, or a list of them."""
        if isinstance(at, slice):
            return self.read(self.rows[at])
        row: _Row = self.read(self.rows[at][None])[0]
        return row

    def __iter__(self) -> Iterator[_Row]:
        """Every row; a chunk at a time becomes Python values."""
        for start in range(0, len(self), _CHUNK):
            yield from self.read(self.rows[start : start + _CHUNK])

    def __eq__(self, other: object) -> bool:
        """Whether another column has the same rows."""
        if isinstance(other, ArrayRows):
            return np.array_equal(self.rows, other.rows)
        return have_same_values(self, other) if isinstance(other, Sequence) else NotImplemented

    def __repr__(self) -> str:
        """Says how long it is."""
        return f"<{len(self)} rows>"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:  # noqa: ANN401, FBT001 - numpy's
        """The array itself."""
        return np.array(self.rows, dtype, copy=copy)


@attrs.frozen(eq=False, repr=False)
class PathRows(Sequence[str]):
    """The paths of the goals of a tree, put together when they are read."""

    parent: Nodes
    label: NDArray[np.int64]
    names: Sequence[str]

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        """How many goals."""
        return len(self.parent)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        """One path, or a list of them."""
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        names, node = [], range(len(self))[at]
        while node > 0:
            names.append(self.names[self.label[node]])
            node = int(self.parent[node])
        return "/".join(reversed(names))

    def __iter__(self) -> Iterator[str]:
        """Every path; those of goals with children are kept while it runs."""
        kept: list[str] = []
        for node, (above, label) in enumerate(
            zip(self.parent.tolist(), self.label.tolist(), strict=True)
        ):
            head = kept[above] if node else ""
            path = f"{head}/{self.names[label]}" if head else self.names[label] if node else ""
            kept.append(path)
            yield path

    def __eq__(self, other: object) -> bool:
        """Whether another column has the same paths."""
        return have_same_values(self, other) if isinstance(other, Sequence) else NotImplemented

    def __repr__(self) -> str:
        """Says how many there are."""
        return f"<{len(self)} paths>"


def make_tree(
    breakdown: Breakdown, dimensions: Sequence[Dimension], scopes: CodeMatrix
) -> GoalTree:
    """Returns the tree that `build_tree` makes of the same scopes, in arrays.

    Args:
        breakdown: What the tree is broken down by; ``every_member`` is not looked at.
        dimensions: Of the plan.
        scopes: One row a scope, one column a dimension, -1 where it leaves it open.

    Raises:
        UnknownName, UsageError: The breakdown names what is not there, or names it twice.
        PlanRefused: Two children of one goal refine different dimensions.

    >>> tree = make_tree(Breakdown(["region"]), [Dimension("region", ["华东", "华南"])],
    ...     np.array([[1], [0]], np.int32))
    >>> list(tree.path), tree.scope[2]
    (['', '华东', '华南'], (1,))
    """
    named = attrs.evolve(breakdown, every_member=False)
    build_tree(named, dimensions, ())
    steps = _steps(breakdown, dimensions, np.asarray(scopes, np.int32))
    levels = _Levels(dimensions, steps)
    if levels.overlapping:
        # The lists find the same fault and say where it lies.
        build_tree(named, dimensions, map(tuple, np.asarray(scopes).tolist()))
    return levels.tree(breakdown)


def _steps(
    breakdown: Breakdown, dimensions: Sequence[Dimension], scopes: CodeMatrix
) -> NDArray[np.int64]:
    """The path of each scope, one step a column, -1 behind the last.

    A step is the member's place among the members of all dimensions. Scopes that are none of
    the breakdown's are left out.
    """
    ids = [each.id for each in dimensions]
    order = [ids.index(name) for name in breakdown.by]
    others = [at for at in range(len(ids)) if at not in order]
    named = scopes[:, order] != ANY
    mine = (scopes[:, others] == ANY).all(axis=1)
    mine &= (named == np.logical_and.accumulate(named, axis=1)).all(axis=1)
    chosen = scopes[mine]
    offsets = np.cumsum([0, *(len(each.members) for each in dimensions)])
    parts = []
    for at in order:
        chains = padded_chains(dimensions[at].chains)
        chains = np.concatenate([chains, np.full((1, chains.shape[1]), ANY, np.int32)])
        steps = chains[chosen[:, at]]
        parts.append(np.where(steps == ANY, -1, steps + offsets[at]))
    wide = np.concatenate(parts, axis=1) if parts else np.zeros((len(chosen), 0), np.int64)
    # Chains of unequal length leave holes; the steps of a path stand side by side.
    left = np.argsort(wide < 0, axis=1, kind="stable") if (wide < 0).any() else None
    return wide if left is None else np.take_along_axis(wide, left, axis=1)


class _Levels:
    """A tree laid flat from the root down, one level a step."""

    def __init__(self, dimensions: Sequence[Dimension], steps: NDArray[np.int64]) -> None:
        self._dimensions = dimensions
        sizes = [len(each.members) for each in dimensions]
        self._dimension = np.repeat(np.arange(len(sizes)), sizes)
        self._code = np.concatenate([np.arange(size) for size in sizes] or [np.zeros(0, int)])
        self._aside = np.array(
            [
                one.is_overlay_head(code)
                for one in dimensions
                for code in range(len(one.members))
            ],
            bool,
        )
        self.overlapping = False
        self._lay(steps)

    def _lay(self, steps: NDArray[np.int64]) -> None:
        room = len(self._code) + 1
        parents, labels = [np.array([-1])], [np.array([-1])]
        behind, node = 1, np.zeros(len(steps), np.intp)
        for column in steps.T:
            going = np.flatnonzero(column >= 0)
            if not going.size:
                break
            label = column[going]
            # Overlays stand behind the children that count.
            turn = node[going] * 2 + self._aside[label]
            keys, inverse = np.unique(turn * room + label, return_inverse=True)
            parents.append(keys // room // 2)
            labels.append(keys % room)
            node[going] = behind + inverse
            behind += len(keys)
        self._parent = np.concatenate(parents)
        self._label = np.concatenate(labels)
        dimension = self._dimension[self._label[1:]]
        same = self._parent[2:] == self._parent[1:-1]
        self.overlapping = bool((same & (dimension[1:] != dimension[:-1])).any())

    def tree(self, breakdown: Breakdown) -> GoalTree:
        parent, label = self._parent, self._label
        size = len(parent)
        children = np.bincount(parent[1:], minlength=size)
        aside = np.bincount(parent[1:][self._aside[label[1:]]], minlength=size)
        stop = 1 + np.cumsum(children)
        first = stop - children
        step = np.full((size, 2), -1, np.int32)
        step[1:, 0], step[1:, 1] = self._dimension[label[1:]], self._code[label[1:]]
        names = [
            member.name.replace("/", "／") for one in self._dimensions for member in one.members
        ]
        return GoalTree(
            breakdown=breakdown,
            parent=ArrayRows(parent, _integers),
            first=ArrayRows(first, _integers),
            counted=ArrayRows(stop - aside, _integers),
            stop=ArrayRows(stop, _integers),
            step=ArrayRows(step, _tuples),
            scope=ArrayRows(self._scope(parent, step), _tuples),
            path=PathRows(parent, label, names),
        )

    def _scope(self, parent: Nodes, step: CodeMatrix) -> CodeMatrix:
        found = np.full((len(parent), len(self._dimensions)), ANY, np.int32)
        lowest, behind = 1, 2
        while lowest < len(parent):
            behind = int(np.searchsorted(parent, lowest))
            level = slice(lowest, behind)
            found[level] = found[parent[level]]
            found[np.arange(lowest, behind), step[level, 0]] = step[level, 1]
            lowest = behind
        return found


def _integers(rows: NDArray[Any]) -> list[int]:
    found: list[int] = rows.tolist()
    return found


def _tuples(rows: NDArray[Any]) -> list[tuple[int, ...]]:
    return [tuple(each) for each in rows.tolist()]
