"""Backtest: the methods of forecast held against the past that a plan's sources hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.to_date import PastTracking, track_periods
from salesgoal.domain.backtest import BacktestResult, backtest
from salesgoal.domain.forecast import AnyCut, ForecastMethod
from salesgoal.domain.metric import Metric
from salesgoal.domain.past import cut_past, periods_before
from salesgoal.domain.period import Level, Period
from salesgoal.domain.to_date import past_cuts
from salesgoal.errors import UnknownName

__all__ = ["CUT_SHARES", "Backtest", "backtest_plan"]

CUT_SHARES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
"""How much of a past period is over where it is cut."""

_YEARS = 10
_SO_FAR = ForecastMethod.SO_FAR


@attrs.frozen(kw_only=True)
class Backtest:
    """How the methods of forecast would have done.

    Attributes:
        goal: The path of the goal; the root is empty.
        metric: What was projected.
        level: Of the periods.
        first: The first period that sources wholly cover; None without any.
        last: The last one.
        results: Share of the days over -> one result a method.
        tracking: The facts they stand on.
    """

    goal: str
    metric: Metric
    level: Level
    first: str | None
    last: str | None
    results: dict[Fraction, tuple[BacktestResult, ...]]
    tracking: PastTracking


def backtest_plan(
    loaded: LoadedPlan,
    *,
    as_of: date,
    goal: str = "",
    metric: str | None = None,
    level: Level | str = Level.MONTH,
) -> Backtest:
    """Returns how every method would have done in the last ten years of periods that are over.

    Args:
        loaded: From `load_plan`.
        as_of: The last day that counts.
        goal: The path of a goal; the root where it is left out.
        metric: The first where it is left out.
        level: Of the periods.

    Raises:
        UnknownName: No such goal, level or metric.
        OutOfCalendar: The calendar does not know the day.
        SourceRefused, PlanRefused: As `track`.
    """
    plan = loaded.plan
    chosen = plan.metrics[0] if metric is None else plan.metric(metric)
    if level not in plan.calendar.levels:
        raise UnknownName("level of the calendar", level, sorted(plan.calendar.levels))
    over = _over(loaded, Level(level), as_of)
    past = {share: cut_past(plan.calendar, plan.workdays, over, share) for share in CUT_SHARES}
    parts = {each.part for cuts in past.values() for each in cuts if each.part is not None}
    tracking = track_periods(loaded, (plan.period, *over, *parts), as_of=as_of)
    cards = tracking.scorecards
    card = next((each for each in cards if goal in each.tree.by_path), cards[0])
    node = card.tree.node(goal)
    cuts = {share: past_cuts(card, node, chosen, each) for share, each in past.items()}
    known = cuts[CUT_SHARES[0]]
    return Backtest(
        goal=goal,
        metric=chosen,
        level=Level(level),
        first=str(known[0].key) if known else None,
        last=str(known[-1].key) if known else None,
        results={share: _results(each) for share, each in cuts.items()},
        tracking=tracking,
    )


def _over(loaded: LoadedPlan, level: Level, as_of: date) -> tuple[Period, ...]:
    """The periods that are over by ``as_of``, oldest first."""
    running = loaded.plan.calendar.at(level, as_of)
    since = as_of - timedelta(days=366 * _YEARS)
    before = periods_before(loaded.plan.calendar, running, since=since)
    return (*before, running) if running.last <= as_of else before


def _results(past: Sequence[AnyCut]) -> tuple[BacktestResult, ...]:
    """One a method; what is projected as it stands knows only that."""
    if past and past[0].steady:
        return (backtest(ForecastMethod.SO_FAR, past),)
    return tuple(backtest(each, past) for each in ForecastMethod if each is not _SO_FAR)
