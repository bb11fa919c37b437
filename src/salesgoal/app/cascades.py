"""Cascades of a plan file, from their tables to the domain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from salesgoal.app.past_actuals import PastActuals
from salesgoal.app.plan_file.cascade import Basis, CascadeTable, ProfileTable, StepTable
from salesgoal.app.plan_parts import unit_factor
from salesgoal.domain.basis import (
    Profile,
    counterpart,
    day_weights,
    grow,
    history_weights,
    last_year,
    percent_weights,
    trailing_year,
)
from salesgoal.domain.calendar import Calendar
from salesgoal.domain.cascade import Cell, MemberStep, PeriodStep, WeighParts
from salesgoal.domain.dimension import Dimension, nearest_names
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Weight
from salesgoal.domain.period import Period
from salesgoal.domain.plan_check import nearest_facts, unknown_metric
from salesgoal.domain.planned_cascade import Cascade, allocation_problem
from salesgoal.domain.problem import Place, problem
from salesgoal.domain.scope import encode_scope
from salesgoal.domain.share_rule import ShareRule
from salesgoal.domain.target_book import resolve_period
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.domain.workday_count import workday_weights
from salesgoal.errors import AllocationRefused, PlanRefused, UsageError
from salesgoal.intake.parse import UNITS, CellRefused, read_amount, read_number

__all__ = ["CascadeMaker", "make_profile", "read_quantity"]

_QUANTITY = re.compile(r"(?P<number>.*?)\s*(?P<unit>[分十百千万亿]*元?)")
_UNITS: Mapping[str, Fraction] = {**UNITS, "百元": Fraction(100), "十万元": Fraction(100_000)}


def make_profile(name: str, table: ProfileTable) -> Profile:
    """Returns a seasonal profile.

    Raises:
        PlanRefused: Its percentages do not come to 100.
        NumberRefused: A weight that is none.
    """
    weights: Sequence[Weight] = table.weights or ()
    if table.percents is not None:
        try:
            weights = percent_weights(table.percents)
        except AllocationRefused as error:
            facts: dict[str, Any] = error.facts
            raise PlanRefused([problem(error.code, Place(""), **facts)]) from error
    return Profile(name, weights)


def read_quantity(text: str, own_unit: str = "") -> Decimal | int:
    """Returns an amount that people write with its unit, in whole units of a metric.

    Without a unit in the text it is in the metric's own.

    Args:
        text: As people write it.
        own_unit: The unit of the metric; yuan, or a count, where it is none of money.

    Raises:
        UsageError: It is none.

    >>> read_quantity("80万"), read_quantity("1,200.50"), read_quantity("万元")
    (Decimal('800000'), Decimal('1200.5'), Decimal('10000'))
    >>> read_quantity("500万", "万元"), read_quantity("500", "万元")
    (Decimal('500'), Decimal('500'))
    """
    match = _QUANTITY.fullmatch(text.strip())
    try:
        factor = _UNITS[match["unit"]] if match else Fraction(0)
        number = read_number(match["number"] or "1") if match else None
    except (KeyError, CellRefused):
        number = None
    if number is None or not text.strip():
        en = f"{text!r} is no amount - write it as 800000, 80万 or 万元"
        raise UsageError(en, f"{text!r} 不是金额 - 写成 800000、80万 或 万元")
    exact = Fraction(number) * factor
    if match and match["unit"]:
        exact /= UNITS.get(own_unit, Fraction(1))
    return Decimal(exact.numerator) / Decimal(exact.denominator)


@attrs.define
class CascadeMaker:
    """Makes the cascades of one plan.

    History is read once, when a cascade first asks for it, for the periods that all of them
    may ask for.

    Attributes:
        file: The name of the plan file.
        calendar: Whose periods.
        own: The plan's period.
        metrics: The first one leads.
        dimensions: In the plan's order.
        profiles: By name.
        workdays: None where the plan does not say.
        read: Reads what was reached in these periods.
    """

    file: str
    calendar: Calendar
    own: Period
    metrics: Sequence[Metric]
    dimensions: Sequence[Dimension]
    profiles: Mapping[str, Profile]
    workdays: WorkCalendar | None
    read: Callable[[Iterable[Period]], PastActuals]
    _asked: dict[Period, None] = attrs.field(factory=dict, init=False)
    _history: PastActuals | None = attrs.field(default=None, init=False)

    def make(self, table: CascadeTable, key: str) -> Cascade:
        """Returns a cascade; the total of one that grows is taken by `grown`.

        Args:
            table: As it is written.
            key: Where it stands in the plan file.

        Raises:
            PlanRefused: With an address.
            UsageError: Anything else that is wrong with it.
        """
        metric = self.metric(table.metric, key)
        period = resolve_period(table.period or self.own.label, self.calendar, self.own)
        goal = encode_scope(table.goal, self.dimensions)
        total = table.total
        found: list[MemberStep | PeriodStep] = []
        periods = [period]
        for number, each in enumerate(table.steps, start=1):
            maker = _StepMaker(self, metric, period, table.unit, f"{key}.steps#{number}")
            with self._addressed(maker.key, metric):
                step = maker.make(each)
                if isinstance(step, PeriodStep):
                    periods = [part for whole in periods for part in step.parts(whole)]
                if each.chosen is Basis.LAST_YEAR:
                    self.ask(filter(None, (counterpart(self.calendar, p) for p in periods)))
            found.append(step)
        if table.growth_pct is not None:
            self.ask(filter(None, [counterpart(self.calendar, period)]))
        return Cascade(
            metric=metric,
            period=period,
            goal=goal,
            steps=tuple(found),
            every=table.every_goal,
            total=None
            if total is None
            else self.units(total, table.unit, metric, f"{key}.total"),
            where=Place(self.file, key=key),
        )

    def grown(self, made: Cascade, growth_pct: int | Decimal) -> Cascade:
        """Returns a cascade whose total is last year's actual and so many percent more.

        Raises:
            PlanRefused: Nothing was reached last year that could grow.
            SourceRefused: A source cannot be read at all.
        """
        before = counterpart(self.calendar, made.period)
        history = self.history()
        base = history.reached(made.metric, made.goal, before) if before else None
        if not base:
            raise PlanRefused([problem("no-total", made.where)])
        return attrs.evolve(made, total=grow(base, Fraction(growth_pct) * Fraction(1, 100)))

    def metric(self, name: str | None, key: str) -> Metric:
        """Returns a metric by its id, the leading one where none is named.

        Raises:
            PlanRefused: There is none of that name.
        """
        for metric in self.metrics:
            if name in {None, metric.id, metric.name}:
                return metric
        names = [metric.id for metric in self.metrics]
        place = Place(self.file, key=key)
        raise PlanRefused([unknown_metric(name or "", names, place, "metric")])

    def units(self, amount: int | Decimal, unit: str, metric: Metric, key: str) -> int:
        """Returns an amount of the plan file in smallest units.

        Raises:
            PlanRefused: The metric cannot hold it.
            UsageError: An unknown unit.
        """
        try:
            own = UNITS.get(metric.unit, Fraction(1)) if unit else Fraction(1)
            units = read_amount(amount, metric, unit_factor(unit) / own, in_percent=True)
        except CellRefused as error:
            place = Place(self.file, key=key)
            facts: dict[str, Any] = dict(error.facts)
            fault = problem(error.code, place, value=amount, **facts)
            raise PlanRefused([fault]) from error
        assert units is not None
        return units

    def ask(self, periods: Iterable[Period]) -> None:
        """Says which periods of the past will be asked for."""
        self._asked |= dict.fromkeys(periods)

    def history(self) -> PastActuals:
        """Returns what was reached in the periods asked for.

        Raises:
            SourceRefused: A source cannot be read at all.
        """
        if self._history is None:
            self._history = self.read(self._asked or [self.own])
        return self._history

    @contextmanager
    def _addressed(self, key: str, metric: Metric) -> Iterator[None]:
        place = Place(self.file, key=key)
        try:
            yield
        except AllocationRefused as error:
            raise PlanRefused([allocation_problem(error, metric, place)]) from error
        except UsageError as error:
            facts = {"reason": str(error), "reason_zh": error.message("zh")}
            raise PlanRefused([problem("bad-value", place, **facts)]) from error


@attrs.frozen
class _StepMaker:
    maker: CascadeMaker
    metric: Metric
    begin: Period
    unit: str
    key: str

    def make(self, table: StepTable) -> MemberStep | PeriodStep:
        return self._by(table) if table.by is not None else self._into(table)

    def _by(self, table: StepTable) -> MemberStep:
        maker, ids = self.maker, [each.id for each in self.maker.dimensions]
        if table.by not in ids:
            name = table.by or ""
            facts = nearest_facts("dimension", name, nearest_names(name, ids))
            raise PlanRefused([problem("unknown-reference", self._at("by"), **facts)])
        position = ids.index(table.by)
        dimension = maker.dimensions[position]
        rule = self._rule(table, lambda name: self._member(dimension, name))
        weigh: WeighParts | None = None
        if table.chosen is Basis.LAST_YEAR:
            weigh = self._members_last_year
        elif table.chosen is Basis.TRAILING:
            window = trailing_year(self.begin)
            maker.ask([window])
            weigh = self._reached_in(window)
        return MemberStep(
            dimension=dimension,
            position=position,
            members=self._sharing(table, dimension, rule),
            rule=rule,
            weigh=weigh,
        )

    def _sharing(
        self, table: StepTable, dimension: Dimension, rule: ShareRule
    ) -> tuple[int, ...]:
        """Who shares: those named, else those that have weights or amounts, else the leaves.

        Who moves shares at the last seat of the cascade's period.
        """
        day = self.begin.last
        if table.members is not None:
            return tuple(
                dimension.code(self._member(dimension, each), day) for each in table.members
            )
        if not isinstance(rule.weights, Mapping):
            return tuple(each for each in dimension.leaves if dimension.counts_on(each, day))
        named = {*rule.weights, *rule.typed}
        return tuple(sorted(dimension.code(name, day) for name in named))

    def _into(self, table: StepTable) -> PeriodStep:
        maker = self.maker
        weigh_periods: Callable[[Sequence[Period]], Sequence[Weight]] | None = None
        weigh = None
        match table.chosen:
            case Basis.WORKDAYS:
                days = maker.workdays
                if days is None:
                    zh = "basis workdays 需要 [plan.workdays]"
                    raise UsageError("basis workdays needs plan.workdays", zh)
                weigh_periods = lambda periods: workday_weights(days, periods).weights
            case Basis.DAYS:
                weigh_periods = day_weights
            case Basis.PROFILE:
                profile = self._profile(table.profile or "")
                weigh_periods = lambda periods: profile.of(len(periods))
            case Basis.LAST_YEAR:
                weigh = self._periods_last_year
        assert table.into is not None
        return PeriodStep(
            calendar=maker.calendar,
            level=table.into,
            rule=self._rule(table, self._label),
            weigh_periods=weigh_periods,
            weigh=weigh,
            own=maker.own,
        )

    def _profile(self, name: str) -> Profile:
        profiles = self.maker.profiles
        if name not in profiles:
            facts = nearest_facts("profile", name, nearest_names(name, list(profiles)))
            raise PlanRefused([problem("unknown-reference", self._at("profile"), **facts)])
        return profiles[name]

    def _rule(self, table: StepTable, named: Callable[[str], str]) -> ShareRule:
        """The rule of a step, its parts by canonical name or label, in smallest units."""
        weights: Any = table.weights
        if table.percents is not None:
            weights = table.percents
            by_name = isinstance(weights, Mapping)
            percent_weights(list(weights.values()) if by_name else weights)
        if isinstance(weights, Mapping):
            weights = {named(name): weight for name, weight in weights.items()}
        amounts = {
            key: {
                named(name): self.maker.units(
                    amount, self.unit, self.metric, f"{self.key}.{key}.{name}"
                )
                for name, amount in getattr(table, key).items()
            }
            for key in ("amounts", "floors", "caps")
        }
        return ShareRule(
            weights=weights,
            typed=amounts["amounts"],
            floors=amounts["floors"],
            caps=amounts["caps"],
            over_assignment=Fraction(table.over_assignment_pct) * Fraction(1, 100),
            step=self._step(table.step),
        )

    def _step(self, text: str) -> int:
        if not text:
            return 1
        return self.maker.units(
            read_quantity(text, self.metric.unit), "", self.metric, f"{self.key}.step"
        )

    def _member(self, dimension: Dimension, name: str) -> str:
        code = dimension.find(name)
        if code is None:
            raise PlanRefused([dimension.unknown(name, Place(self.maker.file, key=self.key))])
        return dimension.members[code].name

    def _label(self, label: str) -> str:
        return resolve_period(label, self.maker.calendar, self.maker.own).label

    def _members_last_year(self, cells: Sequence[Cell]) -> Sequence[Weight]:
        """What each goal had reached a year before the period that all of them share."""
        before = counterpart(self.maker.calendar, cells[0][1])
        if before is None:
            return [0] * len(cells)
        history = self.maker.history()
        return history_weights(
            [history.reached(self.metric, each, before) for each, _ in cells]
        )

    def _periods_last_year(self, cells: Sequence[Cell]) -> Sequence[Weight]:
        """What the goal that all cells share had reached a year before each period."""
        history, codes = self.maker.history(), cells[0][0]
        periods = [each for _, each in cells]
        return last_year(
            self.maker.calendar,
            periods,
            lambda each: history.reached(self.metric, codes, each),
        )

    def _reached_in(self, window: Period) -> WeighParts:
        def weigh(cells: Sequence[Cell]) -> Sequence[Weight]:
            history = self.maker.history()
            return history_weights(
                [history.reached(self.metric, each, window) for each, _ in cells]
            )

        return weigh

    def _at(self, key: str) -> Place:
        return Place(self.maker.file, key=f"{self.key}.{key}")
