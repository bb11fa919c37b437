"""The roll-up side by side: salesgoal, pandas pivot tables, a hand-written Polars cascade.

The pandas script is the one that an analyst would write: periods as labels (2023-10, 2023Q4)
and, for each level, a pivot table of goals by years, by quarters and by months. Each contender
gets the same rows in memory, as an importer hands them over (a tuple a row: a date, three
texts, an exact amount), makes its own frame from them, and gives every goal's figure for every
month, quarter and year. All answers are checked equal, goal by goal and period by period;
ratios are those of the fastest of several rounds in one process, in rotated order. Peak memory
is that of a process of its own for each contender, less what it held before (the rows).

Usage: bench_roll_up.py [--facts N ...] [--reps N ...] [--unit 分 元] [--rounds N]
"""

from __future__ import annotations

import argparse
import gc
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

from salesgoal import Breakdown, Dimension, Metric, Plan, make_plan
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.problem import Place
from salesgoal.domain.roll_up import find_homes, roll_up
from salesgoal.intake.booking import Booking
from salesgoal.intake.parse import UNITS
from salesgoal.intake.source_map import SourceMap
from salesgoal.ports.importer import Page, RawRow, ReadRequest

PRODUCTS = [f"产品{number:02d}" for number in range(20)]
REGIONS = [f"区域{number}" for number in range(8)]
HEADER = ("date", "product", "region", "salesperson", "amount")
NAMES = HEADER[1:4]
PAGE = ReadRequest().page_size
FEN = {"分": 1, "元": 100}
"""Unit of the amounts -> fen: workbooks hand over decimals in yuan, some systems whole fen."""
YEAR = date(2023, 1, 1)
PANDAS_PERIODS = {"year": "Y", "quarter": "Q", "month": "M"}
LIMITS = {
    1_781: {"polars": "0.65", "pandas": "0.2"},
    40_181: {"polars": "1.5", "pandas": "0.4"},
}

Answer = dict[tuple[str, ...], list[int]]
"""Members of a goal -> 17 figures in fen: the year, four quarters, twelve months."""


def make_rows(facts: int, reps: int, unit: str) -> list[RawRow]:
    """Seeded rows: amounts in whole fen, or in yuan with two decimals."""
    chance = random.Random(2023)
    people = [f"代表{number:03d}" for number in range(reps)]
    days = [YEAR + timedelta(days=number) for number in range(365)]
    where = Place("bench")
    return [
        RawRow(
            (
                chance.choice(days),
                chance.choice(PRODUCTS),
                chance.choice(REGIONS),
                chance.choice(people),
                fen if unit == "分" else Decimal(fen).scaleb(-2),
            ),
            where,
        )
        for fen in (chance.randrange(1, 10_000_000) for _ in range(facts))
    ]


def make_goals(reps: int) -> Plan:
    members = (PRODUCTS, REGIONS, [f"代表{number:03d}" for number in range(reps)])
    return make_plan(
        name="bench",
        period="2023",
        metrics=[Metric(id="sales", decimals=2)],
        dimensions=[Dimension(name, each) for name, each in zip(NAMES, members, strict=True)],
        breakdowns=[Breakdown(NAMES, every_member=True)],
    )


def with_salesgoal(rows: Sequence[RawRow], plan: Plan, unit: str) -> object:
    source = SourceMap(
        name="bench",
        on="date",
        dimensions={name: name for name in NAMES},
        metrics={"sales": "amount"},
        factor=UNITS[unit],
    )
    cells = empty_cells(plan, date(2023, 12, 31))
    booking = Booking(plan, cells, source, HEADER)
    for first in range(0, len(rows), PAGE):
        booking.take(Page(tuple(rows[first : first + PAGE]), HEADER))
    homes = find_homes(plan.trees[0], cells, plan.dimensions)
    return roll_up(plan.trees[0], homes, cells, plan.metrics[0], plan.periods)


def with_pandas(rows: Sequence[RawRow], *_: object) -> object:
    import pandas as pd

    frame = pd.DataFrame([row.values for row in rows], columns=HEADER)
    days = pd.to_datetime(frame["date"])
    for period, frequency in PANDAS_PERIODS.items():
        frame[period] = days.dt.to_period(frequency).astype(str)
    return pivot_tables(frame)


def pivot_tables(frame: Any) -> list[Any]:  # noqa: ANN401 - a frame of pandas
    """An analyst's tables of a frame that has a column for each kind of period."""
    frame["all"] = "all"
    return [
        frame.pivot_table(
            index=list(NAMES[:depth]) or "all",
            columns=period,
            values="amount",
            aggfunc="sum",
            fill_value=0,
        )
        for depth in range(4)
        for period in PANDAS_PERIODS
    ]


