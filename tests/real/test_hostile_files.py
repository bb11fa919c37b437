"""Hostile and odd files of ``../shared/hostile``, read under 512 MB of memory.

All files of a folder go through one process, which says for each what came out and how long it
took; a file that ends the process, or keeps it for longer than allowed, fails by name.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest
from tests.laws.packages import packed, parts

MEMORY = 512 * 2**20
SECONDS = 5
READER = """
import json, signal, sys
from datetime import date
from pathlib import Path
from time import perf_counter
import openpyxl  # a process that also writes workbooks is the fair one to limit
from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import SourceRefused
from salesgoal.ports.importer import ReadRequest, Unreadable

def told(cell):
    if isinstance(cell, Unreadable):
        return cell.code
    return cell if isinstance(cell, str) else None if cell is None else f"{cell}"

spec = built_in_plugins().importer(sys.argv[1])
for name in sys.argv[2:]:
    signal.alarm(%d)
    begun = perf_counter()
    print(json.dumps({"begun": Path(name).name}), flush=True)
    try:
        pages = list(spec.read(ReadRequest(source=Path(name))))
    except SourceRefused as refused:
        (found,) = refused.problems
        answer = {"code": found.code, "facts": {k: str(v) for k, v in found.facts.items()}}
    else:
        rows = [row for page in pages for row in page.rows]
        answer = {
            "columns": pages[0].columns[:50],
            "rows": [[row.where.row, *map(told, row.values[:50])] for row in rows],
            "warnings": [each.code for page in pages for each in page.warnings],
        }
    answer["seconds"] = perf_counter() - begun
    print(json.dumps({"name": Path(name).name, **answer}), flush=True)
""" % (2 * SECONDS)  # noqa: UP031 - the text has braces of its own


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def read_all(importer, paths):
    done = subprocess.run(
        [sys.executable, "-c", READER, importer, *map(str, paths)],
        preexec_fn=limit,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"{lines[-1:]}\n{done.stderr[-2_000:]}"
    return {line["name"]: line for line in lines if "name" in line}


@pytest.fixture(scope="module")
def workbooks(shared):
    return read_all("xlsx", sorted((shared / "hostile" / "xlsx").iterdir()))


@pytest.fixture(scope="module")
def texts(shared):
    return read_all("csv", sorted((shared / "hostile" / "csv").iterdir()))


REFUSED = {
    **dict.fromkeys(
        [
            *("01_billion_laughs_sheet.xlsx", "03_billion_laughs_workbook.xlsx"),
            *("04_quadratic_blowup_sst.xlsx", "06_xxe_sst.xlsx", "07_xxe_sheet.xlsx"),
            *("09_xxe_workbook.xlsx", "83_rels_target_external.xlsx"),
        ],
        "hostile-file",
    ),
    **dict.fromkeys(
        [
            "10_zipbomb_1GiB_spaces_in_sheet.xlsx",
            "12_zipbomb_20M_cells_one_row.xlsx",
            "13_zipbomb_sst_512MiB_one_string.xlsx",
            "15_zipbomb_styles_5M_xfs.xlsx",
            "16_deep_xml_nesting_2M.xlsx",
            "18_quoted_overlap_30x64MiB.zip",
        ],
        "limit-exceeded",
    ),
    **dict.fromkeys(
        [
            *("25_column_ZZZZZZ.xlsx", "26_row0_col_none.xlsx", "62_invalid_utf8_sst.xlsx"),
            *("63_gbk_declared_sst.xlsx", "65_control_char_in_sst.xlsx"),
            *(
                "75_dup_sheet_names.xlsx",
                "78_no_sst_part.xlsx",
                "80_no_workbook_rels.xlsx",
                "86_empty_sheet_xml.xlsx",
            ),
            *("87_html_instead_of_sheet.xlsx", "90_truncated_zip.xlsx", "96_only_pk.xlsx"),
            *("97_bad_crc_last_member.xlsx", "98_method_lzma.xlsx"),
        ],
        "corrupt-file",
    ),
    "91_prefixed_junk.xlsx": "not-a-workbook",
    "93_zero_bytes.xlsx": "file-empty",
    "94_html_named.xlsx": "not-a-workbook",
}
PLAIN = ["hello", "1234.56"]
FIRST_ROWS = {
    "00_control_ok.xlsx": PLAIN,
    "20_dimension_lie_A1_XFD1048576.xlsx": PLAIN,
    "22_sparse_corners.xlsx": ["1"],
    "23_sparse_corner_with_dim.xlsx": ["1"],
    "28_cells_out_of_order.xlsx": ["1", "2", "3"],
    "29_no_refs.xlsx": ["1", "2"],
    "31_dim_missing_only_AAAA.xlsx": PLAIN,
    "41_num_01.xlsx": ["INF", "7"],
    "41_num_02.xlsx": ["1E+999", "7"],
    "41_num_04.xlsx": ["１２３", "7"],
    "41_num_05.xlsx": ["0x10", "7"],
    "41_num_07.xlsx": ["12", "7"],
    "41_num_08.xlsx": ["5", "7"],
    "41_num_10.xlsx": ["9" * 400, "7"],
    "41_num_11.xlsx": ["#1", "7"],
    "42_type_s_index_out_of_range.xlsx": ["99", "1"],
    "43_type_s_index_negative.xlsx": ["-1", "1"],
    "45_type_b_2_and_text.xlsx": ["2", "True", "True"],
    "46_type_unknown.xlsx": ["5"],
    "48_formula_no_cached.xlsx": ["2", "=A1*2", "6", "#4", "#DIV/0!"],
    "49_style_index_out_of_range.xlsx": ["45000"],
    "50_date_01.xlsx": ["1900-01-01"],
    "50_date_02.xlsx": ["1900-02-28"],
    "50_date_04.xlsx": ["1900-03-01"],
    "50_date_05.xlsx": ["-1"],
    "50_date_07.xlsx": ["2958466"],
    "50_date_08.xlsx": ["1e10"],
    "50_date_10.xlsx": ["2023-03-15"],
    "50_date_11.xlsx": ["2023-03-15"],
    "51_date_1904.xlsx": ["2027-03-16"],
    "52_date_t_d.xlsx": ["2026-03-31T16:00:00Z", "2026-02-30", "junk"],
    "52_date_t_d_1.xlsx": ["2026-02-30"],
    "52_date_t_d_2.xlsx": ["junk"],
    "60_xescape_and_controls.xlsx": ["a\rb\0cA", "rich text"],
    "66_sst_uniqueCount_4e9.xlsx": ["a", "1234.56"],
    "71_merged.xlsx": ["华东", "1"],
    "72_merge_whole_sheet.xlsx": PLAIN,
    "74_merges_50k.xlsx": PLAIN,
    "77_sheet_part_missing.xlsx": PLAIN,
    "81_no_content_types.xlsx": PLAIN,
    "84_zip_slip_member.xlsx": PLAIN,
    "98_method_stored.xlsx": PLAIN,
}
"""What stands in the first row, which the reader takes for the header.

