"""A table as people keep it: titles, units, totals, wide headers, test rows."""

from __future__ import annotations

import json

import openpyxl
import pytest

from .desk import AS_OF, PLAN, RECORDS, TARGETS, call, lay_out


def tracked(capsys, folder):
    """Exit code, what is said, and the root's whole actual and target."""
    code, printed, said = call(
        capsys, "track", folder, *AS_OF, "--format", "json", "--lang", "en"
    )
    if not printed:
        return code, said, None, None
    whole = json.loads(printed)["rows"][0]
    return code, said, whole["actual"], whole["target"]


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


PLAIN = (0, "1400.50")


@pytest.mark.parametrize(
    "records",
    [
        "2023年四季度销售日报,,,\n,,,\n" + RECORDS,
        "制表：张三,,,\n单位：元,,,\n" + RECORDS,
        RECORDS.replace("日期,区域,产品,销售额", "成交日期,大区,产品线,成交金额（元）"),
        RECORDS.replace("销售额", "Amount"),
        "单位：万元\n" + RECORDS.replace("900.50", "0.09005").replace("B,500", "B,0.05"),
        RECORDS.replace("销售额", "销售额（千元）")
        .replace("900.50", "0.9005")
        .replace("B,500", "B,0.5"),
    ],
    ids=["title", "unit line", "synonyms", "English", "line in 万元", "header in 千元"],
)
def test_titles_units_and_other_words_do_not_matter(tmp_path, capsys, records):
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == PLAIN, said


def test_totals_and_repeated_headers_are_left_out_checked_and_counted(tmp_path, capsys):
    header, first, second = RECORDS.splitlines()
    lines = [
        header,
        first,
        ",小计,,900.50",
        header,
        second,
        ",小计,,500",
        "合计,,,1400.5",
        ",,,",
    ]
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records="\n".join(lines)))
    assert (code, actual) == PLAIN, said
    assert "7 rows read = accepted 2" in said
    assert "ignored 5 (total 3, repeated header 1, blank 1)" in said


@pytest.mark.parametrize(
    ("total", "stated", "computed"),
    [
        ("合计,,,9999", "9,999.00", "1,400.50"),
        (",Total,,500", "500.00", "1,400.50"),
        (",小计,,900.50", "900.50", "1,400.50"),
    ],
)
def test_a_wrong_total_is_an_error_that_names_both_amounts(
    tmp_path, capsys, total, stated, computed
):
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=RECORDS + total + "\n"))
    assert (code, actual) == (1, "1400.50")
    assert f"states {stated}, and its rows sum to {computed}" in said
    assert "records.csv, row 4, 销售额" in said


def test_a_total_that_cannot_be_read_is_said(tmp_path, capsys):
    code, said, _, _ = tracked(capsys, lay_out(tmp_path, records=RECORDS + "合计,,,#REF!\n"))
    assert code == 0
    assert "[unchecked-total]" in said


def test_a_member_called_total_stays_a_member(tmp_path, capsys):
    plan = PLAN.replace('"华南"]', '"华南", "Total"]')
    code, _, actual, _ = tracked(
        capsys, lay_out(tmp_path, plan=plan, records=RECORDS + "2023-12-01,Total,B,1\n")
    )
    assert (code, actual) == (0, "1401.50")


def test_test_rows_are_left_out_by_rule_and_counted_by_its_name(tmp_path, capsys):
    rules = """
[[actuals.ignore]]
column = "区域"
equals = ["测试"]
[[actuals.ignore]]
column = "日期"
since = 2099-01-01
name = "远期"
[[actuals.ignore]]
column = "产品"
contains = "demo"
"""
    more = "2023-10-08,测试,A,5\n2099-12-31,华东,A,7\n2023-10-08,华东,Demo 2,9\n合计,,,1421.5\n"
    folder = lay_out(tmp_path, plan=PLAN + rules, records=RECORDS + more)
    code, said, actual, _ = tracked(capsys, folder)
    assert (code, actual) == PLAIN, said
    assert "ignored 4 (区域: 测试 1, 远期 1, 产品: demo 1, total 1)" in said


