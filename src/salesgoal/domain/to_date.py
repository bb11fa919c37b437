"""To date: week, month, quarter, half and year so far, at once, for every goal.

Each level of the plan's calendar gives the period that the day lies in, on a fiscal calendar
the fiscal one. A week is cut at the ends of the plan, as in every report; a period that is
longer than the plan has no target here, since the plan knows only a part of it.

    figure                  of
    actual, expected, pace  the period so far
    before, year            the like part of the period before, and of the year before
    forecast                the whole period, from past periods cut at the same share
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

import attrs

from salesgoal.domain.comparison import (
    Change,
    change,
    covers_whole,
    like_part,
    period_before,
    year_before,
)
from salesgoal.domain.forecast import (
    AnyCut,
    Cut,
    Forecast,
    ForecastMethod,
    RatioCut,
    Why,
    forecast,
)
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.pace import ACCUMULATING, count_elapsed
from salesgoal.domain.past import (
    PastPeriod,
    cut_past,
    fill_cuts,
    namesakes,
    pair_cuts,
    periods_before,
)
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.domain.workday_count import ElapsedShare
from salesgoal.errors import OutOfCalendar, UnknownWorkdays

__all__ = [
    "ToDateRow",
    "Window",
    "make_windows",
    "past_cuts",
    "to_date_rows",
    "window_periods",
]

_SHOWN = (Level.WEEK, Level.MONTH, Level.QUARTER, Level.HALF, Level.YEAR)
_DAYS_BACK = 4 * 366
"""How far back past periods are learned from: four years."""


@attrs.frozen(kw_only=True)
class Window:
    """A period that runs, and what it is compared with and learns from.

    Attributes:
        period: The whole period.
        elapsed: How much of it is over.
        before: The like part of the period before; None where there is none.
        year: The like part of the year before; None where there is none.
        past: Periods that are over, oldest first, cut at the same share.
        years: The labels of its namesakes one, two and three years before.
    """

    period: Period
    elapsed: ElapsedShare
    before: Period | None
    year: Period | None
    past: tuple[PastPeriod, ...]
    years: tuple[str | None, ...]


@attrs.frozen(kw_only=True)
class ToDateRow:
    """One goal, metric and period so far.

    Attributes:
        row: The goal judged; without a target where the period is longer than the plan.
        before: What the like part of the period before came to.
        before_change: From it (环比).
        year: What the like part of the year before came to.
        year_change: From it (同比).
        forecast: What the period may come to; None where it is over or longer than the plan,
            and where there is no actual.
        why: Why there is no forecast, no projection or no interval; None where all are there.
    """

    row: ScoreRow
    before: Exact | None
    before_change: Change | None
    year: Exact | None
    year_change: Change | None
    forecast: Forecast | None
    why: Why | None = None


def make_windows(plan: Plan, as_of: date) -> tuple[Window, ...]:
    """Returns the periods that the day lies in, shortest first, with what they learn from.

    A plan whose own period is a span adds that; outside the plan there is none at all.
    """
    if as_of not in plan.period:
        return ()
    found = []
    for level in _SHOWN:
        if level in plan.calendar.levels:
            try:
                period = plan.calendar.at(level, as_of)
            except OutOfCalendar:
                continue
            found.append(period.clip(plan.period) if level is Level.WEEK else period)
    if plan.period not in found:
        found.append(plan.period)
    return tuple(_window(plan, period, as_of) for period in found)


def window_periods(windows: Sequence[Window]) -> tuple[Period, ...]:
    """Returns every period that the windows need facts of, once each."""
    wanted: dict[Period, None] = {}
    for window in windows:
        parts = [each.part for each in window.past]
        wholes = [each.period for each in window.past]
        for each in (window.period, window.before, window.year, *parts, *wholes):
            if each is not None:
                wanted[each] = None
    return tuple(wanted)


def to_date_rows(
    card: Scorecard,
    windows: Sequence[Window],
    *,
    method: ForecastMethod = ForecastMethod.RUN_RATE,
    goal: str | None = None,
    metric: str | None = None,
) -> Iterator[ToDateRow]:
    """The rows in tree order, then metric, then window.

    Args:
        card: Scored for `window_periods`.
        windows: From `make_windows`.
        method: Of the forecasts.
        goal: The path of a goal: it and all below it.
        metric: Only this metric.

    Raises:
        UnknownName: No such goal or metric.
    """
    plan, tree = card.plan, card.tree
    metrics = [plan.metric(metric)] if metric else plan.metrics
    for node in tree.reading_order(0 if goal is None else tree.node(goal)):
        for each in metrics:
            for window in windows:
                yield _row(card, node, each, window, method)


def _window(plan: Plan, period: Period, as_of: date) -> Window:
    calendar, workdays = plan.calendar, plan.workdays
    try:
        elapsed = count_elapsed(workdays, period, as_of)
    except UnknownWorkdays:  # a period longer than the plan may go beyond what is known
        elapsed = count_elapsed(None, period, as_of)
    before, year = period_before(calendar, period), year_before(calendar, period)
    since = period.start - timedelta(days=_DAYS_BACK)
    earlier = (
        () if period.level is Level.SPAN else periods_before(calendar, period, since=since)
    )
    return Window(
        period=period,
        elapsed=elapsed,
        before=None if before is None else like_part(workdays, period, as_of, before),
        year=None if year is None else like_part(workdays, period, as_of, year),
        past=cut_past(calendar, workdays, earlier, elapsed.share),
        years=namesakes(calendar, period),
    )


def _row(
    card: Scorecard, node: int, metric: Metric, window: Window, method: ForecastMethod
) -> ToDateRow:
    row = card.row(card.tree.path[node], metric=metric.id, period=window.period)

    reached = partial(_reached, card, node, metric)
    before, year = reached(window.before), reached(window.year)
    found, why = _forecast(card, node, row, window, method)
    return ToDateRow(
        row=row,
        before=before,
        before_change=change(row.actual, before, points=metric.is_percent),
        year=year,
        year_change=change(row.actual, year, points=metric.is_percent),
        forecast=found,
        why=why,
    )


def _forecast(
    card: Scorecard, node: int, row: ScoreRow, window: Window, method: ForecastMethod
) -> tuple[Forecast | None, Why | None]:
    if card.as_of >= window.period.last:
        return None, Why.OVER
    if not card.plan.period.covers(window.period):
        return None, Why.LONGER_THAN_PLAN
    if row.actual is None:
        return None, _why_nothing(card, node, row)
    running = _running_cut(card, node, row.metric, window)
    past = past_cuts(card, node, row.metric, window.past)
    found = forecast(method, running, past, metric=row.metric, target=row.target)
    return found, found.why


def _running_cut(card: Scorecard, node: int, metric: Metric, window: Window) -> AnyCut:
    """The running period of a metric with an actual."""
    parts = card.plan.parts_of(metric)
    if parts is not None:
        over, under = (_running_cut(card, node, each, window) for each in parts)
        assert isinstance(over, Cut)
        assert isinstance(under, Cut)
        return RatioCut(over=over, under=under, times=metric.unit_times(parts))
    actual = card.columns[metric.id, window.period].actual[node]
    assert actual is not None
    return Cut(
        key=window.period.label,
        actual=actual,
        elapsed=window.elapsed.elapsed,
        total=window.elapsed.total,
        years=window.years,
        steady=metric.aggregation not in ACCUMULATING,
    )


def past_cuts(
    card: Scorecard, node: int, metric: Metric, past: Sequence[PastPeriod]
) -> tuple[AnyCut, ...]:
    """Returns past periods with what a goal reached.

    Those that no source wholly covers are left out.

    Args:
        card: Scored for these periods and their parts.
        node: The goal.
        metric: Any; of a ratio both parts must be covered.
        past: Oldest first.
    """
    parts = card.plan.parts_of(metric)
    made = [
        fill_cuts(
            past,
            partial(_reached, card, node, each),
            steady=each.aggregation not in ACCUMULATING,
        )
        for each in parts or (metric,)
    ]
    if parts is None:
        return made[0]
    return pair_cuts(made[0], made[1], metric.unit_times(parts))


def _reached(card: Scorecard, node: int, metric: Metric, period: Period | None) -> Exact | None:
    """What a goal came to in a period; None where no source covers all of it."""
    if period is None:
        return None
    for each in card.plan.parts_of(metric) or (metric,):
        if not covers_whole(card.coverage.get(each.id, ()), period):
            return None
    return card.columns[metric.id, period].actual[node]


def _why_nothing(card: Scorecard, node: int, row: ScoreRow) -> Why:
    """Why a row has no actual: nothing was reported, or the ratio's denominator is nothing."""
    columns = (
        card.columns[each.id, row.period] for each in card.plan.parts_of(row.metric) or ()
    )
    figures = [each.actual[node] if each.reported else None for each in columns]
    return Why.NO_DENOMINATOR if figures and None not in figures else Why.NO_DATA
