"""Variance by child: which goals below make up a goal's gap.

gap of the parent = sum of the effects, exactly, for metrics that add over the tree. Effects are
signed as gaps are: above zero where they widen the parent's gap.

    part             what it is                              effect, where more is better
    gap              a child with a target and an actual     target - actual
    without_target   a child that nobody gave a target       - actual
    without_data     a child that nothing was read of        target
    mismatch         target of the parent - children's       mismatch
    unassigned       actual of the parent - children's       - unassigned
    overlap          the same where keys are counted once    - overlap

Where less is better every effect is turned round. `distinct` counts a key once at the parent,
though it may stand under several children: that overlap is below zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import attrs

from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.scorecard import Scorecard
from salesgoal.errors import UsageError

__all__ = ["PartKind", "Variance", "VariancePart", "adds_over_tree", "split_by_child"]


class PartKind(StrEnum):
    """What a part of a gap is; the table at the head of this page."""

    GAP = "gap"
    WITHOUT_TARGET = "without_target"
    WITHOUT_DATA = "without_data"
    MISMATCH = "mismatch"
    UNASSIGNED = "unassigned"
    OVERLAP = "overlap"


@attrs.frozen(kw_only=True)
class VariancePart:
    """One part of a gap, in smallest units; ``goal`` is the path of a child, else None."""

    kind: PartKind
    goal: str | None
    target: Exact | None
    actual: Exact | None
    effect: Exact


@attrs.frozen(kw_only=True)
class Variance:
    """The gap of one goal, metric and period, and the parts that it is the sum of."""

    goal: str
    metric: Metric
    period: Period
    target: Exact
    actual: Exact
    gap: Exact
    parts: tuple[VariancePart, ...]

    @property
    def difference(self) -> Exact:
        """The gap less its parts: zero, by law."""
        return self.gap - sum(part.effect for part in self.parts)


_CLOSING: Mapping[Aggregation | Ratio, PartKind] = {
    Aggregation.SUM: PartKind.UNASSIGNED,
    Aggregation.LAST: PartKind.UNASSIGNED,
    Aggregation.DISTINCT: PartKind.OVERLAP,
}


def adds_over_tree(metric: Metric) -> bool:
    """Returns whether a goal's gap is made up of its children's."""
    return metric.aggregation in _CLOSING


def split_by_child(
    card: Scorecard, goal: str = "", *, metric: str, period: Period | str
) -> Variance | None:
    """Returns a goal's gap by the goals right below it.

    None where the goal has no gap (no target, nothing read, not begun) or no child. Every child
    that adds to the goal has its part, so that people see that none was left out; mismatch and
    unassigned only where they are not zero. For other dimensions ask ``card.by("product")``.

    Args:
        card: The scorecard.
        goal: The path of the goal; the root by default.
        metric: The id of a metric that adds over the tree.
        period: One of the plan's periods, or its label.

    Raises:
        UsageError: The gaps of the metric do not add up over goals.
        UnknownName: No such goal or metric, or a period that the plan does not show.
        LabelRefused: The label names no period.
    """
    row = card.row(goal, metric=metric, period=period)
    if not adds_over_tree(row.metric):
        raise UsageError(
            f"gaps of {metric} do not add up over goals - split the metrics it is made of",
            f"{metric} 的缺口不能在各目标间相加 - 请分解构成它的指标",
        )
    children = card.tree.counted_children(card.tree.node(goal))
    if row.gap is None or row.target is None or row.actual is None or not children:
        return None
    sign = 1 if row.metric.direction is Direction.MAXIMISE else -1
    parts, short, beyond = [], row.target, row.actual
    for node in children:
        child = card.row(card.tree.path[node], metric=metric, period=row.period)
        target, actual = child.target or 0, child.actual or 0
        short, beyond = short - target, beyond - actual
        kind = PartKind.WITHOUT_DATA if child.actual is None else PartKind.GAP
        parts.append(
            VariancePart(
                kind=PartKind.WITHOUT_TARGET if child.target is None else kind,
                goal=child.goal,
                target=child.target,
                actual=child.actual,
                effect=sign * (target - actual),
            )
        )
    if short:
        parts.append(_rest(PartKind.MISMATCH, short, None, sign * short))
    if beyond:
        parts.append(_rest(_CLOSING[row.metric.aggregation], None, beyond, -sign * beyond))
    return Variance(
        goal=row.goal,
        metric=row.metric,
        period=row.period,
        target=row.target,
        actual=row.actual,
        gap=row.gap,
        parts=tuple(parts),
    )


def _rest(
    kind: PartKind, target: Exact | None, actual: Exact | None, effect: Exact
) -> VariancePart:
    return VariancePart(kind=kind, goal=None, target=target, actual=actual, effect=effect)
