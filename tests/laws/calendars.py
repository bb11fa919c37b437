"""Calendars of every kind with random parameters, as Hypothesis strategies."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from salesgoal.domain.calendar import span
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.month_calendar import MonthCalendar, WeekScheme, YearName
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.week_calendar import ISO, Anchor, WeekCalendar, WeekPattern
from salesgoal.domain.week_month_calendar import WeekMonthCalendar, WeekOwner
from salesgoal.domain.weekday import Weekday

WEEKDAYS = st.sampled_from(Weekday)
_MONTHS = {
    "start_month": st.integers(1, 12),
    "start_day": st.integers(1, 28),
    "year_name": st.sampled_from(YearName),
}
MONTH_CALENDARS = st.one_of(
    st.builds(MonthCalendar, **_MONTHS),
    st.builds(
        MonthCalendar, **_MONTHS, week_scheme=st.just(WeekScheme.CLIPPED), week_start=WEEKDAYS
    ),
    st.builds(MonthCalendar, start_day=st.integers(1, 28)),
)


@st.composite
def week_calendars(draw):
    pattern = draw(st.sampled_from([*WeekPattern, None]))
    wanted = {"leap_period": draw(st.integers(1, len(pattern.lengths)))} if pattern else {}
    return WeekCalendar(
        anchor=draw(st.sampled_from(Anchor)),
        weekday=draw(WEEKDAYS),
        end_month=draw(st.integers(1, 12)),
        pattern=pattern,
        year_offset=draw(st.integers(-1, 1)),
        **wanted,
    )


RULED = st.one_of(
    MONTH_CALENDARS,
    week_calendars(),
    st.just(ISO),
    st.builds(WeekMonthCalendar, week_start=WEEKDAYS, owner=st.sampled_from(WeekOwner)),
)
PAIRED = st.builds(PairedCalendar, MONTH_CALENDARS, st.one_of(st.just(ISO), week_calendars()))
"""Weeks that nest in nothing."""
FIRST, LAST = date(1900, 2, 1), date(2199, 12, 31)
DAYS = st.dates(FIRST, LAST)
INNER_DAYS = st.dates(date(1902, 1, 1), LAST)


def written_out(calendar, day):
    """The calendar's three years around a day, row by row; 旬 and weeks may both be there."""
    middle = calendar.at(Level.YEAR, day)
    start = calendar.at(Level.YEAR, date.fromordinal(middle.start.toordinal() - 1)).start
    stop = calendar.at(Level.YEAR, middle.stop).stop
    levels = [level for level in calendar.levels if level is not Level.DAY]
    rows = [row for level in levels for row in span(calendar, level, start, stop)]
    return ExplicitCalendar("written out", rows)


@st.composite
def calendar_days(draw):
    """A calendar of any kind and a day whose period and its neighbours it knows."""
    calendar, day = draw(RULED), draw(INNER_DAYS)
    if draw(st.integers(0, 9)) == 0:
        return written_out(calendar, day), day
    return calendar, day
