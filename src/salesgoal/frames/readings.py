"""Readings of metrics that do not add, condensed cell by cell in arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.reading import READING_RULES, Reading
from salesgoal.frames.amount import INT64, Array, largest
from salesgoal.frames.day_slots import EPOCH

__all__ = ["Readings"]


@attrs.define
class Readings:
    """What the cells hold of one metric.

    Attributes:
        metric: One that does not add.
        found: Cell -> reading.
    """

    metric: Metric
    found: dict[int, Reading] = attrs.field(factory=dict, init=False)

    def add(
        self,
        cells: Array,
        values: Array,
        *,
        days: Array | None = None,
        counts: Array | None = None,
        names: Sequence[Any] = (),
    ) -> None:
        """Adds readings.

        Args:
            cells: The cell of each.
            values: Units, or positions in ``names``.
            days: When each was taken; for `LAST`.
            counts: How many facts the units are of; for `AVERAGE`, one each without it.
            names: The distinct keys, for `DISTINCT`.
        """
        if not len(cells):
            return
        if values.dtype != object and largest(values) * len(values) >= INT64:
            values = values.astype(object)
        merge = READING_RULES[self.metric.reading].over_time
        for cell, reading in self._condensed(cells, values, days, counts, names):
            known = self.found.get(cell)
            self.found[cell] = reading if known is None else merge(known, reading)

    def _condensed(
        self,
        cells: Array,
        values: Array,
        days: Array | None,
        counts: Array | None,
        names: Sequence[Any],
    ) -> Iterator[tuple[int, Reading]]:
        kind = self.metric.reading
        if kind is Aggregation.DISTINCT:
            return _sets(cells, values, names)
        if kind is Aggregation.LAST:
            assert days is not None
            return _latest(cells, values, days)
        order = np.argsort(cells, kind="stable")
        cells, values = cells[order], values[order]
        starts = _starts(cells)
        if kind is Aggregation.AVERAGE:
            pooled = np.ones(len(cells), np.int64) if counts is None else counts[order]
            totals = np.add.reduceat(values, starts).tolist()
            many = np.add.reduceat(pooled, starts).tolist()
            return zip(cells[starts].tolist(), zip(totals, many, strict=True), strict=True)
        choose = np.maximum if kind is Aggregation.MAXIMUM else np.minimum
        chosen = choose.reduceat(values, starts).tolist()
        return zip(cells[starts].tolist(), chosen, strict=True)


def _starts(*sorted_columns: Array) -> Array:
    """Where a new run of equal rows begins."""
    new = np.ones(len(sorted_columns[0]), bool)
    new[1:] = False
    for column in sorted_columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def _latest(cells: Array, values: Array, days: Array) -> Iterator[tuple[int, Reading]]:
    """The balance of the latest day of each cell; those of one day add."""
    order = np.lexsort((days, cells))
    cells, values, days = cells[order], values[order], days[order]
    starts = _starts(cells, days)
    totals = np.add.reduceat(values, starts)
    cells, days = cells[starts], days[starts]
    ends = np.append(_starts(cells)[1:], len(cells)) - 1
    on = (date.fromordinal(day + EPOCH) for day in days[ends].tolist())
    return zip(cells[ends].tolist(), zip(on, totals[ends].tolist(), strict=True), strict=True)


def _sets(
    cells: Array, values: Array, names: Sequence[Any]
) -> Iterator[tuple[int, frozenset[Any]]]:
    order = np.lexsort((values, cells))
    cells, values = cells[order], values[order]
    starts = _starts(cells, values)
    cells, values = cells[starts], values[starts]
    cuts = _starts(cells)
    keys = [names[each] for each in values.tolist()]
    stops = [*cuts[1:].tolist(), len(keys)]
    for cell, start, stop in zip(cells[cuts].tolist(), cuts.tolist(), stops, strict=True):
        yield cell, frozenset(keys[start:stop])
