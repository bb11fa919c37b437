"""A history replayed on its plan: as known at a moment, and with one event more.

A plan *as known* at a moment is its typed targets with the revisions that were approved by
then, in order of approval, without those that an approved revert took back; what is appended
later never changes it.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from salesgoal.domain.history import (
    Decision,
    Event,
    History,
    Lock,
    Revert,
    history_refusal,
)
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.proposal import Proposal
from salesgoal.domain.revision import (
    Effect,
    apply_proposal,
    digest_typed,
    effect_between,
    revise,
    typed_differences,
)
from salesgoal.errors import LabelRefused, RevisionRefused, UsageError

__all__ = ["Replay", "record", "replay"]


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
    current = _as_typed(plan)
    problems: list[Problem] = []
    approved = 0
    known = History()
    for number, event in enumerate(events.events, start=1):
        known = known.append(event, base=number - 1)
        act = event.act
        if isinstance(act, Lock):
            current = attrs.evolve(current, closed=_closed(plan, known))
        elif isinstance(act, Decision) and act.approved:
            approved += 1
            current, digest = _approve(plan, current, known, number)
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
    proposal starts from no longer holds, and keeps a digest of what it changes. A revert is
    refused where it would change a closed period, or where a later revision cannot do without.

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
    if isinstance(act, Revert):
        return longer, _effect_without(plan, current, longer, act)
    if not act.approved:
        return longer, None
    proposal = history.proposals()[act.revision]
    if isinstance(proposal, Revert):
        effect = _effect_without(plan, current, longer, proposal)
    else:
        effect = revise(current, proposal)
    sealed = attrs.evolve(event, act=attrs.evolve(act, digest=effect.digest))
    return history.append(sealed, base=base), effect


def _as_typed(plan: Plan) -> Plan:
    return attrs.evolve(plan, original=None, version="original", closed=())


def _closed(plan: Plan, known: History) -> tuple[Period, ...]:
    number = len(known.events)
    return tuple(_period(plan, label, number) for label in known.closed())


def _approve(plan: Plan, current: Plan, known: History, number: int) -> tuple[Plan, str]:
    """The plan after the last event, an approval, and the digest of what that changed."""
    decision = known.events[-1].act
    assert isinstance(decision, Decision)
    proposal = known.proposals()[decision.revision]
    if isinstance(proposal, Proposal):
        return _applied(current, proposal, number)
    effect = _effect_without(plan, current, known, proposal)
    return effect.plan, effect.digest


def _effect_without(plan: Plan, current: Plan, known: History, revert: Revert) -> Effect:
    """What a revert changes: the plan as if neither it nor those before it had been approved.

    The others are replayed on the plan as typed, each under the locks of its time, so the last
    one taken back restores every target that stood before it.
    """
    number, skipped = len(known.events), {*known.reverted(), revert.revision}
    proposals = known.proposals()
    after = _as_typed(plan)
    for at, event in enumerate(known.events, start=1):
        act = event.act
        if isinstance(act, Lock):
            after = attrs.evolve(after, closed=_closed(plan, History(known.events[:at])))
        elif isinstance(act, Decision) and act.approved and act.revision not in skipped:
            proposal = proposals[act.revision]
            if isinstance(proposal, Proposal):
                after = _reapplied(after, proposal, act.revision, revert, number)
    after = attrs.evolve(after, original=plan.targets, version=current.version)
    changes = typed_differences(current, after)
    for each in changes:
        for closed in current.closed:
            if closed.covers(each.period):
                place = Place("history", key=f"#{number}")
                raise RevisionRefused([problem("period-closed", place, closed=closed.label)])
    return effect_between(current, after, digest_typed(changes, plan.dimensions))


def _reapplied(plan: Plan, proposal: Proposal, number: int, revert: Revert, line: int) -> Plan:
    try:
        return apply_proposal(plan, proposal)[0]
    except RevisionRefused as refused:
        facts = {
            "revision": revert.revision,
            "blocked": number,
            "reason_zh": refused.problems[0].message("zh"),
            "reason": refused.problems[0].message("en"),
        }
        raise history_refusal("revert-blocked", line, **facts) from refused


def _applied(plan: Plan, proposal: Proposal, number: int) -> tuple[Plan, str]:
    try:
        return apply_proposal(plan, proposal)
    except RevisionRefused as refused:
        place = Place("history", key=f"#{number}")
        found = [attrs.evolve(each, where=place) for each in refused.problems]
        raise RevisionRefused(found) from refused
    except UsageError as error:
        facts = {"reason_zh": error.message("zh"), "reason": str(error)}
        raise history_refusal("history-refused", number, **facts) from error


def _period(plan: Plan, label: str, number: int) -> Period:
    try:
        found = plan.parse(label)
    except LabelRefused as error:
        facts = {"reason_zh": error.message("zh"), "reason": str(error)}
        raise history_refusal("history-refused", number, **facts) from error
    if not found.overlaps(plan.period):
        facts = {
            "reason_zh": f"{label} 不在计划期间 {plan.period} 内",
            "reason": f"{label} lies outside the plan's period {plan.period}",
        }
        raise history_refusal("history-refused", number, **facts)
    return found
