"""Flattens a two-level header: a row per salesperson and month, from the folder given.

The upper row of the header names a month over the first of its two columns only; the lower one
says which column is 预计 and which is 实际. The columns of the total are left out.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import openpyxl

YEAR = "2021年"
"""The sheet has no year; this is the one of the author's other data."""


def prepare(raw: Path, folder: Path) -> None:
    book = openpyxl.load_workbook(raw / "chap4_4.2.xlsx", data_only=True)
    months, kinds, *rows = book["案例3"].iter_rows(values_only=True)
    starts = [at for at, month in enumerate(months) if month and month.endswith("月")]
    folder.mkdir(exist_ok=True)
    with (folder / "plan_actual.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow((kinds[0], "月份", "预计", "实际"))
        for row in rows:
            for at in starts:
                assert kinds[at : at + 2] == ("预计", "实际")
                writer.writerow((row[0], YEAR + months[at], *row[at : at + 2]))


if __name__ == "__main__":
    prepare(Path(sys.argv[1]) / "raw", Path(__file__).parent / "prepared")
