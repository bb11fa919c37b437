from __future__ import annotations

import codecs
import csv

import pytest

from salesgoal.errors import SourceRefused, UsageError
from salesgoal.plugins.csv.options import CsvLimits, CsvOptions
from salesgoal.ports.importer import FileHead, ReadRequest, Unreadable

from .reading import PLUGINS, reader_of, rows_of

SPEC = PLUGINS.importer("csv")
TEXT = "日期,金额\n2023-10-06,1\n"
read, refusal = reader_of("csv", CsvOptions)


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
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32-le"),
        TEXT.encode("utf-32-be"),
    ],
    ids=[
        *("plain", "BOM", "UTF-16", "UTF-16 BE", "UTF-32", "UTF-32 BE"),
        *("no BOM LE", "no BOM BE", "no BOM 32 LE", "no BOM 32 BE"),
    ],
)
def test_encodings_that_say_what_they_are_read_without_a_word(file, content):
    (page,) = read(file(content))
    assert page.columns == ("日期", "金额")
    assert rows_of([page]) == [(2, "2023-10-06", "1")]
    assert not page.warnings


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_texts_without_a_mark_may_hold_signs_whose_lower_byte_is_zero(file, encoding):
    signs = [chr(sign) for sign in range(0x4E00, 0xA000, 256)]  # 一 and 销 among them
    for at in range(0, len(signs), 6):
        name = "".join(signs[at : at + 6])
        text = f"销售日期,销售额\n2023-10-06,{name}\n"
        (page,) = read(file(text.encode(encoding)))
        assert (page.columns, page.warnings) == (("销售日期", "销售额"), ())
        assert [row[1:] for row in rows_of([page])] == [("2023-10-06", name)]


def test_a_stray_nul_makes_no_wide_text(file):
    ((_, day, cell),) = rows_of(read(file("日期,客户名称与备注\n2023-10-06,销售一部\0\n")))
    assert (day, cell.code) == ("2023-10-06", "control-char")


def test_broken_chinese_is_told_by_its_own_place(file):
    line = "2023-10-06,1\n".encode("gb18030")
    problem = refusal(file(TEXT.encode("gb18030") + line + b"\x80,2\n"))
    assert (problem.code, problem.facts["encoding"]) == ("unknown-encoding", "GB18030")
    assert problem.facts["detail"].startswith("line 4, byte ")


def test_gb18030_is_read_with_a_warning(file):
    (page,) = read(file(TEXT.encode("gb18030")))
    assert page.columns == ("日期", "金额")
    assert [each.code for each in page.warnings] == ["encoding-assumed"]


@pytest.mark.parametrize("name", ["gbk", "big5", "utf-16-le", "utf-8", "UTF8"])
def test_a_named_encoding_is_taken_at_its_word(file, name):
    (page,) = read(file("日期,金\n1,2\n".encode(name)), encoding=name)
    assert (page.columns, page.warnings) == (("日期", "金"), ())


def test_a_mark_is_no_part_of_the_first_column(file):
    (page,) = read(file(codecs.BOM_UTF8 + b"a,b\n1,2\n"), encoding="utf-8")
    assert page.columns == ("a", "b")


LATIN = "pays,montant\nCôte d'Ivoire,1\nSociété Générale,2\n"


@pytest.mark.parametrize("name", ["cp1252", "mac_roman"])
def test_western_encodings_are_not_guessed_but_taken_when_named(file, name):
    path = file(LATIN.encode(name))
    problem = refusal(path)
    assert problem.code == "unknown-encoding"
    assert "line 2, byte 14" in problem.facts["detail"]
    assert name in problem.facts["candidates_en"]
    assert rows_of(read(path, encoding=name))[0] == (2, "Côte d'Ivoire", "1")


