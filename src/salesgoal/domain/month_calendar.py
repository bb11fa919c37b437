"""The calendar of months: Gregorian, or a fiscal year from any month and closing day.

A year is twelve months from ``start_month``; a month runs from ``start_day`` to the day before
the next one. Quarters are three months, halves six; 旬 are days 1-10, 11-20 and 21 to the end.
Weeks of a month are `FIXED4`: days 1-7, 8-14, 15-21 and 22 to the end, always four; or
`CLIPPED`: the weeks of the wall calendar, cut at the ends of the month, four to six.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

import attrs

from salesgoal.domain.kind import one_of, require_count
from salesgoal.domain.label import Label, mixed_up, no_label
from salesgoal.domain.period import Level, Period
from salesgoal.domain.weekday import Weekday
from salesgoal.errors import LabelRefused, OutOfCalendar, UsageError

__all__ = ["MonthCalendar", "WeekScheme", "YearName"]


class YearName(StrEnum):
    """Which day's calendar year names a fiscal year: its first day's or its last day's."""

    START = "start"
    END = "end"


class WeekScheme(StrEnum):
    """How the days of a month make weeks."""

    FIXED4 = "fixed4"
    CLIPPED = "clipped"


_MONTHS_IN = {Level.YEAR: 12, Level.HALF: 6, Level.QUARTER: 3, Level.MONTH: 1}
_DAY_STEPS = {Level.WEEK: (7, 3), Level.TENDAY: (10, 2)}
_FIRST_DAY, _LAST_DAY = date(1900, 2, 1), date(9997, 12, 31)
_NAMED_AFTER_NEXT = 16
"""From this start day on, most of a month's days lie in the next one, which names it."""


def _year_name(name: str | None) -> YearName | None:
    return None if name is None else one_of(YearName, name, "year_name")


def _week_scheme(scheme: str) -> WeekScheme:
    return one_of(WeekScheme, scheme, "week_scheme")


def _week_start(day: str) -> Weekday:
    return one_of(Weekday, day, "week_start")


