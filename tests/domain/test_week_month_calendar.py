from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.period import Level
from salesgoal.domain.week_month_calendar import WeekMonthCalendar
from salesgoal.errors import LabelRefused, OutOfCalendar

MAJORITY = WeekMonthCalendar()
BY_FIRST = WeekMonthCalendar(owner="first")
BY_LAST = WeekMonthCalendar(owner="last")
SUNDAYS = WeekMonthCalendar(week_start="sun")


@pytest.mark.parametrize(
    ("calendar", "level", "day", "label", "start", "last"),
    [
        (MAJORITY, "month", "2023-10-01", "2023-09", "2023-09-04", "2023-10-01"),
        (MAJORITY, "month", "2023-10-29", "2023-10", "2023-10-02", "2023-10-29"),
        (MAJORITY, "week", "2023-10-11", "2023-10w2", "2023-10-09", "2023-10-15"),
        (MAJORITY, "quarter", "2023-10-11", "2023Q4", "2023-10-02", "2023-12-31"),
        (MAJORITY, "half", "2023-10-11", "2023H2", "2023-07-03", "2023-12-31"),
        (MAJORITY, "year", "2021-01-03", "2020", "2019-12-30", "2021-01-03"),
        (MAJORITY, "day", "2023-10-11", "2023-10-11", "2023-10-11", "2023-10-11"),
        (BY_FIRST, "month", "2023-11-05", "2023-10", "2023-10-02", "2023-11-05"),
        (BY_LAST, "month", "2023-09-25", "2023-10", "2023-09-25", "2023-10-29"),
        (SUNDAYS, "month", "2023-10-01", "2023-10", "2023-10-01", "2023-10-28"),
    ],
)
def test_a_day_lies_in_its_period(calendar, level, day, label, start, last):
    found = calendar.at(Level(level), date.fromisoformat(day))
    assert (found.label, str(found.start), str(found.last)) == (label, start, last)
    assert parse_period(calendar, label) == found


def test_a_month_has_four_or_five_weeks():
    year = parse_period(MAJORITY, "2020")
    months = subdivide(MAJORITY, year, Level.MONTH)
    assert [len(subdivide(MAJORITY, month, Level.WEEK)) for month in months] == [
        *(5, 4, 4, 5, 4, 4),
        *(5, 4, 4, 5, 4, 5),
    ]


def test_weeks_of_the_iso_year_are_found_too():
    assert parse_period(MAJORITY, "2023-W41").label == "2023-10w2"
    assert parse_period(MAJORITY, "2020年第53周").label == "2020-12w5"


@pytest.mark.parametrize(
    ("calendar", "text", "reason"),
    [
        (MAJORITY, "2023-10w5", "2023-10 has 4 of week"),
        (MAJORITY, "2021-W53", "2021 has 52 of week"),
        (MAJORITY, "2023-13", "a year has 12 of month"),
        (MAJORITY, "2023Q5", "a year has 4 of quarter"),
        (MAJORITY, "2023-10t1", "is a 旬"),
        (MAJORITY, "2023-02-30", "is no day of 2023"),
        (MAJORITY, "1850-02-03", "is outside the calendar"),
        (MAJORITY, "1850", "is outside the calendar"),
        (MAJORITY, "soon", "is not a period label"),
        (MAJORITY, "FY2023", r"2023 \(2023-01-02 to 2023-12-31\) or the year of a fiscal"),
        (BY_FIRST, "2023-W41", "is an ISO week, which calendar week_months:mon:first has not"),
    ],
)
def test_labels_of_no_period_say_which_rule_they_break(calendar, text, reason):
    with pytest.raises(LabelRefused, match=reason):
        parse_period(calendar, text)


def test_days_and_levels_outside_the_calendar_are_refused():
    with pytest.raises(OutOfCalendar, match="1900-02-01 to 9997-12-31"):
        MAJORITY.at(Level.MONTH, date(1900, 1, 31))
    with pytest.raises(OutOfCalendar, match="tenday is outside"):
        MAJORITY.at(Level.TENDAY, date(2023, 1, 31))
