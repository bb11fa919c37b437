"""Layouts: where in a sheet the table stands, and what its columns are called.

Importers that can do so hand over every row of a sheet as it is. Here the header is found below
titles and unit lines, a header of two rows becomes one, tables side by side are told apart, and
what stands beside the table is left out with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

import attrs

from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import SourceRefused
from salesgoal.intake.cell_text import CellRefused, plain_text
from salesgoal.intake.parse import read_number
from salesgoal.intake.synonyms import fold_header, synonyms_of
from salesgoal.intake.units import find_unit_line, split_unit
from salesgoal.ports.importer import Grid, Page, RawRow, RawValue, Unreadable

__all__ = ["LaidOut", "LayoutForm", "Vocabulary", "lay_out", "plain_layout"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HEAD = 40
"""How many rows are searched for the header."""


@attrs.frozen(kw_only=True)
class LayoutForm:
    """What a plan says about the layout of a table.

    Attributes:
        header_row: The row of the column names, counted from 1; None to find it.
        header_rows: How many rows the header has, 1 or 2; None to find out.
        table: Which of several tables side by side, counted from 1 at the left; None for one.
    """

    header_row: int | None = None
    header_rows: int | None = None
    table: int | None = None


def _with_synonyms(names: Iterable[str]) -> frozenset[str]:
    own = {fold_header(name) for name in names}
    return frozenset({*own, *synonyms_of(own)})


@attrs.frozen
class Vocabulary:
    """The headers that a table may be expected to have.

    Attributes:
        names: Own names of everything looked for; their synonyms count too.
        period: The label of the period that a header names, or None.
    """

    names: frozenset[str] = attrs.field(converter=_with_synonyms)
    period: Callable[[RawValue], str | None] = lambda _: None

    def has(self, header: str) -> bool:
        """Whether a header, with or without its unit, is one that is looked for."""
        return (
            fold_header(header) in self.names
            or fold_header(split_unit(header)[0]) in self.names
        )


@attrs.frozen(kw_only=True)
class LaidOut:
    """A table in its sheet.

    Attributes:
        columns: The header.
        periods: For each column the period over it, in a header of two rows; else None.
        place: The file and sheet.
        lines: The units that lines above the table state.
        warnings: What was noticed about the layout.
        first: The number of the first row below the header; None where rows have no numbers.
        from_1904: Whether numbers in a column of days count from 1904.
        pages: The rows below the header.
    """

    columns: tuple[str, ...]
    periods: tuple[str | None, ...]
    place: Place
    lines: tuple[str, ...] = ()
    from_1904: bool = False
    warnings: tuple[Problem, ...] = ()
    first: int | None = None
    pages: Iterator[Page]


@attrs.frozen
class _Header:
    """A candidate: the names of its columns, the periods over them, and how well it fits."""

    first: int
    size: int
    names: tuple[str, ...]
    periods: tuple[str | None, ...]
    score: int


def plain_layout(pages: Iterator[Page], place: Place) -> LaidOut:
    """Returns the layout of pages whose importer knows their columns.

    Raises:
        SourceRefused: There is no page, so no header.
    """
    first = next(pages, None)
    if first is None:
        raise SourceRefused([problem("no-rows", place)])
    where = attrs.evolve(first.rows[0].where, row=None) if first.rows else place
    return LaidOut(
        columns=first.columns,
        periods=(None,) * len(first.columns),
        place=where,
        first=first.rows[0].where.row if first.rows else 1,
        from_1904=first.from_1904,
        pages=chain([first], pages),
    )


def lay_out(
    pages: Iterator[Page], place: Place, grid: Grid, form: LayoutForm, words: Vocabulary
) -> LaidOut:
    """Returns the table that the rows of a sheet hold.

    The header is the row, or pair of rows, among the first that bears the most names looked
    for; the earliest of equals, and the first row that is not blank where none bears any.

    Raises:
        SourceRefused: There is no row, or ``two-tables`` or ``no-such-table`` of the same
            header stand side by side.
    """
    head: list[RawRow] = []
    warnings: list[Problem] = []
    from_1904 = False
    for page in pages:
        from_1904 = page.from_1904
        head += page.rows
        warnings += page.warnings
        if len(head) >= max(_HEAD, form.header_row or 0) + 1:
            break
    if not any(any(map(plain_text, row.values)) for row in head):
        raise SourceRefused([problem("no-rows", place)])
    place = attrs.evolve(head[0].where, row=None)
    header = _find_header(head, form, words, place)
    above = (plain_text(cell) for row in head[: header.first] for cell in row.values)
    kept, beside = _columns(header, form, words, place)
    if beside:
        warnings.append(problem("beside-table", place, columns="、".join(beside)))
    titles = head[header.first : header.first + header.size]
    if spoilt := [str(cell) for row in titles for cell in row.values if _is_spoilt(cell)]:
        shown = "、".join(spoilt)
        warnings.append(problem("unreadable-header", titles[0].where, columns=shown))
    below = chain([Page(tuple(head[header.first + header.size :]))], pages)
    last = head[header.first + header.size - 1].where.row or 0
    names = [name or f"#{at}" for at, name in enumerate(header.names, start=1)]
    return LaidOut(
        columns=tuple(names[at] for at in kept),
        periods=tuple(header.periods[at] for at in kept),
        place=place,
        lines=find_unit_line(above),
        warnings=tuple(warnings),
        first=last + 1,
        from_1904=from_1904,
        pages=_below(below, kept, len(names), grid, tuple(names[at] for at in kept), last),
    )


# The header.


def _find_header(
    head: Sequence[RawRow], form: LayoutForm, words: Vocabulary, place: Place
) -> _Header:
    at = form.header_row
    if at is not None:
        starts = [number for number, row in enumerate(head) if row.where.row == at]
    else:
        filled = (n for n, row in enumerate(head[:_HEAD]) if any(map(plain_text, row.values)))
        starts = list(filled)
    sizes = (form.header_rows,) if form.header_rows else (1, 2)
    found = [_candidate(head, first, size, words) for size in sizes for first in starts]
    candidates = [each for each in found if each is not None]
    if not candidates:
        raise SourceRefused([problem("no-rows", place)])
    return max(candidates, key=lambda each: (each.score, -each.size, -each.first))


def _candidate(
    head: Sequence[RawRow], first: int, size: int, words: Vocabulary
) -> _Header | None:
    rows = [[plain_text(cell) for cell in row.values] for row in head[first : first + size]]
    if len(rows) < size:
        return None
    top = _cut(rows[0])
    if size == 1:
        score = _score(top, words) + _spread(top, words)
        return _Header(first, 1, tuple(top), (None,) * len(top), score)
    bottom = _cut(rows[1])
    width = max(len(top), len(bottom))
    top += [""] * (width - len(top))
    bottom += [""] * (width - len(bottom))
    if any(map(_is_number, bottom)):
        return None
    periods = _over(top, bottom, words)
    groups = {period for period in periods if period is not None}
    names = _below_groups(top, bottom, periods)
    score = _score(names, words) + (len(groups) if len(groups) > 1 else 0)
    spread = periods if len(groups) > 1 else (None,) * width
    return _Header(first, 2, tuple(names), tuple(spread), score)


def _cut(texts: list[str]) -> list[str]:
    """Without the blanks at the end."""
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _over(
    top: Sequence[str], bottom: Sequence[str], words: Vocabulary
) -> tuple[str | None, ...]:
    """The period over each column: a blank to the right of a period belongs to it."""
    periods: list[str | None] = []
    current: str | None = None
    for high, low in zip(top, bottom, strict=True):
        if high:
            current = words.period(high)
        elif not low:
            current = None
        periods.append(current)
    return tuple(periods)


def _below_groups(
    top: Sequence[str], bottom: Sequence[str], periods: Sequence[str | None]
) -> list[str]:
    """The names of columns: the lower cell, or the upper where that is blank.

    One that stands under a group and bears a name that others have too gets the group's as
    well: 合计 预计.
    """
    names, group = [], ""
    for high, low, period in zip(top, bottom, periods, strict=True):
        group = high or (group if low else "")
        if period is not None:
            names.append(low)
        elif low and group and bottom.count(low) > 1:
            names.append(f"{group} {low}")
        else:
            names.append(low or high)
    return names


def _score(names: Iterable[str], words: Vocabulary) -> int:
    return len({fold_header(name) for name in names if name and words.has(name)})


def _spread(names: Iterable[str], words: Vocabulary) -> int:
    """How many periods a row names, where it names several.

    A bare number names none, and days are what the rows of a long table hold.
    """
    texts = (name for name in names if name and not _is_number(name))
    labels = {
        label for label in map(words.period, texts) if label and not _DAY.fullmatch(label)
    }
    return len(labels) if len(labels) > 1 else 0


# Which columns belong to the table.


def _columns(
    header: _Header, form: LayoutForm, words: Vocabulary, place: Place
) -> tuple[list[int], list[str]]:
    """The positions of the table's columns, and the names of what stands beside it."""
    blocks = _blocks(header.names)
    known = [
        {fold_header(header.names[at]) for at in block if words.has(header.names[at])}
        for block in blocks
    ]
    repeats = [at for at, names in enumerate(known) if names]
    twins = [
        at
        for at in repeats
        if any(known[at] & known[other] for other in repeats if other != at)
    ]
    if len(twins) > 1 and not any(header.periods):
        if form.table is None:
            shown = "、".join(header.names[at] for at in blocks[twins[0]])
            raise SourceRefused([problem("two-tables", place, count=len(twins), columns=shown)])
        if form.table > len(twins):
            raise SourceRefused([problem("no-such-table", place, count=len(twins))])
        return list(blocks[twins[form.table - 1]]), []
    if form.table is not None and form.table > 1:
        raise SourceRefused([problem("no-such-table", place, count=1)])
    periods = [any(words.period(header.names[at]) for at in block) for block in blocks]
    table = [at for at, names in enumerate(known) if names or periods[at]]
    if not table:
        return list(range(len(header.names))), []
    last = max(blocks[table[-1]])
    beside = [header.names[at] for at in range(last + 1, len(header.names)) if header.names[at]]
    if any(at > last for block in blocks for at in block):
        return list(range(last + 1)), beside
    return list(range(len(header.names))), []


