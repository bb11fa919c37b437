"""Reading workbooks: exact numbers, row numbers as Excel shows them."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.plugins.xlsx.guard import check_package
from salesgoal.plugins.xlsx.options import XlsxOptions
from salesgoal.ports.importer import Page, RawRow, RawValue, ReadRequest

__all__ = ["read"]


def read(request: ReadRequest) -> Iterator[Page]:
    """Yields the rows of one sheet in pages.

    Formulas count as the value that the spreadsheet program saved. Numbers keep the 15 digits
    that a spreadsheet shows, so 731.9399999999999 is 731.94.

    Raises:
        SourceRefused: No workbook, no such sheet, no header.
    """
    path = request.source
    assert path is not None
    options: XlsxOptions = request.options or XlsxOptions()
    check_package(path)
    with closing(_open(path)) as book:
        sheet = _choose(book, options.sheet, Place(path.name))
        place = Place(path.name, sheet=sheet.title)
        with closing(_rows(sheet, place)) as rows:
            if request.grid:
                yield from _grid(rows, request.page_size, place)
            else:
                yield from _pages(rows, options.header_row, request.page_size, place)


def _open(path: Path) -> Any:  # noqa: ANN401 - openpyxl has no type for read-only books
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they speak of styles, and only rows are read
            return openpyxl.load_workbook(
                path, read_only=True, data_only=True, keep_links=False
            )
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        raise SourceRefused(
            [problem("not-a-workbook", Place(path.name), detail=detail)]
        ) from error


def _choose(book: Any, name: str | None, place: Place) -> Any:  # noqa: ANN401
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets or (name is not None and name not in sheets):
        found = ", ".join(sheets) or "-"
        raise SourceRefused([problem("missing-sheet", place, column=name, found=found)])
    chosen = sheets[name] if name is not None else next(iter(sheets.values()))
    chosen.reset_dimensions()
    return chosen


def _rows(sheet: Any, place: Place) -> Generator[Sequence[object]]:  # noqa: ANN401
    try:
        yield from sheet.iter_rows(values_only=True)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        raise SourceRefused([problem("not-a-workbook", place, detail=detail)]) from error


def _pages(
    rows: Iterator[Sequence[object]], header_row: int, page_size: int, place: Place
) -> Iterator[Page]:
    for _ in range(header_row - 1):
        next(rows, None)
    header = next(rows, ())
    if not any(cell is not None for cell in header):
        raise SourceRefused([problem("no-rows", place)])
    columns = _names(header)
    page: list[RawRow] = []
    for number, cells in enumerate(rows, start=header_row + 1):
        values = [_raw(cell) for cell in cells[: len(columns)]]
        values += [None] * (len(columns) - len(values))
        page.append(RawRow(tuple(values), Place(place.source, place.sheet, number)))
        if len(page) == page_size:
            yield Page(tuple(page), columns)
            page = []
    yield Page(tuple(page), columns)


def _grid(rows: Iterator[Sequence[object]], page_size: int, place: Place) -> Iterator[Page]:
    """Every row as it stands, without the blank cells at its end."""
    page: list[RawRow] = []
    for number, cells in enumerate(rows, start=1):
        values = [_raw(cell) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        page.append(RawRow(tuple(values), Place(place.source, place.sheet, number)))
        if len(page) == page_size:
            yield Page(tuple(page))
            page = []
    yield Page(tuple(page))


def _names(header: Iterable[object]) -> tuple[str, ...]:
    """The column names; days as ISO, so that a plan can name them; trailing blanks left out."""
    names = [_name(cell, number) for number, cell in enumerate(header, start=1)]
    while names and names[-1] == f"#{len(names)}":
        names.pop()
    return tuple(names)


def _name(cell: object, number: int) -> str:
    raw = _raw(cell)
    text = "" if raw is None else str(raw).strip()
    return text or f"#{number}"


def _raw(cell: object) -> RawValue:
    """A cell as an importer may hand it over: no float, no time of day."""
    match cell:
        case bool() | str() | int() | Decimal() | None:
            return cell
        case float():
            return Decimal(format(cell, ".15g"))
        case datetime():
            return cell.date()
        case date():
            return cell
    return str(cell)
