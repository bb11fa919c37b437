"""A large file is read by whole columns: the same report, and one line that says so."""

from __future__ import annotations

import json

import polars as pl
import pytest

from salesgoal.app import column_reading

from .desk import AS_OF, PLAN, RECORDS, call, lay_out
from .ledger_desk import PLAN as LEDGER_PLAN
from .ledger_desk import imported
from .ledger_desk import lay_out as lay_out_ledger

MORE = RECORDS + "".join(
    f"2023-1{at % 3}-0{at % 9 + 1},华{'东南西'[at % 3]},{'AB'[at % 2]},{at}\n"
    for at in range(40)
)
"""With rows of a region that nobody knows."""


@pytest.fixture(params=["csv", "parquet"])
def folder(request, tmp_path):
    folder = lay_out(tmp_path / "desk", records=MORE)
    if request.param == "parquet":
        frame = pl.read_csv(folder / "records.csv", try_parse_dates=True)
        frame.write_parquet(folder / "records.parquet")
        plan = PLAN.replace("records.csv", "records.parquet")
        (folder / "plan.toml").write_text(plan, "utf-8")
    return folder


@pytest.mark.parametrize(
    "asked",
    [
        ("track", "--format", "json"),
        ("track",),
        ("track", "--to-date"),
        ("report", "--format", "json"),
        ("explain", "--goal", "华东"),
    ],
    ids=" ".join,
)
def test_both_ways_print_the_same_and_say_what_was_wrong_alike(
    folder, capsys, monkeypatch, asked
):
    command, *rest = asked
    heard = {}
    for switch in ("0", "1"):
        monkeypatch.setenv("SALESGOAL_FAST", switch)
        heard[switch] = call(capsys, command, folder, *AS_OF, *rest, "--lang", "en")
    said = [line for line in heard["1"][2].splitlines() if "whole columns" not in line]
    assert heard["0"][:2] == heard["1"][:2]
    assert heard["0"][2].splitlines() == said
    assert heard["1"][2].count("29 rows of 1 file read by whole columns") == 1


def test_rejected_rows_are_handed_back_alike(folder, capsys, monkeypatch):
    content = {}
    for switch in ("0", "1"):
        monkeypatch.setenv("SALESGOAL_FAST", switch)
        path = folder / f"{switch}.xlsx"
        assert call(capsys, "track", folder, *AS_OF, "--rejected", path)[0] == 4
        content[switch] = path.read_bytes()
    assert content["0"] == content["1"]


def test_it_says_in_chinese_which_way_and_why_not(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(column_reading, "_SMALL", 0)
    plan = PLAN + '\n[[actuals]]\npath = "more/*.csv"\n'
    folder = lay_out(tmp_path / "desk", plan=plan)
    (folder / "more").mkdir()
    for name in ("a", "b"):
        (folder / "more" / f"{name}.csv").write_text(
            RECORDS.replace("900.50", '"1,900.50"'), "utf-8"
        )
    said = call(capsys, "track", folder, *AS_OF)[2]
    assert (
        "整列读取 1 个文件，2 行；逐行读取 a.csv：引号内有引号、分隔符或换行；另有 1 个" in said
    )
    said = call(capsys, "track", folder, *AS_OF, "--lang", "en")[2]
    assert "2 rows of 1 file read by whole columns" in said
    assert "a.csv read row by row: quotes, delimiters or lines within quotes; 1 more" in said


def test_targets_may_stand_in_parquet(tmp_path, capsys):
    folder = lay_out(tmp_path / "desk", plan=PLAN.replace("targets.csv", "targets.parquet"))
    table = pl.DataFrame(
        {
            "区域": ["华东", "华南"],
            "产品": ["A", "B"],
            "期间": ["2023Q4"] * 2,
            "目标": [1000, 500],
        }
    )
    table.write_parquet(folder / "targets.parquet")
    code, printed, said = call(capsys, "track", folder, *AS_OF, "--format", "json")
    assert code == 0, said
    assert json.loads(printed)["rows"][0]["target"] == "1500.00"


def test_parquet_goes_into_the_ledger(tmp_path, capsys):
    folder = lay_out_ledger(tmp_path / "desk")
    (folder / "日报").mkdir(exist_ok=True)
    plan = LEDGER_PLAN.replace("*.csv", "*.parquet")
    (folder / "plan.toml").write_text(plan, "utf-8")
    row = {"日期": ["2023-10-06"], "区域": ["华东"], "产品": ["A"], "销售额": [1.5]}
    with (folder / "日报" / "1006.parquet").open("wb") as file:
        pl.DataFrame(row).write_parquet(file)
    code, found, _ = imported(capsys, folder)
    assert (code, found["日报/1006.parquet"]) == (0, {"added": 1, "result": "recorded"})


def test_parquet_without_rows_is_said_to_have_none(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SALESGOAL_FAST", "1")
    folder = lay_out(tmp_path / "desk", plan=PLAN.replace("records.csv", "records.parquet"))
    names = ("日期", "区域", "产品", "销售额")
    frame = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    frame.write_parquet(folder / "records.parquet")
    code, _, said = call(capsys, "track", folder, *AS_OF)
    assert (code, said.splitlines()[0]) == (0, "整列读取 1 个文件，0 行")
