"""Reading rows: what one raw row says - who, when, how much - and every fault of it.

Nothing here knows where facts are kept: booking puts what is read into cells, others may keep
it elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from salesgoal.domain.credit import NOBODY, ONE, CreditGroup, combine_credits, credit_members
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_units
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, Severity, problem
from salesgoal.domain.scope import ANY, Codes
from salesgoal.errors import NumberRefused, SourceRefused
from salesgoal.intake.amount_column import AmountColumn
from salesgoal.intake.cell_text import is_blank, is_filled
from salesgoal.intake.parse import (
    CellRefused,
    read_day,
    read_name,
    read_period,
)
from salesgoal.intake.readable import readable, whole
from salesgoal.intake.share_text import read_shares
from salesgoal.intake.source_map import SourceMap, missing_columns
from salesgoal.ports.importer import RawRow, RawValue

__all__ = ["ReadRow", "RowReader", "find_member", "is_row"]


Share = tuple[int, Fraction | None]
"""A member code and the share that is credited to it; None where none is said."""


@attrs.frozen(kw_only=True)
class ReadRow:
    """What one row says.

    Attributes:
        codes: Member code of each dimension of the plan, of the seat on its day; `ANY` where
            the row names none, or several.
        credits: To whom it counts; the one plain credit of most rows is of ``codes``.
        on: The day or period; None where it cannot be read.
        amounts: Metric and units, or the key of a `DISTINCT` metric.
        problems: Its faults; a row with an error does not count.
        named: For each dimension of the plan, the codes that the row names and their shares,
            wherever the members sat on its day.
    """

    codes: Codes
    credits: tuple[CreditGroup, ...]
    on: date | Period | None
    amounts: tuple[tuple[Metric, int | str], ...]
    problems: tuple[Problem, ...]
    named: tuple[Sequence[Share], ...] = ()

    @property
    def is_faulty(self) -> bool:
        """Whether the row must be rejected."""
        return any(each.severity is Severity.ERROR for each in self.problems)


@attrs.define
class RowReader:
    """Reads the rows of one source, one by one.

    Attributes:
        plan: Whose names and metrics.
        source: Which column is what.
        header: The columns of the source's pages.
        time: The position of the column that says when.
        dimensions: Position of each dimension that the source names, it, and its column's.
        columns: The columns of amounts.
        constants: What every row stands for.
        known: The member codes of a source that speaks of one member only.
        moving: Whether somebody moves in a dimension that the source names.
        known_overlay: Whether a member that it speaks of is an overlay.
    """

    plan: Plan
    source: SourceMap
    header: Sequence[str]
    time: int = attrs.field(init=False)
    dimensions: list[tuple[int, Dimension, int]] = attrs.field(init=False)
    columns: list[AmountColumn] = attrs.field(init=False)
    constants: list[tuple[Metric, int]] = attrs.field(init=False)
    known: Codes = attrs.field(init=False)
    moving: bool = attrs.field(init=False)
    known_overlay: bool = attrs.field(init=False)
    _beside: bool = attrs.field(init=False)

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
        self.time = header.index(source.time_column)
        self.dimensions = [
            (ids.index(name), plan.dimensions[ids.index(name)], header.index(column))
            for name, column in source.dimensions.items()
        ]
        self.columns = [
            AmountColumn(
                plan.metric(name),
                header.index(column),
                source.factors.get(name, source.factor),
                source.round_excess,
            )
            for name, column in source.metrics.items()
        ]
        self.constants = [
            (plan.metric(name), to_units(amount, plan.metric(name).decimals))
            for name, amount in source.values.items()
        ]
        known = [ANY] * len(ids)
        for name, member in source.members.items():
            known[ids.index(name)] = plan.dimensions[ids.index(name)].code(member)
        self.known = tuple(known)
        named = [plan.dimensions[ids.index(name)] for name in source.members]
        named += [dimension for _, dimension, _ in self.dimensions]
        self.moving = any(dimension.seats.timetable for dimension in named)
        pairs = zip(known, plan.dimensions, strict=True)
        self.known_overlay = any(code in dimension.overlays for code, dimension in pairs)
        self._beside = self.moving or any(dimension.overlays for dimension in named)

    def read(self, row: RawRow) -> ReadRow:
        """Returns what the row says, faults included; never raises for people's data."""
        faults: list[Problem] = []
        found, expected = len(row.values), len(self.header)
        if found != expected:
            faults.append(problem("row-width", row.where, found=found, expected=expected))
        values = (*row.values, *[None] * (expected - found))
        untimely: list[Problem] = []
        on = self._when(row, values[self.time], untimely)
        named, columns = self._named_by(row, values, faults)
        codes, groups = self._credits(row, named, columns, on, faults)
        faults += untimely
        amounts = self._amounts(row, values, faults)
        if not amounts and not any(each.severity is Severity.ERROR for each in faults):
            at = self.columns[0].at if self.columns else self.time
            faults.append(problem("blank-required", row.where, column=self.header[at]))
        return ReadRow(
            codes=codes,
            credits=groups,
            on=on,
            amounts=tuple(amounts),
            problems=tuple(faults),
            named=tuple(named),
        )

    def when(self, raw: RawValue) -> date | Period:
        """Returns the day or period of a raw value.

        Raises:
            CellRefused: It is blank, or names none.
        """
        readable(raw)
        source = self.source
        found: date | Period | None
        if source.on:
            found = read_day(raw, source.date_format, source.zone)
        else:
            form, level = source.period_format, source.period_level
            found = read_period(raw, self.plan.calendar, form, level)
        if found is None:
            raise CellRefused("blank-required")
        return found

    def _named_by(
        self, row: RawRow, values: Sequence[RawValue], faults: list[Problem]
    ) -> tuple[list[Sequence[Share]], dict[int, str]]:
        """Whom the row names, and in which column; a name that is not there is a fault."""
        named: list[Sequence[Share]] = [[(code, None)] for code in self.known]
        columns: dict[int, str] = {}
        for position, dimension, at in self.dimensions:
            columns[position] = self.header[at]
            named[position] = self._named(row, dimension, at, values[at], faults)
        return named, columns

    def _credits(
        self,
        row: RawRow,
        named: Sequence[Sequence[Share]],
        columns: Mapping[int, str],
        on: date | Period | None,
        faults: list[Problem],
    ) -> tuple[Codes, tuple[CreditGroup, ...]]:
        """To whom the row counts, at the seats of its day."""
        if not self._beside and all(len(each) == 1 for each in named):
            codes = tuple(each[0][0] for each in named)
            return codes, (CreditGroup(((codes, ONE),), overlay=False),)
        credited = []
        pairs = zip(self.plan.dimensions, named, strict=True)
        for position, (dimension, shares) in enumerate(pairs):
            column = columns.get(position)
            said: list[tuple[str, dict[str, object]]] = []
            one = NOBODY
            try:
                one = credit_members(dimension, [] if shares[0][0] == ANY else shares, on)
                said = [(code, {"value": name, "on": _said(on)}) for code, name in one.said]
            except NumberRefused as refused:
                said = [(refused.code, {"value": refused.value})]
            faults += [problem(code, row.where, column=column, **facts) for code, facts in said]
            credited.append(one)
        codes = tuple(each.plain[0][0] if len(each.plain) == 1 else ANY for each in credited)
        return codes, combine_credits(credited)

    def _named(
        self,
        row: RawRow,
        dimension: Dimension,
        at: int,
        raw: RawValue,
        faults: list[Problem],
    ) -> Sequence[Share]:
        """The members of a cell and their shares; one that is open where it is blank."""
        try:
            code = find_member(dimension, raw)
        except CellRefused as refused:
            faults.append(_fault(refused, row, self.header[at], raw))
            return [(ANY, None)]
        if code is not None:
            return [(code, None)]
        shared = dimension.id in self.source.split
        pairs = (read_shares(str(raw)) if shared else []) or [(str(raw), None)]
        found: list[Share] = []
        for name, share in pairs:
            code = dimension.find(name)
            if code is None:
                faults.append(dimension.unknown(name, row.where, self.header[at]))
            else:
                found.append((code, share))
        return found if len(found) == len(pairs) else [(ANY, None)]

    def _when(self, row: RawRow, raw: RawValue, faults: list[Problem]) -> date | Period | None:
        try:
            return self.when(raw)
        except CellRefused as refused:
            faults.append(_fault(refused, row, self.header[self.time], raw))
            return None

    def lacks_amount(self, read: ReadRow) -> bool:
        """Whether a faulty row has an amount that could not be read, or none at all."""
        names = {self.header[each.at] for each in self.columns}
        faults = {each.column for each in read.problems if each.severity is Severity.ERROR}
        return not read.amounts or not names.isdisjoint(faults)

    def _amounts(
        self, row: RawRow, values: Sequence[RawValue], faults: list[Problem]
    ) -> list[tuple[Metric, int | str]]:
        found: list[tuple[Metric, int | str]] = []
        for column in self.columns:
            raw = values[column.at]
            try:
                units = column.units(raw)
            except CellRefused as refused:
                faults.append(_fault(refused, row, self.header[column.at], raw))
            else:
                found += [] if units is None else [(column.metric, units)]
        return [*found, *self.constants] if found or not self.columns else []


def _said(on: date | Period | None) -> str:
    return on.label if isinstance(on, Period) else str(on)


def is_row(row: RawRow) -> bool:
    """Whether any cell of a row is filled."""
    return not is_blank(row.values)


def find_member(dimension: Dimension, raw: RawValue) -> int | None:
    """Returns the code of a raw name; `ANY` for a blank cell, None for an unknown name.

    Equal numbers are one name, as they are one key in a memory.

    Raises:
        CellRefused: It holds what no name may hold.
    """
    raw = int(raw) if isinstance(raw, bool) else whole(readable(raw))
    text = read_name(str(raw)) if is_filled(raw) else None
    return ANY if text is None else dimension.find(text)


def _fault(refused: CellRefused, row: RawRow, column: str, raw: RawValue) -> Problem:
    value = raw if is_filled(raw) else None
    return problem(refused.code, row.where, column=column, value=value, **refused.facts)
