"""Somebody starts a plan of their own, checks it and gets a first report."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from salesgoal.app import starter

from .desk import AS_OF, OWNED, PLAN, TARGETS, call, lay_out

TWO_BREAKDOWNS = PLAN.replace("[[targets]]", '[[breakdowns]]\nby = ["product"]\n[[targets]]')


@pytest.fixture
def started(tmp_path, capsys):
    folder = tmp_path / "mine"
    code, printed, said = call(capsys, "new", folder, "--lang", "en")
    assert code == 0
    assert printed.split() == [
        str(folder / name) for name in ("plan.toml", "records.csv", "targets.csv")
    ]
    assert said == f"edit them, then run: salesgoal check {folder}\n"
    return folder


def test_a_new_plan_is_fine_as_it_is(started, capsys):
    code, _, said = call(capsys, "check", started, "--lang", "en")
    assert (code, said) == (0, "My team: 6 goals, 0 findings\n")


CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_new_plan_speaks_one_language(tmp_path, capsys, lang):
    call(capsys, "new", tmp_path, "--lang", lang)
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "$" not in text
        assert (CHINESE.search(text) is None) == (lang == "en"), path.name
    plan = (tmp_path / "plan.toml").read_text("utf-8")
    comments = re.findall(r"^# (?!\[|kind).+", plan, re.MULTILINE)
    assert len(comments) == 12
    assert all((CHINESE.search(each) is None) == (lang == "en") for each in comments)


def test_the_words_of_the_new_plan_stand_in_both_languages():
    words = tomllib.loads((Path(starter.__file__).parent / "new/words.toml").read_text("utf-8"))
    assert list(words["zh"]) == list(words["en"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_new_plan_may_count_in_workdays(tmp_path, capsys, lang):
    call(capsys, "new", tmp_path, "--lang", lang)
    plan = tmp_path / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    turned = text.replace("# [plan.workdays]\n# kind", "[plan.workdays]\nkind")
    assert turned != text
    plan.write_text(turned, encoding="utf-8")
    assert call(capsys, "check", tmp_path)[0] == 0


def test_both_new_plans_have_the_same_figures(tmp_path, capsys):
    rows = {}
    for lang in ("zh", "en"):
        call(capsys, "new", tmp_path / lang, "--lang", lang)
        wanted = ("--as-of", "2026-02-28", "--format", "json")
        printed = call(capsys, "track", tmp_path / lang, *wanted)[1]
        rows[lang] = json.loads(printed)["rows"]
    said = {"goal", "scope", "owner"}
    kept = [[{k: v for k, v in row.items() if k not in said} for row in rows[x]] for x in rows]
    assert kept[0] == kept[1]
    assert {row["owner"] for row in rows["en"]} == {None, "Alice", "Brian", "Caroline"}


def test_an_english_plan_is_split_by_its_english_names(started, capsys):
    wanted = ("--by", "Region", "--weights", "East=6,South=4", "--lang", "en")
    code, printed, _ = call(capsys, "split", started, *wanted)
    assert code == 0
    assert "1,620,000.00       60.00" in printed


def test_a_name_in_a_table_of_months_is_said_with_its_month(started, capsys):
    targets = started / "targets.csv"
    targets.write_text(targets.read_text("utf-8").replace("Caroline", "Carolyn"), "utf-8")
    said = call(capsys, "check", started, "--lang", "en")[2]
    assert [line.split(": ")[0] for line in said.splitlines()[:3]] == [
        f"{number}. targets.csv, row 4, 2026-0{number}, Owner" for number in (1, 2, 3)
    ]


def test_a_new_plan_can_be_tracked_by_its_folder_or_its_file(started, capsys):
    wanted = ("--as-of", "2026-02-28", "--lang", "en")
    code, printed, said = call(capsys, "track", started, *wanted)
    assert code == 0
    assert "18.87 ▼" in printed
    assert "4 rows read = accepted 4 + " in said
    assert call(capsys, "track", started / "plan.toml", *wanted)[1] == printed


def test_a_new_plan_gives_a_report(started, capsys, monkeypatch):
    monkeypatch.chdir(started)
    code, _, said = call(capsys, "report", ".", "--as-of", "2026-02-28", "--lang", "en")
    assert code == 0
    assert said.startswith("wrote report.xlsx\n")
    assert (started / "report.xlsx").read_bytes().startswith(b"PK")


def test_new_does_not_overwrite(started, capsys):
    (started / "plan.toml").write_text("# mine", encoding="utf-8")
    code, printed, said = call(capsys, "new", started)
    assert (code, printed) == (5, "")
    assert said == (
        f"salesgoal: {started / 'plan.toml'} 没有写入：文件已存在；请另给一个文件夹，"
        "或直接修改它并运行 salesgoal check\n"
    )
    assert (started / "plan.toml").read_text(encoding="utf-8") == "# mine"


def test_new_leaves_nothing_behind_where_one_of_its_files_is_there(tmp_path, capsys):
    (tmp_path / "targets.csv").write_text("mine", encoding="utf-8")
    assert call(capsys, "new", tmp_path)[0] == 5
    assert [each.name for each in tmp_path.iterdir()] == ["targets.csv"]


def test_a_plan_that_ties_is_fine(tmp_path, capsys):
    folder = lay_out(tmp_path, targets=OWNED)
    code, _, said = call(capsys, "check", folder, "--lang", "en")
    assert (code, said) == (0, "团队: 5 goals, 0 findings\n")
    assert call(capsys, "check", tmp_path)[2] == "团队：5 个目标，0 个问题\n"


FINDINGS = [
    (
        {"targets": TARGETS + "华东,,2023Q4,1200.50\n"},
        [
            (
                "plan.toml, 华东, 销售额, 2023Q4: the target 1,200.50 and the children's "
                "1,000.00 differ by 200.50 (under-assigned by 16.70 %) - adjust the children, "
                "or leave it if it is meant so [target-mismatch]"
            )
        ],
    ),
    (
        {"targets": TARGETS + ",,2023Q4,1400\n"},
        [
            "plan.toml, 团队, 销售额, 2023Q4: the target 1,400.00 and",
            "differ by -100.00 (over-assigned by 7.14 %)",
        ],
    ),
    (
        {"plan": TWO_BREAKDOWNS, "targets": TARGETS + ",A,2023Q4,900\n,B,2023Q4,500\n"},
        [
            (
                "plan.toml, 销售额, 2023Q4: breakdown 区域 > 产品 totals 1,500.00, "
                "breakdown 产品 1,400.00 - make the breakdowns total the same "
                "[breakdown-mismatch]"
            )
        ],
    ),
    (
        {"targets": TARGETS + "华东,A,2024Q1,5\n"},
        [
            "targets.csv, row 4",
            "lies outside the plan's period 2023Q4 and does not count",
            "[target-outside-plan]",
        ],
    ),
    (
        {"targets": "区域,产品,期间,目标\n"},
        ["plan.toml: has no target at all", "[no-target]"],
    ),
]


@pytest.mark.parametrize(("desk", "lines"), FINDINGS)
def test_what_does_not_tie_is_a_finding(tmp_path, capsys, desk, lines):
    code, printed, said = call(capsys, "check", lay_out(tmp_path, **desk), "--lang", "en")
    assert (code, printed) == (1, "")
    for line in lines:
        assert line in said


def test_a_column_of_no_header_is_named_in_the_language_of_the_reader(tmp_path, capsys):
    late = "区域,2023Q4,2024Q1\n华东,1000,5\n"
    said = call(capsys, "check", lay_out(tmp_path, targets=late))[2]
    assert "targets.csv, 第2行, 2024Q1, 期间: '2024Q1' 在计划期间 2023Q4 之外" in said


def test_a_goal_of_no_breakdown_is_said_by_names(tmp_path, capsys):
    said = call(capsys, "check", lay_out(tmp_path, targets=TARGETS + ",A,2023Q4,5\n"))[2]
    assert "没有一个目标分解含有此组合（产品=A） - 按 区域 > 产品 的顺序" in said


def test_findings_do_not_stop_a_report(tmp_path, capsys):
    folder = lay_out(tmp_path, targets=TARGETS + "华东,,2023Q4,1200.50\n")
    code, printed, _ = call(capsys, "track", folder, *AS_OF)
    assert code == 0
    assert "200.50" in printed


def test_what_the_reports_of_a_plan_name_is_checked_too(tmp_path, capsys):
    reports = (
        '[reports.team_quarter]\nperiod = "2023Q7"\n'
        '[reports.personal_month]\nby = ["regoin"]\n'
        '[reports.product_year]\nperiod = "2022"\n'
    )
    code, _, said = call(
        capsys, "check", lay_out(tmp_path, plan=PLAN + reports), "--lang", "en"
    )
    assert code == 3
    assert "plan.toml, reports.team_quarter: '2023Q7' is out of range" in said
    assert "plan.toml, reports.personal_month: no dimension is called 'regoin'" in said
    assert "plan.toml, reports.product_year: no period of this plan is called '2022'" in said
    reports = '[reports.product_year]\nmetric = "saels"\n'
    _, _, said = call(capsys, "check", lay_out(tmp_path, plan=PLAN + reports), "--lang", "en")
    assert "plan.toml, reports.product_year: no metric is called 'saels'" in said


def test_check_says_every_finding_however_many(tmp_path, capsys):
    plan = PLAN.replace('period = "2023Q4"', 'period = "2023Q4"\nlevels = ["quarter", "day"]')
    days = [f"2023-10-{day:02d}" for day in range(1, 31)]
    rows = "".join(f"华南,B,{day},1\n华南,,{day},2\n" for day in days)
    folder = lay_out(tmp_path, plan=plan, targets="区域,产品,期间,目标\n" + rows)
    code, _, said = call(capsys, "check", folder, "--lang", "en")
    assert code == 1
    assert said.count("[target-mismatch]") == 30
    assert "problems shown" not in said
    assert "by code: target-mismatch 30, member-without-goal 2, " in said


def test_a_commit_is_shown_beside_its_target(tmp_path, capsys):
    targets = "区域,产品,期间,目标,承诺\n华东,A,2023Q4,1000,900\n华南,B,2023Q4,500,520\n"
    folder = lay_out(tmp_path, targets=targets)
    code, printed, _ = call(capsys, "track", folder, *AS_OF)
    assert code == 0
    assert "承诺差额" in printed
    assert "-80.00" in printed
    _, printed, _ = call(capsys, "track", folder, *AS_OF, "--format", "json", "--goal", "华南")
    row = json.loads(printed)["rows"][0]
    assert (row["commit"], row["commit_difference"]) == ("520.00", "20.00")
    assert "承诺" not in call(capsys, "track", lay_out(tmp_path / "no"), *AS_OF)[1]


def test_every_code_can_be_asked_about(capsys):
    code, printed, _ = call(capsys, "problem", "[target-mismatch]")
    assert (code, printed.splitlines()[0]) == (0, "target-mismatch (警告)")
    assert "办法：调整下级目标" in printed
    code, printed, _ = call(capsys, "problem", "target-mismatch", "--lang", "en")
    assert printed.splitlines()[0] == "target-mismatch (warning)"
    code, printed, said = call(capsys, "problem", "target-missmatch")
    assert (code, printed) == (2, "")
    assert "没有名为 'target-missmatch' 的问题代码 - 是否为 'target-mismatch'" in said
