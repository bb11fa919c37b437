"""Facts that are already in a frame: `salesgoal.frames.track` beside what is written by hand.

A million or ten million facts lie in a frame: a day, three texts, whole fen. Every contender
gives every goal's figure for every month, quarter and year. "polars cascade" is that of
bench_roll_up.py, "pandas analyst" the pivot tables there, "pandas cascade" the same cascade in
pandas. Ours holds the plan against the frame - names resolved, every row accounted for - and
reads the columns of the scorecard. All figures are compared equal, goal by goal and period by
period; ratios are those of the fastest of several rounds in one process, in rotated order, in
wall time and in processor time, and both must be as asked. Peak memory is that of a process of
its own for each contender, less what it held before (the frame).

Usage: bench_frames.py [--facts N ...] [--reps N ...] [--rounds N] [--only NAME ...]
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import attrs
import numpy as np
import pandas as pd
import polars as pl
from bench_roll_up import (
    HEADER,
    NAMES,
    PANDAS_PERIODS,
    PRODUCTS,
    REGIONS,
    high_water,
    make_goals,
    pivot_tables,
)

from salesgoal import Plan
from salesgoal.domain.lazy_column import LazyColumn
from salesgoal.frames import FrameTracking, goal_codes, track

AS_OF = date(2023, 12, 31)
FIRST_DAY = 19_358
"""1 January 2023 in days since 1970."""
TEN_MILLION = 10_000_000

Answer = np.ndarray
"""Goals in the order of the plan x 17 figures in fen: year, four quarters, twelve months."""


@attrs.frozen(kw_only=True)
class Input:
    """The same facts for every contender.

    Attributes:
        plan: The goals.
        polars: A frame of a day, three texts, whole fen.
        coded: The same with the number of the goal instead of the texts.
        pandas: As ``polars``.
    """

    plan: Plan
    polars: pl.DataFrame
    coded: pl.DataFrame | None = None
    pandas: pd.DataFrame | None = None


def make_input(facts: int, reps: int, *, whole: bool = True) -> Input:
    """Seeded facts, drawn evenly; ``whole`` also those of pandas and with goals by number."""
    chance = np.random.default_rng(2023)
    people = [f"代表{number:03d}" for number in range(reps)]
    places = [
        chance.integers(0, len(names), facts, dtype=np.uint32)
        for names in (PRODUCTS, REGIONS, people)
    ]
    days = pl.Series("date", chance.integers(0, 365, facts, dtype=np.int32) + FIRST_DAY)
    fen = pl.Series("amount", chance.integers(1, 10_000_000, facts))
    texts = [
        pl.Series(names)[at].alias(name)
        for name, names, at in zip(NAMES, (PRODUCTS, REGIONS, people), places, strict=True)
    ]
    frame = pl.DataFrame([days.cast(pl.Date), *texts, fen])
    plan = make_goals(reps)
    if not whole:
        return Input(plan=plan, polars=frame)
    codes = goal_codes(plan)
    paths = pl.Series(
        [f"{p}/{r}/{s}" for p in PRODUCTS for r in REGIONS for s in people], dtype=pl.String
    )
    numbers = pl.Series([codes[path] for path in paths], dtype=pl.Int32)
    leaf = (places[0] * len(REGIONS) + places[1]) * np.uint32(reps) + places[2]
    coded = frame.select("date", "amount").with_columns(goal=numbers[leaf])
    pandas = pd.DataFrame({name: frame[name].to_list() for name in NAMES})
    pandas.insert(0, "date", pd.to_datetime(frame["date"].to_numpy()))
    pandas["amount"] = frame["amount"].to_numpy()
    return Input(plan=plan, polars=frame, coded=coded, pandas=pandas)


# The contenders.


def with_salesgoal(given: Input) -> object:
    return figures_of(track(given.plan, given.polars, as_of=AS_OF, columns=_MAP, unit="分"))


def with_salesgoal_pandas(given: Input) -> object:
    return figures_of(track(given.plan, given.pandas, as_of=AS_OF, columns=_MAP, unit="分"))


def with_salesgoal_codes(given: Input) -> object:
    asked = {"on": "date", "goal": "goal", "sales": "amount"}
    return figures_of(track(given.plan, given.coded, as_of=AS_OF, columns=asked, unit="分"))


_MAP = {"on": "date", "sales": "amount"}


def figures_of(tracking: FrameTracking) -> list[Sequence[Any]]:
    """The columns of every period, worked out: they are lazy until they are read."""
    card = tracking.scorecards[0]
    columns = [card.columns["sales", period].actual for period in card.plan.periods]
    return [each.values if isinstance(each, LazyColumn) else each for each in columns]


def with_polars(given: Input) -> object:
    cell = (
        given.polars.with_columns(month=pl.col("date").dt.month())
        .group_by(*NAMES, "month")
        .agg(pl.col("amount").sum())
        .with_columns(quarter=(pl.col("month") + 2) // 3)
    )
    results = []
    for depth in reversed(range(4)):
        keys = NAMES[:depth]
        months = cell.group_by(*keys, "quarter", "month").agg(pl.col("amount").sum())
        quarters = months.group_by(*keys, "quarter").agg(pl.col("amount").sum())
        years = quarters.group_by(*keys).agg(pl.col("amount").sum()) if keys else quarters.sum()
        results.append((depth, months, quarters, years))
        cell = months
    return results


def with_pandas_cascade(given: Input) -> object:
    frame = given.pandas
    assert frame is not None
    month = frame["date"].dt.month
    cell = frame.groupby([*NAMES, month.rename("month")], sort=False)["amount"].sum()
    cell = cell.reset_index()
    cell["quarter"] = (cell["month"] + 2) // 3
    results = []
    for depth in reversed(range(4)):
        keys = list(NAMES[:depth])
        months = cell.groupby([*keys, "quarter", "month"], sort=False)["amount"].sum()
        cell = months = months.reset_index()
        quarters = months.groupby([*keys, "quarter"], sort=False)["amount"].sum().reset_index()
        years = (
            quarters.groupby(keys, sort=False)["amount"].sum().reset_index()
            if keys
            else quarters[["amount"]].sum().to_frame().T
        )
        results.append((depth, months, quarters, years))
    return results


def with_pandas_analyst(given: Input) -> object:
    assert given.pandas is not None
    frame = given.pandas.copy(deep=False)
    for period, frequency in PANDAS_PERIODS.items():
        frame[period] = frame["date"].dt.to_period(frequency).astype(str)
    return pivot_tables(frame)


# Their answers, in the same order.


def answer_of_salesgoal(columns: Sequence[Sequence[int]], _: Plan) -> Answer:
    return np.array([np.asarray(each, np.int64) for each in columns]).T


def answer_of_cascade(results: Sequence[Any], plan: Plan) -> Answer:
    answer = np.zeros((len(plan.trees[0]), 17), np.int64)
    codes = goal_codes(plan)
    for depth, months, quarters, years in results:
        for table, place in ((years, lambda _: 0), (quarters, "quarter"), (months, "month")):
            frame = table if isinstance(table, pl.DataFrame) else pl.from_dict(_lists(table))
            goals = np.array([codes[path] for path in _paths(frame, depth)])
            at = 0 if callable(place) else frame[place].to_numpy() + (4 * (place == "month"))
            answer[goals, at] = frame["amount"].to_numpy()
    return answer


def _lists(table: pd.DataFrame) -> dict[str, list[Any]]:
    return {name: table[name].tolist() for name in table.columns}


def _paths(frame: pl.DataFrame, depth: int) -> list[str]:
    if not depth:
        return [""] * len(frame)
    return frame.select(pl.concat_str(NAMES[:depth], separator="/")).to_series().to_list()


def answer_of_analyst(results: Sequence[pd.DataFrame], plan: Plan) -> Answer:
    answer = np.zeros((len(plan.trees[0]), 17), np.int64)
    codes = goal_codes(plan)
    places: Mapping[str, Callable[[str], int]] = {
        "year": lambda _: 0,
        "quarter": lambda label: int(label[-1]),
        "month": lambda label: 4 + int(label[-2:]),
    }
    for number, table in enumerate(results):
        keys = [key if isinstance(key, tuple) else (key,) for key in table.index]
        goals = [codes["/".join(key) if number > 2 else ""] for key in keys]
        at = [places[str(table.columns.name)](label) for label in table.columns]
        answer[np.ix_(goals, at)] = table.to_numpy()
    return answer


Contender = tuple[Callable[[Input], Any], Callable[[Any, Plan], Answer]]
CONTENDERS: dict[str, Contender] = {
    "salesgoal, Polars": (with_salesgoal, answer_of_salesgoal),
    "salesgoal, codes": (with_salesgoal_codes, answer_of_salesgoal),
    "salesgoal, pandas": (with_salesgoal_pandas, answer_of_salesgoal),
    "polars cascade": (with_polars, answer_of_cascade),
    "pandas cascade": (with_pandas_cascade, answer_of_cascade),
    "pandas analyst": (with_pandas_analyst, answer_of_analyst),
}
GOALS = {
    ("salesgoal, Polars", "polars cascade"): ("0.55", "0.8"),
    ("salesgoal, Polars", "pandas analyst"): ("0.15", None),
    ("salesgoal, pandas", "pandas cascade"): ("0.6", None),
    ("salesgoal, codes", "polars cascade"): ("0.25", None),
}
"""Ours and theirs -> the ratio asked for at one million facts, and at ten."""

ASKED_REPS = 250
"""So many people make the 40,181 goals that ratios are asked of; of fewer they are told."""


def compare(facts: int, reps: int, rounds: int, only: Sequence[str]) -> bool:
    """Runs the contenders on one size; returns whether ratios that are asked for are met."""
    many = facts >= TEN_MILLION
    names = [name for name in CONTENDERS if not only or name in only]
    if many and not only:
        names = ["salesgoal, Polars", "polars cascade"]
    given = make_input(facts, reps, whole=not many or bool(only))
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    answers: dict[str, Answer] = {}
    for round_ in range(rounds):
        turn = round_ % len(names)
        for name in names[turn:] + names[:turn]:
            gc.collect()
            started, before = perf_counter(), process_time()
            results = CONTENDERS[name][0](given)
            times[name].append((perf_counter() - started, process_time() - before))
            if name not in answers:
                answers[name] = CONTENDERS[name][1](results, given.plan)
            del results
    first, *others = answers.values()
    assert all(np.array_equal(first, other) for other in others), "answers differ"
    figures, nodes = int((first != 0).sum()), len(given.plan.trees[0])
    del given
    best = {
        name: [min(kind) for kind in zip(*each, strict=True)] for name, each in times.items()
    }
    print(f"\n{facts:,} facts on {nodes:,} goals; {figures:,} figures equal")
    print(f"{'contender':<20}{'seconds':>9}{'CPU s':>8}{'peak MiB':>10}")
    for name, (seconds, cpu) in best.items():
        peak = peak_mebibytes(name, facts, reps)
        print(f"{name:<20}{seconds:>9.3f}{cpu:>8.3f}{peak:>10,}")
    fine = True
    for (ours, theirs), limits in GOALS.items():
        if ours not in best or theirs not in best:
            continue
        wall, cpu = (best[ours][at] / best[theirs][at] for at in range(2))
        said = f"{ours} / {theirs}: {wall:.2f}x, of processor time {cpu:.2f}x"
        limit = limits[many] if reps >= ASKED_REPS else None
        if limit is not None:
            met = max(wall, cpu) <= float(limit)
            fine &= met
            said += f"; at most {limit}" + ("" if met else "  missed")
        print(said)
    return fine


def peak_mebibytes(name: str, facts: int, reps: int) -> int:
    """The peak of a process of its own, less what it holds before the contender runs."""
    command = [sys.executable, __file__, "--peak", name, "--facts", str(facts)]
    command += ["--reps", str(reps)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def print_peak(name: str, facts: int, reps: int) -> None:
    whole = name not in {"salesgoal, Polars", "polars cascade"}
    CONTENDERS[name][0](make_input(1_000, reps))
    given = make_input(facts, reps, whole=whole)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = high_water()
    CONTENDERS[name][0](given)
    print((high_water() - before) // 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--facts", type=int, nargs="+", default=[1_000_000, TEN_MILLION])
    parser.add_argument("--reps", type=int, nargs="+", default=[10, 250])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=list(CONTENDERS), nargs="+", default=[])
    parser.add_argument("--peak", choices=list(CONTENDERS))
    asked = parser.parse_args()
    if asked.peak:
        print_peak(asked.peak, asked.facts[0], asked.reps[0])
        return
    fine = [
        compare(facts, reps, asked.rounds, asked.only)
        for facts in asked.facts
        for reps in asked.reps
    ]
    print("\nevery ratio as asked" if all(fine) else "\nsome ratio is not as asked")


assert HEADER[1:4] == NAMES

if __name__ == "__main__":
    main()
