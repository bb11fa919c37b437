"""Progress: before, within and after a period, and of one that the plan does not hold."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.pace import Pace
from salesgoal.domain.period import Level
from salesgoal.domain.progress import count_running, judge_progress
from salesgoal.domain.work_calendar import Provisional, Weekdays, WorkdayTable

SALES = Metric(id="sales")
OCTOBER = MonthCalendar().at(Level.MONTH, date(2023, 10, 1))
HALF = date(2023, 10, 15)


def judge(day, *, metric=SALES, actual=100, expected=80, workdays=None, inside=True):
    days = count_running(workdays or Weekdays(), OCTOBER, day, inside=inside)
    return judge_progress(metric, 200, expected, actual, days=days)


def test_a_running_period_has_all_of_it():
    found = judge(HALF)
    assert (found.pace, found.ratio) == (Pace.AHEAD, Fraction(5, 4))
    assert (found.projected, found.required) == (220, Fraction(100, 12))
    assert not found.provisional


def test_a_period_that_is_over_has_come_to_its_actual():
    found = judge(date(2023, 11, 5), expected=200)
    assert (found.pace, found.projected, found.required) == (Pace.BEHIND, 100, None)


def test_a_period_that_has_not_begun_has_nothing():
    found = judge(date(2023, 9, 5), actual=None, expected=None)
    assert (found.pace, found.projected, found.required) == (None, None, None)


def test_a_period_that_the_plan_does_not_hold_is_not_projected():
    found = judge(HALF, inside=False)
    assert (found.projected, found.required) == (None, None)


def test_what_does_not_add_is_not_projected():
    debt = Metric(id="debt", aggregation=Aggregation.LAST)
    assert judge(HALF, metric=debt).projected is None
    assert judge(date(2023, 11, 5), metric=debt).projected is None


def test_estimated_days_are_said():
    known = WorkdayTable("first", {date(2023, 10, 1): False})
    assert judge(HALF, workdays=Provisional(known, Weekdays())).provisional
