"""Membership: who sat where, and when.

A *seat* (任职) is a member under one chain of members above it. Who moves leaves one seat and
takes another; who comes back takes the old one again. Days are kept as ordinals, half-open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise

import attrs

from salesgoal.domain.kind import a_day_or_none, a_text, a_text_or_none, all_of
from salesgoal.domain.problem import Place, Problem, problem

__all__ = ["MAX_DEPTH", "Member", "Seats", "Stretch", "View", "arrange_seats", "is_dated"]

MAX_DEPTH = 64
"""The most members above one another."""

ALWAYS = (1, date.max.toordinal() + 1)


class View(StrEnum):
    """Where facts and targets of people who moved are shown.

    ``AS_WAS`` (当时归属): where they sat on the day. ``AS_IS`` (当前归属): where they sit on
    the day of the report.
    """

    AS_WAS = "as_was"
    AS_IS = "as_is"


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(all_of(texts, str, "aliases"))


@attrs.frozen
class Member:
    """One member of a dimension, or one of its seats if it moves.

    Attributes:
        name: The canonical one. Who moves is given once a seat, on days that do not overlap.
        aliases: Other names that mean it.
        parent: The member above it.
        since: Its first day there; None for always.
        until: Its last day there, included; None for open.
        overlay: Whether its credit is shown beside the others' and never adds to a goal above.
    """

    name: str = attrs.field(validator=a_text)
    aliases: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    parent: str | None = attrs.field(default=None, validator=a_text_or_none)
    since: date | None = attrs.field(default=None, validator=a_day_or_none)
    until: date | None = attrs.field(default=None, validator=a_day_or_none)
    overlay: bool = False


Stretch = tuple[int, int, int]
"""First day and the day behind the last one, as ordinals, and the code of the seat."""


@attrs.frozen
class Seats:
    """The members of a dimension, seat by seat.

    Attributes:
        members: One a seat, in the order that reports show them.
        chains: The seats from the top down to each one.
        timetable: For the seats of those who were not always there, or moved: the stretches of
            the same member, in order of time.
    """

    members: tuple[Member, ...]
    chains: tuple[tuple[int, ...], ...]
    timetable: Mapping[int, tuple[Stretch, ...]]

    def on(self, code: int, day: date) -> int | None:
        """Returns the member's seat on a day; None where it has none."""
        times = self.timetable.get(code)
        if times is None:
            return code
        found = _before(times, day)
        return found[2] if found is not None and day.toordinal() < found[1] else None

    def nearest(self, code: int, day: date) -> int:
        """Returns the seat on a day, else the last one before it, else the first one."""
        times = self.timetable.get(code)
        if times is None:
            return code
        return (_before(times, day) or times[0])[2]

    def inside(self, code: int, start: date, stop: date) -> list[Stretch]:
        """Returns the member's stretches from ``start`` to the day before ``stop``."""
        first, end = start.toordinal(), stop.toordinal()
        times = self.timetable.get(code, ((*ALWAYS, code),))
        cut = ((max(since, first), min(until, end), seat) for since, until, seat in times)
        return [each for each in cut if each[0] < each[1]]

    def person(self, code: int) -> int:
        """Returns one code for all seats of a member: that of the first one."""
        times = self.timetable.get(code)
        return code if times is None else times[0][2]


def _before(times: Sequence[Stretch], day: date) -> Stretch | None:
    """The last stretch that begins on the day or before."""
    at = bisect_right(times, day.toordinal(), key=lambda each: each[0])
    return times[at - 1] if at else None


def is_dated(members: Sequence[Member]) -> bool:
    """Whether any member has a first or last day."""
    return any(member.since or member.until for member in members)


def arrange_seats(
    given: Sequence[Member], people: Sequence[int], parents: Sequence[int], place: str
) -> tuple[Seats, list[Problem]]:
    """Returns the seats of members with days, and what is wrong with them.

    A member sits only where the member above it sits too; the days on which it does not are
    days without a seat.

    Args:
        given: The members, one a row; a member that moved has several rows.
        people: For each row, the first row of the same member.
        parents: For each row, the first row of the member above, or -1.
        place: What problems are said to lie in.
    """
    work = _Arrangement(given, people, parents, place)
    work.check_days()
    for row in range(len(given)):
        work.seat(row)
    return work.seats(), work.problems


