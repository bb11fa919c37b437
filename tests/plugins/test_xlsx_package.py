"""Rows, packages, limits and merged ranges of workbooks that another program wrote."""

from __future__ import annotations

import struct
import zipfile

import pytest
from tests.laws.packages import STRICT, packed, parts, rels

from salesgoal.errors import SourceRefused
from salesgoal.plugins.xlsx.limits import WorkbookLimits
from salesgoal.plugins.xlsx.options import XlsxOptions
from salesgoal.ports.importer import ReadRequest

from .xlsx_files import SPEC, TOP, read, refusal, rows_of

# Rows and what stands around them.


def test_cells_stand_where_their_address_says(file):
    rows = (
        '<row r="4"><c r="C4"><v>3</v></c><c r="A4"><v>1</v></c><c r="B4"><v>2</v></c></row>'
        '<row r="2"><c r="AA2"><v>27</v></c></row>'
    )
    found = rows_of(read(file(rows)))
    assert found == [(4, 1, 2, 3), (2, *[None] * 26, 27)]


def test_a_header_may_come_after_its_rows(file):
    found = parts(f'<row r="2"><c r="A2"><v>1</v></c></row>{TOP}')
    (page,) = read(file(found))
    assert (page.columns, rows_of([page])) == (("a",), [(2, 1)])


def test_rows_and_cells_without_an_address_follow_one_another(file):
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    assert rows_of(read(file(parts(rows)))) == [(2, 3, None)]


def test_a_row_that_holds_nothing_is_no_row(file):
    rows = '<row r="2"><c r="A2"/></row><row r="3"/><row r="9"><c r="A9"><v>1</v></c></row>'
    assert rows_of(read(file(rows))) == [(9, 1)]


@pytest.mark.parametrize("span", ["A1", "A1:XFD1048576", "nonsense"])
def test_the_dimension_is_not_believed(file, span):
    path = file('<row r="7"><c r="A7"><v>1</v></c></row>', before=f'<dimension ref="{span}"/>')
    assert rows_of(read(path)) == [(7, 1)]


def test_strict_workbooks_are_read(file):
    path = file('<row r="2"><c r="A2" t="s"><v>0</v></c></row>', space=STRICT, texts=["x"])
    assert rows_of(read(path)) == [(2, "x")]


def test_prefixes_and_utf_16_make_no_difference(file):
    found = parts(TOP)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f'<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="{space}"><x:sheetData>'
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="A2"><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    found["xl/worksheets/sheet1.xml"] = sheet.encode("utf-16")
    assert rows_of(read(file(found))) == [(2, 2)]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="0"/>',
        '<row r="x"/>',
        '<row r="1"/>',
        '<row r="2"><c r="ZZZZ2"/></row>',
        '<row r="2"><c r="A5"><v>1</v></c></row>',
        '<row r="2"><c r="2"/></row>',
        '<row r="12"><c r="A2"/></row>',
    ],
)
def test_an_impossible_address_is_refused(file, rows):
    problem = refusal(file(rows))
    assert (problem.code, problem.where.sheet) == ("corrupt-file", "S")


def test_hidden_rows_and_columns_count_and_are_told(file):
    rows = (
        '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row r="3" hidden="1"/>'
        '<row r="4"><c r="A4"><v>2</v></c></row>'
    )
    before = (
        '<cols><col min="1" max="16384" hidden="1"/><col min="x" max="2" hidden="1"/></cols>'
    )
    (page,) = read(file(rows, before=before))
    assert rows_of([page]) == [(2, 1), (4, 2)]
    assert [(each.code, dict(each.facts)) for each in page.warnings] == [
        ("hidden-cells", {"rows": 1, "columns": 1})
    ]


def test_hidden_sheets_are_not_chosen_and_told_when_asked_for(file):
    path = file("", sheets=("S", "T"), states=('state="hidden"',))
    assert refusal(path).where.sheet == "T"
    (page,) = read(path, sheet="S")
    assert [each.code for each in page.warnings] == ["hidden-sheet"]


def test_merged_cells_have_a_value_in_the_first_only(file):
    rows = '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="B3"><v>2</v></c></row>'
    after = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:A3"/></mergeCells>'
    pages = read(file(rows, after=after), page_size=1)
    assert rows_of(pages) == [(2, 1), (3, None, 2)]
    told = [[(each.code, each.facts["count"]) for each in page.warnings] for page in pages]
    assert told == [[], [], [("merged-cells", 1)]]


