"""Proration: what each seat has of the target of a member that moved inside its period.

aggregation                         each seat has
sum, distinct                       a part, by workdays (else calendar days) on the seat
last                                the whole at the last seat of the period, else nothing
average, maximum, minimum, ratio    the same value: it holds wherever the member sits
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import apportion
from salesgoal.domain.scope import Codes
from salesgoal.errors import UnknownWorkdays

if TYPE_CHECKING:
    from salesgoal.domain.dimension import Dimension
    from salesgoal.domain.period import Period
    from salesgoal.domain.work_calendar import WorkCalendar

__all__ = ["Piece", "find_pieces", "prorate"]

Piece = tuple[Codes, Sequence[tuple[int, int]]]
"""A scope with one seat a member, and its days in a period: half-open ordinals."""


def find_pieces(
    codes: Codes, dimensions: Sequence[Dimension], period: Period
) -> Sequence[Piece]:
    """Returns the seats of a scope in a period, in order of time; mostly just one.

    Who has no seat in the period has the seat nearest to its last day.
    """
    moving = [
        position
        for position, dimension in enumerate(dimensions)
        if codes[position] in dimension.seats.timetable
    ]
    days = [(period.start.toordinal(), period.stop.toordinal())]
    if not moving:
        return [(codes, days)]
    pieces: dict[Codes, list[tuple[int, int]]] = {codes: days}
    for position in moving:
        seats = dimensions[position].seats
        cut: dict[Codes, list[tuple[int, int]]] = {}
        for since, until, seat in seats.inside(codes[position], period.start, period.stop):
            for known, stretches in pieces.items():
                both = [(max(a, since), min(b, until)) for a, b in stretches]
                moved = (*known[:position], seat, *known[position + 1 :])
                cut.setdefault(moved, []).extend(each for each in both if each[0] < each[1])
        pieces = {each: stretches for each, stretches in cut.items() if stretches}
    if not pieces:
        last = list(codes)
        for position in moving:
            last[position] = dimensions[position].seats.nearest(codes[position], period.last)
        return [(tuple(last), days)]
    return sorted(pieces.items(), key=lambda piece: piece[1])


def prorate(
    metric: Metric, units: int, pieces: Sequence[Piece], workdays: WorkCalendar | None = None
) -> list[tuple[Codes, int]]:
    """Returns the target of each seat, in smallest units.

    Args:
        metric: Its aggregation says how.
        units: The target of the whole period.
        pieces: From `find_pieces`.
        workdays: Calendar days count where it is None, does not know a day, or none is worked.
    """
    if len(pieces) == 1:
        return [(pieces[0][0], units)]
    if metric.aggregation is Aggregation.LAST:
        last = max(pieces, key=lambda piece: piece[1][-1])
        return [(last[0], units)]
    if metric.aggregation not in {Aggregation.SUM, Aggregation.DISTINCT}:
        return [(codes, units) for codes, _ in pieces]
    weights = _days_worked(pieces, workdays)
    if not any(weights):
        weights = [sum(stop - start for start, stop in days) for _, days in pieces]
    parts = apportion(units, weights)
    return [(codes, part) for (codes, _), part in zip(pieces, parts, strict=True)]


def _days_worked(pieces: Sequence[Piece], workdays: WorkCalendar | None) -> list[int]:
    if workdays is None:
        return []
    try:
        return [
            sum(
                workdays.is_workday(date.fromordinal(day))
                for start, stop in days
                for day in range(start, stop)
            )
            for _, days in pieces
        ]
    except UnknownWorkdays:
        return []
