"""Findings about amounts that do not tie: over the tree, over time, between breakdowns.

A difference that a longer period only repeats, because it is the sum of those of its shorter
periods, is said once, at the shorter ones; one that is typed is always said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import attrs

from salesgoal.domain.kernel import find_mismatch
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact, amount_text, percent
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scope import Codes
from salesgoal.domain.scorecard import Scorecard
from salesgoal.domain.target import MEASURES, Measure, add_sub_periods

__all__ = ["MEASURE_WORDS", "find_untied", "goal_place", "path_of", "tiles_of"]

MEASURE_WORDS: Mapping[Measure, tuple[str, str]] = {
    "target": ("目标值", "target"),
    "floor": ("保底目标", "floor"),
    "stretch": ("挑战目标", "stretch target"),
    "commit": ("承诺值", "commit"),
}
"""Measure -> what it is called in Chinese and English."""

_MISMATCH_CODES: Mapping[Measure, str] = {
    "target": "target-mismatch",
    "commit": "commit-mismatch",
}
_TIED_OVER_TREE = {Aggregation.SUM, Aggregation.LAST}
_TIED_OVER_TIME = {
    Aggregation.SUM,
    Aggregation.LAST,
    Aggregation.MAXIMUM,
    Aggregation.MINIMUM,
}
"""Counts of different customers are not among them: those of the months exceed the year's."""


def find_untied(cards: Sequence[Scorecard], source: str) -> Iterator[Problem]:
    """The amounts of a plan that do not tie; each with its goal, metric, period and amounts.

    Linear in goals x periods.

    Args:
        cards: One per breakdown of the plan.
        source: What the plan is called in the address of a finding.
    """
    plan = cards[0].plan
    parts = tiles_of(plan.periods)
    for metric in plan.metrics:
        teller = _Teller(plan, metric, parts, source)
        if metric.aggregation in _TIED_OVER_TREE:
            yield from teller.breakdowns(cards)
            for card in cards:
                tree = card.tree.breakdown.title(plan.dimensions) if len(cards) > 1 else ""
                for measure in _MISMATCH_CODES:
                    yield from teller.mismatches(card, measure, tree)
        yield from teller.periods()


def path_of(plan: Plan, codes: Codes) -> str:
    """Returns the path of a goal that some breakdown has; the plan's name for the root."""
    found = (tree.path[tree.by_scope[codes]] for tree in plan.trees if codes in tree.by_scope)
    return next(found, "") or plan.name


def goal_place(plan: Plan, source: str, path: str, metric: Metric, *periods: str) -> Place:
    """Returns the address of a finding: goal, metric and period."""
    key = ", ".join((path or plan.name, metric.name, *filter(None, periods)))
    return Place(source, key=key)


def tiles_of(periods: Sequence[Period]) -> dict[Period, list[Period]]:
    """Returns period -> the longest shorter ones that leave no day of it out; else none."""
    levels: dict[object, list[Period]] = {}
    for each in periods:
        levels.setdefault(each.level, []).append(each)
    tiles: dict[Period, list[Period]] = {}
    for period in periods:
        tiles[period] = []
        for level, shorter in levels.items():
            inside = [each for each in shorter if period.covers(each)]
            whole = sum(each.days for each in inside) == period.days
            if level is not period.level and whole and len(inside) > 1:
                tiles[period] = inside
                break
    return tiles


