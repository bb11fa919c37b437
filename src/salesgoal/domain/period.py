"""Periods: half-open runs of days with a level and a label."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from salesgoal.domain.kind import require_day
from salesgoal.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Level", "Period"]


class Level(StrEnum):
    """How long a period is, from the longest to the shortest.

    ``SPAN`` is a stretch of any length that a plan names by its first and last day; no calendar
    has it.

    >>> Level.QUARTER.zh
    '季度'
    """

    SPAN = "span"
    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    TENDAY = "tenday"
    DAY = "day"

    @property
    def rank(self) -> int:
        """0 for a span of any length, 1 for the year, larger for shorter levels."""
        return list(Level).index(self)

    @property
    def zh(self) -> str:
        """The Chinese word that people see."""
        return _CHINESE[self]


_CHINESE = {
    Level.SPAN: "全期",
    Level.YEAR: "年度",
    Level.HALF: "半年",
    Level.QUARTER: "季度",
    Level.MONTH: "月",
    Level.WEEK: "周",
    Level.TENDAY: "旬",
    Level.DAY: "日",
}


def _plain_date(_: object, attribute: attrs.Attribute[date], value: date) -> None:
    require_day(value, attribute.name)


@attrs.frozen(cache_hash=True)
class Period:
    """A run of days, ``start`` included and ``stop`` not, as in `range`.

    >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
    >>> october.last, october.days, date(2023, 10, 31) in october
    (datetime.date(2023, 10, 31), 31, True)
    """

    start: date = attrs.field(validator=_plain_date)
    stop: date = attrs.field(validator=_plain_date)
    level: Level
    label: str

    def __attrs_post_init__(self) -> None:
        """Refuses a period without days.

        Raises:
            UsageError: ``stop`` is not after ``start``.
        """
        if self.start >= self.stop:
            message = f"{self.label} has no day: {self.start} .. {self.stop}"
            zh = f"{self.label} 没有任何一天：{self.start} .. {self.stop}"
            raise UsageError(message, zh)

    @property
    def last(self) -> date:
        """The last day, inclusive, as people write it."""
        return self.stop - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days."""
        return (self.stop - self.start).days

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.start <= day < self.stop

    def __iter__(self) -> Iterator[date]:
        """The days in order."""
        return (self.start + timedelta(days=offset) for offset in range(self.days))

    def covers(self, other: Period) -> bool:
        """Whether every day of ``other`` lies in this period."""
        return self.start <= other.start and other.stop <= self.stop

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        return self.start < other.stop and other.start < self.stop

    def clip(self, to: Period) -> Period:
        """Returns its days inside another period, under its own level and label.

        Raises:
            UsageError: The two share no day.

        >>> week = Period(date(2023, 9, 25), date(2023, 10, 2), Level.WEEK, "2023-W39")
        >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
        >>> week.clip(october).days
        1
        """
        start, stop = max(self.start, to.start), min(self.stop, to.stop)
        return attrs.evolve(self, start=start, stop=stop)

    def __str__(self) -> str:
        """The label."""
        return self.label
