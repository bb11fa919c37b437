"""Progress: where a goal stands in a period, beside its attainment.

    figure       before    while it runs                              after
    expected     none      `expectation`                              the target
    pace         none      `pace`                                     achieved or behind
    projected    none      what it comes to if it goes on like this   what it came to
    required     none      the gap over the workdays left             none

Going on like this means, by aggregation: a sum or a count of keys goes on at its run rate; a
balance, a mean or an extreme stays as it is; a ratio is its numerator, going on, over its
denominator, going on, so that it stays where both grow or neither does.

Of a period that is longer than the plan nothing is known but the actual.

>>> sales = Metric(id="sales")
>>> over = RunningDays(over=True)
>>> found = judge_progress(sales, 100, 100, 90, days=over)
>>> str(found.pace), found.projected, found.required
('behind', 90, None)
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs

from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.pace import (
    ACCUMULATING,
    Pace,
    PaceSettings,
    count_elapsed,
    count_left,
    judge_pace,
    required_per_workday,
    run_rate,
)
from salesgoal.domain.period import Period
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.domain.workday_count import ElapsedShare, WorkdayCount

__all__ = ["Progress", "RunningDays", "count_running", "growth_of", "judge_progress"]


@attrs.frozen(kw_only=True)
class RunningDays:
    """The days of a period on the day of a report.

    Attributes:
        over: Whether the period is over.
        elapsed: How much is over of one that runs inside the plan; None of any other.
        left: The workdays left of it; None where the plan names no workdays.
    """

    over: bool
    elapsed: ElapsedShare | None = None
    left: WorkdayCount | None = None


@attrs.frozen(kw_only=True)
class Progress:
    """Where a goal stands, in smallest units; None where it cannot be said.

    Attributes:
        expected: What should be reached by now.
        pace: Whether the actual keeps up with it.
        ratio: The actual over it, turned where less is better; 1 = as expected.
        projected: What it comes to if it goes on like this; what it came to where the period
            is over.
        required: What each workday left must bring, exact.
        provisional: Whether any day behind these is estimated.
    """

    expected: Exact | None
    pace: Pace | None
    ratio: Fraction | None
    projected: Exact | None
    required: Fraction | None
    provisional: bool


def count_running(
    workdays: WorkCalendar | None, period: Period, as_of: date, *, inside: bool
) -> RunningDays:
    """Returns what is over and what is left of a period.

    Args:
        workdays: Which days are worked; calendar days are over where it is None.
        period: Any.
        as_of: The last day that counts.
        inside: Whether it lies in the plan, whose days the work calendar knows.

    Raises:
        UnknownWorkdays: The work calendar does not know a day of it all the same.
    """
    if not inside or not period.start <= as_of < period.last:
        return RunningDays(over=period.last <= as_of)
    return RunningDays(
        over=False,
        elapsed=count_elapsed(workdays, period, as_of),
        left=count_left(workdays, period, as_of),
    )


def judge_progress(
    metric: Metric,
    target: Exact | None,
    expected: Exact | None,
    actual: Exact | None,
    *,
    days: RunningDays,
    settings: PaceSettings | None = None,
    parts: tuple[Metric, Metric] | None = None,
) -> Progress:
    """Returns where a goal stands, by the table of this page.

    Args:
        metric: What the target is of.
        target: Of the whole period.
        expected: By now.
        actual: By now; None where nothing was reported or the period has not begun.
        days: Of the period.
        settings: Thresholds; the usual ones where it is None.
        parts: Of a ratio: its numerator and its denominator.
    """
    paced = judge_pace(metric, target, expected, actual, over=days.over, settings=settings)
    return Progress(
        expected=expected,
        pace=paced.pace if paced else None,
        ratio=paced.ratio if paced else None,
        projected=_go_on(metric, actual, days, parts),
        required=required_per_workday(metric, target, actual, days.left),
        provisional=days.elapsed is not None and days.elapsed.provisional,
    )


def growth_of(metric: Metric, parts: tuple[Metric, Metric] | None = None) -> int:
    """Returns how a metric goes on: 1 grows by the day, 0 stays, -1 shrinks by the day.

    Args:
        metric: Any.
        parts: Of a ratio: its numerator and its denominator.

    >>> from salesgoal.domain.metric import Aggregation, Ratio
    >>> sales, stock = Metric(id="sales"), Metric(id="stock", aggregation=Aggregation.LAST)
    >>> turnover = Metric(id="turnover", aggregation=Ratio("sales", "stock"))
    >>> growth_of(sales), growth_of(stock), growth_of(turnover, (sales, stock))
    (1, 0, 1)
    """
    if parts is None:
        return int(metric.aggregation in ACCUMULATING)
    over, under = (int(each.aggregation in ACCUMULATING) for each in parts)
    return over - under


def _go_on(
    metric: Metric,
    actual: Exact | None,
    days: RunningDays,
    parts: tuple[Metric, Metric] | None,
) -> Exact | None:
    """What an actual comes to if it goes on like this."""
    if days.over or actual is None:
        return actual
    if days.elapsed is None:
        return None
    way = growth_of(metric, parts)
    if not way:
        return actual
    if way > 0:
        return run_rate(actual, days.elapsed)
    return Fraction(actual * days.elapsed.elapsed, days.elapsed.total)