@attrs.frozen
class _Teller:
    """Tells the findings about one metric."""

    plan: Plan
    metric: Metric
    parts: Mapping[Period, Sequence[Period]]
    source: str

    def mismatches(self, card: Scorecard, measure: Measure, tree: str) -> Iterator[Problem]:
        """Goals whose amount is not what their children's come to."""
        typed = self.plan.targets.of(self.metric.id, measure)
        if not typed:
            return
        columns = {
            period: card.columns[self.metric.id, period].targets[measure]
            for period in self.plan.periods
        }
        found = {period: find_mismatch(card.tree, column) for period, column in columns.items()}
        for period, column in found.items():
            parts = [(columns[each], found[each]) for each in self.parts[period]]
            own_typed = typed.get(period, {})
            for node in reversed(card.tree.inner):
                mismatch, own = column[node], columns[period][node]
                if not mismatch or own is None:
                    continue
                # Where the goal has none, its children have none either: nothing differs.
                shorter = [0 if owns[node] is None else off[node] for owns, off in parts]
                if card.tree.scope[node] in own_typed or not self._repeats(mismatch, shorter):
                    yield problem(
                        _MISMATCH_CODES[measure],
                        self._place(card.tree.path[node], period, tree),
                        parent=self._amount(own),
                        children=self._amount(own - mismatch),
                        mismatch=self._amount(mismatch),
                        **_share(own, mismatch),
                    )

    def breakdowns(self, cards: Sequence[Scorecard]) -> Iterator[Problem]:
        """Breakdowns whose children of the root do not come to the same."""
        for one, other in pairwise(cards):
            totals = {
                period: (
                    _below_root(one, self.metric, period),
                    _below_root(other, self.metric, period),
                )
                for period in self.plan.periods
            }
            off = {period: _less(*pair) for period, pair in totals.items()}
            for period, difference in off.items():
                shorter = [off[each] for each in self.parts[period]]
                if difference and not self._repeats(difference, shorter):
                    first, second = totals[period]
                    yield problem(
                        "breakdown-mismatch",
                        Place(self.source, key=f"{self.metric.name}, {period.label}"),
                        first=one.tree.breakdown.title(self.plan.dimensions),
                        second=other.tree.breakdown.title(self.plan.dimensions),
                        first_total=self._amount(first or 0),
                        second_total=self._amount(second or 0),
                    )

    def periods(self) -> Iterator[Problem]:
        """Typed periods that are not what the typed shorter periods of the goal come to.

        Where days are left out, only shorter periods that already exceed the whole are said.
        """
        if self.metric.aggregation not in _TIED_OVER_TIME:
            return
        grows = self.metric.is_additive and not self.metric.negative
        for measure in MEASURES:
            typed = self.plan.targets.of(self.metric.id, measure)
            for period, values in typed.items():
                inside = add_sub_periods(self.metric, typed, period)
                for codes, parts in inside.values.items():
                    whole = values.get(codes)
                    if whole is None or parts == whole or not self.plan.period.covers(period):
                        continue
                    if codes in inside.whole or (grows and parts > whole):
                        yield self._period_mismatch(measure, period, codes, whole, parts)

    def _repeats(self, difference: Exact, shorter: Sequence[Exact | None]) -> bool:
        """Whether the shorter periods' differences come to this one."""
        if self.metric.aggregation is Aggregation.LAST:
            return bool(shorter) and shorter[-1] == difference
        known = [each for each in shorter if each is not None]
        return len(known) == len(shorter) and sum(known) == difference

    def _period_mismatch(
        self, measure: Measure, period: Period, codes: Codes, whole: int, parts: int
    ) -> Problem:
        zh, en = MEASURE_WORDS[measure]
        return problem(
            "period-mismatch",
            self._place(path_of(self.plan, codes), period),
            measure_zh=zh,
            measure=en,
            whole=self._amount(whole),
            parts=self._amount(parts),
            difference=self._amount(whole - parts),
        )

    def _place(self, path: str, period: Period, tree: str = "") -> Place:
        return goal_place(self.plan, self.source, path, self.metric, period.label, tree)

    def _amount(self, units: Exact) -> str:
        return amount_text(units, self.metric.decimals)


def _share(own: Exact, mismatch: Exact) -> dict[str, str]:
    """How much of the goal's target its children hold too much, or too little; if it shows."""
    shown = percent(Fraction(max(mismatch, -mismatch), own)) if own > 0 else None
    if not shown:
        return {"share_zh": "", "share_en": ""}
    over = mismatch < 0
    zh, en = ("超额分配", "over-assigned") if over else ("少分配", "under-assigned")
    return {"share_zh": f"（{zh} {shown} %）", "share_en": f" ({en} by {shown} %)"}


def _below_root(card: Scorecard, metric: Metric, period: Period) -> Exact | None:
    column = card.columns[metric.id, period].targets["target"]
    children = (column[node] for node in card.tree.counted_children(0))
    parts = [each for each in children if each is not None]
    return sum(parts) if parts else None


def _less(one: Exact | None, other: Exact | None) -> Exact | None:
    """None where only one is absent; where both are, nothing differs."""
    if one is None and other is None:
        return 0
    return one - other if one is not None and other is not None else None
