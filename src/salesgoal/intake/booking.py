"""Booking: pages of raw rows into cells, each row with exactly one outcome.

Whole pages go column by column: every distinct combination of raw names and every distinct raw
day is resolved once and remembered, and from then on a row costs a few look-ups and one
addition. Where anything on a page is odd, the page goes row by row; a faulty row becomes
problems and its amounts go to the rejected cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from functools import partial
from itertools import repeat
from operator import add, getitem, itemgetter
from typing import Any

import attrs

from salesgoal.domain.cells import Cells, Slot
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_units
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.reconciliation import RowCounts
from salesgoal.domain.scope import ANY
from salesgoal.errors import SourceRefused
from salesgoal.intake.amount_column import EXACT, AmountColumn
from salesgoal.intake.parse import CellRefused, read_day, read_period
from salesgoal.intake.readable import readable
from salesgoal.intake.source_map import SourceMap, missing_columns
from salesgoal.ports.importer import Page, RawRow, RawValue

__all__ = ["Booking"]


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
        header: The columns of the source's pages.
        problems: Every fault found.
        control: `SUM` metric -> units read, added up apart from the cells.
        days: The first and last day read, or empty.
    """

    plan: Plan
    cells: Cells
    source: SourceMap
    header: Sequence[str]
    problems: list[Problem] = attrs.field(factory=list, init=False)
    control: dict[str, int] = attrs.field(init=False)
    days: list[date] = attrs.field(factory=list, init=False)
    _counts: dict[str, int] = attrs.field(factory=dict, init=False)
    _time: int = attrs.field(init=False)
    _dimensions: list[tuple[int, Dimension, int]] = attrs.field(init=False)
    _columns: list[AmountColumn] = attrs.field(init=False)
    _constants: list[tuple[Metric, int]] = attrs.field(init=False)
    _known: list[int] = attrs.field(init=False)
    _slots: _Memory = attrs.field(init=False)
    _days: dict[RawValue, date] = attrs.field(factory=dict, init=False)
    _members: list[_Memory] = attrs.field(init=False)
    _positions: list[int] = attrs.field(init=False)
    _in_order: bool = attrs.field(init=False)
    _bases: _Memory = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Looks up what the map names; the plan's loader has checked the plan's own names.

        Raises:
            SourceRefused: The header lacks a column, or has it twice.
        """
        plan, source, header = self.plan, self.source, list(self.header)
        faults = list(missing_columns(source.used, header, Place(source.name)))
        if faults:
            raise SourceRefused(faults)
        ids = [dimension.id for dimension in plan.dimensions]
        self._time = header.index(source.time_column)
        self._dimensions = [
            (ids.index(name), plan.dimensions[ids.index(name)], header.index(column))
            for name, column in source.dimensions.items()
        ]
        self._columns = [
            AmountColumn(
                plan.metric(name), header.index(column), source.factor, source.round_excess
            )
            for name, column in source.metrics.items()
        ]
        self._constants = [
            (plan.metric(name), to_units(amount, plan.metric(name).decimals))
            for name, amount in source.values.items()
        ]
        self._known = [ANY] * len(ids)
        for name, member in source.members.items():
            self._known[ids.index(name)] = plan.dimensions[ids.index(name)].code(member)
        self._slots = _Memory(self._atom)
        self._members = [
            _Memory(partial(_known_member, dimension)) for _, dimension, _ in self._dimensions
        ]
        self._positions = [position for position, _, _ in self._dimensions]
        self._in_order = self._positions == list(range(len(ids)))
        self._bases = _Memory(self._base)
        metrics = [*(column.metric for column in self._columns)]
        metrics += [metric for metric, _ in self._constants]
        self.control = {metric.id: 0 for metric in metrics if metric.is_additive}

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
        """Books the rows of a page."""
        self.problems += page.warnings
        rows = page.rows
        values = [row.values for row in rows]
        if not all(values) or not all(map(itemgetter(0), values)):
            rows = tuple(row for row in rows if _is_row(row))
            values = [row.values for row in rows]
        try:
            with localcontext(EXACT):
                self._take_together(values)
        except (CellRefused, TypeError, ValueError, ArithmeticError):
            rows = tuple(row for row in rows if _is_row(row))
            for row in rows:
                self._take_alone(row)
        self._count("read", len(page.rows))
        self._count("ignored", len(page.rows) - len(rows))

    # A page together.

    def _take_together(self, rows: Sequence[Sequence[RawValue]]) -> None:
        """Books rows without a fault; raises, and books nothing, where any has one."""
        if set(map(len, rows)) - {len(self.header)}:
            raise CellRefused("row-width")
        combos = self._combos(rows)
        times = list(map(itemgetter(self._time), rows))
        slots = list(map(getitem, repeat(self._slots), times))
        places = list(map(add, map(getitem, repeat(self._bases), combos), slots))
        columns = [
            (column.metric, column.all_units(list(map(itemgetter(column.at), rows))))
            for column in self._columns
        ]
        columns += [(metric, [units] * len(rows)) for metric, units in self._constants]
        for metric, units in columns:
            if metric.is_additive:
                self._add(metric, places, units)
            else:
                facts = zip(places, slots, times, units, strict=True)
                for place, slot, time, unit in facts:
                    self.cells.book(place - slot, slot, metric, unit, self._days[time])
        outside = slots.count(self.cells.outside)
        self._count("outside_period", outside)
        self._count("accepted", len(rows) - outside)

    def _combos(self, rows: Sequence[Sequence[RawValue]]) -> Iterable[tuple[RawValue, ...]]:
        """The raw names of each row, in the order of the source's dimensions."""
        columns = [at for _, _, at in self._dimensions]
        if len(columns) > 1:
            return map(itemgetter(*columns), rows)
        return zip(map(itemgetter(*columns), rows)) if columns else repeat((), len(rows))

    def _add(self, metric: Metric, places: Sequence[int], units: Sequence[int]) -> None:
        cells = self.cells.units(metric.id)
        for place, unit in zip(places, units, strict=True):
            cells[place] += unit
        self.control[metric.id] += sum(units)

    # One row alone.

    def _take_alone(self, row: RawRow) -> None:
        faults: list[Problem] = []
        found, expected = len(row.values), len(self.header)
        if found != expected:
            faults.append(problem("row-width", row.where, found=found, expected=expected))
        values = (*row.values, *[None] * (expected - found))
        codes = list(self._known)
        for position, dimension, at in self._dimensions:
            codes[position] = self._member(row, dimension, values[at], self.header[at], faults)
        slot, on = self._when(row, values[self._time], faults)
        amounts = self._amounts(row, values, faults)
        if not amounts and not faults:
            at = self._columns[0].at if self._columns else self._time
            faults.append(problem("blank-required", row.where, column=self.header[at]))
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
        self,
        row: RawRow,
        dimension: Dimension,
        raw: RawValue,
        column: str,
        faults: list[Problem],
    ) -> int:
        try:
            code = _find_member(dimension, raw)
        except CellRefused as refused:
            faults.append(_fault(refused, row, column, raw))
            return ANY
        if code is None:
            faults.append(dimension.unknown(str(raw), row.where, column))
        return ANY if code is None else code

    def _when(self, row: RawRow, raw: RawValue, faults: list[Problem]) -> tuple[Slot, date]:
        try:
            return self._slot(raw)
        except CellRefused as refused:
            faults.append(_fault(refused, row, self.header[self._time], raw))
            return self.cells.rejected, date.min

    def _amounts(
        self, row: RawRow, values: Sequence[RawValue], faults: list[Problem]
    ) -> list[tuple[Metric, Any]]:
        found: list[tuple[Metric, Any]] = []
        for column in self._columns:
            raw = values[column.at]
            try:
                units = column.units(raw)
            except CellRefused as refused:
                faults.append(_fault(refused, row, self.header[column.at], raw))
            else:
                found += [] if units is None else [(column.metric, units)]
        return found + (self._constants if found or not self._columns else [])

    # What raw values mean.

    def _base(self, raws: tuple[RawValue, ...]) -> int:
        """Where the cells of a combination of names begin; raises where one is unknown."""
        found = map(getitem, self._members, raws)
        if self._in_order:
            return self.cells.base(tuple(found))
        codes = list(self._known)
        for position, code in zip(self._positions, found, strict=True):
            codes[position] = code
        return self.cells.base(tuple(codes))

    def _atom(self, raw: RawValue) -> int:
        """The slot of a day; raises where the fact spans several atoms."""
        slot, self._days[raw] = self._slot(raw)
        if isinstance(slot, Period):
            raise CellRefused("no-such-date")
        return slot

    def _slot(self, raw: RawValue) -> tuple[Slot, date]:
        readable(raw)
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


def _is_filled(raw: RawValue) -> bool:
    return raw is not None and (not isinstance(raw, str) or bool(raw.strip()))


def _is_row(row: RawRow) -> bool:
    return any(map(_is_filled, row.values))


def _find_member(dimension: Dimension, raw: RawValue) -> int | None:
    """The code of a raw name; `ANY` for a blank cell, None for an unknown name.

    Equal numbers are one name, as they are one key in a memory.
    """
    readable(raw)
    if isinstance(raw, Decimal | bool) and raw == int(raw):
        raw = int(raw)
    return dimension.find(str(raw)) if _is_filled(raw) else ANY


def _known_member(dimension: Dimension, raw: RawValue) -> int:
    code = _find_member(dimension, raw)
    if code is None:
        raise CellRefused("unknown-member")
    return code


def _fault(refused: CellRefused, row: RawRow, column: str, raw: RawValue) -> Problem:
    value = raw if _is_filled(raw) else None
    return problem(refused.code, row.where, column=column, value=value, **refused.facts)
