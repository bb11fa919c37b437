"""Reading CSV: whole or not at all, with the row numbers that a spreadsheet shows."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import SourceRefused
from salesgoal.plugins.csv.options import CsvOptions
from salesgoal.ports.importer import Page, RawRow, ReadRequest

__all__ = ["read"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(request: ReadRequest) -> Iterator[Page]:
    """Yields the rows of a CSV file in pages.

    Raises:
        SourceRefused: The file is empty, of another encoding, or breaks the rules of CSV.
    """
    path = request.source
    assert path is not None
    options: CsvOptions = request.options or CsvOptions()
    place = Place(path.name)
    text, warnings = _decode(path.read_bytes(), options.encoding, place)
    delimiter = options.delimiter or ("\t" if path.suffix.lower() == ".tsv" else ",")
    records = _records(text, delimiter, place)
    if request.grid:
        yield from _pages(records, (), 0, request.page_size, path, warnings)
        return
    for _ in range(options.header_row - 1):
        next(records, None)
    header = next(records, None)
    if header is None or not any(header):
        raise SourceRefused([problem("no-rows", place)])
    yield from _pages(
        records, _names(header), options.header_row, request.page_size, path, warnings
    )


def _pages(
    records: Iterator[list[str]],
    columns: Sequence[str],
    header_row: int,
    page_size: int,
    path: Path,
    warnings: tuple[Problem, ...],
) -> Iterator[Page]:
    rows: list[RawRow] = []
    for number, record in enumerate(records, start=header_row + 1):
        rows.append(RawRow(tuple(record), Place(path.name, row=number)))
        if len(rows) == page_size:
            yield Page(tuple(rows), tuple(columns), warnings=warnings)
            rows, warnings = [], ()
    yield Page(tuple(rows), tuple(columns), warnings=warnings)


def _names(header: Sequence[str]) -> list[str]:
    return [name.strip() or f"#{number}" for number, name in enumerate(header, start=1)]


def _records(text: str, delimiter: str, place: Place) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        where = Place(place.source, row=reader.line_num)
        raise SourceRefused([problem("csv-syntax", where, detail=str(error))]) from error


def _decode(
    content: bytes, encoding: str | None, place: Place
) -> tuple[str, tuple[Problem, ...]]:
    if not content:
        raise SourceRefused([problem("file-empty", place)])
    if encoding:
        return _decoded(content, encoding, place), ()
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _decoded(content, name, place), ()
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        text = _decoded(content, "gb18030", place)
        return text, (problem("encoding-assumed", place, encoding="GB18030"),)


def _decoded(content: bytes, encoding: str, place: Place) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        detail = problem("unknown-encoding", place, encoding=encoding, detail=str(error))
        raise SourceRefused([detail]) from error
