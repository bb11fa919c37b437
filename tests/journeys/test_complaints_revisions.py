"""What people complain about in other tools when targets change, one fact each.

悟空CRM: "re-save deletes the old target". Odoo: "one scalar overwritten, no history".
Salesforce: a territory change deletes quotas and adjustments. GM_Dashboards#16: an unset target
counts as zero.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from subprocess import run as start
from sys import executable

import pytest

from .desk import AS_OF, call, lay_out

CUT = ("--goal", "华东/A", "--period", "2023Q4", "--reason", "竞品降价", "--by", "代表", *AS_OF)
NOW = ("--approve", "经理", "--yes")


def row(capsys, folder, *arguments):
    wanted = ("--goal", "华东/A", "--level", "quarter", "--format", "json")
    (found,) = json.loads(call(capsys, "track", folder, *AS_OF, *wanted, *arguments)[1])["rows"]
    return found["target"], found["original"]


def test_saving_a_target_again_does_not_delete_the_old_one(tmp_path, capsys):
    desk = lay_out(tmp_path)
    for amount in ("900", "850", "820"):
        assert call(capsys, "revise", desk, *CUT, "--to", amount, *NOW)[0] == 0
    lines = map(
        json.loads, (desk / "plan.history.jsonl").read_text(encoding="utf-8").splitlines()
    )
    steps = [(each["from"], each["to"]) for each in lines if each["act"] == "revise"]
    assert steps == [("1000.00", "900.00"), ("900.00", "850.00"), ("850.00", "820.00")]
    assert row(capsys, desk) == ("820.00", "1000.00")
    assert row(capsys, desk, "--targets", "original") == ("1000.00", "1000.00")


def test_a_new_member_beside_a_revised_goal_takes_no_target_away(tmp_path, capsys):
    desk = lay_out(tmp_path)
    call(capsys, "revise", desk, *CUT, "--to", "900", *NOW)
    plan = (desk / "plan.toml").read_text(encoding="utf-8")
    (desk / "plan.toml").write_text(
        plan.replace('"华东", "华南"', '"东北", "华东", "华南"'), encoding="utf-8"
    )
    assert row(capsys, desk) == ("900.00", "1000.00")
    assert "history" not in call(capsys, "check", desk)[2]


def test_a_target_that_was_never_set_is_not_revised_from_zero(tmp_path, capsys):
    desk = lay_out(tmp_path)
    floor = ("--measure", "floor", "--to", "0")
    code, printed, _ = call(capsys, "revise", desk, *CUT, *floor, *NOW)
    assert code == 0
    first = json.loads(
        (desk / "plan.history.jsonl").read_text(encoding="utf-8").splitlines()[0]
    )
    assert (first["from"], first["to"]) == (None, "0.00")
    assert "0.00" in printed


@pytest.mark.slow
def test_of_people_who_revise_at_the_same_moment_nobody_overwrites_another(tmp_path, capsys):
    desk = lay_out(tmp_path)
    command = [executable, "-m", "salesgoal", "revise", str(desk), *CUT, "--yes", "--to"]
    with ThreadPoolExecutor() as pool:
        done = list(
            pool.map(
                lambda to: start([*command, to], capture_output=True, check=False).returncode,
                ("900", "800", "700"),
            )
        )
    written = (desk / "plan.history.jsonl").read_text(encoding="utf-8").splitlines()
    assert set(done) <= {0, 3}
    assert (desk / "plan.toml").read_text(encoding="utf-8").count("history") == 2
    assert done.count(0) == len(written) >= 1
    assert call(capsys, "history", desk)[0] == 0
