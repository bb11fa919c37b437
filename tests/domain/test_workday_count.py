from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.work_calendar import Overlay, Provisional, Weekdays, WorkdayTable
from salesgoal.domain.workday_count import (
    DayBasis,
    count_workdays,
    elapsed_share,
    workday_weights,
)
from salesgoal.errors import UnknownWorkdays

GREGORIAN = MonthCalendar()
OCTOBER = parse_period(GREGORIAN, "2023-10")
WEEKS = subdivide(GREGORIAN, OCTOBER, Level.WEEK)

# The State Council's notice: 国庆节 from 29 September to 6 October, 7 and 8 October worked.
HOLIDAYS = {date(2023, 10, day): False for day in range(1, 7)}
MAKE_UP = {date(2023, 10, 7): True, date(2023, 10, 8): True}
CHINA = Overlay(Weekdays(), HOLIDAYS | MAKE_UP)


def test_october_2023_has_19_workdays():
    count = count_workdays(CHINA, OCTOBER)
    assert (count.workdays, count.days, count.provisional) == (19, 31, False)
    assert [count_workdays(CHINA, week).workdays for week in WEEKS] == [1, 6, 5, 7]


def test_a_firm_may_ignore_make_up_days():
    ignoring = Overlay(CHINA, dict.fromkeys(MAKE_UP, False))
    assert [count_workdays(ignoring, week).workdays for week in WEEKS] == [0, 5, 5, 7]


@pytest.mark.parametrize(
    ("as_of", "elapsed"),
    [
        ("2023-09-30", 0),
        ("2023-10-06", 0),
        ("2023-10-07", 1),
        ("2023-10-14", 7),
        ("2023-10-30", 18),
        ("2023-10-31", 19),
        ("2024-02-29", 19),
    ],
)
def test_a_month_elapses_by_its_workdays(as_of, elapsed):
    found = elapsed_share(CHINA, OCTOBER, date.fromisoformat(as_of))
    assert found.share == Fraction(elapsed, 19)
    assert (found.elapsed, found.total, found.basis) == (elapsed, 19, DayBasis.WORKDAYS)


@pytest.mark.parametrize(
    ("as_of", "elapsed"),
    [(date(2023, 9, 30), 0), (date(2023, 10, 2), 2), (date(2024, 1, 1), 7)],
)
def test_a_week_without_a_workday_elapses_by_its_days_and_says_so(as_of, elapsed):
    rest = Overlay(CHINA, {date(2023, 10, 7): False})
    found = elapsed_share(rest, WEEKS[0], as_of)
    assert (found.share, found.basis) == (Fraction(elapsed, 7), DayBasis.CALENDAR_DAYS)


def test_weeks_weigh_their_workdays():
    weighed = workday_weights(CHINA, WEEKS)
    assert (weighed.weights, weighed.basis) == ((1, 6, 5, 7), DayBasis.WORKDAYS)


def test_one_week_without_a_workday_among_others_weighs_nothing():
    weighed = workday_weights(Overlay(CHINA, {date(2023, 10, 7): False}), WEEKS)
    assert (weighed.weights, weighed.basis) == ((0, 6, 5, 7), DayBasis.WORKDAYS)


def test_periods_without_any_workday_weigh_their_days_and_say_so():
    weighed = workday_weights(Overlay(CHINA, {date(2023, 10, 7): False}), WEEKS[:1])
    assert (weighed.weights, weighed.basis) == ((7,), DayBasis.CALENDAR_DAYS)


def test_what_is_counted_from_estimated_days_is_provisional():
    first_half = {date(2023, 10, day): day > 6 for day in range(1, 15)}
    calendar = Provisional(WorkdayTable("notice", first_half), Weekdays())
    assert count_workdays(calendar, OCTOBER).estimated == 17
    assert elapsed_share(calendar, OCTOBER, date(2023, 10, 2)).provisional
    assert not elapsed_share(calendar, WEEKS[1], date(2023, 10, 9)).provisional
    assert workday_weights(calendar, WEEKS).provisional
    assert not workday_weights(calendar, WEEKS[:2]).provisional


def test_a_period_with_an_unknown_day_is_not_counted():
    table = WorkdayTable("notice", dict.fromkeys(WEEKS[0], True))
    for ask in (count_workdays, lambda c, p: elapsed_share(c, p, date(2023, 10, 1))):
        with pytest.raises(UnknownWorkdays, match="2023-10-08"):
            ask(table, OCTOBER)
    with pytest.raises(UnknownWorkdays):
        workday_weights(table, WEEKS)
