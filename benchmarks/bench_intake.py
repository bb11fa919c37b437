"""Reading files side by side: our readers against the bare libraries, for the same answers.

xlsx: every cell of a workbook comes out of the reader in pages, checked; openpyxl in its
read-only mode iterates the same rows and checks nothing. All cells are compared equal.
csv: our reader and the booking of every row (names, days and amounts resolved, each row with
an outcome) against `csv.reader` with a `Decimal` a row. The totals are compared equal.
Times are medians of rounds in rotated order in one process. Peak memory is that of a process
of its own for each contender, less what it held when it began to read.

Usage: bench_intake.py [--rows N] [--text-rows N] [--rounds N]
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

import openpyxl
import xlsxwriter

from salesgoal import Breakdown, Dimension, Metric, make_plan
from salesgoal.app.builtins import built_in_plugins
from salesgoal.domain.condense import empty_cells
from salesgoal.intake.booking import Booking
from salesgoal.intake.source_map import SourceMap
from salesgoal.ports.importer import Page, ReadRequest

MOST_XLSX = 1.3
MOST_CSV = 3.0
HEADER = ("日期", "区域", "产品", "代表", "客户", "数量", "单价", "金额", "折扣", "备注")
REGIONS = [f"区域{number}" for number in range(8)]
PRODUCTS = [f"产品{number:02}" for number in range(20)]
PLUGINS = built_in_plugins()

Answer = tuple[int, Decimal]
"""How many rows, and the sum of their amounts."""


def records(rows: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(2023)
    for _ in range(rows):
        cents = chance.randrange(10_000_000)
        yield (
            date(2023, 1, 1) + timedelta(days=chance.randrange(365)),
            chance.choice(REGIONS),
            chance.choice(PRODUCTS),
            f"代表{chance.randrange(100):03}",
            f"客户{chance.randrange(5_000)}有限公司",
            chance.randrange(100),
            Decimal(chance.randrange(100_000)) / 100,
            Decimal(cents) / 100,
            Decimal(chance.randrange(100)) / 100,
            "正常",
        )


def write_xlsx(path: Path, rows: int) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("日报")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADER)
    for at, record in enumerate(records(rows), start=1):
        sheet.write_datetime(at, 0, record[0], day)
        sheet.write_row(at, 1, record[1:])
    book.close()


def write_csv(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(records(rows))


def pages(importer: str, path: Path) -> Iterator[Page]:
    return PLUGINS.importer(importer).read(ReadRequest(source=path))


def ours_xlsx(path: Path) -> Answer:
    rows, total = 0, Decimal(0)
    for page in pages("xlsx", path):
        rows += len(page.rows)
        total += sum(row.values[7] for row in page.rows)
    return rows, total


def openpyxl_xlsx(path: Path) -> Answer:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    lines = book.active.iter_rows(values_only=True)
    next(lines)
    rows, total = 0, 0.0
    for line in lines:
        rows += 1
        total += line[7]
    return rows, round(Decimal(total), 2)


def ours_csv(path: Path) -> Answer:
    plan = make_plan(
        name="bench",
        period="2023",
        metrics=[Metric(id="sales", decimals=2)],
        dimensions=[Dimension("region", REGIONS), Dimension("product", PRODUCTS)],
        breakdowns=[Breakdown(("region", "product"), every_member=True)],
    )
    cells = empty_cells(plan, date(2023, 12, 31))
    source = SourceMap(
        name="bench",
        on="日期",
        dimensions={"region": "区域", "product": "产品"},
        metrics={"sales": "金额"},
    )
    booking = Booking(plan, cells, source, HEADER)
    for page in pages("csv", path):
        booking.take(page)
    assert not booking.problems
    return booking.counts.accepted, Decimal(booking.control["sales"]) / 100


def bare_csv(path: Path) -> Answer:
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        next(lines)
        rows, total = 0, Decimal(0)
        for line in lines:
            rows += 1
            total += Decimal(line[7])
    return rows, total


CONTENDERS: dict[str, dict[str, Callable[[Path], Answer]]] = {
    "xlsx": {"salesgoal": ours_xlsx, "openpyxl read-only": openpyxl_xlsx},
    "csv": {"salesgoal": ours_csv, "csv.reader + Decimal": bare_csv},
}


def same_cells(path: Path) -> int:
    """Compares every cell of a workbook as both read it; how many were equal."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    theirs = book.active.iter_rows(values_only=True)
    next(theirs)
    count = 0
    for page in pages("xlsx", path):
        for row in page.rows:
            line = [plain(cell) for cell in next(theirs)]
            assert [*row.values] == line, (row, line)
            count += len(line)
    assert next(theirs, None) is None
    return count


def plain(cell: object) -> object:
    if isinstance(cell, float):
        return Decimal(format(cell, ".15g"))
    return cell.date() if isinstance(cell, datetime) else cell


def peak(kind: str, name: str, path: Path) -> float:
    command = [sys.executable, __file__, "--alone", kind, name, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    return float(done.stdout)


def alone(kind: str, name: str, path: Path) -> None:
    """Prints the peak memory of one contender in MiB, less what was held before."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = high_water()
    CONTENDERS[kind][name](path)
    print((high_water() - before) / 1024)


def high_water() -> int:
    """The peak of this process in KiB since it was last cleared; Linux only."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def compare(kind: str, path: Path, rounds: int, most: float) -> bool:
    contenders = CONTENDERS[kind]
    names = list(contenders)
    times: dict[str, list[float]] = {name: [] for name in names}
    answers: dict[str, Answer] = {}
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            gc.collect()
            begun = perf_counter()
            answers[name] = contenders[name](path)
            times[name].append(perf_counter() - begun)
    assert len(set(answers.values())) == 1, answers
    rows, total = next(iter(answers.values()))
    megabytes = path.stat().st_size / 10**6
    print(f"{kind}: {rows:,} rows x {len(HEADER)}, {megabytes:.1f} MB; equal totals {total:,}")
    print(f"{'contender':22} {'seconds':>8} {'times':>6} {'peak MiB':>9}")
    theirs = median(times[names[1]])
    for name in names:
        spent = median(times[name])
        held = peak(kind, name, path)
        print(f"{name:22} {spent:8.2f} {spent / theirs:6.2f} {held:9.0f}")
    print(f"at most {most} is asked for\n")
    return median(times[names[0]]) <= most * theirs


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--text-rows", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        alone(chosen.alone[0], chosen.alone[1], Path(chosen.alone[2]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        book, text = Path(folder, "bench.xlsx"), Path(folder, "bench.csv")
        write_xlsx(book, chosen.rows)
        write_csv(text, chosen.text_rows)
        print(f"{same_cells(book):,} cells of the workbook compared, 0 differ")
        fine = compare("xlsx", book, chosen.rounds, MOST_XLSX)
        fine &= compare("csv", text, chosen.rounds, MOST_CSV)
    print("all as asked" if fine else "NOT as asked")
    return not fine


if __name__ == "__main__":
    sys.exit(main())
