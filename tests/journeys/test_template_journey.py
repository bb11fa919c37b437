"""A tracking workbook is handed out: what it holds, and for whom."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from .desk import call
from .tracking_desk import (
    END,
    MONTH,
    PLAN,
    RECORDED,
    RECORDS,
    TARGETS,
    WEEKS,
    Hand,
    exact,
    figures,
    lay_out,
    make,
    take,
)

WEEK1, WEEK2, WEEK3, _ = WEEKS
OTHER = "销售业绩跟踪表"


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "plan")


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
