"""Live cells: cells that facts come into and leave again, and frozen when asked for.

A combination of members that no fact has any more keeps its place here, and is left out of what
readers get, so that a cross-cut shows no goal that nothing names.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from itertools import pairwise
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
    _gone: Sequence[int] = attrs.field(factory=list, init=False)
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
        gone = sorted(self._idle - {0})
        if gone != self._gone or (last and len(last.combos) + len(gone) < len(cells.combos)):
            last = None
        made = Cells(cells.timeline, cells.metrics, cells.width)
        made.combos = self._combos(set(gone)) if last is None else last.combos
        for metric in cells.metrics:
            if last is None or metric.id in self.changed:
                self._copy(made, metric.id, gone)
            elif metric.id in self.readings:
                made.readings[metric.id] = last.readings[metric.id]
            else:
                made.sums[metric.id] = last.sums[metric.id]
                made.spans[metric.id] = last.spans[metric.id]
        self.changed.clear()
        self._gone, self._frozen = gone, made
        return made

    def _combos(self, gone: Container[int]) -> dict[Codes, int]:
        kept = (codes for codes, at in self.cells.combos.items() if at not in gone)
        return {codes: at for at, codes in enumerate(kept)}

    def _copy(self, made: Cells, name: str, gone: Sequence[int]) -> None:
        """Copies a metric; those behind a combination that is left out move up."""
        if name in self.readings:
            made.readings[name] = _moved(self.readings[name].freeze(), gone)
            return
        made.spans[name] = _moved(self.cells.spans[name], gone)
        units, stride = self.cells.sums[name], self.cells.stride
        for before, behind in pairwise([-1, *gone, len(self.cells.combos)]):
            made.sums[name] += units[(before + 1) * stride : behind * stride]


def _moved(
    held: Mapping[tuple[int, Any], Any], gone: Sequence[int]
) -> dict[tuple[int, Any], Any]:
    if not gone:
        return dict(held)
    return {(at - bisect_left(gone, at), slot): each for (at, slot), each in held.items()}