def test_a_rule_for_a_column_that_is_not_there_is_refused(tmp_path, capsys):
    rule = '\n[[actuals.ignore]]\ncolumn = "备注"\nequals = ["测试"]\n'
    code, said, _, _ = tracked(capsys, lay_out(tmp_path, plan=PLAN + rule))
    assert (code, "records.csv, 备注: the header has no such column" in said) == (3, True)


@pytest.mark.parametrize("unit", ["", 'unit = "元"\n'])
def test_units_that_contradict_each_other_stop_the_run(tmp_path, capsys, unit):
    records = "单位：万元\n" + RECORDS.replace(
        "销售额", "销售额（元）" if not unit else "销售额"
    )
    folder = lay_out(tmp_path, plan=PLAN + unit, records=records)
    code, said, _, _ = tracked(capsys, folder)
    assert (code, "[unit-conflict]" in said) == (3, True)


WIDE = [
    ["区域", "产品", "10月", None, "11月", None, "合计", None],
    [None, None, "目标", "实际", "目标", "实际", "目标", "实际"],
    ["华东", "A", 600, 900.5, 400, None, 1000, 900.5],
    ["华南", "B", 250, 200, 250, 300, 500, 500],
    ["合计", None, 850, 1100.5, 650, 300, 1500, 1400.5],
]
WIDE_PLAN = PLAN.replace("targets.csv", "wide.xlsx").replace("records.csv", "wide.xlsx")


@pytest.mark.parametrize("title", [[], [["2023年四季度"], ["单位：元"]]])
def test_a_wide_table_of_two_header_rows_gives_targets_and_actuals(tmp_path, capsys, title):
    folder = lay_out(tmp_path, plan=WIDE_PLAN)
    workbook(folder / "wide.xlsx", [*title, *WIDE])
    code, said, actual, target = tracked(capsys, folder)
    assert (code, actual, target) == (0, "1400.50", "1500.00"), said
    assert "4 rows read = accepted 3" in said


def test_headers_of_period_and_measure_in_one_row_are_a_wide_table(tmp_path, capsys):
    folder = lay_out(tmp_path, plan=WIDE_PLAN)
    top = ["区域", "产品", "10月目标(元)", "10月实际(元)", "11月目标(元)", "11月实际(元)"]
    workbook(folder / "wide.xlsx", [top, *(row[:6] for row in WIDE[2:])])
    code, said, actual, target = tracked(capsys, folder)
    assert (code, actual, target) == (0, "1400.50", "1500.00"), said


def test_actuals_with_months_as_headers_are_a_wide_table(tmp_path, capsys):
    records = "区域,产品,2023-10,11月\n华东,A,900.50,\n华南,B,200,300\n"
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == PLAIN, said


def test_a_wrong_total_of_one_month_is_found_in_a_wide_table(tmp_path, capsys):
    records = "区域,产品,10月,11月\n华东,A,900.50,\n华南,B,200,300\n合计,,1100.5,299\n"
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == (1, "1400.50")
    assert "records.csv, row 4, 11月: '299' the row \"合计\" states 299.00" in said


def test_a_faulty_cell_of_a_wide_table_is_named_by_its_period(tmp_path, capsys):
    records = "区域,产品,10月,11月\n华东,A,900.50,5x\n"
    code, said, _, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert code == 4
    assert "records.csv, row 2, 2023-11, 实际: '5x'" in said


@pytest.mark.parametrize(
    ("header", "code"),
    [("10月,2023Q4", "crossing-columns"), ("10月,1月", "no-such-month")],
)
def test_periods_that_overlap_or_are_not_the_plans_are_refused(tmp_path, capsys, header, code):
    folder = lay_out(tmp_path, records=f"区域,产品,{header}\n华东,A,1,2\n")
    exit_code, said, _, _ = tracked(capsys, folder)
    assert (exit_code, f"[{code}]" in said) == (3, True), said


