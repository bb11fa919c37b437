"""Booking: pages of raw rows into cells, each row with exactly one outcome.

Whole pages go column by column: every distinct raw text is resolved once and remembered, and
from then on a row costs a few look-ups and one addition. Where anything on a page is odd, the
page goes row by row; a faulty row becomes problems and its amounts go to the rejected cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal, Inexact, localcontext
from functools import partial
from itertools import repeat
from operator import add, getitem, itemgetter, mul
from typing import Any

import attrs

from salesgoal.domain.cells import Cells, Slot
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import AMOUNT_LIMIT, to_units
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.reconciliation import RowCounts
from salesgoal.domain.scope import ANY
from salesgoal.errors import SourceRefused
from salesgoal.intake.parse import CellRefused, read_amount, read_day, read_period
from salesgoal.intake.source_map import SourceMap, missing_columns
from salesgoal.ports.importer import Page, RawRow, RawValue

__all__ = ["Booking"]

_EXACT = Context(prec=60, traps=[Inexact])
"""Whole columns are scaled in this context; what it would round goes row by row instead."""


class _Memory(dict[Any, int]):
    """Raw values -> what they were resolved to; resolves what it has not met."""

    def __init__(self, resolve: Callable[[Any], int]) -> None:
        super().__init__()
        self._resolve = resolve

    def __missing__(self, raw: Any) -> int:  # noqa: ANN401 - any raw value, or several
        found = self._resolve(raw)
        self[raw] = found
        return found


@attrs.define
class Booking:
    """The rows of one source on their way into cells.

    Attributes:
        plan: Whose names and metrics.
        cells: Where the facts go.
        source: Which column is what.
        problems: Every fault found.
        control: `SUM` metric -> units read, added up apart from the cells.
        days: The first and last day read, or empty.
    """

    plan: Plan
    cells: Cells
    source: SourceMap
    problems: list[Problem] = attrs.field(factory=list)
    control: dict[str, int] = attrs.field(factory=dict)
    days: list[date] = attrs.field(factory=list)
    _counts: dict[str, int] = attrs.field(factory=dict)
    _dimensions: list[tuple[int, Dimension, str]] = attrs.field(init=False)
    _columns: list[tuple[Metric, str]] = attrs.field(init=False)
    _constants: list[tuple[Metric, int]] = attrs.field(init=False)
    _known: list[int] = attrs.field(init=False)
    _slots: _Memory = attrs.field(init=False)
    _when_read: dict[RawValue, date] = attrs.field(factory=dict, init=False)
    _members: list[_Memory] = attrs.field(init=False)
    _bases: _Memory = attrs.field(init=False)
    _checked: bool = False

    def __attrs_post_init__(self) -> None:
        """Looks up what the map names; the plan's loader has checked the names."""
        ids = [dimension.id for dimension in self.plan.dimensions]
        self._dimensions = [
            (ids.index(name), self.plan.dimensions[ids.index(name)], column)
            for name, column in self.source.dimensions.items()
        ]
        self._columns = [
            (self.plan.metric(name), column) for name, column in self.source.metrics.items()
        ]
        self._constants = [
            (self.plan.metric(name), to_units(amount, self.plan.metric(name).decimals))
            for name, amount in self.source.values.items()
        ]
        self._known = [ANY] * len(ids)
        for name, member in self.source.members.items():
            self._known[ids.index(name)] = self.plan.dimensions[ids.index(name)].code(member)
        self._slots = _Memory(self._atom)
        self._members = [
            _Memory(partial(_known_member, dimension)) for _, dimension, _ in self._dimensions
        ]
        self._bases = _Memory(self._base)
        booked = (*self._columns, *self._constants)
        self.control = {metric.id: 0 for metric, _ in booked if metric.is_additive}

    @property
    def counts(self) -> RowCounts:
        """The rows so far, by outcome."""
        return RowCounts(**self._counts)

    @property
    def coverage(self) -> list[tuple[date, date]]:
        """The first and last day that the source speaks of; empty where it has no rows."""
        if self.source.coverage is not None:
            return [self.source.coverage]
        return [(self.days[0], self.days[1])] if self.days else []

    def take(self, page: Page) -> None:
        """Books the rows of a page.

        Raises:
            SourceRefused: The header lacks a column, or has it twice.
        """
        self._check_header(page)
        self.problems += page.warnings
        rows, when = page.rows, self.source.time_column
        if not all(row.values.get(when) for row in rows):
            rows = tuple(row for row in rows if _has_content(row))
        self._count("read", len(page.rows))
        self._count("ignored", len(page.rows) - len(rows))
        try:
            with localcontext(_EXACT):
                self._take_together([row.values for row in rows], len(set(page.columns)))
        except (CellRefused, KeyError, TypeError, ValueError, ArithmeticError):
            for row in rows:
                self._take_alone(row, set(page.columns))

    def _check_header(self, page: Page) -> None:
        if not self._checked:
            where = page.rows[0].where if page.rows else Place(self.source.name)
            header = attrs.evolve(where, row=None)
            problems = list(missing_columns(self.source.used, page.columns, header))
            if problems:
                raise SourceRefused(problems)
            self._checked = True

    # A page together.

    def _take_together(self, rows: Sequence[Mapping[str, RawValue]], width: int) -> None:
        """Books rows without a fault; raises, and books nothing, where any has one."""
        if set(map(len, rows)) - {width}:
            raise CellRefused("row-width")
        size, cells = len(rows), self.cells
        names = [map(itemgetter(column), rows) for _, _, column in self._dimensions]
        none: Iterable[tuple[RawValue, ...]] = repeat((), size)
        combos = zip(*names, strict=True) if names else none
        bases = map(getitem, repeat(self._bases), combos)
        times = list(map(itemgetter(self.source.time_column), rows))
        slots = list(map(getitem, repeat(self._slots), times))
        places = list(map(add, bases, slots))
        booked = [
            (metric, self._units(list(map(itemgetter(column), rows)), metric))
            for metric, column in self._columns
        ]
        booked += [(metric, [units] * size) for metric, units in self._constants]
        for metric, units in booked:
            if metric.is_additive:
                sums = cells.sums[metric.id]
                for place, unit in zip(places, units, strict=True):
                    sums[place] += unit
                self.control[metric.id] += sum(units)
            else:
                facts = zip(places, slots, times, units, strict=True)
                for place, slot, time, unit in facts:
                    cells.book(place - slot, slot, metric, unit, self._when_read[time])
        outside = slots.count(cells.outside)
        self._count("outside_period", outside)
        self._count("accepted", size - outside)

    def _units(self, column: Sequence[Any], metric: Metric) -> list[Any]:
        """One column as units or keys; raises where a cell is blank or faulty."""
        scale = self.source.factor * 10**metric.decimals
        plain = scale.denominator == 1 and metric.aggregation is not Aggregation.DISTINCT
        if plain and set(map(type, column)) <= {int, Decimal}:
            # An exact sum has as many decimals as the term with the most, so one look at the
            # sum tells whether every amount of the column comes to whole units.
            decimals = _decimals(sum(column, Decimal(0)))
            limit = AMOUNT_LIMIT / self.source.factor
            if decimals <= metric.decimals and -limit < min(column) and max(column) < limit:
                return list(map(int, map(mul, column, repeat(int(scale)))))
        found = [self._one(raw, metric) for raw in column]
        if None in found:
            raise CellRefused("blank-required")
        return found

    def _one(self, raw: RawValue, metric: Metric) -> int | str | None:
        """One cell as units, or as the key of a counted metric; None where it is blank."""
        if metric.aggregation is Aggregation.DISTINCT:
            return _key(raw)
        factor, rounds = self.source.factor, self.source.round_excess
        return read_amount(raw, metric, factor, round_excess=rounds)

    # One row alone.

    def _take_alone(self, row: RawRow, columns: set[str]) -> None:
        faults: list[Problem] = []
        if row.values.keys() != columns:
            found, expected = len(row.values), len(columns)
            faults.append(problem("row-width", row.where, found=found, expected=expected))
        codes = list(self._known)
        for position, dimension, column in self._dimensions:
            codes[position] = self._member(row, dimension, column, faults)
        slot, on = self._when(row, faults)
        amounts = self._amounts(row, faults)
        if not amounts and not faults:
            column = self._columns[0][1] if self._columns else self.source.time_column
            faults.append(problem("blank-required", row.where, column=column))
        base = self.cells.base(tuple(self._known) if faults else tuple(codes))
        for metric, units in amounts:
            where: Slot = self.cells.rejected if faults else slot
            self.cells.book(base, where, metric, units, on)
            if metric.is_additive:
                self.control[metric.id] += units
        self.problems += faults
        outside = slot == self.cells.outside
        self._count("rejected" if faults else "outside_period" if outside else "accepted", 1)

    def _member(
        self, row: RawRow, dimension: Dimension, column: str, faults: list[Problem]
    ) -> int:
        raw = row.values.get(column)
        code = _find_member(dimension, raw)
        if code is None:
            faults.append(dimension.unknown(str(raw), row.where, column))
        return ANY if code is None else code

    def _when(self, row: RawRow, faults: list[Problem]) -> tuple[Slot, date]:
        column = self.source.time_column
        raw = row.values.get(column)
        try:
            slot, on = self._slot(raw)
        except CellRefused as refused:
            faults.append(_fault(refused, row, column, raw))
            return self.cells.rejected, date.min
        return slot, on

    def _amounts(self, row: RawRow, faults: list[Problem]) -> list[tuple[Metric, Any]]:
        found: list[tuple[Metric, Any]] = []
        for metric, column in self._columns:
            raw = row.values.get(column)
            try:
                units = self._one(raw, metric)
            except CellRefused as refused:
                faults.append(_fault(refused, row, column, raw))
            else:
                found += [] if units is None else [(metric, units)]
        return found + (self._constants if found or not self._columns else [])

    # What raw values mean.

    def _base(self, raws: tuple[RawValue, ...]) -> int:
        """Where the cells of a combination of names begin; raises where one is unknown."""
        codes = list(self._known)
        for (position, _, _), found, raw in zip(
            self._dimensions, self._members, raws, strict=True
        ):
            codes[position] = found[raw]
        return self.cells.base(tuple(codes))

    def _atom(self, raw: RawValue) -> int:
        """The slot of a text; raises where the fact spans several atoms."""
        slot, self._when_read[raw] = self._slot(raw)
        if isinstance(slot, Period):
            raise CellRefused("no-such-date")
        return slot

    def _slot(self, raw: RawValue) -> tuple[Slot, date]:
        source = self.source
        when: date | Period | None
        if source.on:
            when = read_day(raw, source.date_format)
        else:
            form, level = source.period_format, source.period_level
            when = read_period(raw, self.plan.calendar, form, level)
        if when is None:
            raise CellRefused("blank-required")
        last = when.last if isinstance(when, Period) else when
        first = when.start if isinstance(when, Period) else when
        known = self.days or [first, last]
        self.days = [min(known[0], first), max(known[1], last)]
        return self.cells.slot(when), last

    def _count(self, outcome: str, rows: int) -> None:
        self._counts[outcome] = self._counts.get(outcome, 0) + rows


def _decimals(exact: Decimal) -> int:
    """How many decimals a number is written with; 99 where it is not finite."""
    exponent = exact.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 99


def _is_filled(raw: RawValue) -> bool:
    return raw is not None and (not isinstance(raw, str) or bool(raw.strip()))


def _has_content(row: RawRow) -> bool:
    return any(map(_is_filled, row.values.values()))


def _key(raw: RawValue) -> str | None:
    """The key of a counted thing, as text, so that 17 and "17" are one."""
    text = "" if raw is None else str(raw).strip()
    return text or None


def _find_member(dimension: Dimension, raw: RawValue) -> int | None:
    """The code of a raw name; `ANY` for a blank cell, None for an unknown name."""
    return dimension.find(str(raw)) if _is_filled(raw) else ANY


def _known_member(dimension: Dimension, raw: RawValue) -> int:
    code = _find_member(dimension, raw)
    if code is None:
        raise CellRefused("unknown-member")
    return code


def _fault(refused: CellRefused, row: RawRow, column: str, raw: RawValue) -> Problem:
    value = raw if _is_filled(raw) else None
    return problem(refused.code, row.where, column=column, value=value, **refused.facts)