def with_polars(rows: Sequence[RawRow], _: Plan, unit: str) -> object:
    import polars as pl

    frame = pl.DataFrame([row.values for row in rows], schema=HEADER, orient="row")
    cell = (
        frame.with_columns(
            month=pl.col("date").dt.month(), fen=(pl.col("amount") * FEN[unit]).cast(pl.Int64)
        )
        .group_by(*NAMES, "month")
        .agg(pl.col("fen").sum())
        .with_columns(quarter=(pl.col("month") + 2) // 3)
    )
    results = []
    for depth in reversed(range(4)):
        keys = NAMES[:depth]
        months = cell.group_by(*keys, "quarter", "month").agg(pl.col("fen").sum())
        quarters = months.group_by(*keys, "quarter").agg(pl.col("fen").sum())
        years = quarters.group_by(*keys).agg(pl.col("fen").sum()) if keys else quarters.sum()
        results.append((months, quarters, years))
        cell = months
    return results


def answer_of_salesgoal(results: object, plan: Plan, *_: object) -> Answer:
    tree, answer = plan.trees[0], {}
    for node, path in enumerate(tree.path):
        key = tuple(path.split("/")) if path else ()
        answer[key] = [results[period].actual[node] for period in plan.periods]
    return {key: figures for key, figures in answer.items() if figures[0]}


def answer_of_pandas(results: list, _: Plan, unit: str) -> Answer:
    answer: Answer = {}
    places = {
        "year": lambda _: 0,
        "quarter": lambda label: int(label[-1]),
        "month": lambda label: 4 + int(label[-2:]),
    }
    for number, table in enumerate(results):
        place = places[table.columns.name]
        for key, figures in zip(table.index, table.to_numpy(), strict=True):
            names = key if isinstance(key, tuple) else (key,)
            for period, amount in zip(table.columns, figures, strict=True):
                _put(
                    answer, names if number > 2 else (), place(period), int(amount * FEN[unit])
                )
    return answer


def answer_of_polars(results: list, *_: object) -> Answer:
    answer: Answer = {}
    for depth, (months, quarters, years) in zip(reversed(range(4)), results, strict=True):
        for row in years.iter_rows(named=True):
            _put(answer, _names(row, depth), 0, row["fen"])
        for row in quarters.iter_rows(named=True):
            _put(answer, _names(row, depth), row["quarter"], row["fen"])
        for row in months.iter_rows(named=True):
            _put(answer, _names(row, depth), 4 + row["month"], row["fen"])
    return answer


def _names(row: dict[str, str], depth: int) -> tuple[str, ...]:
    return tuple(row[name] for name in NAMES[:depth])


def _put(answer: Answer, key: tuple[str, ...], place: int, fen: int) -> None:
    answer.setdefault(key, [0] * 17)[place] += fen


Contender = Callable[[Sequence[RawRow], Plan, str], object]
CONTENDERS: dict[str, tuple[Contender, Callable[..., Answer]]] = {
    "salesgoal": (with_salesgoal, answer_of_salesgoal),
    "polars": (with_polars, answer_of_polars),
    "pandas": (with_pandas, answer_of_pandas),
}


def peak_mebibytes(name: str, facts: int, reps: int, unit: str) -> int:
    """The peak of a process of its own, less what it holds before the contender runs."""
    command = [
        sys.executable,
        __file__,
        "--peak",
        name,
        "--facts",
        str(facts),
        "--reps",
        str(reps),
        "--unit",
        unit,
    ]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def print_peak(name: str, facts: int, reps: int, unit: str) -> None:
    rows, plan = make_rows(facts, reps, unit), make_goals(reps)
    CONTENDERS[name][0](rows[:10], plan, unit)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = high_water()
    CONTENDERS[name][0](rows, plan, unit)
    print((high_water() - before) // 1024)


def high_water() -> int:
    """The peak of this process in KiB since it was last cleared; Linux only."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def compare(facts: int, reps: int, unit: str, rounds: int) -> bool:
    """Runs the contenders on one size; returns whether the goals of the ratios are met."""
    rows, plan = make_rows(facts, reps, unit), make_goals(reps)
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    names = list(CONTENDERS)
    answers = {}
    for round_ in range(rounds):
        for name in names[round_ % 3 :] + names[: round_ % 3]:
            gc.collect()
            started = perf_counter()
            results = CONTENDERS[name][0](rows, plan, unit)
            times[name].append(perf_counter() - started)
            if name not in answers:
                answers[name] = CONTENDERS[name][1](results, plan, unit)
            del results
    assert answers["salesgoal"] == answers["polars"] == answers["pandas"], "answers differ"
    nodes, best = len(plan.trees[0]), {name: min(each) for name, each in times.items()}
    figures = sum(map(len, answers["salesgoal"].values()))
    print(f"\n{facts:,} facts ({unit}) on {nodes:,} goals; {figures:,} figures equal")
    print(f"{'contender':<12}{'seconds':>9}{'salesgoal is':>14}{'goal':>7}{'peak MiB':>10}")
    fine = True
    for name in names:
        ratio = best["salesgoal"] / best[name]
        limit = LIMITS.get(nodes, {}).get(name)
        fine &= limit is None or ratio <= float(limit)
        peak = peak_mebibytes(name, facts, reps, unit)
        print(f"{name:<12}{best[name]:>9.3f}{ratio:>13.2f}x{limit or '':>7}{peak:>10}")
    return fine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--facts", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--reps", type=int, nargs="+", default=[10, 250])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--unit", choices=list(FEN), nargs="+", default=["元"])
    parser.add_argument("--peak", choices=list(CONTENDERS))
    asked = parser.parse_args()
    if asked.peak:
        print_peak(asked.peak, asked.facts[0], asked.reps[0], asked.unit[0])
        return
    fine = [
        compare(facts, reps, unit, asked.rounds)
        for unit in asked.unit
        for reps in asked.reps
        for facts in asked.facts
    ]
    print("\nevery ratio within its goal" if all(fine) else "\nsome ratio misses its goal")


if __name__ == "__main__":
    main()