def test_the_total_of_a_table_of_targets_is_checked_too(tmp_path, capsys):
    folder = lay_out(tmp_path, targets=TARGETS + "合计,,,1500\n")
    assert tracked(capsys, folder)[3] == "1500.00"
    folder = lay_out(tmp_path, targets=TARGETS + "合计,,,1600\n")
    code, said, _, _ = tracked(capsys, folder)
    assert (code, "[control-total]" in said) == (3, True)


def test_a_unit_line_above_targets_counts(tmp_path, capsys):
    targets = "单位：万元\n" + TARGETS.replace('"1,000.00"', "0.1").replace(",500", ",0.05")
    assert tracked(capsys, lay_out(tmp_path, targets=targets))[3] == "1500.00"


def test_moments_become_the_business_days_of_the_plans_zone(tmp_path, capsys):
    records = RECORDS.replace("2023-11-07", "2023-12-31T16:00:00Z")
    folder = lay_out(tmp_path, records=records)
    code, said, _, _ = tracked(capsys, folder)
    assert (code, "[no-zone]" in said) == (4, True)
    plan = PLAN.replace('"2023Q4"\n', '"2023Q4"\nzone = "Asia/Shanghai"\n')
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, plan=plan, records=records))
    assert (code, actual) == (0, "900.50")
    assert "outside period 1" in said
    plan = plan.replace("Shanghai", "Nowhere")
    code, said, _, _ = tracked(capsys, lay_out(tmp_path, plan=plan))
    assert (code, "plan.zone" in said) == (3, True)


def test_names_that_show_one_thing_and_hold_another_are_rejected(tmp_path, capsys):
    records = RECORDS + '2023-12-01,"华\n东",A,1\n2023-12-01,华\u202e东,A,1\n'
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == (4, "1400.50")
    assert "[control-char]" in said
    assert "[bidi-control]" in said


# Totals in columns.


@pytest.mark.parametrize(
    "records",
    [
        "区域,产品,10月,11月,合计\n华东,A,900.50,,900.50\n华南,B,200,300,500\n",
        "区域,产品,10月,合计,11月,总计\n华东,A,900.50,900.50,,900.50\n华南,B,200,200,300,500\n",
        "区域,产品,10月,11月,小计,12月,合计\n华东,A,900.50,,,,900.50\n华南,B,200,300,500,,500\n",
        "区域,产品,合计,10月,11月\n华东,A,900.50,900.50,\n华南,B,,200,300\n",
        "区域,产品,10月实际,11月实际,实际合计\n华东,A,900.50,,900.50\n华南,B,200,300,500\n",
        "单位：千元\n区域,产品,10月,11月,合计\n华东,A,0.9005,,0.9005\n华南,B,0.2,0.3,0.5\n",
        "区域,产品,10月,11月,合计\n华东,A,900.50,,900.50\n华南,B,200,300,500\n合计,,1100.50,300,1400.50\n",
    ],
    ids=["one", "two", "part and whole", "to the left", "by name", "unit", "both ways"],
)
def test_columns_of_totals_are_left_out_and_checked(tmp_path, capsys, records):
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == PLAIN, said


def test_a_wrong_total_in_a_column_is_an_error_with_both_amounts(tmp_path, capsys):
    records = "区域,产品,10月,11月,合计\n华东,A,900.50,,900.50\n华南,B,200,300,501\n"
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == (1, "1400.50")
    assert (
        "records.csv, row 3, 合计: '501' the column \"合计\" states 501.00, and its columns "
        "sum to 500.00 - "
    ) in said
    targets = "区域,产品,10月,11月,合计\n华东,A,500,500,1001\n华南,B,,500,500\n"
    code, said, _, _ = tracked(capsys, lay_out(tmp_path, targets=targets))
    assert (code, "[row-total]" in said) == (3, True), said


@pytest.mark.parametrize("total", ["", "—", "x", "n/a"])
def test_a_total_that_states_nothing_is_no_fault(tmp_path, capsys, total):
    records = f"区域,产品,10月,11月,合计\n华东,A,900.50,,{total}\n华南,B,200,300,500\n"
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == PLAIN, said


