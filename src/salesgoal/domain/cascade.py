"""Cascades: one total down to the finest targets, over members and periods in any order.

Each step cuts every goal or period that the step before has made. What comes out is as little
as says everything: the finest cells, and nothing that derives from them. So going back up with
`derive_targets` gives the total again.

A goal that is over-assigned keeps its own target beside what its children come to; where
periods are cut after members, it is spread over the periods as well. What a table already types
for a part stays as it is, and the rest is shared among the others.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, product
from typing import TypeVar

import attrs

from salesgoal.domain.allocation import EVENLY, ShareRule, Sharing, make_ready
from salesgoal.domain.calendar import Calendar, span
from salesgoal.domain.calendar import split as cut
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import EvenSplit, Weight, to_amount
from salesgoal.domain.period import Level, Period
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.target import TargetTable, Typed
from salesgoal.errors import AllocationRefused, UsageError

__all__ = [
    "Cascade",
    "Cascaded",
    "Cell",
    "Cells",
    "MemberStep",
    "PeriodStep",
    "WeighParts",
    "allocation_problem",
    "cascade",
    "cascade_each",
    "run_cascades",
]

T = TypeVar("T")

Cell = tuple[Codes, Period]
"""A goal's scope and a period."""

Cells = dict[Period, dict[Codes, int]]
"""Period -> scope -> smallest units."""

WeighParts = Callable[[Sequence[Cell]], Sequence[Weight]]
"""What the parts of one goal and period weigh, where that is not the same for all."""

_NOTHING: Typed = {}
_NOBODY: Mapping[int, int] = {}


@attrs.frozen(kw_only=True)
class MemberStep:
    """Cuts goals by a dimension; where they have a member of it already, by those below.

    Attributes:
        dimension: Which.
        position: Its place in the plan.
        members: Codes of those who share, in the order that odd units go by.
        rule: How; parts are named by canonical name.
        weigh: Weights that differ from goal to goal, such as last year's; else the rule's.
    """

    dimension: Dimension
    position: int
    members: tuple[int, ...]
    rule: ShareRule = EVENLY
    weigh: WeighParts | None = None

    def below(self, codes: Codes) -> tuple[int, ...]:
        """Returns who shares under a goal; nobody where it has none of them below it."""
        held = codes[self.position]
        if held == ANY:
            return self.members
        chains = self.dimension.chains
        return tuple(each for each in self.members if held in chains[each][:-1])


@attrs.frozen(kw_only=True)
class PeriodStep:
    """Cuts periods into those of a level.

    Attributes:
        calendar: Whose periods.
        level: Which.
        rule: How; parts are named by period or label.
        weigh_periods: Weights of the periods, the same for all goals; else the rule's.
        weigh: Weights that differ from goal to goal, such as last year's.
        own: The plan's period, at whose ends weeks are cut.
    """

    calendar: Calendar
    level: Level
    rule: ShareRule = EVENLY
    weigh_periods: Callable[[Sequence[Period]], Sequence[Weight]] | None = None
    weigh: WeighParts | None = None
    own: Period | None = None

    def parts(self, period: Period) -> tuple[Period, ...]:
        """Returns the periods that a period is cut into.

        Raises:
            NotNested: They stick out.
            OutOfCalendar: The calendar lacks the level.
        """
        if period == self.own and self.level is Level.WEEK:
            weeks = span(self.calendar, self.level, period.start, period.stop)
            return tuple(week.clip(period) for week in weeks)
        return cut(self.calendar, period, self.level)


Step = MemberStep | PeriodStep


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


