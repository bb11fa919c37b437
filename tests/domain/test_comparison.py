"""Comparison: counterparts that exist, like parts, and what no source covers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.comparison import (
    basis_days,
    covers_whole,
    like_part,
    part_of,
    period_before,
    year_before,
)
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.month_calendar import MonthCalendar, YearName
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import whole_span
from salesgoal.domain.week_calendar import ISO
from salesgoal.domain.work_calendar import Weekdays, WorkdayTable

MONTHS = MonthCalendar()
FISCAL = MonthCalendar(start_month=4, year_name=YearName.END)


def month(label):
    return parse_period(MONTHS, label)


@pytest.mark.parametrize(
    ("calendar", "label", "before", "year"),
    [
        (MONTHS, "2023-10", "2023-09", "2022-10"),
        (MONTHS, "2024-01", "2023-12", "2023-01"),
        (MONTHS, "2024-02-29", "2024-02-28", "None"),
        (FISCAL, "FY2019Q1", "FY2018Q4", "FY2018Q1"),
        (ISO, "2020-W53", "2020-W52", "None"),
        (ISO, "2021-W01", "2020-W53", "2020-W01"),
        (ISO, "2021-W52", "2021-W51", "2020-W52"),
    ],
)
def test_the_period_before_and_the_year_before(calendar, label, before, year):
    period = parse_period(calendar, label)
    assert str(period_before(calendar, period)) == before
    assert str(year_before(calendar, period)) == year


def test_a_span_has_as_many_days_before_it_and_no_year():
    span = whole_span(date(2023, 10, 11), date(2023, 10, 20))
    assert str(period_before(MONTHS, span)) == "2023-10-01..2023-10-10"
    assert year_before(MONTHS, span) is None


def test_a_calendar_that_ends_has_nothing_before_its_first_period():
    rows = [month("2023-10"), month("2023-11")]
    short = ExplicitCalendar("short", rows)
    assert period_before(short, rows[0]) is None
    assert year_before(short, rows[1]) is None
    assert year_before(short, month("2024-10")) is None


def test_a_cut_week_is_compared_with_the_whole_week_before():
    week = ISO.at(Level.WEEK, date(2023, 10, 1)).clip(
        whole_span(date(2023, 10, 1), date(2023, 12, 31))
    )
    assert week.days == 1
    assert period_before(ISO, week).days == 7
    assert str(year_before(ISO, week)) == "2022-W39"


def test_a_period_that_is_over_is_compared_whole():
    assert like_part(None, month("2023-10"), date(2023, 10, 31), month("2023-09")) == month(
        "2023-09"
    )
    assert like_part(None, month("2023-10"), date(2023, 9, 30), month("2023-09")) is None


def test_the_same_share_of_calendar_days():
    found = like_part(None, month("2024-02"), date(2024, 2, 15), month("2023-02"))
    assert found.last == date(2023, 2, 14)
    assert like_part(None, month("2023-03"), date(2023, 3, 1), month("2023-02")).days == 1


def test_days_are_counted_alike_on_both_sides():
    closed = WorkdayTable("one month", {day: day.day > 9 for day in month("2023-10")})
    found = like_part(closed, month("2023-10"), date(2023, 10, 15), month("2023-09"))
    assert found.last == date(2023, 9, 15)
    idle = WorkdayTable("idle", dict.fromkeys(month("2023-09"), False))
    assert basis_days(idle, month("2023-09")) == list(month("2023-09"))


def test_nothing_is_like_a_part_without_a_day():
    assert like_part(Weekdays(), month("2023-10"), date(2023, 10, 1), month("2023-09")) is None
    short = Period(date(2023, 1, 1), date(2023, 1, 3), Level.SPAN, "two days")
    assert like_part(None, month("2023-10"), date(2023, 10, 2), short) is None


def test_a_part_ends_on_a_day_that_counts():
    half = part_of(Weekdays(), month("2023-09"), Fraction(1, 2))
    assert half.last == date(2023, 9, 15)
    assert half.label == "2023-09..2023-09-15"


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([], False),
        ([(date(2023, 9, 1), date(2023, 10, 30))], False),
        ([(date(2023, 10, 1), date(2023, 10, 31))], True),
        (
            [(date(2023, 9, 9), date(2023, 10, 9)), (date(2023, 10, 20), date(2023, 11, 9))],
            True,
        ),
    ],
)
def test_a_source_covers_from_its_first_day_to_its_last(spans, found):
    assert covers_whole(spans, month("2023-10")) is found