# Packages.


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        (b"", "file-empty", None),
        (b"<html>", "not-a-workbook", "a web page (a login page, or an export as HTML)"),
        (b" \r\n<?xml version='1.0'?>", "not-a-workbook", "a web page (a login page, or an"),
        (b"\xd0\xcf\x11\xe0", "not-a-workbook", "an old .xls workbook"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password-protected", 0),
        (b"%PDF-1.7", "not-a-workbook", "a PDF document"),
        (b"\x1f\x8b\x08", "not-a-workbook", "gzip data"),
        (b"date,amount", "not-a-workbook", "text (CSV perhaps)"),
        (b"\x00\x01\x02", "not-a-workbook", "some other binary file"),
        (b"PK", "not-a-workbook", "a package that breaks off"),
        (b"PK\x03\x04 broken", "corrupt-file", None),
        (packed({"xl/workbook.bin": b"x"}), "not-a-workbook", "an .xlsb workbook"),
        (packed({"content.xml": b"x"}), "not-a-workbook", "an OpenDocument file (.ods)"),
        (packed({"word/document.xml": b"x"}), "not-a-workbook", "a Word document"),
        (packed({"ppt/presentation.xml": b"x"}), "not-a-workbook", "a presentation (.pptx)"),
        (packed({"a.txt": b"x"}), "not-a-workbook", "a zip of other files"),
        (b"PK\x03\x04" + packed({}), "not-a-workbook", "a zip of other files"),
    ],
)
def test_what_is_no_workbook_is_named(file, content, code, found):
    problem = refusal(file(content))
    assert problem.code == code
    assert str(problem.facts.get("found", "")).startswith(found or "")


DTD = '<!DOCTYPE x [<!ENTITY e "y">]>'


@pytest.mark.parametrize("part", sorted(set(parts("")) - {"_rels/.rels"}))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_part_and_encoding(file, part, encoding):
    found = parts(TOP)
    head = f'<?xml version="1.0" encoding="{encoding}"?>{DTD}'
    found[part] = (head + found[part]).encode(encoding)
    assert refusal(file(found)).code == "hostile-file"


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"],
)
def test_a_part_of_another_kind_or_broken_off_is_refused(file, part):
    found = parts(TOP)
    assert refusal(file({**found, part: "<html/>"})).code == "corrupt-file"
    assert refusal(file({**found, part: found[part][:-9]})).code == "corrupt-file"
    if part != "xl/sharedStrings.xml":
        assert (
            refusal(file({n: c for n, c in found.items() if n != part})).code == "corrupt-file"
        )


def test_missing_texts_harm_only_where_they_are_used(file):
    found = parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    del found["xl/sharedStrings.xml"]
    assert read(file(found))[0].columns == ("1",)
    found["xl/worksheets/sheet1.xml"] = found["xl/worksheets/sheet1.xml"].replace(
        '<c r="A1">', '<c r="A1" t="s">'
    )
    problem = refusal(file(found))
    assert problem.facts["detail"] == "the part of its texts is missing"


def test_the_workbook_is_found_where_the_package_says(file):
    found = parts(f'{TOP}<row r="2"><c r="A2"><v>1</v></c></row>')
    del found["_rels/.rels"]
    assert rows_of(read(file(found))) == [(2, 1)]
    moved = {
        name.replace("xl/", "XL\\Book\\"): content.replace("xl/", "/xl/Book/")
        for name, content in parts(f'{TOP}<row r="2"><c r="A2"><v>1</v></c></row>').items()
    }
    assert rows_of(read(file(moved))) == [(2, 1)]


