"""Revisions: a target gets another value under control, and what it changes is seen first.

A rule says what else changes with it:

    restate       the value is what it should always have been: everything below it is rescaled
    from-now      as restate, but only periods that begin on or after the effective day change
    keep-total    the difference goes to later periods, or to siblings, by weight

What tied before ties afterwards: goals and periods above follow. A closed period never changes.
Targets of metrics that do not add (rates, averages, balances) are set alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256

import attrs

from salesgoal.domain.condense import empty_cells
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.kind import one_of, require_day, require_kind
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact, to_amount
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.proposal import Over, Proposal, RevisionRule, make_task
from salesgoal.domain.scope import Codes, Scope, decode_scope
from salesgoal.domain.scorecard import Scorecard, score
from salesgoal.domain.target import MEASURES, Measure
from salesgoal.errors import UnknownName

__all__ = [
    "Change",
    "Effect",
    "TypedChange",
    "Untied",
    "apply_proposal",
    "digest_typed",
    "effect_between",
    "propose",
    "revise",
    "typed_differences",
]


@attrs.frozen(kw_only=True)
class Change:
    """One target before and after, in smallest units; None is no target."""

    goal: str
    scope: Codes
    metric: Metric
    measure: Measure
    period: Period
    before: Exact | None
    after: Exact | None


@attrs.frozen(kw_only=True)
class Untied:
    """A goal that tied with its children before, and what it leaves over now."""

    goal: str
    breakdown: str
    period: Period
    mismatch: Exact


@attrs.frozen(kw_only=True)
class Effect:
    """What a proposal would do: a copy of the plan, and every target that differs in it.

    Attributes:
        plan: The plan afterwards.
        changes: Over all breakdowns, goals and periods shown, derived targets too.
        untied: Goals that no longer tie with their children.
        digest: Tells whether the same proposal changes the same typed targets.
    """

    plan: Plan
    changes: tuple[Change, ...]
    untied: tuple[Untied, ...]
    digest: str


def propose(
    plan: Plan,
    goal: str | Scope,
    *,
    period: str,
    to: Decimal | int,
    metric: str | None = None,
    measure: Measure = "target",
    rule: RevisionRule = RevisionRule.RESTATE,
    over: Over = Over.PERIODS,
    effective_on: date | None = None,
) -> Proposal:
    """Returns a proposal that starts from what the plan says now.

    Args:
        plan: As it is now.
        goal: Its path in any breakdown, or its scope.
        period: A label inside the plan's period.
        to: The new value, in whole units.
        metric: The plan's first one by default.
        measure: ``target``, ``floor`` or ``stretch``.
        rule: What else changes.
        over: Who takes the difference under keep-total.
        effective_on: For from-now: the first day that may change.

    Raises:
        UnknownName: A goal, metric, measure or period that the plan lacks.
        LabelRefused: The label names no period.
        KindRefused: A plan, goal, period, rule or day that is none.

    >>> from salesgoal import Metric, Target, make_plan
    >>> plan = make_plan(name="10月", period="2023-10",
    ...     metrics=[Metric(id="sales", decimals=2)],
    ...     targets=[Target(metric="sales", period="2023-10", target=800_000)])
    >>> propose(plan, "", period="2023-10", to=700_000).before
    Decimal('800000.00')
    """
    require_kind(plan, Plan, "plan", "make_plan(…)")
    require_kind(goal, (str, Mapping), "goal", "'华东/张三'")
    require_kind(period, (str, Period), "period", "'2023-10'")
    if effective_on is not None:
        require_day(effective_on, "effective_on")
    scope = _scope_of(plan, goal)
    found = plan.metric(metric or plan.metrics[0].id)
    proposal = Proposal(
        goal=scope,
        metric=found.id,
        period=period,
        before=None,
        to=to,
        measure=measure,
        rule=one_of(RevisionRule, rule, "rule"),
        over=one_of(Over, over, "over"),
        effective_on=effective_on,
    )
    before = make_task(plan, proposal).before
    amount = None if before is None else to_amount(before, found.decimals)
    return attrs.evolve(proposal, before=amount, period=plan.parse(period).label)


def revise(plan: Plan, proposal: Proposal) -> Effect:
    """Returns what a proposal would do; the plan itself stays as it is.

    Raises:
        RevisionRefused: The value it starts from no longer holds, it would change a closed
            period, nobody is there to take the difference, or a target would fall below zero.
        UnknownName: A goal, metric, measure or period that the plan lacks.
        LabelRefused: The label names no period.
        NumberRefused: A value that the metric cannot hold.

    Cost: linear in goals x periods.

    >>> from salesgoal import Metric, Target, make_plan
    >>> months = {"2023-10": 600, "2023-11": 700, "2023-12": 700}
    >>> plan = make_plan(name="Q4", period="2023Q4", metrics=[Metric(id="sales")],
    ...     targets=[Target(metric="sales", period=month, target=value)
    ...         for month, value in months.items()])
    >>> less = propose(plan, "", period="2023-10", to=500, rule=RevisionRule.KEEP_TOTAL)
    >>> for change in revise(plan, less).changes:
    ...     print(change.period, change.before, change.after)
    2023-10 600 500
    2023-11 700 750
    2023-12 700 750
    """
    task = make_task(plan, proposal)
    stated = None if proposal.before is None else task.units(proposal.before)
    if stated != task.before:
        facts = {"stated": _shown(proposal.before), "now": task.shown(task.before)}
        raise task.refusal("revision-stale", **facts)
    return effect_between(plan, *apply_proposal(plan, proposal))


def effect_between(before: Plan, after: Plan, digest: str) -> Effect:
    """Returns what became of a plan; both have the same goals and periods."""
    cards = (_cards(before), _cards(after))
    return Effect(
        plan=after,
        changes=tuple(_differences(*cards)),
        untied=tuple(_untied(*cards)),
        digest=digest,
    )


def apply_proposal(plan: Plan, proposal: Proposal) -> tuple[Plan, str]:
    """Returns the plan after a proposal, whatever value it starts from, and its digest.

    Raises:
        RevisionRefused: As `revise`, save for the value that it starts from.
        UnknownName, LabelRefused, NumberRefused: As `revise`.
    """
    task = make_task(plan, proposal)
    changes = task.changes()
    task.check(changes)
    after = attrs.evolve(
        plan, targets=task.table(changes), original=plan.original or plan.targets
    )
    return after, task.digest(changes)


@attrs.frozen
class TypedChange:
    """One typed target before and after, in smallest units; None is not typed."""

    metric: str
    measure: Measure
    scope: Codes
    period: Period
    before: int | None
    after: int | None


def typed_differences(before: Plan, after: Plan) -> tuple[TypedChange, ...]:
    """Returns every typed target that two plans differ in. Linear in the typed targets."""
    found: list[TypedChange] = []
    for metric in before.metrics:
        for measure in MEASURES:
            old, new = (each.targets.of(metric.id, measure) for each in (before, after))
            for period in dict.fromkeys([*old, *new]):
                was, now = old.get(period, {}), new.get(period, {})
                for codes in dict.fromkeys([*was, *now]):
                    pair = was.get(codes), now.get(codes)
                    if pair[0] != pair[1]:
                        found.append(TypedChange(metric.id, measure, codes, period, *pair))
    return tuple(found)


def digest_typed(changes: Sequence[TypedChange], dimensions: Sequence[Dimension]) -> str:
    """Returns a text that tells these changes from others, in whatever order they come."""
    lines = sorted(
        f"{each.metric} {each.measure} {sorted(decode_scope(each.scope, dimensions).items())} "
        f"{each.period} {each.period.start} {each.period.last} {each.before} {each.after}\n"
        for each in changes
    )
    return sha256("".join(lines).encode()).hexdigest()[:16]


def _scope_of(plan: Plan, goal: str | Scope) -> Scope:
    if not isinstance(goal, str):
        return goal
    for tree in plan.trees:
        if goal in tree.by_path:
            scope = decode_scope(tree.scope[tree.by_path[goal]], plan.dimensions)
            return {name: scope[name] for name in tree.breakdown.by if name in scope}
    near = [path for tree in plan.trees for path in tree.nearest(goal)]
    raise UnknownName("goal", goal, near[:3])


def _shown(amount: Decimal | int | None) -> str:
    return "-" if amount is None else f"{Decimal(amount):,f}"


def _cards(plan: Plan) -> tuple[Scorecard, ...]:
    return score(plan, empty_cells(plan, plan.period.last), {}, plan.period.last)


def _differences(before: Sequence[Scorecard], after: Sequence[Scorecard]) -> Iterator[Change]:
    """Every target that differs; a goal of several breakdowns comes once."""
    seen: set[tuple[Codes, str, Measure, Period]] = set()
    for old, new in zip(before, after, strict=True):
        for node in old.tree.reading_order():
            codes = old.tree.scope[node]
            for (metric, period), column in old.columns.items():
                for measure in MEASURES:
                    was = column.targets[measure][node]
                    now = new.columns[metric, period].targets[measure][node]
                    key = (codes, metric, measure, period)
                    if was != now and key not in seen:
                        seen.add(key)
                        yield Change(
                            goal=old.tree.path[node],
                            scope=codes,
                            metric=old.plan.metric(metric),
                            measure=measure,
                            period=period,
                            before=was,
                            after=now,
                        )


def _untied(before: Sequence[Scorecard], after: Sequence[Scorecard]) -> Iterator[Untied]:
    for old, new in zip(before, after, strict=True):
        for (metric, period), column in old.columns.items():
            both = (column.mismatch or (), new.columns[metric, period].mismatch or ())
            for node, (was, now) in enumerate(zip(*both, strict=True)):
                if was == 0 and now:
                    yield Untied(
                        goal=old.tree.path[node],
                        breakdown=old.tree.breakdown.name,
                        period=period,
                        mismatch=now,
                    )