def test_totals_of_several_values_are_told_apart_by_their_names(tmp_path, capsys):
    folder = lay_out(tmp_path, plan=WIDE_PLAN)
    top = ["区域", "产品", "10月目标", "10月实际", "11月目标", "11月实际", "实际合计", "合计"]
    east = ["华东", "A", 1000, 900.5, None, None, 900.5, 7]
    south = ["华南", "B", 200, 200, 300, 300, 501, 7]
    workbook(folder / "wide.xlsx", [top, east, south])
    code, said, actual, target = tracked(capsys, folder)
    assert (code, actual, target) == (1, "1400.50", "1500.00")
    assert "row 3, 实际合计: '501'" in said
    assert said.count("[row-total]") == 1


# Members as headers.


@pytest.mark.parametrize(
    "records",
    [
        "日期,产品,华东,华南\n2023-10-06,A,900.50,\n2023-11-07,B,,500\n",
        "日期,产品,华东,华南,合计,备注\n2023-10-06,A,900.50,,900.50,x\n2023-11-07,B,,500,500,\n",
        "日期,区域,A,B\n2023-10-06,华东,900.50,\n2023-11-07,华南,,500\n",
        "期间,产品,华东,华南\n2023-10,A,900.50,\n2023-11,B,,500\n合计,,900.50,500\n",
        "单位：万元\n日期,产品,华东,华南\n2023-10-06,A,0.09005,\n2023-11-07,B,,0.05\n",
    ],
    ids=["regions", "with a total", "products", "by period", "unit"],
)
def test_members_as_headers_are_a_wide_table(tmp_path, capsys, records):
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == PLAIN, said


def test_members_as_headers_of_targets_are_a_wide_table(tmp_path, capsys):
    targets = "产品,期间,华东,华南,合计\nA,2023Q4,1000,,1000\nB,2023Q4,,500,500\n"
    code, said, actual, target = tracked(capsys, lay_out(tmp_path, targets=targets))
    assert (code, actual, target) == (0, "1400.50", "1500.00"), said


def test_a_faulty_cell_under_a_member_is_named_by_it(tmp_path, capsys):
    records = "日期,产品,华东,华南\n2023-10-06,A,9x,500\n"
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == (4, "500.00")
    assert "records.csv, row 2, 华东, 实际: '9x'" in said


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("日期,华东,华南,A,B", "they are of 区域、产品"),
        ("日期,区域,A,A1", "they hold A1 and A, one in the other"),
        ("日期,区域,A,Ａ", "they hold Ａ and A, one in the other"),
    ],
)
def test_headers_that_may_be_members_of_several_kinds_are_refused(
    tmp_path, capsys, header, words
):
    width = header.count(",")
    folder = lay_out(tmp_path, records=f"{header}\n2023-10-06{',1' * width}\n")
    code, said, _, _ = tracked(capsys, folder)
    assert (code, "[unclear-members]" in said, words in said) == (3, True, True), said


def test_a_member_that_stands_among_known_columns_is_only_a_word(tmp_path, capsys):
    records = RECORDS.replace("销售额\n", "销售额,华东,华南\n").replace("50\n", "50,x,y\n")
    records = records.replace("B,500\n", "B,500,x,y\n")
    code, said, actual, _ = tracked(capsys, lay_out(tmp_path, records=records))
    assert (code, actual) == PLAIN, said


# Merged cells.

HEAD = ["日期", "区域", "产品", "销售额"]
SALES = [
    ["2023-10-06", "华东", "A", 100],
    [None, None, "B", 200],
    [None, None, "A", 300],
    ["2023-10-07", "华南", "B", 400],
]


def merged(path, rows, *spans):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for span in spans:
        book.active.merge_cells(span)
    book.save(path)
    return path.parent


def of_region(capsys, folder, *goals):
    code, printed, said = call(
        capsys, "track", folder, *AS_OF, "--format", "json", "--lang", "en"
    )
    whole = (row for row in json.loads(printed)["rows"] if row["period"] == "2023Q4")
    rows = {row["goal"]: row["actual"] for row in whole}
    return code, [rows[goal] for goal in goals], said


MERGED_PLAN = PLAN.replace("records.csv", "records.xlsx")


