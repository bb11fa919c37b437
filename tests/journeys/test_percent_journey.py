"""Metrics in %: a number that may be a ratio is refused where it stands, with its address."""

from __future__ import annotations

import json

import openpyxl
import pytest

from . import tracking_desk
from .desk import call

PLAN = """\
[plan]
name = "10月"
period = "2023-10"

[metrics.rate]
name = "转化率"
aggregation = "average"
unit = "%"
decimals = 2

[dimensions.region]
name = "区域"
members = ["华东", "华南", "华北"]

[[breakdowns]]
by = ["region"]

[[targets]]
path = "targets.csv"

[[actuals]]
path = "records.csv"
"""
TARGETS = "区域,期间,指标,目标,保底目标\n华东,2023-10,rate,80%,60\n华南,2023-10,rate,80,60%\n"
RECORDS = "日期,区域,转化率\n2023-10-06,华东,85%\n2023-10-06,华南,85\n"


@pytest.fixture
def desk(tmp_path):
    return lay_out(tmp_path)


def lay_out(folder, *, plan=PLAN, targets=TARGETS, records=RECORDS):
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    (folder / "targets.csv").write_text(targets, encoding="utf-8")
    (folder / "records.csv").write_text(records, encoding="utf-8")
    return folder


def tracked(capsys, folder):
    """The code, region -> actual and target as they are shown, and what was said."""
    options = ("--as-of", "2023-10-31", "--format", "json", "--lang", "en")
    code, printed, said = call(capsys, "track", folder, *options)
    if not printed:
        return code, {}, said
    rows = [each for each in json.loads(printed)["rows"] if each["period"] == "2023-10"]
    found = {
        each["goal"]: (each["actual"], each["target"], each["attainment_pct"]) for each in rows
    }
    return code, found, said


def test_percent_signs_and_plain_percentages_are_the_same_rate(desk, capsys):
    code, found, said = tracked(capsys, desk)
    assert code == 0, said
    assert found["华东"] == found["华南"] == ("85.00", "80.00", "106.25")


def test_an_actual_that_may_be_a_ratio_is_rejected_with_its_address(tmp_path, capsys):
    lay_out(tmp_path, records=RECORDS + "2023-10-06,华北,0.85\n")
    code, found, said = tracked(capsys, tmp_path)
    assert code == 4
    assert "records.csv, row 4, 转化率: '0.85' may be a percentage or a ratio" in said
    assert found["华东"][0] == "85.00"


def test_a_whole_column_of_ratios_is_rejected(tmp_path, capsys):
    rows = "".join(f"2023-10-06,{name},0.85\n" for name in ("华东", "华南", "华北"))
    lay_out(tmp_path, records=f"日期,区域,转化率\n{rows}")
    code, _, said = tracked(capsys, tmp_path)
    assert (code, said.count("[ambiguous-percent]")) == (4, 3)


@pytest.mark.parametrize("amounts", ["0.8,60%", "80%,0.6", "1,"])
def test_a_target_or_floor_that_may_be_a_ratio_is_refused(tmp_path, capsys, amounts):
    lay_out(tmp_path, targets=f"{TARGETS}华北,2023-10,rate,{amounts}\n")
    code, _, said = tracked(capsys, tmp_path)
    assert code == 3
    assert "targets.csv, row 4" in said
    assert "[ambiguous-percent]" in said


def test_wide_columns_are_read_alike(tmp_path, capsys):
    lay_out(tmp_path, records="区域,2023-10\n华东,85%\n华南,85\n华北,0.85\n")
    code, found, said = tracked(capsys, tmp_path)
    assert (code, found["华东"][0], found["华南"][0]) == (4, "85.00", "85.00")
    assert "records.csv, row 4, 2023-10, 实际: '0.85'" in said


def test_a_cell_that_is_formatted_as_a_percentage_is_what_people_see(tmp_path, capsys):
    lay_out(tmp_path, plan=PLAN.replace("records.csv", "records.xlsx"))
    book = openpyxl.Workbook()
    for row in (["日期", "区域", "转化率"], ["2023-10-06", "华东", 0.85]):
        book.active.append(row)
    book.active.append(["2023-10-06", "华南", 0.85])
    book.active["C2"].number_format = "0.00%"
    book.save(tmp_path / "records.xlsx")
    code, found, said = tracked(capsys, tmp_path)
    assert (code, found["华东"][0]) == (4, "85.00")
    assert "C3" in said or "row 3" in said
    assert said.count("[ambiguous-percent]") == 1


