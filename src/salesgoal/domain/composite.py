"""Composite scores: several metrics in one number, by weight, and the ranking by it.

    score = sum of weight x counted attainment; weights are shares that total exactly 1
    counted = the exact attainment, not above the cap and not below the floor of its metric

A target that has no rate (zero or below; see `attainment`) counts 1 where it is met and 0 where
it is not. A metric is *missing* where it has no target, no data, or has not begun; then

    refuse    the goal has no score
    zero      it counts 0, whatever its floor
    reweigh   the weights of the others are scaled up to 1; none left: no score

Goals rank by exact scores, never by rounded ones; equal scores share a rank and the next rank
is left out (1, 2, 2, 4). A goal without a score has no rank and stands last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.domain.attainment import Status
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.domain.scorecard import Scorecard, ScoreRow
from salesgoal.errors import UsageError

__all__ = [
    "Composite",
    "CompositePart",
    "MissingRule",
    "ScoreRule",
    "Weight",
    "compose_score",
    "rank_scores",
]


class MissingRule(StrEnum):
    """What a missing metric does to a composite score; the table at the head of this page."""

    REFUSE = "refuse"
    ZERO = "zero"
    REWEIGH = "reweigh"


@attrs.frozen(kw_only=True)
class Weight:
    """How one metric counts: its share of 1, and between which attainments (1 = 100 %)."""

    metric: str
    share: Fraction
    cap: Fraction | None = None
    floor: Fraction | None = None

    def count(self, ratio: Fraction) -> Fraction:
        """Returns the attainment as it counts.

        >>> Weight(metric="sales", share=Fraction(1), cap=Fraction(6, 5)).count(Fraction(3, 2))
        Fraction(6, 5)
        """
        capped = ratio if self.cap is None else min(ratio, self.cap)
        return capped if self.floor is None else max(capped, self.floor)


@attrs.frozen(kw_only=True)
class ScoreRule:
    """The metrics of a composite score, and what to do where one is missing.

    >>> ScoreRule(weights=(Weight(metric="sales", share=Fraction(3, 5)),))
    Traceback (most recent call last):
    salesgoal.errors.UsageError: the shares come to 3/5, not to 1 - correct the weights
    """

    weights: tuple[Weight, ...]
    missing: MissingRule = MissingRule.REFUSE

    def __attrs_post_init__(self) -> None:
        """Refuses weights that are no whole.

        Raises:
            UsageError: The shares do not total exactly 1, or one is below zero.
        """
        total = sum(each.share for each in self.weights)
        if total != 1 or any(each.share < 0 for each in self.weights):
            en = f"the shares come to {total}, not to 1 - correct the weights"
            raise UsageError(en, f"份额合计 {total}，不是 1 - 改正权重")


@attrs.frozen(kw_only=True)
class CompositePart:
    """One metric in a score: ``counted`` is None where it is missing, ``share`` as used."""

    metric: Metric
    status: Status
    ratio: Fraction | None
    counted: Fraction | None
    share: Fraction


@attrs.frozen(kw_only=True)
class Composite:
    """A goal's score for a period; 1 = every metric at 100 %, None where it has none."""

    goal: str
    owner: str | None
    period: Period
    score: Fraction | None
    parts: tuple[CompositePart, ...]

    @property
    def missing(self) -> tuple[Metric, ...]:
        """The metrics that are missing."""
        return tuple(part.metric for part in self.parts if part.counted is None)


def compose_score(
    card: Scorecard, goal: str = "", *, rule: ScoreRule, period: Period | str
) -> Composite:
    """Returns a goal's composite score.

    Raises:
        UnknownName: No such goal or metric, or a period that the plan does not show.
        LabelRefused: The label names no period.
    """
    rows = [card.row(goal, metric=each.metric, period=period) for each in rule.weights]
    counted = [_counted(row, each) for row, each in zip(rows, rule.weights, strict=True)]
    shares = [each.share for each in rule.weights]
    if rule.missing is MissingRule.REWEIGH:
        shares = _reweighed(shares, counted)
    parts = tuple(
        CompositePart(
            metric=row.metric, status=row.status, ratio=row.ratio, counted=each, share=share
        )
        for row, each, share in zip(rows, counted, shares, strict=True)
    )
    present = [part for part in parts if part.counted is not None]
    refused = rule.missing is MissingRule.REFUSE and len(present) < len(parts)
    score = None
    if (present and not refused) or rule.missing is MissingRule.ZERO:
        score = sum((part.share * (part.counted or 0) for part in parts), Fraction(0))
    row = rows[0]
    return Composite(
        goal=row.goal, owner=row.ownership.owner, period=row.period, score=score, parts=parts
    )


def rank_scores(found: Iterable[Composite]) -> list[tuple[int | None, Composite]]:
    """Returns the scores from the best to the worst with their ranks; ties keep their order."""
    given = list(found)
    scored = [each for each in given if each.score is not None]
    scored.sort(key=lambda each: each.score or 0, reverse=True)
    ranked: list[tuple[int | None, Composite]] = []
    rank = 0
    for position, each in enumerate(scored, start=1):
        if position == 1 or each.score != scored[position - 2].score:
            rank = position
        ranked.append((rank, each))
    return ranked + [(None, each) for each in given if each.score is None]


def _counted(row: ScoreRow, weight: Weight) -> Fraction | None:
    if row.status in {Status.NO_TARGET, Status.NO_DATA, Status.NOT_STARTED}:
        return None
    ratio = row.ratio
    if ratio is None:
        ratio = Fraction(1 if row.status is Status.MET else 0)
    return weight.count(ratio)


def _reweighed(
    shares: Sequence[Fraction], counted: Sequence[Fraction | None]
) -> list[Fraction]:
    pairs = list(zip(shares, counted, strict=True))
    left = sum((share for share, each in pairs if each is not None), Fraction(0))
    none = Fraction(0)
    return [
        none if each is None or not left else Fraction(share, left) for share, each in pairs
    ]
