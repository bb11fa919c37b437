"""Cells: facts condensed to member combination x atom x metric, in integers.

A fact is resolved to its cell once; from there only integers move. Two cells of every
combination hold what does not count: facts *outside* the plan's days and *rejected* ones. So
the total over all cells is the total that was read, by construction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from operator import add
from typing import Any, Protocol, Self

import attrs

from salesgoal.domain.credit import CreditGroup, parts_of
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.period import Period
from salesgoal.domain.reading import READING_RULES, Reading
from salesgoal.domain.scope import ANY, Codes
from salesgoal.domain.timeline import Timeline

__all__ = ["Cells", "Condensed", "Slot"]

Slot = int | Period
"""An atom, or the period of a report that gives a total of several atoms."""


class Condensed(Protocol):
    """Condensed facts as they are read: `Cells`, or the same in arrays."""

    @property
    def timeline(self) -> Timeline:
        """The atoms."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that facts carry."""

    @property
    def combos(self) -> Mapping[Codes, int]:
        """Member codes -> position of the combination."""

    @property
    def spans(self) -> Mapping[str, Mapping[tuple[int, Period], int]]:
        """`SUM` metric -> (position, period) -> units of facts that span several atoms."""

    @property
    def readings(self) -> Mapping[str, Mapping[tuple[int, Slot], Reading]]:
        """Other metric -> (position, slot) -> reading."""

    @property
    def outside(self) -> int:
        """The slot of facts outside the plan's days or after ``as_of``."""

    @property
    def rejected(self) -> int:
        """The slot of rejected facts."""

    @property
    def stride(self) -> int:
        """How many slots a combination has."""

    def slot(self, on: date | Period) -> Slot:
        """The slot of a day or a period."""

    def units(self, metric: str) -> Sequence[int]:
        """The cells of a `SUM` metric, at ``position * stride + slot``."""

    def total(self, metric: str, slots: range) -> int:
        """The units of a `SUM` metric in these slots."""

    def recoded(self, tables: Sequence[Sequence[int]]) -> Self:
        """The cells with new member codes."""


