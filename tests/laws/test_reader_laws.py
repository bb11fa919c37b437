"""The same table is the same rows, however its file is written down.

What is protected: a figure must not depend on which program saved the file, in which encoding,
or in which order it wrote the cells down.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal.app.builtins import built_in_plugins
from salesgoal.intake.parse import read_day, read_number
from salesgoal.plugins.csv.options import CsvOptions
from salesgoal.plugins.xlsx.options import XlsxOptions
from salesgoal.ports.importer import ReadRequest

from .packages import STRICT, packed, parts

PLUGINS = built_in_plugins()
HEADER = ("日期", "客户", "金额")
NAMES = st.text("甲乙丙丁上海 北京,;|\t\"'\n<&>_x0041_é", min_size=1, max_size=8).filter(
    lambda text: text.strip() and not text.endswith("\t")
)
DAYS = st.dates(date(1904, 1, 1), date(2099, 12, 31)).filter(lambda day: day > date(1904, 1, 2))
CENTS = st.integers(-(10**14), 10**14).map(lambda cents: Decimal(cents) / 100)
ROWS = st.lists(st.tuples(DAYS, NAMES, CENTS), min_size=1, max_size=6)
SOME = settings(max_examples=min(40, settings().max_examples))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("laws")


def rows_of(importer: str, path: Path, options: object, content: bytes):
    path.write_bytes(content)
    request = ReadRequest(source=path, options=options, page_size=2)
    pages = list(PLUGINS.importer(importer).read(request))
    return [page.columns for page in pages], sorted(
        (row.where.row, row.values) for page in pages for row in page.rows
    )


def as_csv(rows, *, encoding, delimiter, end):
    text = io.StringIO(newline="")
    # Quoted throughout: a writer that ends lines with \r leaves \n in a cell bare otherwise.
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    writer.writerows([day.isoformat(), name, str(amount)] for day, name, amount in rows)
    return text.getvalue().encode(encoding)


@SOME
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",\t;"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_text_file_means_the_same_in_every_encoding(folder, rows, delimiter, end):
    """UTF-8, a mark, GB18030, UTF-16 and UTF-32; comma, tab, semicolon; three line ends."""
    wanted = [
        (at, (day.isoformat(), name, str(amount)))
        for at, (day, name, amount) in enumerate(rows, start=2)
    ]
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32"):
        content = as_csv(rows, encoding=encoding, delimiter=delimiter, end=end)
        options = CsvOptions(delimiter=delimiter)
        columns, found = rows_of("csv", folder / "a.csv", options, content)
        assert set(columns) == {HEADER}
        assert found == wanted, encoding


def sheet_rows(rows, *, shared, is_1904, chance):
    """The XML of the rows, and the shared texts."""
    texts = [*HEADER, *(name for _, name, _ in rows)]
    epoch = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)

    def text(ref, at):
        if shared:
            return f'<c r="{ref}" t="s"><v>{at}</v></c>'
        return f'<c r="{ref}" t="inlineStr"><is><t>{escaped(texts[at])}</t></is></c>'

    lines = [(1, [text(f"{letter}1", at) for at, letter in enumerate("ABC")])]
    for at, (day, _, amount) in enumerate(rows, start=2):
        serial = f'<c r="A{at}" s="1"><v>{(day - epoch).days}</v></c>'
        lines.append(
            (at, [serial, text(f"B{at}", at + 1), f'<c r="C{at}"><v>{amount}</v></c>'])
        )
    if chance is not None:
        chance.shuffle(lines)
        for _, cells in lines:
            chance.shuffle(cells)
    xml = "".join(f'<row r="{at}">{"".join(cells)}</row>' for at, cells in lines)
    return xml, [escaped(each, in_xml=False) for each in texts]


def escaped(text, *, in_xml=True):
    """A text as workbooks write it down: ``_x0041_`` itself is escaped."""
    plain = text.replace("_x", "_x005F_x")
    return escape(plain) if in_xml else plain


@SOME
@given(
    rows=ROWS,
    shared=st.booleans(),
    is_1904=st.booleans(),
    is_strict=st.booleans(),
    span=st.sampled_from(["", "A1", "A1:XFD1048576", "B7:C9"]),
    chance=st.none() | st.integers(0, 2**32).map(Random),
)
def test_a_workbook_means_the_same_however_it_is_written(
    folder, rows, shared, is_1904, is_strict, span, chance
):
    """Shared or inline texts, any order, any dimension, 1900 or 1904, strict or not."""
    xml, texts = sheet_rows(rows, shared=shared, is_1904=is_1904, chance=chance)
    found = parts(
        xml,
        texts=texts,
        formats=(0, 14),
        is_1904=is_1904,
        before=f'<dimension ref="{span}"/>' if span else "",
        **({"space": STRICT} if is_strict else {}),
    )
    columns, found = rows_of("xlsx", folder / "a.xlsx", XlsxOptions(), packed(found))
    assert set(columns) == {HEADER}
    assert found == list(enumerate(rows, start=2))


@SOME
@given(rows=ROWS)
def test_a_text_file_and_a_workbook_come_to_the_same(folder, rows):
    content = as_csv(rows, encoding="utf-8", delimiter=",", end="\n")
    _, texts = rows_of("csv", folder / "b.csv", CsvOptions(delimiter=","), content)
    xml, shared = sheet_rows(rows, shared=True, is_1904=False, chance=None)
    book = packed(parts(xml, texts=shared, formats=(0, 14)))
    _, cells = rows_of("xlsx", folder / "b.xlsx", XlsxOptions(), book)
    read = [(at, (read_day(day), name, read_number(each))) for at, (day, name, each) in texts]
    assert read == cells
