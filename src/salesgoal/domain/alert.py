"""Alerts: what changed for better or worse between two days of the same plan.

    alert        before                          after
    behind       none, on track or better        at risk or behind; or at risk, then behind
    recovered    at risk or behind               better, but not none
    milestone    below a share of the target     at or above it (the highest such share)
    forecast     none, or at the target          the projection falls short, while it runs
    overdue      not overdue                     an action past its due day, not done

A maximum that more is better for, or a minimum that less is better for, can only come closer to
its target, so that its projection is no alert. Nothing is said of a row without data or target
now. Two equal scorecards give no alert.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.domain.action import Action
from salesgoal.domain.attainment import Status, judge
from salesgoal.domain.metric import Aggregation, Direction, Metric
from salesgoal.domain.number import Exact
from salesgoal.domain.pace import ACCUMULATING, Pace
from salesgoal.domain.period import Period
from salesgoal.domain.scope import decode_scope
from salesgoal.domain.scorecard import Scorecard, ScoreRow

__all__ = ["MILESTONES", "Alert", "AlertKind", "find_alerts"]

MILESTONES = (Fraction(1, 2), Fraction(4, 5), Fraction(1))
"""Shares of the target that are worth a word: 50, 80 and 100 %."""

_ONLY_CLOSER = frozenset(
    {(Aggregation.MAXIMUM, Direction.MAXIMISE), (Aggregation.MINIMUM, Direction.MINIMISE)}
)

_WORSE: Mapping[Pace | None, int] = {Pace.AT_RISK: 1, Pace.BEHIND: 2}


class AlertKind(StrEnum):
    """What an alert says."""

    BEHIND = "behind"
    RECOVERED = "recovered"
    MILESTONE = "milestone"
    FORECAST = "forecast"
    OVERDUE = "overdue"


@attrs.frozen(kw_only=True)
class Alert:
    """One change.

    Attributes:
        kind: What changed.
        goal: The path of the goal; of an overdue action its members, joined by ``/``.
        metric: Whose row it is.
        period: Of the row.
        before: The pace, attainment or projection then; of an action nothing.
        after: The same now.
        milestone: The share of the target that is reached.
        target: The target now.
        actual: What is reached now.
        expected: What should be reached by now.
        action: What is overdue.
        owner: Who answers for it.
    """

    kind: AlertKind
    goal: str
    metric: Metric
    period: Period
    before: Pace | Exact | None = None
    after: Pace | Exact | None = None
    milestone: Fraction | None = None
    target: Exact | None = None
    actual: Exact | None = None
    expected: Exact | None = None
    action: Action | None = None
    owner: str | None = None


def find_alerts(
    before: Sequence[Scorecard],
    after: Sequence[Scorecard],
    *,
    milestones: Sequence[Fraction] = MILESTONES,
) -> tuple[Alert, ...]:
    """Returns what changed from one set of scorecards to another, of the same plan.

    A goal that stands in several breakdowns is spoken of once. Rows come in the order of the
    scorecards, overdue actions last.

    Args:
        before: One a breakdown, as of the earlier day.
        after: The same breakdowns, as of the later day.
        milestones: Shares of the target, of metrics that accumulate to more.

    >>> from datetime import date
    >>> from salesgoal import Actual, Target, hold_against, make_plan
    >>> plan = make_plan(name="10月", period="2023-10", metrics=[Metric(id="sales")],
    ...     targets=[Target(metric="sales", period="2023-10", target=310)])
    >>> sold = [Actual(on=date(2023, 10, 2), values={"sales": 160})]
    >>> then = hold_against(plan, [], as_of=date(2023, 10, 1))
    >>> now = hold_against(plan, sold, as_of=date(2023, 10, 20))
    >>> for alert in find_alerts(then, now):
    ...     print(alert.kind, alert.before, alert.after)
    behind None at_risk
    milestone None 16/31
    forecast None 248
    """
    known = {_key(card, row): row for card in reversed(before) for row in card.rows()}
    seen: set[object] = set()
    found: list[Alert] = []
    for card in after:
        for row in card.rows():
            key = _key(card, row)
            if key not in seen:
                seen.add(key)
                found += _row_alerts(card, known.get(key), row, milestones)
    return (*found, *_overdue(before, after))


def _key(card: Scorecard, row: ScoreRow) -> object:
    return (card.tree.scope[card.tree.by_path[row.goal]], row.metric.id, row.period)


def _row_alerts(
    card: Scorecard, was: ScoreRow | None, now: ScoreRow, milestones: Sequence[Fraction]
) -> Iterator[Alert]:
    pace_was, pace = None if was is None else was.progress.pace, now.progress.pace
    worse_was, worse = _WORSE.get(pace_was, 0), _WORSE.get(pace, 0)
    if worse > worse_was:
        yield _alert(AlertKind.BEHIND, now, before=pace_was, after=pace)
    elif worse < worse_was and pace is not None:
        yield _alert(AlertKind.RECOVERED, now, before=pace_was, after=pace)
    ratio_was = None if was is None else was.ratio
    reached = [each for each in milestones if _crosses(each, ratio_was, now)]
    if reached:
        most = max(reached)
        yield _alert(
            AlertKind.MILESTONE, now, before=ratio_was, after=now.ratio, milestone=most
        )
    if _falls_short(card, now) and not (was is not None and _would_miss(was)):
        projected = None if was is None else was.progress.projected
        yield _alert(AlertKind.FORECAST, now, before=projected, after=now.progress.projected)


def _crosses(share: Fraction, was: Fraction | None, now: ScoreRow) -> bool:
    metric = now.metric
    grows = metric.aggregation in ACCUMULATING and metric.direction is Direction.MAXIMISE
    return (
        grows and now.ratio is not None and now.ratio >= share and (was is None or was < share)
    )


def _falls_short(card: Scorecard, row: ScoreRow) -> bool:
    """Whether a row that runs is projected to miss its target."""
    runs = row.period.start <= card.as_of < row.period.last
    closer = (row.metric.aggregation, row.metric.direction) in _ONLY_CLOSER
    return runs and not closer and _would_miss(row)


def _would_miss(row: ScoreRow) -> bool:
    return judge(row.metric, row.target, row.progress.projected).status is Status.UNMET


def _alert(
    kind: AlertKind,
    row: ScoreRow,
    *,
    before: Pace | Exact | None,
    after: Pace | Exact | None,
    milestone: Fraction | None = None,
) -> Alert:
    return Alert(
        kind=kind,
        goal=row.goal,
        metric=row.metric,
        period=row.period,
        before=before,
        after=after,
        milestone=milestone,
        target=row.target,
        actual=row.actual,
        expected=row.progress.expected,
        owner=row.ownership.owner,
    )


def _overdue(before: Sequence[Scorecard], after: Sequence[Scorecard]) -> Iterator[Alert]:
    """The actions that were not overdue on the earlier day and are on the later one."""
    if not before or not after:
        return
    then = {
        each.number
        for each in before[0].plan.reviews.actions
        if each.is_overdue(before[0].as_of)
    }
    plan = after[0].plan
    for each in plan.reviews.actions:
        if each.is_overdue(after[0].as_of) and each.number not in then:
            owner = each.owner or plan.ownership.of(each.codes, each.period).owner
            yield Alert(
                kind=AlertKind.OVERDUE,
                goal="/".join(decode_scope(each.codes, plan.dimensions).values()),
                metric=plan.metric(each.metric),
                period=each.period,
                action=each,
                owner=owner,
            )