def test_a_ratio_in_percent_has_its_typed_target_read_alike(tmp_path, capsys):
    ratio = (
        "[metrics.paid]\ndecimals = 2\n[metrics.sold]\ndecimals = 2\n"
        '[metrics.rate]\nunit = "%"\ndecimals = 2\naggregation = "ratio"\n'
        'numerator = "paid"\ndenominator = "sold"\n\n'
    )
    plan = PLAN[: PLAN.index("[metrics")] + ratio + PLAN[PLAN.index("[dimensions") :]
    head = "区域,期间,指标,目标\n"
    records = "日期,区域,paid,sold\n2023-10-06,华东,85,100\n"
    for said_as, code in (("80%", 1), ("80", 1), ("0.8", 3)):
        lay_out(
            tmp_path, plan=plan, targets=f"{head}华东,2023-10,rate,{said_as}\n", records=records
        )
        found, _, said = call(capsys, "check", tmp_path, "--lang", "en")
        assert (found, "[ambiguous-percent]" in said) == (code, code == 3), said


def test_a_revision_says_its_percent_sign(desk, capsys):
    options = (
        "--goal",
        "华东",
        "--period",
        "2023-10",
        "--reason",
        "调整",
        "--by",
        "张三",
        "--yes",
    )
    code, _, said = call(capsys, "revise", desk, *options, "--to", "0.9")
    assert (code, "85% 或 0.85%" in said) == (2, True)
    assert call(capsys, "revise", desk, *options, "--to", "90%")[0] in {0, 1}


def test_the_amount_of_a_cause_says_its_percent_sign_and_is_read_back(desk, capsys):
    options = ("--goal", "华东", "--text", "缺货", "--by", "张三")
    code, _, said = call(capsys, "review", desk, *options, "--amount", "0.5")
    assert (code, "85% 或 0.85%" in said) == (2, True)
    assert call(capsys, "review", desk, *options, "--amount", "0.5％")[0] == 0
    assert call(capsys, "check", desk)[0] in {0, 1}
    assert "0.5%" in (desk / "reviews.csv").read_text(encoding="utf-8")
    (desk / "reviews.csv").write_text(
        (desk / "reviews.csv").read_text(encoding="utf-8-sig").replace("0.5%", "0.5"),
        encoding="utf-8",
    )
    code, _, said = call(capsys, "check", desk)
    assert (code, "[ambiguous-percent]" in said) == (3, True)


def test_a_tracking_workbook_needs_the_sign_and_comes_back_as_it_was_handed_out(
    tmp_path, capsys
):
    plan = PLAN.replace("average", "last").replace('\n[[actuals]]\npath = "records.csv"\n', "")
    targets = "区域,期间,指标,目标\n华东,2023-10,rate,0.8%\n华南,2023-10,rate,80\n"
    folder = tracking_desk.lay_out(tmp_path / "desk", plan=plan, targets=targets)
    week = "第一周实际(%)"
    hand = tracking_desk.Hand(tracking_desk.make(capsys, folder))
    at = hand.put(0.85, week, "华东")
    code, _, said = tracking_desk.take(capsys, folder, hand.save())
    assert (code, "[ambiguous-percent]" in said, at in said) == (3, True, True)
    hand.put("0.85%", week, "华东")
    cell = hand.cell(week, "华南")
    cell.value, cell.number_format = 0.0075, "0.00%"
    code, changes, said = tracking_desk.take(capsys, folder, hand.save())
    assert (code, len(changes["total_changes"])) == (0, 2), said
    found = tracking_desk.figures(capsys, folder)
    assert [found[name, "rate", "2023-10w1"][0] for name in ("华东", "华南")] == [
        "0.85",
        "0.75",
    ]
    hand.path.unlink()
    again = tracking_desk.make(capsys, folder)
    code, changes, said = tracking_desk.take(capsys, folder, again)
    assert (code, changes["total_changes"]) == (0, []), said
    assert "[target-overwritten]" not in said


def test_the_amount_of_a_handed_out_cause_needs_no_sign_until_it_is_changed(desk, capsys):
    options = ("--goal", "华东", "--text", "缺货", "--by", "张三", "--amount", "0.5%")
    assert call(capsys, "review", desk, *options)[0] == 0
    hand = tracking_desk.Hand(tracking_desk.make(capsys, desk))
    hand.put("已补货", "原因说明", "华东")
    code, changes, said = tracking_desk.take(capsys, desk, hand.save())
    assert (code, len(changes["remark_changes"])) == (0, 1), said
    hand.put(0.4, "归因金额(%)", "华东")
    code, _, said = tracking_desk.take(capsys, desk, hand.save())
    assert (code, "[ambiguous-percent]" in said) == (3, True)
