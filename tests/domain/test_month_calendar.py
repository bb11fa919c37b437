from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.month_calendar import MonthCalendar, WeekScheme, YearName
from salesgoal.domain.period import Level
from salesgoal.domain.weekday import Weekday
from salesgoal.errors import LabelRefused, OutOfCalendar, UsageError

GREGORIAN = MonthCalendar()
APRIL = MonthCalendar(start_month=4, year_name=YearName.END)
APRIL_BY_START = MonthCalendar(start_month=4, year_name=YearName.START)
FEBRUARY = MonthCalendar(start_month=2, year_name=YearName.START)
FROM_26 = MonthCalendar(start_day=26)
FROM_10 = MonthCalendar(start_day=10)
FROM_10_BY_END = MonthCalendar(start_day=10, year_name=YearName.END)
FROM_26_BY_START = MonthCalendar(start_day=26, year_name=YearName.START)
JULY_26 = MonthCalendar(start_month=7, start_day=26, year_name=YearName.END)
CLIPPED = MonthCalendar(week_scheme=WeekScheme.CLIPPED)
SUNDAYS = MonthCalendar(week_scheme=WeekScheme.CLIPPED, week_start=Weekday.SUN)


@pytest.mark.parametrize(
    ("calendar", "level", "day", "label", "start", "last"),
    [
        (GREGORIAN, "year", "2023-10-11", "2023", "2023-01-01", "2023-12-31"),
        (GREGORIAN, "half", "2023-10-11", "2023H2", "2023-07-01", "2023-12-31"),
        (GREGORIAN, "quarter", "2023-10-11", "2023Q4", "2023-10-01", "2023-12-31"),
        (GREGORIAN, "month", "2024-02-29", "2024-02", "2024-02-01", "2024-02-29"),
        (GREGORIAN, "week", "2023-10-07", "2023-10w1", "2023-10-01", "2023-10-07"),
        (GREGORIAN, "week", "2023-10-08", "2023-10w2", "2023-10-08", "2023-10-14"),
        (GREGORIAN, "week", "2023-10-21", "2023-10w3", "2023-10-15", "2023-10-21"),
        (GREGORIAN, "week", "2023-10-31", "2023-10w4", "2023-10-22", "2023-10-31"),
        (GREGORIAN, "week", "2023-02-28", "2023-02w4", "2023-02-22", "2023-02-28"),
        (GREGORIAN, "tenday", "2023-10-10", "2023-10t1", "2023-10-01", "2023-10-10"),
        (GREGORIAN, "tenday", "2023-10-11", "2023-10t2", "2023-10-11", "2023-10-20"),
        (GREGORIAN, "tenday", "2023-10-31", "2023-10t3", "2023-10-21", "2023-10-31"),
        (GREGORIAN, "day", "2023-10-11", "2023-10-11", "2023-10-11", "2023-10-11"),
        (APRIL, "year", "2023-03-31", "FY2023", "2022-04-01", "2023-03-31"),
        (APRIL, "year", "2023-04-01", "FY2024", "2023-04-01", "2024-03-31"),
        (APRIL, "half", "2023-10-11", "FY2024H2", "2023-10-01", "2024-03-31"),
        (APRIL, "quarter", "2023-05-01", "FY2024Q1", "2023-04-01", "2023-06-30"),
        (APRIL, "month", "2023-10-11", "2023-10", "2023-10-01", "2023-10-31"),
        (APRIL_BY_START, "year", "2023-04-01", "FY2023", "2023-04-01", "2024-03-31"),
        (FROM_26, "month", "2023-10-25", "FY2023P10", "2023-09-26", "2023-10-25"),
        (FROM_26, "month", "2023-12-26", "FY2024P01", "2023-12-26", "2024-01-25"),
        (FROM_26, "year", "2023-12-26", "FY2024", "2023-12-26", "2024-12-25"),
        (FROM_26, "week", "2023-10-25", "FY2023P10w4", "2023-10-17", "2023-10-25"),
        (FROM_26, "tenday", "2023-10-05", "FY2023P10t1", "2023-09-26", "2023-10-05"),
        (FROM_10, "month", "2023-10-09", "FY2023P09", "2023-09-10", "2023-10-09"),
        (FROM_10, "year", "2023-01-09", "FY2022", "2022-01-10", "2023-01-09"),
        (FROM_10_BY_END, "year", "2023-01-09", "FY2023", "2022-01-10", "2023-01-09"),
        (FROM_10_BY_END, "month", "2022-01-10", "FY2023P01", "2022-01-10", "2022-02-09"),
        (FROM_26_BY_START, "year", "2023-12-26", "FY2023", "2023-12-26", "2024-12-25"),
        (FROM_26_BY_START, "month", "2023-12-26", "FY2023P01", "2023-12-26", "2024-01-25"),
        (CLIPPED, "week", "2023-10-01", "2023-10w1", "2023-10-01", "2023-10-01"),
        (CLIPPED, "week", "2023-10-02", "2023-10w2", "2023-10-02", "2023-10-08"),
        (CLIPPED, "week", "2023-10-31", "2023-10w6", "2023-10-30", "2023-10-31"),
        (CLIPPED, "week", "2021-02-28", "2021-02w4", "2021-02-22", "2021-02-28"),
        (SUNDAYS, "week", "2023-10-31", "2023-10w5", "2023-10-29", "2023-10-31"),
        (JULY_26, "year", "2023-06-26", "FY2024", "2023-06-26", "2024-06-25"),
        (JULY_26, "quarter", "2023-06-25", "FY2023Q4", "2023-03-26", "2023-06-25"),
    ],
)
def test_a_day_lies_in_its_period(calendar, level, day, label, start, last):
    found = calendar.at(Level(level), date.fromisoformat(day))
    assert (found.label, str(found.start), str(found.last)) == (label, start, last)
    assert parse_period(calendar, label) == found


