"""Calendars: families of partitions of the day line, all derived from one primitive.

`Calendar.at` says which period of a level a day lies in; everything else on this page follows
from it, for every kind of calendar.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

import attrs

from salesgoal.domain.kind import one_of, require_count, require_day, require_kind
from salesgoal.domain.label import Label, chinese_label, parse_label
from salesgoal.domain.period import Level, Period
from salesgoal.errors import (
    CalendarMismatch,
    KindRefused,
    LabelRefused,
    NotNested,
    OutOfCalendar,
)

__all__ = [
    "Calendar",
    "LabelStyle",
    "between",
    "confirm_period",
    "format_period",
    "next_period",
    "parse_period",
    "prev_period",
    "shift",
    "span",
    "subdivide",
    "to_date",
]


class LabelStyle(StrEnum):
    """How a label is written: 2023Q4 or 2023年第四季度."""

    CANONICAL = "canonical"
    CHINESE = "chinese"


class Calendar(Protocol):
    """What every calendar offers: frozen, equal by value."""

    @property
    def id(self) -> str:
        """A text that tells two different calendars apart."""

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels it has, longest first."""

    def at(self, level: Level, day: date) -> Period:
        """Returns the period of that level that the day lies in: the primitive.

        Raises:
            OutOfCalendar: The calendar lacks the level or the day.
        """

    def locate(self, label: Label) -> Period:
        """Returns the period that a parsed label names.

        Raises:
            LabelRefused: It names none.
            OutOfCalendar: What it names lies outside.
        """


def next_period(calendar: Calendar, period: Period) -> Period:
    """Returns the period of the same level that begins where this one stops.

    Raises:
        OutOfCalendar: The calendar ends here.
        CalendarMismatch: No period begins there: this one is of another calendar.
    """
    found = calendar.at(period.level, period.stop)
    if found.start != period.stop:
        raise _mismatch(period, calendar)
    return found


def prev_period(calendar: Calendar, period: Period) -> Period:
    """Returns the period of the same level that stops where this one begins.

    Raises:
        OutOfCalendar: The calendar begins here.
        CalendarMismatch: No period stops there: this one is of another calendar.
    """
    found = calendar.at(period.level, period.start - timedelta(days=1))
    if found.stop != period.start:
        raise _mismatch(period, calendar)
    return found


def shift(
    calendar: Calendar, period: Period, *, years: int = 0, periods: int = 0
) -> Period | None:
    """Returns the period's counterpart, or None where it has none.

    Args:
        calendar: Whose period it is.
        period: Of any level.
        years: How many years on, or back where negative: the period of the same name in that
            year. Week 53 and 29 February have a counterpart in few years; a quarter of 14
            weeks has one of 13, as its ``days`` say.
        periods: How many periods of its level on or back, after the years: -52 weeks compares
            weeks as retailers restate them.

    Raises:
        CalendarMismatch: The period is of another calendar.

    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> gregorian = MonthCalendar()
    >>> leap_day = parse_period(gregorian, "2024-02-29")
    >>> print(shift(gregorian, leap_day, years=-4), shift(gregorian, leap_day, years=1))
    2020-02-29 None
    """
    require_count(years, "years")
    require_count(periods, "periods")
    confirm_period(calendar, period)
    try:
        found = _namesake(calendar, period, years) if years else period
        for _ in range(abs(periods)):
            found = (
                next_period(calendar, found) if periods > 0 else prev_period(calendar, found)
            )
    except (LabelRefused, OutOfCalendar):
        return None
    return found


def _namesake(calendar: Calendar, period: Period, years: int) -> Period:
    """The period of the same name some years on."""
    label = parse_label(period.label)
    if label.year is None:
        raise LabelRefused(period.label, "names no year", "没有写明年份")
    return calendar.locate(attrs.evolve(label, text="", year=label.year + years))


def to_date(calendar: Calendar, level: Level, day: date) -> Period:
    """Returns the span from the beginning of the day's period of that level to the day.

    So year to date, quarter to date and so on, in the years and quarters of any calendar.

    Raises:
        OutOfCalendar: The calendar lacks the level or the day.

    >>> from salesgoal.domain.month_calendar import MonthCalendar, YearName
    >>> fiscal = MonthCalendar(start_month=4, year_name=YearName.END)
    >>> so_far = to_date(fiscal, Level.YEAR, date(2018, 5, 31))
    >>> so_far.label, str(so_far.start), so_far.days
    ('FY2019..2018-05-31', '2018-04-01', 61)
    """
    _require_calendar(calendar)
    require_day(day, "day")
    require_kind(level, str, "level", "Level.QUARTER")
    whole = calendar.at(level, day)
    stop = day + timedelta(days=1)
    return Period(whole.start, stop, Level.SPAN, f"{whole.label}..{day}")


