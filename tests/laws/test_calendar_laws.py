"""Calendars, DESIGN section 4.

"partitions have no gap and no overlap; children tile parents; parse(format(p)) == p."
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.calendar import (
    LabelStyle,
    confirm_period,
    format_period,
    next_period,
    parse_period,
    prev_period,
    shift,
    span,
    subdivide,
    to_date,
)
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.week_calendar import ISO, Anchor
from salesgoal.errors import CalendarMismatch, NotNested
from salesgoal.testing.strategies import (
    calendar_days,
    calendars,
    ruled_calendars,
    week_calendars,
    write_out,
)

FIRST, LAST = date(1900, 2, 1), date(2199, 12, 31)
DAYS = st.dates(FIRST, LAST)
INNER_DAYS = st.dates(date(1902, 1, 1), LAST)
RULED = ruled_calendars()
CHAINS = (
    (Level.YEAR, Level.HALF, Level.QUARTER, Level.MONTH, Level.WEEK, Level.DAY),
    (Level.MONTH, Level.TENDAY, Level.DAY),
)
"""What nests in what, on every calendar that has the levels."""


def levels_of(calendar):
    return st.sampled_from(calendar.levels)


KNOWN = calendars()
KNOWN_LEVELS = KNOWN.flatmap(lambda calendar: st.tuples(st.just(calendar), levels_of(calendar)))


@given(KNOWN_LEVELS, DAYS, st.data())
def test_every_day_of_a_period_lies_in_that_period_alone(case, day, data):
    calendar, level = case
    period = calendar.at(level, day)
    assert day in period
    other = data.draw(st.dates(max(period.start, FIRST), period.last))
    assert calendar.at(level, other) == period
    assert calendar.at(level, period.stop).start == period.stop


@given(calendar_days(), st.data())
def test_every_day_of_a_period_of_any_kind_lies_in_it_alone(case, data):
    calendar, day = case
    period = calendar.at(data.draw(levels_of(calendar)), day)
    assert day in period
    assert {calendar.at(period.level, each) for each in (period.start, period.last)} == {period}


@given(calendar_days(), st.data())
def test_the_next_and_the_previous_period_touch_and_undo_each_other(case, data):
    calendar, day = case
    period = calendar.at(data.draw(levels_of(calendar)), day)
    # A calendar of rows knows a year before and after, so not what lies beyond these.
    after, before = next_period(calendar, period), prev_period(calendar, period)
    assert (before.stop, period.stop) == (period.start, after.start)
    assert prev_period(calendar, after) == period == next_period(calendar, before)
    assert shift(calendar, period, periods=1) == after
    assert shift(calendar, after, periods=-1) == period


@given(calendar_days(), st.data())
def test_children_tile_their_parent(case, data):
    calendar, day = case
    chain = [level for level in data.draw(st.sampled_from(CHAINS)) if level in calendar.levels]
    if len(chain) < 2:
        return
    longer, shorter = sorted(data.draw(st.permutations(chain))[:2], key=lambda each: each.rank)
    parent = calendar.at(longer, day)
    children = subdivide(calendar, parent, shorter)
    assert (children[0].start, children[-1].stop) == (parent.start, parent.stop)
    assert all(one.stop == other.start for one, other in pairwise(children))
    assert sum(child.days for child in children) == parent.days
    assert len({child.label for child in children}) == len(children)


@given(calendar_days(), st.data())
def test_splitting_twice_is_splitting_once(case, data):
    calendar, day = case
    levels = [level for level in CHAINS[0] if level in calendar.levels]
    longest, middle, shortest = sorted(
        data.draw(st.permutations(levels))[:3], key=lambda each: each.rank
    )
    parent = calendar.at(longest, day)
    twice = [
        part
        for each in subdivide(calendar, parent, middle)
        for part in subdivide(calendar, each, shortest)
    ]
    assert tuple(twice) == subdivide(calendar, parent, shortest)


@given(calendar_days(), st.sampled_from(LabelStyle), st.data())
def test_a_label_reads_back_as_its_period_in_every_style(case, style, data):
    calendar, day = case
    period = calendar.at(data.draw(levels_of(calendar)), day)
    written = format_period(calendar, period, style=style)
    assert parse_period(calendar, written) == period
    assert parse_period(calendar, f" {written} ") == period


@given(KNOWN_LEVELS, DAYS)
def test_the_first_and_last_known_labels_read_back_too(case, day):
    calendar, level = case
    period = calendar.at(level, day)
    assert parse_period(calendar, period.label) == period


@given(KNOWN_LEVELS, INNER_DAYS)
def test_neighbours_undo_each_other_where_weeks_nest_in_nothing(case, day):
    calendar, level = case
    period = calendar.at(level, day)
    assert prev_period(calendar, next_period(calendar, period)) == period
    assert next_period(calendar, prev_period(calendar, period)) == period


@given(RULED, INNER_DAYS)
def test_a_calendar_written_out_row_by_row_says_the_same(calendar, day):
    explicit = write_out(calendar, day)
    for level in calendar.levels:
        period = calendar.at(level, day)
        assert explicit.at(level, day) == period
        for style in LabelStyle:
            written = format_period(calendar, period, style=style)
            assert parse_period(explicit, written) == period


@given(RULED, RULED, INNER_DAYS)
def test_calendars_with_the_same_id_agree(one, other, day):
    same = one.levels == other.levels and all(
        one.at(level, day) == other.at(level, day) for level in one.levels
    )
    assert same or one.id != other.id


@given(RULED, RULED, INNER_DAYS, st.data())
def test_a_period_is_confirmed_by_calendars_that_mean_the_same_days(one, other, day, data):
    period = one.at(data.draw(levels_of(one)), day)
    assert confirm_period(one, period) == period
    same = period.level in other.levels and other.at(period.level, day) == period
    if same:
        assert confirm_period(other, period) == period
    else:
        with pytest.raises(CalendarMismatch):
            confirm_period(other, period)


@given(RULED, INNER_DAYS, st.integers(-3, 3), st.data())
def test_a_counterpart_has_a_counterpart_back(calendar, day, years, data):
    period = calendar.at(data.draw(levels_of(calendar)), day)
    found = shift(calendar, period, years=years)
    assert found is None or shift(calendar, found, years=-years) == period


@given(calendar_days(), st.data())
def test_to_date_grows_by_the_day_and_ends_as_the_whole_period(case, data):
    calendar, day = case
    whole = calendar.at(data.draw(levels_of(calendar)), day)
    so_far = to_date(calendar, whole.level, day)
    assert whole.covers(so_far)
    assert so_far.days == (day - whole.start).days + 1
    done = to_date(calendar, whole.level, whole.last)
    assert (done.start, done.stop) == (whole.start, whole.stop)


@given(week_calendars(), INNER_DAYS)
def test_a_year_of_weeks_ends_where_its_anchor_says(calendar, day):
    year = calendar.at(Level.YEAR, day)
    assert year.days in {52 * 7, 53 * 7}
    assert year.last.weekday() == calendar.weekday.number
    named = int(year.label.removeprefix("FY")) - calendar.year_offset
    carry, month = divmod(calendar.end_month, 12)
    month_end = date(named + carry, month + 1, 1) - timedelta(days=1)
    off = (month_end - year.last).days
    assert 0 <= off <= 6 if calendar.anchor is Anchor.LAST else -3 <= off <= 3


@given(DAYS)
def test_iso_weeks_are_those_of_python(day):
    year, week, _ = day.isocalendar()
    assert ISO.at(Level.WEEK, day).label == f"{year}-W{week:02d}"
    assert ISO.at(Level.YEAR, day).label == str(year)


@given(RULED, INNER_DAYS)
def test_weeks_of_iso_years_nest_only_where_the_days_do(calendar, day):
    year = calendar.at(Level.YEAR, day)
    nests = year.start.weekday() == 0 and year.stop.weekday() == 0
    if nests:
        assert len(subdivide(ISO, year, Level.WEEK)) * 7 == year.days
    else:
        with pytest.raises(NotNested):
            subdivide(ISO, year, Level.WEEK)


@pytest.mark.parametrize("start_day", range(1, 29))
def test_no_day_of_four_centuries_is_lost_or_counted_twice(start_day):
    calendar = MonthCalendar(start_day=start_day)
    months = span(calendar, Level.MONTH, date(1902, 1, 1), date(2302, 1, 1))
    assert all(one.stop == other.start for one, other in pairwise(months))
    assert months[-1].stop - months[0].start == sum(
        (timedelta(days=month.days) for month in months), timedelta()
    )
