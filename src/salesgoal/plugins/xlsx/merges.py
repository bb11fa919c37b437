"""Merged ranges of a sheet: which cells of a row they cover, and what they begin with."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence

import attrs

from salesgoal.domain.problem import Place
from salesgoal.plugins.xlsx.limits import WorkbookLimits
from salesgoal.plugins.xlsx.package import Package, over
from salesgoal.ports.importer import Covered, RawValue

__all__ = ["Merge", "Merges", "mentions_merges", "read_merge"]

_SPAN = re.compile("([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_MARKS = tuple("mergeCell".encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be"))


@attrs.frozen
class Merge:
    """A merged range, both ends included; rows from 1 and columns from 0."""

    span: str
    top: int
    bottom: int
    left: int
    right: int


def read_merge(span: str) -> Merge | None:
    """Returns the range that an address such as B2:C4 names; None where it names none."""
    match = _SPAN.fullmatch(span.replace("$", ""))
    if match is None:
        return None
    rows = sorted(int(match[at] or match[2]) for at in (2, 4))
    columns = sorted(_column(match[at] or match[1]) for at in (1, 3))
    return Merge(span, *rows, *columns)


def mentions_merges(package: Package, part: str) -> bool:
    """Returns whether a sheet speaks of merged ranges at all, without parsing it."""
    rest = b""
    for chunk in package.chunks(part):
        piece = rest + chunk
        if any(mark in piece for mark in _MARKS):
            return True
        rest = piece[-len(_MARKS[1]) :]
    return False


class Merges:
    """Tells, row by row from the top, which cells are covered.

    Attributes:
        is_lost: Whether rows stood out of order, after which nothing is told any more.
    """

    def __init__(self, merges: Iterable[Merge], limits: WorkbookLimits, place: Place) -> None:
        self.is_lost = False
        ordered = sorted(merges, key=lambda each: each.top)
        self._waiting: deque[Merge] = deque(ordered)
        self._open: list[tuple[Merge, RawValue]] = []
        self._limits, self._place = limits, place
        self._last = self._told = 0

    def of(self, number: int, cells: Sequence[RawValue]) -> dict[int, Covered]:
        """Returns position -> what covers it, for one row.

        Raises:
            SourceRefused: Ranges that overlap cover more cells than a sheet may hold.
        """
        self.is_lost = self.is_lost or number <= self._last
        if self.is_lost:
            return {}
        self._last = number
        self._open = [each for each in self._open if each[0].bottom >= number]
        while self._waiting and self._waiting[0].top <= number:
            merge = self._waiting.popleft()
            # A range whose first row holds nothing begins with a blank cell.
            is_here = merge.top == number and merge.left < len(cells)
            if merge.bottom >= number:
                self._open.append((merge, cells[merge.left] if is_here else None))
        self._told += len(self._open)
        if self._told > self._limits.cells:
            raise over(self._place, self._limits, "merges")
        found: dict[int, Covered] = {}
        for merge, value in self._open:
            if merge.right > merge.left:
                found[merge.left + 1] = Covered(merge.span, merge.top)
            if number > merge.top:
                found[merge.left] = Covered(merge.span, merge.top, value)
        return found


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
