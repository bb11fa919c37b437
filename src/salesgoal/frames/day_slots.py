"""Days of a column, and the slots that they fall into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import attrs
import narwhals.stable.v2 as nw
import numpy as np

from salesgoal.domain.timeline import Timeline
from salesgoal.frames.amount import Array, refuse_type
from salesgoal.frames.name_codes import encode

__all__ = ["EPOCH", "DaySlots", "holds_days", "read_days"]

EPOCH = date(1970, 1, 1).toordinal()
"""Days are counted from 1970-01-01, as in the arrays of most engines."""

_TABLE = 1 << 20


@attrs.frozen
class DaySlots:
    """Day -> slot: the number of its atom, or ``outside``.

    Attributes:
        timeline: The atoms.
        outside: The slot of days that do not count.
    """

    timeline: Timeline
    outside: int

    def slots(self, days: Array) -> Array:
        """Returns the slot of each day."""
        if not len(days):
            return np.empty(0, np.int64)
        first, last = int(days.min()), int(days.max())
        if last - first >= _TABLE:
            return self._found(days)
        table = self._found(np.arange(first, last + 1, dtype=np.int64))
        found: Array = table[days - first]
        return found

    def _found(self, days: Array) -> Array:
        borders = [each.toordinal() - EPOCH for each in self.timeline.borders]
        atoms = np.searchsorted(borders, days, side="right") - 1
        last = self.timeline.as_of.toordinal() - EPOCH
        inside = (atoms >= 0) & (atoms < len(self.timeline)) & (days <= last)
        return np.where(inside, atoms, self.outside)

    def cuts(self) -> tuple[list[date], list[int]]:
        """Returns the days on which the slot changes, and the slots before and after them."""
        days, slots = [], [self.outside]
        last = self.timeline.as_of.toordinal()
        for atom, border in enumerate(self.timeline.borders):
            counts = atom < len(self.timeline) and border.toordinal() <= last
            slot = atom if counts else self.outside
            if slot != slots[-1]:
                days.append(border)
                slots.append(slot)
        if slots[-1] != self.outside:
            days.append(date.fromordinal(last + 1))
            slots.append(self.outside)
        return days, slots


def holds_days(dtype: Any) -> bool:  # noqa: ANN401 - a narwhals type
    """Whether a column of that type may hold business days: no times, no moments in a zone."""
    if isinstance(dtype, nw.Datetime):
        return dtype.time_zone is None
    return dtype in {nw.Date, nw.Object}


def read_days(
    series: nw.Series[Any] | Sequence[Any], column: str, source: str
) -> tuple[Array, Array | None]:
    """Returns the days of a column, counted from 1970-01-01, and where it is blank.

    Raises:
        SourceRefused: It holds no days; or moments in a time zone, whose business day only
            their owner knows.
    """
    if not isinstance(series, nw.Series):
        return _from_objects(series, column, source)
    dtype = series.dtype
    if not len(series):
        return np.empty(0, np.int64), None
    if series.null_count() == len(series):
        return np.zeros(len(series), np.int64), np.ones(len(series), bool)
    if not holds_days(dtype):
        raise _refuse(dtype, column, source)
    if dtype == nw.Object or (dtype == nw.Date and series.implementation.is_pandas_like()):
        return _from_objects(series, column, source)
    absent = series.is_null().to_numpy() if series.null_count() else None
    if series.implementation.is_polars() and dtype == nw.Date:
        days = series.to_native().to_physical().fill_null(0).to_numpy().astype(np.int64)
    else:
        if absent is not None or dtype != nw.Date:
            series = series.cast(nw.Datetime("us"))
        days = series.to_numpy().astype("datetime64[D]").astype(np.int64)
    if absent is not None:
        days = np.where(absent, 0, days)
    return days, absent


def _refuse(found: object, column: str, source: str) -> Exception:
    return refuse_type(source, column, found, "business days", "业务日期")


def _from_objects(
    column: nw.Series[Any] | Sequence[Any], name: str, source: str
) -> tuple[Array, Array | None]:
    """Python's own days; every distinct one is looked at once."""
    positions, values = encode(column)
    days = []
    for value in values:
        if not isinstance(value, date) or getattr(value, "tzinfo", None) is not None:
            raise _refuse(type(value).__name__, name, source)
        day = value.date() if isinstance(value, datetime) else value
        days.append(day.toordinal() - EPOCH)
    found = np.array([*days, 0], np.int64)[positions]
    absent = positions < 0
    return found, absent if absent.any() else None
