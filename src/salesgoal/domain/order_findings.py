"""Findings about floors, targets and stretch targets that stand in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import attrs

from salesgoal.domain.metric import Direction, Metric, Ratio
from salesgoal.domain.number import Exact, amount_text
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Problem, problem
from salesgoal.domain.scorecard import Scorecard
from salesgoal.domain.target import Measure
from salesgoal.domain.tie_findings import MEASURE_WORDS, goal_place, tiles_of

__all__ = ["find_disorder"]

_ORDER: tuple[Measure, ...] = ("floor", "target", "stretch")
_Fault = tuple[int, Measure, Measure]
"""A goal's position, the measure that should be lower, and the one that should be higher."""


def find_disorder(card: Scorecard, source: str) -> Iterator[Problem]:
    """Floors above targets and targets above stretch targets; reversed where less is better.

    Typed amounts are always said; of derived ones only the lowest goals and shortest periods,
    because what is above follows from them. A ratio's derived floor is no bound of its derived
    target, so of ratios only typed amounts are judged. Linear in goals x periods.

    Args:
        card: One breakdown of a plan.
        source: What the plan is called in the address of a finding.
    """
    tiles = tiles_of(card.plan.periods)
    for metric in card.plan.metrics:
        judge = _Judge(card, metric)
        faults = {period: judge.faults(period) for period in card.plan.periods}
        for period, found in faults.items():
            shorter = [faults[each] for each in tiles[period]]
            for fault in sorted(found):
                if not judge.follows(period, fault, found, shorter):
                    yield judge.tell(period, fault, source)


@attrs.frozen
class _Judge:
    card: Scorecard
    metric: Metric

    @property
    def order(self) -> tuple[Measure, ...]:
        """The measures as they should rise."""
        return _ORDER if self.metric.direction is Direction.MAXIMISE else _ORDER[::-1]

    def faults(self, period: Period) -> set[_Fault]:
        """Pairs that fall; the outer one only where no target stands between."""
        columns = self.card.columns[self.metric.id, period].targets
        given = {each for each in _ORDER if columns[each].count(None) < len(columns[each])}
        found: set[_Fault] = set()
        for low, high in combinations(self.order, 2):
            if {low, high} <= given:
                outer = "target" not in {low, high}
                pairs = enumerate(zip(columns[low], columns[high], strict=True))
                found |= {
                    (node, low, high)
                    for node, (below, above) in pairs
                    if below is not None
                    and above is not None
                    and below > above
                    and not (outer and columns["target"][node] is not None)
                }
        return found

    def follows(
        self,
        period: Period,
        fault: _Fault,
        beside: set[_Fault],
        shorter: Sequence[set[_Fault]],
    ) -> bool:
        """Whether nothing of it is typed, and something lower or shorter says it already."""
        node, low, high = fault
        table, codes = self.card.plan.targets, self.card.tree.scope[node]
        if any(codes in table.of(self.metric.id, each).get(period, {}) for each in (low, high)):
            return False
        below = any((child, low, high) in beside for child in self.card.tree.children(node))
        ratio = isinstance(self.metric.aggregation, Ratio)
        return ratio or below or any(fault in each for each in shorter)

    def tell(self, period: Period, fault: _Fault, source: str) -> Problem:
        node, low, high = fault
        columns: Mapping[Measure, Sequence[Exact | None]]
        columns = self.card.columns[self.metric.id, period].targets
        words = [MEASURE_WORDS[each] for each in self.order]
        path = self.card.tree.path[node]
        return problem(
            "target-order",
            goal_place(self.card.plan, source, path, self.metric, period.label),
            low_zh=MEASURE_WORDS[low][0],
            low_en=MEASURE_WORDS[low][1],
            low=amount_text(columns[low][node] or 0, self.metric.decimals),
            high_zh=MEASURE_WORDS[high][0],
            high_en=MEASURE_WORDS[high][1],
            high=amount_text(columns[high][node] or 0, self.metric.decimals),
            order_zh="、".join(zh for zh, _ in words),
            order_en=", ".join(en for _, en in words),
        )
