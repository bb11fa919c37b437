"""动态更新目标: a competitor cuts its price, and October's target of 华东 is brought down.

The seed: "若市场环境发生重大变化（如政策调整、竞品降价），可按流程调整目标".
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime

import attrs
import pytest

from salesgoal.app.load import load_plan
from salesgoal.app.revise import try_acts, write_trial
from salesgoal.domain.history import Lock

from .desk import call, lay_out

PLAN = """\
# 十月的计划，改动前请先商量。
[plan]   # 总目标
name = "10月"
period = "2023-10"   # 一个月

# 指标
[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[dimensions.product]
name = "产品线"
members = ["A产品线", "B产品线"]

[dimensions.region]
name = "区域"
members = ["华东", "华南", "华北"]

[[breakdowns]]
by = ["product", "region"]

[[targets]]
path = "targets.csv"   # 由助理维护

[[actuals]]
path = "records.csv"
"""

TARGETS = """\
产品线,区域,期间,目标,保底,挑战
A产品线,,2023-10,2000000,,
A产品线,华东,2023-10,800000,600000,900000
A产品线,华南,2023-10,700000,,
A产品线,华北,2023-10,500000,,
B产品线,,2023-10,3000000,,
"""

RECORDS = """\
日期,产品线,区域,销售额
2023-10-06,A产品线,华东,630000
2023-10-20,A产品线,华南,700000
"""

AS_OF = ("--as-of", "2023-10-31")
CUT = (
    *("--goal", "A产品线/华东", "--period", "2023-10", "--to", "700000"),
    *("--reason", "竞品降价", "--by", "销售代表", *AS_OF),
)
HISTORY = "plan.history.jsonl"


@pytest.fixture
def desk(tmp_path):
    return lay_out(tmp_path, plan=PLAN, targets=TARGETS, records=RECORDS)


def rows(capsys, desk, *arguments):
    code, printed, _ = call(capsys, "track", desk, *AS_OF, "--format", "json", *arguments)
    assert code == 0
    found = json.loads(printed)
    return found["meta"], {row["goal"]: row for row in found["rows"]}


def month(capsys, desk, *arguments):
    meta, found = rows(capsys, desk, "--level", "month", *arguments)
    return meta["target_version"], [
        found[goal]["target"] for goal in ("", "A产品线", "A产品线/华东")
    ]


def test_the_effect_is_shown_before_anything_is_written(desk, capsys):
    before = {path.name: path.read_bytes() for path in desk.iterdir()}
    code, printed, said = call(capsys, "revise", desk, *CUT)
    assert code == 1
    lines = [line.split() for line in printed.splitlines() if "2023-10" in line]
    assert [line[0] for line in lines] == ["10月", "A产品线", "A产品线/华东"]
    assert lines[2][4:] == ["800,000.00", "700,000.00", "-100,000.00", "78.75", "90.00"]
    assert "3 个目标值改变" in said
    assert "--yes" in said
    assert {path.name: path.read_bytes() for path in desk.iterdir()} == before


def test_a_dry_run_writes_nothing_even_when_told_yes(desk, capsys):
    assert call(capsys, "revise", desk, *CUT, "--yes", "--dry-run")[0] == 0
    assert not (desk / HISTORY).exists()


def test_a_proposal_counts_only_once_it_is_approved(desk, capsys):
    assert call(capsys, "revise", desk, *CUT, "--yes")[0] == 0
    assert month(capsys, desk) == ("original", ["5000000.00", "2000000.00", "800000.00"])
    approval = ("--approve", "--by", "销售经理", "--reason", "情况属实", "--yes")
    assert call(capsys, "decide", desk, 1, *approval)[0] == 0
    assert month(capsys, desk) == ("r1", ["4900000.00", "1900000.00", "700000.00"])
    assert month(capsys, desk, "--targets", "original") == (
        "original",
        ["5000000.00", "2000000.00", "800000.00"],
    )


def test_a_refused_proposal_changes_nothing_and_stays_in_the_history(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--yes")
    refusal = ("--refuse", "--by", "销售经理", "--reason", "降价只有两周")
    assert call(capsys, "decide", desk, 1, *refusal)[0] == 0
    assert month(capsys, desk)[0] == "original"
    code, printed, _ = call(capsys, "history", desk, "--format", "markdown")
    assert code == 0
    assert "已否决" in printed
    assert "降价只有两周" in printed
    code, _, said = call(capsys, "decide", desk, 1, *refusal)
    assert code == 3
    assert "第 1 号调整已由 销售经理 否决" in said


def test_a_second_proposal_from_the_same_value_is_stale_once_the_first_is_approved(
    desk, capsys
):
    call(capsys, "revise", desk, *CUT, "--yes")
    call(capsys, "revise", desk, *CUT, "--to", "650000", "--yes")
    approval = ("--approve", "--by", "销售经理", "--reason", "属实", "--yes")
    assert call(capsys, "decide", desk, 1, *approval)[0] == 0
    code, _, said = call(capsys, "decide", desk, 2, *approval)
    assert code == 3
    assert "提出时的目标为 800,000.00，现为 700,000.00" in said
    assert len((desk / HISTORY).read_text(encoding="utf-8").splitlines()) == 3


def test_original_current_floor_and_stretch_stand_side_by_side(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--approve", "销售经理", "--yes")
    (row,) = rows(capsys, desk, "--goal", "A产品线/华东", "--level", "month")[1].values()
    wanted = {"target": "700000.00", "floor": "600000.00", "stretch": "900000.00"}
    assert {key: row[key] for key in wanted} == wanted
    assert row["original"] == "800000.00"
    printed = call(capsys, "track", desk, *AS_OF, "--format", "markdown")[1]
    assert "| 目标值 | 保底目标 | 挑战目标 | 原目标值 |" in printed


def test_without_a_revision_the_original_is_the_target_and_not_shown(desk, capsys):
    found = rows(capsys, desk)[1]
    assert all(row["original"] == row["target"] for row in found.values())
    assert "原目标值" not in call(capsys, "track", desk, *AS_OF, "--format", "markdown")[1]


def test_the_plan_file_gets_one_line_and_keeps_every_byte_else(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--yes")
    header = "[plan]   # 总目标\n"
    wanted = PLAN.replace(header, f'{header}history = "{HISTORY}"\n')
    assert (desk / "plan.toml").read_bytes() == wanted.encode()
    call(capsys, "revise", desk, *CUT, "--yes")
    assert (desk / "plan.toml").read_bytes() == wanted.encode()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_and_line_ends_of_the_plan_file_stay(tmp_path, capsys, mark, end):
    written = mark + PLAN.replace("\n", end)
    desk = lay_out(tmp_path, plan=written.encode(), targets=TARGETS, records=RECORDS)
    call(capsys, "revise", desk, *CUT, "--yes")
    found = (desk / "plan.toml").read_bytes().decode()
    assert found.replace(f'history = "{HISTORY}"{end}', "") == written


def test_a_plan_table_without_a_header_gets_its_history_too(tmp_path, capsys):
    flat = PLAN.replace(
        '[plan]   # 总目标\nname = "10月"\nperiod =', 'plan.name = "10月"\nplan.period ='
    )
    desk = lay_out(tmp_path, plan=flat, targets=TARGETS, records=RECORDS)
    assert call(capsys, "revise", desk, *CUT, "--approve", "经理", "--yes")[0] == 0
    text = (desk / "plan.toml").read_text(encoding="utf-8")
    assert "# 十月的计划" in text
    assert "# 一个月" in text
    assert month(capsys, desk)[0] == "r1"


def test_a_closed_month_refuses_and_reopening_is_recorded(desk, capsys):
    done = ("--by", "财务", "--reason", "月结")
    assert call(capsys, "close", desk, "2023年10月", *done)[0] == 0
    code, _, said = call(capsys, "revise", desk, *CUT, "--yes")
    assert code == 3
    assert "2023-10 已锁定" in said
    assert call(capsys, "close", desk, "2023-10", *done)[0] == 3
    assert call(capsys, "reopen", desk, "2023-10", "--by", "总监", "--reason", "更正")[0] == 0
    assert call(capsys, "revise", desk, *CUT, "--yes")[0] == 0
    acts = [
        json.loads(line)["act"]
        for line in (desk / HISTORY).read_text(encoding="utf-8").splitlines()
    ]
    assert acts == ["close", "reopen", "revise"]
    shown = call(capsys, "history", desk, "--format", "markdown")[1]
    assert [word in shown for word in ("锁定期间", "重新打开", "待批准")] == [True] * 3


def test_a_report_as_known_before_the_approval_shows_the_old_target(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--approve", "销售经理", "--yes")
    first, second = map(json.loads, (desk / HISTORY).read_text(encoding="utf-8").splitlines())
    assert month(capsys, desk, "--known-at", first["recorded_at"])[0] == "original"
    assert month(capsys, desk, "--known-at", second["recorded_at"])[0] == "r1"
    assert month(capsys, desk, "--known-at", "2023-10-01")[0] == "original"
    meta = rows(capsys, desk, "--known-at", second["recorded_at"])[0]
    assert meta["known_at"] == second["recorded_at"]
    assert call(capsys, "track", desk, *AS_OF, "--known-at", "yesterday")[0] == 2


def test_a_changed_old_line_is_reported_with_its_row(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--approve", "销售经理", "--yes")
    path = desk / HISTORY
    path.write_text(path.read_text("utf-8").replace("竞品降价", "另有原因", 1), "utf-8")
    code, printed, said = call(capsys, "track", desk, *AS_OF)
    assert (code, printed) == (3, "")
    assert f"{HISTORY}, 第1行" in said
    assert "[history-tampered]" in said


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda lines: lines[1:], "history-gap"),
        (lambda lines: [lines[0], lines[0], lines[1]], "history-gap"),
        (lambda lines: [lines[1], lines[0]], "history-gap"),
        (lambda lines: ["{}\n", *lines], "history-line"),
        (lambda lines: [lines[0].replace('"by"', '"von"'), lines[1]], "history-line"),
        (lambda _: ["no json\n"], "history-line"),
        (lambda lines: [lines[0], lines[1].replace("r", "R", 1)], "history-line"),
        (
            lambda lines: [lines[0].replace('"reason": "竞品降价"', '"reason": ""')],
            "history-tampered",
        ),
        (lambda lines: [lines[0].replace("700000.00", "1.00"), lines[1]], "history-tampered"),
    ],
)
def test_removed_doubled_moved_and_broken_lines_are_reported(desk, capsys, edit, code):
    call(capsys, "revise", desk, *CUT, "--approve", "销售经理", "--yes")
    path = desk / HISTORY
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(edit(lines)), "utf-8")
    found, _, said = call(capsys, "check", desk)
    assert (found, f"[{code}]" in said) == (3, True)


def test_a_missing_history_is_no_plan_without_revisions(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--approve", "销售经理", "--yes")
    (desk / HISTORY).unlink()
    code, _, said = call(capsys, "track", desk, *AS_OF)
    assert (code, "[file-missing]" in said) == (3, True)


def test_a_history_that_the_plan_no_longer_names_still_counts(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--approve", "销售经理", "--yes")
    (desk / "plan.toml").write_text(PLAN, encoding="utf-8")
    assert month(capsys, desk)[0] == "r1"


def test_a_line_torn_by_a_crash_does_not_count_and_the_next_one_takes_its_place(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--yes")
    path = desk / HISTORY
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    code, _, said = call(capsys, "check", desk)
    assert (code, "[history-torn]" in said) == (1, True)
    approval = ("--approve", "--by", "销售经理", "--reason", "属实", "--yes")
    assert call(capsys, "decide", desk, 1, *approval)[0] == 0
    assert path.read_bytes().startswith(whole)
    assert "history" not in call(capsys, "check", desk)[2]
    assert month(capsys, desk)[0] == "r1"


KILLED = """\
import os, sys
from salesgoal.cli.main import run
write = os.write
def torn(handle, line):
    if b'"act": "approve"' in line:
        write(handle, line[:len(line) // 2])
        os._exit(9)
    return write(handle, line)
os.write = torn
run(sys.argv[1:])
"""


def test_a_process_killed_while_it_appends_leaves_a_history_that_can_be_used(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--yes")
    approval = (
        "decide",
        str(desk),
        "1",
        "--approve",
        "--by",
        "经理",
        "--reason",
        "属实",
        "--yes",
    )
    command = [sys.executable, "-c", KILLED, *approval]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ})
    assert done.returncode == 9
    assert month(capsys, desk)[0] == "original"
    assert call(capsys, *approval)[0] == 0
    assert month(capsys, desk)[0] == "r1"


def test_a_table_edited_under_an_approved_revision_is_warned_about(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--approve", "销售经理", "--yes")
    (desk / "targets.csv").write_text(TARGETS.replace("800000", "850000"), encoding="utf-8")
    code, _, said = call(capsys, "check", desk)
    assert code == 1
    assert f"{HISTORY}, 第2行: 第 1 号调整批准之后，目标表被改动" in said
    assert month(capsys, desk)[1][2] == "700000.00"


def test_a_revision_of_a_goal_that_is_gone_is_named_by_its_line(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--approve", "销售经理", "--yes")
    (desk / "targets.csv").write_text(
        TARGETS.replace("A产品线,华东", "B产品线,华东"), encoding="utf-8"
    )
    code, _, said = call(capsys, "check", desk)
    assert (code, f"{HISTORY}, 第2行" in said) == (3, True)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (("--to", "七十"), 2, "不是销售额的数额"),
        (("--to", ""), 2, "零请写 0"),
        (("--goal", "华东"), 2, "是否为 'A产品线/华东'"),
        (("--period", "2024-10"), 2, "计划内的期间"),
        (("--measure", "wish"), 2, "wish"),
        (("--reason", " "), 3, "必须写明责任人和理由"),
        (("--rule", "from-now"), 3, "[no-effective-day]"),
        (("--rule", "from-now", "--effective-on", "soon"), 2, "--effective-on"),
        (("--rule", "keep-total"), 3, "[nothing-takes-it]"),
        (("--rule", "keep-total", "--over", "siblings", "--to", "3000000"), 3, "[below-zero]"),
        (("--to", "-1"), 3, "[below-zero]"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(desk, capsys, change, code, words):
    found, printed, said = call(capsys, "revise", desk, *CUT, "--yes", *change)
    assert (found, printed) == (code, "")
    assert words in said
    assert not (desk / HISTORY).exists()


def test_amounts_may_be_written_as_people_say_them(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--to", "¥700,000", "--approve", "经理", "--yes")
    assert month(capsys, desk)[1][2] == "700000.00"


def test_zero_is_a_target_and_not_the_absence_of_one(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--to", "0", "--approve", "经理", "--yes")
    call(
        *(capsys, "revise", desk, *CUT, "--goal", "A产品线/华东", "--measure", "floor"),
        *("--to", "0", "--approve", "经理", "--yes"),
    )
    (row,) = rows(capsys, desk, "--goal", "A产品线/华东", "--level", "month")[1].values()
    assert (row["target"], row["floor"], row["status"]) == ("0.00", "0.00", "met")
    first = json.loads((desk / HISTORY).read_text(encoding="utf-8").splitlines()[0])
    assert (first["from"], first["to"]) == ("800000.00", "0.00")


def test_keeping_the_total_moves_the_difference_to_the_siblings(desk, capsys):
    siblings = ("--rule", "keep-total", "--over", "siblings", "--approve", "经理", "--yes")
    assert call(capsys, "revise", desk, *CUT, *siblings)[0] == 0
    found = rows(capsys, desk, "--level", "month")[1]
    assert found["A产品线"]["target"] == "2000000.00"
    assert found["A产品线/华南"]["target"] == "758333.33"
    assert found["A产品线/华北"]["target"] == "541666.67"


def test_a_decision_is_one_or_the_other(desk, capsys):
    call(capsys, "revise", desk, *CUT, "--yes")
    code, _, said = call(capsys, "decide", desk, 1, "--by", "经理", "--reason", "属实")
    assert (code, "--approve 或 --refuse" in said) == (2, True)


def test_a_history_named_by_somebody_else_meanwhile_is_not_named_twice(desk, capsys):
    stale = load_plan(desk)
    call(capsys, "revise", desk, *CUT, "--yes")
    named = (desk / "plan.toml").read_bytes()
    seen = load_plan(desk)
    late = attrs.evolve(stale, history=seen.history)
    moment = datetime.now().astimezone()
    write_trial(
        try_acts(late, [(Lock("2023-10", closed=True), "财务")], reason="月结", at=moment)
    )
    assert (desk / "plan.toml").read_bytes() == named
