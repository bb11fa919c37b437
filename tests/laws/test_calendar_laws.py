"""Calendars, DESIGN section 4.

"partitions have no gap and no overlap; children tile parents; parse(format(p)) == p."
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.calendar import next_period, parse_period, prev_period, span, split
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.month_calendar import MonthCalendar, YearName
from salesgoal.domain.period import Level

CALENDARS = st.builds(
    MonthCalendar,
    start_month=st.integers(1, 12),
    start_day=st.integers(1, 28),
    year_name=st.sampled_from(YearName),
)
LEVELS = st.sampled_from(MonthCalendar().levels)
DAYS = st.dates(date(1900, 2, 1), date(2199, 12, 31))
INNER_DAYS = st.dates(date(1902, 1, 1), date(2199, 12, 31))
NESTED = st.sampled_from(
    [
        (Level.YEAR, Level.HALF, 2),
        (Level.YEAR, Level.QUARTER, 4),
        (Level.YEAR, Level.MONTH, 12),
        (Level.HALF, Level.QUARTER, 2),
        (Level.QUARTER, Level.MONTH, 3),
        (Level.MONTH, Level.WEEK, 4),
        (Level.MONTH, Level.TENDAY, 3),
        (Level.WEEK, Level.DAY, None),
        (Level.TENDAY, Level.DAY, None),
        (Level.YEAR, Level.DAY, None),
    ]
)


@given(CALENDARS, LEVELS, DAYS, st.data())
def test_every_day_of_a_period_lies_in_that_period_alone(calendar, level, day, data):
    period = calendar.at(level, day)
    assert day in period
    first = max(period.start, date(1900, 2, 1))
    other = data.draw(st.dates(first, period.last))
    assert calendar.at(level, other) == period


@given(CALENDARS, LEVELS, INNER_DAYS)
def test_the_next_and_the_previous_period_touch_and_undo_each_other(calendar, level, day):
    period = calendar.at(level, day)
    after, before = next_period(calendar, period), prev_period(calendar, period)
    assert (before.stop, period.stop) == (period.start, after.start)
    assert prev_period(calendar, after) == period == next_period(calendar, before)


@given(CALENDARS, NESTED, INNER_DAYS)
def test_children_tile_their_parent(calendar, nested, day):
    longer, shorter, count = nested
    parent = calendar.at(longer, day)
    children = split(calendar, parent, shorter)
    assert (children[0].start, children[-1].stop) == (parent.start, parent.stop)
    assert all(one.stop == other.start for one, other in pairwise(children))
    assert len(children) == (count or parent.days)


@given(CALENDARS, LEVELS, DAYS)
def test_a_label_reads_back_as_its_period(calendar, level, day):
    period = calendar.at(level, day)
    assert parse_period(calendar, period.label) == period


@given(CALENDARS, st.sampled_from([Level.WEEK, Level.TENDAY]), INNER_DAYS, st.data())
def test_a_calendar_written_out_row_by_row_says_the_same(calendar, finest, day, data):
    year = calendar.at(Level.YEAR, day)
    levels = (Level.YEAR, Level.HALF, Level.QUARTER, Level.MONTH, finest)
    rows = [row for level in levels for row in span(calendar, level, year.start, year.stop)]
    explicit = ExplicitCalendar("written out", data.draw(st.permutations(rows)))
    inside = data.draw(st.dates(year.start, year.last))
    for level in (*levels, Level.DAY):
        period = calendar.at(level, inside)
        assert explicit.at(level, inside) == period
        assert parse_period(explicit, period.label) == period


@given(CALENDARS, CALENDARS, DAYS)
def test_calendars_with_the_same_id_agree(one, other, day):
    same = all(one.at(level, day) == other.at(level, day) for level in one.levels)
    assert same or one.id != other.id


@pytest.mark.parametrize("start_day", range(1, 29))
def test_no_day_of_four_centuries_is_lost_or_counted_twice(start_day):
    calendar = MonthCalendar(start_day=start_day)
    months = span(calendar, Level.MONTH, date(1902, 1, 1), date(2302, 1, 1))
    assert all(one.stop == other.start for one, other in pairwise(months))
    assert months[-1].stop - months[0].start == sum(
        (timedelta(days=month.days) for month in months), timedelta()
    )
