"""Booking by whole columns: plain rows all together, every other through the ordinary booking.

Each distinct raw value is resolved once, by the very functions that resolve it for a page; from
there on only integers move. A row is plain where all its cells resolve. The others go the way
of pages in the order of the file, so that what is said about them is the same word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import add
from typing import TYPE_CHECKING, Any

import attrs

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.problem import Place
from salesgoal.intake.amount_column import AmountColumn
from salesgoal.intake.booking import Booking
from salesgoal.intake.left_out import LeftOut
from salesgoal.intake.whole_amounts import find_units, resolve
from salesgoal.ports.importer import FileRows, NotPlain, Page, RawValue, WholeColumns

if TYPE_CHECKING:
    import polars as pl  # noqa: TC004 - attrs does not ask what its types are

__all__ = ["book_columns"]

_PAGE = 200
_MOST = 2**62
_ONCE = {Aggregation.DISTINCT, Aggregation.MAXIMUM, Aggregation.MINIMUM}
"""Aggregations to which the same value twice is the same as once."""
_LEFT_OUT = NotPlain("有合计、重复的表头或要忽略的行", "it has totals or rows to leave out")
_LARGE = NotPlain("数额太大", "its amounts are too large to add at once")
_OVERLAY = NotPlain("属于并行业绩", "it speaks of an overlay")
_DIGITS = r"^[0-9A-Za-z_./: -]*[0-9][0-9A-Za-z_./: -]*$"
_TOTALS = r"(?i)total|sum"


def book_columns(
    booking: Booking, whole: WholeColumns, left_out: LeftOut, place: Place
) -> int | NotPlain:
    """Books the rows of a file; returns how many went all together, or why none was booked.

    Args:
        booking: Of the file, with nothing booked yet.
        whole: The rows below the header.
        left_out: What would take rows out of the pages.
        place: The file, for the rows that go alone.
    """
    if booking.reader.known_overlay:
        return _OVERLAY
    if not left_out.leaves_all(_Distinct(whole, left_out)):
        return _LEFT_OUT
    columns = _resolved(booking, whole)
    if columns is None:
        return _LARGE
    base = _bases(booking, columns)
    _book_plain(booking, columns, base)
    _book_others(booking, whole, base.is_null(), place)
    return int(base.is_not_null().sum())


@attrs.frozen
class _Distinct:
    """The distinct cells of a column, without texts that cannot be said of a total.

    A text of signs and at least one digit is no header either, where the header has none.
    """

    whole: WholeColumns
    left_out: LeftOut

    def __call__(self, at: int) -> Sequence[RawValue]:
        import polars as pl

        distinct = self.whole.frame.to_series(at).unique()
        if distinct.dtype == pl.String and self.left_out.is_free(at):
            harmless = distinct.str.contains(_DIGITS) & ~distinct.str.contains(_TOTALS)
            distinct = distinct.filter(~harmless.fill_null(value=False))
        return list(map(self.whole.cell, distinct.to_list()))


@attrs.frozen(kw_only=True)
class _Resolved:
    """The columns of a file in integers, null where a cell is odd.

    Attributes:
        times: Raw values of the column that says when, in the order of ``time``.
        time: Number of the raw value.
        slot: The slot in the cells.
        names: For each dimension of the reader, its raw values in the order of ``combo``.
        combo: Number of the combination of names; with somebody moving, of names and time.
        units: For each column of amounts, the units, or the numbers of ``keys``.
        keys: Position of a column -> the keys that are counted.
    """

    times: Sequence[RawValue]
    time: pl.Series
    slot: pl.Series
    names: Sequence[Sequence[RawValue]]
    combo: pl.Series
    units: Sequence[pl.Series]
    keys: dict[int, list[Any]]

    @property
    def plain(self) -> pl.Series:
        """Which rows are plain."""
        plain = self.slot.is_not_null() & self.combo.is_not_null()
        for each in self.units:
            plain &= each.is_not_null()
        return plain


def _resolved(booking: Booking, whole: WholeColumns) -> _Resolved | None:
    """The columns in integers; None where their sums may not fit."""
    reader, frame, cell = booking.reader, whole.frame, whole.cell
    keys: dict[int, list[Any]] = {}
    units: list[pl.Series] = []
    for number, amount in enumerate(reader.columns):
        column = frame.to_series(amount.at)
        if amount.metric.aggregation is Aggregation.DISTINCT:
            keys[number] = []
            units.append(resolve(column, _numbered(amount, keys[number]), cell))
        else:
            units.append(find_units(column, amount, cell))
            if (units[-1].abs() > _MOST // max(1, frame.height)).any():
                return None
    times: list[RawValue] = []
    clock = frame.to_series(reader.time)
    time = resolve(clock, _remember(booking.slot_of, times), cell)
    slots = [booking.slot_of(raw) for raw in times]
    names, parts, size = [], [], 1
    for number, (_, _, at) in enumerate(reader.dimensions):
        raws: list[RawValue] = []
        find = _remember(partial(booking.code_of, number), raws)
        parts.append((resolve(frame.to_series(at), find, cell), size))
        names.append(raws)
        size *= max(1, len(raws))
    if reader.moving:
        parts.append((time, size))
        size *= max(1, len(times))
    if size >= _MOST:
        return None
    return _Resolved(
        times=times,
        time=time,
        slot=_taken(slots, time),
        names=names,
        combo=_combined(parts, frame.height),
        units=units,
        keys=keys,
    )


def _remember(find: Callable[[Any], int], raws: list[RawValue]) -> Callable[[RawValue], int]:
    """Numbers the raw values that ``find`` knows, and keeps them."""

    def number(raw: RawValue) -> int:
        find(raw)
        raws.append(raw)
        return len(raws) - 1

    return number


def _numbered(amount: AmountColumn, keys: list[Any]) -> Callable[[RawValue], int]:
    def number(raw: RawValue) -> int:
        key = amount.units(raw)
        if key is None:
            message = "a blank cell"
            raise TypeError(message)
        keys.append(key)
        return len(keys) - 1

    return number


def _bases(booking: Booking, columns: _Resolved) -> pl.Series:
    """Where the cells of each plain row begin; null for others, also who has no seat then."""
    sizes = [max(1, len(raws)) for raws in columns.names]

    def find(combo: RawValue) -> int:
        assert isinstance(combo, int)
        names = []
        for size, raws in zip(sizes, columns.names, strict=True):
            combo, at = divmod(combo, size)
            names.append(raws[at])
        time = columns.times[combo] if booking.reader.moving else None
        return booking.base_of(tuple(names), time)

    odd = ~columns.plain
    distinct = columns.combo.set(odd, None)
    return resolve(distinct, _known(find), lambda combo: combo)


def _known(find: Callable[[RawValue], int]) -> Callable[[RawValue], int]:
    """As ``find``; nothing is known of a row that is not plain."""

    def known(combo: RawValue) -> int:
        if combo is None:
            message = "not plain"
            raise TypeError(message)
        return find(combo)

    return known


def _taken(values: Sequence[int], numbers: pl.Series) -> pl.Series:
    import polars as pl

    return pl.Series(values, dtype=pl.Int64).gather(numbers)


def _combined(parts: Sequence[tuple[pl.Series, int]], height: int) -> pl.Series:
    import polars as pl

    combo = pl.zeros(height, dtype=pl.Int64, eager=True)
    for numbers, size in parts:
        combo += numbers * size
    return combo


# What is booked.


def _book_plain(booking: Booking, columns: _Resolved, base: pl.Series) -> None:
    """Books the rows that have a base."""
    plain = base.is_not_null()
    base, slot = base.filter(plain), columns.slot.filter(plain)
    days = [booking.day_of(raw) for raw in columns.times]
    time = columns.time.filter(plain)
    reader = booking.reader
    taken = [
        (amount.metric, columns.units[number].filter(plain), columns.keys.get(number))
        for number, amount in enumerate(reader.columns)
    ]
    taken += [(metric, _repeated(units, len(slot)), None) for metric, units in reader.constants]
    for metric, units, keys in taken:
        if metric.is_additive:
            _add(booking, metric.id, base + slot, units)
            continue
        for place, at, unit, when in _readings(metric, base, slot, units, time):
            value = unit if keys is None else keys[unit]
            booking.cells.book(place, at, metric, value, days[when])
    outside = int((slot == booking.cells.outside).sum())
    if outside:
        booking.count_cut(map(columns.times.__getitem__, time.to_list()))
    booking.count("read", len(slot))
    booking.count("outside_period", outside)
    booking.count("accepted", len(slot) - outside)


def _repeated(units: int, rows: int) -> pl.Series:
    import polars as pl

    return pl.repeat(units, rows, dtype=pl.Int64, eager=True)


def _add(booking: Booking, metric: str, places: pl.Series, units: pl.Series) -> None:
    """Adds units to their cells; that no sum passes 64 bits was seen to."""
    import numpy as np

    cells = booking.cells.units(metric)
    sums = np.zeros(len(cells), dtype=np.int64)
    np.add.at(sums, places.to_numpy(), units.to_numpy())
    cells[:] = map(add, cells, sums.tolist())
    booking.control[metric] += int(units.sum())


def _readings(
    metric: Metric, base: pl.Series, slot: pl.Series, units: pl.Series, time: pl.Series
) -> Iterator[tuple[int, int, int, int]]:
    """Base, slot, units and number of the day of each row; once where that is enough."""
    import polars as pl

    named = {"base": base, "slot": slot, "units": units, "time": time}
    frame = pl.DataFrame(named)
    if metric.aggregation in _ONCE:
        frame = frame.unique(["base", "slot", "units"], maintain_order=True)
    return frame.iter_rows()


def _book_others(booking: Booking, whole: WholeColumns, odd: pl.Series, place: Place) -> None:
    """Books the other rows one by one, in the order of the file."""
    numbers = (odd.arg_true() + whole.first).to_list()
    rows = whole.frame.filter(odd).iter_rows()
    for first in range(0, len(numbers), _PAGE):
        values = tuple(tuple(map(whole.cell, row)) for row in islice(rows, _PAGE))
        own = FileRows(values, place, numbers[first : first + _PAGE])
        booking.take(Page(own, tuple(booking.header)))