@pytest.mark.parametrize(
    ("text", "name", "likelier"),
    [
        (
            "日期,客戶,業務員,產品線,金額\n2026-03-31,上海甲乙科技有限公司,張三,軟體,1\n",
            "big5",
            "BIG5",
        ),
        (
            "날짜,고객,금액\n2026-03-01,서울전자,100\n2026-03-02,부산상사,200\n",
            "euc_kr",
            "CP949",
        ),
        ("日付,顧客,金額\n2026-03-01,株式会社あいう,100\n", "euc_jp", "EUC-"),
    ],
)
def test_what_is_likelier_another_encoding_is_not_read_as_chinese(file, text, name, likelier):
    path = file(text.encode(name))
    assert path.read_bytes().decode("gb18030")
    problem = refusal(path)
    assert problem.code == "encoding-unclear"
    assert problem.facts["other"].startswith(likelier)
    assert read(path, encoding=name)[0].columns == tuple(text.split("\n")[0].split(","))


@pytest.mark.parametrize("byte", [b"\xff", b"\xd0", b""])
def test_utf_8_with_a_broken_byte_is_no_other_encoding(file, byte):
    content = ("日期,客户,金额\n" + "2026-03-01,上海甲乙科技有限公司,1.00\n" * 3).encode()
    at = content.rindex("科".encode())
    problem = refusal(file(content[:at] + byte + content[at + 1 :]))
    assert (problem.code, problem.facts["encoding"]) == ("unknown-encoding", "UTF-8")
    assert problem.facts["detail"].startswith("line 4, byte ")


def test_a_byte_is_found_far_behind(file):
    lines = "2026-03-01,上海甲乙科技有限公司,1.00\r\n" * 20_000
    content = ("日期,客户,金额\r\n" + lines).encode() + b"\xff"
    problem = refusal(file(content))
    assert problem.facts["detail"].startswith(f"line 20002, byte {len(content) - 1}:")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\x1f\x8b\x08", "gzip data"),
        (b"PK\x03\x04", "a zip package (an .xlsx workbook perhaps)"),
        (b"\xd0\xcf\x11\xe0", "an old .xls workbook"),
        (b"%PDF-1.7", "a PDF document"),
        (b"BZh91AY", "bzip2 data"),
        (b"\xfd7zXZ\0", "xz data"),
        (b"\x28\xb5\x2f\xfd", "Zstandard data"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07\0", "a RAR archive"),
        (rb"{\rtf1\ansi", "an RTF document"),
        (b"\x89PNG\r\n", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "a picture (JPEG)"),
        (b"GIF89a", "a picture (GIF)"),
        (b"PAR1\x15", "a Parquet file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\0" * 512, "a file of NUL bytes only"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><table>", "a web page (a login page perhaps)"),
    ],
)
def test_what_is_no_text_is_named(file, content, found):
    problem = refusal(file(content))
    assert (problem.code, problem.facts["found"]) == ("not-a-csv", found)


def test_the_warning_stands_on_the_first_page_only(file):
    pages = read(file((TEXT + "2023-10-07,2\n").encode("gb18030")), page_size=1)
    assert [len(page.warnings) for page in pages] == [1, 0, 0]
    assert rows_of(pages) == [(2, "2023-10-06", "1"), (3, "2023-10-07", "2")]
    assert {page.columns for page in pages} == {("日期", "金额")}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_counts(file, end):
    assert rows_of(read(file(f"a,b{end}1,2{end}3,4"))) == [(2, "1", "2"), (3, "3", "4")]


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
    assert rows_of(read(file(f"a,b\n{line}\nlast,row\n"))) == [(2, *cells), (3, "last", "row")]


def test_rows_are_neither_padded_nor_cut(file):
    assert rows_of(read(file("a,b\n1\n\n1,2,3,4\n1,2,, \n"))) == [
        *((2, "1"), (3,), (4, "1", "2", "3", "4"), (5, "1", "2")),
    ]


