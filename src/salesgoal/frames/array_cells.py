"""Cells in arrays: the same condensed facts as `domain.cells`, for frames and large plans.

Combinations of members are the rows of a matrix of codes, found through one integer each. A
metric that adds is a matrix of units with one contiguous row a slot (the atoms, then outside,
then rejected), so that a roll-up reads it column by column. What does not simply add is kept
as `Cells` keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from salesgoal.domain.cells import Cells, Slot
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.domain.reading import READING_RULES, Reading
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.timeline import Timeline
from salesgoal.frames.exact_sum import Units, add_up, narrow, to_units_array

__all__ = [
    "ArrayCells",
    "CellFacts",
    "CodeMatrix",
    "find_rows",
    "from_cells",
    "make_array_cells",
    "positions_of",
    "unique_rows",
]

_MOST_KEYS = 2**62

CodeMatrix = NDArray[np.int32]
"""Combinations x dimensions: member codes, -1 for none."""

Spans = Mapping[str, Mapping[tuple[int, Period], int]]
Readings = Mapping[str, Mapping[tuple[int, Slot], Reading]]


@attrs.frozen(eq=False)
class CellFacts:
    """Amounts of one metric that adds, in parallel arrays; a cell may come several times.

    Attributes:
        combo: The row of the combination in the matrix of codes.
        slot: The atom, `ArrayCells.outside` or `ArrayCells.rejected`.
        units: Smallest units: whole numbers, never floats.
    """

    combo: NDArray[Any]
    slot: NDArray[Any]
    units: Units


def _narrow_all(sums: Mapping[str, Units]) -> dict[str, Units]:
    return {name: narrow(matrix) for name, matrix in sums.items()}


@attrs.frozen(eq=False, kw_only=True)
class ArrayCells:
    """The facts of one report, condensed, in arrays; it does not change.

    It is read as `Cells` is; made by `make_array_cells` or `from_cells`.

    Attributes:
        timeline: The atoms.
        metrics: The metrics that facts carry (ratios are made later, from these).
        codes: The combinations; the first one is that of facts that name no member.
        sums: `SUM` metric -> units, slots x combinations; int64 only where every sum of any of
            them fits.
        spans: `SUM` metric -> (combination, period) -> units of facts that span several atoms.
        readings: Other metric -> (combination, slot) -> reading.
    """

    timeline: Timeline
    metrics: tuple[Metric, ...]
    codes: CodeMatrix
    sums: Mapping[str, Units] = attrs.field(converter=_narrow_all)
    spans: Spans
    readings: Readings

    @property
    def width(self) -> int:
        """How many dimensions the plan has."""
        return int(self.codes.shape[1])

    @property
    def outside(self) -> int:
        """The slot of facts outside the plan's days or after ``as_of``."""
        return len(self.timeline)

    @property
    def rejected(self) -> int:
        """The slot of rejected facts."""
        return len(self.timeline) + 1

    @property
    def stride(self) -> int:
        """How many slots a combination has: the atoms, outside, rejected."""
        return len(self.timeline) + 2

    @cached_property
    def combos(self) -> Mapping[Codes, int]:
        """Member codes -> position of the combination; one tuple a combination, made once."""
        return positions_of(self.codes)

    def slot(self, on: date | Period) -> Slot:
        """Returns the slot of a day or a period; `outside` where it does not count."""
        return self.timeline.slot(on)

    def units(self, metric: str) -> Sequence[int]:
        """Returns the cells of a `SUM` metric as `Cells` lays them out; one integer a cell."""
        found: list[int] = self.sums[metric].T.ravel().tolist()
        return found

    def total(self, metric: str, slots: range) -> int:
        """Returns the units of a `SUM` metric in these slots, over all combinations.

        Facts that span several atoms stand in no slot and are not in it.
        """
        return int(self.sums[metric][slots.start : slots.stop].sum())

    def recoded(self, tables: Sequence[Sequence[int]]) -> ArrayCells:
        """Returns the cells with every member code replaced; what falls together is merged.

        Args:
            tables: For each dimension, the new code of each old one.
        """
        moved = np.empty_like(self.codes)
        for at, table in enumerate(tables):
            # No member is -1 and takes the last place, which keeps it.
            moved[:, at] = np.asarray([*table, ANY], np.int32)[self.codes[:, at]]
        codes, place = unique_rows(moved)
        added = {
            name: np.stack([add_up(place, row, len(codes)) for row in matrix])
            for name, matrix in self.sums.items()
        }
        metrics = {each.id: each for each in self.metrics}
        return attrs.evolve(
            self,
            codes=codes,
            sums=added,
            spans={name: _merge_spans(each, place) for name, each in self.spans.items()},
            readings={
                name: _merge_readings(each, place, metrics[name])
                for name, each in self.readings.items()
            },
        )