@attrs.define(eq=False)
class Cells:
    """The facts of one report, condensed; it only grows.

    Attributes:
        timeline: The atoms.
        metrics: The metrics that facts carry (ratios are made later, from these).
        width: How many dimensions the plan has.
        combos: Member codes -> position of the combination.
        sums: `SUM` metric -> units, at ``position * stride + slot``; see `units`.
        spans: `SUM` metric -> (position, period) -> units of facts that span several atoms.
        readings: Other metric -> (position, slot) -> reading.
    """

    timeline: Timeline
    metrics: tuple[Metric, ...]
    width: int
    combos: dict[Codes, int] = attrs.field(factory=dict, init=False)
    sums: dict[str, list[int]] = attrs.field(init=False)
    spans: dict[str, dict[tuple[int, Period], int]] = attrs.field(init=False)
    readings: dict[str, dict[tuple[int, Slot], Reading]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Lays out empty cells, and the combination of facts that name no member."""
        self.sums = {each.id: [] for each in self.metrics if each.is_additive}
        self.spans = {each: {} for each in self.sums}
        self.readings = {each.id: {} for each in self.metrics if not each.is_additive}
        self.base((ANY,) * self.width)

    @property
    def outside(self) -> int:
        """The slot of facts outside the plan's days or after ``as_of``."""
        return len(self.timeline)

    @property
    def rejected(self) -> int:
        """The slot of rejected facts."""
        return len(self.timeline) + 1

    @cached_property
    def stride(self) -> int:
        """How many slots a combination has: the atoms, outside, rejected."""
        return len(self.timeline) + 2

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.combos) * self.stride

    def base(self, codes: Codes) -> int:
        """Returns where the cells of a combination begin; a new one is taken up at the end."""
        return self.combos.setdefault(codes, len(self.combos)) * self.stride

    def units(self, metric: str) -> list[int]:
        """Returns the cells of a `SUM` metric, laid out for all combinations known by now."""
        column = self.sums[metric]
        column += [0] * (self.size - len(column))
        return column

    def slot(self, on: date | Period) -> Slot:
        """Returns the slot of a day or a period; `outside` where it does not count."""
        return self.timeline.slot(on)

    def book(
        self,
        base: int,
        slot: Slot,
        metric: Metric,
        value: Any,  # noqa: ANN401 - units or a key
        on: date,
        *,
        share: Fraction | None = None,
    ) -> None:
        """Adds one value to its cell.

        Args:
            base: From `base`.
            slot: From `slot`, or `rejected`.
            metric: One of ``metrics``.
            value: Units, or the key of a `DISTINCT` metric.
            on: The day of the fact (the last one of a period); the later wins for `LAST`.
            share: The share of the fact that the value is; None for all of it.
        """
        if metric.aggregation is not Aggregation.SUM:
            rule = READING_RULES[metric.reading]
            cells, place = self.readings[metric.id], (base // self.stride, slot)
            reading = rule.start(value, on)
            if share is not None and share != 1:
                reading = rule.part(reading, share)
            cells[place] = rule.over_time(cells[place], reading) if place in cells else reading
        elif isinstance(slot, Period):
            spans, span = self.spans[metric.id], (base // self.stride, slot)
            spans[span] = spans.get(span, 0) + value
        else:
            self.units(metric.id)[base + slot] += value

    def credit(
        self,
        groups: Sequence[CreditGroup],
        slot: Slot,
        metric: Metric,
        value: Any,  # noqa: ANN401 - as in `book`
        on: date,
    ) -> None:
        """Adds one value to the cells of everybody it counts to; see `combine_credits`.

        What does not count (`outside`, `rejected`) stays there once: no overlay repeats it.
        """
        if len(groups) == len(groups[0].credits) == 1:
            self.book(self.base(groups[0].credits[0][0]), slot, metric, value, on)
            return
        for group in groups:
            if group.overlay and slot in {self.outside, self.rejected}:
                continue
            shares = [share for _, share in group.credits]
            parts = parts_of(metric, value, shares)
            for (codes, share), part in zip(group.credits, parts, strict=True):
                self.book(self.base(codes), slot, metric, part, on, share=share)

    def total(self, metric: str, slots: range) -> int:
        """Returns the units of a `SUM` metric in these slots, over all combinations.

        Facts that span several atoms stand in no slot and are not in it.
        """
        column = self.units(metric)
        return sum(sum(column[slot :: self.stride]) for slot in slots)

    def recoded(self, tables: Sequence[Sequence[int]]) -> Cells:
        """Returns the cells with every member code replaced; what falls together is merged.

        Args:
            tables: For each dimension, the new code of each old one.
        """
        made = Cells(self.timeline, self.metrics, self.width)
        # No member is -1 and takes the last place of a table, which keeps it.
        known = [(*table, ANY) for table in tables]
        moved = [
            made.base(tuple(table[code] for table, code in zip(known, codes, strict=True)))
            // made.stride
            for codes in self.combos
        ]
        for name in self.sums:
            old, new = self.units(name), made.units(name)
            for position, to in enumerate(moved):
                here, there = position * made.stride, to * made.stride
                kept = new[there : there + made.stride]
                column = old[here : here + made.stride]
                new[there : there + made.stride] = map(add, kept, column)
        for name, spans in self.spans.items():
            for (position, span), units in spans.items():
                place = (moved[position], span)
                made.spans[name][place] = made.spans[name].get(place, 0) + units
        for metric in self.metrics:
            for (position, slot), reading in self.readings.get(metric.id, {}).items():
                merged, at = made.readings[metric.id], (moved[position], slot)
                merge = READING_RULES[metric.reading].over_time
                merged[at] = merge(merged[at], reading) if at in merged else reading
        return made
