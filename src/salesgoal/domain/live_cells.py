"""Live cells: cells that facts come into and leave again, and frozen when asked for.

A combination of members that no fact has any more keeps its place here, and is left out of what
readers get, so that a cross-cut shows no goal that nothing names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from salesgoal.domain.cells import Cells
from salesgoal.domain.live_reading import LiveReadings
from salesgoal.domain.period import Period
from salesgoal.domain.scope import Codes

__all__ = ["LiveCells"]


@attrs.define(eq=False)
class LiveCells:
    """The cells of facts that may leave again.

    Attributes:
        cells: Changed in place; of metrics that do not add, ``readings`` hold what there is.
        readings: Metric id -> its readings.
        changed: The metrics whose cells changed since they were last frozen.
    """

    cells: Cells
    readings: Mapping[str, LiveReadings]
    changed: set[str] = attrs.field(factory=set, init=False)
    _uses: list[int] = attrs.field(factory=list, init=False)
    _idle: set[int] = attrs.field(factory=set, init=False)
    _left_out: frozenset[int] = attrs.field(default=frozenset(), init=False)
    _frozen: Cells | None = attrs.field(default=None, init=False)

    def take_up(self, codes: Codes) -> int:
        """Returns where the cells of a combination begin; lays out those of a new one."""
        base = self.cells.base(codes)
        for name in self.cells.sums:
            self.cells.units(name)
        self._uses += [0] * (len(self.cells.combos) - len(self._uses))
        return base

    def use(self, position: int, sign: int) -> None:
        """Counts that a value lies in a combination (1), or no longer does (-1)."""
        held = self._uses[position] = self._uses[position] + sign
        if not held:
            self._idle.add(position)
        elif held == 1:
            self._idle.discard(position)

    def add_span(self, name: str, position: int, span: Period, units: int) -> None:
        """Adds units of a fact that spans several atoms."""
        spans, at = self.cells.spans[name], (position, span)
        spans[at] = spans.get(at, 0) + units
        if not spans[at]:
            del spans[at]

    def freeze(self) -> Cells:
        """Returns the cells as they are, for good.

        Metrics whose cells did not change share those of the last time.

        Cost: the cells of each metric that changed; of all where a combination came or went.
        """
        last, cells = self._frozen, self.cells
        if last is not None and not self.changed:
            return last
        left_out = frozenset(self._idle - {0})
        if last is None or left_out != self._left_out or self._has_grown(last, left_out):
            last = None
        made = Cells(cells.timeline, cells.metrics, cells.width)
        kept = [at for at in range(len(cells.combos)) if at not in left_out]
        if last is None:
            combos = list(cells.combos)
            made.combos = {combos[at]: new for new, at in enumerate(kept)}
        else:
            made.combos = last.combos
        places = {at: new for new, at in enumerate(kept)} if left_out else None
        for metric in cells.metrics:
            if last is not None and metric.id not in self.changed:
                self._share(last, made, metric.id)
            else:
                self._copy(made, metric.id, places)
        self.changed.clear()
        self._left_out, self._frozen = left_out, made
        return made

    def _has_grown(self, last: Cells, left_out: frozenset[int]) -> bool:
        return len(last.combos) + len(left_out) < len(self.cells.combos)

    def _share(self, last: Cells, made: Cells, name: str) -> None:
        if name in self.readings:
            made.readings[name] = last.readings[name]
        else:
            made.sums[name], made.spans[name] = last.sums[name], last.spans[name]

    def _copy(self, made: Cells, name: str, places: Mapping[int, int] | None) -> None:
        """Copies a metric; ``places`` are the new positions where some are left out."""
        if name in self.readings:
            held = self.readings[name].freeze()
            made.readings[name] = _moved(held, places)
            return
        units, stride = self.cells.sums[name], self.cells.stride
        made.spans[name] = _moved(self.cells.spans[name], places)
        if places is None:
            made.sums[name] = units.copy()
            return
        for at in places:
            made.sums[name] += units[at * stride : (at + 1) * stride]


def _moved(
    held: Mapping[tuple[int, Any], Any], places: Mapping[int, int] | None
) -> dict[tuple[int, Any], Any]:
    if places is None:
        return dict(held)
    return {(places[at], slot): each for (at, slot), each in held.items()}