def make_array_cells(
    timeline: Timeline,
    metrics: Sequence[Metric],
    codes: NDArray[Any],
    sums: Mapping[str, CellFacts],
    *,
    spans: Spans | None = None,
    readings: Readings | None = None,
) -> ArrayCells:
    """Returns cells from grouped or ungrouped amounts; every sum is exact.

    Args:
        timeline: The atoms.
        metrics: The metrics that facts carry.
        codes: One row a combination, one column a dimension, -1 where a fact names no member
            of it; rows that come twice are one. Other arguments mean rows by their position.
        sums: `SUM` metric -> its amounts; what is left out is nothing.
        spans: Facts that span several atoms, as in `Cells`.
        readings: What does not add, as in `Cells`.

    Raises:
        FloatRefused, UsageError: Units that are no whole numbers.
    """
    given = np.asarray(codes, np.int32)
    # The combination of facts that name no member always comes first, as in `Cells`.
    nobody = np.full((1, given.shape[1]), ANY, np.int32)
    matrix, place = unique_rows(np.concatenate([nobody, given]))
    place, size, slots = place[1:], len(matrix), len(timeline) + 2
    nothing = CellFacts(*(np.zeros(0, np.int64) for _ in range(3)))
    added = [each for each in metrics if each.is_additive]
    others = [each for each in metrics if not each.is_additive]
    return ArrayCells(
        timeline=timeline,
        metrics=tuple(metrics),
        codes=matrix,
        sums={
            each.id: _lay_out(sums.get(each.id, nothing), place, slots, size) for each in added
        },
        spans={each.id: _merge_spans((spans or {}).get(each.id, {}), place) for each in added},
        readings={
            each.id: _merge_readings((readings or {}).get(each.id, {}), place, each)
            for each in others
        },
    )


def from_cells(cells: Cells) -> ArrayCells:
    """Returns the same facts in arrays; positions stay what they are."""
    slots, size = cells.stride, len(cells.combos)
    return ArrayCells(
        timeline=cells.timeline,
        metrics=cells.metrics,
        codes=np.array(list(cells.combos), np.int32).reshape(size, cells.width),
        sums={
            name: _column(cells.units(name)).reshape(size, slots).T.copy()
            for name in cells.sums
        },
        spans={name: dict(each) for name, each in cells.spans.items()},
        readings={name: dict(each) for name, each in cells.readings.items()},
    )


def positions_of(matrix: CodeMatrix) -> dict[Codes, int]:
    """Returns row of codes -> where it stands."""
    return {tuple(codes): at for at, codes in enumerate(matrix.tolist())}


def unique_rows(matrix: CodeMatrix) -> tuple[CodeMatrix, NDArray[np.intp]]:
    """Returns the different rows in the order they first come, and where each row is now."""
    keys = _row_keys(matrix)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return np.ascontiguousarray(matrix[first[order]]), rank[inverse]


def find_rows(rows: CodeMatrix, wanted: CodeMatrix) -> NDArray[np.intp]:
    """Returns where each wanted row stands among the rows, none of which comes twice; else -1.

    >>> rows = np.array([[0, -1], [0, 1]], np.int32)
    >>> find_rows(rows, np.array([[0, 1], [1, 1]], np.int32)).tolist()
    [1, -1]
    """
    if not len(rows):
        return np.full(len(wanted), -1, np.intp)
    keys = _row_keys(np.concatenate([rows, wanted]))
    known, asked = keys[: len(rows)], keys[len(rows) :]
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known, asked, sorter=order), len(rows) - 1)
    place = order[at]
    return np.where(known[place] == asked, place, -1)


def _row_keys(matrix: CodeMatrix) -> NDArray[np.int64]:
    """One integer a row, equal where the rows are; not to be compared between matrices."""
    keys, room = np.zeros(len(matrix), np.int64), 1
    for column in matrix.T:
        values = int(column.max(initial=ANY)) + 2
        if room * values > _MOST_KEYS:
            ranks, keys = np.unique(keys, return_inverse=True)
            room = len(ranks)
        keys, room = keys * values + (column.astype(np.int64) + 1), room * values
    return keys


def _column(values: Sequence[int]) -> Units:
    try:
        return np.array(values, np.int64)
    except OverflowError:
        return np.array(values, object)


def _lay_out(facts: CellFacts, place: NDArray[np.intp], slots: int, size: int) -> Units:
    units = to_units_array(facts.units)
    where = np.asarray(facts.slot, np.intp) * size + place[np.asarray(facts.combo, np.intp)]
    return add_up(where, units, slots * size).reshape(slots, size)


def _merge_spans(
    spans: Mapping[tuple[int, Period], int], place: NDArray[np.intp]
) -> dict[tuple[int, Period], int]:
    found: dict[tuple[int, Period], int] = {}
    for (combo, span), units in spans.items():
        key = (int(place[combo]), span)
        found[key] = found.get(key, 0) + units
    return found


def _merge_readings(
    readings: Mapping[tuple[int, Slot], Reading], place: NDArray[np.intp], metric: Metric
) -> dict[tuple[int, Slot], Reading]:
    merge = READING_RULES[metric.reading].over_time
    found: dict[tuple[int, Slot], Reading] = {}
    for (combo, slot), reading in readings.items():
        key = (int(place[combo]), slot)
        found[key] = merge(found[key], reading) if key in found else reading
    return found
