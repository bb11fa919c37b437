"""A grid of cells as arrays: member combinations x slots, which facts are added into.

A combination gets its place when it is first met. Sums are 64-bit integers as long as no sum
can pass their range, whatever the order of the additions, and Python's own from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import attrs
import numpy as np

from salesgoal.domain.scope import ANY
from salesgoal.frames.amount import INT64, Array, largest

__all__ = ["Combos", "Grid"]

_TABLE = 1 << 24
"""Up to how many possible combinations a table of places is kept."""

_ROOM = 1 << 31
_HEAD = 1 << 16
"""So many rows are looked at first, as they mostly have all combinations."""


@attrs.define
class Combos:
    """The member combinations met so far, each with a place; place 0 is that of nobody.

    Attributes:
        sizes: How many members each dimension has.
    """

    sizes: Sequence[int]
    _levels: list[_Level] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Groups dimensions so that a number of 64 bits holds a place and their members."""
        groups: list[list[int]] = [[]]
        for position, size in enumerate(self.sizes):
            held = prod(self.sizes[each] + 1 for each in groups[-1])
            if held * (size + 1) > _ROOM:
                groups.append([])
            groups[-1].append(position)
        self._levels = [
            _Level([(each, self.sizes[each] + 1) for each in group], first=not number)
            for number, group in enumerate(groups)
        ]

    def __len__(self) -> int:
        """How many combinations there are."""
        return len(self._levels[-1])

    def places(self, codes: Mapping[int, Array], size: int) -> Array:
        """Returns the place of the combination of each row.

        Args:
            codes: Position of a dimension -> member code of each row; others are open.
            size: How many rows.
        """
        found: Array | None = None
        for level in self._levels:
            found = level.places(found, codes, size)
        assert found is not None
        return found

    def codes(self) -> Array:
        """Returns the combinations in the order of their places, a column a dimension."""
        columns = [np.full(len(self), ANY, np.int64) for _ in self.sizes]
        places = np.arange(len(self))
        for level in reversed(self._levels):
            keys = level.keys[places]
            for position, base in reversed(level.dimensions):
                keys, code = np.divmod(keys, base)
                columns[position] = code - 1
            places = keys
        found = np.zeros((len(self), len(columns)), np.int32)
        for position, column in enumerate(columns):
            found[:, position] = column
        return found


class _Level:
    """Places of (a place before, members of some dimensions)."""

    def __init__(self, dimensions: Sequence[tuple[int, int]], *, first: bool) -> None:
        self.dimensions = dimensions
        self.keys = np.zeros(1, np.int64)
        size = prod(base for _, base in dimensions)
        self._table = np.zeros(size, np.int32) if first and size <= _TABLE else None
        self._order = np.zeros(1, np.int64)

    def __len__(self) -> int:
        return len(self.keys)

    def places(self, before: Array | None, codes: Mapping[int, Array], size: int) -> Array:
        keys = self._keys_of(before, codes, size)
        if self._table is None:
            return self._searched(keys)
        self._meet(keys[:_HEAD])
        places: Array = self._table[keys]
        unmet = np.flatnonzero(places == 0)
        if len(unmet) and keys[unmet].any():
            self._meet(keys[unmet])
            places = self._table[keys]
        return places.astype(np.int64)

    def _keys_of(self, before: Array | None, codes: Mapping[int, Array], size: int) -> Array:
        """One number for each row; a member is its code and 1, nobody is 0."""
        keys = np.zeros(size, np.int64) if before is None else before.copy()
        shift = 0
        for number, (position, base) in enumerate(self.dimensions):
            if number or before is not None:
                keys *= base
            shift = shift * base + (position in codes)
            if position in codes:
                keys += codes[position]
        keys += shift
        return keys

    def _meet(self, keys: Array) -> None:
        """Gives a place to every combination that has none."""
        assert self._table is not None
        met = keys[(self._table[keys] == 0) & (keys != 0)]
        if len(met):
            new = np.unique(met)
            self._table[new] = np.arange(len(self), len(self) + len(new))
            self.keys = np.concatenate((self.keys, new))

    def _searched(self, keys: Array) -> Array:
        """As a table does, for more combinations than one could hold."""
        distinct, back = np.unique(keys, return_inverse=True)
        new = distinct[~np.isin(distinct, self.keys)]
        if len(new):
            self.keys = np.concatenate((self.keys, new))
            self._order = np.argsort(self.keys, kind="stable")
        at = np.searchsorted(self.keys, distinct, sorter=self._order)
        found: Array = self._order[at][back]
        return found


@attrs.define
class Grid:
    """What the cells of a frame hold.

    Attributes:
        combos: The member combinations.
        stride: How many slots each of them has.
        metrics: The metrics that add.
    """

    combos: Combos
    stride: int
    metrics: Sequence[str]
    _sums: dict[str, Array] = attrs.field(init=False)
    _bounds: dict[str, int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Lays out empty cells."""
        self._sums = {each: np.zeros(self.stride, np.int64) for each in self.metrics}
        self._bounds = dict.fromkeys(self.metrics, 0)

    def add(self, metric: str, cells: Array, units: Array) -> None:
        """Adds units to cells, which are numbered by place times stride plus slot."""
        self._bounds[metric] += largest(units) * len(units)
        sums = self._laid_out(metric)
        if (self._bounds[metric] >= INT64 or units.dtype == object) and sums.dtype != object:
            sums = self._sums[metric] = sums.astype(object)
        np.add.at(sums, cells, units)

    def units(self, metric: str) -> Array:
        """Returns the cells of a metric, for all combinations."""
        size = len(self.combos) * self.stride
        return self._laid_out(metric)[:size]

    def _laid_out(self, metric: str) -> Array:
        sums, size = self._sums[metric], len(self.combos) * self.stride
        if len(sums) < size:
            more: Any = np.zeros(max(size, len(sums) * 2), sums.dtype)
            more[: len(sums)] = sums
            sums = self._sums[metric] = more
        return sums