def _blocks(names: Sequence[str]) -> list[list[int]]:
    """Runs of columns with names."""
    blocks: list[list[int]] = []
    for at, name in enumerate(names):
        if name and (at == 0 or not names[at - 1]):
            blocks.append([])
        if name:
            blocks[-1].append(at)
    return blocks


# The rows below.


def _below(
    pages: Iterable[Page],
    kept: Sequence[int],
    width: int,
    grid: Grid,
    columns: tuple[str, ...],
    last: int,
) -> Iterator[Page]:
    """The rows below the header, brought to its width.

    A line of text that is longer than the header stays so, because a comma may have shifted its
    cells. In a spreadsheet what stands beyond the header is beside the table.
    """
    whole = list(kept) == list(range(width))
    for page in pages:
        widths = {*map(len, page.values), width}
        fits = len(widths) == 1 if grid is Grid.CELLS else max(widths) == width
        if not (whole and fits):
            found = [_fitted(values, kept, width, grid) for values in page.values]
            page = page.with_values(found)  # noqa: PLW2901
        if page.is_merged:
            rows = tuple(_moved(row, kept, last) for row in page.rows)
            page = attrs.evolve(page, rows=rows)  # noqa: PLW2901
        yield attrs.evolve(page, columns=columns)


def _fitted(
    values: tuple[RawValue, ...], kept: Sequence[int], width: int, grid: Grid
) -> tuple[RawValue, ...]:
    if grid is Grid.CELLS:
        values = (*values[:width], *[None] * (width - len(values)))
    elif len(values) > width and not any(map(plain_text, values[width:])):
        values = values[:width]
    if len(values) == width and len(kept) < width:
        values = tuple(values[at] for at in kept)
    return values


def _moved(row: RawRow, kept: Sequence[int], last: int) -> RawRow:
    """A row that may have lost columns, with what covers its cells at their positions now.

    A range that begins in the header is a part of that.
    """
    merged = {
        to: row.merged[at]
        for to, at in enumerate(kept)
        if at in row.merged and row.merged[at].row > last
    }
    return attrs.evolve(row, merged=merged)


def _is_spoilt(cell: RawValue) -> bool:
    return isinstance(cell, Unreadable)


def _is_number(text: str) -> bool:
    try:
        return read_number(text) is not None
    except CellRefused:
        return False