@pytest.fixture
def desk(tmp_path):
    return lay_out(tmp_path, plan=MERGED_PLAN, targets=TARGETS + "华东,B,2023Q4,1\n")


def test_labels_merged_downwards_hold_for_every_row(desk, capsys):
    merged(desk / "records.xlsx", [HEAD, *SALES], "A2:A4", "B2:B4")
    code, sums, said = of_region(capsys, desk, "华东", "华东/A", "华东/B", "华南")
    assert (code, sums) == (0, ["600.00", "400.00", "200.00", "400.00"]), said
    assert "merged" not in said


def test_a_title_and_a_header_may_be_merged(desk, capsys):
    rows = [["四季度日报"], HEAD, *SALES]
    merged(desk / "records.xlsx", rows, "A1:D1", "A3:A5", "B3:B5")
    code, (east,), said = of_region(capsys, desk, "华东")
    assert (code, east, "merged" in said) == (0, "600.00", False), said


def test_blank_cells_that_nobody_merged_stay_blank(desk, capsys):
    merged(desk / "records.xlsx", [HEAD, *SALES], "B2:B4")
    code, (east,), said = of_region(capsys, desk, "华东")
    assert (code, east) == (4, "100.00")
    assert said.count("日期: must not be blank") == 2


def test_a_merged_amount_counts_once_and_is_told(desk, capsys):
    rows = [HEAD, ["2023-10-06", "华东", "A", 600], [None, None, "B", None]]
    merged(desk / "records.xlsx", rows, "A2:A3", "B2:B3", "D2:D3")
    code, (east,), said = of_region(capsys, desk, "华东")
    assert (code, east) == (4, "600.00")
    assert "records.xlsx, Sheet: 1 merged cells have a value in their first cell" in said


def test_a_merged_label_does_not_make_a_record_of_a_blank_row(desk, capsys):
    rows = [HEAD, SALES[0], [None] * 4, [None, None, "B", 200]]
    merged(desk / "records.xlsx", rows, "A2:A4", "B2:B4")
    code, (east,), said = of_region(capsys, desk, "华东")
    assert (code, east) == (0, "300.00"), said


def test_cells_merged_to_the_right_are_told(desk, capsys):
    rows = [HEAD, ["2023-10-06", "华东", None, 100]]
    merged(desk / "records.xlsx", rows, "B2:C2")
    code, (east,), said = of_region(capsys, desk, "华东")
    assert (code, east, "[merged-cells]" in said) == (0, "100.00", True)


def test_the_label_of_a_total_may_be_merged(desk, capsys):
    rows = [HEAD, *SALES, ["合计", None, None, 1000]]
    merged(desk / "records.xlsx", rows, "A2:A4", "B2:B4", "A6:C6")
    code, (east,), said = of_region(capsys, desk, "华东")
    assert (code, east, "merged" in said) == (0, "600.00", False), said


def test_a_second_row_of_the_header_is_not_filled(tmp_path, capsys):
    plan = PLAN.replace("records.csv", "wide.xlsx").replace("targets.csv", "wide.xlsx")
    folder = lay_out(tmp_path, plan=plan)
    top = ["区域", "产品", "10月", None, "11月", None]
    below = [None, None, "目标", "实际", "目标", "实际"]
    rows = [top, below, ["华东", "A", 500, 400, 500, 300], [None, "B", 10, 7, 10, None]]
    spans = ("A1:A2", "B1:B2", "C1:D1", "E1:F1", "A3:A4")
    merged(folder / "wide.xlsx", rows, *spans)
    code, said, actual, target = tracked(capsys, folder)
    assert (code, actual, target, "merged" in said) == (0, "707.00", "1020.00", False), said


def test_merged_cells_of_a_table_of_members_are_told(tmp_path, capsys):
    plan = PLAN.replace('members = ["华东", "华南"]', 'path = "regions.xlsx"')
    folder = lay_out(tmp_path, plan=plan)
    rows = [["名称", "上级"], ["中国", None], ["华东", "中国"], ["华南", None]]
    merged(folder / "regions.xlsx", rows, "B3:B4")
    assert "[merged-cells]" in call(capsys, "check", folder, "--lang", "en")[2]
