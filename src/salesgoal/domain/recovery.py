"""Recovery: what became of the gap that an action was to narrow, beside what was expected.

Compared are the gap of the action's goal and metric in the period that its review speaks of,
and the gap in the *later period*: the first period of the same level that begins after it and
does not end before the action is due. ``narrowed`` = gap before - gap after, so it is below
zero where the gap grew. It says what happened to the gap, not why: other causes work on it too.

    status            when
    no_later_period   the plan shows no such period
    pending           the later period is not over at ``as_of``
    no_gap            one of the two gaps is not known
    judged            both are
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.domain.action import Action
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.scorecard import Scorecard
from salesgoal.errors import UnknownName

__all__ = ["Recovery", "RecoveryStatus", "judge_recovery"]


class RecoveryStatus(StrEnum):
    """Whether the recovery of an action can be judged yet."""

    NO_LATER_PERIOD = "no_later_period"
    PENDING = "pending"
    NO_GAP = "no_gap"
    JUDGED = "judged"


@attrs.frozen(kw_only=True)
class Recovery:
    """The gap before and after an action, in smallest units; None where not known.

    ``share`` is what the gap narrowed by over what was expected, exact; None where nothing
    above zero was expected.
    """

    action: Action
    status: RecoveryStatus
    later: Period | None = None
    before: Exact | None = None
    after: Exact | None = None
    narrowed: Exact | None = None
    share: Fraction | None = None


def judge_recovery(card: Scorecard, action: Action) -> Recovery:
    """Returns what became of the gap that an action was to narrow.

    Args:
        card: A scorecard whose breakdown has the action's goal.
        action: Of the plan's reviews.

    Raises:
        UnknownName: The breakdown has no such goal.
    """
    if action.codes not in card.tree.by_scope:
        raise UnknownName("goal of this breakdown", f"of action {action.number}")
    goal = card.tree.path[card.tree.by_scope[action.codes]]
    later = _later_period(card, action)
    if later is None:
        return Recovery(action=action, status=RecoveryStatus.NO_LATER_PERIOD)
    before = card.row(goal, metric=action.metric, period=action.period).gap
    if later.last > card.as_of:
        status = RecoveryStatus.PENDING
        return Recovery(action=action, status=status, later=later, before=before)
    after = card.row(goal, metric=action.metric, period=later).gap
    if before is None or after is None:
        status = RecoveryStatus.NO_GAP
        return Recovery(action=action, status=status, later=later, before=before, after=after)
    expected = action.recovery_units
    narrowed = before - after
    return Recovery(
        action=action,
        status=RecoveryStatus.JUDGED,
        later=later,
        before=before,
        after=after,
        narrowed=narrowed,
        share=Fraction(narrowed, expected) if expected and expected > 0 else None,
    )


def _later_period(card: Scorecard, action: Action) -> Period | None:
    own = action.period
    for period in card.plan.periods:
        in_time = action.due_on is None or period.last >= action.due_on
        if in_time and period.level is own.level and period.start >= own.stop:
            return period
    return None
