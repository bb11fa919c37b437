"""Variance by driver: sales = count x average, so a gap has a volume and a value effect.

A ratio metric names both: 客单价 = sales / orders has the volume ``orders`` and the value
"sales an order". With targets T and actuals A, where more is better:

    gap      = T_sales - A_sales
    volume   = (T_orders - A_orders) x T_value
    value    = A_orders x T_value - A_sales          = A_orders x (T_value - A_value)
    planning = T_sales - T_orders x T_value          zero unless all three targets are typed

    gap = volume + value + planning, exactly

``T_value`` is the target of the ratio where it has one, so that a typed 客单价 counts; the
volume effect is judged at the planned value, the value effect at the actual volume (the usual
convention: the joint effect belongs to the value). Where less is better all is turned round.

Held against the goals below, the value effect falls apart into their own value effects and the
mix: what it means that volume went to goals with another value than the whole was planned with.

    value = sum of the children's A_orders x T_value_child - A_sales_child   (pure value)
          + sum of the children's A_orders x (T_value - T_value_child)       (mix)
          + the same of what is unassigned, at T_value, which has no mix

A child without a planned value takes the parent's, so that its mix is zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import attrs

from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.scorecard import Scorecard
from salesgoal.errors import UsageError

__all__ = ["ChildDriver", "DriverSplit", "round_to_total", "split_by_driver"]


@attrs.frozen(kw_only=True)
class ChildDriver:
    """A child's part of the parent's value effect; ``goal`` is None for what is unassigned."""

    goal: str | None
    value: Fraction
    mix: Fraction


@attrs.frozen(kw_only=True)
class DriverSplit:
    """A gap by volume and value, exact, in smallest units of ``metric``.

    Attributes:
        goal: The path of the goal.
        metric: What falls short, such as sales.
        volume_metric: What it is counted by, such as orders.
        value_metric: The ratio of the two.
        period: The period.
        gap: Of ``metric``.
        volume: What the volume does.
        value: What the value does, mix included.
        planning: By how much the three targets contradict one another.
        children: The value effect goal by goal; empty for a lowest goal.
    """

    goal: str
    metric: Metric
    volume_metric: Metric
    value_metric: Metric
    period: Period
    gap: int
    volume: Fraction
    value: Fraction
    planning: Fraction
    children: tuple[ChildDriver, ...] = ()

    @property
    def mix(self) -> Fraction:
        """What the mix of the goals below does; zero for a lowest goal."""
        return sum((each.mix for each in self.children), Fraction(0))

    @property
    def pure_value(self) -> Fraction:
        """The value effect without the mix."""
        return self.value - self.mix

    @property
    def difference(self) -> Fraction:
        """The gap less its effects, and the value less its children's: zero, by law."""
        rest = self.gap - self.volume - self.value - self.planning
        if not self.children:
            return rest
        inner = sum((each.value + each.mix for each in self.children), Fraction(0))
        return abs(rest) + abs(self.value - inner)

    def shown(self) -> dict[str, int]:
        """Returns the effects in whole units that still add up to the gap.

        The rounding goes to the effects with the largest remainders, never to a line of its
        own.
        """
        names = ("volume", "mix", "value", "planning")
        exact = (self.volume, self.mix, self.pure_value, self.planning)
        return dict(zip(names, round_to_total(exact, self.gap), strict=True))


