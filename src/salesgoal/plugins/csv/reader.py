"""Reading CSV: whole or not at all, with the row numbers that a spreadsheet shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.plugins.csv.encoding import Encoding, find_encoding
from salesgoal.plugins.csv.options import CsvOptions
from salesgoal.plugins.csv.rows import Rows, find_delimiter
from salesgoal.ports.importer import Page, RawRow, RawValue, ReadRequest, Unreadable

__all__ = ["read"]

_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f]")


def read(request: ReadRequest) -> Iterator[Page]:
    """Yields the rows of a CSV file in pages.

    A blank line is a row without cells. Blank cells to the right of the header are left out;
    apart from that rows are as wide as the file has them.

    Raises:
        SourceRefused: The file is empty, no CSV, of another encoding, breaks the rules of CSV,
            or passes a limit.
    """
    path = request.source
    assert path is not None
    options: CsvOptions = request.options or CsvOptions()
    place = Place(path.name)
    size = path.stat().st_size
    if not size:
        raise SourceRefused([problem("file-empty", place)])
    if size > options.limits.file_bytes:
        most = f"{options.limits.file_bytes:,}"
        raise SourceRefused([problem("limit-exceeded", place, limit="file_bytes", most=most)])
    encoding = find_encoding(path, options.encoding, place)
    delimiter = options.delimiter or find_delimiter(path, encoding.name)
    with path.open(encoding=encoding.name, newline="") as stream:
        rows = Rows(stream, delimiter=delimiter, limits=options.limits, place=place)
        yield from _pages(rows, encoding, options, request.page_size, place)


def _pages(
    rows: Rows, encoding: Encoding, options: CsvOptions, page_size: int, place: Place
) -> Iterator[Page]:
    for _ in range(options.header_row - 1):
        next(rows, None)
    header = next(rows, None)
    if header is None or not any(map(str.strip, header)):
        raise SourceRefused([problem("no-rows", place)])
    if len(header) > options.limits.columns:
        raise rows.refuse("columns", rows.number)
    columns = tuple(name.strip() or f"#{at}" for at, name in enumerate(header, start=1))
    width, source, warnings = len(columns), place.source, encoding.warnings
    page: list[RawRow] = []
    for cells in rows:
        if len(cells) > width:
            if len(cells) > options.limits.columns:
                raise rows.refuse("columns", rows.number)
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
        values = tuple(map(_visible, cells)) if encoding.has_controls else tuple(cells)
        page.append(RawRow(values, Place(source, None, rows.number)))
        if len(page) == page_size:
            yield Page(tuple(page), columns, warnings=warnings)
            page, warnings = [], ()
    yield Page(tuple(page), columns, warnings=warnings)


def _visible(cell: str) -> RawValue:
    return Unreadable(repr(cell), "control-char") if _CONTROL.search(cell) else cell
