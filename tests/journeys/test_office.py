"""A spreadsheet program recalculates our workbooks to the same fen."""

from __future__ import annotations

import shutil
import subprocess
from decimal import Decimal

import openpyxl
import pytest

from salesgoal.cli.main import run

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed"),
]


def numbers(path, *, formulas=False):
    """Sheet, cell -> number, two decimals; with ``formulas`` the cells that are formulas."""
    book = openpyxl.load_workbook(path, data_only=not formulas)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if (cell.data_type == "f" if formulas else isinstance(cell.value, int | float))
    }


def without_cached_values(path, stripped):
    """The same workbook with its formulas and no values, so that they must be calculated."""
    book = openpyxl.load_workbook(path)
    book.save(stripped)


def recalculate(workbook, folder):
    """Lets a spreadsheet program open and save a workbook into another folder."""
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder),
            str(workbook),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_recalculated_workbook_holds_the_same_figures(tmp_path):
    assert run(["demo", str(tmp_path / "demo")]) == 0
    ours = tmp_path / "demo" / "report.xlsx"
    stripped = tmp_path / "stripped.xlsx"
    without_cached_values(ours, stripped)
    recalculate(stripped, tmp_path / "out")
    live = numbers(ours, formulas=True)
    cached, calculated = numbers(ours), numbers(tmp_path / "out" / "stripped.xlsx")
    assert len(live) > 50
    for place in live:
        assert exact(cached[place]) == exact(calculated[place]), place


def exact(number):
    return Decimal(format(number, ".15g"))
