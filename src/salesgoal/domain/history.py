"""The history of a plan: what was proposed, approved, refused, closed and reopened, and when.

A history only grows. A plan *as known* at a moment is its typed targets with the revisions that
were approved by then, in order of approval; what is appended later never changes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.proposal import Proposal
from salesgoal.domain.revision import Effect, apply_proposal, revise
from salesgoal.errors import LabelRefused, RevisionRefused, UsageError

__all__ = ["Act", "Decision", "Event", "History", "Lock", "Replay", "record", "replay"]


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


Act = Proposal | Decision | Lock


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
                after the last one, a decision is about no open proposal, or a period is closed
                or reopened twice.

        >>> from datetime import UTC
        >>> first = Event(act=Lock("2023-10", True), by="经理", reason="月结",
        ...     recorded_at=datetime(2023, 11, 3, tzinfo=UTC))
        >>> History().append(first, base=0).closed()
        ('2023-10',)
        """
        if base != len(self.events):
            raise _refusal("history-stale", base, base=base, found=len(self.events))
        zh, en = self._against(event)
        if zh:
            raise _refusal("history-refused", base + 1, reason_zh=zh, reason=en)
        return History((*self.events, event))

    def upto(self, moment: datetime | None) -> History:
        """Returns the events known at a moment, all of them for None."""
        if moment is None:
            return self
        _aware(moment)
        return History(tuple(each for each in self.events if each.recorded_at <= moment))

    def proposals(self) -> Mapping[int, Proposal]:
        """Event number -> proposal."""
        numbered = enumerate(self.events, start=1)
        return {n: each.act for n, each in numbered if isinstance(each.act, Proposal)}

    def decisions(self) -> Mapping[int, Event]:
        """Number of a proposal -> the event that decided it."""
        return {
            each.act.revision: each for each in self.events if isinstance(each.act, Decision)
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
            return self._against_decision(act.revision)
        if isinstance(act, Lock) and act.closed == (act.period in self.closed()):
            return (
                f"{act.period} {'已经' if act.closed else '并未'}锁定",
                f"{act.period} is {'already' if act.closed else 'not'} closed",
            )
        return "", ""

    def _against_decision(self, number: int) -> tuple[str, str]:
        if number not in self.proposals():
            return f"没有第 {number} 号调整", f"there is no revision {number}"
        decided = self.decisions().get(number)
        if decided is None:
            return "", ""
        approved = isinstance(decided.act, Decision) and decided.act.approved
        return (
            f"第 {number} 号调整已由 {decided.by} {'批准' if approved else '否决'}",
            f"revision {number} was {'approved' if approved else 'refused'} by {decided.by}",
        )


@attrs.frozen
class Replay:
    """A plan with the revisions of its history.

    Attributes:
        plan: With its current and original targets, its version and closed periods.
        problems: Warnings about revisions that change something else than they once did.
    """

    plan: Plan
    problems: tuple[Problem, ...] = ()


def replay(plan: Plan, history: History, *, known_at: datetime | None = None) -> Replay:
    """Returns the plan as known at a moment, by default now.

    Args:
        plan: With its typed targets, before any revision.
        history: Of this plan.
        known_at: With a time zone; events recorded later are left out.

    Raises:
        RevisionRefused: An event that the rules refuse or that names what the plan lacks, with
            its number.
    """
    events = history.upto(known_at)
    current = attrs.evolve(plan, original=None, version="original", closed=())
    problems: list[Problem] = []
    approved = 0
    known = History()
    for number, event in enumerate(events.events, start=1):
        known = known.append(event, base=number - 1)
        act = event.act
        if isinstance(act, Lock):
            closed = tuple(_period(plan, label, number) for label in known.closed())
            current = attrs.evolve(current, closed=closed)
        elif isinstance(act, Decision) and act.approved:
            approved += 1
            current, digest = _applied(current, known.proposals()[act.revision], number)
            if act.digest not in {None, digest}:
                place = Place(plan.name, key=f"#{number}")
                problems.append(problem("history-drift", place, number=act.revision))
            current = attrs.evolve(current, version=f"r{approved}")
    return Replay(current, tuple(problems))


def record(
    plan: Plan, history: History, event: Event, *, base: int
) -> tuple[History, Effect | None]:
    """Returns the history with an event that its plan allows too, and what the event changes.

    A proposal is tried on a copy of the plan; an approval is refused where the value that the
    proposal starts from no longer holds, and keeps a digest of what it changes.

    Args:
        plan: With its typed targets, before any revision.
        history: Of this plan.
        event: What is done.
        base: How many events the one who appends has seen.

    Raises:
        RevisionRefused: As `History.append` and `revise`.
        UnknownName, LabelRefused, NumberRefused: It names what the plan lacks.
    """
    longer = history.append(event, base=base)
    current = replay(plan, history).plan
    act = event.act
    if isinstance(act, Lock):
        _period(plan, act.period, base + 1)
        return longer, None
    if isinstance(act, Proposal):
        return longer, revise(current, act)
    if not act.approved:
        return longer, None
    effect = revise(current, history.proposals()[act.revision])
    sealed = attrs.evolve(event, act=attrs.evolve(act, digest=effect.digest))
    return history.append(sealed, base=base), effect


def _applied(plan: Plan, proposal: Proposal, number: int) -> tuple[Plan, str]:
    try:
        return apply_proposal(plan, proposal)
    except RevisionRefused as refused:
        place = Place("history", key=f"#{number}")
        found = [attrs.evolve(each, where=place) for each in refused.problems]
        raise RevisionRefused(found) from refused
    except UsageError as error:
        facts = {"reason_zh": error.message("zh"), "reason": str(error)}
        raise _refusal("history-refused", number, **facts) from error


def _period(plan: Plan, label: str, number: int) -> Period:
    try:
        found = plan.parse(label)
    except LabelRefused as error:
        facts = {"reason_zh": error.message("zh"), "reason": str(error)}
        raise _refusal("history-refused", number, **facts) from error
    if not found.overlaps(plan.period):
        facts = {
            "reason_zh": f"{label} 不在计划期间 {plan.period} 内",
            "reason": f"{label} lies outside the plan's period {plan.period}",
        }
        raise _refusal("history-refused", number, **facts)
    return found


def _refusal(code: str, number: int, **facts: Any) -> RevisionRefused:  # noqa: ANN401 - facts of a problem
    return RevisionRefused([problem(code, Place("history", key=f"#{number}"), **facts)])


def _aware(moment: datetime) -> None:
    if moment.utcoffset() is None:
        message = f"{moment} has no time zone - give one, such as datetime.now().astimezone()"
        raise UsageError(message, f"{moment} 没有时区 - 给出带时区的时刻")