def cascade(
    total: int, *, goal: Codes, period: Period, steps: Sequence[Step], typed: Typed = _NOTHING
) -> Cells:
    """Returns period -> scope -> units: the finest targets, and those that do not derive.

    Linear in the cells that the steps make.

    Args:
        total: In smallest units.
        goal: The scope where it begins.
        period: The period where it begins.
        steps: Members and periods in any order.
        typed: What tables type; such parts stay, and are not in the result.

    Raises:
        AllocationRefused, UnknownName, FloatRefused, NumberRefused: As `split`.
        NotNested, OutOfCalendar: Periods that cannot be cut into the level.
        UsageError: Typed amounts in a step that cuts several goals or periods.

    >>> from salesgoal.domain.calendar import parse_period
    >>> from salesgoal.domain.month_calendar import MonthCalendar
    >>> october = parse_period(MonthCalendar(), "2023-10")
    >>> product = Dimension("product", ["A产品线", "B产品线"])
    >>> found = cascade(5_000_000, goal=(ANY,), period=october, steps=[
    ...     MemberStep(dimension=product, position=0, members=(0, 1),
    ...         rule=ShareRule(typed={"A产品线": 2_000_000})),
    ...     PeriodStep(calendar=MonthCalendar(), level=Level.WEEK)])
    >>> [f"{week}: {units}" for week, units in found.items()][:1]
    ['2023-10w1: {(0,): 500000, (1,): 750000}']
    """
    return cascade_each({goal: total}, period=period, steps=steps, typed=typed)


def cascade_each(
    totals: Mapping[Codes, int],
    *,
    period: Period,
    steps: Sequence[Step],
    typed: Typed = _NOTHING,
) -> Cells:
    """Returns what `cascade` does, for several goals of one period at once.

    Raises:
        AllocationRefused, UnknownName, FloatRefused, NumberRefused: As `split`.
        NotNested, OutOfCalendar: Periods that cannot be cut into the level.
        UsageError: Typed amounts in a step that cuts several goals or periods.
    """
    fall = _Fall(front={period: dict(totals)}, typed=typed)
    for step in steps:
        if step.rule.typed and sum(map(len, fall.front.values())) > 1:
            names = ", ".join(map(str, step.rule.typed))
            raise UsageError(f"{names} is typed in a step that cuts several goals or periods")
        if isinstance(step, MemberStep):
            fall.by_member(step)
        else:
            fall.into_periods(step)
    return fall.result()


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
            facts = {"reason": str(error), "reason_zh": str(error)}
            problems.append(problem("bad-value", each.where, **facts))
            continue
        if any(issubclass(one.category, EvenSplit) for one in said):
            problems.append(problem("even-split", each.where))
        scopes[each.where] = list(dict.fromkeys(chain.from_iterable(made.values())))
        both = {
            period: {**known[period], **made[period]} for period in known.keys() & made.keys()
        }
        typed[key] = {**known, **made, **both}
    return Cascaded(table=TargetTable(typed), scopes=scopes, problems=problems)


