"""A revision that turns out wrong is taken back: all is as before, to the fen."""

from __future__ import annotations

import json

import pytest

from .desk import call, lay_out
from .test_revising import AS_OF, CUT, HISTORY, PLAN, RECORDS, TARGETS, month

BACK = ("--reason", "降价取消", "--by", "销售代表", *AS_OF)
BEFORE = ["5000000.00", "2000000.00", "800000.00"]
AFTER = ["4900000.00", "1900000.00", "700000.00"]


@pytest.fixture
def desk(tmp_path, capsys):
    """A plan with one approved revision, number 1."""
    folder = lay_out(tmp_path, plan=PLAN, targets=TARGETS, records=RECORDS)
    assert call(capsys, "revise", folder, *CUT, "--approve", "销售经理", "--yes")[0] == 0
    return folder


def lines(desk):
    return [
        json.loads(line) for line in (desk / HISTORY).read_text(encoding="utf-8").splitlines()
    ]


def test_the_effect_of_a_revert_is_shown_before_anything_is_written(desk, capsys):
    written = (desk / HISTORY).read_bytes()
    code, printed, said = call(capsys, "revert", desk, 1, *BACK)
    assert code == 1
    (row,) = (line.split() for line in printed.splitlines() if "A产品线/华东" in line)
    assert row[4:] == ["700,000.00", "800,000.00", "100,000.00", "90.00", "78.75"]
    assert "3 个目标值改变" in said
    assert call(capsys, "revert", desk, 1, *BACK, "--dry-run", "--yes")[0] == 0
    assert (desk / HISTORY).read_bytes() == written


def test_a_revert_counts_once_it_is_approved_and_stays_in_the_history(desk, capsys):
    code, _, said = call(capsys, "revert", desk, 1, *BACK, "--yes")
    assert code == 0
    assert "decide" in said
    assert month(capsys, desk) == ("r1", AFTER)
    approval = ("--approve", "--by", "销售经理", "--reason", "情况属实", "--yes")
    assert call(capsys, "decide", desk, 3, *approval)[0] == 0
    assert month(capsys, desk) == ("r2", BEFORE)
    assert [(each["act"], each.get("revision")) for each in lines(desk)[2:]] == [
        ("revert", 1),
        ("approve", 3),
    ]
    assert lines(desk)[3]["digest"]
    code, printed, _ = call(capsys, "history", desk, "--format", "csv", "--lang", "en")
    rows = [line.split(",") for line in printed.splitlines()[1:]]
    assert [row[2] for row in rows] == ["revise", "approve", "revert", "approve"]
    assert (rows[0][-3], rows[2][3:5]) == ("reverted by number 3", ["number 1", "approved"])


def test_a_revert_may_be_approved_at_once_and_only_once(desk, capsys):
    assert call(capsys, "revert", desk, 1, *BACK, "--approve", "销售经理", "--yes")[0] == 0
    assert month(capsys, desk) == ("r2", BEFORE)
    code, _, said = call(capsys, "revert", desk, 1, *BACK, "--yes")
    assert code == 3
    assert "第 1 号调整已由第 3 号撤回" in said
    assert call(capsys, "check", desk)[2].count("history") == 0


def test_a_report_as_known_before_the_revert_shows_the_revised_target(desk, capsys):
    known = lines(desk)[1]["recorded_at"]
    call(capsys, "revert", desk, 1, *BACK, "--approve", "销售经理", "--yes")
    assert month(capsys, desk, "--known-at", known) == ("r1", AFTER)
    assert month(capsys, desk, "--targets", "original") == ("original", BEFORE)


def test_a_closed_month_refuses_a_revert_too(desk, capsys):
    call(capsys, "close", desk, "2023-10", "--by", "财务", "--reason", "月结")
    code, _, said = call(capsys, "revert", desk, 1, *BACK, "--yes")
    assert code == 3
    assert "2023-10 已锁定" in said


def test_an_explanation_tells_the_revision_and_its_revert(desk, capsys):
    call(capsys, "revert", desk, 1, *BACK, "--approve", "销售经理", "--yes")
    asked = ("--goal", "A产品线/华东", "--period", "2023-10", *AS_OF)
    code, printed, _ = call(capsys, "explain", desk, *asked, "--format", "json")
    told = [each for each in json.loads(printed)["explanation"] if each["kind"] == "revised"]
    assert code == 0
    assert [each["facts"]["rule"] for each in told] == ["restate", "revert"]
    assert [each["figure"] for each in told] == ["700000.00", "800000.00"]
    assert "降价取消" in told[1]["text"]
