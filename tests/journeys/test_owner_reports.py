"""Reports of one owner hold nothing of the others: proved by searching their bytes."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from .desk import call
from .workbooks import lay_out_ratio

DAY = ("--as-of", "2023-11-15")
FORMS = ("xlsx", "markdown", "csv", "json", "terminal", "html")
OTHERS = ("李四", "王五", "南总", "北总", "华南", "华北", "促销", "淡季", "西部")
AMOUNTS = ("7777.77", "7,777.77", "8000.05", "5000.01", ">9000<", "9,000.00")


def everything(content):
    """All texts of a file; of a package, those of its parts."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "".join(
            name + package.read(name).decode(errors="replace") for name in package.namelist()
        )


@pytest.fixture
def plan(tmp_path):
    return lay_out_ratio(tmp_path / "plan")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", ["report", "track"])
def test_an_owners_report_holds_nothing_of_the_others(plan, tmp_path, capsys, command, form):
    path = tmp_path / "own"
    arguments = (command, plan, *DAY, "--for", "张三", "--format", form, "-o", path)
    code, _, _ = call(capsys, *arguments)
    assert code == 4  # one row of somebody else's was rejected
    text = everything(path.read_bytes())
    assert "张三" in text
    assert "1000.01" in text or "1,000.01" in text
    for other in (*OTHERS, *AMOUNTS):
        assert other not in text, other


@pytest.mark.parametrize("form", FORMS)
def test_every_owner_gets_a_file_of_their_own_goals(plan, tmp_path, capsys, form):
    folder = tmp_path / "files"
    arguments = ("report", plan, *DAY, "--split-by", "owner", "--format", form, "-o", folder)
    code, _, said = call(capsys, *arguments)
    assert code == 4
    names = {path.stem: path for path in folder.iterdir()}
    assert set(names) == {"张三", "李四", "王五", "南总", "北总"}
    assert f"共 5 个文件：{folder}" in said
    text = everything(names["南总"].read_bytes())
    assert "王五" in text  # whose goal is below 华南
    for other in ("张三", "李四", "北总", "华东", "华北", "1000.01", "1,000.01", "客户推迟"):
        assert other not in text, other


def test_an_owner_of_several_goals_gets_all_of_them(plan, capsys):
    arguments = ("track", plan, *DAY, "--for", "李四", "--format", "json")
    code, printed, _ = call(capsys, *arguments)
    assert code == 4
    found = json.loads(printed)
    assert found["meta"]["portion"] == "李四"
    goals = {row["goal"] for name in ("rows", "rows_2") for row in found[name]}
    assert goals == {"华东/李四", "李四"}


def test_a_dimension_splits_by_its_members(plan, tmp_path, capsys):
    folder = tmp_path / "files"
    arguments = ("track", plan, *DAY, "--split-by", "region", "--format", "csv", "-o", folder)
    code, _, _ = call(capsys, *arguments)
    assert code == 4
    assert {path.name for path in folder.iterdir()} == {"华东.csv", "华南.csv", "=华北.csv"}
    text = everything((folder / "华东.csv").read_bytes())
    for other in ("王五", "华南", "7777.77", "9000"):
        assert other not in text, other


def test_a_portion_reconciles_what_was_read_of_it(plan, capsys):
    arguments = ("track", plan, *DAY, "--for", "张三", "--format", "json")
    _, printed, _ = call(capsys, *arguments)
    sales = json.loads(printed)["reconciliation"]["sales"]
    assert (sales["read"], sales["root"], sales["rejected"]) == ("666.68", "666.68", "0.00")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--for", "张三丰"), "没有名为 '张三丰' 的责任人 - 是否为 '张三'？"),
        (("--split-by", "city"), "没有名为 'city' 的维度"),
        (("--for", "张三", "--split-by", "owner"), "--for 和 --split-by 不能同时使用"),
        (("--for", "张三", "--by", "person"), "不能与 --by、--to-date、--rejected 同用"),
        (("--for", "张三", "--to-date"), "不能与 --by、--to-date、--rejected 同用"),
        (("--split-by", "owner", "--rejected", "x.xlsx"), "不能与 --by"),
    ],
)
def test_what_would_show_more_is_refused(
    plan, tmp_path, capsys, monkeypatch, arguments, message
):
    monkeypatch.chdir(tmp_path)
    code, _, said = call(capsys, "track", plan, *DAY, *arguments)
    assert code == 2
    assert message in said
    assert not (tmp_path / "reports").exists()


def test_goals_of_nobody_are_counted(plan, tmp_path, capsys):
    text = (plan / "targets.csv").read_text(encoding="utf-8")
    (plan / "targets.csv").write_text(text.replace("北总", ""), encoding="utf-8")
    arguments = ("report", plan, *DAY, "--split-by", "owner", "-o", tmp_path / "files")
    _, _, said = call(capsys, *arguments)
    assert "1 个末级目标没有责任人" in said


def test_the_owner_of_the_total_goal_gets_the_whole_report(plan, capsys):
    with (plan / "targets.csv").open("a", encoding="utf-8") as targets:
        targets.write(",,2023Q4,sales,90000,总监,\n")
    arguments = ("track", plan, *DAY, "--for", "总监", "--format", "json")
    _, printed, _ = call(capsys, *arguments)
    whole = call(capsys, "track", plan, *DAY, "--format", "json")[1]
    assert json.loads(printed) == json.loads(whole)


def test_a_unit_scales_what_people_read_and_no_machine_format(plan, capsys):
    _, scaled, _ = call(capsys, "track", plan, *DAY, "--unit", "万元")
    assert "金额以万元计" in scaled
    machine = [
        call(capsys, "track", plan, *DAY, "--format", form, *unit)[1]
        for form in ("json", "csv")
        for unit in ((), ("--unit", "亿元"))
    ]
    assert machine[0] == machine[1]
    assert machine[2] == machine[3]


def test_a_plan_may_prefer_a_unit_and_the_call_overrules_it(plan, capsys, monkeypatch):
    with (plan / "plan.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[reports]\nunit = "万元"\n')
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    text = text.replace('\n[reports]\nunit = "万元"\n', "")
    marker = "[reports.personal_month]"
    text = text.replace(marker, f'[reports]\nunit = "万元"\n\n{marker}')
    (plan / "plan.toml").write_text(text, encoding="utf-8")
    assert "金额以万元计" in call(capsys, "track", plan, *DAY)[1]
    assert "金额以亿元计" in call(capsys, "track", plan, *DAY, "--unit", "亿元")[1]
    monkeypatch.setenv("SALESGOAL_UNIT", "元")
    assert "金额以" not in call(capsys, "track", plan, *DAY)[1]
