from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import SourceRefused, UsageError
from salesgoal.plugins.xlsx import guard
from salesgoal.plugins.xlsx.options import XlsxOptions
from salesgoal.ports.importer import FileHead, ReadRequest

SPEC = built_in_plugins().importer("xlsx")
HOSTILE = Path(__file__).parents[2].parent / "shared" / "hostile" / "xlsx"
HEADER = ["日期", "金额"]


def read(path, page_size=5_000, **options):
    request = ReadRequest(source=path, options=XlsxOptions(**options), page_size=page_size)
    return list(SPEC.read(request))


def refusal(path, **options):
    with pytest.raises(SourceRefused) as refused:
        read(path, **options)
    (problem,) = refused.value.problems
    return problem


@pytest.fixture
def workbook(tmp_path):
    """Writes a workbook: sheet -> rows."""

    def written(sheets, name="日报.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return written


@pytest.mark.parametrize(
    ("cell", "raw"),
    [
        ("文本", "文本"),
        (7, 7),
        (Decimal("731.94"), Decimal("731.94")),
        (Decimal("731.9399999999999"), Decimal("731.94")),
        (True, True),
        (date(2023, 10, 6), date(2023, 10, 6)),
        (datetime(2023, 10, 6, 14, 30), date(2023, 10, 6)),  # noqa: DTZ001
        (time(9, 30), "09:30:00"),
        (timedelta(hours=1), "1:00:00"),
        ("#DIV/0!", "#DIV/0!"),
        (None, None),
    ],
)
def test_a_cell_comes_exact_and_without_floats(workbook, cell, raw):
    (page,) = read(workbook({"一": [HEADER, [cell, 1]]}))
    found = page.rows[0].values[0]
    assert (found, type(found)) == (raw, type(raw))


def test_rows_have_the_numbers_of_the_spreadsheet(workbook):
    path = workbook({"一": [["标题"], [], HEADER, ["x", 1], [], ["y", 2]]})
    pages = read(path, header_row=3, page_size=2)
    assert [len(page.rows) for page in pages] == [2, 1]
    found = [row for page in pages for row in page.rows]
    assert [(row.where.row, row.values[0]) for row in found] == [
        *((4, "x"), (5, None), (6, "y")),
    ]
    assert {(row.where.source, row.where.sheet) for row in found} == {("日报.xlsx", "一")}


def test_short_rows_are_filled_and_headers_trimmed(workbook):
    (page,) = read(workbook({"一": [["a ", None, date(2023, 10, 1), None], ["x"]]}))
    assert page.columns == ("a", "#2", "2023-10-01")
    assert page.rows[0].values == ("x", None, None)


def test_a_header_may_begin_with_a_number_sign(workbook):
    (page,) = read(workbook({"一": [["a", "#", None], [1, 2, 3]]}))
    assert (page.columns, page.rows[0].values) == (("a", "#"), (1, 2))
    assert read(workbook({"一": [[" "], [1]]}))[0].columns == ()


def test_the_first_sheet_is_read_unless_one_is_named(workbook):
    path = workbook({"一": [["a"], ["1"]], "二": [["b"], ["2"]]})
    assert read(path)[0].columns == ("a",)
    assert read(path, sheet="二")[0].columns == ("b",)
    problem = refusal(path, sheet="三")
    assert (problem.code, problem.facts["found"]) == ("missing-sheet", "一, 二")


@pytest.mark.parametrize(
    ("rows", "options"),
    [([], {}), ([[None, None]], {}), ([HEADER], {"header_row": 9})],
)
def test_a_sheet_without_a_header_is_refused(workbook, rows, options):
    assert refusal(workbook({"一": rows}), **options).code == "no-rows"


def test_a_formula_counts_as_the_value_that_was_saved(workbook):
    (page,) = read(workbook({"一": [HEADER, ["x", "=1+1"]]}))
    assert page.rows[0].values[1] is None


def test_header_rows_are_counted_from_one():
    with pytest.raises(UsageError, match="from 1 up"):
        XlsxOptions(header_row=0)


@pytest.mark.parametrize(
    ("name", "claimed"), [("a.XLSX", True), ("a.xlsm", True), ("a.xls", 0)]
)
def test_files_are_claimed_by_their_suffix(name, claimed):
    assert SPEC.matches(FileHead(name, b"")) == claimed


@pytest.mark.parametrize(
    ("content", "code", "detail"),
    [
        (b"", "file-empty", None),
        (b"<html>", "not-a-workbook", "it is a web page or XML text"),
        (b" \r\n<?xml version='1.0'?>", "not-a-workbook", "it is a web page or XML text"),
        (b"\xd0\xcf\x11\xe0", "not-a-workbook", "it is an old .xls or a protected file"),
        (b"date,amount", "not-a-workbook", "it is no zip"),
        (b"PK", "not-a-workbook", "File is not a zip file"),
    ],
)
def test_what_is_no_workbook_is_told_apart(tmp_path, content, code, detail):
    (tmp_path / "a.xlsx").write_bytes(content)
    problem = refusal(tmp_path / "a.xlsx")
    assert (problem.code, problem.facts.get("detail")) == (code, detail)


def packed(path, parts, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def test_a_package_that_would_harm_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    packed(path, {"a.xml": b"<a/>", "b.xml": b'<?xml version="1.0"?><!DOCTYPE x []><x/>'})
    assert refusal(path).facts["detail"] == "b.xml declares a document type"
    packed(path, {"xl/zeros.bin": b"0" * 17 * 2**20})
    assert "times its size" in refusal(path).facts["detail"]
    monkeypatch.setattr(guard, "UNPACKED_LIMIT", 2**20)
    assert "unpacks to 17,825,792 bytes; 1,048,576 are" in refusal(path).facts["detail"]
    monkeypatch.setattr(guard, "PARTS_LIMIT", 2)
    packed(path, dict.fromkeys("abc", b""))
    problem = refusal(path)
    assert (problem.code, problem.facts["detail"]) == (
        *("hostile-file", "it has 3 parts; 2 are allowed"),
    )


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    assert refusal(packed(tmp_path / "a.xlsx", {"a.txt": b"x"})).code == "not-a-workbook"


def test_a_sheet_that_breaks_off_is_refused(workbook, tmp_path):
    whole = workbook({"一": [HEADER, ["x", 1], ["y", 2]]})
    with zipfile.ZipFile(whole) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet[: len(sheet) * 2 // 3]
    problem = refusal(packed(tmp_path / "b.xlsx", parts))
    assert (problem.code, problem.where.sheet) == ("not-a-workbook", "一")
    assert "ParseError" in problem.facts["detail"]


HOSTILE_FILES = [
    ("00_control_ok.xlsx", ""),
    ("01_billion_laughs_sheet.xlsx", "hostile-file"),
    ("04_quadratic_blowup_sst.xlsx", "hostile-file"),
    ("06_xxe_sst.xlsx", "hostile-file"),
    ("09_xxe_workbook.xlsx", "hostile-file"),
    ("10_zipbomb_1GiB_spaces_in_sheet.xlsx", "hostile-file"),
    ("13_zipbomb_sst_512MiB_one_string.xlsx", "hostile-file"),
    ("25_column_ZZZZZZ.xlsx", "not-a-workbook"),
    ("40_numbers_odd.xlsx", "not-a-workbook"),
    ("42_type_s_index_out_of_range.xlsx", "not-a-workbook"),
    ("86_empty_sheet_xml.xlsx", "not-a-workbook"),
    ("90_truncated_zip.xlsx", "not-a-workbook"),
    ("93_zero_bytes.xlsx", "file-empty"),
    ("94_html_named.xlsx", "not-a-workbook"),
    ("96_only_pk.xlsx", "not-a-workbook"),
]
READER = """
import sys
from pathlib import Path
from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import SourceRefused
from salesgoal.ports.importer import ReadRequest
try:
    for page in built_in_plugins().importer("xlsx").read(ReadRequest(source=Path(sys.argv[1]))):
        pass
except SourceRefused as refused:
    print(refused.problems[0].code)
"""


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (512 * 2**20, 512 * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))


@pytest.mark.parametrize(("name", "code"), HOSTILE_FILES)
def test_a_hostile_workbook_is_refused_in_little_time_and_memory(name, code):
    path = HOSTILE / name
    if not path.exists():
        pytest.skip(f"{path} is not here: hostile inputs lie beside the project")
    done = subprocess.run(
        [sys.executable, "-c", READER, path],
        preexec_fn=limit,
        capture_output=True,
        timeout=10,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout.strip()) == (0, code), done.stderr
