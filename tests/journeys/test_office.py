"""A spreadsheet program recalculates every workbook that we write to the same fen."""

from __future__ import annotations

import csv
import os
import time
from decimal import Decimal

import openpyxl
import pytest

from salesgoal.cli.main import run

from .office import BY_OFFICE, cells, convert, exact, recalculated, wrong_cells
from .workbooks import lay_out_ratio, write_workbooks

AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1"
"""Every sheet as a file, with its cells as people see them."""

pytestmark = list(BY_OFFICE)


def test_every_workbook_recalculates_to_our_own_figures(tmp_path):
    paths = write_workbooks(tmp_path)
    live = 0
    for path, theirs in recalculated(paths, tmp_path).items():
        assert not wrong_cells(path, theirs), path.name
        live += len(cells(path, formulas=True))
    assert live > 1_000


def test_a_changed_actual_gives_what_the_library_gives(tmp_path):
    assert run(["demo", str(tmp_path / "demo")]) == 0
    plan = tmp_path / "demo" / "personal_month"
    before, changed, after = (
        tmp_path / f"{name}.xlsx" for name in ("before", "changed", "after")
    )
    report = ["report", str(plan), "--as-of", "2023-10-31", "-o"]
    assert run([*report, str(before)]) == 0
    book = openpyxl.load_workbook(before)
    page = book["月度销售业绩跟踪表"]
    assert (page["D3"].value, page["D4"].value) == ("第一周实际(元)", 150_000)
    page["D4"].value = 260_000.01
    book.save(changed)
    records = (plan / "records.csv").read_text(encoding="utf-8")
    assert records.count("150,000.00") == 1
    (plan / "records.csv").write_text(
        records.replace("150,000.00", "260,000.01"), encoding="utf-8"
    )
    assert run([*report, str(after)]) == 0
    (theirs,) = recalculated([changed], tmp_path).values()
    found, expected = (
        {place: exact(value) for place, value in cells(path).items() if place[0] == page.title}
        for path in (theirs, after)
    )
    assert found == expected
    assert expected[page.title, "H4"] == Decimal("800000.01")
    assert exact(cells(before)[page.title, "H4"]) == Decimal(690_000)


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("元", ["1,500,000.00", "1,390,000.00", "110,000.00"]),
        ("万元", ["150.0000万", "139.0000万", "11.0000万"]),
        ("亿元", ["0.02亿", "0.01亿", "0.00亿"]),
    ],
)
def test_a_scale_shows_the_amount_in_its_unit_and_keeps_the_exact_value(tmp_path, unit, shown):
    assert run(["demo", str(tmp_path / "demo")]) == 0
    plan = str(tmp_path / "demo" / "personal_month")
    path = tmp_path / "r.xlsx"
    assert run(["report", plan, "--as-of", "2023-10-31", "--unit", unit, "-o", str(path)]) == 0
    values = [cells(path)["总览", f"B{row}"] for row in (6, 7, 10)]
    assert values == [1_500_000, 1_390_000, 110_000]
    convert([path], tmp_path / "text", AS_SHOWN)
    with (tmp_path / "text" / "r-总览.csv").open(encoding="utf-8") as stream:
        rows = {row[0]: row[1] for row in csv.reader(stream) if len(row) > 1}
    found = [rows[name] for name in ("目标值", "实际值", "缺口")]
    assert found == shown


@pytest.fixture
def _other_place(monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    yield
    monkeypatch.undo()
    os.environ.setdefault("TZ", "UTC")
    time.tzset()


@pytest.mark.usefixtures("_other_place")
def test_small_amounts_are_shown_right_in_every_scale(tmp_path):
    plan = lay_out_ratio(tmp_path / "ratio")
    path = tmp_path / "r.xlsx"
    arguments = ["report", str(plan), "--as-of", "2023-11-15", "--unit", "万元"]
    assert run([*arguments, "-o", str(path)]) == 4
    convert([path], tmp_path / "text", AS_SHOWN)
    with (tmp_path / "text" / "r-对账.csv").open(encoding="utf-8") as stream:
        rows = {row[0]: row for row in csv.reader(stream) if row}
    # 8682.82 read in all; shown to the yuan, and what is below one stays in the cell.
    assert rows["销售额"][1] == "0.8684万"
    assert rows["订单数"][1] == "18"
