"""The rows of one sheet, as a stream: cells stand where their address says, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from salesgoal.domain.problem import Place
from salesgoal.errors import SourceRefused
from salesgoal.plugins.xlsx.cell import CellReader, damaged
from salesgoal.plugins.xlsx.markup import MAIN, feed, make_parser, wrong_root
from salesgoal.plugins.xlsx.merges import Merge, read_merge
from salesgoal.plugins.xlsx.package import Package, corrupt, over
from salesgoal.ports.importer import RawValue, Unreadable

__all__ = ["SheetReader", "SheetRow"]

_LETTERS = re.compile("[A-Z]{1,3}")
_TRUE = {"1", "true", "on"}
_ROW, _CELL, _VALUE = 2, 3, 4
"""How many elements stand around a row, a cell, and what is in a cell."""


@attrs.define
class SheetRow:
    """One row that holds something: its number, its cells from column A on, and whether hidden.

    The list of cells ends with the last one that holds something.
    """

    number: int
    cells: list[RawValue]
    is_hidden: bool


class SheetReader:
    """Reads a sheet once; what stands beside the rows is known when they are through.

    Attributes:
        hidden_columns: How many columns are hidden, of those up to ``width``.
        merges: The merged ranges.
    """

    def __init__(self, package: Package, part: str, place: Place, cells: CellReader) -> None:
        self.merges: list[Merge] = []
        self._hidden: list[tuple[int, int]] = []
        self._package, self._part, self._place = package, part, place
        self._read = cells.read
        self._limits = package.limits
        self._columns: dict[str, int] = {}
        self._rows: list[SheetRow] = []
        self._seen = bytearray(package.limits.rows + 1)
        self._filled = 0
        self._depth = 0
        self._names: tuple[str, ...] = ()
        self._in_rows = False
        self._row: SheetRow | None = None
        self._number = 0
        self._written = ""
        self._next = 0
        self._aloud = False
        self._cell: dict[str, str] = {}
        self._column = -1
        self._value: str | None = None
        self._formula: str | None = None
        self._inline: list[str] | None = None
        self._pieces: list[str] | None = None
        self._size = 0

    def rows(self) -> Iterator[SheetRow]:
        """Yields the rows that hold something, in the order of the file.

        Raises:
            SourceRefused: The sheet is broken, or too large.
        """
        parser = make_parser(self._package, self._part)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take
        for _ in feed(parser, self._package, self._part):
            ready, self._rows = self._rows, []
            yield from ready

    def hidden_columns(self, width: int) -> int:
        """How many of the first columns are hidden."""
        spans = [range(first, min(last, width) + 1) for first, last in self._hidden]
        return len({column for span in spans for column in span})

    # What the parser calls.

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        depth = self._depth
        self._depth = depth + 1
        if depth == _CELL and self._in_rows and name == self._names[1]:
            self._begin_cell(attributes)
        elif depth >= _VALUE and self._column >= 0:
            self._begin_content(name, depth)
        elif depth == _ROW and self._in_rows and name == self._names[0]:
            self._begin_row(attributes)
        elif depth == 0:
            self._begin_sheet(name)
        else:
            self._begin_other(name, attributes, depth)

    def _end(self, name: str) -> None:
        self._depth = depth = self._depth - 1
        if depth == _VALUE and self._pieces is not None:
            text = "".join(self._pieces)
            if name == self._names[2]:
                self._value = text
            else:
                self._formula = text
            self._pieces = None
        elif depth == _CELL and self._column >= 0:
            self._end_cell()
        elif depth > _VALUE:
            self._pieces = None
        elif depth == _ROW and self._row is not None:
            row, self._row = self._row, None
            if row.cells:
                self._rows.append(row)
        elif depth == 1:
            self._in_rows = False

    def _take(self, text: str) -> None:
        if self._pieces is not None:
            self._pieces.append(text)
            self._size += len(text)
            if self._size > self._limits.text_chars:
                raise over(self._place, self._limits, "text_chars")

    # The sheet.

    def _begin_sheet(self, name: str) -> None:
        space, _, local = name.rpartition(" ")
        if local != "worksheet" or space not in MAIN:
            raise wrong_root(self._place, self._part, local, "worksheet")
        words = ("row", "c", "v", "f", "is", "t", "rPh")
        self._names = tuple(f"{space} {word}" for word in words)

    def _begin_other(self, name: str, attributes: dict[str, str], depth: int) -> None:
        if depth >= self._limits.depth:
            raise over(self._place, self._limits, "depth")
        local = name.rpartition(" ")[2]
        if depth == 1:
            self._in_rows = local == "sheetData"
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif local == "col" and attributes.get("hidden") in _TRUE:
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal():
                self._hidden.append((int(first), int(last)))

    def _merge(self, span: str) -> None:
        merge = read_merge(span)
        if merge is not None:
            self.merges.append(merge)
        if len(self.merges) > self._limits.merges:
            raise over(self._place, self._limits, "merges")

    # One row.

    def _begin_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r")
        if written is None:
            number = self._number + 1
        elif written.isascii() and written.isdecimal():
            number = int(written[:9])
        else:
            number = 0
        if number < 1:
            raise self._corrupt(
                f"有一行的行号是 {written!r}", f"a row has the number {written!r}"
            )
        if number > self._limits.rows:
            raise over(self._place, self._limits, "rows")
        if self._seen[number]:
            raise self._corrupt(f"第 {number} 行出现了两次", f"row {number} stands there twice")
        self._seen[number] = 1
        self._number, self._written = number, str(number)
        self._row = SheetRow(number, [], attributes.get("hidden") in _TRUE)
        self._column = -1
        self._next = 0

    # One cell.

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._cell = attributes
        self._value = self._formula = self._inline = None
        self._size = 0
        address = attributes.get("r")
        if address is None:
            column = self._next
        else:
            column = self._columns.get(address.removesuffix(self._written), -1)
            if column < 0 or not address.endswith(self._written):
                column = self._locate(address)
        if column >= self._limits.columns:
            raise over(self._place, self._limits, "columns")
        self._column = column
        self._next = column + 1

    def _locate(self, address: str) -> int:
        """The position of a column that was not met before."""
        letters = address.removesuffix(self._written)
        if not address.endswith(self._written) or not _LETTERS.fullmatch(letters):
            en = f"a cell of row {self._number} has the address {address!r}"
            raise self._corrupt(f"第 {self._number} 行有单元格的地址是 {address!r}", en)
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        self._columns[letters] = column - 1
        return column - 1

    def _begin_content(self, name: str, depth: int) -> None:
        _, _, value, formula, inline, text, aloud = self._names
        if depth >= self._limits.depth:
            raise over(self._place, self._limits, "depth")
        if depth == _VALUE:
            if name in (value, formula):
                self._pieces = []
            elif name == inline:
                self._inline = []
            self._aloud = False
        elif self._inline is not None:
            if depth == _VALUE + 1:
                self._aloud = name == aloud
            self._pieces = self._inline if name == text and not self._aloud else None

    def _end_cell(self) -> None:
        column, cell = self._column, self._cell
        self._column = -1
        value = self._content(cell.get("t", "n"), cell.get("s", "0"))
        if value is None or value == "":
            return
        self._filled += 1
        if self._filled > self._limits.cells:
            raise over(self._place, self._limits, "cells")
        assert self._row is not None
        cells = self._row.cells
        width = len(cells)
        if column == width:
            cells.append(value)
        elif column > width:
            cells.extend([None] * (column - width))
            cells.append(value)
        elif cells[column] is None:
            cells[column] = value
        else:
            twice = f"{cells[column]} / {value}"
            cells[column] = damaged(twice, "同一单元格出现两次", "stands there twice")

    def _content(self, kind: str, style: str) -> RawValue:
        text = self._value
        if self._inline is not None:
            text = "".join(self._inline)
        if self._formula is not None and (text is None or (not text and kind != "str")):
            return Unreadable(f"={self._formula}", "formula-not-calculated")
        if not text:
            return None
        return self._read(kind, style, text)

    def _corrupt(self, detail_zh: str, detail: str) -> SourceRefused:
        return corrupt(self._place, detail_zh, detail)
