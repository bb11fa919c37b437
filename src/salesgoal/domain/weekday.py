"""Weekdays: what calendars of whole weeks begin and end on."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Weekday"]


class Weekday(StrEnum):
    """A day of the week.

    >>> Weekday.SUN.number, Weekday("mon").number
    (6, 0)
    """

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @property
    def number(self) -> int:
        """0 for Monday to 6 for Sunday, as `datetime.date.weekday` counts."""
        return _NUMBERS[self]


_NUMBERS = {day: number for number, day in enumerate(Weekday)}
