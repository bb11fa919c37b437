"""The rows of CSV text: strict about quotes, and clear about where one was left open."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TextIO

from salesgoal.domain.foreign_text import csv_zh
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.plugins.csv.options import CsvLimits

__all__ = ["batches", "find_delimiter", "refuse"]

DELIMITERS = (",", "\t", ";", "|")
_SEP_LINE = re.compile(r'"?sep=([^"\r\n])"?[\r\n]*', re.IGNORECASE)
_LONG_CELLS = Lock()
_LINE_END = re.compile(r"\r\n|\r|\n")
_DIGIT = re.compile("[0-9]")
_FEWEST_CELLS = 3
_SAMPLE_CHARS = 64 * 1024
_SAMPLE_ROWS = 20
_BATCH_CHARS = 8_000_000


def refuse(
    limit: str, limits: CsvLimits, place: Place, row: int | None = None
) -> SourceRefused:
    """The error of a file or row that passes a limit."""
    most = f"{getattr(limits, limit):,}"
    where = Place(place.source, row=row)
    return SourceRefused([problem("limit-exceeded", where, limit=limit, most=most)])


def _are_alike(one: str, other: str) -> bool:
    """Whether two cells have digits, and the same number of them between the same signs."""
    return any(map(str.isdigit, one)) and _DIGIT.sub("0", one) == _DIGIT.sub("0", other)


def find_delimiter(path: Path, encoding: str) -> str:
    """Returns the delimiter that cuts the first rows into most cells, evenly if one does."""
    with path.open(encoding=encoding, newline="") as stream:
        sample = stream.read(_SAMPLE_CHARS)
    if match := _SEP_LINE.match(sample):
        return match[1]
    if path.suffix.lower() == ".tsv":
        return "\t"
    whole = sample if len(sample) < _SAMPLE_CHARS else sample.rpartition("\n")[0] or sample
    return max(DELIMITERS, key=lambda each: _evenness(whole, each))


def _evenness(sample: str, delimiter: str) -> tuple[bool, int]:
    """Whether every row has as many cells as the first, and how many cells that is."""
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            widths += [len(row)] if row else []
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    width = max(widths, default=0)
    return width > 1 and len(set(widths)) == 1, width


class _TooMuch(Exception):
    """So many characters came without the end of a page that somebody must look closer."""


def batches(
    path: Path, encoding: str, *, delimiter: str, limits: CsvLimits, place: Place, size: int
) -> Iterator[list[list[str]]]:
    """Yields the rows of a file in batches.

    Rows are taken many at a time. Where one of them is at fault, or very long, the file is read
    once more from there on, row by row, to say where and what.

    Raises:
        SourceRefused: A row breaks the rules of CSV, or passes a limit.
    """
    done = 0
    with path.open(encoding=encoding, newline="") as stream:
        rows = Rows(stream, delimiter=delimiter, limits=limits, place=place)
        try:
            while batch := rows.many(size):
                done += len(batch)
                yield batch
        except (csv.Error, _TooMuch):
            pass
        else:
            return
        rows = Rows(stream, delimiter=delimiter, limits=limits, place=place)
        for _ in range(done):
            next(rows)
        yield from rows.one_by_one(size)


class Rows(Iterator[list[str]]):
    """The rows of an open file, one after the other.

    Attributes:
        number: The row that came last, as a spreadsheet counts them; a ``sep=`` line is none.
    """

    def __init__(
        self, stream: TextIO, *, delimiter: str, limits: CsvLimits, place: Place
    ) -> None:
        self.number = 0
        self._stream, self._delimiter = stream, delimiter
        self._limits, self._place = limits, place
        stream.seek(0)
        first = stream.readline(limits.row_chars)
        self._skipped = int(bool(_SEP_LINE.fullmatch(first)))
        stream.seek(0)
        if self._skipped:
            stream.readline()
        self._begun = self._skipped
        self._size = 0
        self._is_closer = True
        self._reader = csv.reader(self._lines(), delimiter=delimiter, strict=True)

    def many(self, size: int) -> list[list[str]]:
        """The next rows, as fast as can be.

        Raises:
            csv.Error, _TooMuch: One of them is odd.
        """
        self._is_closer, self._size = False, 0
        lines = self._reader.line_num
        with self._whole_cells():
            found = list(islice(self._reader, size))
        # A blank line is a row, so only cells of several lines make more lines than rows.
        if self._reader.line_num - lines > len(found) and any(map(self._swallows, found)):
            raise _TooMuch
        return found

    def one_by_one(self, size: int) -> Iterator[list[list[str]]]:
        """Yields batches of rows that were looked at one by one; long ones make them short."""
        batch: list[list[str]] = []
        chars = 0
        for row in self:
            batch.append(row)
            chars += self._size
            if len(batch) == size or chars > _BATCH_CHARS:
                yield batch
                batch, chars = [], 0
        if batch:
            yield batch

    def __next__(self) -> list[str]:
        """The cells of the next row.

        Raises:
            SourceRefused: It breaks the rules of CSV, or passes a limit.
        """
        self._size = 0
        try:
            with self._whole_cells():
                row = next(self._reader)
        except csv.Error as error:
            raise self._fault(str(error)) from error
        if self._swallows(row):
            raise self._unclosed(self._begun + 1)
        self._begun = self._reader.line_num + self._skipped
        self.number += 1
        return row

    @contextmanager
    def _whole_cells(self) -> Iterator[None]:
        """Lets a cell be as long as a row may be; the module's own limit is for everybody."""
        with _LONG_CELLS:
            before = csv.field_size_limit(self._limits.row_chars)
            try:
                yield
            finally:
                csv.field_size_limit(before)

    def _swallows(self, row: list[str]) -> bool:
        """Whether a cell of several lines holds whole rows: a quote was closed too late.

        Each line has as many cells as the row, and one with digits in the same places.
        """
        if len(row) < _FEWEST_CELLS or not any("\n" in cell or "\r" in cell for cell in row):
            return False
        first, *others = [
            line.split(self._delimiter) for line in _LINE_END.split(self._delimiter.join(row))
        ]
        return all(
            len(first) == len(line) == len(row) and any(map(_are_alike, first, line))
            for line in others
        )

    def _lines(self) -> Iterator[str]:
        most = self._limits.row_chars
        read = self._stream.readline
        while line := read(most + 1):
            self._size += len(line)
            if self._size > most:
                if not self._is_closer:
                    raise _TooMuch
                # What is too long is mostly the rest of a file behind an open quote.
                open_line = self._open_quote()
                raise (
                    self._unclosed(open_line)
                    if open_line
                    else refuse("row_chars", self._limits, self._place, self.number + 1)
                )
            yield line

    def _fault(self, detail: str) -> SourceRefused:
        open_line = self._open_quote()
        if open_line and "expected after" not in detail:
            return self._unclosed(open_line)
        if "field limit" in detail:
            return refuse("row_chars", self._limits, self._place, self.number + 1)
        line = self._reader.line_num + self._skipped
        where = Place(self._place.source, row=self.number + 1)
        begun = begun_zh = ""
        if line > self._begun + 1:
            begun = f", in a row that begins in line {self._begun + 1}"
            begun_zh = f"（所在的行从文件第 {self._begun + 1} 行开始）"
        facts = {
            "detail": f"line {line}: {detail}{begun}",
            "detail_zh": f"文件第 {line} 行{csv_zh(detail)}{begun_zh}",
        }
        return SourceRefused([problem("csv-syntax", where, **facts)])

    def _unclosed(self, line: int) -> SourceRefused:
        where = Place(self._place.source, row=self.number + 1)
        return SourceRefused([problem("unclosed-quote", where, line=line)])

    def _open_quote(self) -> int | None:
        """The line of the quote that the row after the last one leaves open, if it does."""
        self._stream.seek(0)
        for _ in range(self._begun):
            self._stream.readline()
        text = self._stream.read(self._limits.row_chars)
        line, opened, at_start, is_quoted = self._begun + 1, None, True, False
        first = line
        for at, sign in enumerate(text):
            if sign == '"' and opened is not None:
                opened = None
            elif sign == '"' and at_start:
                opened = first = line
                is_quoted = True
            elif sign == '"' and is_quoted and text[at - 1] == '"':
                opened = first  # the second of two quotes inside quotes
            ends = sign == "\n" or (sign == "\r" and text[at + 1 : at + 2] != "\n")
            line += ends
            if ends and opened is None:
                return None
            at_start = opened is None and sign == self._delimiter
            is_quoted = is_quoted and not at_start
        return opened