@attrs.define
class _Arrangement:
    given: Sequence[Member]
    people: Sequence[int]
    parents: Sequence[int]
    place: str
    problems: list[Problem] = attrs.field(factory=list)
    rows: dict[int, list[int]] = attrs.field(factory=dict)
    found: dict[tuple[int, ...], list[tuple[int, int]]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for row, person in enumerate(self.people):
            self.rows.setdefault(person, []).append(row)

    def days(self, row: int) -> tuple[int, int]:
        member = self.given[row]
        since, stop = ALWAYS
        return (
            member.since.toordinal() if member.since else since,
            member.until.toordinal() + 1 if member.until else stop,
        )

    def where(self, row: int) -> Place:
        return Place(self.place, key=self.given[row].name)

    def check_days(self) -> None:
        """Two seats of one member on the same day."""
        for rows in self.rows.values():
            ordered = sorted(rows, key=self.days)
            for one, other in pairwise(ordered):
                if self.days(other)[0] < self.days(one)[1]:
                    names = [self.given[row].parent or "-" for row in (one, other)]
                    self.problems.append(
                        problem(
                            "seats-overlap",
                            self.where(other),
                            value=self.given[other].name,
                            first=names[0],
                            second=names[1],
                        )
                    )

    def seat(self, row: int) -> None:
        """Cuts a row where anybody above moves, and takes a seat for each chain."""
        first, stop = self.days(row)
        inner = {day for each in self._above(row) for day in self.days(each)}
        stop = max(first, stop)
        borders = sorted({first, stop, *(day for day in inner if first < day < stop)})
        seated = False
        for start, end in pairwise(borders):
            chain = self._chain(row, start)
            if isinstance(chain, Problem):
                self.problems.append(chain)
                return
            if chain:
                seated = True
                self._take(tuple(reversed(chain)), start, end)
        if not seated:
            member = self.given[row]
            self.problems.append(
                problem(
                    "seat-without-day",
                    self.where(row),
                    value=member.name,
                    since=member.since or "…",
                    until=member.until or "…",
                    parent=member.parent or "-",
                )
            )

    def _above(self, row: int) -> Iterator[int]:
        """Every row of everybody who is ever above a row."""
        seen: set[int] = set()
        waiting = [self.parents[row]]
        while waiting:
            person = waiting.pop()
            if person < 0 or person in seen:
                continue
            seen.add(person)
            yield from self.rows[person]
            waiting += [self.parents[each] for each in self.rows[person]]

    def _chain(self, row: int, day: int) -> list[int] | Problem:
        """The members from a row upwards on a day; nobody where one of them has no seat."""
        chain, at = [self.people[row]], row
        while (above := self.parents[at]) >= 0:
            if above in chain:
                names = " > ".join(self.given[each].name for each in [*chain, above])
                return problem("parent-cycle", self.where(row), path=names)
            sitting = (each for each in self.rows[above] if _covers(self.days(each), day))
            found = next(sitting, None)
            if found is None:
                return []
            chain.append(above)
            at = found
        if len(chain) > MAX_DEPTH:
            return problem("too-deep", self.where(row), depth=len(chain), most=MAX_DEPTH)
        return chain

    def _take(self, chain: tuple[int, ...], start: int, end: int) -> None:
        times = self.found.setdefault(chain, [])
        if times and times[-1][1] == start:
            times[-1] = (times[-1][0], end)
        else:
            times.append((start, end))

    def seats(self) -> Seats:
        if self.problems:
            return Seats((), (), {})
        codes = {chain: code for code, chain in enumerate(self.found)}
        stretches: dict[int, list[Stretch]] = {}
        for chain, times in self.found.items():
            each = stretches.setdefault(chain[-1], [])
            each += [(start, end, codes[chain]) for start, end in times]
        members, timetable = [], {}
        for chain, code in codes.items():
            person = chain[-1]
            members.append(self._member(chain, self.found[chain]))
            if [each[:2] for each in stretches[person]] != [ALWAYS]:
                timetable[code] = tuple(sorted(stretches[person]))
        chains = tuple(
            tuple(codes[chain[: depth + 1]] for depth in range(len(chain)))
            for chain in self.found
        )
        return Seats(tuple(members), chains, timetable)

    def _member(self, chain: tuple[int, ...], times: Sequence[tuple[int, int]]) -> Member:
        """A seat as a member; its days run from the first to the last one on it."""
        rows = [self.given[row] for row in self.rows[chain[-1]]]
        first, stop = min(times)[0], max(times)[1]
        return attrs.evolve(
            rows[0],
            aliases=tuple(dict.fromkeys(name for each in rows for name in each.aliases)),
            parent=self.given[chain[-2]].name if len(chain) > 1 else None,
            since=date.fromordinal(first) if first > ALWAYS[0] else None,
            until=date.fromordinal(stop - 1) if stop < ALWAYS[1] else None,
            overlay=any(each.overlay for each in rows),
        )


def _covers(days: tuple[int, int], day: int) -> bool:
    return days[0] <= day < days[1]
