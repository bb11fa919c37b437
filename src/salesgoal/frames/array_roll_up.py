"""Rolling up in arrays: one column of goals an atom, longer periods by adding columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from typing import Any, overload

import attrs
import numpy as np
from numpy.typing import NDArray

from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.frames.array_cells import ArrayCells
from salesgoal.frames.array_column import ArrayColumn
from salesgoal.frames.exact_sum import Units, magnitude
from salesgoal.frames.tree_arrays import Nodes, TreeArrays

__all__ = ["Homes", "Rolling"]

_LIMIT = 2**63
_FEW = 64


@attrs.frozen(eq=False, repr=False)
class Homes(Sequence[int]):
    """The lowest goal of each combination of the cells; -1 for none.

    Attributes:
        nodes: The goals.
        single: Whether no goal is the home of two combinations.
        stretches: Combinations in a row whose goals stand in a row, where these are few.
    """

    nodes: Nodes
    single: bool = attrs.field(init=False)
    stretches: Sequence[slice] = attrs.field(init=False)

    __hash__ = None  # type: ignore[assignment]  # arrays have none

    def __attrs_post_init__(self) -> None:
        """Looks how the goals stand."""
        counts = np.bincount(self.nodes[self.nodes >= 0], minlength=1)
        object.__setattr__(self, "single", int(counts.max()) <= 1)
        object.__setattr__(self, "stretches", _stretches(self.nodes))

    def __len__(self) -> int:
        """How many combinations."""
        return len(self.nodes)

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> list[int]: ...
    def __getitem__(self, at: int | slice) -> int | list[int]:
        """The goal of one combination, or of several."""
        return self.nodes[at].tolist()  # type: ignore[no-any-return]


@attrs.define(eq=False)
class Rolling:
    """One metric that adds, for any period asked for.

    Attributes:
        arrays: The tree.
        homes: The goal of each combination.
        cells: The condensed facts.
        metric: One that adds.
        dtype: int64, or Python integers where a sum could leave it.
    """

    arrays: TreeArrays
    homes: Homes
    cells: ArrayCells
    metric: Metric
    dtype: Any = attrs.field(init=False)
    _rolled: dict[tuple[int, int], Units] = attrs.field(factory=dict, init=False)
    _stops: dict[int, list[int]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Looks whether sums fit; nothing is added yet."""
        matrix, spans = self.cells.sums[self.metric.id], self.cells.spans[self.metric.id]
        fits = not spans or magnitude(matrix) + sum(map(abs, spans.values())) < _LIMIT
        self.dtype = matrix.dtype if fits else np.dtype(object)

    def actual(self, period: Period) -> ArrayColumn:
        """Returns what every goal came to."""
        column = self._total(self.cells.timeline.run(period))
        spans = self._spans(period)
        if spans is not None:
            column = column + self.arrays.add_up(spans)
        return ArrayColumn(column)

    def unassigned(self, period: Period) -> ArrayColumn:
        """Returns what matched a goal with children but none of them."""
        inner = np.append(self.arrays.has_children, False)[
            self.homes.nodes
        ]  # -1 is the last: none
        held = np.flatnonzero(inner)
        spans = self._spans(period)
        if not held.size and spans is None:
            return ArrayColumn(np.broadcast_to(np.int64(0), len(self.arrays)))
        run = self.cells.timeline.run(period)
        column = self._place(self._sum(run, held), self.homes.nodes[held])
        if spans is not None:
            column[self.arrays.has_children] += spans[self.arrays.has_children]
        return ArrayColumn(column)

    def _total(self, run: range) -> Units:
        """The rolled-up column of a run; longer runs reuse the shorter ones there are."""
        parts, start = [], run.start
        while start < run.stop:
            known = [stop for stop in self._stops.get(start, []) if stop <= run.stop]
            stop = max(known, default=self._gap(start, run.stop))
            parts.append(self._piece(start, stop))
            start = stop
        if not parts:
            return np.zeros(len(self.arrays), self.dtype)
        found = reduce(np.add, parts)
        self._keep(run.start, run.stop, found)
        return found

    def _gap(self, start: int, stop: int) -> int:
        """Where the next run begins that is known."""
        return min((each for each in self._stops if start < each < stop), default=stop)

    def _piece(self, start: int, stop: int) -> Units:
        if (start, stop) not in self._rolled:
            self._keep(start, stop, self.arrays.add_up(self._direct(range(start, stop))))
        return self._rolled[start, stop]

    def _direct(self, run: range) -> Units:
        """What lies at each goal itself in a run of atoms."""
        nodes = self.homes.nodes
        if not (self.homes.single and self.homes.stretches):
            homed = np.flatnonzero(nodes >= 0)
            return self._place(self._sum(run, homed), nodes[homed])
        units = self._sum(run, None)
        column = np.zeros(len(self.arrays), self.dtype)
        for each in self.homes.stretches:
            node = self.homes[each.start]
            column[node : node + each.stop - each.start] = units[each]
        return column

    def _keep(self, start: int, stop: int, column: Units) -> None:
        if (start, stop) not in self._rolled:
            self._rolled[start, stop] = column
            self._stops.setdefault(start, []).append(stop)

    def _sum(self, run: range, combos: Nodes | None) -> Units:
        """The units of a run of atoms, combination by combination; of all where it is None."""
        rows = self.cells.sums[self.metric.id][run.start : run.stop]
        chosen = rows if combos is None else rows[:, combos]
        exact: Units = chosen.astype(self.dtype, copy=False)
        found: Units = exact[0] if len(run) == 1 else np.add.reduce(exact, axis=0)
        return found

    def _place(self, units: Units, nodes: Nodes) -> Units:
        column = np.zeros(len(self.arrays), self.dtype)
        if self.homes.single:
            column[nodes] = units
        else:
            np.add.at(column, nodes, units)
        return column

    def _spans(self, period: Period) -> Units | None:
        """Facts that give a total of several atoms, where the period covers them whole."""
        spans = self.cells.spans[self.metric.id].items()
        inside = [(self.homes[at], units) for (at, span), units in spans if period.covers(span)]
        if not inside:
            return None
        column: NDArray[Any] = np.zeros(len(self.arrays), self.dtype)
        for node, units in inside:
            if node >= 0:
                column[node] += units
        return column


def _stretches(homes: Nodes) -> list[slice]:
    """Empty where there are many; then goals are found one by one."""
    borders = np.flatnonzero(np.diff(homes) != 1) + 1
    if len(borders) >= _FEW or not homes.size:
        return []
    ends = [0, *borders.tolist(), len(homes)]
    return [slice(*each) for each in pairwise(ends) if homes[each[0]] >= 0]
