"""A workbook of 1,000 SUMIFS over 100,000 facts: the sheet that teams keep, and ours.

One sheet holds the facts (a day, a product, a region, a salesperson, yuan with two decimals),
another asks for the sales of 100 salespeople in ten months by SUMIFS over whole columns of it.
LibreOffice opens it, recalculates and saves it, as it must whenever a fact is added; the same
file without the formulas is opened and saved as well, so that the difference is the
recalculation alone. We read the same file, with python-calamine into a frame or with our own
strict reader as a plan's source, and hold the same 1,000 goals; then the answering alone, from
facts already read. All 1,000 answers are compared equal to the fen. Processor time counts: it
says the same on a busy machine, and a spreadsheet program uses several processors at once.

Usage: bench_workbook.py [--facts N] [--rounds N]; needs LibreOffice
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import attrs
import polars as pl
import xlsxwriter
from bench_roll_up import PRODUCTS, REGIONS, YEAR
from python_calamine import CalamineWorkbook

from salesgoal import Breakdown, Dimension, Metric, make_plan
from salesgoal.app.builtins import built_in_plugins
from salesgoal.app.load import load_plan
from salesgoal.app.track import track as track_files
from salesgoal.frames import track

FACTS, ASKED = "流水", "汇总"
PEOPLE = [f"代表{number:03d}" for number in range(100)]
MONTHS = range(1, 11)
HEADER = ("日期", "产品", "区域", "销售代表", "金额")
AS_OF = date(2023, 12, 31)
PLAN = make_plan(
    name="bench",
    period="2023",
    metrics=[Metric(id="sales", name="金额", unit="元", decimals=2)],
    dimensions=[Dimension("person", PEOPLE, name="销售代表")],
    breakdowns=[Breakdown(["person"], every_member=True)],
)
PLAN_FILE = """\
[plan]
name = "bench"
period = "2023"

[metrics.sales]
name = "金额"
unit = "元"
decimals = 2

[dimensions.person]
name = "销售代表"
members = [{members}]

[[breakdowns]]
by = ["person"]
every_member = true

