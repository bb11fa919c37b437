"""What an importer is: one function that turns a source into pages of raw rows.

Importers extract; the core alone parses, rounds, maps names and rejects. So no plugin can lose
a row or mis-round an amount.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import repeat
from pathlib import Path
from time import sleep
from types import MappingProxyType
from typing import Any, overload

import attrs

from salesgoal.domain.problem import Place, Problem
from salesgoal.errors import UsageError

__all__ = [
    "API",
    "Covered",
    "FileHead",
    "FileRows",
    "Grid",
    "ImporterSpec",
    "NotPlain",
    "Page",
    "RawRow",
    "RawValue",
    "ReadRequest",
    "Unreadable",
    "WholeColumns",
]

API = 1
"""The version of this contract; a spec that asks for a later one is refused by name."""

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@attrs.frozen
class Unreadable:
    """A cell that an importer sees and cannot read: a formula without a value, say.

    It is refused where the column is read, and harmless in a column that nobody reads.

    Attributes:
        text: What stands in the cell, for people.
        code: The code of the problem that it makes.
        facts: What fills the gaps of the problem's texts.

    >>> str(Unreadable("=B2*1.05", "formula-not-calculated"))
    '=B2*1.05'
    """

    text: str
    code: str
    facts: Mapping[str, object] = attrs.field(factory=dict, hash=False)

    def __str__(self) -> str:
        """What stands in the cell."""
        return self.text


RawValue = str | Decimal | int | date | bool | Unreadable | None
"""What a raw cell may hold. A float never leaves an importer."""


class Grid(StrEnum):
    """How the rows of a file importer stand that can hand over a sheet as it is.

    ``LINES``: a line of text is a row, and a longer one is a fault. ``CELLS``: of a
    spreadsheet, where a cell may stand anywhere.
    """

    LINES = "lines"
    CELLS = "cells"


@attrs.frozen
class Covered:
    """A cell that a merged range covers.

    Attributes:
        span: The address of the range.
        row: The row in which it begins.
        value: What the cell above says, where the range runs down from it; None where that is
            blank, or the range runs to the right.
    """

    span: str
    row: int
    value: RawValue = None


_NOTHING: Mapping[int, Covered] = MappingProxyType({})


@attrs.frozen
class RawRow:
    """One row as the source has it.

    Attributes:
        values: In the order of the page's columns. A row that is longer or shorter is a
            problem of the data; importers do not pad or cut.
        where: The address people look it up by; rows are counted from 1, as Excel shows them.
        key: The source's own id, where it has one.
        revision: When the source last changed it; aware.
        deleted: Whether the source says it is gone.
        merged: Position -> what covers it, of cells that a merged range covers.
    """

    values: tuple[RawValue, ...]
    where: Place
    key: str | None = None
    revision: datetime | None = None
    deleted: bool = False
    merged: Mapping[int, Covered] = attrs.field(default=_NOTHING, hash=False)


@attrs.frozen
class FileRows(Sequence[RawRow]):
    """Rows of one sheet or file; a row object is made when it is asked for.

    Attributes:
        values: The cells of each row.
        place: The file and sheet.
        numbers: Which row each is, counted from 1; a range where none is left out.
        merged: Number of the row -> position -> what covers it.

    >>> rows = FileRows([("华东", "90"), ("华北", "75")], Place("目标.csv"), range(2, 4))
    >>> print(len(rows), rows[1].values, rows[1].where)
    2 ('华北', '75') 目标.csv, row 3
    """

    values: Sequence[tuple[RawValue, ...]]
    place: Place
    numbers: Sequence[int]
    merged: Mapping[int, Mapping[int, Covered]] = attrs.field(factory=dict, hash=False)

    def __attrs_post_init__(self) -> None:
        """Sees that every row has a number.

        Raises:
            UsageError: There are more of the one than of the other.
        """
        if len(self.values) != len(self.numbers):
            message = f"{len(self.values)} rows with {len(self.numbers)} numbers"
            raise UsageError(message, f"{len(self.values)} 行却有 {len(self.numbers)} 个行号")

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.values)

    @overload
    def __getitem__(self, at: int) -> RawRow: ...

    @overload
    def __getitem__(self, at: slice) -> FileRows: ...

    def __getitem__(self, at: int | slice) -> RawRow | FileRows:
        """One row, or some of them in the same form."""
        if isinstance(at, slice):
            return FileRows(self.values[at], self.place, self.numbers[at], self.merged)
        number = self.numbers[at]
        merged = self.merged.get(number, _NOTHING)
        return RawRow(self.values[at], attrs.evolve(self.place, row=number), merged=merged)

    def __iter__(self) -> Iterator[RawRow]:
        """Every row, made one by one."""
        return map(self.__getitem__, range(len(self))) if self.merged else self._plain()

    def _plain(self) -> Iterator[RawRow]:
        return map(RawRow, self.values, self.places)

    @property
    def places(self) -> list[Place]:
        """Where each row stands."""
        source, sheet = repeat(self.place.source), repeat(self.place.sheet)
        return list(map(Place, source, sheet, self.numbers))


@attrs.frozen
class Page:
    """Rows that are taken over together.

    Attributes:
        rows: In the order of the source: `RawRow`s, or the `FileRows` of a sheet.
        columns: The names in the header, in order and with repeats; ``#3`` for a third column
            without a name.
        cursor: Where the next run may begin; set only where everything before was delivered.
        warnings: What the reader of the file noticed and went on.
        from_1904: Whether numbers in a column of days count from 1904, as some workbooks have
            it, and not from 1900.
    """

    rows: Sequence[RawRow] = ()
    columns: tuple[str, ...] = ()
    cursor: Mapping[str, str] | None = None
    warnings: tuple[Problem, ...] = ()
    from_1904: bool = False

    @property
    def values(self) -> Sequence[tuple[RawValue, ...]]:
        """The cells of each row."""
        rows = self.rows
        return rows.values if isinstance(rows, FileRows) else [row.values for row in rows]

    @property
    def is_merged(self) -> bool:
        """Whether a merged range covers a cell of the rows."""
        rows = self.rows
        return bool(rows.merged if isinstance(rows, FileRows) else any(r.merged for r in rows))

    @property
    def places(self) -> Sequence[Place]:
        """Where each row stands."""
        rows = self.rows
        return rows.places if isinstance(rows, FileRows) else [row.where for row in rows]

    def with_values(self, values: Sequence[tuple[RawValue, ...]]) -> Page:
        """Returns the page with other cells in its rows, which stand where they stood."""
        rows: Sequence[RawRow] = self.rows
        if isinstance(rows, FileRows):
            rows = attrs.evolve(rows, values=values)
        else:
            pairs = zip(rows, values, strict=True)
            rows = tuple(attrs.evolve(row, values=own) for row, own in pairs)
        return attrs.evolve(self, rows=rows)


@attrs.frozen(kw_only=True)
class ReadRequest:
    """What an importer is asked.

    Attributes:
        options: An instance of the spec's options class, or None.
        source: The file, for file importers.
        since: The cursor of the last complete run.
        until: The end of this run, fixed when it starts.
        page_size: How many rows a page should hold; few stay in the processor's cache.
        grid: Every row from the first one on, the header among them, on pages without columns;
            asked only of importers whose spec says how theirs stand.
        every_sheet: With ``grid``: the rows of every sheet of a workbook, those that are hidden
            first; the place of a row names its sheet.
        sleep: How to wait; tests hand over a clock of their own.
    """

    options: Any = None
    source: Path | None = None
    since: Mapping[str, str] | None = None
    until: datetime = END_OF_TIME
    page_size: int = 200
    grid: bool = False
    every_sheet: bool = False
    sleep: Callable[[float], None] = sleep


@attrs.frozen
class FileHead:
    """The name and the first 64 KiB of a file, by which importers claim it."""

    name: str
    start: bytes

    @property
    def suffix(self) -> str:
        """The last suffix of the name in lower case, with its dot."""
        return Path(self.name).suffix.lower()


def _as_it_is(cell: Any) -> RawValue:  # noqa: ANN401 - of whatever the engine holds
    found: RawValue = cell
    return found


@attrs.frozen(kw_only=True)
class WholeColumns:
    """The rows of a file column by column, all at once.

    Attributes:
        frame: A Polars data frame. Its cells, through ``cell``, are those that the pages of
            ``read`` hold, row by row; a column of floats stands for what ``cell`` makes of it.
        first: The number of its first row, as pages number theirs.
        cell: A cell of the frame as ``read`` gives it.
    """

    frame: Any
    first: int = 1
    cell: Callable[[Any], RawValue] = _as_it_is


@attrs.frozen
class NotPlain:
    """Why a file is read row by row and not column by column.

    >>> NotPlain("有带引号的单元格", "it has quoted cells").en
    'it has quoted cells'
    """

    zh: str
    en: str


@attrs.frozen(kw_only=True)
class ImporterSpec:
    """An importer, as a plugin offers it.

    Attributes:
        name: Lower-case letters, digits and hyphens; unique over all plugins.
        title: For people.
        read: The importer; heavy libraries are imported inside.
        options: An attrs class, or None where there are none.
        matches: For file importers: whether it claims a file. Exactly one may.
        grid: How its rows stand where it can hand over a sheet as it is; the core then finds
            the header. None where it knows its columns.
        incremental: Whether it honours ``since`` and sets cursors.
        columns: For file importers: the same rows by whole columns, or why that cannot be
            vouched for; None where it never can.
        api: The version of this contract that it was written for.
    """

    name: str
    title: str
    read: Callable[[ReadRequest], Iterator[Page]]
    options: type | None = None
    matches: Callable[[FileHead], bool] | None = None
    grid: Grid | None = None
    incremental: bool = False
    columns: Callable[[ReadRequest], WholeColumns | NotPlain] | None = None
    api: int = API