def test_control_characters_spoil_their_cell_only(file):
    (page,) = read(file("a,b\n张\0三,1\n x,\t2\n"))
    first, second = page.rows
    assert first.values == (Unreadable("'张\\x00三'", "control-char"), "1")
    assert second.values == (" x", "\t2")
    (page,) = read(file(codecs.BOM_UTF16_LE + "甲,b\n\x01,1\n".encode("utf-16-le")))
    assert page.rows[0].values[0].code == "control-char"


def test_a_grid_is_every_row_as_it_stands(file):
    path = file("title,\n\na,b\n1,2,\n")
    pages = list(SPEC.read(ReadRequest(source=path, page_size=2, grid=True)))
    assert {page.columns for page in pages} == {()}
    assert rows_of(pages) == [(1, "title", ""), (2,), (3, "a", "b"), (4, "1", "2", "")]


def test_a_blank_header_gets_a_number(file):
    (page,) = read(file("a,, c \n1,2,3\n"))
    assert page.columns == ("a", "#2", "c")


def test_tabs_and_other_delimiters(file):
    assert rows_of(read(file("a\tb\n1\t2\n", "x.tsv"))) == [(2, "1", "2")]
    assert rows_of(read(file("a;b\n1;2\n"), delimiter=";")) == [(2, "1", "2")]


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_the_delimiter_that_cuts_evenly_is_found(file, sign):
    content = f"a{sign}b\n1{sign}2\n\n3{sign}4\n"
    assert rows_of(read(file(content))) == [(2, "1", "2"), (3,), (4, "3", "4")]


def test_decimal_commas_do_not_cut(file):
    assert rows_of(read(file("a;b\n1,5;2,5\n3;4,5\n"))) == [(2, "1,5", "2,5"), (3, "3", "4,5")]
    assert rows_of(read(file('a,b;c\n"1,5",2;3\n'))) == [(2, "1,5", "2;3")]


def test_one_column_needs_no_delimiter(file):
    assert rows_of(read(file("a\n1\n2\n"))) == [(2, "1"), (3, "2")]


@pytest.mark.parametrize("line", ["sep=;\n", '"sep=;"\r\n', "SEP=;\r"])
def test_a_sep_line_names_the_delimiter_and_is_no_row(file, line):
    assert rows_of(read(file(f"{line}a;b,c\n1;2,3\n"))) == [(2, "1", "2,3")]
    assert rows_of(read(file(f"{line}a;b,c\n1;2,3\n"), delimiter=",")) == [(2, "1;2", "3")]


def test_the_header_may_stand_lower(file):
    assert rows_of(read(file("title\n\na,b\n1,2\n"), header_row=3)) == [(4, "1", "2")]


