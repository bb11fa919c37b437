"""Attainment: a value and a status, by one table.

>>> sales = Metric(id="sales", decimals=2)
>>> def show(target, actual, **facts):
...     found = judge(sales, target, actual, **facts)
...     return found.ratio, str(found.status)

Absent target; absent actual; a period that has not begun:

>>> show(None, 5)
(None, 'no_target')
>>> show(800, None)
(None, 'no_data')
>>> show(800, 5, started=False)
(None, 'not_started')

A target above zero is met from exactly 1 on, never by rounding:

>>> show(800_000, 690_000)
(Fraction(69, 80), 'unmet')
>>> show(100_000, 99_999)
(Fraction(99999, 100000), 'unmet')
>>> show(700, 700)
(Fraction(1, 1), 'met')

A target of zero has no rate, and is met by anything that is not below it:

>>> show(0, 0), show(0, -1)
((None, 'met'), (None, 'unmet'))

A target below zero has no rate and is met by comparison:

>>> show(-500, -400), show(-500, -600)
((None, 'met'), (None, 'unmet'))

Where less is better, the rate is target over actual, or the way made from the baseline:

>>> days = Metric(id="days", direction=Direction.MINIMISE)
>>> judge(days, 30, 40).ratio, judge(days, 30, 24).ratio
(Fraction(3, 4), Fraction(5, 4))
>>> judge(days, 30, 0)
Attainment(ratio=None, status=<Status.MET: 'met'>)
>>> from_60 = Metric(id="days", direction=Direction.MINIMISE, baseline=60)
>>> judge(from_60, 30, 45).ratio
Fraction(1, 2)
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.domain.kind import require_exact, require_kind
from salesgoal.domain.metric import Direction, Metric
from salesgoal.domain.number import Exact

__all__ = ["Attainment", "Status", "gap", "judge"]


class Status(StrEnum):
    """Whether a target is reached, or why that cannot be said."""

    NO_TARGET = "no_target"
    NO_DATA = "no_data"
    NOT_STARTED = "not_started"
    MET = "met"
    UNMET = "unmet"


@attrs.frozen
class Attainment:
    """The exact ratio (1 = the target; None where there is none) and the verdict."""

    ratio: Fraction | None
    status: Status


def judge(
    metric: Metric, target: Exact | None, actual: Exact | None, *, started: bool = True
) -> Attainment:
    """Returns the attainment of a target, by the table at the head of this page.

    Args:
        metric: Its direction and baseline decide what "better" means.
        target: In smallest units; None where there is none.
        actual: In smallest units; None where nothing was reported.
        started: Whether the period has begun.

    Raises:
        FloatRefused, NumberRefused: A target or actual that is not in smallest units.
        KindRefused: The metric is none.
    """
    require_kind(metric, Metric, "metric", "Metric(id='sales', decimals=2)")
    require_exact(target)
    require_exact(actual)
    if not started:
        return Attainment(None, Status.NOT_STARTED)
    if target is None:
        return Attainment(None, Status.NO_TARGET)
    if actual is None:
        return Attainment(None, Status.NO_DATA)
    reached = actual >= target if metric.direction is Direction.MAXIMISE else actual <= target
    return Attainment(_ratio(metric, target, actual), Status.MET if reached else Status.UNMET)


def gap(metric: Metric, target: Exact | None, actual: Exact | None) -> Exact | None:
    """Returns what is still short (缺口): above zero where the target is missed.

    None where either is absent.

    >>> gap(Metric(id="sales", decimals=2), 800_000, 690_000)
    110000
    """
    if target is None or actual is None:
        return None
    return target - actual if metric.direction is Direction.MAXIMISE else actual - target


def _ratio(metric: Metric, target: Exact, actual: Exact) -> Fraction | None:
    if metric.baseline is not None:
        way = -1 if metric.direction is Direction.MAXIMISE else 1
        over, under = way * (metric.baseline - actual), way * (metric.baseline - target)
    elif metric.direction is Direction.MAXIMISE:
        over, under = actual, target
    else:
        over, under = target, actual
    # Below zero a quotient would rank the wrong way round and contradict the verdict.
    measurable = under > 0 and (target > 0 or metric.baseline is not None)
    return Fraction(over, under) if measurable else None
