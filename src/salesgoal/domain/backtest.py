"""Backtest: what the methods of forecast would have said of past periods, and what came.

Each past period is cut at shares of its days and projected from the periods before it only.

    figure       meaning
    mape         mean of |projected - came| / came, over periods that came to more than zero
    bias         mean of (projected - came) / came: above zero, the method promises too much
    naive        the mape over the same periods of saying, without any of their own facts: as
                 much as the same period a year before, or where that is unknown as the period
                 before
    run_rate     the mape of the run rate over the same periods, so that methods that need more
                 past are compared over the periods that they know
    covered      share of the intervals that held what came
    nominal      share that they should have held, by the rule of `forecast`
    coverage     with 20 intervals or more: `holds` within 10 points of nominal, `too_narrow`
                 below, `too_wide` above; with fewer `too_few`, as chance alone moves the
                 share by 10 points

>>> from salesgoal.domain.forecast import Cut
>>> past = [Cut(key=n, actual=40, elapsed=5, total=10, whole=100) for n in range(12)]
>>> rate = backtest(ForecastMethod.RUN_RATE, past)
>>> rate.periods, str(rate.mape), str(rate.bias), rate.intervals, rate.held
(12, '1/5', '-1/5', 4, 4)
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.domain.forecast import (
    AnyCut,
    ForecastMethod,
    draw_interval,
    error_of,
    project,
)
from salesgoal.domain.number import Exact

__all__ = ["BacktestResult", "Coverage", "backtest"]

_ENOUGH = 20
_TOLERANCE = Fraction(1, 10)


class Coverage(StrEnum):
    """Whether intervals held what they promised, by the table of this page."""

    HOLDS = "holds"
    TOO_NARROW = "too_narrow"
    TOO_WIDE = "too_wide"
    TOO_FEW = "too_few"


@attrs.frozen(kw_only=True)
class BacktestResult:
    """How a method did at one cut.

    Attributes:
        method: How it projects.
        periods: How many past periods it could project.
        mape: Mean absolute error, relative to what came; None where nothing was projected.
        bias: Mean error, relative to what came.
        naive: The mean absolute error of what came a year or a period before.
        run_rate: The mean absolute error of the run rate over the same periods.
        intervals: How many of them had an interval.
        held: How many intervals held what came.
        nominal: The mean of the shares that the intervals promised; None without any.
    """

    method: ForecastMethod
    periods: int
    mape: Fraction | None
    bias: Fraction | None
    naive: Fraction | None
    run_rate: Fraction | None
    intervals: int
    held: int
    nominal: Fraction | None

    @property
    def covered(self) -> Fraction | None:
        """The share of the intervals that held what came."""
        return Fraction(self.held, self.intervals) if self.intervals else None

    @property
    def coverage(self) -> Coverage | None:
        """Whether the intervals held what they promised; None without any.

        >>> attrs.evolve(backtest(ForecastMethod.RUN_RATE, ()), intervals=20, held=14,
        ...     nominal=Fraction(4, 5)).coverage
        <Coverage.HOLDS: 'holds'>
        """
        if self.covered is None or self.nominal is None:
            return None
        if self.intervals < _ENOUGH:
            return Coverage.TOO_FEW
        off = self.covered - self.nominal
        if abs(off) <= _TOLERANCE:
            return Coverage.HOLDS
        return Coverage.TOO_WIDE if off > 0 else Coverage.TOO_NARROW


def backtest(method: ForecastMethod, past: Sequence[AnyCut]) -> BacktestResult:
    """Returns how a method would have done, every period from the ones before it only.

    Args:
        method: How it projects.
        past: Periods that are over, oldest first, cut at the same share of their days.

    Cost: periods x periods.
    """
    misses: list[Fraction] = []
    plain: list[Fraction] = []
    naive: list[Fraction] = []
    errors: list[Fraction] = []
    promised: list[Fraction] = []
    held = 0
    for at, cut in enumerate(past):
        came, projected = cut.whole, project(method, cut, past[:at])
        if came is not None and came > 0 and projected is not None:
            misses.append(Fraction(projected - came, came))
            rate = project(ForecastMethod.RUN_RATE, cut, ())
            plain += _misses(rate, came)
            naive += _misses(_before(cut, past[:at]), came)
            interval = draw_interval(projected, errors)
            if interval is not None:
                promised.append(interval.nominal)
                held += interval.low <= came <= interval.high
        error = error_of(cut, projected)
        if error is not None:
            errors.append(error)
    return BacktestResult(
        method=method,
        periods=len(misses),
        mape=_mean([abs(each) for each in misses]),
        bias=_mean(misses),
        naive=_mean(naive),
        run_rate=_mean(plain),
        intervals=len(promised),
        held=held,
        nominal=_mean(promised),
    )


def _misses(said: Exact | None, came: Exact) -> list[Fraction]:
    return [] if said is None else [abs(Fraction(said - came, came))]


def _before(cut: AnyCut, past: Sequence[AnyCut]) -> Exact | None:
    """What came a year before, else a period before."""
    year: Exact | None = None
    for each in past:
        year = each.whole if each.key in cut.years[:1] else year
    return year if year is not None or not past else past[-1].whole


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None
