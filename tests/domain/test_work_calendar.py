from __future__ import annotations

from datetime import date, datetime

import pytest

from salesgoal.domain.weekday import Weekday
from salesgoal.domain.work_calendar import (
    Overlay,
    Provisional,
    Weekdays,
    WorkdayTable,
)
from salesgoal.errors import UnknownWorkdays, UsageError

FRIDAY, SATURDAY, SUNDAY = date(2023, 10, 6), date(2023, 10, 7), date(2023, 10, 8)
TABLE = WorkdayTable("2023年", {FRIDAY: False, SATURDAY: True})


def test_the_usual_week_runs_from_monday_to_friday():
    worked = [Weekdays().is_workday(date(2023, 10, day)) for day in range(9, 16)]
    assert worked == [True] * 5 + [False] * 2


def test_any_set_of_weekdays_may_be_worked():
    gulf = Weekdays(["sun", "mon", Weekday.TUE, "wed", "thu"])
    assert gulf.is_workday(SUNDAY)
    assert not gulf.is_workday(FRIDAY)
    assert gulf == Weekdays(reversed(list(gulf.days)))
    assert hash(gulf) != hash(Weekdays())


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((), "no weekday is worked"),
        (("funday",), "'funday' is not .* give some of mon, tue"),
    ],
)
def test_a_week_needs_weekdays(days, words):
    with pytest.raises(UsageError, match=words):
        Weekdays(days)


def test_weekdays_know_every_day():
    assert Weekdays().known(date(2199, 1, 1))
    assert Weekdays().known_until is None


def test_a_table_knows_the_days_given_and_no_others():
    assert TABLE.known_until == SATURDAY
    assert [TABLE.known(day) for day in (FRIDAY, SATURDAY, SUNDAY)] == [True, True, False]
    assert [TABLE.is_workday(day) for day in (FRIDAY, SATURDAY)] == [False, True]


def test_an_unknown_day_is_never_guessed():
    words = r"2023-10-08 is not known to the work calendar 2023年, .* until 2023-10-07"
    with pytest.raises(UnknownWorkdays, match=words) as refused:
        TABLE.is_workday(SUNDAY)
    error = refused.value
    assert (error.day, error.calendar, error.known_until) == (SUNDAY, "2023年", SATURDAY)


def test_a_calendar_without_an_end_is_not_said_to_have_one():
    assert "until" not in str(UnknownWorkdays(SUNDAY, "mine", None))


def test_a_table_needs_a_day():
    with pytest.raises(UsageError, match="empty has no day"):
        WorkdayTable("empty", {})


@pytest.mark.parametrize("day", [datetime(2023, 10, 6), "2023-10-06"])  # noqa: DTZ001
def test_days_have_no_time(day):
    with pytest.raises(UsageError, match="give a date without a time"):
        Overlay(Weekdays(), {day: False})


def test_exceptions_win_over_the_calendar_below():
    single_rest = Overlay(TABLE, {SATURDAY: False, SUNDAY: True})
    assert [single_rest.is_workday(day) for day in (FRIDAY, SATURDAY, SUNDAY)] == [
        False,
        False,
        True,
    ]


def test_an_exception_is_known_even_beyond_the_calendar_below():
    overlay = Overlay(TABLE, {SUNDAY: True})
    assert overlay.known(SUNDAY)
    assert overlay.known_until == SATURDAY
    with pytest.raises(UnknownWorkdays):
        overlay.is_workday(date(2023, 10, 9))


def test_an_estimate_answers_only_what_is_not_known():
    calendar = Provisional(TABLE, Weekdays())
    days = [FRIDAY, SATURDAY, SUNDAY, date(2023, 10, 9)]
    assert [calendar.is_workday(day) for day in days] == [False, True, False, True]
    assert [calendar.known(day) for day in days] == [True, True, False, False]
    assert calendar.known_until == SATURDAY


def test_an_estimate_that_does_not_know_either_says_so():
    with pytest.raises(UnknownWorkdays, match="estimate"):
        Provisional(TABLE, WorkdayTable("estimate", {FRIDAY: True})).is_workday(SUNDAY)


def test_calendars_are_equal_by_value():
    assert Provisional(TABLE, Weekdays()) == Provisional(TABLE, Weekdays(list(Weekday)[:5]))
    assert Overlay(TABLE, {FRIDAY: True}) != Overlay(TABLE, {FRIDAY: False})
    assert len({TABLE, WorkdayTable(TABLE.name, dict(TABLE.days))}) == 1
