"""Cascades: one total down to the finest targets, over members and periods in any order.

Each step cuts every goal or period that the step before has made. What comes out is as little
as says everything: the finest cells, and nothing that derives from them. So going back up with
`derive_targets` gives the total again.

A goal that is over-assigned keeps its own target beside what its children come to; where
periods are cut after members, it is spread over the periods as well. What a table already types
for a part stays as it is, and the rest is shared among the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import attrs

from salesgoal.domain.calendar import Calendar, span, subdivide
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.number import Weight
from salesgoal.domain.period import Level, Period
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.share_rule import EVENLY, ShareRule, Sharing, make_ready
from salesgoal.domain.target import Typed
from salesgoal.errors import UsageError

__all__ = [
    "Cell",
    "Cells",
    "MemberStep",
    "PeriodStep",
    "Step",
    "WeighParts",
    "cascade",
    "cascade_each",
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
        return subdivide(self.calendar, period, self.level)


Step = MemberStep | PeriodStep


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
            message = f"{names} is typed in a step that cuts several goals or periods"
            zh = f"{names} 已填数额，而这一步要分解多个目标或期间"
            raise UsageError(message, zh)
        if isinstance(step, MemberStep):
            fall.by_member(step)
        else:
            fall.into_periods(step)
    return fall.result()


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
