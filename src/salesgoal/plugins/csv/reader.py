"""Reading CSV: whole or not at all, with the row numbers that a spreadsheet shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.plugins.csv.encoding import Encoding, find_encoding
from salesgoal.plugins.csv.options import CsvLimits, CsvOptions
from salesgoal.plugins.csv.rows import batches, find_delimiter, refuse
from salesgoal.ports.importer import FileRows, Page, RawValue, ReadRequest, Unreadable

__all__ = ["read"]

_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f]")


def read(request: ReadRequest) -> Iterator[Page]:
    """Yields the rows of a CSV file in pages.

    A blank line is a row without cells. Blank cells to the right of the header are left out;
    apart from that rows are as wide as the file has them. With ``grid`` every row comes as it
    stands, on pages without columns.

    Raises:
        SourceRefused: The file is empty, no CSV, of another encoding, breaks the rules of CSV,
            or passes a limit.
    """
    path = request.source
    assert path is not None
    options: CsvOptions = request.options or CsvOptions()
    place = Place(path.name)
    size, limits = path.stat().st_size, options.limits
    if not size:
        raise SourceRefused([problem("file-empty", place)])
    if size > limits.file_bytes:
        raise refuse("file_bytes", limits, place)
    encoding = find_encoding(path, options.encoding, place)
    delimiter = options.delimiter or find_delimiter(path, encoding.name)
    found = batches(
        path,
        encoding.name,
        delimiter=delimiter,
        limits=limits,
        place=place,
        size=request.page_size,
    )
    if request.grid:
        yield from _grid(found, encoding, limits, place)
    else:
        yield from _pages(found, encoding, options, place)


def _pages(
    found: Iterator[list[list[str]]], encoding: Encoding, options: CsvOptions, place: Place
) -> Iterator[Page]:
    above, header, number = options.header_row, None, 0
    columns: tuple[str, ...] = ()
    warnings, limits = encoding.warnings, options.limits
    for batch in found:
        number += len(batch)
        rows = batch
        if header is None:
            if number < above:
                continue
            at = above - 1 - (number - len(batch))
            header, rows = batch[at], batch[at + 1 :]
            columns = _names(header, limits, place, above)
        first = number - len(rows) + 1
        if max(map(len, rows), default=0) > len(columns):
            _trim(rows, len(columns), limits, place, first)
        raw = _raw(rows, first, encoding, place)
        yield Page(raw, columns, warnings=warnings)
        warnings = ()
    if header is None:
        raise SourceRefused([problem("no-rows", place)])


def _grid(
    found: Iterator[list[list[str]]], encoding: Encoding, limits: CsvLimits, place: Place
) -> Iterator[Page]:
    """Every row as it stands."""
    first, warnings = 1, encoding.warnings
    for batch in found:
        if max(map(len, batch)) > limits.columns:
            number = next(at for at, row in enumerate(batch) if len(row) > limits.columns)
            raise refuse("columns", limits, place, first + number)
        yield Page(_raw(batch, first, encoding, place), warnings=warnings)
        first, warnings = first + len(batch), ()


def _raw(rows: list[list[str]], first: int, encoding: Encoding, place: Place) -> FileRows:
    values = map(tuple, _visible(rows) if encoding.has_controls else rows)
    return FileRows(tuple(values), place, range(first, first + len(rows)))


def _names(header: Sequence[str], limits: CsvLimits, place: Place, row: int) -> tuple[str, ...]:
    if not any(map(str.strip, header)):
        raise SourceRefused([problem("no-rows", place)])
    if len(header) > limits.columns:
        raise refuse("columns", limits, place, row)
    return tuple(name.strip() or f"#{at}" for at, name in enumerate(header, start=1))


def _trim(
    rows: list[list[str]], width: int, limits: CsvLimits, place: Place, first: int
) -> None:
    """Leaves out blank cells to the right of the header."""
    for number, cells in enumerate(rows, start=first):
        if len(cells) > limits.columns:
            raise refuse("columns", limits, place, number)
        while len(cells) > width and not cells[-1].strip():
            cells.pop()


def _visible(rows: Iterable[Iterable[str]]) -> Iterator[Iterator[RawValue]]:
    for cells in rows:
        yield (
            Unreadable(repr(cell), "control-char") if _CONTROL.search(cell) else cell
            for cell in cells
        )
