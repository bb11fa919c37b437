"""Forecast: what a running period may come to, with an interval only where the past bears one.

    method                   projected
    run_rate                 actual / days over x days of the period
    share_of_last_year       actual / the share that the same period had by now a year before
    share_of_years           ... in the same period of the last three years, pooled
    share_of_recent          ... in the twelve periods just before, pooled

What is projected, and how, follows from how a metric combines over time:

    aggregation             projected
    sum                     by the method
    distinct                by the method: a key is new on its first day in the period
    last                    the balance last reported, as it stands
    average                 the mean so far
    maximum, minimum        the extreme so far; the end can only lie beyond it
    ratio                   its numerator, projected by its own rule, over its denominator

Days are workdays where the plan names them. A share is pooled as parts over wholes, so that a
larger period weighs more; where it is not above zero there is no projection. A projection may
lie below what is already reached, as returns may still come.

A figure that is projected as it stands (`so_far`) needs no past; how far the end used to lie
from it is in its errors. A ratio's errors are of the ratio itself: they are not made up from
those of its parts, which rise and fall together.

*Errors* are those that the method would have made in past periods at the same share of their
days, with what was known then: what came, over what was projected. With at least eight of them
there is an interval: from the k-th smallest to the k-th largest, k = (n + 1) / 10 rounded down
and at least 1, times the projection. It should hold the outcome in (n + 1 - 2k) / (n + 1) of
all cases. With fewer than eight there is none.

    past errors n     k     nominal coverage
    0 to 7            -     no interval, no probability
    8                 1     7/9
    9                 1     8/10
    19                2     16/20
    29                3     24/30

The probability of meeting a target is (m + 1) / (n + 2), m being the errors under which it
would be met: never 0 and never 1.

>>> past = [Cut(key=year, actual=40, elapsed=5, total=10, whole=100)
...     for year in range(2010, 2019)]
>>> now = Cut(key=2019, actual=44, elapsed=5, total=10, years=(2018, 2017, 2016))
>>> str(project(ForecastMethod.RUN_RATE, now, past))
'88'
>>> str(project(ForecastMethod.SHARE_OF_LAST_YEAR, now, past))
'110'
>>> found = forecast(ForecastMethod.RUN_RATE, now, past, metric=Metric(id="sales"), target=120)
>>> str(found.projected), str(found.interval.low), str(found.interval.nominal)
('88', '110', '4/5')
>>> str(found.probability)
'1/11'

What is missing has a reason:

    why                what
    over               the period is over: it came to its actual
    longer_than_plan   nobody says that the sources speak of all its days
    no_data            nothing was reported in it
    no_days            no day that counts is over yet
    no_past            the method knows no past period to take a share from
    no_denominator     the denominator is projected to nothing
    not_positive       the projection is not above zero and cannot be scaled: no interval
    few_errors         fewer than eight past errors: no interval

>>> found = forecast(ForecastMethod.RUN_RATE, now, past[:7], metric=Metric(id="sales"))
>>> str(found.projected), found.interval, str(found.why)
('88', None, 'few_errors')
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.domain.attainment import Status, judge
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact

__all__ = [
    "LEAST_ERRORS",
    "AnyCut",
    "Cut",
    "Forecast",
    "ForecastMethod",
    "Interval",
    "RatioCut",
    "Why",
    "draw_interval",
    "error_of",
    "forecast",
    "past_errors",
    "project",
]

LEAST_ERRORS = 8
"""With fewer past errors there is no interval and no probability."""

_RECENT = 12
_TAIL = 10


class ForecastMethod(StrEnum):
    """How a running period is projected to its end."""

    RUN_RATE = "run_rate"
    SHARE_OF_LAST_YEAR = "share_of_last_year"
    SHARE_OF_YEARS = "share_of_years"
    SHARE_OF_RECENT = "share_of_recent"
    SO_FAR = "so_far"


class Why(StrEnum):
    """Why a projection or its interval is missing, by the table of this page."""

    OVER = "over"
    LONGER_THAN_PLAN = "longer_than_plan"
    NO_DATA = "no_data"
    NO_DAYS = "no_days"
    NO_PAST = "no_past"
    NO_DENOMINATOR = "no_denominator"
    NOT_POSITIVE = "not_positive"
    FEW_ERRORS = "few_errors"


@attrs.frozen(kw_only=True)
class Cut:
    """A period, cut at a share of its days.

    Attributes:
        key: What tells it apart: its label.
        actual: What was reached by the cut, in smallest units.
        elapsed: Days over at the cut.
        total: Days of the whole period.
        whole: What the period came to; None while it runs.
        years: The keys of its namesakes one, two and three years before, None where missing.
        steady: Whether it is projected as it stands, whatever the method.
    """

    key: Hashable
    actual: Exact
    elapsed: int
    total: int
    whole: Exact | None = None
    years: tuple[Hashable | None, ...] = ()
    steady: bool = False


@attrs.frozen(kw_only=True)
class RatioCut:
    """A period of a ratio, cut at a share of its days.

    Attributes:
        over: Its numerator.
        under: Its denominator.
        times: What their quotient times makes the ratio, in its smallest units.
    """

    over: Cut
    under: Cut
    times: Fraction

    @property
    def key(self) -> Hashable:
        """What tells the period apart."""
        return self.over.key

    @property
    def years(self) -> tuple[Hashable | None, ...]:
        """The keys of its namesakes."""
        return self.over.years

    @property
    def steady(self) -> bool:
        """Whether both parts are projected as they stand."""
        return self.over.steady and self.under.steady

    @property
    def whole(self) -> Fraction | None:
        """What the period came to; None while it runs, and over nothing."""
        return self.divide(self.over.whole, self.under.whole)

    def divide(self, over: Exact | None, under: Exact | None) -> Fraction | None:
        """Returns the ratio of two figures; None over nothing, or where either is absent."""
        if over is None or not under:
            return None
        return Fraction(over * self.times, under)


AnyCut = Cut | RatioCut


@attrs.frozen(kw_only=True)
class Interval:
    """Where the outcome should lie, in smallest units, and in which share of all cases."""

    low: Fraction
    high: Fraction
    nominal: Fraction


@attrs.frozen(kw_only=True)
class Forecast:
    """What a period may come to.

    Attributes:
        method: How it is projected.
        projected: In smallest units; None where the method has nothing to stand on.
        interval: None with fewer than eight past errors.
        probability: Of meeting the target; None without an interval or a target.
        errors: How many past errors there are.
        why: Why there is no projection, or no interval; None where there are both.
    """

    method: ForecastMethod
    projected: Fraction | None
    interval: Interval | None
    probability: Fraction | None
    errors: int
    why: Why | None = None


def project(method: ForecastMethod, cut: AnyCut, past: Sequence[AnyCut]) -> Fraction | None:
    """Returns what a period is projected to; None where the method has nothing to stand on.

    Args:
        method: How.
        cut: The period.
        past: The periods before it, oldest first, cut at the same share.
    """
    if isinstance(cut, RatioCut):
        return cut.divide(*_project_parts(method, cut, past))
    if cut.steady or method is ForecastMethod.SO_FAR:
        return Fraction(cut.actual)
    if method is ForecastMethod.RUN_RATE:
        return Fraction(cut.actual * cut.total, cut.elapsed) if cut.elapsed else None
    parts, wholes = Fraction(0), Fraction(0)
    for each in _like(method, cut, past):
        if isinstance(each, Cut) and each.whole is not None:
            parts, wholes = parts + each.actual, wholes + each.whole
    usable = parts > 0 and wholes > 0
    return Fraction(cut.actual * wholes, parts) if usable else None


def past_errors(method: ForecastMethod, past: Sequence[AnyCut]) -> list[Fraction]:
    """Returns what came over what was projected, for each past period with a projection.

    Each is projected from the periods before it only. A projection that is not above zero
    cannot be scaled, so it is left out.
    """
    found = (error_of(cut, project(method, cut, past[:at])) for at, cut in enumerate(past))
    return [error for error in found if error is not None]


def error_of(cut: AnyCut, projected: Fraction | None) -> Fraction | None:
    """Returns what came over what was projected; None where that cannot be scaled.

    >>> over = Cut(key="2023", actual=40, elapsed=5, total=10, whole=100)
    >>> error_of(over, Fraction(80))
    Fraction(5, 4)
    """
    if cut.whole is None or projected is None or projected <= 0:
        return None
    return Fraction(cut.whole, projected)


def draw_interval(projected: Fraction | None, errors: Sequence[Fraction]) -> Interval | None:
    """Returns where the outcome should lie; None with fewer than eight errors.

    >>> errors = [Fraction(each, 10) for each in range(6, 15)]
    >>> found = draw_interval(Fraction(1_000), errors)
    >>> str(found.low), str(found.high), str(found.nominal)
    ('600', '1400', '4/5')
    """
    count = len(errors)
    if projected is None or count < LEAST_ERRORS or projected <= 0:
        return None
    ordered = sorted(errors)
    tail = max((count + 1) // _TAIL, 1)
    return Interval(
        low=projected * ordered[tail - 1],
        high=projected * ordered[-tail],
        nominal=Fraction(count + 1 - 2 * tail, count + 1),
    )


def forecast(
    method: ForecastMethod,
    now: AnyCut,
    past: Sequence[AnyCut],
    *,
    metric: Metric,
    target: Exact | None = None,
) -> Forecast:
    """Returns the forecast of a running period.

    Args:
        method: How it is projected.
        now: The running period, cut at the day of the report.
        past: The periods before it, oldest first, cut at the same share of their days.
        metric: Its direction decides what meeting the target means.
        target: Of the whole period; None where there is none.
    """
    projected = project(method, now, past)
    errors = past_errors(method, past)
    interval = draw_interval(projected, errors)
    return Forecast(
        method=ForecastMethod.SO_FAR if now.steady else method,
        projected=projected,
        interval=interval,
        probability=_probability(metric, target, projected, errors) if interval else None,
        errors=len(errors),
        why=None if interval else _why(method, now, past, projected),
    )


def _project_parts(
    method: ForecastMethod, cut: RatioCut, past: Sequence[AnyCut]
) -> tuple[Fraction | None, Fraction | None]:
    """What the numerator and the denominator are projected to."""
    pairs = [each for each in past if isinstance(each, RatioCut)]
    over = project(method, cut.over, [each.over for each in pairs])
    return over, project(method, cut.under, [each.under for each in pairs])


def _why(
    method: ForecastMethod, now: AnyCut, past: Sequence[AnyCut], projected: Fraction | None
) -> Why:
    """Why a forecast has no interval."""
    if projected is not None:
        return Why.FEW_ERRORS if projected > 0 else Why.NOT_POSITIVE
    if isinstance(now, RatioCut) and None not in _project_parts(method, now, past):
        return Why.NO_DENOMINATOR
    return Why.NO_DAYS if method is ForecastMethod.RUN_RATE else Why.NO_PAST


def _probability(
    metric: Metric, target: Exact | None, projected: Fraction | None, errors: Sequence[Fraction]
) -> Fraction | None:
    if target is None or projected is None:
        return None
    outcomes = [judge(metric, target, projected * error).status for error in errors]
    return Fraction(outcomes.count(Status.MET) + 1, len(errors) + 2)


def _like(method: ForecastMethod, cut: Cut, past: Sequence[AnyCut]) -> Sequence[AnyCut]:
    """The past periods whose share a method takes over."""
    if method is ForecastMethod.SHARE_OF_RECENT:
        return past[-_RECENT:]
    years = cut.years[:1] if method is ForecastMethod.SHARE_OF_LAST_YEAR else cut.years
    return [each for each in past if each.key in years]
