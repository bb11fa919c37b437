"""From typed targets to the table of a plan, with every fault found on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from salesgoal.domain.calendar import Calendar, parse_period
from salesgoal.domain.dimension import Dimension, nearest_names
from salesgoal.domain.kind import all_of, require_kind
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_units
from salesgoal.domain.owner import OwnerTable, fill_in
from salesgoal.domain.period import Period
from salesgoal.domain.plan_check import nearest_facts, unknown_metric
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.proration import Piece, find_pieces, prorate
from salesgoal.domain.role import Role
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.target import MEASURES, Measure, Ownership, Target, TargetTable
from salesgoal.domain.work_calendar import WorkCalendar
from salesgoal.errors import LabelRefused, NumberRefused

__all__ = ["BookedTargets", "TypedKey", "book_targets", "resolve_period"]


TypedKey = tuple[str, Measure, Period]
"""Metric id, measure and period of typed values."""


@attrs.frozen
class BookedTargets:
    """What the typed targets come to.

    Attributes:
        table: The values, in smallest units.
        ownership: Who answers for a scope in a period; later rows fill in what earlier ones of
            the same period left open.
        places: Where each scope was first named.
        problems: Every fault; the targets they stand on are not in the table.
        typed_at: Metric, measure and period -> scope -> where the value was typed.
    """

    table: TargetTable
    ownership: OwnerTable
    places: Mapping[Codes, Place]
    problems: Sequence[Problem]
    typed_at: Mapping[TypedKey, Mapping[Codes, Place]]


def book_targets(
    targets: Sequence[Target],
    calendar: Calendar,
    own: Period,
    metrics: Sequence[Metric],
    dimensions: Sequence[Dimension],
    workdays: WorkCalendar | None = None,
) -> BookedTargets:
    """Returns the table of the targets; the address of a fault is the target's own.

    The target of a member that moved inside its period is prorated over its seats.
    """
    known = {metric.id: metric for metric in metrics}
    book = _Book(calendar, own, known, dimensions, workdays)
    for target in all_of(targets, Target, "targets"):
        book.add(target)
    book.problems += book.crossings()
    return BookedTargets(
        TargetTable(book.typed),
        OwnerTable(book.ownership),
        book.places,
        book.problems,
        book.first,
    )


def resolve_period(period: Period | str, calendar: Calendar, own: Period) -> Period:
    """Returns the period that a target or review means; the plan's own label counts too.

    Raises:
        LabelRefused: It names none.
    """
    if isinstance(period, Period):
        return period
    return own if period == own.label else parse_period(calendar, period)


@attrs.define
class _Book:
    calendar: Calendar
    own: Period
    metrics: Mapping[str, Metric]
    dimensions: Sequence[Dimension]
    workdays: WorkCalendar | None
    typed: dict[tuple[str, Measure], dict[Period, dict[Codes, int]]] = attrs.field(factory=dict)
    ownership: dict[Codes, dict[Period, Ownership]] = attrs.field(factory=dict)
    places: dict[Codes, Place] = attrs.field(factory=dict)
    first: dict[TypedKey, dict[Codes, Place]] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)
    _periods: dict[str, Period] = attrs.field(factory=dict)
    _positions: dict[str, int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._positions = {each.id: at for at, each in enumerate(self.dimensions)}

    def add(self, target: Target) -> None:
        faults = len(self.problems)
        codes = self._codes(target)
        metric = self._metric(target)
        period = self._period(target)
        if codes is None or metric is None or period is None or len(self.problems) > faults:
            return
        pieces = find_pieces(codes, self.dimensions, period)
        for seat, _ in pieces:
            self.places.setdefault(seat, target.where)
            rows = self.ownership.setdefault(seat, {})
            known = rows.get(period)
            rows[period] = fill_in(known, target.ownership) if known else target.ownership
        if not self.own.covers(period):
            self.problems.append(
                problem(
                    "target-outside-plan",
                    target.where,
                    column=Role.PERIOD,
                    value=period.label,
                    plan=self.own.label,
                )
            )
        for measure in MEASURES:
            if getattr(target, measure) is not None:
                self._type(target, metric, measure, period, pieces)

    def _codes(self, target: Target) -> Codes | None:
        codes = [ANY] * len(self.dimensions)
        for name, member in target.scope.items():
            at = self._positions.get(name)
            if at is None:
                ids = list(self._positions)
                facts = nearest_facts("dimension", name, nearest_names(name, ids))
                self.problems.append(
                    problem("unknown-reference", target.where, column=name, **facts)
                )
                return None
            dimension = self.dimensions[at]
            code = dimension.find(member)
            if code is None:
                self.problems.append(dimension.unknown(member, target.where, dimension.id))
                return None
            codes[at] = code
        return tuple(codes)

    def _metric(self, target: Target) -> Metric | None:
        require_kind(target.metric, str, "metric", "'sales'")
        metric = self.metrics.get(target.metric)
        if metric is None:
            known = list(self.metrics)
            self.problems.append(
                unknown_metric(target.metric, known, target.where, Role.METRIC)
            )
        return metric

    def _period(self, target: Target) -> Period | None:
        if isinstance(target.period, Period):
            return target.period
        require_kind(target.period, str, "period", "'2023-10'")
        if target.period not in self._periods:
            try:
                found = resolve_period(target.period, self.calendar, self.own)
            except LabelRefused as error:
                self.problems.append(
                    problem(
                        "no-such-period",
                        target.where,
                        column=Role.PERIOD,
                        value=target.period,
                        reason=error.reason,
                        reason_zh=error.reason_zh,
                    )
                )
                return None
            self._periods[target.period] = found
        return self._periods[target.period]

    def _type(
        self,
        target: Target,
        metric: Metric,
        measure: Measure,
        period: Period,
        pieces: Sequence[Piece],
    ) -> None:
        amount, where = getattr(target, measure), target.where
        try:
            units = to_units(amount, metric.decimals)
        except NumberRefused as error:
            facts = {
                "found": error.decimals,
                "decimals": metric.decimals,
                "metric": metric.name,
            }
            self.problems.append(
                problem(error.code, where, column=Role(measure), value=amount, **facts)
            )
            return
        if units < 0 and not metric.negative:
            self.problems.append(
                problem("negative-target", where, column=Role(measure), value=amount)
            )
            return
        values = self.typed.setdefault((metric.id, measure), {}).setdefault(period, {})
        places = self.first.setdefault((metric.id, measure, period), {})
        for codes, part in prorate(metric, units, pieces, self.workdays):
            first = places.setdefault(codes, where)
            if codes in values:
                self.problems.append(
                    problem(
                        "duplicate-target",
                        where,
                        column=Role(measure),
                        value=amount,
                        first=first,
                    )
                )
                return
            values[codes] = part

    def crossings(self) -> Iterator[Problem]:
        """Typed periods of one goal that share days without lying inside one another."""
        for (metric, measure), typed in self.typed.items():
            ordered = sorted(typed, key=lambda period: (period.start, -period.days))
            for index, period in enumerate(ordered):
                for other in ordered[index + 1 :]:
                    if other.start >= period.stop:
                        break
                    for codes in (
                        () if period.covers(other) else typed[period].keys() & typed[other]
                    ):
                        where = self.first[metric, measure, other][codes]
                        yield problem(
                            "crossing-periods",
                            where,
                            column=Role.PERIOD,
                            value=other.label,
                            other=period.label,
                        )
