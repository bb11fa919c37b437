"""A sales manager asks why a figure is what it is, and what changed since last week."""

from __future__ import annotations

import json

import openpyxl
import pytest

from salesgoal.sheets import explanation_sheet

from . import ledger_desk
from .desk import call, lay_out
from .office import BY_OFFICE, cells, recalculated, wrong_cells

PLAN = """\
[plan]
name = "10月"
period = "2023-10"

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[metrics.orders]
name = "订单数"

[metrics.price]
name = "客单价"
decimals = 2
aggregation = "ratio"
numerator = "sales"
denominator = "orders"

[dimensions.region]
name = "区域"
members = ["华东", "华南"]

[[targets]]
path = "targets.csv"

[[actuals]]
path = "records.csv"
coverage = { since = 2023-10-01, until = 2023-10-31 }

[alerts]
milestones_pct = [25, 100]
"""
TARGETS = """\
区域,期间,metric,目标
华东,2023-10w1,sales,100
华东,2023-10w2,sales,200
华南,2023-10,sales,400
华东,2023-10,orders,6
华南,2023-10,orders,8
"""
RECORDS = """\
日期,区域,销售额,订单数
2023-10-03,华东,60.50,1
2023-10-10,华东,40,1
2023-10-10,华南,90,2
2023-10-11,,5,1
2023-11-01,华南,70,1
2023-10-12,华西,33,1
"""
AS_OF = ("--as-of", "2023-10-14")


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "plan", plan=PLAN, targets=TARGETS, records=RECORDS)


def ask(capsys, folder, *more):
    code, out, _ = call(capsys, "explain", folder, *AS_OF, "--format", "json", *more)
    assert code in {0, 4}
    return json.loads(out)


def said(answer, kind):
    return [each for each in answer["explanation"] if each["kind"] == kind]


def test_the_total_is_made_of_its_goals_and_the_rows_of_the_file(folder, capsys):
    answer = ask(capsys, folder, "--rows", "2")
    assert answer["meta"]["goal"] == ""
    (target,) = said(answer, "child_targets")
    (actual,) = said(answer, "child_actuals")
    assert (target["figure"], actual["figure"]) == ("700.00", "195.50")
    (unassigned,) = said(answer, "unassigned")
    assert unassigned["figure"] == "5.00"
    rows = answer["contributions"]
    assert [(each["outcome"], each["file"], each["row"], each["amount"]) for each in rows] == [
        ("counted", "records.csv", "2", "60.50"),
        ("counted", "records.csv", "3", "40.00"),
        ("rest", None, None, "95.00"),
        ("total", None, None, "195.50"),
        ("outside_period", None, None, "70.00"),
        ("rejected", "records.csv", "7", "33.00"),
    ]
    assert [each["rows"] for each in rows] == ["1", "1", "2", "4", "1", "1"]
    assert rows[-1]["why"] == "unknown-member"


def test_a_goal_says_where_its_target_was_typed(folder, capsys):
    answer = ask(capsys, folder, "--goal", "华东", "--period", "2023-10")
    (target,) = said(answer, "sub_periods")
    parts = said(answer, "sub_period")
    assert [each["facts"]["row"] for each in parts] == ["2", "3"]
    assert [each["figure"] for each in parts] == ["100.00", "200.00"]
    assert target["figure"] == "300.00"
    week = ask(capsys, folder, "--goal", "华东", "--period", "2023-10w2")
    (typed,) = said(week, "typed")
    assert typed["facts"]["file"] == "targets.csv"


def test_a_ratio_is_explained_by_its_parts(folder, capsys):
    answer = ask(capsys, folder, "--metric", "price")
    (actual,) = said(answer, "ratio_of_actuals")
    assert (actual["figure"], actual["exact"]) == ("39.10", "3910")
    (target,) = said(answer, "ratio_of_targets")
    assert target["figure"] == "50.00"
    totals = [each["amount"] for each in answer["contributions"] if each["outcome"] == "total"]
    assert totals == ["195.50", "5"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "个下级目标之和"), ("en", "the sum of the targets of 2 goals below")],
)
def test_people_read_it_as_sentences(folder, capsys, lang, words):
    code, out, _ = call(capsys, "explain", folder, *AS_OF, "--lang", lang)
    assert code == 4
    assert words in out
    assert "195.50" in out


def test_an_approved_revision_is_named_with_who_and_why(folder, capsys):
    change = ("--goal", "华南", "--period", "2023-10", "--to", "300", "--reason", "竞品降价")
    call(capsys, "revise", folder, *change, "--by", "王", "--approve", "李", "--yes")
    answer = ask(capsys, folder, "--goal", "华南")
    (revised,) = said(answer, "revised")
    assert revised["figure"] == "300.00"
    facts = revised["facts"]
    assert (facts["before"], facts["by"], facts["approved_by"]) == ("400.00", "王", "李")
    assert facts["reason"] == "竞品降价"
    assert said(answer, "typed")[0]["facts"]["original"] == "400.00"
    _, text, _ = call(capsys, "explain", folder, *AS_OF, "--goal", "华南", "--lang", "zh")
    assert "王 提出（竞品降价）" in text


