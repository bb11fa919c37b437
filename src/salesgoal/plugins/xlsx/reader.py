"""Reading workbooks: exact numbers, row numbers as Excel shows them, nothing left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

import attrs

from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import SourceRefused
from salesgoal.plugins.xlsx.cell import CellReader
from salesgoal.plugins.xlsx.formats import read_formats
from salesgoal.plugins.xlsx.merges import Merges, mentions_merges
from salesgoal.plugins.xlsx.options import XlsxOptions
from salesgoal.plugins.xlsx.package import Package
from salesgoal.plugins.xlsx.sheet import SheetReader
from salesgoal.plugins.xlsx.texts import read_texts
from salesgoal.plugins.xlsx.workbook import SheetEntry, Workbook, choose_sheet, read_workbook
from salesgoal.ports.importer import Covered, FileRows, Page, RawValue, ReadRequest

__all__ = ["read"]

PAGE_CELLS = 200_000


def read(request: ReadRequest) -> Iterator[Page]:
    """Yields the rows of one sheet in pages, in the order of the file.

    Rows that hold nothing are no rows: a sheet has a million of them. A row is as wide as the
    header, or wider where something stands to the right of it. Formulas count as the value that
    the spreadsheet program saved; a percentage comes as the text that people see, ``85%``.

    With ``grid`` every row comes, on pages without columns, and with what merged ranges cover;
    these stand behind the rows in the file, which is then read twice.

    Raises:
        SourceRefused: No workbook, a harmful or broken one, no such sheet, no header.
    """
    path = request.source
    assert path is not None
    options: XlsxOptions = request.options or XlsxOptions()
    with Package(path, options.limits) as package:
        book = read_workbook(package)
        texts, formats = read_texts(package, book.texts), read_formats(package, book.styles)
        for entry, part in _chosen(package, book, request, options):
            place = Place(path.name, sheet=entry.name)
            cells = CellReader(place, texts, formats, book.is_1904)
            columns: tuple[str, ...] = ()
            above = 0
            if not request.grid:
                above = options.header_row
                columns = _header(SheetReader(package, part, place, cells), above, place)
            sheet = SheetReader(package, part, place, cells)
            first = tuple(_of_choice(book, entry, request, options, place))
            merges = None
            if request.grid and mentions_merges(package, part):
                ahead = SheetReader(package, part, place, cells)
                deque(ahead.rows(), maxlen=0)
                merges = Merges(ahead.merges, options.limits, place)
            pages = _pages(sheet, columns, above, request.page_size, place, first, merges)
            yield from (
                (attrs.evolve(page, from_1904=True) for page in pages)
                if (book.is_1904)
                else pages
            )


def _chosen(
    package: Package, book: Workbook, request: ReadRequest, options: XlsxOptions
) -> Iterator[tuple[SheetEntry, str]]:
    """The sheet that is read, or all of them, the hidden ones first."""
    if not (request.grid and request.every_sheet):
        yield choose_sheet(package, book, options.sheet)
        return
    for entry in sorted(book.sheets, key=lambda sheet: not sheet.is_hidden):
        yield choose_sheet(package, book, entry.name)


def _header(sheet: SheetReader, header_row: int, place: Place) -> tuple[str, ...]:
    for row in sheet.rows():
        if row.number == header_row:
            return tuple(_name(cell, at) for at, cell in enumerate(row.cells, start=1))
    raise SourceRefused([problem("no-rows", place)])


def _name(cell: RawValue, number: int) -> str:
    """The name of a column; days as ISO, so that a plan can name them."""
    text = "" if cell is None else str(cell).strip()
    return text or f"#{number}"


def _pages(
    sheet: SheetReader,
    columns: Sequence[str],
    header_row: int,
    page_size: int,
    place: Place,
    warnings: tuple[Problem, ...],
    merges: Merges | None,
) -> Iterator[Page]:
    covered: dict[int, Mapping[int, Covered]] = {}
    page: list[tuple[RawValue, ...]] = []
    numbers: list[int] = []
    names, hidden, size = tuple(columns), 0, 0
    for row in sheet.rows():
        if row.number <= header_row:
            continue
        hidden += row.is_hidden
        size += max(len(row.cells), len(names))
        page.append((*row.cells, *[None] * (len(names) - len(row.cells))))
        numbers.append(row.number)
        if merges is not None and (cells := merges.of(row.number, row.cells)):
            covered[row.number] = cells
        if len(page) == page_size or size > PAGE_CELLS:
            yield Page(FileRows(page, place, numbers, covered), names, warnings=warnings)
            page, numbers, warnings, size, covered = [], [], (), 0, {}
    is_told = merges is not None and not merges.is_lost
    last = (*warnings, *_beside(sheet, hidden, header_row, len(names), place, is_told=is_told))
    yield Page(FileRows(page, place, numbers, covered), names, warnings=last)


def _of_choice(
    book: Workbook,
    entry: SheetEntry,
    request: ReadRequest,
    options: XlsxOptions,
    place: Place,
) -> Iterator[Problem]:
    """What there is to say about the sheet that was taken."""
    others = [sheet.name for sheet in book.sheets if sheet != entry and not sheet.is_hidden]
    if options.sheet is None and others and not request.every_sheet:
        yield problem("sheet-assumed", place, others=", ".join(others))
    if entry.is_hidden:
        yield problem("hidden-sheet", place)


def _beside(
    sheet: SheetReader, rows: int, header_row: int, width: int, place: Place, *, is_told: bool
) -> Iterator[Problem]:
    """What there is to say when all rows are through."""
    columns = sheet.hidden_columns(width)
    if rows or columns:
        yield problem("hidden-cells", place, rows=rows, columns=columns)
    merged = sum(each.bottom > header_row for each in sheet.merges)
    if merged and not is_told:
        yield problem("merged-cells", place, count=merged)