def test_only_the_sheet_that_is_asked_for_must_be_whole(file):
    found = parts(f'{TOP}<row r="2"><c r="A2"><v>1</v></c></row>', sheets=("S", "T", "U"))
    del found["xl/worksheets/sheet2.xml"]
    found["xl/_rels/workbook.xml.rels"] = found["xl/_rels/workbook.xml.rels"].replace(
        'Id="r3"', 'Id="r9"'
    )
    path = file(found)
    assert rows_of(read(path, sheet="S")) == [(2, 1)]
    assert refusal(path, sheet="T").code == "corrupt-file"
    assert refusal(path, sheet="U").facts["detail"] == "nothing says where the sheet is"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('Target="worksheets/sheet1.xml"', 'Target="http://127.0.0.1/x" TargetMode="External"'),
        ('Target="worksheets/sheet1.xml"', 'Target="../../../etc/passwd"'),
    ],
)
def test_a_sheet_outside_the_file_is_never_looked_for(file, old, new):
    found = parts(TOP)
    name = "xl/_rels/workbook.xml.rels"
    problem = refusal(file({**found, name: found[name].replace(old, new)}))
    assert (problem.code, problem.where.sheet) == ("hostile-file", "S")


def test_charts_are_no_sheets(file):
    found = parts(TOP, sheets=("S", "T"))
    name = "xl/_rels/workbook.xml.rels"
    chart = rels(r1=("worksheet", "worksheets/sheet1.xml"), r2=("chartsheet", "c.xml"))
    (page,) = read(file({**found, name: chart}))
    assert page.warnings == ()
    assert refusal(file(found | {"xl/workbook.xml": "<workbook/>"})).code == "missing-sheet"


def test_two_sheets_of_one_name_are_not_chosen_from(file):
    problem = refusal(file("", sheets=("S", "S")))
    assert (problem.code, problem.facts["detail"]) == (
        *("corrupt-file", "two sheets are called 'S'"),
    )


def test_parts_that_overlap_or_have_one_name_are_refused(file):
    found = packed(parts(TOP), zipfile.ZIP_STORED)
    at = found.index(b"PK\x01\x02")
    offset = struct.unpack_from("<I", found, found.index(b"PK\x01\x02", at + 4) + 42)[0]
    moved = found[: at + 42] + struct.pack("<I", offset) + found[at + 46 :]
    assert refusal(file(moved)).facts["detail"] == "its parts overlap"
    twice = {**parts(TOP), "XL/workbook.xml": "<workbook/>"}
    assert refusal(file(twice)).facts["detail"] == "two of its parts have one name"


def test_members_that_are_encrypted_or_packed_oddly_are_refused(file):
    content = packed(parts(TOP))
    at = content.index(b"PK\x01\x02") + 8
    locked = content[:at] + b"\x01" + content[at + 1 :]
    assert refusal(file(locked)).code == "password-protected"
    assert refusal(file(packed(parts(TOP), zipfile.ZIP_LZMA))).code == "corrupt-file"


def test_a_wrong_checksum_is_refused(file):
    content = packed(parts(TOP), zipfile.ZIP_STORED)
    at = content.index(b"<t>a</t>") + 3
    problem = refusal(file(content[:at] + b"b" + content[at + 1 :]))
    assert (problem.code, "CRC" in problem.facts["detail"]) == ("corrupt-file", True)


# Limits.

ROWS = '<row r="2"><c r="B2"><v>1</v></c></row><row r="3"><c r="A3" t="s"><v>1</v></c></row>'
MERGES = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="C1:D1"/></mergeCells>'
FITTING = {
    "parts": 7,
    "sheets": 2,
    "formats": 3,
    "strings": 2,
    "string_chars": 7,
    "text_chars": 4,
    "cells": 3,
    "rows": 3,
    "columns": 2,
    "merges": 2,
    "depth": 6,
}
"""What the workbook below has of each."""


@pytest.mark.parametrize("name", [*FITTING, "file_bytes", "part_bytes", "unpacked_bytes"])
def test_a_limit_is_reached_and_not_passed(file, name):
    found = parts(
        TOP + ROWS, texts=["abc", "abcd"], formats=(0, 1, 2), sheets=("S", "T"), after=MERGES
    )
    path = file(found)
    sizes = [len(content) for content in found.values()]
    fitting = {
        **FITTING,
        "file_bytes": path.stat().st_size,
        "part_bytes": max(sizes),
        "unpacked_bytes": sum(sizes),
    }
    most = fitting[name]
    found = rows_of(read(path, sheet="S", limits=WorkbookLimits(**{name: most})))
    assert found == [(2, None, 1), (3, "abcd")]
    problem = refusal(path, sheet="S", limits=WorkbookLimits(**{name: most - 1}))
    assert (problem.code, problem.facts["limit"]) == ("limit-exceeded", name)
    assert problem.facts["most"] == f"{most - 1:,}"


