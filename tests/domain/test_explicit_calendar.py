from __future__ import annotations

from datetime import date

import attrs
import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.errors import CalendarRefused, LabelRefused, OutOfCalendar


def period(start, stop, level, label):
    return Period(date.fromisoformat(start), date.fromisoformat(stop), level, label)


YEAR = period("2023-01-01", "2023-04-01", Level.YEAR, "2023 stub")
NEXT = period("2023-04-01", "2024-04-01", Level.YEAR, "2024")
JANUARY = period("2023-01-01", "2023-02-01", Level.MONTH, "January")
REST = period("2023-02-01", "2023-04-01", Level.MONTH, "February and March")
STUB = ExplicitCalendar("stub", [NEXT, YEAR])


def test_rows_may_come_in_any_order():
    assert ExplicitCalendar("stub", [YEAR, NEXT]) == STUB
    assert STUB.at(Level.YEAR, date(2023, 3, 31)) == YEAR
    assert STUB.at(Level.YEAR, date(2023, 4, 1)) == NEXT


def test_days_need_no_rows():
    assert STUB.levels == (Level.YEAR, Level.DAY)
    assert STUB.at(Level.DAY, date(2023, 5, 1)).label == "2023-05-01"
    assert parse_period(STUB, "2023年5月1日").label == "2023-05-01"


def test_days_with_rows_keep_their_labels():
    day = period("2023-01-01", "2023-01-02", Level.DAY, "opening day")
    calendar = ExplicitCalendar("days", [day])
    assert calendar.levels == (Level.DAY,)
    assert calendar.at(Level.DAY, day.start) == day
    with pytest.raises(OutOfCalendar, match="2023-01-01 to 2023-01-01"):
        calendar.at(Level.DAY, date(2023, 1, 2))


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2024, 4, 1)])
@pytest.mark.parametrize("level", [Level.YEAR, Level.DAY])
def test_days_outside_the_rows_are_refused(level, day):
    with pytest.raises(OutOfCalendar, match="2023-01-01 to 2024-03-31"):
        STUB.at(level, day)


def test_levels_without_rows_are_refused():
    with pytest.raises(OutOfCalendar, match="month is outside the calendar, which knows year"):
        STUB.at(Level.MONTH, date(2023, 3, 1))


@pytest.mark.parametrize("text", ["2023 stub", "2023stub", " 2023　stub "])
def test_a_row_is_found_by_its_label_whatever_its_spaces(text):
    assert parse_period(STUB, text) == YEAR


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025", "is no period of calendar stub"),
        ("2023-02", "is no period of calendar stub"),
        ("2023-02-30", "is no day of 2023"),
        ("2030-01-01", "is outside the calendar explicit:stub"),
    ],
)
def test_labels_of_no_row_are_refused(text, reason):
    with pytest.raises(LabelRefused, match=reason):
        parse_period(STUB, text)


@pytest.mark.parametrize(
    ("rows", "reasons"),
    [
        ([], ["it has no rows"]),
        (
            [YEAR, period("2023-05-01", "2024-04-01", Level.YEAR, "2024")],
            ["year 2023 stub and 2024 leave a gap"],
        ),
        (
            [YEAR, period("2023-03-01", "2024-04-01", Level.YEAR, "2024")],
            ["year 2023 stub and 2024 overlap"],
        ),
        (
            [YEAR, period("2023-04-01", "2024-04-01", Level.YEAR, "2023 stub")],
            ["2023 stub stands twice"],
        ),
        ([YEAR, JANUARY], ["2023 stub is not tiled by its month periods"]),
        (
            [YEAR, NEXT, JANUARY, REST],
            ["2024 is not tiled by its month periods"],
        ),
    ],
)
def test_every_fault_of_the_rows_is_named(rows, reasons):
    with pytest.raises(CalendarRefused) as caught:
        ExplicitCalendar("c", rows)
    assert [each.facts["reason"] for each in caught.value.problems] == reasons
    assert all(each.text("zh") for each in caught.value.problems)


def test_months_that_tile_the_year_are_accepted():
    calendar = ExplicitCalendar("c", [YEAR, JANUARY, REST])
    assert calendar.levels == (Level.YEAR, Level.MONTH, Level.DAY)


def test_the_id_carries_the_name():
    assert STUB.id == "explicit:stub"


FEBRUARY = period("2023-02-01", "2023-03-01", Level.MONTH, "2023-02")
WEEKS = [
    period("2023-01-30", "2023-02-06", Level.WEEK, "W5"),
    period("2023-02-06", "2023-02-13", Level.WEEK, "W6"),
]


def test_weeks_may_straddle_months_and_tendays():
    tendays = [
        period("2023-02-01", "2023-02-11", Level.TENDAY, "2023-02t1"),
        period("2023-02-11", "2023-02-21", Level.TENDAY, "2023-02t2"),
        period("2023-02-21", "2023-03-01", Level.TENDAY, "2023-02t3"),
    ]
    calendar = ExplicitCalendar("c", [FEBRUARY, *WEEKS, *tendays])
    assert calendar.levels == (Level.MONTH, Level.WEEK, Level.TENDAY, Level.DAY)
    assert calendar.at(Level.WEEK, date(2023, 2, 1)).label == "W5"
    assert calendar.at(Level.TENDAY, date(2023, 2, 12)).label == "2023-02t2"


def test_days_with_rows_must_tile_weeks():
    day = period("2023-01-30", "2023-01-31", Level.DAY, "2023-01-30")
    with pytest.raises(CalendarRefused, match="W5 is not tiled by its day periods"):
        ExplicitCalendar("c", [WEEKS[0], day])


@pytest.mark.parametrize("text", ["2023年2月", "2023年2月份", "2023年二月", "2023-02"])
def test_a_row_is_found_by_any_label_that_means_the_same(text):
    assert parse_period(ExplicitCalendar("c", [FEBRUARY]), text) == FEBRUARY


def test_two_rows_must_not_mean_the_same():
    other = period("2023-03-01", "2023-04-01", Level.MONTH, "2023年2月")
    with pytest.raises(CalendarRefused, match="2023年2月 stands twice"):
        ExplicitCalendar("c", [FEBRUARY, other])


def test_a_label_with_two_readings_is_refused_unless_a_row_has_it():
    calendar = ExplicitCalendar("c", [FEBRUARY])
    with pytest.raises(LabelRefused, match="may mean month 2023-02 or week 2023-W02"):
        parse_period(calendar, "202302")
    named = ExplicitCalendar("c", [attrs.evolve(FEBRUARY, label="202302")])
    assert parse_period(named, "202302").start == FEBRUARY.start