def allocation_problem(error: AllocationRefused, metric: Metric, where: Place) -> Problem:
    """Returns the problem of an error, with its amounts in whole units of the metric."""
    facts = {
        name: f"{to_amount(fact, metric.decimals):,f}" if isinstance(fact, int) else fact
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
        amount = to_amount(units, metric.decimals)
        if typed.get(codes, units) != units:
            first = f"targets, {each.period.label}"
            return problem("duplicate-target", each.where, value=amount, first=first)
        if units < 0 and not metric.negative:
            return problem("negative-target", each.where, value=amount)
    return None


@attrs.define
class _Fall:
    """A cascade on its way: cells to cut, over-assigned goals to spread, what is settled."""

    front: Cells
    typed: Typed
    kept: Cells = attrs.field(factory=dict)
    settled: Cells = attrs.field(factory=dict)

    def by_member(self, step: MemberStep) -> None:
        below: Cells = {}
        children = _Children(step)
        for period, column in self.front.items():
            typed = self.typed.get(period, {})
            made = below[period] = {}
            for codes, units in column.items():
                goals, sharing = children[codes]
                if sharing is None:
                    made[codes] = units
                    continue
                weigh = step.weigh
                parts = sharing.share(
                    units,
                    weights=weigh([(each, period) for each in goals]) if weigh else None,
                    typed=_typed_among(goals, typed) if typed else _NOBODY,
                )
                made.update(zip(goals, parts, strict=True))
                if step.rule.over_assignment:
                    self.kept.setdefault(period, {})[codes] = units
        self.front = below

    def into_periods(self, step: PeriodStep) -> None:
        ready: dict[Period, tuple[tuple[Period, ...], Sharing]] = {}
        for period in {**self.front, **self.kept}:
            parts, rule = step.parts(period), step.rule
            if step.weigh_periods is not None:
                rule = attrs.evolve(rule, weights=step.weigh_periods(parts))
            ready[period] = parts, make_ready(rule, parts)
        self.front = self._spread(self.front, step, ready)
        self.kept = self._spread(self.kept, step, ready)

    def _spread(
        self,
        cells: Cells,
        step: PeriodStep,
        ready: Mapping[Period, tuple[tuple[Period, ...], Sharing]],
    ) -> Cells:
        spread: Cells = {}
        for period, column in cells.items():
            parts, sharing = ready[period]
            typed = [
                (at, self.typed[each]) for at, each in enumerate(parts) if each in self.typed
            ]
            columns: Sequence[Sequence[int]]
            if typed or step.weigh:
                rows = _rows(column, parts, typed, sharing, step.weigh)
                columns = list(zip(*rows, strict=True))
            else:
                columns = sharing.share_each(list(column.values()))
            for part, values in zip(parts, columns, strict=True):
                spread[part] = dict(zip(column, values, strict=True))
            if step.rule.over_assignment:
                self.settled.setdefault(period, {}).update(column)
        return spread

    def result(self) -> Cells:
        """Every cell made, without those that tables type."""
        found: Cells = {}
        for cells in (self.settled, self.kept, self.front):
            for period, column in cells.items():
                known = self.typed.get(period)
                fresh = column
                if known:
                    fresh = {key: units for key, units in column.items() if key not in known}
                if fresh:
                    found[period] = {**found[period], **fresh} if period in found else fresh
        return found


def _rows(
    column: Mapping[Codes, int],
    parts: Sequence[Period],
    typed: Sequence[tuple[int, Mapping[Codes, int]]],
    sharing: Sharing,
    weigh: WeighParts | None,
) -> Iterator[list[int]]:
    """What each goal gets in each part, where goals differ by more than their total."""
    for codes, units in column.items():
        weights = weigh([(codes, each) for each in parts]) if weigh else None
        known = {at: each[codes] for at, each in typed if codes in each}
        yield sharing.share(units, weights=weights, typed=known)


class _Children(dict[Codes, tuple[list[Codes], Sharing | None]]):
    """Goal -> the goals below it and how they share, alike where the members are the same."""

    def __init__(self, step: MemberStep) -> None:
        super().__init__()
        self._step = step
        self._ready: dict[tuple[int, ...], Sharing | None] = {(): None}

    def __missing__(self, codes: Codes) -> tuple[list[Codes], Sharing | None]:
        below, at = self._step.below(codes), self._step.position
        if below not in self._ready:
            self._ready[below] = _sharing_of(self._step, below)
        goals = [(*codes[:at], each, *codes[at + 1 :]) for each in below]
        self[codes] = goals, self._ready[below]
        return self[codes]


def _sharing_of(step: MemberStep, below: Sequence[int]) -> Sharing:
    """The rule of a step made ready for some of its members; it may name the others too."""
    names = [step.dimension.members[each].name for each in below]
    rule = step.rule
    if len(below) < len(step.members):
        weights = rule.weights
        rule = attrs.evolve(
            rule,
            weights=_only(weights, names) if isinstance(weights, Mapping) else weights,
            floors=_only(rule.floors, names),
            caps=_only(rule.caps, names),
        )
    return make_ready(rule, names)


def _only(named: Mapping[str, T], names: Sequence[str]) -> dict[str, T]:
    return {name: each for name, each in named.items() if name in names}


def _typed_among(children: Sequence[Codes], typed: Mapping[Codes, int]) -> dict[int, int]:
    return {at: typed[codes] for at, codes in enumerate(children) if codes in typed}
