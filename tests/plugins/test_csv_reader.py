from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import SourceRefused, UsageError
from salesgoal.plugins.csv.options import CsvOptions
from salesgoal.ports.importer import FileHead, ReadRequest

SPEC = built_in_plugins().importer("csv")
HOSTILE = Path(__file__).parents[2].parent / "shared" / "hostile" / "csv"
TEXT = "日期,金额\n2023-10-06,1\n"


def read(path, page_size=5_000, **options):
    request = ReadRequest(source=path, options=CsvOptions(**options), page_size=page_size)
    return list(SPEC.read(request))


def rows(pages):
    return [(row.where.row, *row.values) for page in pages for row in page.rows]


@pytest.fixture
def file(tmp_path):
    def written(content, name="日报.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    ],
    ids=["plain", "BOM", "UTF-16", "UTF-16 BE", "UTF-32", "UTF-32 BE"],
)
def test_encodings_that_say_what_they_are_read_without_a_word(file, content):
    (page,) = read(file(content))
    assert page.columns == ("日期", "金额")
    assert rows([page]) == [(2, "2023-10-06", "1")]
    assert not page.warnings


def test_gb18030_is_read_with_a_warning(file):
    (page,) = read(file(TEXT.encode("gb18030")))
    assert page.columns == ("日期", "金额")
    assert [each.code for each in page.warnings] == ["encoding-assumed"]


def test_a_named_encoding_is_taken_at_its_word(file):
    (page,) = read(file(TEXT.encode("gb18030")), encoding="gbk")
    assert (page.columns, page.warnings) == (("日期", "金额"), ())


def test_the_warning_stands_on_the_first_page_only(file):
    pages = read(file((TEXT + "2023-10-07,2\n").encode("gb18030")), page_size=1)
    assert [len(page.warnings) for page in pages] == [1, 0, 0]
    assert rows(pages) == [(2, "2023-10-06", "1"), (3, "2023-10-07", "2")]
    assert {page.columns for page in pages} == {("日期", "金额")}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_counts(file, end):
    assert rows(read(file(f"a,b{end}1,2{end}3,4"))) == [(2, "1", "2"), (3, "3", "4")]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"1,5",x', ("1,5", "x")),
        ('"a ""b""",x', ('a "b"', "x")),
        ('"two\nlines",x', ("two\nlines", "x")),
        ('a"b,x', ('a"b', "x")),
        ("=1+1,x", ("=1+1", "x")),
        (" 1 ,x", (" 1 ", "x")),
    ],
)
def test_quotes_follow_the_rules(file, line, cells):
    assert rows(read(file(f"a,b\n{line}\nlast,row\n"))) == [(2, *cells), (3, "last", "row")]


def test_rows_are_neither_padded_nor_cut(file):
    assert rows(read(file("a,b\n1\n\n1,2,3,4\n"))) == [
        *((2, "1"), (3,), (4, "1", "2", "3", "4")),
    ]


def test_a_blank_header_gets_a_number(file):
    (page,) = read(file("a,, c \n1,2,3\n"))
    assert page.columns == ("a", "#2", "c")


def test_tabs_and_other_delimiters(file):
    assert rows(read(file("a\tb\n1\t2\n", "x.tsv"))) == [(2, "1", "2")]
    assert rows(read(file("a;b\n1;2\n"), delimiter=";")) == [(2, "1", "2")]


def test_the_header_may_stand_lower(file):
    assert rows(read(file("title\n\na,b\n1,2\n"), header_row=3)) == [(4, "1", "2")]


@pytest.mark.parametrize(
    ("content", "options", "code", "row"),
    [
        (b"", {}, "file-empty", None),
        (codecs.BOM_UTF8, {}, "no-rows", None),
        (b"\n1,2\n", {}, "no-rows", None),
        (b"a,b\n", {"header_row": 3}, "no-rows", None),
        (b'a,b\n1,2\n"open,3\n4,5', {}, "csv-syntax", 4),
        (b'a,b\n"x"y,3\n', {}, "csv-syntax", 2),
        (b"\xff\xff\xff", {}, "unknown-encoding", None),
        (b"a,b\n", {"encoding": "klingon"}, "unknown-encoding", None),
        (b"\xd6\xd0", {"encoding": "utf-8"}, "unknown-encoding", None),
    ],
)
def test_what_cannot_be_read_is_refused_whole(file, content, options, code, row):
    with pytest.raises(SourceRefused) as refused:
        read(file(content), **options)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.source, problem.where.row) == (code, "日报.csv", row)


@pytest.mark.parametrize("delimiter", ["", ";;", '"', "\n"])
def test_a_delimiter_is_one_character(delimiter):
    with pytest.raises(UsageError, match="one character"):
        CsvOptions(delimiter=delimiter)


def test_rows_are_counted_from_one():
    with pytest.raises(UsageError, match="from 1 up"):
        CsvOptions(header_row=0)


@pytest.mark.parametrize(
    ("name", "claimed"), [("a.csv", True), ("a.TSV", True), ("a.txt", True), ("a.xlsx", False)]
)
def test_files_are_claimed_by_their_suffix(name, claimed):
    assert SPEC.matches(FileHead(name, b"")) is claimed


HOSTILE_ROWS = [
    *((f"enc_{name}.csv", 2) for name in ("utf-8", "gbk", "utf-16", "utf-32")),
    ("enc_gb18030_rare.csv", 1),
    ("eol_cr.csv", 2),
    ("eol_mixed.csv", 2),
    ("nl_in_cell.csv", 2),
    ("tab.tsv", 2),
    ("stray_quote.csv", 2),
    ("header_only.csv", 0),
    ("formula_names.csv", 5),
]


@pytest.mark.parametrize(("name", "count"), HOSTILE_ROWS)
def test_odd_files_give_their_rows(name, count):
    path = HOSTILE / name
    if not path.exists():
        pytest.skip(f"{path} is not here: hostile inputs lie beside the project")
    assert len(rows(read(path))) == count


@pytest.mark.parametrize(
    "name", ["empty.csv", "unclosed_quote.csv", "only_bom.csv", "enc_utf-16-be.csv", "gzip.csv"]
)
def test_broken_files_are_refused(name):
    path = HOSTILE / name
    if not path.exists():
        pytest.skip(f"{path} is not here: hostile inputs lie beside the project")
    with pytest.raises(SourceRefused):
        read(path)
