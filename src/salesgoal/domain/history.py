"""The history of a plan: what was proposed, approved, refused, closed and reopened, and when.

A history only grows; each event is checked against those before it. What it makes of a plan
says `replay`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from salesgoal.domain.problem import Place, problem
from salesgoal.domain.proposal import Proposal
from salesgoal.errors import RevisionRefused, UsageError

__all__ = ["Act", "Decision", "Event", "History", "Lock", "Revert", "history_refusal"]


@attrs.frozen
class Revert:
    """An approved revision should be taken back; ``revision`` is the number of its proposal.

    It waits for a decision like any proposal. Once approved, the plan is what it would be had
    that revision never been approved; all others still count, in their order.
    """

    revision: int


@attrs.frozen
class Decision:
    """A proposal is approved or refused; ``revision`` is the number of the proposal's event.

    ``digest`` tells what an approved revision changed on the day of its approval.
    """

    revision: int
    approved: bool
    digest: str | None = None


@attrs.frozen
class Lock:
    """A period is closed, so that its targets may not change, or reopened."""

    period: str
    closed: bool


Act = Proposal | Revert | Decision | Lock


@attrs.frozen(kw_only=True)
class Event:
    """One line of a history.

    Attributes:
        act: What was done.
        by: Who proposed, approved, refused, closed or reopened.
        reason: Why.
        recorded_at: When, with a time zone: the clock of knowledge.
    """

    act: Act
    by: str
    reason: str
    recorded_at: datetime


@attrs.frozen
class History:
    """Events in order, numbered from 1 without gaps.

    Attributes:
        events: Event number ``n`` stands at position ``n - 1``.
    """

    events: tuple[Event, ...] = ()

    def append(self, event: Event, *, base: int) -> History:
        """Returns the history with one event more.

        Args:
            event: What was done.
            base: How many events the one who appends has seen.

        Raises:
            RevisionRefused: The base is stale, a name or reason is blank, the moment is not
                after the last one, a decision is about no open proposal, a revert about no
                revision that counts, or a period is closed or reopened twice.

        >>> from datetime import UTC
        >>> first = Event(act=Lock("2023-10", True), by="经理", reason="月结",
        ...     recorded_at=datetime(2023, 11, 3, tzinfo=UTC))
        >>> History().append(first, base=0).closed()
        ('2023-10',)
        """
        if base != len(self.events):
            raise history_refusal("history-stale", base, base=base, found=len(self.events))
        zh, en = self._against(event)
        if zh:
            raise history_refusal("history-refused", base + 1, reason_zh=zh, reason=en)
        return History((*self.events, event))

    def upto(self, moment: datetime | None) -> History:
        """Returns the events known at a moment, all of them for None."""
        if moment is None:
            return self
        _aware(moment)
        return History(tuple(each for each in self.events if each.recorded_at <= moment))

    def proposals(self) -> Mapping[int, Proposal | Revert]:
        """Event number -> what was proposed there."""
        numbered = enumerate(self.events, start=1)
        return {n: each.act for n, each in numbered if isinstance(each.act, Proposal | Revert)}

    def decisions(self) -> Mapping[int, Event]:
        """Number of a proposal -> the event that decided it."""
        return {
            each.act.revision: each for each in self.events if isinstance(each.act, Decision)
        }

    def is_approved(self, number: int) -> bool:
        """Whether a proposal was approved."""
        decided = self.decisions().get(number)
        return (
            decided is not None and isinstance(decided.act, Decision) and decided.act.approved
        )

    def reverted(self) -> Mapping[int, int]:
        """Number of a revision that was taken back -> number of the revert that did it."""
        return {
            act.revision: number
            for number, act in self.proposals().items()
            if isinstance(act, Revert) and self.is_approved(number)
        }

    def closed(self) -> tuple[str, ...]:
        """The labels of the periods that are closed now, in the order of closing."""
        found: dict[str, None] = {}
        for each in self.events:
            if isinstance(each.act, Lock):
                found.pop(each.act.period, None)
                if each.act.closed:
                    found[each.act.period] = None
        return tuple(found)

    def _against(self, event: Event) -> tuple[str, str]:
        """What speaks against an event, in Chinese and English; nothing is two blanks."""
        _aware(event.recorded_at)
        last = self.events[-1].recorded_at if self.events else None
        act = event.act
        if not event.by.strip() or not event.reason.strip():
            return "必须写明责任人和理由", "names no person or no reason"
        if last is not None and event.recorded_at <= last:
            return (
                f"时间 {event.recorded_at} 不晚于上一行的 {last}",
                f"the moment {event.recorded_at} is not after {last} of the line before",
            )
        if isinstance(act, Decision):
            return self._against_decision(act)
        if isinstance(act, Revert):
            return self._against_revert(act.revision)
        if isinstance(act, Lock) and act.closed == (act.period in self.closed()):
            return (
                f"{act.period} {'已经' if act.closed else '并未'}锁定",
                f"{act.period} is {'already' if act.closed else 'not'} closed",
            )
        return "", ""

    def _against_decision(self, decision: Decision) -> tuple[str, str]:
        number = decision.revision
        proposal = self.proposals().get(number)
        if proposal is None:
            return f"没有第 {number} 号调整", f"there is no revision {number}"
        decided = self.decisions().get(number)
        if decided is not None:
            yes, by = self.is_approved(number), decided.by
            return (
                f"第 {number} 号调整已由 {by} {'批准' if yes else '否决'}",
                f"revision {number} was {'approved' if yes else 'refused'} by {by}",
            )
        if isinstance(proposal, Revert) and decision.approved:
            return self._against_revert(proposal.revision)
        return "", ""

    def _against_revert(self, number: int) -> tuple[str, str]:
        proposal = self.proposals().get(number)
        if proposal is None:
            return f"没有第 {number} 号调整", f"there is no revision {number}"
        if isinstance(proposal, Revert):
            return (
                f"第 {number} 号本身是撤回；如需恢复原调整，请重新提出",
                f"number {number} is itself a revert: propose the target again instead",
            )
        if number in self.reverted():
            by = self.reverted()[number]
            return (
                f"第 {number} 号调整已由第 {by} 号撤回",
                f"revision {number} was reverted by number {by}",
            )
        if not self.is_approved(number):
            return f"第 {number} 号调整未获批准", f"revision {number} was not approved"
        return "", ""


def history_refusal(code: str, number: int, **facts: Any) -> RevisionRefused:  # noqa: ANN401 - facts of a problem
    """Returns the refusal of an event, with its number."""
    return RevisionRefused([problem(code, Place("history", key=f"#{number}"), **facts)])


def _aware(moment: datetime) -> None:
    if moment.utcoffset() is None:
        message = f"{moment} has no time zone - give one, such as datetime.now().astimezone()"
        raise UsageError(message, f"{moment} 没有时区 - 给出带时区的时刻")
