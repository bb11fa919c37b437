"""Customers and members are written in many ways: a person confirms what a name means."""

from __future__ import annotations

import csv

import pytest

from .desk import AS_OF, PLAN, RECORDS, TARGETS, call, lay_out

UNKNOWN = (
    "2023-10-07,华楠,B,1\n2023-10-08,华 楠,B,1\n2023-10-09,西北,A2,1\n2023-10-10,=华东,B,1\n"
)


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


@pytest.fixture
def desk(tmp_path):
    return lay_out(tmp_path / "desk", records=RECORDS + UNKNOWN)


def with_aliases(folder, name="aliases.csv"):
    plan = PLAN.replace('name = "区域"\n', f'name = "区域"\naliases = "{name}"\n')
    (folder / "plan.toml").write_text(plan, encoding="utf-8")


def confirm(path, **confirmed):
    rows = table(path)
    for row in rows[1:]:
        row[-1] = confirmed.get(row[1], row[-1])
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def test_unknown_names_are_listed_once_with_count_place_and_suggestions(desk, capsys):
    out = desk / "aliases.csv"
    code, _, said = call(capsys, "names", desk, "-o", out)
    assert code == 1
    assert "4 个名称不在计划中" in said
    assert table(out) == [
        ["维度", "名称", "次数", "首次出现", "建议1", "建议2", "建议3", "确认"],
        ["区域", "华楠", "2", "records.csv, row 4", "华南", "华东", "", ""],
        ["区域", "西北", "1", "records.csv, row 6", "", "", "", ""],
        ["产品", "A2", "1", "records.csv, row 6", "A", "A1", "", ""],
        ["区域", "'=华东", "1", "records.csv, row 7", "华东", "", "", ""],
    ]


def test_nothing_is_merged_before_a_person_confirms(desk, capsys):
    call(capsys, "names", desk, "-o", desk / "aliases.csv")
    with_aliases(desk)
    code, _, said = call(capsys, "track", desk, *AS_OF)
    assert code == 4
    assert "拒绝 4" in said


def test_confirmed_names_are_read_by_the_plan(desk, capsys):
    out = desk / "aliases.csv"
    call(capsys, "names", desk, "-o", out)
    with_aliases(desk)
    confirm(out, 华楠="是", 西北="华东", **{"'=华东": "华东"})
    code, _, said = call(capsys, "track", desk, *AS_OF)
    assert code == 4
    assert "拒绝 1" in said  # A2 is of another dimension, and nobody confirmed it
    code, printed, said = call(capsys, "names", desk)
    assert (code, "1 个名称不在计划中" in said) == (1, True)
    assert "A2" in printed


def test_a_second_run_keeps_what_was_confirmed(desk, capsys):
    out = desk / "aliases.csv"
    call(capsys, "names", desk, "-o", out)
    with_aliases(desk)
    confirm(out, 华楠="是")
    with (desk / "records.csv").open("a", encoding="utf-8") as stream:
        stream.write("2023-10-11,华冬,B,1\n")
    call(capsys, "names", desk, "-o", out)
    names = {row[1]: row[-1] for row in table(out)[1:]}
    assert names == {"华楠": "是", "西北": "", "A2": "", "'=华东": "", "华冬": ""}


def test_a_confirmation_that_is_no_member_is_refused_with_its_row(desk, capsys):
    out = desk / "aliases.csv"
    call(capsys, "names", desk, "-o", out)
    with_aliases(desk)
    confirm(out, 西北="华北")
    code, _, said = call(capsys, "check", desk, "--lang", "en")
    assert code == 3
    assert "aliases.csv, row 3, 确认: '华北' 华北 is no member of 区域; did you mean" in said


def test_names_of_the_plans_own_tables_come_first(tmp_path, capsys):
    folder = lay_out(tmp_path, targets=TARGETS.replace("华南", "华楠"))
    code, printed, _ = call(capsys, "names", folder)
    assert code == 1
    assert "targets.csv, 第3行" in printed


def test_other_faults_of_the_plan_are_said(tmp_path, capsys):
    folder = lay_out(tmp_path, targets=TARGETS.replace("500", "5x"))
    code, _, said = call(capsys, "names", folder)
    assert code == 3
    assert "[unknown-unit]" in said


def test_a_plan_without_unknown_names_is_fine(tmp_path, capsys):
    assert call(capsys, "names", lay_out(tmp_path))[0] == 0
