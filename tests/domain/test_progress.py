"""Progress: before, within and after a period, and of one that the plan does not hold."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.pace import Pace, PaceSettings
from salesgoal.domain.period import Level
from salesgoal.domain.progress import count_running, growth_of, judge_progress
from salesgoal.domain.work_calendar import Provisional, Weekdays, WorkdayTable

SALES = Metric(id="sales")
OCTOBER = MonthCalendar().at(Level.MONTH, date(2023, 10, 1))
HALF = date(2023, 10, 15)


def judge(
    day, *, metric=SALES, actual=100, expected=80, workdays=None, inside=True, parts=None
):
    days = count_running(workdays or Weekdays(), OCTOBER, day, inside=inside)
    return judge_progress(metric, 200, expected, actual, days=days, parts=parts)


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


@pytest.mark.parametrize(
    ("aggregation", "projected"),
    [
        (Aggregation.SUM, 220),
        (Aggregation.DISTINCT, 220),
        (Aggregation.LAST, 100),
        (Aggregation.AVERAGE, 100),
        (Aggregation.MAXIMUM, 100),
        (Aggregation.MINIMUM, 100),
    ],
)
def test_sums_and_counts_go_on_by_the_day_and_levels_stay(aggregation, projected):
    metric = Metric(id="metric", aggregation=aggregation)
    assert judge(HALF, metric=metric).projected == projected
    assert judge(date(2023, 11, 5), metric=metric).projected == 100
    assert judge(HALF, metric=metric, inside=False).projected is None


@pytest.mark.parametrize(
    ("over", "under", "projected"),
    [
        (Aggregation.SUM, Aggregation.SUM, 100),
        (Aggregation.SUM, Aggregation.DISTINCT, 100),
        (Aggregation.LAST, Aggregation.LAST, 100),
        (Aggregation.SUM, Aggregation.LAST, 220),
        (Aggregation.LAST, Aggregation.SUM, Fraction(1000, 22)),
    ],
)
def test_a_ratio_goes_on_as_its_parts_do(over, under, projected):
    parts = (Metric(id="a", aggregation=over), Metric(id="b", aggregation=under))
    ratio = Metric(id="ratio", aggregation=Ratio("a", "b"))
    assert judge(HALF, metric=ratio, parts=parts).projected == projected
    first = date(2023, 10, 1)  # a Sunday: no workday is over
    known = judge(first, metric=ratio, parts=parts).projected
    assert known == {1: None, 0: 100, -1: 0}[growth_of(ratio, parts)]


def test_estimated_days_are_said():
    known = WorkdayTable("first", {date(2023, 10, 1): False})
    assert judge(HALF, workdays=Provisional(known, Weekdays())).provisional


@pytest.mark.parametrize(
    ("day", "over", "runs"),
    [
        (date(2023, 9, 30), False, False),
        (date(2023, 10, 1), False, True),
        (date(2023, 10, 30), False, True),
        (date(2023, 10, 31), True, False),
        (date(2023, 11, 1), True, False),
    ],
)
def test_a_period_runs_from_its_first_day_to_the_day_before_its_last(day, over, runs):
    found = count_running(Weekdays(), OCTOBER, day, inside=True)
    assert (found.over, found.elapsed is not None, found.left is not None) == (over, runs, runs)
    beyond = count_running(Weekdays(), OCTOBER, day, inside=False)
    assert (beyond.over, beyond.elapsed, beyond.left) == (over, None, None)


def test_pace_is_judged_by_the_thresholds_that_are_given():
    days = count_running(Weekdays(), OCTOBER, HALF, inside=True)
    strict = PaceSettings(ahead=Fraction(2), on_track=Fraction(2), at_risk=Fraction(1))
    found = [
        judge_progress(SALES, 200, 80, 100, days=days, settings=settings).pace
        for settings in (None, strict)
    ]
    assert found == [Pace.AHEAD, Pace.AT_RISK]
