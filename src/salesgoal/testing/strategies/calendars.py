"""Calendars of every kind, periods of them, and work calendars."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from salesgoal.domain.calendar import Calendar, span
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.month_calendar import MonthCalendar, WeekScheme, YearName
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.domain.week_calendar import ISO, Anchor, WeekCalendar, WeekPattern
from salesgoal.domain.week_month_calendar import WeekMonthCalendar, WeekOwner
from salesgoal.domain.weekday import Weekday
from salesgoal.domain.work_calendar import (
    Overlay,
    Provisional,
    Weekdays,
    WorkCalendar,
    WorkdayTable,
)

__all__ = [
    "calendar_days",
    "calendars",
    "explicit_calendars",
    "month_calendars",
    "paired_calendars",
    "periods",
    "ruled_calendars",
    "week_calendars",
    "week_month_calendars",
    "work_calendars",
    "write_out",
]

_DAYS = st.dates(date(1902, 1, 1), date(2199, 12, 31))
_WEEKDAYS = st.sampled_from(Weekday)
_FISCAL = {
    "start_month": st.integers(1, 12),
    "start_day": st.integers(1, 28),
    "year_name": st.sampled_from(YearName),
}


def month_calendars() -> st.SearchStrategy[MonthCalendar]:
    """Years of twelve months: any fiscal start, both schemes of weeks; the Gregorian first."""
    clipped = st.just(WeekScheme.CLIPPED)
    return st.one_of(
        st.just(MonthCalendar()),
        st.builds(MonthCalendar, **_FISCAL),
        st.builds(MonthCalendar, **_FISCAL, week_scheme=clipped, week_start=_WEEKDAYS),
        st.builds(MonthCalendar, start_day=st.integers(1, 28)),
    )


def week_calendars() -> st.SearchStrategy[WeekCalendar]:
    """Years of 52 or 53 weeks: any anchor, pattern and leap week; ISO years first."""
    return st.one_of(st.just(ISO), _week_calendars())


@st.composite
def _week_calendars(draw: st.DrawFn) -> WeekCalendar:
    pattern = draw(st.sampled_from([*WeekPattern, None]))
    wanted: dict[str, Any] = {}
    if pattern is not None:
        wanted["leap_period"] = draw(st.integers(1, len(pattern.lengths)))
    return WeekCalendar(
        anchor=draw(st.sampled_from(Anchor)),
        weekday=draw(_WEEKDAYS),
        end_month=draw(st.integers(1, 12)),
        pattern=pattern,
        year_offset=draw(st.integers(-1, 1)),
        **wanted,
    )


def week_month_calendars() -> st.SearchStrategy[WeekMonthCalendar]:
    """Months of whole weeks, by any day that a week starts with and any rule of whose it is."""
    owners = st.sampled_from(WeekOwner)
    return st.builds(WeekMonthCalendar, week_start=_WEEKDAYS, owner=owners)


def paired_calendars() -> st.SearchStrategy[PairedCalendar]:
    """Months beside weeks that nest in nothing."""
    return st.builds(PairedCalendar, month_calendars(), week_calendars())


def write_out(calendar: Calendar, day: date) -> ExplicitCalendar:
    """Returns the calendar's three years around a day, row by row."""
    middle = calendar.at(Level.YEAR, day)
    start = calendar.at(Level.YEAR, date.fromordinal(middle.start.toordinal() - 1)).start
    stop = calendar.at(Level.YEAR, middle.stop).stop
    levels = [level for level in calendar.levels if level is not Level.DAY]
    rows = [row for level in levels for row in span(calendar, level, start, stop)]
    return ExplicitCalendar("written out", rows)


def explicit_calendars() -> st.SearchStrategy[ExplicitCalendar]:
    """Calendars given row by row: three years of any other kind."""
    return st.builds(write_out, ruled_calendars(), _DAYS)


def ruled_calendars() -> st.SearchStrategy[Calendar]:
    """Calendars that know every day of two centuries, and whose levels nest."""
    return st.one_of(month_calendars(), week_calendars(), week_month_calendars())


def calendars() -> st.SearchStrategy[Calendar]:
    """Calendars that know every day of two centuries: those that nest, and pairs."""
    return st.one_of(ruled_calendars(), paired_calendars())


@st.composite
def calendar_days(
    draw: st.DrawFn, days: st.SearchStrategy[date] = _DAYS
) -> tuple[Calendar, date]:
    """A calendar of any kind whose years are its longest level, and a day inside it.

    It knows the years around the day; one in ten is given row by row.
    """
    calendar, day = draw(ruled_calendars()), draw(days)
    if draw(st.integers(0, 9)) == 9:  # noqa: PLR2004 - the last of ten
        return write_out(calendar, day), day
    return calendar, day


@st.composite
def periods(draw: st.DrawFn, days: st.SearchStrategy[date] = _DAYS) -> Period:
    """A period of any calendar and level."""
    calendar, day = draw(calendar_days(days))
    return calendar.at(draw(st.sampled_from(calendar.levels)), day)


def work_calendars() -> st.SearchStrategy[WorkCalendar]:
    """Work calendars that know or estimate every day: weekdays, exceptions, estimates."""
    weeks = st.builds(Weekdays, st.sets(_WEEKDAYS, min_size=1).map(tuple))
    given = st.dictionaries(st.dates(date(2023, 12, 20), date(2024, 3, 10)), st.booleans())
    tables = given.filter(bool).map(lambda days: WorkdayTable("table", days))
    return st.one_of(
        st.just(Weekdays()),
        weeks,
        st.builds(Overlay, weeks, given),
        st.builds(Provisional, tables, weeks),
    )
