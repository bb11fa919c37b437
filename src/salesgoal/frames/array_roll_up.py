"""Rolling up in arrays: one column of goals an atom, longer periods by adding columns."""

from __future__ import annotations

from functools import reduce
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.frames.array_cells import ArrayCells
from salesgoal.frames.array_column import ArrayColumn
from salesgoal.frames.exact_sum import Units, magnitude
from salesgoal.frames.tree_arrays import Nodes, TreeArrays

__all__ = ["Rolling"]

_LIMIT = 2**63


@attrs.define(eq=False)
class Rolling:
    """One metric that adds, for any period asked for.

    Attributes:
        arrays: The tree.
        homes: The goal of each combination; -1 for none.
        cells: The condensed facts.
        metric: One that adds.
        dtype: int64, or Python integers where a sum could leave it.
        single: Whether no goal is the home of two combinations.
    """

    arrays: TreeArrays
    homes: Nodes
    cells: ArrayCells
    metric: Metric
    dtype: Any
    single: bool
    _rolled: dict[tuple[int, int], Units] = attrs.field(factory=dict, init=False)
    _stops: dict[int, list[int]] = attrs.field(factory=dict, init=False)

    @classmethod
    def of(
        cls, arrays: TreeArrays, homes: object, cells: ArrayCells, metric: Metric
    ) -> Rolling:
        """Returns the roll-up of a metric; nothing is added yet."""
        nodes = np.asarray(getattr(homes, "units", homes), np.intp)
        matrix, spans = cells.sums[metric.id], cells.spans[metric.id]
        total = magnitude(matrix) + sum(map(abs, spans.values()))
        counts = np.bincount(nodes[nodes >= 0], minlength=1)
        return cls(
            arrays,
            nodes,
            cells,
            metric,
            np.int64 if total < _LIMIT else object,
            int(counts.max()) <= 1,
        )

    def actual(self, period: Period) -> ArrayColumn:
        """Returns what every goal came to."""
        column = self._total(self.cells.timeline.run(period))
        spans = self._spans(period)
        if spans is not None:
            column = column + self.arrays.add_up(spans)
        return ArrayColumn(column)

    def unassigned(self, period: Period) -> ArrayColumn:
        """Returns what matched a goal with children but none of them."""
        inner = np.append(self.arrays.has_children, False)[self.homes]  # -1 is the last: none
        held = np.flatnonzero(inner)
        spans = self._spans(period)
        if not held.size and spans is None:
            return ArrayColumn(np.broadcast_to(np.int64(0), len(self.arrays)))
        run = self.cells.timeline.run(period)
        column = self._place(self._sum(run, held), self.homes[held])
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
            homed = np.flatnonzero(self.homes >= 0)
            units = self._sum(range(start, stop), homed)
            column = self._place(units, self.homes[homed])
            self._keep(start, stop, self.arrays.add_up(column))
        return self._rolled[start, stop]

    def _keep(self, start: int, stop: int, column: Units) -> None:
        if (start, stop) not in self._rolled:
            self._rolled[start, stop] = column
            self._stops.setdefault(start, []).append(stop)

    def _sum(self, run: range, combos: Nodes) -> Units:
        """The units of a run of atoms, combination by combination."""
        rows = self.cells.sums[self.metric.id][run.start : run.stop]
        chosen = rows if len(combos) == rows.shape[1] else rows[:, combos]
        exact: Units = chosen.astype(self.dtype, copy=False)
        found: Units = exact[0] if len(run) == 1 else np.add.reduce(exact, axis=0)
        return found

    def _place(self, units: Units, nodes: Nodes) -> Units:
        column = np.zeros(len(self.arrays), self.dtype)
        if self.single:
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
