"""The calendar of whole weeks: years of 52 or 53, ISO 8601 among them.

A year ends on the last given weekday of its end month, or on the one nearest to the last day of
the month (the two rules of 26 CFR 1.441-2). It is named by the calendar year of that month and
``year_offset``, never by its first or last day, which may lie in a neighbouring year. The
pattern cuts it into periods of whole weeks; in a year of 53 the leap period is a week longer.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

import attrs

from salesgoal.domain.kind import one_of
from salesgoal.domain.label import Label, mixed_up, no_label
from salesgoal.domain.period import Level, Period
from salesgoal.domain.weekday import Weekday
from salesgoal.errors import LabelRefused, OutOfCalendar, UsageError

__all__ = ["ISO", "Anchor", "WeekCalendar", "WeekPattern"]


class Anchor(StrEnum):
    """Which weekday ends the year: the last of the month, or the nearest to its last day."""

    LAST = "last"
    NEAREST = "nearest"


class WeekPattern(StrEnum):
    """How many weeks the periods of a year have.

    >>> WeekPattern.WEEKS_454.lengths[:3], len(WeekPattern.THIRTEEN.lengths)
    ((4, 5, 4), 13)
    """

    WEEKS_445 = "4-4-5"
    WEEKS_454 = "4-5-4"
    WEEKS_544 = "5-4-4"
    THIRTEEN = "13x4"

    @property
    def lengths(self) -> tuple[int, ...]:
        """The weeks of each period of a year of 52."""
        if self is WeekPattern.THIRTEEN:
            return (4,) * 13
        return tuple(map(int, self.split("-"))) * 4


_FIRST_DAY, _LAST_DAY = date(1001, 1, 1), date(9997, 12, 31)
"""Far enough from 1000 and 9999 that the name of every year has four digits."""
_LONG_YEAR = 53
_IN_QUARTER, _IN_HALF = 3, 6

Shelf = tuple[list[date], tuple[Period, ...]]
"""The periods of one level in one year, and their first days for look-up."""


def _anchor(anchor: str) -> Anchor:
    return one_of(Anchor, anchor, "anchor")


def _weekday(day: str) -> Weekday:
    return one_of(Weekday, day, "weekday")


def _pattern(pattern: str | None) -> WeekPattern | None:
    return None if pattern is None else one_of(WeekPattern, pattern, "pattern")


@attrs.frozen(kw_only=True)
class WeekCalendar:
    """A calendar whose years are 52 or 53 whole weeks.

    Attributes:
        anchor: Whether the year ends on the last or the nearest weekday.
        weekday: The last day of every week.
        end_month: The month that ends the year, 1 to 12.
        pattern: The weeks of its periods; without one there are no months, quarters or halves,
            and with ``13x4`` no quarters or halves.
        leap_period: The period that holds the 53rd week; the last where it is left out. For a
            long first quarter give 3.
        year_offset: What is added to the calendar year of the end month to name the year: -1
            for retail years that end in January and are named by their start. It must be given
            unless the year ends in December.

    >>> retail = WeekCalendar(anchor=Anchor.NEAREST, weekday=Weekday.SAT, end_month=1,
    ...     pattern=WeekPattern.WEEKS_454, year_offset=-1)
    >>> year = retail.at(Level.YEAR, date(2023, 10, 11))
    >>> year.label, str(year.start), str(year.last), year.days // 7
    ('FY2023', '2023-01-29', '2024-02-03', 53)
    >>> ISO.at(Level.WEEK, date(2023, 10, 11)).label
    '2023-W41'
    """

    anchor: Anchor = attrs.field(converter=_anchor)
    weekday: Weekday = attrs.field(converter=_weekday)
    end_month: int
    pattern: WeekPattern | None = attrs.field(default=None, converter=_pattern)
    leap_period: int = attrs.field()
    year_offset: int = attrs.field()
    _stops: dict[int, date] = attrs.field(factory=dict, init=False, eq=False, repr=False)
    _known: dict[tuple[int, Level], Shelf] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    @leap_period.default
    def _last_period(self) -> int:
        return len(self.pattern.lengths) if self.pattern else 0

    @year_offset.default
    def _no_offset(self) -> int:
        if self.end_month != 12:  # noqa: PLR2004 - December
            raise UsageError(
                f"the year ends in month {self.end_month} - set year_offset to 0 to name it by "
                f"the calendar year of that month, or to -1 for the one before",
                f"财年结束于 {self.end_month} 月 - 把 year_offset 设为 0（按该月所在年命名）"
                f"或 -1（按前一年命名）",
            )
        return 0

    def __attrs_post_init__(self) -> None:
        """Refuses a year that cannot be cut.

        Raises:
            UsageError: A parameter is out of range, or ``year_offset`` is missing.
        """
        if not 1 <= self.end_month <= 12:  # noqa: PLR2004 - months
            zh = f"end_month 为 {self.end_month} - 须为 1 至 12"
            raise UsageError(f"end_month is {self.end_month} - give 1 to 12", zh)
        most = self._last_period()
        if not min(most, 1) <= self.leap_period <= most:
            hint = f"give 1 to {most}" if most else "only a pattern has periods"
            hint_zh = f"须为 1 至 {most}" if most else "只有 pattern 才有月"
            raise UsageError(
                f"leap_period is {self.leap_period} - {hint}",
                f"leap_period 为 {self.leap_period} - {hint_zh}",
            )
        if not -1 <= self.year_offset <= 1:
            en = f"year_offset is {self.year_offset} - give -1, 0 or 1"
            raise UsageError(en, f"year_offset 为 {self.year_offset} - 须为 -1、0 或 1")

    @property
    def id(self) -> str:
        """``iso``, or the parameters of the year."""
        if not self.is_fiscal:
            return "iso"
        pattern = f"{self.pattern}:leap{self.leap_period}" if self.pattern else "weeks"
        rule = f"{self.anchor}-{self.weekday}-{self.end_month:02d}"
        return f"weeks:{rule}:{pattern}:{self.year_offset:+d}"

    @property
    def is_fiscal(self) -> bool:
        """Whether its years differ from those of ISO 8601, so that labels say FY."""
        rule = (self.anchor, self.weekday, self.end_month, self.pattern, self.year_offset)
        return rule != (Anchor.NEAREST, Weekday.SUN, 12, None, 0)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that the pattern makes, longest first."""
        if self.pattern is None:
            return (Level.YEAR, Level.WEEK, Level.DAY)
        if self.pattern is WeekPattern.THIRTEEN:
            return (Level.YEAR, Level.MONTH, Level.WEEK, Level.DAY)
        return (
            Level.YEAR,
            Level.HALF,
            Level.QUARTER,
            Level.MONTH,
            Level.WEEK,
            Level.DAY,
        )

    def at(self, level: Level, day: date) -> Period:
        """Returns the period of that level that the day lies in.

        Raises:
            OutOfCalendar: Before 1001 or after 9997, or the pattern makes no such level.
        """
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise OutOfCalendar(day, f"{_FIRST_DAY} to {_LAST_DAY}")
        if level is Level.DAY:
            return Period(day, day + timedelta(days=1), level, day.isoformat())
        starts, periods = self._shelf(self._year_of(day), level)
        return periods[bisect_right(starts, day) - 1]

    def locate(self, label: Label) -> Period:
        """Returns the period that a parsed label names.

        Raises:
            LabelRefused: It names none of this calendar.
            OutOfCalendar: Before 1001 or after 9997.
        """
        if label.year is None or label.level is None:
            raise no_label(label)
        if label.level is Level.DAY:
            return self.at(Level.DAY, _day(label))
        in_month = label.level is Level.TENDAY or label.minor
        level = Level.MONTH if in_month else label.level
        if level not in self.levels or label.level is Level.TENDAY:
            raise LabelRefused(
                label.text,
                f"is a {label.level}, which calendar {self.id} has not",
                f"是 {label.level}，日历 {self.id} 没有这个级别",
            )
        if label.fiscal != self.is_fiscal:
            own = self._numbered(attrs.evolve(label, fiscal=self.is_fiscal), level)
            raise mixed_up(label, self.id, own)
        return self._numbered(label, level)

    def _numbered(self, label: Label, level: Level) -> Period:
        """Finds a period by its number in the year, and a week by its number in that."""
        year = (label.year or 0) - self.year_offset
        if not _FIRST_DAY.year <= year <= _LAST_DAY.year:
            raise OutOfCalendar(label.text, f"{_FIRST_DAY} to {_LAST_DAY}")
        _, periods = self._shelf(year, level)
        number = label.major if level is not Level.YEAR else 1
        if not 1 <= number <= len(periods):
            whole = f"{'FY' if label.fiscal else ''}{label.year:04d}"
            reason = f"is out of range: {whole} has {len(periods)} of {level}"
            zh = f"超出范围：{whole} 只有 {len(periods)} 个{level.zh}"
            raise LabelRefused(label.text, reason, zh)
        found = periods[number - 1]
        if not label.minor:
            return found
        if label.minor * 7 > found.days:
            reason = f"is out of range: {found.label} has {found.days // 7}"
            zh = f"超出范围：{found.label} 只有 {found.days // 7} 周"
            raise LabelRefused(label.text, reason, zh)
        return self.at(Level.WEEK, found.start + timedelta(weeks=label.minor - 1))

    def _year_of(self, day: date) -> int:
        """The calendar year of the month that ends the year of a day."""
        year = day.year + (day.month > self.end_month)
        if day >= self._stop(year):
            return year + 1
        return year - (day < self._stop(year - 1))

    def _stop(self, year: int) -> date:
        known = self._stops.get(year)
        return known or self._stops.setdefault(year, self._find_stop(year))

    def _find_stop(self, year: int) -> date:
        carry, month = divmod(self.end_month, 12)
        month_end = date(year + carry, month + 1, 1) - timedelta(days=1)
        back = (month_end.weekday() - self.weekday.number) % 7
        if self.anchor is Anchor.NEAREST and back > 3:  # noqa: PLR2004 - half a week
            back -= 7
        return month_end - timedelta(days=back - 1)

    def _shelf(self, year: int, level: Level) -> Shelf:
        known = self._known.get((year, level))
        if known is None:
            if level not in self.levels:
                raise OutOfCalendar(level, ", ".join(self.levels))
            known = self._known[year, level] = self._cut(year, level)
        return known

    def _cut(self, year: int, level: Level) -> Shelf:
        start = self._stop(year - 1)
        weeks = (self._stop(year) - start).days // 7
        lengths = self._lengths(weeks, level)
        borders = [start + timedelta(weeks=many) for many in accumulate(lengths, initial=0)]
        prefix = f"{'FY' if self.is_fiscal else ''}{year + self.year_offset:04d}"
        form = {
            Level.YEAR: "",
            Level.HALF: "H{0}",
            Level.QUARTER: "Q{0}",
            Level.MONTH: "P{0:02d}",
            Level.WEEK: "W{0:02d}" if self.is_fiscal else "-W{0:02d}",
        }[level]
        periods = tuple(
            Period(borders[at], borders[at + 1], level, prefix + form.format(at + 1))
            for at in range(len(lengths))
        )
        return borders[:-1], periods

    def _lengths(self, weeks: int, level: Level) -> list[int]:
        """The weeks of every period of the level in a year."""
        if level in {Level.YEAR, Level.WEEK} or self.pattern is None:
            return [weeks] if level is Level.YEAR else [1] * weeks
        lengths = list(self.pattern.lengths)
        lengths[self.leap_period - 1] += weeks == _LONG_YEAR
        step = {Level.QUARTER: _IN_QUARTER, Level.HALF: _IN_HALF}.get(level, 1)
        return [sum(lengths[at : at + step]) for at in range(0, len(lengths), step)]


def _day(label: Label) -> date:
    try:
        return date(label.year or 0, label.major, label.minor)
    except ValueError as error:
        en, zh = f"is no day of {label.year}", f"不是 {label.year} 年的日期"
        raise LabelRefused(label.text, en, zh) from error


ISO = WeekCalendar(anchor=Anchor.NEAREST, weekday=Weekday.SUN, end_month=12)
"""The years and weeks of ISO 8601: Monday to Sunday, week 1 holds the first Thursday."""
