from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.calendar import (
    between,
    next_period,
    parse_period,
    prev_period,
    span,
    split,
)
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.errors import LabelRefused, NotNested, OutOfCalendar

GREGORIAN = MonthCalendar()
Q4 = parse_period(GREGORIAN, "2023Q4")
ISO = ExplicitCalendar(
    "iso",
    [
        Period(date(2023, 9, 25), date(2023, 10, 2), Level.WEEK, "2023-W39"),
        Period(date(2023, 10, 2), date(2023, 10, 9), Level.WEEK, "2023-W40"),
        Period(date(2023, 10, 9), date(2023, 10, 16), Level.WEEK, "2023-W41"),
    ],
)
FORTNIGHT = Period(date(2023, 10, 1), date(2023, 10, 10), Level.SPAN, "1st to 9th")


def labels(periods):
    return [period.label for period in periods]


def test_the_next_and_the_previous_period_are_of_the_same_level():
    assert next_period(GREGORIAN, Q4).label == "2024Q1"
    assert prev_period(GREGORIAN, Q4).label == "2023Q3"


def test_a_calendar_that_ends_says_so():
    with pytest.raises(OutOfCalendar):
        next_period(ISO, ISO.at(Level.WEEK, date(2023, 10, 10)))


def test_periods_that_share_a_day_may_stick_out():
    found = span(ISO, Level.WEEK, FORTNIGHT.start, FORTNIGHT.stop)
    assert labels(found) == ["2023-W39", "2023-W40", "2023-W41"]
    assert span(GREGORIAN, Level.DAY, date(2023, 1, 1), date(2023, 1, 1)) == ()


def test_a_split_tiles_the_period():
    assert labels(split(GREGORIAN, Q4, Level.MONTH)) == ["2023-10", "2023-11", "2023-12"]
    assert split(GREGORIAN, Q4, Level.QUARTER) == (Q4,)


@pytest.mark.parametrize(
    ("calendar", "period", "level"),
    [(ISO, FORTNIGHT, Level.WEEK), (GREGORIAN, Q4, Level.YEAR)],
)
def test_a_period_is_never_cut_where_the_level_has_no_border(calendar, period, level):
    with pytest.raises(NotNested, match=f"periods of level {level}"):
        split(calendar, period, level)


def test_only_whole_periods_lie_between():
    assert labels(between(ISO, Level.WEEK, FORTNIGHT)) == ["2023-W40"]
    assert between(GREGORIAN, Level.YEAR, Q4) == ()


def test_a_label_names_a_period_of_the_calendar():
    assert parse_period(GREGORIAN, "2023年第四季度") == Q4
    assert parse_period(ISO, "2023-W40").start == date(2023, 10, 2)


@pytest.mark.parametrize("text", ["", "1850", "1850-03-01", "2023-W40", "soon"])
def test_a_label_that_names_no_period_is_refused(text):
    with pytest.raises(LabelRefused):
        parse_period(GREGORIAN, text)
