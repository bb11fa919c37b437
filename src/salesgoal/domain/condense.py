"""Condensing: actuals given as Python values, to cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesgoal.domain.cells import Cells
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.number import to_units
from salesgoal.domain.period import Period
from salesgoal.domain.reconciliation import reconcile
from salesgoal.domain.scope import encode_scope
from salesgoal.domain.scorecard import Scorecard, score
from salesgoal.domain.timeline import Coverage, make_timeline
from salesgoal.errors import NumberRefused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from salesgoal.domain.actual import Actual
    from salesgoal.domain.plan import Plan

__all__ = ["empty_cells", "fact_metrics", "hold_against"]


def fact_metrics(plan: Plan) -> tuple[Metric, ...]:
    """Returns the metrics that facts carry: all but the ratios."""
    return tuple(each for each in plan.metrics if not isinstance(each.aggregation, Ratio))


def empty_cells(plan: Plan, as_of: date) -> Cells:
    """Returns cells without facts, on the timeline of the plan's periods."""
    timeline = make_timeline(plan.periods, as_of)
    return Cells(timeline, fact_metrics(plan), len(plan.dimensions))


def hold_against(
    plan: Plan, actuals: Iterable[Actual], *, as_of: date
) -> tuple[Scorecard, ...]:
    """Returns the plan's scorecards, one a breakdown, for facts given as values.

    A metric is covered from its first to its last day given.

    Raises:
        UnknownName: A dimension, member or metric that the plan lacks.
        FloatRefused, NumberRefused: A value that its metric cannot hold.

    >>> from datetime import date
    >>> from salesgoal import Actual, Dimension, Metric, Target, make_plan
    >>> plan = make_plan(name="10月", period="2023-10",
    ...     metrics=[Metric(id="sales", decimals=2)],
    ...     targets=[Target(metric="sales", period="2023-10", target=200_000)])
    >>> booked = [Actual(on=date(2023, 10, 6), values={"sales": 150_000})]
    >>> card, = hold_against(plan, booked, as_of=date(2023, 10, 7))
    >>> card.row(metric="sales", period="2023-10").ratio
    Fraction(3, 4)
    """
    cells = empty_cells(plan, as_of)
    metrics = {metric.id: metric for metric in cells.metrics}
    control = dict.fromkeys(cells.sums, 0)
    days: dict[str, list[date]] = {}
    for actual in actuals:
        base = cells.base(encode_scope(actual.members, plan.dimensions))
        slot = cells.slot(actual.on)
        last = actual.on.last if isinstance(actual.on, Period) else actual.on
        first = actual.on.start if isinstance(actual.on, Period) else actual.on
        for name, amount in actual.values.items():
            metric = metrics.get(name) or plan.metric(name)
            value = _reading(metric, amount)
            cells.book(base, slot, metric, value, last)
            days.setdefault(name, []).extend((first, last))
            if name in control and isinstance(value, int):
                control[name] += value
    coverage: Coverage = {name: [(min(each), max(each))] for name, each in days.items()}
    cards = score(plan, cells, coverage, as_of)
    reconcile(cards[0], control)
    return cards


def _reading(metric: Metric, amount: Decimal | int | str) -> Decimal | int | str:
    """What a cell books: the key of a `DISTINCT` metric, else units."""
    if metric.aggregation is Aggregation.DISTINCT:
        return amount
    if isinstance(amount, str):
        raise NumberRefused(amount, f"is a text - {metric.id} needs a number", "not-a-number")
    return to_units(amount, metric.decimals)