def round_to_total(values: Sequence[Exact], total: int) -> list[int]:
    """Returns whole numbers that add up to ``total``, each its value rounded down or up.

    Largest remainder, ties to the earlier position; values may be below zero.

    Raises:
        UsageError: The exact values do not add up to the total.

    >>> round_to_total([Fraction(1, 3), Fraction(1, 3), Fraction(-5, 3)], -1)
    [1, 0, -2]
    """
    if sum(values) != total:
        en = f"the values come to {sum(values)}, not to {total}"
        raise UsageError(en, f"各项合计 {sum(values)}，不是 {total}")
    whole = [value // 1 for value in values]
    rests = [value - floor for value, floor in zip(values, whole, strict=True)]
    order = sorted(range(len(whole)), key=rests.__getitem__, reverse=True)
    for position in order[: total - sum(whole)]:
        whole[position] += 1
    return whole


def split_by_driver(
    card: Scorecard, goal: str = "", *, ratio: str, period: Period | str
) -> DriverSplit | None:
    """Returns the gap of a ratio's numerator by volume and value, with mix by children.

    None where a target or an actual is missing, or the planned value cannot be told.

    Args:
        card: The scorecard.
        goal: The path of the goal; the root by default.
        ratio: The id of a ratio metric over a metric that adds, such as 客单价.
        period: One of the plan's periods, or its label.

    Raises:
        UsageError: No such ratio, or its numerator does not add.
        UnknownName: No such goal or metric, or a period that the plan does not show.
        LabelRefused: The label names no period.
    """
    view = _View(
        card, *_metrics(card, ratio), card.row(goal, metric=ratio, period=period).period
    )
    target, actual = view.amounts(goal)
    planned = view.planned_value(goal)
    if target is None or actual is None or planned is None:
        return None
    sign = 1 if view.metric.direction is Direction.MAXIMISE else -1
    return DriverSplit(
        goal=view.path(goal),
        metric=view.metric,
        volume_metric=view.volume,
        value_metric=view.value,
        period=view.period,
        gap=sign * (target.amount - actual.amount),
        volume=sign * (target.count - actual.count) * planned,
        value=sign * (actual.count * planned - actual.amount),
        planning=sign * (target.amount - target.count * planned),
        children=tuple(view.children(goal, planned, sign)),
    )


@attrs.frozen
class _Pair:
    amount: int
    count: Fraction


@attrs.frozen
class _View:
    card: Scorecard
    metric: Metric
    volume: Metric
    value: Metric
    period: Period

    def path(self, goal: str) -> str:
        """The goal's own path, also where it is asked for as the root."""
        return self.card.row(goal, metric=self.value.id, period=self.period).goal

    def amounts(self, goal: str) -> tuple[_Pair | None, _Pair | None]:
        """The target and the actual of a goal."""
        amount, count = (
            self.card.row(goal, metric=each.id, period=self.period)
            for each in (self.metric, self.volume)
        )
        return _pair(amount.target, count.target), _pair(amount.actual, count.actual)

    def planned_value(self, goal: str) -> Fraction | None:
        """Units of the amount for one unit of the volume, as the targets have it."""
        rate = self.card.row(goal, metric=self.value.id, period=self.period).target
        if rate is None:
            return None
        times = self.value.shown_times * 10 ** (self.volume.decimals + self.value.decimals)
        return Fraction(rate * 10**self.metric.decimals, times)

    def children(self, goal: str, planned: Fraction, sign: int) -> list[ChildDriver]:
        found: list[ChildDriver] = []
        _, whole = self.amounts(goal)
        assert whole is not None
        amount, count = whole.amount, whole.count
        tree = self.card.tree
        for node in tree.counted_children(tree.node(goal)):
            path = tree.path[node]
            _, own = self.amounts(path)
            own = own or _Pair(0, Fraction(0))
            value = self.planned_value(path)
            found.append(_child(path, own, planned if value is None else value, planned, sign))
            amount, count = amount - own.amount, count - own.count
        if found and (amount or count):
            found.append(_child(None, _Pair(amount, count), planned, planned, sign))
        return found


def _child(
    goal: str | None, own: _Pair, value: Fraction, planned: Fraction, sign: int
) -> ChildDriver:
    return ChildDriver(
        goal=goal,
        value=sign * (own.count * value - own.amount),
        mix=sign * own.count * (planned - value),
    )


def _pair(amount: Exact | None, count: Exact | None) -> _Pair | None:
    return None if amount is None or count is None else _Pair(int(amount), Fraction(count))


def _metrics(card: Scorecard, ratio: str) -> tuple[Metric, Metric, Metric]:
    value = card.plan.metric(ratio)
    if not isinstance(value.aggregation, Ratio):
        en = f"{ratio} is no ratio - name a metric such as 客单价 = sales / orders"
        raise UsageError(en, f"{ratio} 不是比率 - 写成 客单价 = sales / orders 这样的指标")
    metric = card.plan.metric(value.aggregation.numerator)
    if metric.aggregation is not Aggregation.SUM:
        en = f"{metric.id} does not add up - drivers explain metrics that add"
        raise UsageError(en, f"{metric.id} 不能加总 - 驱动因素只解释可加总的指标")
    return metric, card.plan.metric(value.aggregation.denominator), value