@pytest.mark.parametrize(
    ("calendar", "text", "label"),
    [
        (GREGORIAN, "2023年10月下旬", "2023-10t3"),
        (CLIPPED, "2023年10月第六周", "2023-10w6"),
        (GREGORIAN, "2023年10月第二周", "2023-10w2"),
        (GREGORIAN, "2023年下半年", "2023H2"),
        (APRIL, "2024财年第三季度", "FY2024Q3"),
        (APRIL, "FY2024P07", "2023-10"),
        (APRIL, "FY2024P07w2", "2023-10w2"),
        (APRIL, "FY2024P07t2", "2023-10t2"),
        (APRIL, "2023-10w2", "2023-10w2"),
        (APRIL, "2023-10-11", "2023-10-11"),
        (FROM_26, "2023-10-11", "2023-10-11"),
        (FROM_26, "FY1900P02", "FY1900P02"),
        (JULY_26, "FY9998Q2", "FY9998Q2"),
        (FROM_26, "2023财年第10期", "FY2023P10"),
        (MonthCalendar(start_month=3, year_name=YearName.START), "FY1899", "FY1899"),
    ],
)
def test_other_ways_to_write_a_period_are_understood(calendar, text, label):
    assert parse_period(calendar, text).label == label


@pytest.mark.parametrize(
    ("calendar", "text", "reason"),
    [
        (GREGORIAN, "someday", "is not a period label"),
        (GREGORIAN, "2023-W41", "is a week of the year"),
        (GREGORIAN, "2023-02-30", "is no day of 2023"),
        (GREGORIAN, "2023-10-00", "is no day of 2023"),
        (GREGORIAN, "2023-13", "is no month of 2023"),
        (GREGORIAN, "2023-00", "is out of range: a year has 12 of month"),
        (GREGORIAN, "2023-13w1", "is no week of 2023"),
        (GREGORIAN, "2023Q5", "is out of range: a year has 4 of quarter"),
        (GREGORIAN, "2023Q0", "is out of range"),
        (GREGORIAN, "2023H3", "is out of range: a year has 2 of half"),
        (CLIPPED, "2023-10w7", "is out of range: 2023-10 has 6"),
        (CLIPPED, "2021-02w5", "is out of range: 2021-02 has 4"),
        (GREGORIAN, "202310", "may mean month 2023-10 or week 2023-W10"),
        (
            APRIL,
            "2023Q4",
            r"FY2023Q4 \(2023-01-01 to 2023-03-31\) or the quarter of the calendar",
        ),
        (
            GREGORIAN,
            "FY2023",
            r"2023 \(2023-01-01 to 2023-12-31\) or the year of a fiscal year",
        ),
        (GREGORIAN, "2023-10w5", "is out of range: 2023-10 has 4"),
        (GREGORIAN, "2023-10t0", "is out of range: 2023-10 has 3"),
        (GREGORIAN, "2023-10t4", "is out of range: 2023-10 has 3"),
        (GREGORIAN, "FY2023", "which writes 2023"),
        (GREGORIAN, "FY2023P01", "which writes 2023"),
        (APRIL, "2023Q4", "which writes FY2023"),
        (APRIL, "FY2024P07t0", "is out of range: 2023-10 has 3"),
        (APRIL, "FY2024P13w1", "is out of range: a year has 12 of month"),
        (FROM_26, "2023-10", "which writes FY2023"),
        (FROM_26, "2023-10w2", "which writes FY2023"),
        (FEBRUARY, "FY1899", "is outside the calendar"),
        (FROM_26, "FY1900P01", "is outside the calendar"),
        (FROM_26, "FY1900P01w4", "is outside the calendar"),
        (JULY_26, "FY9998Q4", "is outside the calendar"),
        (GREGORIAN, "1850", "is outside the calendar"),
        (GREGORIAN, "1899", "is outside the calendar"),
        (GREGORIAN, "9998", "is outside the calendar"),
        (GREGORIAN, "1900-01-31", "is outside the calendar"),
    ],
)
def test_labels_of_no_period_say_which_rule_they_break(calendar, text, reason):
    with pytest.raises(LabelRefused, match=reason):
        parse_period(calendar, text)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"start_month": 0}, "give 1 to 12"),
        ({"start_month": 13}, "give 1 to 12"),
        ({"start_day": 0}, "give 1 to 28"),
        ({"start_day": 29}, "give 1 to 28"),
        ({"start_month": 4}, "set year_name"),
        ({"week_start": "sun"}, "set week_scheme to 'clipped'"),
    ],
)
def test_a_year_that_cannot_be_named_is_refused(parameters, message):
    with pytest.raises(UsageError, match=message):
        MonthCalendar(**parameters)


