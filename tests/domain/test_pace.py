"""Pace: verdicts by threshold, in both directions, and what each workday left must bring."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.metric import Aggregation, Direction, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.pace import (
    Pace,
    PaceBasis,
    PaceSettings,
    count_elapsed,
    count_left,
    judge_pace,
    required_per_workday,
    run_rate,
)
from salesgoal.domain.period import Level
from salesgoal.domain.work_calendar import Weekdays, WorkdayTable
from salesgoal.domain.workday_count import DayBasis, ElapsedShare
from salesgoal.errors import UnknownWorkdays, UsageError

SALES = Metric(id="sales", decimals=2)
COST = Metric(id="cost", direction=Direction.MINIMISE)
DEBT = Metric(id="debt", aggregation=Aggregation.LAST, direction=Direction.MINIMISE)
LOSS = Metric(id="profit", negative=True)
OCTOBER = MonthCalendar().at(Level.MONTH, date(2023, 10, 1))


def pace(metric, target, expected, actual, **facts):
    return judge_pace(metric, target, expected, actual, **facts).pace


@pytest.mark.parametrize(
    ("actual", "found"),
    [
        (5_250, Pace.AHEAD),
        (5_249, Pace.ON_TRACK),
        (4_750, Pace.ON_TRACK),
        (4_749, Pace.AT_RISK),
        (4_000, Pace.AT_RISK),
        (3_999, Pace.BEHIND),
        (-1, Pace.BEHIND),
        (9_999, Pace.AHEAD),
        (10_000, Pace.ACHIEVED),
    ],
)
def test_thresholds_are_taken_on_exact_numbers(actual, found):
    assert pace(SALES, 10_000, 5_000, actual) is found


def test_thresholds_are_the_plans():
    strict = PaceSettings(ahead=Fraction(2), on_track=Fraction(1), at_risk=Fraction(1, 2))
    assert pace(SALES, 100, 10, 19, settings=strict) is Pace.ON_TRACK
    assert pace(SALES, 100, 10, 9, settings=strict) is Pace.AT_RISK


def test_thresholds_may_fall_together_and_be_nothing():
    one = PaceSettings(ahead=Fraction(1), on_track=Fraction(1), at_risk=Fraction(1))
    assert pace(SALES, 100, 10, 10, settings=one) is Pace.AHEAD
    assert pace(SALES, 100, 10, 9, settings=one) is Pace.BEHIND
    nothing = PaceSettings(ahead=Fraction(1), on_track=Fraction(0), at_risk=Fraction(0))
    assert pace(SALES, 100, 10, 0, settings=nothing) is Pace.ON_TRACK


@pytest.mark.parametrize("parts", [12, 4, 2])
def test_a_profile_is_of_months_quarters_or_halves_and_a_part_may_weigh_nothing(parts):
    weights = (Fraction(0),) * (parts - 1) + (Fraction(1, 2),)
    assert PaceSettings(basis=PaceBasis.PROFILE, profile=weights).profile == weights


@pytest.mark.parametrize("absent", [0, 1, 2])
def test_without_target_expectation_or_actual_there_is_no_pace(absent):
    numbers = [100, 50, 50]
    numbers[absent] = None
    assert judge_pace(SALES, *numbers) is None


def test_a_cap_is_not_achieved_before_its_period_is_over():
    assert pace(COST, 100, 50, 50) is Pace.ON_TRACK
    assert pace(COST, 100, 50, 100) is Pace.BEHIND
    assert pace(COST, 100, 100, 100, over=True) is Pace.ACHIEVED
    assert pace(COST, 100, 100, 101, over=True) is Pace.BEHIND
    assert pace(COST, 100, 50, 0) is Pace.ON_TRACK


def test_a_level_is_held_and_not_achieved_early():
    assert pace(DEBT, 100, 100, 80) is Pace.AHEAD
    assert pace(DEBT, 100, 100, 120) is Pace.AT_RISK


@pytest.mark.parametrize(
    ("aggregation", "direction", "actual", "found"),
    [
        (Aggregation.MAXIMUM, Direction.MAXIMISE, 120, Pace.ACHIEVED),
        (Aggregation.MINIMUM, Direction.MINIMISE, 80, Pace.ACHIEVED),
        (Aggregation.MINIMUM, Direction.MAXIMISE, 120, Pace.AHEAD),
        (Aggregation.MAXIMUM, Direction.MINIMISE, 80, Pace.AHEAD),
        (Aggregation.DISTINCT, Direction.MAXIMISE, 100, Pace.ACHIEVED),
        (Aggregation.AVERAGE, Direction.MAXIMISE, 100, Pace.ON_TRACK),
    ],
)
def test_an_extreme_that_cannot_be_lost_is_achieved_early(
    aggregation, direction, actual, found
):
    metric = Metric(id="m", aggregation=aggregation, direction=direction)
    assert pace(metric, 100, 100, actual) is found


def test_a_planned_loss_is_not_achieved_by_having_done_nothing_yet():
    assert pace(LOSS, -500, -250, 0) is Pace.ON_TRACK
    assert pace(LOSS, -500, -250, -300) is Pace.BEHIND
    assert pace(LOSS, -500, -500, -300, over=True) is Pace.ACHIEVED
    assert pace(LOSS, 0, -250, 0) is Pace.ACHIEVED


def test_the_baseline_of_a_sum_counts_by_its_part_so_far():
    saved = Metric(id="cost", direction=Direction.MINIMISE, baseline=1_000)
    half = judge_pace(saved, 800, 400, 450)
    assert half.ratio == Fraction(1, 2)
    assert half.pace is Pace.BEHIND
    assert judge_pace(saved, 800, 400, 400).ratio == 1
    assert judge_pace(saved, 800, 800, 900, over=True).ratio == Fraction(1, 2)
    grown = Metric(id="sales", baseline=100)
    assert judge_pace(grown, 200, 100, 75).ratio == Fraction(1, 2)
    assert judge_pace(grown, 102, 51, 50).ratio == 0


def test_a_baseline_without_a_way_to_go_has_no_ratio():
    flat = Metric(id="cost", direction=Direction.MINIMISE, baseline=800)
    assert judge_pace(flat, 800, 400, 500).ratio is None
    assert judge_pace(flat, 0, 5, 1).ratio is None
    assert judge_pace(flat, 800, 0, 1).pace is Pace.BEHIND


@pytest.mark.parametrize(
    "wrong",
    [
        {"ahead": Fraction(9, 10)},
        {"at_risk": Fraction(1)},
        {"at_risk": Fraction(-1)},
        {"basis": PaceBasis.PROFILE},
        {"profile": (Fraction(1),) * 12},
        {"basis": PaceBasis.PROFILE, "profile": (Fraction(1),) * 5},
        {"basis": PaceBasis.PROFILE, "profile": (Fraction(1),) * 3},
        {"basis": PaceBasis.PROFILE, "profile": (Fraction(-1),) * 4},
        {"basis": PaceBasis.PROFILE, "profile": (Fraction(0),) * 4},
    ],
)
def test_settings_that_contradict_one_another_are_refused(wrong):
    with pytest.raises(UsageError):
        PaceSettings(**wrong)


def test_days_are_workdays_where_the_plan_names_them():
    golden = MonthCalendar().at(Level.WEEK, date(2023, 10, 1))
    closed = WorkdayTable("week", dict.fromkeys(golden, False))
    assert count_elapsed(Weekdays(), OCTOBER, date(2023, 10, 13)).share == Fraction(10, 22)
    assert count_elapsed(closed, golden, date(2023, 10, 2)).basis is DayBasis.CALENDAR_DAYS
    assert count_elapsed(None, OCTOBER, date(2023, 9, 1)) == ElapsedShare(
        elapsed=0, total=31, basis=DayBasis.CALENDAR_DAYS, provisional=False
    )
    assert count_elapsed(None, OCTOBER, date(2023, 12, 1)).share == 1


def require(target, actual, day, workdays, metric=SALES):
    left = count_left(workdays, OCTOBER, date(2023, 10, day))
    return required_per_workday(metric, target, actual, left)


def test_each_workday_left_must_bring_its_part_of_the_gap():
    assert require(2_200, 1_000, 13, Weekdays()) == 100
    assert require(1_000, 0, 27, Weekdays()) == 500
    assert require(1_001, 0, 27, Weekdays()) == Fraction(1_001, 2)
    assert require(1_000, 1_200, 27, Weekdays()) == 0


def test_what_is_required_is_absent_where_it_cannot_be_said():
    assert require(1_000, 0, 31, Weekdays()) is None
    assert require(1_000, 0, 13, None) is None
    assert require(None, 0, 13, Weekdays()) is None
    assert require(1_000, None, 13, Weekdays()) is None
    assert require(1_000, 0, 13, Weekdays(), COST) is None
    assert require(1_000, 0, 13, Weekdays(), DEBT) is None
    assert count_left(Weekdays(), OCTOBER, date(2023, 9, 30)) is None
    assert count_left(Weekdays(), OCTOBER, date(2023, 10, 1)).workdays == 22
    assert require(1_000, 0, 28, Weekdays(["sun"])) == 1_000
    assert require(1_000, 0, 29, Weekdays(["sun"])) is None


def test_a_day_left_that_nobody_knows_is_not_guessed():
    known = WorkdayTable("half", {date(2023, 10, 1): True})
    with pytest.raises(UnknownWorkdays):
        require(1_000, 0, 13, known)


def test_a_run_rate_needs_a_day_and_an_actual():
    first = count_elapsed(Weekdays(), OCTOBER, date(2023, 10, 1))
    assert run_rate(500, first) is None
    assert run_rate(None, count_elapsed(None, OCTOBER, date(2023, 10, 5))) is None
