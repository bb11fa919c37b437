"""A spreadsheet program opens, recalculates, fills in and saves tracking workbooks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from .tracking_desk import (
    OFFICE,
    PLAN,
    RECORDED,
    WEEKS,
    Hand,
    exact,
    figures,
    lay_out,
    make,
    recalculate,
    take,
)

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed"),
]

RECORDS = """\
日期,区域,销售员,客户类型,客户,sales,orders,payments
2023-10-03,华东,张三,新客户,云帆,150000,2,60000.05
2023-10-09,华东,张三,老客户,恒信,180000.55,3,100000
2023-10-18,华南,王五,新客户,安泰,20,1,
2023-10-19,华南,,新客户,安泰,7.77,1,3.33
"""
FILL = Path(__file__).with_name("fill_in_office.py")


def cells(path, *, formulas=False):
    """Sheet and cell -> value; with ``formulas`` only the cells that are formulas."""
    book = openpyxl.load_workbook(path, data_only=not formulas)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not formulas or cell.data_type == "f"
    }


def same(one, other):
    if isinstance(one, int | float) and isinstance(other, int | float):
        return exact(one) == exact(other)
    return (one or None) == (other or None)


def without_values(path, stripped):
    """The same workbook without the values of its formulas, so that they must be calculated."""
    openpyxl.load_workbook(path).save(stripped)
    return stripped


@pytest.mark.parametrize("period", ["2023-10", "2023Q4", "2023"])
@pytest.mark.parametrize("filled", [False, True], ids=["empty", "known"])
def test_every_formula_is_recalculated_to_our_number(tmp_path, capsys, period, filled):
    plan = (RECORDED if filled else PLAN).replace('period = "2023-10"', 'period = "2023"')
    folder = lay_out(tmp_path / "p", plan=plan, records_csv=RECORDS)
    ours = make(capsys, folder, "--period", period, name=f"跟踪表-{period}.xlsx")
    again = recalculate(without_values(ours, tmp_path / "stripped.xlsx"), tmp_path / "out")
    live, cached, calculated = cells(ours, formulas=True), cells(ours), cells(again)
    assert len(live) > 50
    wrong = {
        place: (cached[place], calculated.get(place), live[place])
        for place in live
        if not same(cached[place], calculated.get(place))
    }
    assert not wrong


def test_a_changed_actual_is_recalculated_to_what_the_library_gets(tmp_path, capsys):
    folder = lay_out(tmp_path / "p", plan=RECORDED, records_csv=RECORDS)
    hand = Hand(make(capsys, folder))
    hand.put(161000.01, WEEKS[0], "张三")
    hand.put(99, "第一周实际", "张三", "订单数", page=hand.page("KPI跟踪表"))
    hand.save()
    theirs = cells(recalculate(hand.path, tmp_path / "out"))
    assert take(capsys, folder, hand.path)[0] == 0
    ours_path = make(capsys, folder)
    live, ours = cells(ours_path, formulas=True), cells(ours_path)
    assert len(live) > 100
    wrong = {
        at: (ours[at], theirs.get(at)) for at in live if not same(ours[at], theirs.get(at))
    }
    assert not wrong


def test_filled_in_by_the_spreadsheet_program_the_report_is_that_of_the_direct_path(
    tmp_path, capsys
):
    folder = lay_out(tmp_path / "p")
    hand = Hand(make(capsys, folder))
    kpi = hand.page("KPI跟踪表")
    entries = [
        (hand.page().title, hand.cell(WEEKS[0], "张三").coordinate, "150000"),
        (hand.page().title, hand.cell(WEEKS[1], "张三").coordinate, "180000.55"),
        (hand.page().title, hand.cell(WEEKS[2], "王五").coordinate, "20"),
        (kpi.title, hand.cell("第一周实际", "张三", "订单数", page=kpi).coordinate, "2"),
        (kpi.title, hand.cell("第二周实际", "张三", "订单数", page=kpi).coordinate, "3"),
        (kpi.title, hand.cell("第三周实际", "王五", "订单数", page=kpi).coordinate, "1"),
        (hand.page().title, hand.cell("主要偏差原因", "张三").coordinate, "'客户预算延迟"),
        (hand.page().title, hand.cell("改进措施", "张三").coordinate, "'二次拜访"),
    ]
    filled = fill_in(hand.path, tmp_path / "filled.xlsx", entries, tmp_path / "profile")
    code, changes, said = take(capsys, folder, filled)
    assert (code, len(changes["total_changes"])) == (0, 6), said
    assert len(changes["remark_changes"]) == 2
    direct = "\n".join(line.rpartition(",")[0] for line in RECORDS.splitlines()[:-1])
    other = lay_out(
        tmp_path / "direct",
        plan=PLAN + '\n[[actuals]]\npath = "records.csv"\n',
        records_csv=direct + "\n",
    )
    assert figures(capsys, folder) == figures(capsys, other)
    assert take(capsys, folder, filled)[1] | {"meta": None} == {
        "meta": None,
        "total_changes": [],
        "remark_changes": [],
    }


def fill_in(workbook, target, entries, profile):
    """Lets the spreadsheet program open a workbook, type into cells, and save it."""
    python = office_python()
    if python is None:
        pytest.skip("LibreOffice has no Python bridge here (python3-uno)")
    flat = [part for entry in entries for part in entry]
    subprocess.run(
        [python, str(FILL), OFFICE, str(profile), str(workbook), str(target), *flat],
        check=True,
        timeout=180,
    )
    return target


def office_python():
    """A Python that has the bridge to LibreOffice: the system's, or LibreOffice's own."""
    beside = Path(OFFICE).resolve().with_name("python")
    for each in ("/usr/bin/python3", str(beside), sys.executable):
        if Path(each).exists():
            done = subprocess.run([each, "-c", "import uno"], check=False, capture_output=True)
            if done.returncode == 0:
                return each
    return None
