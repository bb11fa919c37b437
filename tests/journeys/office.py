"""A spreadsheet program at hand: it opens workbooks, calculates, and saves them elsewhere."""

from __future__ import annotations

import shutil
import subprocess
from decimal import Decimal

import openpyxl
import pytest

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
BY_OFFICE = (
    pytest.mark.office,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed"),
)


def convert(paths, folder, kind="xlsx:Calc MS Excel 2007 XML"):
    """Lets a spreadsheet program open workbooks and save them into another folder."""
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            *map(str, paths),
        ],
        check=True,
        capture_output=True,
        timeout=500,
    )


def recalculated(paths, tmp_path):
    """Workbook -> the same, whose formulas a spreadsheet program calculated from nothing."""
    stripped, out = tmp_path / "stripped", tmp_path / "out"
    stripped.mkdir()
    for path in paths:
        openpyxl.load_workbook(path).save(stripped / path.name)
    convert(sorted(stripped.iterdir()), out)
    return {path: out / path.name for path in paths}


def cells(path, *, formulas=False):
    """Sheet and place -> value; of formulas where these are asked for."""
    book = openpyxl.load_workbook(path, data_only=not formulas)
    found = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and (not formulas or cell.data_type == "f")
    }
    book.close()
    return found


def exact(value):
    """A number without the dust of binary sums, far below a fen; an empty text is nothing."""
    if isinstance(value, int | float):
        return Decimal(format(value, ".15g")).quantize(Decimal("0.000001"))
    return value or None


def wrong_cells(path, recalculated_path):
    """Where a spreadsheet program says something else than we wrote: place -> ours, theirs."""
    ours, theirs = cells(path), cells(recalculated_path)
    return {
        place: (ours.get(place), theirs.get(place))
        for place in {*ours, *cells(path, formulas=True)}
        if exact(ours.get(place)) != exact(theirs.get(place))
    }
