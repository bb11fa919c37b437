"""Booking: pages of raw rows into cells, each row with exactly one outcome.

Whole pages go column by column: every distinct combination of raw names and every distinct raw
day is resolved once and remembered, and from then on a row costs a few look-ups and one
addition. Where anything on a page is odd, the page goes row by row; a faulty row becomes
problems and its amounts go to the rejected cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import localcontext
from functools import partial
from itertools import filterfalse, repeat
from operator import add, getitem, itemgetter
from typing import Any

import attrs

from salesgoal.domain.cells import Cells, Slot
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Problem
from salesgoal.domain.reconciliation import RowCounts
from salesgoal.domain.scope import ANY, Codes
from salesgoal.intake.amount_column import EXACT
from salesgoal.intake.cell_text import is_blank
from salesgoal.intake.parse import CellRefused
from salesgoal.intake.row_reader import RowReader, find_member
from salesgoal.intake.source_map import SourceMap
from salesgoal.ports.importer import Page, RawRow, RawValue

__all__ = ["ODD", "Booking"]

ODD = (CellRefused, TypeError, ValueError, ArithmeticError)
"""What a cell raises that only its own row can explain."""


class _Memory(dict[Any, Any]):
    """Raw values -> what they were resolved to; resolves what it has not met."""

    def __init__(self, resolve: Callable[[Any], Any]) -> None:
        super().__init__()
        self._resolve = resolve

    def __missing__(self, raw: Any) -> Any:  # noqa: ANN401 - any raw value; a memory or a number
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
        cut: Period that is not over at the day of the report -> rows that give its total; they
            lie outside.
        rejected: The faulty rows as they came, with their problems.
        reader: Reads rows one by one.
    """

    plan: Plan
    cells: Cells
    source: SourceMap
    header: Sequence[str]
    problems: list[Problem] = attrs.field(factory=list, init=False)
    control: dict[str, int] = attrs.field(init=False)
    days: list[date] = attrs.field(factory=list, init=False)
    cut: Counter[Period] = attrs.field(factory=Counter, init=False)
    rejected: list[tuple[RawRow, tuple[Problem, ...]]] = attrs.field(factory=list, init=False)
    reader: RowReader = attrs.field(init=False)
    _counts: dict[str, int] = attrs.field(factory=dict, init=False)
    _slots: _Memory = attrs.field(init=False)
    _days: dict[RawValue, date] = attrs.field(factory=dict, init=False)
    _times: dict[RawValue, date | Period] = attrs.field(factory=dict, init=False)
    _members: list[_Memory] = attrs.field(init=False)
    _positions: list[int] = attrs.field(init=False)
    _in_order: bool = attrs.field(init=False)
    _keys: list[int] = attrs.field(init=False)
    _bases: _Memory = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Prepares the memories of what raw values mean.

        Raises:
            SourceRefused: The header lacks a column, or has it twice.
        """
        reader = self.reader = RowReader(self.plan, self.source, self.header)
        self._slots = _Memory(self._atom)
        self._members = [
            _Memory(partial(_known_member, dimension)) for _, dimension, _ in reader.dimensions
        ]
        self._positions = [position for position, _, _ in reader.dimensions]
        self._in_order = self._positions == list(range(len(self.plan.dimensions)))
        self._keys = [at for _, _, at in reader.dimensions]
        if reader.moving:
            self._keys.append(reader.time)
        self._bases = self._remember(())
        metrics = [*(column.metric for column in reader.columns)]
        metrics += [metric for metric, _ in reader.constants]
        self.control = {metric.id: 0 for metric in metrics if metric.is_additive}

    @property
    def counts(self) -> RowCounts:
        """The rows so far, by outcome.

        Raises:
            NotConserved: A row has no outcome, or several; a bug of ours.
        """
        blank = self._counts.get("ignored", 0)
        return RowCounts(**self._counts, rules={"blank": blank} if blank else {})

    @property
    def coverage(self) -> list[tuple[date, date]]:
        """The first and last day that the source speaks of; empty where it has no rows."""
        if self.source.coverage is not None:
            return [self.source.coverage]
        return [(self.days[0], self.days[1])] if self.days else []

    def take(self, page: Page) -> None:
        """Books the rows of a page."""
        self.problems += page.warnings
        values = page.values
        if not all(values) or not all(map(itemgetter(0), values)):
            values = list(filterfalse(is_blank, values))
        try:
            with localcontext(EXACT):
                self._take_together(values)
        except ODD:
            values = list(filterfalse(is_blank, values))
            for row in page.rows:
                if not is_blank(row.values):
                    self._take_alone(row)
        self.count("read", len(page.rows))
        self.count("ignored", len(page.rows) - len(values))

    def count(self, outcome: str, rows: int) -> None:
        """Counts rows of an outcome."""
        self._counts[outcome] = self._counts.get(outcome, 0) + rows

    def count_cut(self, times: Iterable[RawValue]) -> None:
        """Counts rows, by their raw days and periods, that give a total that is not over."""
        cut = self.cells.timeline.cut
        known = {raw: each for raw, when in self._times.items() for each in cut(when)}
        if known and not self.source.totals_to_date:
            self.cut.update(known[raw] for raw in times if raw in known)

    # What raw values mean; all raise, of what only their row can explain, one of `ODD`.

    def slot_of(self, raw: RawValue) -> int:
        """Returns the slot of a raw day or period."""
        return int(self._slots[raw])

    def day_of(self, raw: RawValue) -> date:
        """Returns the day, the last one of a period, of a raw value that has a slot."""
        return self._days[raw]

    def code_of(self, number: int, raw: RawValue) -> int:
        """Returns the member code of a raw name in a dimension of the reader."""
        return int(self._members[number][raw])

    def base_of(self, names: tuple[RawValue, ...], time: RawValue) -> int:
        """Returns where the cells of raw names begin, on a day where somebody moves."""
        if not self._keys:
            return self._base(())
        found: Any = self._bases
        for raw in (*names, time) if self.reader.moving else names:
            found = found[raw]
        return int(found)

    # A page together.

    def _take_together(self, rows: Sequence[Sequence[RawValue]]) -> None:
        """Books rows without a fault; raises, and books nothing, where any has one."""
        given = list(zip(*rows, strict=True))
        if not given:
            return
        if len(given) != len(self.header):
            raise CellRefused("row-width")
        if self.reader.known_overlay:
            raise CellRefused("overlay")
        times = given[self.reader.time]
        slots = list(map(self._slots.__getitem__, times))
        found: Iterable[Any] = repeat(self._bases if self._keys else self._base(()))
        for at in self._keys:
            found = map(getitem, found, given[at])
        places = list(map(add, found, slots))
        columns = [
            (column.metric, column.all_units(given[column.at]))
            for column in self.reader.columns
        ]
        columns += [(metric, [units] * len(rows)) for metric, units in self.reader.constants]
        for metric, units in columns:
            if metric.is_additive:
                self._add(metric, places, units)
            else:
                facts = zip(places, slots, times, units, strict=True)
                for place, slot, time, unit in facts:
                    self.cells.book(place - slot, slot, metric, unit, self._days[time])
        outside = slots.count(self.cells.outside)
        if outside:
            self.count_cut(times)
        self.count("outside_period", outside)
        self.count("accepted", len(rows) - outside)

    def _add(self, metric: Metric, places: Sequence[int], units: Sequence[int]) -> None:
        cells = self.cells.units(metric.id)
        for place, unit in zip(places, units, strict=True):
            cells[place] += unit
        self.control[metric.id] += sum(units)

    # One row alone.

    def _take_alone(self, row: RawRow) -> None:
        read = self.reader.read(row)
        slot, on = (self.cells.rejected, date.min) if read.on is None else self._slot(read.on)
        rejected = self.cells.base(self.reader.known)
        for metric, units in read.amounts:
            if read.is_faulty:
                self.cells.book(rejected, self.cells.rejected, metric, units, on)
            else:
                self.cells.credit(read.credits, slot, metric, units, on)
            if metric.is_additive and isinstance(units, int):
                self.control[metric.id] += units
        self.problems += read.problems
        if read.is_faulty:
            self.rejected.append((row, read.problems))
            self.count("without_amount", self.reader.lacks_amount(read))
        elif not self.source.totals_to_date:
            self.cut.update(self.cells.timeline.cut(read.on))
        outside = slot == self.cells.outside
        self.count(
            "rejected" if read.is_faulty else "outside_period" if outside else "accepted", 1
        )

    # What raw values mean.

    def _remember(self, codes: Codes) -> _Memory:
        """What the names of the next column mean, after those that these codes are of.

        Memories stand inside one another, one a column, so that no key is put together to look
        a row up; who moves has one more, of days.
        """
        depth, base = len(codes), self._base
        if depth == len(self._members):
            return _Memory(lambda raw: self._base_on(codes, raw))
        names = self._members[depth]
        if depth + 1 == len(self._keys):
            return _Memory(lambda raw: base((*codes, names[raw])))
        return _Memory(lambda raw: self._remember((*codes, names[raw])))

    def _base(self, found: Codes) -> int:
        """Where the cells of a combination begin, given in the order of the columns."""
        return self.cells.base(found if self._in_order else self._ordered(found))

    def _ordered(self, found: Codes) -> Codes:
        codes = list(self.reader.known)
        for position, code in zip(self._positions, found, strict=True):
            codes[position] = code
        return tuple(codes)

    def _base_on(self, found: Codes, time: RawValue) -> int:
        """As `_base`, of members on a day; raises where one has no seat on it."""
        on = self._times[time]
        if isinstance(on, Period):
            raise CellRefused("moved-within-period")
        codes = list(self._ordered(found))
        for position, (dimension, code) in enumerate(
            zip(self.plan.dimensions, codes, strict=True)
        ):
            seat = ANY if code == ANY else dimension.seats.on(code, on)
            if seat is None:
                raise CellRefused("no-seat-then")
            codes[position] = seat
        return self.cells.base(tuple(codes))

    def _atom(self, raw: RawValue) -> int:
        """The slot of a day; raises where the fact spans several atoms."""
        when = self._times[raw] = self.reader.when(raw)
        slot, self._days[raw] = self._slot(when)
        if isinstance(slot, Period):
            raise CellRefused("no-such-date")
        return slot

    def _slot(self, when: date | Period) -> tuple[Slot, date]:
        timeline = self.cells.timeline
        if self.source.totals_to_date:
            when = timeline.until(when)
        said = timeline.said_days(when)
        if said is not None:
            known = self.days or said
            self.days = [min(known[0], said[0]), max(known[1], said[1])]
        return self.cells.slot(when), when.last if isinstance(when, Period) else when


def _known_member(dimension: Dimension, raw: RawValue) -> int:
    code = find_member(dimension, raw)
    if code is None or code in dimension.overlays:
        raise CellRefused("unknown-member")
    return code
