"""Backtest: errors, bias and coverage by hand."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.backtest import Coverage, backtest
from salesgoal.domain.forecast import Cut, ForecastMethod


def cut(key, actual, whole, elapsed=5, years=()):
    return Cut(key=key, actual=actual, elapsed=elapsed, total=10, whole=whole, years=years)


def test_error_and_bias_are_relative_to_what_came():
    found = backtest(ForecastMethod.RUN_RATE, [cut(1, 60, 100), cut(2, 40, 100)])
    assert (found.periods, found.mape, found.bias) == (2, Fraction(1, 5), 0)
    assert (found.intervals, found.held, found.covered, found.nominal) == (0, 0, None, None)


def test_periods_that_came_to_nothing_have_no_relative_error():
    found = backtest(ForecastMethod.RUN_RATE, [cut(1, 60, 0), cut(2, 40, -5), cut(3, 5, None)])
    assert (found.periods, found.mape, found.bias, found.run_rate) == (0, None, None, None)


def test_methods_are_compared_over_the_same_periods():
    past = [
        cut(1, 10, 100),
        cut(2, 10, 100, years=(1,)),
        cut(3, 10, 100, elapsed=0, years=(2,)),
    ]
    found = backtest(ForecastMethod.SHARE_OF_LAST_YEAR, past)
    assert (found.periods, found.mape, found.run_rate) == (2, 0, Fraction(4, 5))


def test_an_interval_that_misses_is_counted():
    past = [cut(at, 50, 100 + at) for at in range(8)]
    held = backtest(ForecastMethod.RUN_RATE, [*past, cut(8, 50, 104)])
    missed = backtest(ForecastMethod.RUN_RATE, [*past, cut(8, 50, 200)])
    assert (held.intervals, held.covered, held.nominal) == (1, 1, Fraction(7, 9))
    assert (missed.intervals, missed.covered) == (1, 0)


def test_the_naive_forecast_is_a_year_before_else_a_period_before():
    past = [cut("1/22", 50, 200), cut("2/22", 50, 100), cut("1/23", 50, 160, years=("1/22",))]
    found = backtest(ForecastMethod.RUN_RATE, past)
    assert found.naive == Fraction(200 - 100, 100) / 2 + Fraction(200 - 160, 160) / 2
    assert backtest(ForecastMethod.RUN_RATE, past[:1]).naive is None


def test_levels_are_held_against_what_they_stood_at():
    past = [
        Cut(key=at, actual=80, elapsed=5, total=10, whole=100, steady=True) for at in range(3)
    ]
    found = backtest(ForecastMethod.SO_FAR, past)
    assert (found.mape, found.bias, found.naive) == (Fraction(1, 5), Fraction(-1, 5), 0)


@pytest.mark.parametrize(
    ("intervals", "held", "verdict"),
    [
        (0, 0, None),
        (19, 15, Coverage.TOO_FEW),
        (20, 14, Coverage.HOLDS),
        (20, 18, Coverage.HOLDS),
        (20, 13, Coverage.TOO_NARROW),
        (20, 19, Coverage.TOO_WIDE),
    ],
)
def test_intervals_are_judged_within_ten_points_where_there_are_twenty(
    intervals, held, verdict
):
    found = attrs.evolve(
        backtest(ForecastMethod.RUN_RATE, []),
        intervals=intervals,
        held=held,
        nominal=Fraction(8, 10) if intervals else None,
    )
    assert found.coverage is verdict