def test_an_unknown_goal_is_wrong_usage(folder, capsys):
    assert call(capsys, "explain", folder, *AS_OF, "--goal", "华西")[0] == 2


def test_alerts_say_what_changed_and_end_with_1(folder, capsys):
    records = RECORDS.replace("2023-10-12,华西,33,1\n", "")
    (folder / "records.csv").write_text(records, encoding="utf-8")
    since = ("--since", "2023-10-07")
    code, out, _ = call(capsys, "alerts", folder, *since, *AS_OF, "--format", "json")
    assert code == 1
    found = json.loads(out)["alerts"]
    month = [each for each in found if each["period"] == "2023-10"]
    reached = [each for each in month if each["kind"] == "milestone"]
    assert [(each["goal"], each["metric"], each["milestone_pct"]) for each in reached] == [
        ("", "sales", "25.00"),
        ("", "orders", "25.00"),
        ("华东", "sales", "25.00"),
        ("华东", "orders", "25.00"),
        ("华南", "orders", "25.00"),
    ]
    code, out, _ = call(capsys, "alerts", folder, *since, *AS_OF, "--lang", "zh")
    assert "达到里程碑" in out


def test_no_change_is_fine_and_a_later_day_is_wrong_usage(folder, capsys):
    (folder / "records.csv").write_text("日期,区域,销售额,订单数\n", encoding="utf-8")
    quiet = call(capsys, "alerts", folder, "--since", "2023-10-13", *AS_OF, "--lang", "en")
    assert quiet[0] == 0
    assert "nothing changed" in quiet[2]
    assert call(capsys, "alerts", folder, "--since", "2023-10-14", *AS_OF)[0] == 2


def test_milestones_are_above_zero(folder, capsys):
    plan = PLAN.replace("[25, 100]", "[0]")
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    code, _, err = call(capsys, "explain", folder, *AS_OF)
    assert code == 3
    assert "大于 0% 的里程碑" in err


def test_the_workbook_comments_its_scorecard_in_the_same_bytes(folder, capsys, tmp_path):
    paths = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for path in paths:
        call(capsys, "report", folder, *AS_OF, "-o", path, "--lang", "zh")
    assert paths[0].read_bytes() == paths[1].read_bytes()
    page = openpyxl.load_workbook(paths[0])["达成情况"]
    notes = [cell.comment.text for row in page.iter_rows() for cell in row if cell.comment]
    assert any("目标值 700.00 = 2 个下级目标之和" in each for each in notes)
    assert any("达成率 27.93% = 195.50 ÷ 700.00" in each for each in notes)


def test_comments_end_where_it_is_said(folder, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(explanation_sheet, "MOST_COMMENTED", 2)
    path = tmp_path / "report.xlsx"
    call(capsys, "report", folder, *AS_OF, "-o", path, "--lang", "zh")
    page = openpyxl.load_workbook(path)["达成情况"]
    rows = {cell.row for row in page.iter_rows() for cell in row if cell.comment}
    assert len(rows) == 2
    assert "批注只写在前 2 行" in page["A2"].value


@BY_OFFICE[0]
@BY_OFFICE[1]
def test_a_spreadsheet_program_opens_the_commented_workbook(folder, capsys, tmp_path):
    path = tmp_path / "report.xlsx"
    call(capsys, "report", folder, *AS_OF, "-o", path)
    (theirs,) = recalculated([path], tmp_path).values()
    assert cells(path)
    assert not wrong_cells(path, theirs)
    book = openpyxl.load_workbook(theirs)
    assert any(cell.comment for page in book for row in page.iter_rows() for cell in row)


def test_facts_of_a_ledger_are_found_in_the_documents_that_said_them(tmp_path, capsys):
    folder = ledger_desk.lay_out(tmp_path / "desk")
    ledger_desk.put(folder, "日报/1.csv", ledger_desk.EAST, ledger_desk.SOUTH)
    ledger_desk.imported(capsys, folder)
    command = ("explain", folder, "--as-of", "2023-12-31", "--format", "json")
    _, out, _ = call(capsys, *command)
    rows = json.loads(out)["contributions"]
    assert [(each["outcome"], each["row"], each["amount"]) for each in rows] == [
        ("counted", "2", "900.50"),
        ("counted", "3", "500.00"),
        ("total", None, "1400.50"),
    ]
    assert rows[0]["file"].endswith("1.csv")
    plan = ledger_desk.PLAN.replace('"华南"', '"华北"')
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    targets = (folder / "targets.csv").read_text("utf-8").replace("华南", "华北")
    (folder / "targets.csv").write_text(targets, encoding="utf-8")
    _, out, _ = call(capsys, *command)
    rejected = [each for each in json.loads(out)["contributions"] if each["why"]]
    assert [(each["amount"], each["why"]) for each in rejected] == [
        ("500.00", "unknown-member")
    ]
