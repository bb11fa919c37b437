"""A sales manager runs the demo and sees the three tables of the seed, cell by cell."""

from __future__ import annotations

import csv
import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from salesgoal.cli.main import run

from .desk import call

SEED = Path(__file__).parents[2].parent / "shared" / "seed_tables"
SHEETS = {
    "1_personal_month": ("月度销售业绩跟踪表", "月度销售业绩跟踪表(个人版)"),
    "2_team_quarter": ("季度销售目标汇总表", "季度销售目标汇总表(团队版)"),
    "3_product_year": ("销售目标分解表", "销售目标分解表(按产品线)"),
}
RATES = {
    "1_personal_month": [["86.25"], ["100.00"]],
    "2_team_quarter": [["91.67", "97.50"], ["104.00", "101.11"]],
    "3_product_year": [[], []],
}
FIRST_LINE = 4


def seed(name):
    path = SEED / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"{path} is not here: the seed's tables lie beside the project")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def as_the_seed_writes(value, printed):
    """A cell of ours in the seed's own writing."""
    if value is None or value == "":
        return "-" if printed == "-" else ""
    if isinstance(value, datetime | date):
        return f"{value.month}月{value.day}日"
    if isinstance(value, str):
        return value
    places = len(printed.partition(".")[2])
    return f"{Decimal(str(value)):.{places}f}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One demo for all who only read it: where it is, what was printed, what was said."""
    where = tmp_path_factory.mktemp("three") / "demo"
    printed, said = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(said):
        assert run(["demo", str(where)]) == 0
    return where, printed.getvalue(), said.getvalue()


@cache
def opened(workbook, *, data_only):
    return openpyxl.load_workbook(workbook, data_only=data_only)


def table(workbook, name, *, data_only):
    book = opened(workbook, data_only=data_only)
    return list(book[SHEETS[name][0]].iter_rows(values_only=True))


@pytest.mark.parametrize("name", SHEETS)
def test_every_cell_of_the_workbook_is_the_seeds(folder, name):
    expected = seed(name)
    rows = table(folder[0] / "report.xlsx", name, data_only=True)
    assert rows[0][0].partition(" · ")[0] == SHEETS[name][1]
    assert list(rows[2]) == expected[0]
    body = rows[FIRST_LINE - 1 : FIRST_LINE - 1 + len(expected) - 1]
    found = [
        [as_the_seed_writes(*pair) for pair in zip(row, line, strict=True)]
        for row, line in zip(body, expected[1:], strict=True)
    ]
    assert found == expected[1:]
    assert rows[FIRST_LINE - 1 + len(expected) - 1][0] == "合计"


def shows(words, figures):
    """Whether a line of the terminal shows these cells, beside the signs of verdicts."""
    plain = [word for word in words if word not in {"▼", "✓"}]
    return (
        all(text in plain for text in figures if text != "-" and not text.endswith("日"))
        and plain[0] == figures[0]
    )


@pytest.mark.parametrize("name", SHEETS)
def test_every_line_of_the_terminal_is_the_seeds(folder, name):
    expected = seed(name)
    lines = [line.split() for line in folder[1].splitlines()]
    assert expected[0] in lines
    for line in expected[1:]:
        figures = [
            f"{Decimal(text):,.2f}" if text.replace(".", "").isdigit() else text
            for text in line
        ]
        assert len([each for each in lines if each and shows(each, figures)]) == 1


@pytest.mark.parametrize("name", SHEETS)
def test_the_rates_are_those_of_the_seed(name):
    header, *lines = seed(name)
    at = [number for number, title in enumerate(header) if "%" in title]
    assert [[line[number] for number in at] for line in lines] == RATES[name]


@pytest.mark.parametrize(
    ("name", "cell", "formula", "value"),
    [
        ("1_personal_month", "H4", "=N(D4)+N(E4)+N(F4)+N(G4)", "690000.0"),
        ("1_personal_month", "I4", '=IF(N(C4)=0,"",ROUND(H4/C4*100,2))', "86.25"),
        ("1_personal_month", "H6", "=SUM(H4:H5)", "1390000.0"),
        ("2_team_quarter", "E4", '=IF(N(C4)=0,"",ROUND(D4/C4*100,2))', "91.67"),
        ("2_team_quarter", "H4", "=N(C4)+N(F4)+N(G4)", "2000000.0"),
        ("2_team_quarter", "J5", '=IF(N(H5)=0,"",ROUND(I5/H5*100,2))', "101.11"),
        ("3_product_year", "B4", "=N(C4)+N(D4)+N(E4)+N(F4)", "8000000.0"),
        ("3_product_year", "B6", "=SUM(B4:B5)", "15000000.0"),
    ],
)
def test_formulas_are_live_and_their_values_are_already_there(
    folder, name, cell, formula, value
):
    for data_only, expected in ((False, formula), (True, value)):
        book = opened(folder[0] / "report.xlsx", data_only=data_only)
        assert str(book[SHEETS[name][0]][cell].value) == expected


def test_the_demo_says_what_it_read_and_where_it_wrote(folder):
    where, _, said = folder
    assert "读入 10 行 = 接受 10 + 期间外 0 + 拒绝 0 + 重复 0 + 忽略 0" in said
    assert "读入 6 行 = 接受 6" in said
    assert f"工作簿：{where / 'report.xlsx'}" in said
    assert f"网页：{where / 'report.html'}" in said
    assert f"可填报的跟踪表：{where / 'tracking.xlsx'}" in said
    assert "销售代表10月" in (where / "report.html").read_text(encoding="utf-8")
    form = openpyxl.load_workbook(where / "tracking.xlsx")
    assert form["月度销售业绩跟踪表"].protection.sheet
    plans = sorted(each.parent.name for each in where.glob("*/plan.toml"))
    assert plans == ["personal_month", "product_year", "team_quarter"]


def test_two_runs_give_the_same_bytes(folder, tmp_path, capsys):
    again = tmp_path / "again"
    assert call(capsys, "demo", again)[0] == 0
    assert (again / "report.xlsx").read_bytes() == (folder[0] / "report.xlsx").read_bytes()


def test_a_second_demo_replaces_the_first(folder, tmp_path, capsys):
    where = tmp_path / "demo"
    shutil.copytree(folder[0], where)
    (where / "report.xlsx").write_bytes(b"old")
    assert call(capsys, "demo", where)[0] == 0
    assert (where / "report.xlsx").read_bytes() == (folder[0] / "report.xlsx").read_bytes()


def test_the_demo_speaks_english_too(tmp_path, capsys):
    code, printed, said = call(capsys, "demo", tmp_path / "demo", "--lang", "en")
    assert code == 0
    assert "Attainment (%)" in printed
    assert "10 rows read = accepted 10" in said


def test_the_table_alone_can_be_reported_from_the_demos_plans(folder, capsys):
    where, printed, _ = folder
    code, again, _ = call(
        capsys,
        *("report", where / "personal_month", where / "team_quarter"),
        *("--as-of", "2023-12-31", "--format", "terminal"),
    )
    assert code == 0
    for line in printed.splitlines():
        if "销售代表*" in line or "华东" in line:
            assert line.split() in [each.split() for each in again.splitlines()]
