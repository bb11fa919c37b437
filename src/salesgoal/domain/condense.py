"""Condensing: actuals given as Python values, to cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from salesgoal.domain.actual import Actual
from salesgoal.domain.cells import Cells
from salesgoal.domain.credit import ONE, CreditGroup, combine_credits, credit_members
from salesgoal.domain.kind import require_kind
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.number import to_units
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.reconciliation import reconcile
from salesgoal.domain.scope import ANY, encode_scope
from salesgoal.domain.scorecard import Scorecard, score
from salesgoal.domain.timeline import Coverage, make_timeline
from salesgoal.errors import NumberRefused, UnknownName, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from fractions import Fraction

    from salesgoal.domain.dimension import Dimension

__all__ = ["credit_actual", "empty_cells", "fact_metrics", "hold_against", "read_value"]


def fact_metrics(plan: Plan) -> tuple[Metric, ...]:
    """Returns the metrics that facts carry: all but the ratios."""
    return tuple(each for each in plan.metrics if not isinstance(each.aggregation, Ratio))


def empty_cells(plan: Plan, as_of: date) -> Cells:
    """Returns cells without facts, on the timeline of the plan's periods."""
    timeline = make_timeline(plan.periods, as_of)
    return Cells(timeline, fact_metrics(plan), len(plan.dimensions))


def hold_against(
    plan: Plan, actuals: Iterable[Actual], *, as_of: date, view: View = View.AS_WAS
) -> tuple[Scorecard, ...]:
    """Returns the plan's scorecards, one a breakdown, for facts given as values.

    A metric is covered from its first to its last day given. The total of a period that is not
    over at ``as_of`` does not count and covers nothing: how much came by then is unknown.
    Facts count to the seat that a member has on their day; without one they count to the goal
    above, unassigned.

    Args:
        plan: What was to be reached.
        actuals: In any order.
        as_of: The last day that counts.
        view: Where those who moved are shown.

    Raises:
        UnknownName: A dimension, member or metric that the plan lacks.
        UsageError: A dimension stands both in ``members`` and in ``credits``.
        PlanRefused: As `score`.
        FloatRefused, NumberRefused: A value that its metric cannot hold.
        KindRefused: The plan, the day or a fact is none.

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
    require_kind(plan, Plan, "plan", "make_plan(…)")
    require_kind(actuals, Iterable, "actuals", "[Actual(on=…, values=…)]")
    cells = empty_cells(plan, as_of)
    metrics = {metric.id: metric for metric in cells.metrics}
    control = dict.fromkeys(cells.sums, 0)
    days: dict[str, list[date]] = {}
    static = not any(each.seats.timetable or each.overlays for each in plan.dimensions)
    for actual in actuals:
        if type(actual) is not Actual:
            require_kind(actual, Actual, "one of actuals", "Actual(on=…, values=…)")
        groups = _groups(actual, plan.dimensions, static=static)
        slot = cells.slot(actual.on)
        last = actual.on.last if isinstance(actual.on, Period) else actual.on
        said = cells.timeline.said_days(actual.on) or ()
        for name, amount in actual.values.items():
            metric = metrics.get(name) or plan.metric(name)
            value = read_value(metric, amount)
            cells.credit(groups, slot, metric, value, last)
            days.setdefault(name, []).extend(said)
            if name in control and isinstance(value, int):
                control[name] += value
    coverage: Coverage = {name: [(min(each), max(each))] for name, each in days.items() if each}
    cards = score(plan, cells, coverage, as_of, view)
    reconcile(cards[0], control)
    return cards


def _groups(
    actual: Actual, dimensions: Sequence[Dimension], *, static: bool
) -> tuple[CreditGroup, ...]:
    """As `credit_actual`; quick for a plain fact where nobody moves and nothing overlays."""
    if actual.credits or not static:
        return credit_actual(actual, dimensions)
    return (CreditGroup(((encode_scope(actual.members, dimensions), ONE),), overlay=False),)


def credit_actual(actual: Actual, dimensions: Sequence[Dimension]) -> tuple[CreditGroup, ...]:
    """Returns to whom a fact counts.

    Raises:
        UnknownName: A dimension or member that is not there.
        NumberRefused: Shares that do not total 1, or a member credited twice.
        UsageError: A dimension stands both in ``members`` and in ``credits``.
    """
    codes = encode_scope(actual.members, dimensions)
    named: dict[str, list[tuple[int, Fraction | None]]] = {}
    ids = [dimension.id for dimension in dimensions]
    for credit in actual.credits:
        if credit.dimension in actual.members:
            message = f"{credit.dimension} stands in members and in credits - name it in one"
            zh = f"{credit.dimension} 同时写在 members 和 credits 中 - 只写一处"
            raise UsageError(message, zh)
        if credit.dimension not in ids:
            raise UnknownName("dimension", credit.dimension, ids)
        dimension = dimensions[ids.index(credit.dimension)]
        seat = (dimension.code(credit.member), credit.share)
        named.setdefault(dimension.id, []).append(seat)
    return combine_credits(
        [
            credit_members(
                dimension,
                named.get(dimension.id, [] if code == ANY else [(code, None)]),
                actual.on,
            )
            for dimension, code in zip(dimensions, codes, strict=True)
        ]
    )


def read_value(metric: Metric, amount: Decimal | int | str) -> Decimal | int | str:
    """Returns what a cell books: the key of a `DISTINCT` metric, else units.

    Raises:
        FloatRefused, NumberRefused: The metric cannot hold it.
    """
    if metric.aggregation is Aggregation.DISTINCT:
        return amount
    if isinstance(amount, str):
        en, zh = f"is a text - {metric.id} needs a number", f"是文本 - {metric.id} 需要数字"
        raise NumberRefused(amount, en, "not-a-number", zh=zh)
    return to_units(amount, metric.decimals)
