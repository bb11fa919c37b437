"""A call may name things as reports show them: metrics, dimensions, levels, days."""

from __future__ import annotations

import json

import pytest

from .desk import PLAN, call, lay_out

LEDGER = PLAN + "[ledger]\n"


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "desk")


def rows_of(capsys, folder, *options):
    code, printed, heard = call(capsys, "track", folder, "--format", "json", *options)
    assert code == 0, heard
    return json.loads(printed)["rows"]


@pytest.mark.parametrize("day", ["2023-12-31", "2023/12/31", "2023年12月31日", "20231231"])
def test_a_day_is_written_as_in_a_cell(capsys, folder, day):
    assert rows_of(capsys, folder, "--as-of", day) == rows_of(
        capsys, folder, "--as-of", "2023-12-31"
    )


@pytest.mark.parametrize("day", ["12/31/2023", "2023-13-01", "昨天", ""])
def test_what_is_no_day_is_refused_with_two_ways_to_write_one(capsys, folder, day):
    code, _, heard = call(capsys, "track", folder, "--as-of", day)
    assert (code, "请写成 2023-10-31 或 2023年10月31日" in heard) == (2, True)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (("--metric", "销售额"), ("--metric", "sales")),
        (("--by", "产品"), ("--by", "product")),
        (("--by", "区域，产品"), ("--by", "region,product")),
        (("--level", "月"), ("--level", "month")),
        (("--level", "季度"), ("--level", "quarter")),
    ],
)
def test_names_that_reports_show_mean_the_same_as_ids(capsys, folder, said, meant):
    found = rows_of(capsys, folder, "--as-of", "2023-12-31", *said)
    assert found == rows_of(capsys, folder, "--as-of", "2023-12-31", *meant)
    assert found


@pytest.mark.parametrize(
    "arguments",
    [
        ("split", "--by", "区域", "--metric", "销售额"),
        ("distribute", "--into", "月", "--metric", "销售额"),
        ("explain", "--metric", "销售额"),
        (
            *("track", "--to-date", "--as-of", "2023-12-31"),
            *("--metric", "销售额", "--by", "区域", "--level", "季度"),
        ),
        ("template", "--by", "月", "-o", "{folder}/forms"),
        ("template", "--split-by", "区域", "-o", "{folder}/forms"),
        ("backtest", "--metric", "销售额", "--level", "月"),
        (
            *("revise", "--goal", "华南/B", "--period", "2023Q4", "--to", "600"),
            *("--metric", "销售额", "--reason", "r", "--by", "王", "--dry-run"),
        ),
    ],
    ids=lambda each: " ".join(each[:2]),
)
def test_every_command_takes_them(capsys, folder, arguments):
    name, *rest = (each.format(folder=folder) for each in arguments)
    code, _, heard = call(capsys, name, folder, *rest)
    assert code == 0, heard


def test_an_id_goes_before_a_name(capsys, tmp_path):
    other = '[metrics.other]\nname = "sales"\n[dimensions.region]'
    folder = lay_out(tmp_path, plan=PLAN.replace("[dimensions.region]", other))
    rows = rows_of(capsys, folder, "--as-of", "2023-12-31", "--metric", "sales")
    assert {each["metric"] for each in rows} == {"sales"}


def test_a_name_that_two_bear_is_refused(capsys, tmp_path):
    other = '[metrics.other]\nname = "销售额"\n[dimensions.region]'
    folder = lay_out(tmp_path, plan=PLAN.replace("[dimensions.region]", other))
    code, _, heard = call(capsys, "track", folder, "--metric", "销售额")
    assert (code, "'销售额' 名称重复：已被 指标 sales 使用" in heard) == (3, True)


def test_a_misspelt_goal_is_answered_with_the_goal_that_may_be_meant(capsys, folder):
    code, _, heard = call(capsys, "track", folder, "--goal", "华冬/A")
    assert (code, "是否为 '华东/A'？" in heard) == (2, True)


@pytest.mark.parametrize("own", [(), ("--lang", "en")])
def test_the_language_may_stand_before_the_command(capsys, monkeypatch, folder, own):
    monkeypatch.setenv("SALESGOAL_LANG", "zh")
    _, _, heard = call(capsys, "--lang", "en", "check", folder, *own)
    assert "goals, " in heard


def test_the_language_after_the_command_wins(capsys, folder):
    assert "个目标" in call(capsys, "--lang", "en", "check", folder, "--lang", "zh")[2]


def test_what_marks_a_workbook_as_open_is_passed_over(capsys, tmp_path):
    folder = lay_out(tmp_path, plan=LEDGER)
    mark = folder / "~$records.csv"
    mark.write_bytes(b"x")
    code, _, heard = call(capsys, "import", folder, folder / "records.csv", mark)
    assert (code, "跳过 ~$records.csv：只表示工作簿正被打开" in heard) == (0, True)


def test_only_such_marks_are_no_files_to_import(capsys, tmp_path):
    folder = lay_out(tmp_path, plan=LEDGER)
    mark = folder / "~$records.csv"
    mark.write_bytes(b"x")
    code, _, heard = call(capsys, "import", folder, mark)
    assert (code, "不含数据；请给出工作簿" in heard) == (2, True)


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_plan_that_is_not_there_is_answered_with_how_to_make_one(
    capsys, tmp_path, monkeypatch, name
):
    monkeypatch.chdir(tmp_path)
    code, _, heard = call(capsys, "track", name)
    assert (code, "或用 `salesgoal new` 新建一份" in heard) == (3, True)


@pytest.mark.parametrize(
    ("targets", "total"),
    [
        ("区域,A,B\n华东,1000,200\n华南,300,\n", "1500.00"),
        ("区域,产品,目标\n华东,A,1000\n华南,B,500\n", "1500.00"),
        ("区域,产品,2023-10,2023-11\n华东,A,1000,1\n华南,B,500,\n", "1501.00"),
    ],
    ids=["members as headers", "long", "periods as headers"],
)
def test_a_table_of_targets_may_speak_of_one_period(capsys, tmp_path, targets, total):
    path = 'path = "targets.csv"\n'
    folder = lay_out(
        tmp_path, plan=PLAN.replace(path, f'{path}period = "2023Q4"\n'), targets=targets
    )
    root, *_ = rows_of(capsys, folder, "--as-of", "2023-12-31", "--level", "quarter")
    assert (root["goal"], root["target"]) == ("", total)
