"""Reading CSV by whole columns, where that surely gives the cells of the strict reader.

Where quotes stand around whole cells only, there is nothing to interpret: a line is a row, and
a delimiter ends a cell. That every line has as many delimiters as the first is counted, and
that no cell has other quotes is looked at; else the reader has its way.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from salesgoal.domain.problem import Place
from salesgoal.plugins.csv.encoding import Encoding, find_encoding
from salesgoal.plugins.csv.options import CsvLimits, CsvOptions
from salesgoal.plugins.csv.rows import find_delimiter
from salesgoal.ports.importer import NotPlain, ReadRequest, WholeColumns

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

__all__ = ["read_columns"]

_CELL_CHARS = 100_000
"""The csv module refuses longer cells from 131,072 characters on."""
_SEP_LINE = re.compile(rb'"?sep=', re.IGNORECASE)
_QUOTES = NotPlain("引号内有引号、分隔符或换行", "quotes, delimiters or lines within quotes")
_UNEVEN = NotPlain("各行的列数不同", "its rows differ in width")
_ODD = NotPlain("有控制字符或特殊分隔符", "it has control characters or an odd delimiter")
_LONG = NotPlain("有很长的单元格或行", "it has very long cells or rows")


def read_columns(request: ReadRequest) -> WholeColumns | NotPlain:
    """Returns every row of a file, the header among them, as columns of texts.

    Raises:
        SourceRefused: The file has no encoding that can be told.
    """
    path = request.source
    assert path is not None
    options: CsvOptions = request.options or CsvOptions()
    encoding = find_encoding(path, options.encoding, Place(path.name))
    delimiter = options.delimiter or find_delimiter(path, encoding.name)
    if encoding.has_controls or not delimiter.isascii():
        return _ODD
    text = _as_utf8(path, encoding)
    if b"\r" in text or _SEP_LINE.match(text) or text.startswith(BOM_UTF8):
        return _ODD
    return _cut(text, delimiter, options.limits)


def _as_utf8(path: Path, encoding: Encoding) -> bytes:
    """The text with the line ends of Unix; a return alone stays."""
    content = path.read_bytes()
    if encoding.name != "utf-8":
        content = content.decode(encoding.name).encode()
    return content.replace(b"\r\n", b"\n") if b"\r" in content else content


def _cut(text: bytes, delimiter: str, limits: CsvLimits) -> WholeColumns | NotPlain:
    """The cells, where each line has as many as the first."""
    import polars as pl

    uneven = _QUOTES if b'"' in text else _UNEVEN
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    first = text.index(b"\n") if b"\n" in text else len(text)
    width = text.count(delimiter.encode(), 0, first) + 1
    if width == 1 or text.count(delimiter.encode()) != lines * (width - 1):
        return uneven
    try:
        frame = pl.read_csv(
            text,
            has_header=False,
            schema={f"#{at}": pl.String for at in range(width)},
            separator=delimiter,
            quote_char=None,
        ).fill_null("")
    except pl.exceptions.PolarsError:  # a line is longer than the first
        return uneven
    if frame.height != lines:
        return uneven
    if _is_long(frame, limits):
        return _LONG
    found = _unquoted(frame) if b'"' in text else frame
    return _QUOTES if found is None else WholeColumns(frame=found)


def _unquoted(frame: pl.DataFrame) -> pl.DataFrame | None:
    """The cells without the quotes around them; None where a quote stands anywhere else.

    A cell that a delimiter or a line end cuts in two leaves a piece with one quote.
    """
    import polars as pl

    cell = pl.all()
    quotes = cell.str.count_matches('"', literal=True)
    around = cell.str.starts_with('"') & cell.str.ends_with('"') & (quotes == 2)  # noqa: PLR2004
    plain = frame.select((around | (quotes == 0)).all()).row(0)
    if not all(plain):
        return None
    return frame.with_columns(cell.str.strip_prefix('"').str.strip_suffix('"'))


def _is_long(frame: pl.DataFrame, limits: CsvLimits) -> bool:
    """Whether a cell or a row may pass a limit; bytes are at least as many as characters."""
    import polars as pl

    lengths = frame.select(pl.all().str.len_bytes().max()).row(0)
    return bool(max(lengths) > _CELL_CHARS or sum(lengths) + len(lengths) >= limits.row_chars)
