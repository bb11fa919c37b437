"""Seating: at which seats a named member counts in each slot, plain and beside the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, combinations

import attrs
import numpy as np

from salesgoal.domain.credit import credit_members
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.scope import ANY
from salesgoal.domain.timeline import Timeline
from salesgoal.frames.amount import Array

__all__ = ["Seating", "seat_timeline"]

_NONE = -2


def seat_timeline(
    timeline: Timeline, dimensions: Sequence[Dimension], named: Mapping[int, object]
) -> Timeline:
    """Returns the timeline with a border wherever a member of a named dimension moves.

    So in each atom everybody has one seat or none.
    """
    first, last = timeline.borders[0], timeline.borders[-1]
    moves = {
        date.fromordinal(day)
        for position in named
        for stretches in dimensions[position].seats.timetable.values()
        for since, until, _ in stretches
        for day in (since, until)
        if first.toordinal() < day < last.toordinal()
    }
    return attrs.evolve(timeline, borders=tuple(sorted({*timeline.borders, *moves})))


@attrs.define
class Seating:
    """Where the members of a plan count, slot by slot.

    Attributes:
        dimensions: Of the plan.
        timeline: Its atoms; who moves does so at their borders.
        stride: How many slots there are: the atoms, and two that do not count.
    """

    dimensions: Sequence[Dimension]
    timeline: Timeline
    stride: int
    _plain: dict[int, Array] = attrs.field(factory=dict, init=False)
    _beside: dict[int, Array] = attrs.field(factory=dict, init=False)
    _absent: dict[int, Array] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Makes the tables of dimensions where somebody moves or stands beside."""
        for position, dimension in enumerate(self.dimensions):
            if dimension.seats.timetable or dimension.overlays:
                self._make_tables(position, dimension)

    def _make_tables(self, position: int, dimension: Dimension) -> None:
        size = len(dimension.members)
        plain = np.repeat(np.arange(-1, size)[:, None], self.stride, axis=1)
        beside = np.full((size + 1, self.stride), _NONE)
        absent = np.zeros((size + 1, self.stride), bool)
        for code in {*dimension.seats.timetable, *dimension.overlays}:
            for slot in range(len(self.timeline)):
                found = credit_members(dimension, [(code, None)], self.timeline.borders[slot])
                plain[code + 1, slot] = found.plain[0][0]
                beside[code + 1, slot] = found.overlay[0][0] if found.overlay else _NONE
                absent[code + 1, slot] = bool(found.said)
            rest = credit_members(dimension, [(code, None)]).plain[0][0]
            plain[code + 1, len(self.timeline) :] = rest
        self._plain[position] = plain
        self._beside[position] = beside
        if absent.any():
            self._absent[position] = absent

    def without_seat(
        self, position: int, codes: Array, slots: Array, rows: Array | None
    ) -> Iterator[tuple[str, int]]:
        """Members that have no seat on the days of their rows, and how many rows these are."""
        if position not in self._absent:
            return
        lost = self._absent[position][codes + 1, slots]
        weights = None if rows is None else rows[lost]
        counts = np.bincount(codes[lost], weights=weights)
        for code in np.flatnonzero(counts).tolist():
            yield self.dimensions[position].members[code].name, int(counts[code])

    def seats(
        self, codes: Mapping[int, Array], slots: Array
    ) -> Iterator[tuple[Array | None, dict[int, Array]]]:
        """Yields the rows that count, None for all, and the codes of their seats.

        The first are all rows at their plain seats; the others repeat rows of members that
        stand beside the others, on days that count.
        """
        plain = {
            position: self._plain[position][each + 1, slots]
            if position in self._plain
            else each
            for position, each in codes.items()
        }
        yield None, plain
        beside = {
            position: self._beside[position][codes[position] + 1, slots]
            for position in self._beside
            if position in codes
        }
        beside = {at: each for at, each in beside.items() if (each != _NONE).any()}
        several = range(1, len(beside) + 1)
        for chosen in chain.from_iterable(combinations(beside, size) for size in several):
            rows = slots < len(self.timeline)
            for position in chosen:
                rows &= (beside[position] != _NONE) & (beside[position] != ANY)
            if rows.any():
                yield (
                    rows,
                    {
                        at: (beside[at] if at in chosen else each)[rows]
                        for at, each in plain.items()
                    },
                )