[[actuals]]
path = "facts.xlsx"
options = {{ sheet = "流水" }}
"""
LIMITS = {"calamine": 15, "own reader": 1.5, "answering alone": 100}
"""How many times faster: of the whole, of the whole, of the recalculation alone."""

Row = tuple[date, str, str, str, int]
Answer = list[int]
"""Fen: the months of the first salesperson, of the second, and so on."""


def make_rows(facts: int) -> list[Row]:
    chance = random.Random(2023)
    return [
        (
            YEAR + timedelta(days=chance.randrange(365)),
            chance.choice(PRODUCTS),
            chance.choice(REGIONS),
            chance.choice(PEOPLE),
            chance.randrange(1, 10_000_000),
        )
        for _ in range(facts)
    ]


def write_workbook(path: Path, rows: Sequence[Row], *, formulas: bool) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(FACTS)
        sheet.write_row(0, 0, HEADER)
        for at, (on, *names, fen) in enumerate(rows, start=1):
            sheet.write_datetime(at, 0, on)
            sheet.write_row(at, 1, names)
            sheet.write_number(at, 4, fen / 100)
        asked = book.add_worksheet(ASKED)
        for column, month in enumerate(MONTHS, start=1):
            asked.write_datetime(0, column, date(2023, month, 1))
        for at, person in enumerate(PEOPLE, start=1):
            asked.write_string(at, 0, person)
            for column in range(1, len(MONTHS) + 1) if formulas else ():
                asked.write_formula(at, column, _sumifs(at, column, len(rows)))
    if formulas:
        _forget_values(path)


def _sumifs(row: int, column: int, facts: int) -> str:
    def whole(letter: str) -> str:
        return f"{FACTS}!${letter}$2:${letter}${facts + 1}"

    month = f"{chr(ord('A') + column)}$1"
    days = f'{whole("A")},">="&{month},{whole("A")},"<"&EDATE({month},1)'
    return f"=SUMIFS({whole('E')},{whole('D')},$A{row + 1},{days})"


def _forget_values(path: Path) -> None:
    """Takes the saved values away, so that the formulas must be calculated."""
    bare = path.with_suffix(".bare")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet2.xml":
                content = re.sub(rb"</f><v>[^<]*</v>", b"</f>", content)
            new.writestr(name, content)
    bare.replace(path)


@attrs.frozen(kw_only=True)
class Work:
    """What the contenders share.

    Attributes:
        folder: Where everything lies.
        frame: The facts, read once, for the answering alone.
    """

    folder: Path
    frame: pl.DataFrame


def with_office(work: Work) -> Answer:
    path = _converted(work.folder / "facts.xlsx")
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(ASKED)
    return [round(value * 100) for row in sheet.to_python()[1:] for value in row[1:]]


def with_office_load_only(work: Work) -> None:
    _converted(work.folder / "bare.xlsx")


def _converted(path: Path) -> Path:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    out = path.parent / "out"
    command = [office, f"-env:UserInstallation=file://{path.parent}/profile", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", out, path]
    subprocess.run(command, check=True, capture_output=True)
    return out / path.name


def with_calamine(work: Work) -> Answer:
    return _answer_of(read_with_calamine(work.folder / "facts.xlsx"))


def with_own_reader(work: Work) -> Answer:
    loaded = load_plan(work.folder / "plan.toml", built_in_plugins())
    return _figures(track_files(loaded, as_of=AS_OF).scorecards[0])


def with_frame(work: Work) -> Answer:
    return _answer_of(work.frame)


def read_with_calamine(path: Path) -> pl.DataFrame:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(FACTS).to_python()
    return pl.DataFrame(rows[1:], schema=list(rows[0]), orient="row")


def _answer_of(frame: pl.DataFrame) -> Answer:
    found = track(PLAN, frame, as_of=AS_OF, columns={"on": "日期", "sales": "金额"})
    return _figures(found.scorecards[0])


def _figures(card: Any) -> Answer:  # noqa: ANN401 - a Scorecard
    columns = [
        card.columns["sales", card.plan.parse(f"2023-{month:02}")].actual for month in MONTHS
    ]
    goals = [card.tree.path.index(person) for person in PEOPLE]
    return [int(column[goal]) for goal in goals for column in columns]


CONTENDERS: dict[str, Callable[[Work], Answer | None]] = {
    "LibreOffice": with_office,
    "LibreOffice, load + save": with_office_load_only,
    "calamine": with_calamine,
    "own reader": with_own_reader,
    "answering alone": with_frame,
}


def compare(work: Work, expected: Answer, rounds: int) -> bool:
    names = list(CONTENDERS)
    walls: dict[str, list[float]] = {name: [] for name in names}
    busy: dict[str, list[float]] = {name: [] for name in names}
    for round_ in range(rounds):
        turn = round_ % len(names)
        for name in names[turn:] + names[:turn]:
            gc.collect()
            started, before = perf_counter(), _cpu()
            answer = CONTENDERS[name](work)
            busy[name].append(_cpu() - before)
            walls[name].append(perf_counter() - started)
            assert answer is None or answer == expected, f"{name} differs"
    best = {name: min(each) for name, each in busy.items()}
    best["LibreOffice, SUMIFS alone"] = best["LibreOffice"] - best["LibreOffice, load + save"]
    print(f"{'contender':<28}{'CPU s':>8}{'seconds':>9}")
    for name, seconds in best.items():
        wall = f"{min(walls[name]):>9.3f}" if name in walls else ""
        print(f"{name:<28}{seconds:>8.3f}{wall}")
    fine = True
    for name, least in LIMITS.items():
        against = "LibreOffice, SUMIFS alone" if name == "answering alone" else "LibreOffice"
        times = best[against] / best[name]
        fine &= times >= least
        verdict = "" if times >= least else "  missed"
        print(f"{name}: {times:.1f}x faster than {against}; {least} is asked for{verdict}")
    return fine


def _cpu() -> float:
    """The processor time of this process and of those it has waited for."""
    times = os.times()
    return process_time() + times.children_user + times.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if shutil.which("soffice") is None and shutil.which("libreoffice") is None:
        print("skipped: LibreOffice is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        home, rows = Path(folder), make_rows(asked.facts)
        write_workbook(home / "facts.xlsx", rows, formulas=True)
        write_workbook(home / "bare.xlsx", rows, formulas=False)
        members = ", ".join(f'"{name}"' for name in PEOPLE)
        (home / "plan.toml").write_text(PLAN_FILE.format(members=members), "utf-8")
        sums: dict[tuple[str, int], int] = {}
        for on, _, _, person, fen in rows:
            sums[person, on.month] = sums.get((person, on.month), 0) + fen
        expected = [sums.get((person, month), 0) for person in PEOPLE for month in MONTHS]
        work = Work(folder=home, frame=read_with_calamine(home / "facts.xlsx"))
        size = (home / "facts.xlsx").stat().st_size / 2**20
        total = Decimal(sum(expected)).scaleb(-2)
        print(f"{asked.facts:,} facts, {len(expected):,} SUMIFS, {size:.1f} MB; sum {total:,}")
        fine = compare(work, expected, asked.rounds)
    print("\nall as asked" if fine else "\nsomething is not as asked")


if __name__ == "__main__":
    main()
