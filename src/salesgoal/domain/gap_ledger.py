"""The gap ledger: at every goal and period, causes + explained below + unexplained = gap.

An amount belongs to the goal and period that its review names, and is "explained below" for
every goal above and every longer period around it, as far as gaps of the metric add up there:

    aggregation                over the tree    over time
    sum                        yes              yes
    last, distinct             yes              no
    average, extremes, ratio   no               no

Amounts above zero widen the gap. Where more is explained than is missing, ``unexplained`` is
below zero, and where that is said at the goal itself the line is over-explained; nothing is cut
off or rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from salesgoal.domain.attainment import Status
from salesgoal.domain.cause import Cause, CauseKind, Explanation
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact, amount_text
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Problem, problem
from salesgoal.domain.scorecard import Scorecard, ScoreRow

__all__ = ["CauseShare", "GapLedger", "LedgerLine", "open_gap_ledger"]

_Key = tuple[int, str, Period]

_OVER_TREE = frozenset({Aggregation.SUM, Aggregation.LAST, Aggregation.DISTINCT})


@attrs.frozen(kw_only=True)
class CauseShare:
    """What one cause explains of a gap, here and below, in smallest units.

    Attributes:
        cause: Of the catalogue; None for people's own words.
        text: Own words, the same for all that count here.
        kind: Subjective or objective; None where nobody said.
        units: Above zero where the cause widens the gap.
        remarks: How often it was named.
    """

    cause: Cause | None
    text: str | None
    kind: CauseKind | None
    units: int
    remarks: int


@attrs.frozen(kw_only=True)
class LedgerLine:
    """The gap of one goal, metric and period, and what explains it; in smallest units.

    Attributes:
        row: The scorecard's row; its gap is None where nothing is missing or known.
        explanations: What is put down to a cause at just this goal and period.
        below: What is explained at goals below, or at periods inside.
    """

    row: ScoreRow
    explanations: tuple[Explanation, ...]
    below: tuple[Explanation, ...] = ()

    @property
    def explained(self) -> int:
        """The amounts here and below."""
        return self.below_units + sum(each.amount_units or 0 for each in self.explanations)

    @property
    def below_units(self) -> int:
        """The amounts below."""
        return sum(each.amount_units or 0 for each in self.below)

    @property
    def unexplained(self) -> Exact | None:
        """The gap less what is explained; None where there is no gap to explain."""
        return None if self.row.gap is None else self.row.gap - self.explained

    @property
    def is_over_explained(self) -> bool:
        """Whether what is said here explains more than there is, in either direction.

        Amounts below alone do not: a sibling that did better may have made up for them.
        """
        gap, rest = self.row.gap, self.unexplained
        if gap is None or rest is None or not rest or not self.explanations:
            return False
        return not gap or (gap > 0) is not (rest > 0)

    def by_kind(self, kind: CauseKind | None) -> int:
        """Returns what causes of one kind explain here; None: those that nobody classified."""
        return sum(each.amount_units or 0 for each in self.explanations if each.kind is kind)

    def by_cause(self) -> tuple[CauseShare, ...]:
        """What each cause explains here and below, the largest first; with the rest, the gap.

        Causes of the catalogue count together; so do equal words of the same kind.
        """
        found: dict[object, list[Explanation]] = {}
        for each in (*self.explanations, *self.below):
            own = None if each.cause else (each.text, each.kind)
            found.setdefault((each.cause, own), []).append(each)
        shares = (
            CauseShare(
                cause=said[0].cause,
                text=None if said[0].cause else said[0].text,
                kind=said[0].kind,
                units=sum(each.amount_units or 0 for each in said),
                remarks=len(said),
            )
            for said in found.values()
        )
        return tuple(sorted(shares, key=lambda each: -abs(each.units)))


@attrs.frozen(kw_only=True)
class GapLedger:
    """The explanations of a plan, held against the gaps of one scorecard."""

    card: Scorecard
    own: Mapping[_Key, tuple[Explanation, ...]]
    below: Mapping[_Key, tuple[Explanation, ...]]

    def line(self, goal: str = "", *, metric: str, period: Period | str) -> LedgerLine:
        """Returns the line of any goal, metric and period.

        Raises:
            UnknownName: No such goal or metric, or a period that the plan does not show.
            LabelRefused: The label names no period.
        """
        return self._line(self.card.row(goal, metric=metric, period=period))

    def lines(self) -> Iterator[LedgerLine]:
        """The lines of what is unmet or explained, in the order of the scorecard's rows."""
        for row in self.card.rows():
            line = self._line(row)
            if row.status is Status.UNMET or line.explanations or line.below:
                yield line

    def problems(self) -> Iterator[Problem]:
        """A warning for every line that is over-explained."""
        for line in self.lines():
            if line.is_over_explained:
                yield _over_explained(line, self.card)

    def _line(self, row: ScoreRow) -> LedgerLine:
        key = (self.card.tree.by_path[row.goal], row.metric.id, row.period)
        return LedgerLine(
            row=row, explanations=self.own.get(key, ()), below=self.below.get(key, ())
        )


def open_gap_ledger(card: Scorecard) -> GapLedger:
    """Returns the ledger of a scorecard.

    Every explanation of the plan is under its root, but those of overlays, which add to no goal
    above them and are left out where the breakdown does not show them.

    Cost: explanations x depth x periods.
    """
    tree, plan = card.tree, card.plan
    own: dict[_Key, tuple[Explanation, ...]] = {}
    below: dict[_Key, tuple[Explanation, ...]] = {}
    for each in plan.reviews.explanations:
        metric = plan.metric(each.metric)
        home = tree.home(each.codes, plan.dimensions)
        if home < 0:
            continue
        at = home if tree.scope[home] == each.codes else None
        if at is not None:
            key = (at, each.metric, each.period)
            own[key] = (*own.get(key, ()), each)
        for place in _places_above(card, metric, home, each.period):
            if place != (at, each.period):
                key = (place[0], each.metric, place[1])
                below[key] = (*below.get(key, ()), each)
    return GapLedger(card=card, own=own, below=below)


def _places_above(
    card: Scorecard, metric: Metric, node: int, period: Period
) -> Iterator[tuple[int, Period]]:
    """The goals and periods whose gap holds the gap of a goal and period."""
    if metric.aggregation not in _OVER_TREE:
        return
    around = [period]
    if metric.aggregation is Aggregation.SUM:
        around = [each for each in card.plan.periods if each.covers(period)]
    while node >= 0:
        yield from ((node, each) for each in around)
        node = card.tree.adds_to[node]


def _over_explained(line: LedgerLine, card: Scorecard) -> Problem:
    row = line.row
    gap, rest = row.gap, line.unexplained
    assert gap is not None and rest is not None  # noqa: PT018 - one fact
    decimals = row.metric.decimals
    return problem(
        "over-explained",
        line.explanations[0].where,
        goal=row.goal or card.plan.name,
        metric=row.metric.name,
        period=row.period.label,
        gap=amount_text(gap, decimals),
        explained=amount_text(line.explained, decimals),
        rest=amount_text(rest if rest > 0 else -rest, decimals),
    )