@attrs.frozen(kw_only=True)
class MonthCalendar:
    """A calendar whose years are twelve months.

    Attributes:
        start_month: The first month of the year, 1 to 12.
        start_day: The first day of every month, 1 to 28; with 26, October runs from 26
            September to 25 October.
        year_name: The calendar year that names the year: that of its first or of its last day.
            Needed unless the year begins in January, where the one that holds most of it is
            meant.
        week_scheme: How a month is cut into weeks.
        week_start: The first day of a `CLIPPED` week.

    >>> fiscal = MonthCalendar(start_month=4, year_name=YearName.END)
    >>> fiscal.at(Level.QUARTER, date(2018, 5, 1)).label
    'FY2019Q1'
    >>> MonthCalendar().at(Level.WEEK, date(2023, 10, 31)).label
    '2023-10w4'
    """

    start_month: int = 1
    start_day: int = 1
    year_name: YearName | None = attrs.field(default=None, converter=_year_name)
    week_scheme: WeekScheme = attrs.field(default=WeekScheme.FIXED4, converter=_week_scheme)
    week_start: Weekday = attrs.field(default=Weekday.MON, converter=_week_start)
    _known: dict[tuple[Level, int], Period] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )
    _parts: dict[tuple[Level, int], tuple[Period, ...]] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    def __attrs_post_init__(self) -> None:
        """Refuses a year that cannot be named or a month that cannot begin.

        Raises:
            UsageError: A parameter is out of range, or ``year_name`` is missing.
            FloatRefused, KindRefused: A parameter is no whole number.
        """
        require_count(self.start_month, "start_month")
        require_count(self.start_day, "start_day")
        if not 1 <= self.start_month <= 12:  # noqa: PLR2004 - months
            message = f"start_month is {self.start_month} - give 1 to 12"
            raise UsageError(message, f"start_month 为 {self.start_month} - 须为 1 至 12")
        if not 1 <= self.start_day <= 28:  # noqa: PLR2004 - every month has 28 days
            message = f"start_day is {self.start_day} - give 1 to 28, which every month has"
            zh = f"start_day 为 {self.start_day} - 须为 1 至 28，每个月都有的日子"
            raise UsageError(message, zh)
        if self.start_month != 1 and self.year_name is None:
            message = "the year spans two calendar years - set year_name to 'start' or 'end'"
            zh = "财年跨两个自然年 - 把 year_name 设为 'start' 或 'end'"
            raise UsageError(message, zh)
        if self.week_scheme is WeekScheme.FIXED4 and self.week_start is not Weekday.MON:
            message = "week_start is for clipped weeks - set week_scheme to 'clipped'"
            zh = "week_start 只用于截断的周 - 把 week_scheme 设为 'clipped'"
            raise UsageError(message, zh)

    @property
    def id(self) -> str:
        """``gregorian``, or the parameters of the fiscal year; then those of clipped weeks."""
        weeks = "" if self.week_scheme is WeekScheme.FIXED4 else f":clipped-{self.week_start}"
        if not self.is_fiscal:
            return f"gregorian{weeks}"
        named = self.year_name or (YearName.END if self._name_shift else YearName.START)
        return f"fiscal:{self.start_month:02d}-{self.start_day:02d}:{named}{weeks}"

    @property
    def levels(self) -> tuple[Level, ...]:
        """Every level that a calendar can have."""
        return tuple(Level)[1:]

    @property
    def is_fiscal(self) -> bool:
        """Whether its years differ from the Gregorian ones, so that labels say FY."""
        return self.start_month != 1 or self.start_day != 1

    def at(self, level: Level, day: date) -> Period:
        """Returns the period of that level that the day lies in.

        Raises:
            OutOfCalendar: Before February 1900 or after 9997.
        """
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise OutOfCalendar(day, f"{_FIRST_DAY} to {_LAST_DAY}")
        month = day.year * 12 + day.month - 1 - (day.day < self.start_day)
        if level is Level.DAY:
            return Period(day, day + timedelta(days=1), level, day.isoformat())
        if level in _DAY_STEPS:
            return self._part_of_month(level, month, day)
        if level not in _MONTHS_IN:
            raise OutOfCalendar(level, ", ".join(self.levels))
        length = _MONTHS_IN[level]
        first = month - (month + self._name_shift - self.start_month + 1) % length
        known = self._known.get((level, first))
        return known or self._remember(level, first, length)

    def locate(self, label: Label) -> Period:
        """Returns the period that a parsed label names.

        Raises:
            LabelRefused: It names none of this calendar.
            OutOfCalendar: Before February 1900 or after 9997.
        """
        if label.year is None or label.level is None:
            raise no_label(label)
        if label.level is Level.WEEK and not label.minor:
            en = f"is a week of the year, not of {self.id} months"
            raise LabelRefused(label.text, en, f"是全年的第几周，而日历 {self.id} 按月分周")
        by_month = label.level in {Level.MONTH, *_DAY_STEPS} and label.major
        plain_month = self.start_day == 1 and by_month and not label.fiscal
        if label.level is Level.DAY or plain_month:
            return self._locate_plain(label)
        if label.fiscal != self.is_fiscal:
            own = attrs.evolve(label, fiscal=self.is_fiscal)
            raise mixed_up(label, self.id, self._locate_counted(own))
        period = self._locate_counted(label)
        if period.stop <= _FIRST_DAY or period.start > _LAST_DAY:
            raise OutOfCalendar(label.text, f"{_FIRST_DAY} to {_LAST_DAY}")
        return period

    def _locate_plain(self, label: Label) -> Period:
        """Finds a day, a month or a part of one by its Gregorian number."""
        year, number = label.year or 0, label.minor if label.level is Level.DAY else 1
        try:
            day = date(year, label.major, number)
        except ValueError as error:
            level = label.level or Level.MONTH
            en, zh = f"is no {level} of {year}", f"不是 {year} 年的{level.zh}"
            raise LabelRefused(label.text, en, zh) from error
        if label.level is Level.DAY:
            return self.at(Level.DAY, day)
        month = self.at(Level.MONTH, day)
        return month if label.level is Level.MONTH else self._pick(label, month)

    def _locate_counted(self, label: Label) -> Period:
        """Finds a period by its number within the year."""
        year = self._year(label)
        if label.level is Level.YEAR:
            return year
        inside = label.level in _DAY_STEPS
        level = Level.MONTH if inside else label.level or Level.MONTH
        length = _MONTHS_IN[level]
        if not 1 <= label.major <= 12 // length:
            many = 12 // length
            en = f"is out of range: a year has {many} of {level}"
            raise LabelRefused(label.text, en, f"超出范围：一年只有 {many} 个{level.zh}")
        first = _month_of(year) + (label.major - 1) * length
        period = self._known.get((level, first)) or self._remember(level, first, length)
        return self._pick(label, period) if inside else period

    def _year(self, label: Label) -> Period:
        named = ((label.year or 0) - self._years_ahead) * 12
        first = named + (self.start_month - 1 - self._name_shift) % 12
        # A year that begins in 1899 may still hold days that the calendar knows.
        if not _FIRST_DAY.year - 1 <= first // 12 <= _LAST_DAY.year:
            raise OutOfCalendar(label.text, f"{_FIRST_DAY} to {_LAST_DAY}")
        return self._known.get((Level.YEAR, first)) or self._remember(Level.YEAR, first, 12)

    def _pick(self, label: Label, month: Period) -> Period:
        """Finds the week or 旬 of a month by its number."""
        level = month_level(label)
        starts = self._part_starts(level, month)
        if not 1 <= label.minor <= len(starts):
            many = len(starts)
            en = f"is out of range: {month.label} has {many}"
            raise LabelRefused(label.text, en, f"超出范围：{month.label} 只有 {many} 个")
        return self._part_of_month(level, _month_of(month), starts[label.minor - 1])

    @property
    def _name_shift(self) -> int:
        return int(self.start_day >= _NAMED_AFTER_NEXT)

    @property
    def _years_ahead(self) -> int:
        """How many calendar years the year's name is ahead of its first day's."""
        if self.year_name is None:
            return self._name_shift
        return int(self.year_name is YearName.END and self.is_fiscal)

    def _part_of_month(self, level: Level, month: int, day: date) -> Period:
        whole = self._known.get((Level.MONTH, month)) or self._remember(Level.MONTH, month, 1)
        key = (level, month)
        parts = self._parts.get(key) or self._parts.setdefault(key, self._cut(level, whole))
        return next(part for part in parts if day < part.stop)

    def _cut(self, level: Level, whole: Period) -> tuple[Period, ...]:
        borders = [*self._part_starts(level, whole), whole.stop]
        letter = "w" if level is Level.WEEK else "t"
        return tuple(
            Period(start, stop, level, f"{whole.label}{letter}{number}")
            for number, (start, stop) in enumerate(pairwise(borders), start=1)
        )

    def _part_starts(self, level: Level, whole: Period) -> list[date]:
        """The first days of the weeks or 旬 of a month."""
        if level is Level.WEEK and self.week_scheme is WeekScheme.CLIPPED:
            first = (self.week_start.number - whole.start.weekday()) % 7 or 7
            offsets = [0, *range(first, whole.days, 7)]
        else:
            step, most = _DAY_STEPS[level]
            offsets = [step * index for index in range(most + 1)]
        return [whole.start + timedelta(days=offset) for offset in offsets]

    def _remember(self, level: Level, first: int, length: int) -> Period:
        start, stop = self._day_of(first), self._day_of(first + length)
        period = Period(start, stop, level, self._label(level, first))
        self._known[level, first] = period
        return period

    def _day_of(self, month: int) -> date:
        year, index = divmod(month, 12)
        return date(year, index + 1, self.start_day)

    def _label(self, level: Level, first: int) -> str:
        named = first + self._name_shift
        if level is Level.MONTH and self.start_day == 1:
            return f"{named // 12:04d}-{named % 12 + 1:02d}"
        index = (named - self.start_month + 1) % 12
        year = (first - index) // 12 + self._years_ahead
        number = index // _MONTHS_IN[level] + 1
        prefix = f"FY{year:04d}" if self.is_fiscal else f"{year:04d}"
        suffix = {
            Level.YEAR: "",
            Level.HALF: f"H{number}",
            Level.QUARTER: f"Q{number}",
            Level.MONTH: f"P{number:02d}",
        }
        return prefix + suffix[level]


def month_level(label: Label) -> Level:
    """Returns which part of a month the label names."""
    return label.level or Level.WEEK


def _month_of(period: Period) -> int:
    """The running number of the month that the period begins in."""
    return period.start.year * 12 + period.start.month - 1
