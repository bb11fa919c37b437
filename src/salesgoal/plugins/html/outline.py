"""Which lines stand in the page as plain rows, and which travel packed.

A page of up to `PLAIN_LINES` lines holds them all as rows. In a longer page every sheet keeps
its first lines as rows: an outline those that the page shows first, by whole levels of the tree
up to `OUTLINE_LINES`; a list its first `LIST_LINES`. All lines of such a sheet are packed, too,
and a note says how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, takewhile

from salesgoal.sheets.sheet import Book, Kind, Sheet

__all__ = ["LIST_LINES", "OUTLINE_LINES", "PLAIN_LINES", "facets", "plain_lines", "visible"]

PLAIN_LINES = 1_500
OUTLINE_LINES = 600
LIST_LINES = 25


def visible(sheet: Sheet) -> tuple[int, ...]:
    """Returns the positions of the columns that the page shows."""
    return tuple(at for at in sheet.shown if not sheet.columns[at].is_hidden)


def facets(sheet: Sheet) -> tuple[int, ...]:
    """Returns the filter columns that tell the lines of one goal apart, such as period.

    The page shows the lines that agree with the first one in these columns until people choose
    otherwise: a goal then has one line, and the lines are a tree. Verdicts are never facets.
    """
    if not sheet.is_outline or not sheet.lines:
        return ()
    first = sheet.lines[0]
    name = _name(sheet)
    node = list(
        takewhile(
            lambda line: line.depth == first.depth and line.cells[name] == first.cells[name],
            sheet.lines,
        )
    )
    chosen: list[int] = []
    for at in visible(sheet):
        column = sheet.columns[at]
        if column.is_filter and column.kind is not Kind.WORD:
            apart = {tuple(line.cells[each].value for each in chosen) for line in node}
            further = {tuple(line.cells[each].value for each in (*chosen, at)) for line in node}
            chosen += [at] if len(further) > len(apart) else []
    return tuple(chosen)


def plain_lines(book: Book) -> list[Sequence[int]]:
    """Returns for every sheet the positions of the lines that stand as rows."""
    total = sum(len(sheet.lines) for sheet in book.sheets if not sheet.is_hidden)
    return [
        range(len(sheet.lines)) if total <= PLAIN_LINES else _first_lines(sheet)
        for sheet in book.sheets
    ]


def _first_lines(sheet: Sheet) -> Sequence[int]:
    most = OUTLINE_LINES if sheet.is_outline else LIST_LINES
    if len(sheet.lines) <= most:
        return range(len(sheet.lines))
    if not sheet.is_outline:
        return range(most)
    chosen = facets(sheet)
    first = [sheet.lines[0].cells[at] for at in chosen]
    seen = [
        number
        for number, line in enumerate(sheet.lines)
        if [line.cells[at] for at in chosen] == first
    ]
    counts = Counter(sheet.lines[number].depth for number in seen)
    depths = sorted(counts)
    sums = accumulate(counts[depth] for depth in depths)
    kept = {depth for depth, lines in zip(depths, sums, strict=True) if lines <= most}
    return [number for number in seen if sheet.lines[number].depth in kept][:most] or range(1)


def _name(sheet: Sheet) -> int:
    """The column that names the lines: the tree column, else the first."""
    shown = visible(sheet)
    return next((at for at in shown if sheet.columns[at].tree), shown[0])