That a cell of it is a fault shows when it stands in a row of data: `tests/plugins` does that
for each kind.
"""


def test_every_hostile_workbook_has_its_verdict(workbooks):
    elsewhere = {"40_numbers_odd.xlsx", "53_builtin_numfmt_ids.xlsx"}
    assert set(workbooks) == {*REFUSED, *FIRST_ROWS, *elsewhere}


def test_hostile_workbooks_are_refused_for_what_they_are(workbooks):
    assert {name: workbooks[name].get("code") for name in REFUSED} == REFUSED


def test_odd_workbooks_are_read_as_they_stand(workbooks):
    found = {name: workbooks[name].get("columns") for name in FIRST_ROWS}
    assert found == FIRST_ROWS


def test_no_file_takes_long(workbooks, texts):
    slow = {**workbooks, **texts}
    assert {
        name: each["seconds"] for name, each in slow.items() if each["seconds"] > SECONDS
    } == {}


def test_odd_numbers_are_numbers_or_faults(workbooks):
    found = dict(workbooks["40_numbers_odd.xlsx"]["rows"])
    faults = {number for number, cell in found.items() if cell == "not-a-number"}
    assert faults == {2, 3, 12, 13, 14, 15, 17, 24}
    numbers = {number: cell for number, cell in found.items() if number not in faults}
    assert numbers == {
        4: "1E+308",
        5: "1E+999",
        6: "-1E+999",
        7: "9" * 400,
        8: "11111111111111111.55",
        9: "1234.56",
        10: "0.1",
        11: "1.005",
        18: "1E-400",
        19: "0",
        20: "1E+5",
        21: "5",
        22: "0.5",
        23: "5",
    }


def test_built_in_formats_of_days_are_days(workbooks):
    rows = dict(workbooks["53_builtin_numfmt_ids.xlsx"]["rows"])
    days = {number - 1 for number, cell in rows.items() if cell == "2023-03-15"}
    assert days == {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
    assert {rows[number + 1] for number in (9, 10)} == {"4500025%"}
    assert {rows[number + 1] for number in (1, 2, 11, 37, 44, 48, 49)} == {"45000.25"}


TWO = [2, 3]
TEXTS = {
    **dict.fromkeys(
        [
            *(f"enc_{name}.csv" for name in ("utf-8", "gbk", "utf-16", "utf-16-be", "utf-32")),
            *("eol_cr.csv", "eol_mixed.csv", "sep_line.csv", "tab.tsv", "nl_in_cell.csv"),
            *("stray_quote.csv", "nul.csv", "dup_header.csv", "missing_col.csv"),
            *("blank_header.csv", "ragged_long.csv"),
        ],
        TWO,
    ),
    "enc_gb18030_rare.csv": [2],
    "ragged_short.csv": [2, 3, 4],
    "subtotal_wrong.csv": [2, 3, 4],
    "header_only.csv": [],
    "formula_names.csv": [2, 3, 4, 5, 6],
    "id_scientific.csv": [2],
    "leading_zero.csv": [2],
    "enc_big5.csv": "encoding-unclear",
    "enc_truncated_utf8.csv": "unknown-encoding",
    "unclosed_quote.csv": "unclosed-quote",
    "empty.csv": "file-empty",
    "only_bom.csv": "no-rows",
    "gzip.csv": "not-a-csv",
    "wide_20000_cols.csv": "limit-exceeded",
}
"""Text file -> the numbers of its rows, or the code it is refused with."""


def test_every_odd_text_has_its_verdict(texts):
    found = {
        name: each.get("code", [row[0] for row in each.get("rows", ())])
        for name, each in texts.items()
    }
    assert found == TEXTS


ORDERS = ["1,234.56", "-100.00"]


@pytest.mark.parametrize("name", [name for name, rows in TEXTS.items() if rows == TWO])
def test_every_way_of_writing_gives_the_same_amounts(texts, name):
    assert [row[5] for row in texts[name]["rows"]] == ORDERS


def test_cells_of_odd_texts_come_as_they_stand(texts):
    assert texts["nul.csv"]["rows"][0][3] == "control-char"
    assert texts["nl_in_cell.csv"]["rows"][0][2] == "上海甲乙\n科技有限公司"
    assert texts["leading_zero.csv"]["rows"] == [[2, "00123", "2026-01-01", "1.00"]]
    assert texts["enc_gb18030_rare.csv"]["rows"][0][2] == "\U00020bb7野家€"
    assert [len(row) - 1 for row in texts["ragged_short.csv"]["rows"]] == [5, 5, 2]
    assert len(texts["ragged_long.csv"]["rows"][1]) - 1 == 6
    assert texts["unclosed_quote.csv"]["facts"] == {"line": "2"}
    assert texts["gzip.csv"]["facts"]["found"] == "gzip data"
    assert [row[2] for row in texts["formula_names.csv"]["rows"]][3:] == ["＝1+1", "\t=1+1"]


def test_messy_files_of_others_are_read_or_refused_by_name(shared):
    folder = shared / "data" / "messy"
    books = read_all("xlsx", sorted(folder.glob("*.xlsx")))
    counts = {name[:2]: len(each.get("rows", ())) for name, each in books.items()}
    assert counts["08"] == 20
    assert counts["13"] == 10
    assert counts["14"] == 9
    assert counts["15"] == 20
    assert counts["25"] == 9_997
    assert books["12_cn_假数字假日期.xlsx"]["code"] == "no-rows"
    dusty = {cell for row in books["25_test_rows_float_noise_US.xlsx"]["rows"] for cell in row}
    assert "731.94" in dusty
    assert not dusty & {"731.9399999999999", "731.93999999999994"}
    texts = read_all("csv", sorted(folder.glob("*.csv")))
    assert len(texts["23_cr_only_Sales_Chile.csv"]["rows"]) == 143
    assert texts["24_macroman_Superstore_2022.csv"]["code"] == "unknown-encoding"


LARGE = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]), int(sys.argv[3])))
from salesgoal.app.builtins import built_in_plugins
from salesgoal.ports.importer import ReadRequest
request = ReadRequest(source=Path(sys.argv[2]))
pages = built_in_plugins().importer(sys.argv[1]).read(request)
print(sum(len(page.rows) for page in pages))
"""


def read_large(importer, path, mebibytes):
    command = [sys.executable, "-c", LARGE, importer, str(path), str(mebibytes * 2**20)]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    assert not done.returncode, done.stderr[-2_000:]
    return int(done.stdout)


def test_a_large_workbook_is_read_in_little_memory(tmp_path):
    numbers = [f'<c r="{letter}%d"><v>%d.25</v></c>' for letter in "BCDEFGHIJ"]
    line = f'<row r="%d"><c r="A%d" t="s"><v>%d</v></c>{"".join(numbers)}</row>'
    rows = "".join(
        line % (row, row, row % 5_000, *(row for _ in range(18))) for row in range(1, 200_002)
    )
    texts = [f"客户{number}" for number in range(5_000)]
    (tmp_path / "a.xlsx").write_bytes(packed(parts(rows, texts=texts)))
    assert read_large("xlsx", tmp_path / "a.xlsx", 400) == 200_000


def test_two_million_lines_are_read_in_little_memory(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("日期,客户,金额\n")
        stream.writelines(
            f'2023-10-06,"客户{row % 5_000}",{row}.25\n' for row in range(2_000_000)
        )
    assert read_large("csv", path, 200) == 2_000_000