@pytest.mark.parametrize("day", [date(1900, 1, 31), date(9998, 1, 1)])
def test_days_outside_the_calendar_are_refused(day):
    with pytest.raises(OutOfCalendar, match="1900-02-01 to 9997-12-31"):
        GREGORIAN.at(Level.MONTH, day)


def test_no_calendar_has_spans():
    assert Level.SPAN not in GREGORIAN.levels
    with pytest.raises(OutOfCalendar, match="span is outside"):
        GREGORIAN.at(Level.SPAN, date(2023, 1, 1))


def test_calendars_are_equal_by_value_and_their_ids_tell_them_apart():
    seen = MonthCalendar()
    seen.at(Level.YEAR, date(2023, 1, 1))
    assert seen == GREGORIAN
    ids = [each.id for each in (GREGORIAN, APRIL, APRIL_BY_START, FROM_26, FROM_10, JULY_26)]
    assert ids == [
        "gregorian",
        "fiscal:04-01:end",
        "fiscal:04-01:start",
        "fiscal:01-26:end",
        "fiscal:01-10:start",
        "fiscal:07-26:end",
    ]
    assert [CLIPPED.id, SUNDAYS.id] == ["gregorian:clipped-mon", "gregorian:clipped-sun"]
    assert [FROM_10_BY_END.id, FROM_26_BY_START.id] == [
        "fiscal:01-10:end",
        "fiscal:01-26:start",
    ]


def test_parameters_may_be_plain_words():
    plain = MonthCalendar(
        start_month=4, year_name="end", week_scheme="clipped", week_start="sun"
    )
    assert plain.id == "fiscal:04-01:end:clipped-sun"
    assert plain.at(Level.YEAR, date(2023, 10, 11)).label == "FY2024"
    with pytest.raises(
        ValueError, match="year_name is 'middle', a str - give one of start, end"
    ):
        MonthCalendar(start_month=4, year_name="middle")
