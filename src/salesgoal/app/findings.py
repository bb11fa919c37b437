"""What `check` says about a plan that can be loaded: ties, mismatches, missing targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from salesgoal.app.load import LoadedPlan
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact, to_amount
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scorecard import Scorecard, score

__all__ = ["find_problems"]


def find_problems(loaded: LoadedPlan) -> list[Problem]:
    """Returns the warnings of a plan: none where every breakdown ties out.

    Cost: one roll-up without facts.
    """
    plan = loaded.plan
    cells = empty_cells(plan, plan.period.last)
    cards = score(plan, cells, {}, plan.period.last)
    place = Place(loaded.path.name)
    found = list(plan.warnings)
    if not plan.targets.typed:
        found.append(problem("no-target", place))
    for metric in plan.metrics:
        if metric.is_additive:
            for period in plan.periods:
                found += _untied(cards, metric, period, place)
                for card in cards:
                    found += _mismatches(card, metric, period, place)
    return found


def _mismatches(
    card: Scorecard, metric: Metric, period: Period, place: Place
) -> Iterator[Problem]:
    column = card.columns[metric.id, period]
    for node, mismatch in enumerate(column.mismatch or ()):
        own = column.targets["target"][node]
        if mismatch and own is not None:
            key = f"{card.tree.path[node] or card.plan.name}, {metric.name}, {period.label}"
            yield problem(
                "target-mismatch",
                Place(place.source, key=key),
                parent=_amount(own, metric),
                children=_amount(own - mismatch, metric),
                mismatch=_amount(mismatch, metric),
            )


def _untied(
    cards: Sequence[Scorecard], metric: Metric, period: Period, place: Place
) -> Iterator[Problem]:
    """Breakdowns whose children of the root do not come to the same."""
    for one, other in pairwise(cards):
        totals = [_below_root(card, metric, period) for card in (one, other)]
        if None not in totals and totals[0] != totals[1]:
            yield problem(
                "breakdown-mismatch",
                Place(place.source, key=f"{metric.name}, {period.label}"),
                first=one.tree.breakdown.name,
                second=other.tree.breakdown.name,
                first_total=_amount(totals[0] or 0, metric),
                second_total=_amount(totals[1] or 0, metric),
            )


def _below_root(card: Scorecard, metric: Metric, period: Period) -> Exact | None:
    column = card.columns[metric.id, period]
    own = column.targets["target"][0]
    mismatch = column.mismatch[0] if column.mismatch else None
    return own - mismatch if own is not None and mismatch is not None else None


def _amount(units: Exact, metric: Metric) -> str:
    return f"{to_amount(units, metric.decimals):,f}"
