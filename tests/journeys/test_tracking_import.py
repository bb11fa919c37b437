"""A tracking workbook comes back filled in, and the report says the same."""

from __future__ import annotations

from datetime import date

import pytest

from .tracking_desk import (
    PLAN,
    RECORDED,
    RECORDS,
    WEEKS,
    Hand,
    figures,
    lay_out,
    make,
    problems,
    take,
)

WEEK1, WEEK2, WEEK3, WEEK4 = WEEKS
Z = "华东/张三"


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "plan")


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