def confirm_period(calendar: Calendar, period: Period) -> Period:
    """Returns a period that was kept, if the calendar still means the same days by its label.

    2023-10w1 and FY2024 are other days in other calendars, so what is kept of a period is its
    label with its days, and this is asked when it comes back.

    Raises:
        CalendarMismatch: The label means other days, or nothing.
    """
    _require_calendar(calendar)
    require_kind(period, Period, "period", "parse_period(calendar, '2023Q4')")
    try:
        same = calendar.locate(parse_label(period.label)) == period
    except (LabelRefused, OutOfCalendar):
        same = False
    if not same:
        raise _mismatch(period, calendar)
    return period


def _require_calendar(calendar: object) -> None:
    if not hasattr(calendar, "locate"):
        remedy = "MonthCalendar()"
        raise KindRefused("calendar", calendar, f"give {remedy}", f"请给出 {remedy}")


def _mismatch(period: Period, calendar: Calendar) -> CalendarMismatch:
    found = f"the {period.level} {period.start} to {period.last}"
    return CalendarMismatch(period.label, found, calendar.id)


def span(calendar: Calendar, level: Level, start: date, stop: date) -> tuple[Period, ...]:
    """Returns the periods of a level that share a day with ``start`` .. ``stop`` (exclusive).

    The first and last may stick out, as ISO weeks do at the ends of a month.

    Raises:
        OutOfCalendar: The calendar lacks the level or a day.
    """
    periods = []
    day = start
    while day < stop:
        periods.append(calendar.at(level, day))
        day = periods[-1].stop
    return tuple(periods)


def subdivide(calendar: Calendar, period: Period, level: Level) -> tuple[Period, ...]:
    """Returns the periods of a finer level that tile this one without gap or overlap.

    Raises:
        NotNested: They stick out, or the level is not finer.
        OutOfCalendar: The calendar lacks the level.
    """
    parts = span(calendar, level, period.start, period.stop)
    if parts[0].start != period.start or parts[-1].stop != period.stop:
        raise NotNested(period.label, level)
    return parts


def between(calendar: Calendar, level: Level, period: Period) -> tuple[Period, ...]:
    """Returns the periods of a level that lie whole inside this one.

    Raises:
        OutOfCalendar: The calendar lacks the level or a day.
    """
    parts = span(calendar, level, period.start, period.stop)
    return tuple(part for part in parts if period.covers(part))


def format_period(
    calendar: Calendar, period: Period, *, style: LabelStyle | str = LabelStyle.CANONICAL
) -> str:
    """Returns the label in a style, ``canonical`` or ``chinese``; `parse_period` reads it back.

    A label that is of no known form, as spans and rows of an explicit calendar may have, stays
    as it is.

    Raises:
        CalendarMismatch: The period is of another calendar.
        KindRefused: The calendar, the period or the style is none.

    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> week = MonthCalendar().at(Level.WEEK, date(2023, 10, 11))
    >>> format_period(MonthCalendar(), week, style="chinese")
    '2023年10月第二周'
    """
    _require_calendar(calendar)
    require_kind(period, Period, "period", "parse_period(calendar, '2023Q4')")
    style = one_of(LabelStyle, style, "style")
    if period.level is Level.SPAN:
        return period.label
    confirm_period(calendar, period)
    if style is LabelStyle.CANONICAL:
        return period.label
    label = parse_label(period.label)
    chinese = chinese_label(label)
    return chinese if parse_label(chinese).meaning == label.meaning else period.label


def parse_period(calendar: Calendar, text: str) -> Period:
    """Returns the period that a label names, canonical or Chinese.

    Raises:
        LabelRefused: The text is no label, or the calendar has no such period.

    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> parse_period(MonthCalendar(), "2023年第四季度").label
    '2023Q4'
    """
    _require_calendar(calendar)
    require_kind(text, str, "text", "'2023Q4'")
    label = parse_label(text)
    try:
        return calendar.locate(label)
    except OutOfCalendar as error:
        en, zh = f"is outside the calendar {calendar.id}", f"不在日历 {calendar.id} 之内"
        raise LabelRefused(text, en, zh) from error
