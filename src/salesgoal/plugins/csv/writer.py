"""Writing CSV: one table after another, with texts that no spreadsheet takes for formulas."""

from __future__ import annotations

import codecs
import csv
import io
from typing import BinaryIO

from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.sheet import Book, written

__all__ = ["write"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    """Writes every sheet as a title row, a header and its lines; UTF-8 with a byte-order mark.

    A text that begins like a formula gets an apostrophe before it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for number, sheet in enumerate(book.sheets):
        if number:
            writer.writerow([])
        if len(book.sheets) > 1:
            writer.writerow([_safe(sheet.title.of(options.lang))])
        writer.writerow(map(_safe, sheet.header(options.lang)))
        for line in sheet.lines:
            writer.writerow([_safe(written(sheet, line, at)) for at in sheet.shown])
    stream.write(codecs.BOM_UTF8 + text.getvalue().encode())


def _safe(value: object) -> str:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS) and value != "-":
        return f"'{value}"
    return "" if value is None else str(value)
