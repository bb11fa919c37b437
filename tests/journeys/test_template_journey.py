"""A tracking workbook is handed out, filled in, handed back, and the report says the same."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from .desk import call
from .tracking_desk import (
    END,
    MONTH,
    PLAN,
    RECORDED,
    TARGETS,
    WEEKS,
    Hand,
    figures,
    lay_out,
    make,
    take,
)

WEEK1, WEEK2, WEEK3, WEEK4 = WEEKS
OTHER = "销售业绩跟踪表"
RECORDS = """\
日期,区域,销售员,客户类型,客户,sales,orders
2023-10-03,华东,张三,新客户,云帆,150000,2
2023-10-09,华东,张三,老客户,恒信,180000.55,3
2023-10-18,华南,王五,新客户,安泰,20,1
"""
Z = "华东/张三"


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "plan")


def problems(said):
    """The codes of what was said, in order."""
    return [
        line.rpartition("[")[2].rstrip("]") for line in said.splitlines() if line.endswith("]")
    ]


# Handing out.


def test_the_workbook_says_how_it_is_filled_in_and_holds_a_line_a_goal(folder, capsys):
    book = openpyxl.load_workbook(make(capsys, folder))
    assert book.sheetnames[1:4] == ["填写说明", MONTH, "KPI跟踪表"]
    assert [page.sheet_state for page in book.worksheets] == [
        "hidden",
        *["visible"] * 4,
        "hidden",
    ]
    assert book.active.title == "填写说明"
    hand = Hand(folder / "跟踪表-2023-10.xlsx")
    page = hand.page()
    header = [cell.value for cell in hand.header(page)][1:]
    assert header[:3] == ["区域", "销售员", "10月目标(元)"]
    assert header[3:10] == [*WEEKS, "累计实际(元)", "达成率(%)", "缺口(元)"]
    assert header[10:12] == ["主要偏差原因", "归因金额(元)"]
    assert page["B1"].value == "月度销售业绩跟踪表(个人版)"
    names = [(row[1].value, row[2].value) for row in page.iter_rows(min_row=4, max_row=6)]
    assert names == [("华东", "张三"), ("华东", "李四"), ("华南", "王五")]
    assert page.column_dimensions["A"].hidden
    assert page.protection.sheet


def test_only_entry_cells_are_open_and_take_what_they_should(folder, capsys):
    hand = Hand(make(capsys, folder))
    page = hand.page()
    shut = [
        hand.cell(title, "张三")
        for title in ("区域", "10月目标(元)", "累计实际(元)", "缺口(元)")
    ]
    assert all(cell.protection.locked for cell in shut)
    titles = (*WEEKS, "主要偏差原因", "改进措施", "完成时限", "措施状态")
    assert not any(hand.cell(title, "张三").protection.locked for title in titles)
    assert not page.cell(7, 2).protection.locked, "an empty line takes names"
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    week = rules["E4:E11"]
    assert (week.type, week.formula1) == (
        "custom",
        "AND(ISNUMBER(E4),ROUND(E4,2)=E4,ABS(E4)<10000000000000)",
    )
    kinds = {rule.type for rule in rules.values()}
    assert kinds == {"custom", "list", "date"}
    states = next(rule for rule in rules.values() if "列表中选择状态" in (rule.error or ""))
    lists = hand.book["_lists"]
    letter = states.formula1.rpartition("!")[2].split("$")[1]
    assert [cell.value for cell in lists[letter]][:4] == [
        "未开始",
        "进行中",
        "已完成",
        "已取消",
    ]


def test_it_prints_on_a4_landscape_with_its_header_on_every_page(folder, capsys):
    page = Hand(make(capsys, folder)).page()
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.print_title_rows == "$3:$3"
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_formulas_are_live_and_show_nothing_before_anything_is_filled_in(folder, capsys):
    hand = Hand(make(capsys, folder))
    assert hand.cell("累计实际(元)", "张三").value == (
        '=IF(COUNT(E4,F4,G4,H4)=0,"",N(E4)+N(F4)+N(G4)+N(H4))'
    )
    shown = openpyxl.load_workbook(hand.path, data_only=True)[MONTH]
    assert [shown[at].value for at in ("I4", "J4", "K4", "I12")] == [None] * 4
    assert Decimal(str(shown["D12"].value)) == Decimal("2000000.5")
    rules = [
        rule.formula[0] for area in hand.page().conditional_formatting for rule in area.rules
    ]
    assert "AND(ISNUMBER($J4),$I4<$D4)" in rules


def test_as_many_weeks_as_the_calendar_says(tmp_path, capsys):
    weeks = 'calendar = { kind = "month", week_scheme = "clipped", week_start = "mon" }'
    plan = PLAN.replace('period = "2023-10"', f'period = "2023-10"\n{weeks}')
    folder = lay_out(tmp_path / "clipped", plan=plan)
    hand = Hand(make(capsys, folder))
    titles = [cell.value for cell in hand.header(hand.page())]
    assert sum("周实际" in str(title) for title in titles) == 6


def test_what_is_known_already_is_filled_in(tmp_path, capsys):
    folder = lay_out(tmp_path / "p", plan=RECORDED, records_csv=RECORDS)
    hand = Hand(make(capsys, folder))
    assert hand.cell(WEEK1, "张三").value == 150000
    assert hand.cell(WEEK2, "张三").value == 180000.55
    assert hand.cell(WEEK3, "张三").value is None
    shown = Hand(hand.path)
    shown.book = openpyxl.load_workbook(hand.path, data_only=True)
    assert exact(shown.cell("累计实际(元)", "张三").value) == Decimal("330000.55")
    kpi = shown.page("KPI跟踪表")
    assert shown.cell("第一周实际", "张三", "订单数", page=kpi).value == 2
    ratios = shown.page("KPI比率")
    assert exact(shown.cell("累计实际", "张三", "客单价", page=ratios).value) == Decimal(
        "66000.11"
    )


def exact(number):
    return Decimal(format(number, ".15g"))


@pytest.mark.slow
def test_the_same_plan_gives_the_same_bytes_whatever_the_machine_is_set_to(folder, tmp_path):
    found = set()
    for number, (zone, locale, seed) in enumerate(
        [
            ("UTC", "C.UTF-8", "0"),
            ("Asia/Shanghai", "C", "7"),
            ("America/New_York", "C.UTF-8", "99"),
        ]
    ):
        target = tmp_path / f"{number}.xlsx"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "salesgoal",
                "template",
                str(folder),
                "-o",
                str(target),
                *END,
            ],
            check=True,
            capture_output=True,
            env={**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed},
        )
        found.add(target.read_bytes())
    assert len(found) == 1


@pytest.mark.parametrize(
    ("options", "label", "title", "header"),
    [
        (("--period", "2023-11"), "2023-11", MONTH, "11月目标(元)"),
        ((), "2023", "销售目标分解表", "Q4实际(元)"),
        (("--period", "2023Q4"), "2023Q4", "季度销售目标汇总表", "12月实际(元)"),
        (("--table", "team", "--period", "2023-10"), "2023-10", OTHER, WEEK1),
        (("--by", "month"), "2023", "销售目标分解表", "1月实际(元)"),
        (("--by", "kind"), "2023", OTHER, "新客户实际(元)"),
        (("--by", "销售员"), "2023", OTHER, "王五实际(元)"),
        (("--table", "personal", "--by", "季度"), "2023", OTHER, "Q1实际(元)"),
        (("--table", "product", "--period", "2023Q1"), "2023Q1", OTHER, "1月实际(元)"),
    ],
)
def test_every_period_table_and_dimension(tmp_path, capsys, options, label, title, header):
    plan = PLAN.replace('period = "2023-10"', 'period = "2023"')
    folder = lay_out(tmp_path / "year", plan=plan)
    page = Hand(make(capsys, folder, *options, name=f"跟踪表-{label}.xlsx")).page(title)
    assert header in [cell.value for cell in page[3]]


def test_it_speaks_english_too(folder, capsys):
    path = make(capsys, folder, "--lang", "en", name="tracking-2023-10.xlsx")
    hand = Hand(path)
    hand.put(7, "Week 1 actual (元)", "张三", page=hand.page("Month by person"))
    hand.put("competitor's price cut", "Main cause", "张三", page=hand.page("Month by person"))
    hand.put("doing", "State", "张三", page=hand.page("Month by person"))
    hand.put("visit", "Action", "张三", page=hand.page("Month by person"))
    hand.save()
    code, changes, said = take(capsys, folder, path, "--lang", "en")
    assert code == 0, said
    assert len(changes["remark_changes"]) == 2
    assert "price_cut" in (folder / "reviews.csv").read_text(encoding="utf-8")


# For whom.


def content(path):
    """Everything in a workbook, unpacked."""
    with zipfile.ZipFile(path) as package:
        return b"".join(package.read(name) for name in package.namelist()).decode()


def test_split_by_owner_each_workbook_knows_nobody_elses_names(folder, capsys):
    code, _, said = call(
        capsys, "template", folder, "-o", folder / "out", *END, "--split-by", "owner"
    )
    assert code == 0, said
    east = content(folder / "out" / "跟踪表-2023-10-张经理.xlsx")
    south = content(folder / "out" / "跟踪表-2023-10-王经理.xlsx")
    assert all(name in east for name in ("张三", "李四", "张经理"))
    assert not any(name in east for name in ("王五", "华南", "王经理"))
    assert not any(name in south for name in ("张三", "李四", "小李", "华东", "张经理"))
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "跟踪表-2023-10-张经理.xlsx",
        "跟踪表-2023-10-王经理.xlsx",
    ]


def test_a_share_of_the_goals_totals_only_itself(folder, capsys):
    hand = Hand(make(capsys, folder, "--for", "张经理", name="跟踪表-2023-10-张经理.xlsx"))
    hand.book = openpyxl.load_workbook(hand.path, data_only=True)
    assert hand.cell("10月目标(元)", "合计").value == 1500000


def test_split_by_a_dimension_and_what_nobody_owns_is_not_lost(tmp_path, capsys):
    targets = TARGETS.replace("王经理", "")
    folder = lay_out(tmp_path / "p", targets=targets)
    for by, names in [
        ("person", ["张三", "李四", "王五"]),
        ("区域", ["华东", "华南"]),
        ("owner", ["张经理", "无责任人"]),
    ]:
        out = folder / by
        assert call(capsys, "template", folder, "-o", out, *END, "--split-by", by)[0] == 0
        found = {path.stem.rpartition("-")[2] for path in out.iterdir()}
        assert found == set(names)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--for", "赵六"), 2, "赵六"),
        (("--split-by", "kind"), 2, "kind"),
        (("--split-by", "owner", "--for", "张三"), 2, "不能同用"),
        (("--split-by", "owner", "-o", "a.xlsx"), 2, "文件夹"),
        (("--period", "2024-01"), 2, "2024-01"),
        (("--by", "colour"), 2, "colour"),
    ],
)
def test_what_cannot_be_made_is_refused(folder, capsys, options, code, words):
    found, _, said = call(capsys, "template", folder, *END, *options)
    assert (found, words in said) == (code, True), said


def test_without_an_owner_split_by_says_so(tmp_path, capsys):
    targets = TARGETS.replace("张经理", "").replace("王经理", "")
    folder = lay_out(tmp_path / "p", targets=targets)
    code, _, said = call(capsys, "template", folder, *END, "--split-by", "owner")
    assert (code, "region" in said) == (2, True), said


def test_names_that_look_like_formulas_stay_texts(tmp_path, capsys):
    plan = PLAN.replace('"王五"', '"=1+1"').replace('"十月"', '"=cmd"')
    folder = lay_out(tmp_path / "p", plan=plan, targets=TARGETS.replace("王五", "=1+1"))
    hand = Hand(make(capsys, folder))
    cell = hand.cell("销售员", "=1+1")
    assert cell.data_type == "s"
    hand.put(12, WEEK1, "=1+1")
    hand.put("=HYPERLINK(1)", "改进措施", "张三")
    hand.cell("改进措施", "张三").data_type = "s"
    hand.save()
    code, _, said = take(capsys, folder, hand.path)
    assert code == 0, said
    assert figures(capsys, folder)["华南/=1+1", "sales", "2023-10w1"][0] == "12.00"
    assert ",=" not in (folder / "plan.tracking" / "sales.csv").read_text(encoding="utf-8")
    assert " =HYPERLINK(1)" in (folder / "reviews.csv").read_text(encoding="utf-8")


# Coming back.


def test_what_was_filled_in_gives_the_figures_of_the_direct_path(folder, tmp_path, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(150000, WEEK1, "张三")
    hand.put(180000.55, WEEK2, "张三")
    hand.put(20, WEEK3, "王五")
    kpi = hand.page("KPI跟踪表")
    hand.put(2, "第一周实际", "张三", "订单数", page=kpi)
    hand.put(3, "第二周实际", "张三", "订单数", page=kpi)
    hand.put(1, "第三周实际", "王五", "订单数", page=kpi)
    hand.save()
    code, changes, said = take(capsys, folder, hand.path)
    assert (code, len(changes["total_changes"])) == (0, 6), said
    records = RECORDS.replace("客户,sales", "客户,sales")
    direct = lay_out(
        tmp_path / "direct",
        plan=PLAN + '\n[[actuals]]\npath = "records.csv"\n',
        records_csv=records,
    )
    ours, theirs = figures(capsys, folder), figures(capsys, direct)
    assert ours == theirs
    assert ours[Z, "sales", "2023-10"] == ("330000.55", "41.25")


def test_importing_twice_changes_nothing(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(150000, WEEK1, "张三")
    hand.put(0, WEEK2, "张三")
    hand.put("天气", "主要偏差原因", "张三")
    hand.put("拜访", "改进措施", "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    code, changes, said = take(capsys, folder, hand.path)
    assert (code, changes["total_changes"], changes["remark_changes"]) == (0, [], []), said
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_typed_zero_is_a_figure_and_a_blank_cell_is_none(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(0, WEEK1, "张三")
    hand.save()
    take(capsys, folder, hand.path)
    found = figures(capsys, folder)
    assert found[Z, "sales", "2023-10w1"][0] == "0.00"
    assert found[Z, "sales", "2023-10w2"][0] is None
    again = Hand(make(capsys, folder))
    assert again.cell(WEEK1, "张三").value == 0
    assert again.cell(WEEK1, "李四").value is None


def test_a_correction_replaces_and_clearing_takes_back(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(100, WEEK1, "张三")
    hand.save()
    take(capsys, folder, hand.path)
    hand.put(120, WEEK1, "张三")
    hand.save()
    code, changes, _ = take(capsys, folder, hand.path)
    (line,) = changes["total_changes"]
    assert (line["before"], line["after"], line["difference"]) == ("100.00", "120.00", "20.00")
    assert figures(capsys, folder)[Z, "sales", "2023-10"][0] == "120.00"
    hand.put(None, WEEK1, "张三")
    hand.save()
    code, changes, said = take(capsys, folder, hand.path)
    assert (code, changes["total_changes"][0]["after"]) == (0, None), said
    assert figures(capsys, folder)[Z, "sales", "2023-10"][0] is None


def test_a_figure_of_other_sources_is_corrected_by_the_difference(tmp_path, capsys):
    folder = lay_out(tmp_path / "p", plan=RECORDED, records_csv=RECORDS)
    hand = Hand(make(capsys, folder))
    hand.put(160000, WEEK1, "张三")
    hand.save()
    code, changes, said = take(capsys, folder, hand.path)
    assert code == 0, said
    (line,) = changes["total_changes"]
    assert (line["told"], line["difference"]) == ("150000.00", "10000.00")
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "160000.00"
    assert take(capsys, folder, hand.path)[1]["total_changes"] == []
    late = RECORDS + "2023-10-05,华东,张三,新客户,远航,1000,1\n"
    (folder / "records.csv").write_text(late, encoding="utf-8")
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "161000.00"
    assert take(capsys, folder, hand.path)[1]["total_changes"] == []
    hand.put(None, WEEK1, "张三")
    hand.put(None, WEEK2, "张三")
    hand.save()
    code, _, said = take(capsys, folder, hand.path)
    assert (code, problems(said)) == (3, ["known-elsewhere"]), said


def test_an_old_workbook_does_not_undo_what_was_entered_elsewhere(folder, capsys):
    first = Hand(make(capsys, folder))
    first.put(100, WEEK1, "张三")
    first.save(folder / "a.xlsx")
    take(capsys, folder, first.path)
    second = Hand(make(capsys, folder))
    assert second.cell(WEEK1, "张三").value == 100
    second.put(130, WEEK1, "张三")
    second.save(folder / "b.xlsx")
    assert take(capsys, folder, second.path)[0] == 0
    assert take(capsys, folder, first.path)[1]["total_changes"] == []
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "130.00"
    first.put(110, WEEK1, "张三")
    first.save()
    code, changes, said = take(capsys, folder, first.path)
    assert (code, len(changes["total_changes"])) == (0, 1), said


def test_two_hands_on_one_figure_are_told(folder, capsys):
    path = make(capsys, folder)
    first, second = (
        Hand(path),
        Hand(make(capsys, folder, "--for", "张三", name="跟踪表-2023-10-张三.xlsx")),
    )
    first.put(100, WEEK1, "张三")
    first.save(folder / "a.xlsx")
    second.put(90, WEEK1, "张三")
    second.save(folder / "b.xlsx")
    take(capsys, folder, first.path)
    code, _, said = take(capsys, folder, second.path)
    assert (code, problems(said)) == (1, ["changed-meanwhile"]), said
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "90.00"


def test_sorted_renamed_widened_and_moved_workbooks_are_understood(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(100, WEEK1, "张三")
    hand.put(7.5, WEEK4, "王五")
    page = hand.page()
    body = [[cell.value for cell in row] for row in page.iter_rows(min_row=4, max_row=6)]
    for number, values in enumerate(reversed(body), start=4):
        for at, value in enumerate(values, start=1):
            page.cell(number, at).value = value
    page.title = "我的表"
    page.column_dimensions["E"].width = 50
    page.insert_rows(2)
    page.insert_cols(4)
    page["D4"].value = "自己的列"
    hand.book.create_sheet("草稿")["A1"].value = "随便写"
    hand.save()
    code, changes, said = take(capsys, folder, hand.path)
    assert code == 0, said
    assert {(line["goal"], line["after"]) for line in changes["total_changes"]} == {
        (Z, "100.00"),
        ("华南/王五", "7.50"),
    }


def test_lines_that_people_add_are_matched_by_name(folder, capsys):
    hand = Hand(make(capsys, folder))
    page = hand.page()
    for at, value in ((2, "华南"), (3, "小李"), (5, 42)):
        page.cell(7, at).value = value
    hand.save()
    code, changes, said = take(capsys, folder, hand.path)
    assert (code, changes["total_changes"][0]["goal"]) == (0, "华南/李四"), said
    assert figures(capsys, folder)["华南", "sales", "2023-10"][0] == "42.00"
    page.cell(8, 2).value, page.cell(8, 3).value, page.cell(8, 5).value = "华南", "王六", 1
    page.cell(9, 5).value = 3
    hand.save()
    code, _, said = take(capsys, folder, hand.path)
    assert (code, problems(said)) == (3, ["unknown-member", "line-without-names"])
    assert "王五" in said
    assert "跟踪表-2023-10.xlsx 月度销售业绩跟踪表!C8" in said


def test_causes_and_actions_are_carried_on_not_doubled(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put("客户预算延迟", "主要偏差原因", "张三")
    hand.put(60000, "归因金额(元)", "张三")
    hand.put("推迟到11月", "原因说明", "张三")
    hand.put("二次拜访", "改进措施", "张三")
    hand.put("老赵", "措施责任人", "张三")
    hand.put(date(2023, 10, 15), "完成时限", "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    hand.put("市场竞争加剧", "主要偏差原因", "张三")
    hand.put("三次拜访", "改进措施", "张三")
    hand.put("已完成", "措施状态", "张三")
    hand.save()
    code, changes, said = take(capsys, folder, hand.path)
    assert (code, len(changes["remark_changes"])) == (0, 2), said
    again = Hand(make(capsys, folder))
    assert again.cell("主要偏差原因", "张三").value == "市场竞争加剧"
    assert again.cell("归因金额(元)", "张三").value == 60000
    assert again.cell("改进措施", "张三").value == "三次拜访"
    assert again.cell("措施状态", "张三").value == "已完成"
    assert again.cell("完成时限", "张三").value.date() == date(2023, 10, 15)
    assert again.cell("完成时限", "李四").value is None
    assert take(capsys, folder, again.path)[1]["remark_changes"] == []
    again.put(50000, "归因金额(元)", "张三")
    for title in ("改进措施", "措施责任人", "完成时限", "措施状态"):
        again.put(None, title, "张三")
    again.save()
    code, changes, said = take(capsys, folder, again.path)
    assert (code, len(changes["remark_changes"])) == (0, 2), said
    last = Hand(make(capsys, folder))
    assert last.cell("措施状态", "张三").value == "已取消"
    assert last.cell("归因金额(元)", "张三").value == 50000
    for title in ("主要偏差原因", "归因金额(元)", "原因说明"):
        last.put(None, title, "张三")
    last.save()
    assert take(capsys, folder, last.path)[0] == 0
    assert Hand(make(capsys, folder)).cell("主要偏差原因", "张三").value is None


# Refusals.


def test_every_refusal_names_its_cell(folder, capsys):
    hand = Hand(make(capsys, folder))
    cells = [
        hand.put("很多", WEEK1, "张三"),
        hand.put(1.005, WEEK2, "张三"),
        hand.put("=1/0", WEEK3, "张三"),
        hand.put("#N/A", WEEK4, "张三"),
        hand.put("明天", "完成时限", "张三"),
        hand.put("差不多", "措施状态", "张三"),
        hand.put("x", "归因金额(元)", "张三"),
    ]
    hand.cell(WEEK4, "张三").data_type = "e"
    hand.put("拜访", "改进措施", "张三")
    hand.save()
    code, _changes, said = take(capsys, folder, hand.path)
    assert code == 3
    assert not (folder / "plan.tracking").exists()
    for cell in cells:
        assert f"跟踪表-2023-10.xlsx {MONTH}!{cell}, " in said, cell
    assert problems(said) == [
        "not-a-number",
        "excess-decimals",
        "formula-not-calculated",
        "excel-error",
        "not-a-number",
        "no-such-date",
        "unknown-state",
    ]
    english = take(capsys, folder, hand.path, "--lang", "en")[2]
    assert f"跟踪表-2023-10.xlsx {MONTH}!{cells[0]}, {WEEK1}: '很多' is not a number" in english


def test_good_cells_are_taken_where_asked_for(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put("很多", WEEK1, "张三")
    hand.put(5, WEEK1, "李四")
    hand.put("差不多", "措施状态", "张三")
    hand.put("拜访", "改进措施", "张三")
    hand.put("回访", "改进措施", "李四")
    hand.save()
    code, _, said = take(capsys, folder, hand.path, "--partial")
    assert code == 4, said
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10w1"][0] == "5.00"
    text = (folder / "reviews.csv").read_text(encoding="utf-8")
    assert ("回访" in text, "拜访" in text) == (True, False)


def test_a_workbook_of_another_plan_is_refused(folder, tmp_path, capsys):
    path = make(capsys, folder)
    other = lay_out(tmp_path / "other", plan=PLAN.replace("十月", "别的"))
    code, _, said = take(capsys, other, path)
    assert (code, problems(said)) == (3, ["other-plan"])


def test_a_workbook_of_another_format_is_refused(folder, capsys):
    hand = Hand(make(capsys, folder))
    page = hand.book.worksheets[0]
    row = next(row for row in page.iter_rows() if row[1].value == "format")
    row[2].value = "99"
    hand.save()
    code, _, said = take(capsys, folder, hand.path)
    assert (code, problems(said)) == (3, ["other-format"])


def test_older_targets_are_told_and_the_actuals_count(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.put(1, "10月目标(元)", "李四")
    hand.save()
    change = ("--goal", Z, "--period", "2023-10", "--to", "900000", "--reason", "加码")
    said = ("--by", "王", "--approve", "李", "--yes")
    assert call(capsys, "revise", folder, *change, *said)[0] == 0
    code, _, said = take(capsys, folder, hand.path)
    found = set(problems(said))
    assert (code, found) == (
        1,
        {"older-targets", "target-moved", "target-overwritten"},
    ), said
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "5.00"


def test_lines_that_are_not_the_workbooks_are_refused(folder, capsys):
    hand = Hand(make(capsys, folder))
    page = hand.page()
    page["A4"].value = "region=华东;person=赵六"
    page["C5"].value = "王五"
    for at in range(1, 6):
        page.cell(7, at).value = page.cell(6, at).value
    hand.save()
    code, _, said = take(capsys, folder, hand.path)
    assert code == 3
    assert problems(said) == ["unknown-line", "names-changed", "line-twice", "line-missing"] + [
        "line-missing"
    ] * (problems(said).count("line-missing") - 1)
    assert f"{MONTH}!C5" in said


def test_a_copied_sheet_and_a_lost_header_are_told(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.book.copy_worksheet(hand.page())
    hand.save(folder / "copied.xlsx")
    assert "sheet-twice" in problems(take(capsys, folder, hand.path)[2])
    hand = Hand(make(capsys, folder))
    hand.cell(WEEK1, "张三", page=hand.page())
    hand.page().cell(3, hand.column(WEEK1)).value = "改名"
    hand.save(folder / "renamed.xlsx")
    code, _, said = take(capsys, folder, hand.path)
    assert (code, problems(said)) == (3, ["missing-column"]), said


def test_a_period_that_has_not_begun_is_told(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK4, "张三")
    hand.save()
    code, _, said = call(capsys, "import", folder, hand.path, "--yes", "--as-of", "2023-10-10")
    assert (code, problems(said)) == (1, ["period-not-begun"])


def test_a_running_week_counts_from_the_day_it_is_told(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK2, "张三")
    hand.save()
    day = ("--as-of", "2023-10-10")
    assert call(capsys, "import", folder, hand.path, "--yes", *day)[0] == 0
    assert "2023-10-10" in (folder / "plan.tracking" / "sales.csv").read_text(encoding="utf-8")
    assert figures(capsys, folder, *day)[Z, "sales", "2023-10w2"][0] == "5.00"
    assert call(capsys, "import", folder, hand.path, "--yes", *END)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10w2"][0] == "5.00"


def test_balances_are_typed_where_nobody_else_tells_them(folder, capsys):
    hand = Hand(make(capsys, folder))
    kpi = hand.page("KPI跟踪表")
    hand.put(900, "第一周实际", "张三", "应收余额", page=kpi)
    hand.put(700, "第二周实际", "张三", "应收余额", page=kpi)
    locked = hand.cell("第一周实际", "张三", "新客户数", page=kpi)
    assert locked.protection.locked
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "receivables", "2023-10"][0] == "700.00"
    again = Hand(make(capsys, folder))
    kpi = again.page("KPI跟踪表")
    assert again.cell("第二周实际", "张三", "应收余额", page=kpi).value == 700
    again.put(3, "第一周实际", "张三", "新客户数", page=kpi)
    again.save()
    code, _, said = take(capsys, folder, again.path)
    assert (code, problems(said)) == (3, ["not-typed-here"])


# At the terminal.


def test_nothing_is_written_without_a_word(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    code, out, said = call(capsys, "import", folder, hand.path, *END)
    assert (code, "--yes" in said, "5.00" in out) == (1, True, True)
    assert call(capsys, "import", folder, hand.path, "--dry-run", *END)[0] == 0
    assert not (folder / "plan.tracking").exists()


def test_a_person_at_the_terminal_is_asked(folder, capsys, monkeypatch):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, code in ((False, 1), (True, 0)):
        monkeypatch.setattr("click.confirm", lambda *_, answer=answer, **__: answer)
        assert call(capsys, "import", folder, hand.path, *END)[0] == code
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "5.00"


def test_totals_go_on_into_the_ledger_with_their_keys(tmp_path, capsys):
    plan = RECORDED.replace('period = "2023-10"\n', 'period = "2023-10"\n') + "\n[ledger]\n"
    folder = lay_out(tmp_path / "p", plan=plan, records_csv=RECORDS)
    hand = Hand(make(capsys, folder))
    assert call(capsys, "import", folder, folder / "records.csv")[0] == 0
    hand.put(100, WEEK1, "李四")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10w1"][0] == "100.00"
    hand.put(120, WEEK1, "李四")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10w1"][0] == "120.00"
    hand.put(None, WEEK1, "李四")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10w1"][0] == "0.00"
    code, out, _ = call(capsys, "ledger", folder)
    assert (code, out.count("跟踪表")) == (0, 3), out


def test_a_table_that_somebody_broke_is_named(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    take(capsys, folder, hand.path)
    table = folder / "plan.tracking" / "sales.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    code, _, said = take(capsys, folder, hand.path)
    assert (code in {3, 5}, "sales.csv" in said) == (True, True)


def test_columns_by_customer_type_are_totals_of_these_customers(folder, capsys):
    hand = Hand(make(capsys, folder, "--by", "客户类型"))
    page = hand.page()
    hand.put(30, "新客户实际(元)", "张三", page=page)
    hand.put(12.5, "老客户实际(元)", "张三", page=page)
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10"][0] == "42.50"
    assert figures(capsys, folder, "--by", "kind")["新客户", "sales", "2023-10"][0] == "30.00"
    again = Hand(make(capsys, folder, "--by", "kind"))
    assert again.cell("新客户实际(元)", "张三", page=again.page()).value == 30
    weeks = Hand(make(capsys, folder))
    assert weeks.cell("其他实际(元)", "张三").value == 42.5


def test_a_dimension_of_the_breakdown_may_stand_in_the_columns(folder, capsys):
    name = "跟踪表-2023-10-张经理.xlsx"
    hand = Hand(make(capsys, folder, "--by", "person", "--for", "张经理", name=name))
    hand.put(5, "李四实际(元)", "华东")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)["华东/李四", "sales", "2023-10"][0] == "5.00"


def test_without_a_dimension_left_there_are_no_lines(tmp_path, capsys):
    plan = PLAN.replace('by = ["region", "person"]', 'by = ["person"]')
    targets = "销售员,期间,目标\n张三,2023-10,5\n"
    folder = lay_out(tmp_path / "p", plan=plan, targets=targets)
    code, _, said = call(capsys, "template", folder, "--by", "person", *END)
    assert (code, "没有可列的行" in said) == (2, True)


def test_a_teams_total_is_what_it_says_when_its_people_report_too(folder, capsys):
    tables = ("--table", "personal", "--table", "team")
    hand = Hand(make(capsys, folder, *tables))
    team = hand.page(OTHER)
    hand.put(100, WEEK1, "张三")
    hand.put(250, WEEK1, "华东", page=team)
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    found = figures(capsys, folder)
    assert found[Z, "sales", "2023-10w1"][0] == "100.00"
    assert found["华东", "sales", "2023-10w1"][0] == "250.00"
    again = Hand(make(capsys, folder, *tables))
    assert again.cell(WEEK1, "华东", page=again.page(OTHER)).value == 250
    assert again.cell(WEEK1, "未分配").value == 150
    assert take(capsys, folder, again.path)[1]["total_changes"] == []


def test_only_the_kpi_sheets(folder, capsys):
    hand = Hand(make(capsys, folder, "--table", "kpi"))
    assert hand.book.sheetnames[2:4] == ["KPI跟踪表", "KPI比率"]
    hand.put(5, "第一周实际", "张三", "销售额", page=hand.page("KPI跟踪表"))
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "5.00"


def test_iso_weeks_that_stick_out_are_typed_by_their_days_inside(tmp_path, capsys):
    plan = PLAN.replace('period = "2023-10"', 'period = "2023-10"\nweeks = { kind = "iso" }')
    folder = lay_out(tmp_path / "iso", plan=plan)
    hand = Hand(make(capsys, folder))
    titles = [str(cell.value) for cell in hand.header(hand.page())]
    assert sum("周实际" in title for title in titles) == 6
    hand.put(7, "第一周实际(元)", "张三")
    hand.put(9, "第六周实际(元)", "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10"][0] == "16.00"


def test_a_week_has_one_column(folder, capsys):
    path = make(capsys, folder, "--period", "2023-10w2", name="跟踪表-2023-10w2.xlsx")
    hand = Hand(path)
    page = hand.page(OTHER)
    titles = [cell.value for cell in hand.header(page)]
    assert sum("实际(元)" in str(title) for title in titles) == 2


def test_a_ratio_may_lead_the_plan(tmp_path, capsys):
    first = PLAN.index("[metrics.sales]")
    ratio = PLAN[PLAN.index("[metrics.payment_rate]") : PLAN.index("[metrics.order_value]")]
    plan = PLAN[:first] + ratio + PLAN[first:].replace(ratio, "")
    folder = lay_out(tmp_path / "p", plan=plan)
    hand = Hand(make(capsys, folder))
    assert not hand.cell(WEEK1, "张三").protection.locked


def test_the_plan_may_lose_a_member_that_totals_were_typed_for(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "王五")
    hand.put(6, WEEK1, "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    text = (folder / "plan.toml").read_text(encoding="utf-8").replace(', "王五"]', "]")
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    targets = TARGETS.replace("华南,王五,2023-10,sales,500000.50,王经理\n", "")
    (folder / "targets.csv").write_text(targets, encoding="utf-8")
    code, _, said = take(capsys, folder, hand.path)
    assert (code, "unknown-line" in problems(said)) == (3, True), said
    again = Hand(make(capsys, folder))
    assert again.cell(WEEK1, "张三").value == 6


def test_what_was_broken_by_hand_is_named(folder, capsys):
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    (folder / "plan.tracking" / "workbooks.json").write_text("[]", encoding="utf-8")
    code, _, said = take(capsys, folder, hand.path)
    assert (code, "workbooks.json" in said) == (5, True), said


def test_a_plan_that_cannot_be_added_to_says_what_to_add(folder, capsys):
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text + "\n[reports]\n", encoding="utf-8")
    hand = Hand(make(capsys, folder))
    hand.put(5, WEEK1, "张三")
    hand.save()
    assert take(capsys, folder, hand.path)[0] == 0
    assert figures(capsys, folder)[Z, "sales", "2023-10w1"][0] == "5.00"
    other = folder / "inline.toml"
    other.write_text("actuals = []\n" + text, encoding="utf-8")
    code, _, said = take(capsys, other, hand.path)
    assert (code, "inline.tracking/*.csv" in said) == (5, True), said


def test_tracking_workbooks_and_documents_go_together(tmp_path, capsys):
    folder = lay_out(tmp_path / "p", plan=RECORDED + "\n[ledger]\n", records_csv=RECORDS)
    hand = Hand(make(capsys, folder))
    hand.put(100, WEEK1, "李四")
    hand.save()
    files = (hand.path, folder / "records.csv")
    code, _, said = call(capsys, "import", folder, *files, "--yes", *END)
    assert code == 0, said
    found = figures(capsys, folder)
    assert found["华东/李四", "sales", "2023-10w1"][0] == "100.00"
    assert found[Z, "sales", "2023-10w1"][0] == "150000.00"


def test_an_ordinary_workbook_is_no_tracking_workbook(folder, capsys):
    book = openpyxl.Workbook()
    book.active.append(["日期", "销售额"])
    book.save(folder / "plain.xlsx")
    (folder / "none.xlsx").write_bytes(b"PK")
    for name in ("plain.xlsx", "none.xlsx", "missing.xlsx"):
        code, _, said = call(capsys, "import", folder, folder / name, "--yes", *END)
        assert (code, "ledger" in said) == (2, True), said
