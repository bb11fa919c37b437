"""What a file says, as plain text without colours and markup, by its suffix."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser

__all__ = ["live_formulas", "number_texts", "numbers_in", "saying"]

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_NUMBER = re.compile(r"(?<![\d.])[-−]?\d[\d,]*(?:\.\d+)?")
_ESCAPED = re.compile(r"\\([^\w\s])")
_FORMULA = re.compile(r"<f[^>]*>([^<]*)</f>")
_STARTS = ("=", "+", "-", "@", "\t", "\r")


def saying(suffix: str, written: bytes) -> str:
    r"""Returns the text of a file: cells of CSV, leaves of JSON, pages without their tags.

    >>> saying(".html", b"<p class=unmet>86.25 &lt;!</p>"), saying(".csv", b"a,'=1\r\n")
    ('86.25 <!', "a\n'=1")
    """
    text = written.decode("utf-8-sig")
    if suffix == ".csv":
        rows = csv.reader(io.StringIO(text, newline=""))
        return "\n".join(cell for row in rows for cell in row)
    if suffix == ".json":
        return "\n".join(map(str, _leaves(json.loads(text))))
    if suffix == ".md":
        text = _ESCAPED.sub(r"\1", text)
    if suffix in {".html", ".htm", ".md"}:
        return _page_text(text)
    return _ANSI.sub("", text)


def numbers_in(text: str) -> set[Decimal]:
    """Returns every number of a text, thousands separated or not.

    >>> sorted(numbers_in("1,234.50 ▼ and -5"))
    [Decimal('-5'), Decimal('1234.50')]
    """
    return {Decimal(each.replace(",", "").replace("−", "-")) for each in number_texts(text)}


def number_texts(text: str) -> list[str]:
    """Returns every number of a text as it stands there, repeats among them."""
    return _NUMBER.findall(text)


def live_formulas(suffix: str, written: bytes) -> list[str]:
    r"""Returns what a spreadsheet program would calculate in a file.

    >>> live_formulas(".csv", b"name,note\r\na,=1+2\r\nb,-5\r\n")
    ['=1+2']
    """
    if suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(written)) as package:
            sheets = [name for name in package.namelist() if "worksheets/" in name]
            parts = [package.read(name).decode() for name in sheets]
        return [each for part in parts for each in _FORMULA.findall(part)]
    if suffix not in {".csv", ".tsv"}:
        return []
    cells = saying(".csv", written).split("\n")
    return [each for each in cells if each.startswith(_STARTS) and not _is_number(each)]


def _is_number(cell: str) -> bool:
    return cell == "-" or _NUMBER.fullmatch(cell) is not None


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif value is not None:
        yield value


class _Text(HTMLParser):
    """The text that people see; nothing of scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attributes: object) -> None:  # noqa: ARG002
        self._hidden = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _page_text(page: str) -> str:
    reader = _Text()
    reader.feed(page)
    reader.close()
    return "\n".join(reader.parts)
