"""The calendar of months that are whole weeks: each week belongs to one month alone.

A week belongs to the month that holds most of it (for weeks from Monday that of their Thursday,
as in ISO 8601), or its first day, or its last. So weeks nest in months, months in quarters and
years, but "October" is 2 to 29 October 2023. Years begin in January.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

import attrs

from salesgoal.domain.label import Label, mixed_up, no_label
from salesgoal.domain.period import Level, Period
from salesgoal.domain.weekday import Weekday
from salesgoal.errors import LabelRefused, OutOfCalendar

__all__ = ["WeekMonthCalendar", "WeekOwner"]


class WeekOwner(StrEnum):
    """Which day's month owns a week; `MIDDLE` is the fourth day, so most of the week."""

    MIDDLE = "middle"
    FIRST = "first"
    LAST = "last"


_OFFSETS = {WeekOwner.MIDDLE: 3, WeekOwner.FIRST: 0, WeekOwner.LAST: 6}
_MONTHS_IN = {Level.YEAR: 12, Level.HALF: 6, Level.QUARTER: 3, Level.MONTH: 1}
_FIRST_DAY, _LAST_DAY = date(1900, 2, 1), date(9997, 12, 31)


@attrs.frozen(kw_only=True)
class WeekMonthCalendar:
    """A calendar whose months are four or five whole weeks.

    Attributes:
        week_start: The first day of every week.
        owner: The day whose month owns the week.

    >>> october = WeekMonthCalendar().at(Level.MONTH, date(2023, 10, 11))
    >>> october.label, str(october.start), str(october.last)
    ('2023-10', '2023-10-02', '2023-10-29')
    """

    week_start: Weekday = attrs.field(default=Weekday.MON, converter=Weekday)
    owner: WeekOwner = attrs.field(default=WeekOwner.MIDDLE, converter=WeekOwner)
    _known: dict[tuple[Level, int], Period] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )
    _weeks: dict[date, Period] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    @property
    def id(self) -> str:
        """``week_months:`` and the parameters."""
        return f"week_months:{self.week_start}:{self.owner}"

    @property
    def levels(self) -> tuple[Level, ...]:
        """Every level but 旬, which are not whole weeks."""
        return (*_MONTHS_IN, Level.WEEK, Level.DAY)

    def at(self, level: Level, day: date) -> Period:
        """Returns the period of that level that the day lies in.

        Raises:
            OutOfCalendar: Before February 1900 or after 9997, or a 旬.
        """
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise OutOfCalendar(day, f"{_FIRST_DAY} to {_LAST_DAY}")
        if level is Level.DAY:
            return Period(day, day + timedelta(days=1), level, day.isoformat())
        start = day - timedelta(days=(day.weekday() - self.week_start.number) % 7)
        if level is Level.WEEK:
            return self._weeks.get(start) or self._week(start)
        if level not in _MONTHS_IN:
            raise OutOfCalendar(level, ", ".join(self.levels))
        owner = start + timedelta(days=_OFFSETS[self.owner])
        month = owner.year * 12 + owner.month - 1
        return self._months(level, month - month % _MONTHS_IN[level])

    def locate(self, label: Label) -> Period:
        """Returns the period that a parsed label names; weeks by month or by year.

        Raises:
            LabelRefused: It names none of this calendar.
            OutOfCalendar: Before February 1900 or after 9997.
        """
        if label.year is None or label.level is None:
            raise no_label(label)
        if label.level is Level.TENDAY:
            en = f"is a 旬, which calendar {self.id} has not"
            raise LabelRefused(label.text, en, f"是旬，日历 {self.id} 没有旬")
        is_iso = (self.week_start, self.owner) == (Weekday.MON, WeekOwner.MIDDLE)
        if label.level is Level.WEEK and not label.minor and not is_iso:
            reason = f"is an ISO week, which calendar {self.id} has not"
            zh = f"是 ISO 周，日历 {self.id} 没有 - 写成某月第几周"
            raise LabelRefused(label.text, f"{reason} - write a week of a month", zh)
        if label.level is Level.DAY:
            try:
                return self.at(Level.DAY, date(label.year, label.major, label.minor))
            except ValueError as error:
                if isinstance(error, OutOfCalendar):
                    raise
                en, zh = f"is no day of {label.year}", f"不是 {label.year} 年的日期"
                raise LabelRefused(label.text, en, zh) from error
        if not _FIRST_DAY.year <= label.year <= _LAST_DAY.year:
            raise OutOfCalendar(label.text, f"{_FIRST_DAY} to {_LAST_DAY}")
        found = self._numbered(label)
        if label.fiscal:
            raise mixed_up(label, self.id, found)
        return found

    def _numbered(self, label: Label) -> Period:
        """Finds a period by its number in the year, a week by its number in month or year."""
        first = (label.year or 0) * 12
        of_year = label.level is Level.YEAR or (label.level is Level.WEEK and not label.minor)
        if of_year:
            found = self._months(Level.YEAR, first)
        else:
            level = Level.MONTH if label.minor or label.level is None else label.level
            length = _MONTHS_IN[level]
            if not 1 <= label.major <= 12 // length:
                reason = f"is out of range: a year has {12 // length} of {level}"
                zh = f"超出范围：一年只有 {12 // length} 个{level.zh}"
                raise LabelRefused(label.text, reason, zh)
            found = self._months(level, first + (label.major - 1) * length)
        if label.level is not Level.WEEK:
            return found
        number = label.minor or label.major
        if not 1 <= number <= found.days // 7:
            reason = f"is out of range: {found.label} has {found.days // 7} of week"
            zh = f"超出范围：{found.label} 只有 {found.days // 7} 周"
            raise LabelRefused(label.text, reason, zh)
        return self._week(found.start + timedelta(weeks=number - 1))

    def _week(self, start: date) -> Period:
        owner = start + timedelta(days=_OFFSETS[self.owner])
        month = self._months(Level.MONTH, owner.year * 12 + owner.month - 1)
        number = (start - month.start).days // 7 + 1
        label = f"{month.label}w{number}"
        period = Period(start, start + timedelta(weeks=1), Level.WEEK, label)
        return self._weeks.setdefault(start, period)

    def _months(self, level: Level, first: int) -> Period:
        known = self._known.get((level, first))
        if known is None:
            start, stop = self._begin(first), self._begin(first + _MONTHS_IN[level])
            known = Period(start, stop, level, _label(level, first))
            self._known[level, first] = known
        return known

    def _begin(self, month: int) -> date:
        """The first day of the first week that the month owns."""
        year, index = divmod(month, 12)
        first = date(year, index + 1, 1)
        offset = _OFFSETS[self.owner]
        wait = (self.week_start.number + offset - first.weekday()) % 7
        return first + timedelta(days=wait - offset)


def _label(level: Level, first: int) -> str:
    year, index = divmod(first, 12)
    number = index // _MONTHS_IN[level] + 1
    suffix = {
        Level.YEAR: "",
        Level.HALF: f"H{number}",
        Level.QUARTER: f"Q{number}",
        Level.MONTH: f"-{number:02d}",
    }
    return f"{year:04d}{suffix[level]}"