def test_a_package_may_unpack_to_so_many_times_its_size(file):
    path = file({**parts(TOP), "xl/zeros.bin": b"0" * (17 * 2**20)})
    problem = refusal(path)
    assert (problem.code, problem.facts["limit"]) == ("limit-exceeded", "ratio")
    assert read(path, limits=WorkbookLimits(ratio=2_000))


def test_elements_inside_cells_are_counted_too(file):
    deep = f'<row r="2"><c r="A2"><is>{"<r>" * 70}{"</r>" * 70}</is></c></row>'
    assert refusal(file(deep)).facts["limit"] == "depth"
    found = parts(TOP)
    found["xl/styles.xml"] = f"<styleSheet>{'<a>' * 70}{'</a>' * 70}</styleSheet>"
    assert refusal(file(found)).facts["limit"] == "depth"
    found = parts(TOP)
    found["xl/sharedStrings.xml"] = f"<sst>{'<a>' * 70}{'</a>' * 70}</sst>"
    assert refusal(file(found)).facts["limit"] == "depth"


def test_a_long_text_in_a_cell_is_refused(file, cell):
    assert cell(f"<is><t>{'字' * 32_767}</t></is>", 't="inlineStr"') == "字" * 32_767
    row = f'<row r="2"><c r="A2" t="str"><v>{"字" * 32_768}</v></c></row>'
    assert refusal(file(row)).facts["limit"] == "text_chars"


def test_wide_rows_make_short_pages(file):
    rows = "".join(f'<row r="{at}"><c r="XFD{at}"><v>1</v></c></row>' for at in range(2, 42))
    pages = read(file(rows), page_size=1_000)
    assert sum(len(page.rows) for page in pages) == 40
    assert len(pages) > 3


# Merged ranges, where the sheet is handed over as it stands.

GRID = (
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>'
    '<row r="3"><c r="C3"><v>3</v></c></row><row r="5"><c r="A5"><v>5</v></c></row>'
)


def covered(path):
    pages = list(SPEC.read(ReadRequest(source=path, grid=True, page_size=1)))
    found = {
        row.where.row: {at: (each.span, each.value) for at, each in row.merged.items()}
        for page in pages
        for row in page.rows
        if row.merged
    }
    return found, [each.code for page in pages for each in page.warnings]


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        (["A1:A3"], {2: {0: ("A1:A3", 1)}, 3: {0: ("A1:A3", 1)}}),
        (["A3:A5"], {5: {0: ("A3:A5", None)}}),
        (["A4:A5"], {5: {0: ("A4:A5", None)}}),
        (["B1:C2"], {1: {2: ("B1:C2", None)}, 2: {1: ("B1:C2", None), 2: ("B1:C2", None)}}),
        (["A1:B1"], {1: {1: ("A1:B1", None)}}),
        (["$A$1:$A$2", "B2:B3"], {2: {0: ("$A$1:$A$2", 1)}, 3: {1: ("B2:B3", 2)}}),
        (["A1", "", "A1:B2:C3", "x"], {}),
        (["A2:A1"], {2: {0: ("A2:A1", 1)}}),
        (["A8:A9"], {}),
    ],
)
def test_merged_ranges_say_what_they_cover(file, spans, found):
    cells = "".join(f'<mergeCell ref="{each}"/>' for each in spans)
    path = file(parts(GRID, after=f"<mergeCells>{cells}</mergeCells>"))
    assert covered(path) == (found, [])


def test_merged_ranges_of_rows_out_of_order_are_only_counted(file):
    rows = '<row r="3"><c r="A3"><v>3</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    path = file(parts(rows, after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'))
    found, warnings = covered(path)
    assert warnings == ["merged-cells"]
    assert found == {3: {0: ("A2:A3", None)}}


def test_ranges_that_overlap_without_end_are_refused(file):
    spans = "".join('<mergeCell ref="A1:A9"/>' for _ in range(30))
    path = file(parts(GRID, after=f"<mergeCells>{spans}</mergeCells>"))
    options = XlsxOptions(limits=WorkbookLimits(cells=100))
    with pytest.raises(SourceRefused) as refused:
        list(SPEC.read(ReadRequest(source=path, grid=True, options=options)))
    assert refused.value.problems[0].code == "limit-exceeded"
