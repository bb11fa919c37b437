"""Forecast: methods, errors, intervals and the chance to meet a target."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.forecast import (
    Cut,
    ForecastMethod,
    RatioCut,
    Why,
    draw_interval,
    error_of,
    forecast,
    past_errors,
    project,
)
from salesgoal.domain.metric import Direction, Metric

SALES = Metric(id="sales")


def cut(key, actual, whole, years=()):
    return Cut(key=key, actual=actual, elapsed=5, total=10, whole=whole, years=years)


NOW = Cut(key="now", actual=60, elapsed=5, total=10, years=("y1", None, "y3"))
PAST = [cut("y3", 20, 100), cut("y1", 40, 100), cut("last", 30, 90)]


@pytest.mark.parametrize(
    ("method", "found"),
    [
        (ForecastMethod.RUN_RATE, 120),
        (ForecastMethod.SHARE_OF_LAST_YEAR, 150),
        (ForecastMethod.SHARE_OF_YEARS, 200),
        (ForecastMethod.SHARE_OF_RECENT, Fraction(60 * 290, 90)),
    ],
)
def test_each_method_projects_from_what_it_names(method, found):
    assert project(method, NOW, PAST) == found


def test_only_the_last_twelve_periods_are_recent():
    past = [cut("old", 1, 1_000), *[cut(str(at), 50, 100) for at in range(12)]]
    assert project(ForecastMethod.SHARE_OF_RECENT, NOW, past) == 120


def test_a_method_without_a_past_or_a_day_projects_nothing():
    assert project(ForecastMethod.SHARE_OF_LAST_YEAR, NOW, PAST[:1]) is None
    assert project(ForecastMethod.RUN_RATE, attrs.evolve(NOW, elapsed=0), PAST) is None
    nothing = [cut("y1", 0, 100), cut("y3", -5, 100)]
    assert project(ForecastMethod.SHARE_OF_YEARS, NOW, nothing) is None
    lost = [cut("y1", 5, -100)]
    assert project(ForecastMethod.SHARE_OF_LAST_YEAR, NOW, lost) is None
    running = [attrs.evolve(PAST[1], whole=None)]
    assert project(ForecastMethod.SHARE_OF_LAST_YEAR, NOW, running) is None


@pytest.mark.parametrize(
    ("actual", "whole", "found"), [(1, 3, 180), (20, 1, 3), (0, 3, None), (20, 0, None)]
)
def test_a_share_needs_something_above_nothing_in_its_part_and_in_its_whole(
    actual, whole, found
):
    past = [cut("y1", actual, whole)]
    assert project(ForecastMethod.SHARE_OF_LAST_YEAR, NOW, past) == found


def test_last_year_is_the_year_before_and_no_other():
    now = attrs.evolve(NOW, years=("y1", "y2", "y3"))
    past = [cut("y2", 10, 100), cut("y1", 30, 100)]
    assert project(ForecastMethod.SHARE_OF_LAST_YEAR, now, past) == 200
    assert project(ForecastMethod.SHARE_OF_YEARS, now, past) == 300


def test_returns_may_take_a_projection_below_what_is_reached():
    assert project(ForecastMethod.SHARE_OF_LAST_YEAR, NOW, [cut("y1", 120, 100)]) == 50


def test_errors_are_of_what_was_known_then():
    assert past_errors(ForecastMethod.RUN_RATE, PAST) == [
        Fraction(5, 2),
        Fraction(5, 4),
        Fraction(3, 2),
    ]
    assert past_errors(ForecastMethod.SHARE_OF_RECENT, PAST) == [
        Fraction(1, 2),
        Fraction(90 * 60, 30 * 200),
    ]


@pytest.mark.parametrize(("whole", "projected"), [(None, 5), (9, None), (9, 0), (9, -1)])
def test_an_error_needs_a_projection_above_zero(whole, projected):
    amount = None if projected is None else Fraction(projected)
    assert error_of(cut("x", 1, whole), amount) is None


def test_a_projection_of_one_unit_has_an_error_and_an_interval():
    assert error_of(cut("x", 1, 9), Fraction(1)) == 9
    eight = [Fraction(each) for each in range(1, 9)]
    found = draw_interval(Fraction(1), eight)
    assert (found.low, found.high, found.nominal) == (1, 8, Fraction(7, 9))
    one = attrs.evolve(NOW, actual=1, steady=True)
    assert forecast(ForecastMethod.RUN_RATE, one, [], metric=SALES).why is Why.FEW_ERRORS
    none = attrs.evolve(NOW, actual=0, steady=True)
    assert forecast(ForecastMethod.RUN_RATE, none, [], metric=SALES).why is Why.NOT_POSITIVE


def test_the_method_is_said_as_it_was_asked_for():
    for method in ForecastMethod:
        assert forecast(method, NOW, PAST, metric=SALES).method is method


def test_seven_past_errors_make_no_interval():
    past = [cut(str(at), 50, 100 + at) for at in range(8)]
    seven = forecast(ForecastMethod.RUN_RATE, NOW, past[1:], metric=SALES, target=1)
    eight = forecast(ForecastMethod.RUN_RATE, NOW, past, metric=SALES, target=1)
    assert (seven.interval, seven.probability, seven.errors) == (None, None, 7)
    assert (eight.interval.nominal, eight.errors) == (Fraction(7, 9), 8)
    assert eight.probability == Fraction(9, 10)


def test_the_tails_grow_with_the_past():
    errors = [Fraction(each) for each in range(1, 20)]
    found = draw_interval(Fraction(10), errors)
    assert (found.low, found.high, found.nominal) == (20, 180, Fraction(16, 20))
    eighteen = draw_interval(Fraction(10), errors[:18])
    assert (eighteen.low, eighteen.high, eighteen.nominal) == (10, 180, Fraction(17, 19))
    assert draw_interval(None, errors) is None
    assert draw_interval(Fraction(0), errors) is None


def test_meeting_a_cap_is_staying_below_it():
    past = [cut(str(at), 50, 60 + 10 * at) for at in range(8)]
    more = forecast(ForecastMethod.RUN_RATE, NOW, past, metric=SALES, target=120)
    cost = Metric(id="cost", direction=Direction.MINIMISE)
    less = forecast(ForecastMethod.RUN_RATE, NOW, past, metric=cost, target=120)
    assert more.probability == Fraction(5, 10)
    assert less.probability == Fraction(6, 10)


def test_without_a_target_there_is_nothing_to_meet():
    past = [cut(str(at), 50, 100) for at in range(8)]
    found = forecast(ForecastMethod.RUN_RATE, NOW, past, metric=SALES)
    assert found.interval is not None
    assert found.probability is None


def ratio(key, over, under, steady=(False, False), **more):
    parts = [
        Cut(key=key, actual=part, elapsed=5, total=10, whole=whole, steady=stays, **more)
        for (part, whole), stays in zip((over, under), steady, strict=True)
    ]
    return RatioCut(over=parts[0], under=parts[1], times=Fraction(100))


def test_a_level_is_projected_as_it_stands_whatever_the_method():
    level = attrs.evolve(NOW, steady=True)
    for method in ForecastMethod:
        assert project(method, level, []) == 60
        assert forecast(method, level, [], metric=SALES).method is ForecastMethod.SO_FAR


def test_a_ratio_is_its_numerator_projected_over_its_denominator_projected():
    now = ratio("now", (30, None), (60, None), years=("y1",))
    past = [ratio("y1", (10, 40), (20, 50))]
    assert project(ForecastMethod.RUN_RATE, now, past) == 50
    assert project(ForecastMethod.SHARE_OF_LAST_YEAR, now, past) == Fraction(120 * 100, 150)
    stock = ratio("now", (30, None), (60, None), steady=(False, True))
    assert project(ForecastMethod.RUN_RATE, stock, past) == 100
    still = ratio("now", (30, None), (60, None), steady=(True, True))
    assert forecast(ForecastMethod.RUN_RATE, still, [], metric=SALES).method == "so_far"


def test_the_errors_of_a_ratio_are_of_the_ratio_itself():
    """Its parts miss by half each time and the ratio never does: the interval has no width."""
    past = [ratio(at, (10 + at, 40 + 4 * at), (20, 80)) for at in range(8)]
    now = ratio("now", (30, None), (60, None))
    found = forecast(ForecastMethod.RUN_RATE, now, past, metric=SALES, target=49)
    assert past_errors(ForecastMethod.RUN_RATE, past) == [1] * 8
    assert (found.interval.low, found.interval.high) == (50, 50)
    assert (found.probability, found.why) == (Fraction(9, 10), None)


def test_a_ratio_over_nothing_is_no_past():
    past = [ratio(at, (10, 40), (20, 0)) for at in range(9)]
    assert past_errors(ForecastMethod.RUN_RATE, past) == []
    assert past[0].whole is None


def no_days(cut):
    return attrs.evolve(cut, elapsed=0)


@pytest.mark.parametrize(
    ("method", "now", "why"),
    [
        ("run_rate", NOW, "few_errors"),
        ("run_rate", attrs.evolve(NOW, actual=0), "not_positive"),
        ("run_rate", attrs.evolve(NOW, actual=-4), "not_positive"),
        ("run_rate", no_days(NOW), "no_days"),
        ("share_of_last_year", attrs.evolve(NOW, years=()), "no_past"),
        ("run_rate", ratio("now", (3, None), (0, None)), "no_denominator"),
        ("share_of_recent", ratio("now", (3, None), (0, None)), "no_past"),
        (
            "run_rate",
            RatioCut(
                over=no_days(NOW), under=attrs.evolve(NOW, steady=True), times=Fraction(1)
            ),
            "no_days",
        ),
    ],
)
def test_what_is_missing_has_a_reason(method, now, why):
    found = forecast(ForecastMethod(method), now, PAST, metric=SALES)
    assert (found.interval, found.why) == (None, why)
