"""Booking: the rows or groups of a frame into cells, each row with exactly one outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import narwhals.stable.v2 as nw
import numpy as np

from salesgoal.domain.cells import Cells, Slot
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import Plan
from salesgoal.domain.reading import Reading
from salesgoal.domain.reconciliation import RowCounts
from salesgoal.domain.scope import ANY
from salesgoal.errors import UsageError
from salesgoal.frames.amount import (
    INT64,
    Amounts,
    Array,
    largest,
    read_amounts,
    read_numbers,
)
from salesgoal.frames.array_cells import ArrayCells
from salesgoal.frames.column_map import AmountColumn, ColumnMap
from salesgoal.frames.day_slots import EPOCH, DaySlots, read_days
from salesgoal.frames.findings import SAMPLES, Findings
from salesgoal.frames.given import Given, Settled
from salesgoal.frames.grid import Combos, Grid
from salesgoal.frames.name_codes import NameCodes, spell_keys
from salesgoal.frames.readings import Readings
from salesgoal.frames.seating import Seating

__all__ = ["Booking", "exact_sum"]

_DAYS = (date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH)


@attrs.define
class Booking:
    """One frame on its way into cells.

    Attributes:
        plan: Whose names and metrics.
        columns: Which column is what.
        cells: Where the facts go in the end; its timeline has the borders of moves.
        source: What the frame is called.
        findings: What is wrong with the rows.
        days: First and last day read; empty before any.
        control: `SUM` metric -> units read, added up apart from the cells.
    """

    plan: Plan
    columns: ColumnMap
    cells: Cells
    source: str
    findings: Findings = attrs.field(init=False)
    days: list[date] = attrs.field(factory=list, init=False)
    control: dict[str, int] = attrs.field(factory=dict, init=False)
    day_slots: DaySlots = attrs.field(init=False)
    _counts: dict[str, int] = attrs.field(init=False)
    _names: dict[int, NameCodes] = attrs.field(init=False)
    _seating: Seating = attrs.field(init=False)
    _grid: Grid = attrs.field(init=False)
    _readings: dict[str, Readings] = attrs.field(init=False)
    _goals: Array | None = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        """Lays out the grid.

        Raises:
            UsageError: Goals are given by number in a plan with overlay members.
        """
        cells, dimensions = self.cells, self.plan.dimensions
        self.findings = Findings(self.source)
        self.day_slots = DaySlots(cells.timeline, cells.outside)
        self._counts = dict.fromkeys(("read", "accepted", "outside_period", "rejected"), 0)
        self._names = {at: NameCodes(dimensions[at]) for at in self.columns.members}
        self._seating = Seating(dimensions, cells.timeline, cells.stride)
        combos = Combos([len(each.members) for each in dimensions])
        added = [each.metric.id for each in self.columns.amounts if each.metric.is_additive]
        self._grid = Grid(combos, cells.stride, added)
        self._readings = {
            each.metric.id: Readings(each.metric)
            for each in self.columns.amounts
            if not each.metric.is_additive
        }
        self.control = dict.fromkeys(added, 0)
        if self.columns.goal is not None:
            self._goals = self._places_of_goals()

    def _places_of_goals(self) -> Array:
        """The place of each goal of the first breakdown, by its number."""
        if any(each.overlays for each in self.plan.dimensions):
            message = (
                "goals cannot be given by number where members are overlays - name members"
            )
            zh = "有重叠归属成员时不能用目标编号 - 请给出成员列"
            raise UsageError(message, zh)
        scopes = np.array(self.plan.trees[0].scope, np.int64).reshape(-1, self.cells.width)
        codes = dict(enumerate(scopes.T))
        return self._grid.combos.places(codes, len(scopes))

    @property
    def counts(self) -> RowCounts:
        """The rows, by outcome."""
        return RowCounts(**self._counts)  # type: ignore[arg-type]

    @property
    def span(self) -> list[tuple[date, date]]:
        """The first and last day read; empty before any."""
        return [(self.days[0], self.days[1])] if self.days else []

    def take(self, frame: nw.DataFrame[Any]) -> None:
        """Books the rows of a frame in memory.

        Raises:
            SourceRefused: A column is of a type that does not do.
        """
        if not len(frame):
            return
        days, undated = read_days(frame[self.columns.on], self.columns.on, self.source)
        self._note_days(days, undated)
        bad = _Bad(len(frame), self.findings)
        bad.add("rows-no-date", self.columns.on, undated)
        amounts: dict[str, Amounts] = {}
        keys: dict[str, tuple[Array, Sequence[Any]]] = {}
        absent: list[Array | None] = []
        for column in self.columns.amounts:
            if column.is_key:
                keys[column.metric.id] = found = spell_keys(frame[column.name])
                absent.append(found[0] < 0)
                continue
            read = amounts[column.metric.id] = read_amounts(
                frame[column.name], column, self.source
            )
            for code, mask in read.faults.items():
                self._note_amounts(bad, code, column, mask, frame)
            absent.append(read.absent)
        self._note_absent(bad, absent)
        slots = self.day_slots.slots(days)
        given = Given(
            columns=self._with_categories(frame), slots=slots, bad=bad.rows, rows=None
        )
        for settled in self.settle(given):
            self._book(settled, days, amounts, keys)
        for name, read in amounts.items():
            if name in self.control:
                self.control[name] += exact_sum(read.units)

    def _with_categories(self, frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
        """Polars' columns of names as categories; it makes them beside one another."""
        if not frame.implementation.is_polars():
            return frame
        names = dict.fromkeys(self.columns.members.values())
        texts = [each for each in names if frame.schema[each] == nw.String]
        return frame.with_columns(nw.col(each).cast(nw.Categorical) for each in texts)

    def _note_amounts(
        self,
        bad: _Bad,
        code: str,
        column: AmountColumn,
        mask: Array,
        frame: nw.DataFrame[Any],
    ) -> None:
        shown = frame[column.name][np.flatnonzero(mask)[:SAMPLES].tolist()].to_list()
        decimals = column.metric.decimals
        bad.add(code, column.name, mask, samples=shown, decimals=decimals)

    def _note_absent(self, bad: _Bad, absent: Sequence[Array | None]) -> None:
        """Rows without any amount, where nothing else is wrong with them."""
        masks = [each for each in absent if each is not None]
        if len(masks) == len(absent):
            nothing = np.logical_and.reduce(masks)
            if bad.rows is not None:
                nothing &= ~bad.rows
            bad.add("rows-no-amount", self.columns.amounts[0].name, nothing)

    def _note_days(self, days: Array, undated: Array | None) -> None:
        dated = days if undated is None else days[~undated]
        if len(dated):
            # Some engines hold years after 9999 and before 1.
            first, last = np.clip([dated.min(), dated.max()], *_DAYS).tolist()
            self.note_span(date.fromordinal(first + EPOCH), date.fromordinal(last + EPOCH))

    def note_span(self, first: date, last: date) -> None:
        """Widens the first and last day read."""
        known = self.days or [first, last]
        self.days = [min(known[0], first), max(known[1], last)]

    def settle(self, given: Given) -> Iterator[Settled]:
        """Yields rows with their cells: all at their plain seats, then those beside.

        Raises:
            SourceRefused: The column of goals holds no numbers.
        """
        if self._goals is not None:
            yield self._settle_goals(given)
            return
        codes, bad = self._codes(given)
        slots = given.slots
        if bad is not None:
            slots = np.where(bad, self.cells.rejected, slots)
            codes = {at: np.where(bad, ANY, each) for at, each in codes.items()}
        if given.counted:
            self._count(slots, given.rows)
            self._note_without_seat(codes, slots, given.rows)
        for chosen, seats in self._seating.seats(codes, slots):
            own = slots if chosen is None else slots[chosen]
            places = self._grid.combos.places(seats, len(own))
            counting = own < len(self.cells.timeline)
            yield Settled(chosen, places * self.cells.stride + own, counting)

    def _codes(self, given: Given) -> tuple[dict[int, Array], Array | None]:
        """The members of each row, and where a row is faulty by now."""
        codes, bad = {}, given.bad
        for at, name in self.columns.members.items():
            found = codes[at] = self._names[at].codes(given.columns[name])
            unknown, blank = found < ANY, found == ANY
            if unknown.any():
                bad = unknown if bad is None else bad | unknown
                if given.counted:
                    self._note_unknown(at, name, found[unknown], given, unknown)
            if given.counted and blank.any():
                dimension = self.plan.dimensions[at].name
                many = given.many(blank)
                self.findings.note("rows-no-member", name, many, dimension=dimension)
        return codes, bad

    def _settle_goals(self, given: Given) -> Settled:
        assert self._goals is not None
        assert self.columns.goal is not None
        name, slots, bad = self.columns.goal, given.slots, given.bad
        goals = read_numbers(given.columns[name], name, self.source)
        if len(goals) and not 0 <= goals.min() <= goals.max() < len(self._goals):
            unknown = (goals < 0) | (goals >= len(self._goals))
            bad = unknown if bad is None else bad | unknown
            goals = np.where(unknown, 0, goals)
            if given.counted:
                self.findings.note("rows-unknown-goal", name, given.many(unknown))
        places = self._goals[goals]
        if bad is not None:
            slots = np.where(bad, self.cells.rejected, slots)
            places = np.where(bad, 0, places)
        if given.counted:
            self._count(slots, given.rows)
        cells = places * self.cells.stride + slots
        return Settled(None, cells, slots < len(self.cells.timeline))

    def _note_unknown(
        self, at: int, column: str, lost: Array, given: Given, where: Array
    ) -> None:
        weights = None if given.rows is None else given.rows[where]
        counts = np.bincount(-2 - lost, weights=weights)
        for number in np.flatnonzero(counts).tolist():
            name = self._names[at].unknown[number]
            dimension = self.plan.dimensions[at]
            self.findings.note_unknown(dimension, column, name, int(counts[number]))

    def _note_without_seat(
        self, codes: Mapping[int, Array], slots: Array, rows: Array | None
    ) -> None:
        for at, name in self.columns.members.items():
            for member, many in self._seating.without_seat(at, codes[at], slots, rows):
                self.findings.note("rows-no-seat", name, many, name=member)

    def _count(self, slots: Array, rows: Array | None) -> None:
        ones = np.bincount(slots, weights=rows, minlength=self.cells.stride)
        outside, rejected = int(ones[self.cells.outside]), int(ones[self.cells.rejected])
        accepted = int(ones[: self.cells.outside].sum())
        for name, many in (
            ("read", accepted + outside + rejected),
            ("accepted", accepted),
            ("outside_period", outside),
            ("rejected", rejected),
        ):
            self._counts[name] += many

    def _book(
        self,
        settled: Settled,
        days: Array,
        amounts: Mapping[str, Amounts],
        keys: Mapping[str, tuple[Array, Sequence[Any]]],
    ) -> None:
        for name, read in amounts.items():
            if name in self.control:
                self._grid.add(name, settled.cells, settled.pick(read.units))
                continue
            given = settled.counting
            if read.given is not None:
                given = given & settled.pick(read.given)
            self._readings[name].add(
                settled.cells[given],
                settled.pick(read.units)[given],
                days=settled.pick(days)[given],
            )
        for name, (positions, values) in keys.items():
            own = settled.pick(positions)
            given = settled.counting & (own >= 0)
            self._readings[name].add(settled.cells[given], own[given], names=values)

    def add_sums(self, settled: Settled, metric: Metric, units: Array) -> None:
        """Adds the units of groups."""
        self._grid.add(metric.id, settled.cells, settled.pick(units))

    def add_readings(
        self,
        settled: Settled,
        metric: Metric,
        values: Array,
        *,
        days: Array | None = None,
        counts: Array | None = None,
        names: Sequence[Any] = (),
    ) -> None:
        """Adds the readings of groups; as `Readings.add`."""
        own = settled.pick(values)
        given = settled.counting & (own >= 0) if names else settled.counting
        self._readings[metric.id].add(
            settled.cells[given],
            own[given],
            days=None if days is None else settled.pick(days)[given],
            counts=None if counts is None else settled.pick(counts)[given],
            names=names,
        )

    def fill(self) -> ArrayCells:
        """Returns the cells of everything that was booked."""
        cells, stride = self.cells, self.cells.stride
        codes = self._grid.combos.codes()
        nothing = np.zeros(len(codes) * stride, np.int64)
        sums = {
            each.id: self._grid.units(each.id) if each.id in self.control else nothing
            for each in cells.metrics
            if each.is_additive
        }
        return ArrayCells(
            timeline=cells.timeline,
            metrics=cells.metrics,
            codes=codes,
            sums={
                name: np.ascontiguousarray(units.reshape(-1, stride).T)
                for name, units in sums.items()
            },
            spans={name: {} for name in sums},
            readings={
                each.id: self._reading_cells(each.id)
                for each in cells.metrics
                if not each.is_additive
            },
        )

    def _reading_cells(self, name: str) -> dict[tuple[int, Slot], Reading]:
        if name not in self._readings:
            return {}
        found = self._readings[name].found.items()
        return {divmod(cell, self.cells.stride): reading for cell, reading in found}


@attrs.define
class _Bad:
    """Which rows are faulty, so far; ``rows`` is None while none is."""

    size: int
    findings: Findings
    rows: Array | None = attrs.field(default=None, init=False)

    def add(self, code: str, column: str, mask: Array | None, **facts: Any) -> None:  # noqa: ANN401
        if mask is None or not mask.any():
            return
        self.findings.note(code, column, int(mask.sum()), **facts)
        self.rows = mask if self.rows is None else self.rows | mask


def exact_sum(units: Array) -> int:
    """Returns the sum of units, whatever its size."""
    if units.dtype == object or largest(units) * len(units) >= INT64:
        return sum(units.tolist())
    return int(units.sum())