@pytest.mark.parametrize(
    ("content", "options", "code", "row"),
    [
        (b"", {}, "file-empty", None),
        (codecs.BOM_UTF8, {}, "no-rows", None),
        (b"\n1,2\n", {}, "no-rows", None),
        (b"a,b\n", {"header_row": 3}, "no-rows", None),
        (b'a,b\n1,2\n"open,3\n4,5', {}, "unclosed-quote", 3),
        (b'a,b\n"x"y,3\n', {}, "csv-syntax", 2),
        (b" , \n1,2\n", {}, "no-rows", None),
        (b"\xff\xff\xff", {}, "unknown-encoding", None),
        (b"a,b\n", {"encoding": "rot13"}, "unknown-encoding", None),
        (b"a,b\n", {"encoding": "utf-16"}, "unknown-encoding", None),
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


@pytest.mark.parametrize(
    ("content", "row", "line"),
    [
        ('a,b\n1,"2\n3,4\n', 2, 2),
        ('a,b\n"1\n2",3\n4,"5', 3, 4),
        ('a,b\n"1\n2","3\n4,5\n', 2, 3),
        ('a,b\n"1 ""2""\n3","4\n', 2, 3),
        ('a,b\r1,"2 ""\r3', 2, 2),
        ('sep=,\na,b\n1,"2\n', 2, 3),
        ('a,b\n1,"' + "2\n" * 70_000, 2, 2),
        ('a,b\n1,"' + "2" * 140_000, 2, 2),
    ],
)
def test_the_line_of_an_open_quote_is_told(file, content, row, line):
    problem = refusal(file(content))
    assert (problem.code, problem.where.row, problem.facts["line"]) == (
        *("unclosed-quote", row, line),
    )


@pytest.mark.parametrize(
    ("content", "row", "line"),
    [
        ('a,b,c\n2023-10-06,"x,5\n2023-10-07,y",6\n', 2, 2),
        ('a,b,c\n1,x,2\n2023-10-06,"x,5\r\n2023-10-07,y,7\r\n2023-10-08,z",6\n', 3, 3),
    ],
)
def test_a_quote_that_swallows_whole_rows_is_open(file, content, row, line):
    problem = refusal(file(content))
    assert (problem.code, problem.where.row, problem.facts["line"]) == (
        *("unclosed-quote", row, line),
    )


@pytest.mark.parametrize(
    "cell", ["x\ny", "x,5\ny", "2023-10-06,x,5\n2023-10-07,y,6", "a,b\nc,d"]
)
def test_a_cell_of_several_lines_that_are_no_rows_is_one_cell(file, cell):
    assert rows_of(read(file(f'a,b,c\n2023-10-06,"{cell}",6\n'))) == [
        (2, "2023-10-06", cell, "6")
    ]


def test_a_fault_behind_a_quote_tells_both_lines(file):
    problem = refusal(file('a,b\n"1\n2"3,4\n'))
    assert (problem.code, problem.where.row) == ("csv-syntax", 2)
    assert problem.facts["detail"].startswith("line 3: ")
    assert problem.facts["detail"].endswith(", in a row that begins in line 2")


def test_rows_are_counted_as_a_spreadsheet_counts_them(file):
    found = rows_of(read(file('a,b\n"1\n2\n3",4\n5,6\n')))
    assert [row[0] for row in found] == [2, 3]


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        ({"file_bytes": 8}, b"a,b\n1,2\n"),
        ({"columns": 3}, b"a,b,c\n1,2,3\n"),
        ({"columns": 3}, b"a,b\n1,2,3\n"),
        ({"row_chars": 9}, b"a,b\n12345,67\n"),
        ({"row_chars": 9}, b'a,b\n"1\n4",67\n'),
    ],
)
def test_a_limit_is_reached_and_not_passed(file, limits, content):
    ((name, most),) = limits.items()
    assert read(file(content), limits=CsvLimits(**limits))
    problem = refusal(file(content), limits=CsvLimits(**{name: most - 1}))
    assert (problem.code, problem.facts["limit"]) == ("limit-exceeded", name)


def test_a_grid_has_no_more_columns_than_its_limit(file):
    def grid(content):
        options = CsvOptions(limits=CsvLimits(columns=3))
        return list(SPEC.read(ReadRequest(source=file(content), options=options, grid=True)))

    assert rows_of(grid("a,b,c\n1,2,3\n")) == [(1, "a", "b", "c"), (2, "1", "2", "3")]
    with pytest.raises(SourceRefused) as refused:
        grid("a,b,c\n1,2,3,4\n")
    (problem,) = refused.value.problems
    assert (problem.facts["limit"], problem.where.row) == ("columns", 2)


def test_a_cell_may_be_as_long_as_a_row_and_no_setting_of_others_changes(file):
    before = csv.field_size_limit()
    content = f"a,b\n{'x' * 900_000},1\n"
    ((_, cell, _),) = rows_of(read(file(content)))
    assert len(cell) == 900_000
    assert refusal(file(content * 2), limits=CsvLimits(row_chars=899_999))
    assert csv.field_size_limit() == before


def test_limits_begin_at_one():
    with pytest.raises(UsageError, match="from 1 up"):
        CsvLimits(columns=0)
