"""Proposals: what a target should become, by which rule, and what is typed then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

import attrs

from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import amount_text, rescale, to_units
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, problem
from salesgoal.domain.proration import Piece, find_pieces, prorate
from salesgoal.domain.rescale import Rescaling
from salesgoal.domain.scope import Codes, Scope, decode_scope, encode_scope, find_people
from salesgoal.domain.target import MEASURES, Measure, TargetTable, Typed
from salesgoal.domain.tie import follow_ties
from salesgoal.errors import RevisionRefused, UnknownName

__all__ = ["Over", "Proposal", "RevisionRule", "Task", "make_task"]


class RevisionRule(StrEnum):
    """What else changes with a target."""

    RESTATE = "restate"
    FROM_NOW = "from-now"
    KEEP_TOTAL = "keep-total"


class Over(StrEnum):
    """Who takes the difference under the rule keep-total."""

    PERIODS = "periods"
    SIBLINGS = "siblings"


@attrs.frozen(kw_only=True)
class Proposal:
    """What should be changed; made by `propose`.

    Amounts are in whole units (yuan). ``before`` is the value that the proposal starts from,
    None for no target at all; it is refused once that no longer holds.
    """

    goal: Scope = attrs.field(hash=False)
    metric: str
    period: str
    before: Decimal | int | None
    to: Decimal | int
    measure: Measure = "target"
    rule: RevisionRule = RevisionRule.RESTATE
    over: Over = Over.PERIODS
    effective_on: date | None = None


def make_task(plan: Plan, proposal: Proposal) -> Task:
    """Returns a proposal with its names looked up in a plan.

    Of who moved, the seats of the period are meant: all of them, where the move lies inside.

    Raises:
        UnknownName: A goal, metric, measure or period that the plan lacks.
        LabelRefused: The period's label names none.
    """
    period = plan.parse(proposal.period)
    pieces = find_pieces(encode_scope(proposal.goal, plan.dimensions), plan.dimensions, period)
    if proposal.measure not in MEASURES:
        raise UnknownName("measure", proposal.measure, MEASURES)
    if not all(any(codes in tree.by_scope for tree in plan.trees) for codes, _ in pieces):
        raise UnknownName("goal", "/".join(proposal.goal.values()))
    if not plan.period.covers(period):
        raise UnknownName("period of this plan", period.label, [plan.period.label])
    return Task(plan, proposal, pieces, plan.metric(proposal.metric), period)


Typing = Mapping[tuple[Codes, Period], tuple[int | None, int]]
"""Place -> what was typed and what is typed now."""


@attrs.frozen
class Task:
    """A proposal in the terms of its plan; made by `make_task`.

    Attributes:
        plan: As it is.
        proposal: What should be changed.
        pieces: The scope; of who moved inside the period, one a seat with its days.
        metric: Whose target.
        period: Which.
    """

    plan: Plan
    proposal: Proposal
    pieces: Sequence[Piece]
    metric: Metric
    period: Period

    @property
    def typed(self) -> Typed:
        """What is typed of the metric and measure."""
        return self.plan.targets.of(self.metric.id, self.proposal.measure)

    @property
    def before(self) -> int | None:
        """What the target is now, in smallest units; None is no target."""
        return self._before(self._rescaling())

    @property
    def seats(self) -> list[Codes]:
        """The scopes that are meant: one, save for who moved inside the period."""
        return [codes for codes, _ in self.pieces]

    def units(self, amount: Decimal | int) -> int:
        """Returns an amount in smallest units."""
        return to_units(amount, self.metric.decimals)

    def shown(self, units: int | None) -> str:
        """Returns units as people read them."""
        return "-" if units is None else amount_text(units, self.metric.decimals)

    def refusal(self, code: str, **facts: str) -> RevisionRefused:
        """Returns the refusal with its address."""
        goal = "/".join(self.proposal.goal.values()) or self.plan.name
        place = Place(self.plan.name, key=f"{goal}, {self.metric.name}, {self.period.label}")
        return RevisionRefused([problem(code, place, **facts)])

    def changes(self) -> Typing:
        """Returns every typed target that changes.

        Raises:
            RevisionRefused: Nobody can take the difference, or a needed day is missing.
        """
        if not self.metric.is_additive:
            return self._alone()
        work = self._rescaling()
        for codes in self.seats:
            self._no_crossing(work.typed_periods(codes))
        heads = self._heads(work)
        for place, value in heads.items():
            work.put(*place, value, work.before(*place) or 0)
        for codes, period in heads:
            work.spread_down([codes], period)
        if self.proposal.rule is RevisionRule.FROM_NOW:
            work = self._later(work)
        typed: dict[tuple[Codes, Period], tuple[int | None, int]] = {}
        for codes in self.seats:
            if work.before(codes, self.period) is None:
                to = heads[codes, self.period]
                typed[codes, self.period] = (None, to)
                for period, was in self._derived_above(work, codes):
                    work.put(codes, period, was + to, was)
                    typed[codes, period] = (None, was + to)
        if self.proposal.rule is RevisionRule.KEEP_TOTAL:
            self._pin_total(work)
        work.held = self._held
        follow_ties(work)
        return {**work.typed_changes(), **typed}

    def _before(self, work: Rescaling) -> int | None:
        """What the goal has now; the seats of who moved inside the period together."""
        olds = [work.before(codes, self.period) for codes in self.seats]
        known = [was for was in olds if was is not None]
        parts = prorate(self.metric, 1, self.pieces, self.plan.workdays)
        if self.metric.aggregation in {Aggregation.SUM, Aggregation.DISTINCT}:
            return sum(known) if known else None
        return work.before(parts[-1][0], self.period)

    def _derived_above(self, work: Rescaling, codes: Codes) -> Iterator[tuple[Period, int]]:
        """Longer periods that the goal has from its children alone.

        A first period typed of its own would take their place, so they are typed with it.
        """
        own = work.typed_periods(codes)
        for period in self.plan.periods:
            above = period != self.period and period.covers(self.period)
            was = work.before(codes, period) if above else None
            if was is not None and not any(period.covers(each) for each in own):
                yield period, was

    def _alone(self) -> Typing:
        """Of a metric that does not add, only the target itself."""
        if self.proposal.rule is RevisionRule.KEEP_TOTAL:
            raise self.refusal("nothing-takes-it")
        if self.proposal.rule is RevisionRule.FROM_NOW and self.period.start < self._since():
            raise self.refusal("nothing-takes-it")
        to, work = self.units(self.proposal.to), self._rescaling()
        changes: dict[tuple[Codes, Period], tuple[int | None, int]] = {}
        for codes, part in prorate(self.metric, to, self.pieces, self.plan.workdays):
            was = self.typed.get(self.period, {}).get(codes)
            if was != part:
                changes[codes, self.period] = (was, part)
            for period, old in self._derived_above(work, codes):
                changes[codes, period] = (None, old)
        return changes

    def _heads(self, work: Rescaling) -> dict[tuple[Codes, Period], int]:
        """The places that the rule sets; all else follows from them."""
        to, before = self.units(self.proposal.to), self._before(work)
        parts = self._parts(work, to)
        heads = {(codes, self.period): part for codes, part in parts.items()}
        if self.proposal.rule is not RevisionRule.KEEP_TOTAL:
            return heads
        if before is None:
            raise self.refusal("nothing-takes-it")
        if self.proposal.over is Over.PERIODS:
            return heads | self._takers(work, before - to, self._later_places())
        for codes, part in parts.items():
            rest = (work.before(codes, self.period) or 0) - part
            heads |= self._takers(work, rest, self._siblings(codes))
        return heads

    def _parts(self, work: Rescaling, to: int) -> dict[Codes, int]:
        """The new value of each seat: in proportion to what it had, else by its days."""
        olds = [work.before(codes, self.period) for codes in self.seats]
        if len(olds) == 1 or any(was is None for was in olds):
            return dict(prorate(self.metric, to, self.pieces, self.plan.workdays))
        return dict(zip(self.seats, rescale([was or 0 for was in olds], to), strict=True))

    def _since(self) -> date:
        if self.proposal.effective_on is None:
            raise self.refusal("no-effective-day")
        return self.proposal.effective_on

    def check(self, changes: Typing) -> None:
        """Passes changes that are allowed.

        Raises:
            RevisionRefused: A change of a closed period, or a target below zero.
        """
        for (_, period), (_, after) in changes.items():
            for closed in self.plan.closed:
                if closed.covers(period):
                    raise self.refusal("period-closed", closed=closed.label)
            if after < 0 and not self.metric.negative:
                raise self.refusal("below-zero", amount=self.shown(after), at=period.label)

    def table(self, changes: Typing) -> TargetTable:
        """Returns the plan's targets with the changes; other periods stay the very same."""
        copied = {period: dict(self.typed.get(period, {})) for _, period in changes}
        for (codes, period), (_, after) in changes.items():
            copied[period][codes] = after
        typed = {**self.typed, **copied}
        key = (self.metric.id, self.proposal.measure)
        return TargetTable({**self.plan.targets.typed, key: typed})

    def digest(self, changes: Typing) -> str:
        """Returns a text that tells these changes from others."""
        lines = sorted(
            f"{sorted(decode_scope(codes, self.plan.dimensions).items())} {period} "
            f"{period.start} {period.last} {before} {after}\n"
            for (codes, period), (before, after) in changes.items()
        )
        return sha256("".join(lines).encode()).hexdigest()[:16]

    def _rescaling(self) -> Rescaling:
        people = find_people(self.plan.targets.scopes(), self.plan.dimensions)
        return Rescaling(
            self.plan.trees,
            self.metric,
            self.typed,
            revised=self.seats,
            people=people,
            within=self.period,
        )

    def _no_crossing(self, own: Sequence[Period]) -> None:
        for each in own:
            nested = each.covers(self.period) or self.period.covers(each)
            if self.period.overlaps(each) and not nested:
                raise self.refusal("revision-crosses", other=each.label)

    def _takers(
        self, work: Rescaling, rest: int, places: Iterable[tuple[Codes, Period]]
    ) -> dict[tuple[Codes, Period], int]:
        """Those of the places that take the difference, with their new values."""
        olds = [(place, work.before(*place)) for place in places]
        parts = [(place, was) for place, was in olds if was is not None]
        total = sum(was for _, was in parts) + rest
        if not parts:
            raise self.refusal("nothing-takes-it")
        if total < 0 and not self.metric.negative:
            raise self.refusal("below-zero", amount=self.shown(total), at=parts[0][0][1].label)
        values = rescale([was for _, was in parts], total)
        return {place: value for (place, _), value in zip(parts, values, strict=True)}

    def _pin_total(self, work: Rescaling) -> None:
        """Keeps the total that the rule is named after, whatever another breakdown does."""
        for codes in self.seats:
            whole = (codes, self.plan.period)
            if self.proposal.over is Over.SIBLINGS:
                tree, node = _standing(self.plan, codes, self.proposal.goal)
                whole = (tree.scope[tree.parent[node]], self.period)
            elif len(self._seats_in(self.plan.period)) > 1:
                continue
            total = work.before(*whole)
            if total is not None and whole not in work.new:
                work.put(*whole, total, total)

    def _seats_in(self, period: Period) -> list[Codes]:
        pieces = find_pieces(self.seats[-1], self.plan.dimensions, period)
        return [codes for codes, _ in pieces]

    def _later_places(self) -> Iterator[tuple[Codes, Period]]:
        for period in self._later_periods():
            for codes in self._seats_in(period):
                yield codes, period

    def _later_periods(self) -> Iterator[Period]:
        """The open periods of the same level behind this one, inside the plan's period."""
        plan, level = self.plan, self.period.level
        typed = (each for each in self.typed if each.level is level)
        for each in sorted({*plan.periods, *typed}, key=lambda each: each.start):
            inside = each.level is level and plan.period.covers(each)
            if inside and each.start >= self.period.stop and not self._touches_closed(each):
                yield each

    def _siblings(self, codes: Codes) -> Iterator[tuple[Codes, Period]]:
        tree, node = _standing(self.plan, codes, self.proposal.goal)
        if node:
            for child in tree.counted_children(tree.parent[node]):
                if child != node:
                    yield tree.scope[child], self.period

    def _touches_closed(self, period: Period) -> bool:
        return any(closed.overlaps(period) for closed in self.plan.closed)

    def _held(self, period: Period) -> bool:
        """Periods that take no difference: closed ones, and those begun before from-now."""
        later = self.proposal.rule is RevisionRule.FROM_NOW
        past = later and period.start < self._since()
        return past or any(closed.covers(period) for closed in self.plan.closed)

    def _later(self, restated: Rescaling) -> Rescaling:
        """Keeps of a restatement what lies in open periods from the effective day on."""
        since, work = self._since(), self._rescaling()
        wanted = dict(restated.typed_changes())
        for codes, part in self._parts(restated, self.units(self.proposal.to)).items():
            if restated.before(codes, self.period) is None:
                wanted[codes, self.period] = (0, part)
        for (codes, period), (before, after) in wanted.items():
            if period.start >= since and not self._touches_closed(period):
                work.put(codes, period, after, before)
        if wanted and not work.new:
            raise self.refusal("nothing-takes-it")
        return work


def _standing(plan: Plan, codes: Codes, scope: Scope) -> tuple[GoalTree, int]:
    """The breakdown that the goal is meant in, and its position there.

    A scope in the order of a breakdown's dimensions means that one, else the first that has it.
    """
    trees = [tree for tree in plan.trees if codes in tree.by_scope]
    named = [each for each in trees if each.breakdown.by[: len(scope)] == tuple(scope)]
    tree = (named or trees)[0]
    return tree, tree.by_scope[codes]
