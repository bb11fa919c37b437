"""Planned cascades: those that a plan holds, run in their order beside its typed targets.

A cascade begins with its own total, with what a table types at its goal and period, or with
what an earlier cascade has made there. A faulty one is a problem and adds nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from itertools import product

import attrs

from salesgoal.domain.cascade import MemberStep, Step, cascade_each
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import EvenSplit, amount_text, to_amount
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.target import TargetTable, unique_scopes
from salesgoal.errors import AllocationRefused, UsageError

__all__ = [
    "Cascade",
    "Cascaded",
    "allocation_problem",
    "run_cascades",
]


@attrs.frozen(kw_only=True)
class Cascade:
    """A total and the steps down from it, as a plan has them.

    Attributes:
        metric: Which.
        period: Where it begins.
        goal: The scope where it begins; the root's codes are all `ANY`.
        steps: In their order.
        total: In smallest units; None for what is typed at the goal and period.
        every: Begin at every goal at or below this one that is typed for the period, and has
            none below it that is.
        where: Where it stands in the plan.
    """

    metric: Metric
    period: Period
    goal: Codes
    steps: tuple[Step, ...]
    total: int | None = None
    every: bool = False
    where: Place = Place("code")


@attrs.frozen(kw_only=True)
class Cascaded:
    """What cascades make of a table of targets.

    Attributes:
        table: The typed targets and those made.
        scopes: The scopes that each cascade made, by where it stands.
        problems: Every fault; a faulty cascade adds nothing.
    """

    table: TargetTable
    scopes: Mapping[Place, Sequence[Codes]]
    problems: Sequence[Problem]


def run_cascades(
    cascades: Sequence[Cascade], table: TargetTable, dimensions: Sequence[Dimension]
) -> Cascaded:
    """Returns a table of targets with what the cascades make of it.

    They run in their order, so one may begin with what an earlier one has made.
    """
    typed = dict(table.typed)
    problems: list[Problem] = []
    scopes: dict[Place, list[Codes]] = {}
    for each in cascades:
        key = (each.metric.id, "target")
        known = typed.get(key, {})
        totals = _totals(each, known.get(each.period, {}), dimensions)
        fault = _fault(each, totals, known.get(each.period, {}))
        if fault is not None:
            problems.append(fault)
            continue
        try:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always", EvenSplit)
                made = cascade_each(totals, period=each.period, steps=each.steps, typed=known)
        except AllocationRefused as error:
            problems.append(allocation_problem(error, each.metric, each.where))
            continue
        except UsageError as error:
            facts = {"reason": str(error), "reason_zh": error.message("zh")}
            problems.append(problem("bad-value", each.where, **facts))
            continue
        if any(issubclass(one.category, EvenSplit) for one in said):
            problems.append(problem("even-split", each.where))
        scopes[each.where] = list(unique_scopes(made.values()))
        both = {
            period: {**known[period], **made[period]} for period in known.keys() & made.keys()
        }
        typed[key] = {**known, **made, **both}
    return Cascaded(table=TargetTable(typed), scopes=scopes, problems=problems)


def allocation_problem(error: AllocationRefused, metric: Metric, where: Place) -> Problem:
    """Returns the problem of an error, with its amounts in whole units of the metric."""
    facts = {
        name: amount_text(fact, metric.decimals) if isinstance(fact, int) else fact
        for name, fact in error.facts.items()
    }
    return problem(error.code, where, **facts)


def _totals(
    each: Cascade, typed: Mapping[Codes, int], dimensions: Sequence[Dimension]
) -> dict[Codes, int]:
    """Where a cascade begins, with how much."""
    if each.total is not None:
        return {each.goal: each.total}
    if not each.every:
        return {each.goal: typed[each.goal]} if each.goal in typed else {}
    held = dict(typed)
    if any(code != ANY for code in each.goal):
        inside = (codes for codes in typed if _is_at(codes, each.goal, dimensions))
        held = {codes: typed[codes] for codes in inside}
    above = _scopes_above(held, dimensions)
    return {codes: units for codes, units in held.items() if codes not in above}


def _is_at(codes: Codes, goal: Codes, dimensions: Sequence[Dimension]) -> bool:
    """Whether a scope is a goal's or lies within it."""
    return all(
        own == ANY or (code != ANY and dimension.is_within(code, own))
        for own, code, dimension in zip(goal, codes, dimensions, strict=True)
    )


def _scopes_above(scopes: Collection[Codes], dimensions: Sequence[Dimension]) -> set[Codes]:
    """Those of the scopes that another one lies within.

    Only dimensions that some scope leaves open or fixes further up are looked along.
    """
    ways = []
    for at, dimension in enumerate(dimensions):
        held = {codes[at] for codes in scopes}
        upward = {
            code: [up for up in (ANY, *dimension.chains[code]) if up in held]
            for code in held
            if code != ANY
        }
        ways.append({**upward, ANY: [ANY]})
    if all(len(up) == 1 for way in ways for up in way.values()):
        return set()
    above: set[Codes] = set()
    for codes in scopes:
        options = [way[code] for way, code in zip(ways, codes, strict=True)]
        above.update(found for found in product(*options) if found != codes)
    return above.intersection(scopes)


def _fault(
    each: Cascade, totals: Mapping[Codes, int], typed: Mapping[Codes, int]
) -> Problem | None:
    """What stands against a cascade before it begins."""
    metric = each.metric
    adds = metric.aggregation in {Aggregation.SUM, Aggregation.DISTINCT}
    members = all(isinstance(step, MemberStep) for step in each.steps)
    if not adds and not (members and metric.aggregation is Aggregation.LAST):
        facts = {
            "reason": f"{metric.id} does not add up that way - share a metric that adds",
            "reason_zh": f"{metric.name}不能这样相加 - 请分解可加的指标",
        }
        return problem("bad-value", each.where, **facts)
    if not totals:
        return problem("no-total", each.where)
    for codes, units in totals.items():
        if typed.get(codes, units) != units:
            amount, first = to_amount(units, metric.decimals), f"targets, {each.period.label}"
            return problem("duplicate-target", each.where, value=amount, first=first)
        if units < 0 and not metric.negative:
            amount = to_amount(units, metric.decimals)
            return problem("negative-target", each.where, value=amount)
    return None
