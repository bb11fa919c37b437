"""Allocation and whole plans, side by side with what one would write instead.

1. The cents of 10,000 goals over 52 weeks: salesgoal, bare Python integers written out by hand,
   and the same with `Fraction`. The answers are checked equal; times are medians.
2. A plan of 100,000 goals: loaded from CSV, cascaded into months, checked; beside a pandas
   script that reads the same table, spreads it exactly and adds it up. Peak memory is that of a
   process of its own.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from pathlib import Path
from statistics import median
from time import perf_counter

from salesgoal.domain.number import apportion, apportion_each, weigh

WEEKS = 52
AGAINST_FRACTION, AGAINST_INTEGERS = 10, Fraction(12, 10)
Rows = list[list[int]]

PLAN = """
[plan]
name = "bench"
period = "2023"
[metrics.sales]
unit = "元"
decimals = 2
[dimensions.product]
path = "products.csv"
[dimensions.region]
path = "regions.csv"
[dimensions.rep]
path = "reps.csv"
[[breakdowns]]
by = ["product", "region", "rep"]
[[targets]]
path = "targets.csv"
[[cascades]]
every_goal = true
steps = [{ into = "month", weights = [6, 5, 8, 8, 8, 9, 8, 8, 9, 10, 11, 10] }]
"""
MONTH_WEIGHTS = [6, 5, 8, 8, 8, 9, 8, 8, 9, 10, 11, 10]


def with_salesgoal(totals: Sequence[int], weights: Sequence[int]) -> Rows:
    held = weigh(weights)
    return [apportion(total, held) for total in totals]


def with_columns(totals: Sequence[int], weights: Sequence[int]) -> Rows:
    """As a cascade does it, and then back into rows, so that the answers can be compared."""
    return [list(row) for row in zip(*apportion_each(totals, weigh(weights)), strict=True)]


def with_integers(totals: Sequence[int], weights: Sequence[int]) -> Rows:
    """What a careful programmer writes inline: no checks, no signs, no zero weights."""
    whole = sum(weights)
    places = range(len(weights))
    rows = []
    for total in totals:
        quotas = [total * weight for weight in weights]
        parts = [quota // whole for quota in quotas]
        left = total - sum(parts)
        if left:
            rests = [quota % whole for quota in quotas]
            for at in sorted(places, key=rests.__getitem__, reverse=True)[:left]:
                parts[at] += 1
        rows.append(parts)
    return rows


def with_fractions(totals: Sequence[int], weights: Sequence[int]) -> Rows:
    whole = sum(weights)
    shares = [Fraction(weight, whole) for weight in weights]
    rows = []
    for total in totals:
        quotas = [total * share for share in shares]
        parts = [floor(quota) for quota in quotas]
        rests = [quota - part for quota, part in zip(quotas, parts, strict=True)]
        order = sorted(range(len(parts)), key=rests.__getitem__, reverse=True)
        for at in order[: total - sum(parts)]:
            parts[at] += 1
        rows.append(parts)
    return rows


CONTENDERS: dict[str, Callable[[Sequence[int], Sequence[int]], Rows]] = {
    "salesgoal, one by one": with_salesgoal,
    "salesgoal, in columns": with_columns,
    "bare integers": with_integers,
    "Fraction": with_fractions,
}


def compare_shares(leaves: int, rounds: int) -> bool:
    chance = random.Random(20231001)
    totals = [chance.randrange(10**6, 10**9) for _ in range(leaves)]
    bases = {
        "workdays of each week": [chance.choice([3, 4, 5, 5, 5, 5, 6]) for _ in range(WEEKS)],
        "last year's fen": [chance.randrange(10**7, 10**9) for _ in range(WEEKS)],
    }
    fine = True
    for basis, weights in bases.items():
        times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
        names = list(CONTENDERS)
        expected = with_integers(totals, weights)
        for turn in range(rounds):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                gc.collect()
                started = perf_counter()
                rows = CONTENDERS[name](totals, weights)
                times[name].append(perf_counter() - started)
                assert rows == expected, name
                del rows
        middle = {name: median(each) for name, each in times.items()}
        print(f"\n{leaves:,} goals x {WEEKS} weeks by {basis}; answers equal")
        print(f"{'contender':<24}{'seconds':>9}{'of bare integers':>18}{'Fraction takes':>17}")
        for name in names:
            of_bare = middle[name] / middle["bare integers"]
            slower = middle["Fraction"] / middle[name]
            print(f"{name:<24}{middle[name]:>9.3f}{of_bare:>17.2f}x{slower:>16.1f}x")
            if name == "salesgoal, one by one":
                fine &= slower >= AGAINST_FRACTION and of_bare <= AGAINST_INTEGERS
    return fine


def lay_out(folder: Path, goals: int) -> None:
    """A plan of so many lowest goals, with a target each."""
    reps = goals // 100
    chance = random.Random(20231001)
    products, regions = ([f"{kind}{each:02d}" for each in range(10)] for kind in "PR")
    people = [f"S{each:05d}" for each in range(reps)]
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    for name, members in (("products", products), ("regions", regions), ("reps", people)):
        text = "\n".join(["name", *members, ""])
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    rows = ["product,region,rep,period,target"]
    rows += [
        f"{product},{region},{rep},2023,{chance.randrange(10**6, 10**9) // 100}.{rep[-2:]}"
        for product in products
        for region in regions
        for rep in people
    ]
    (folder / "targets.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")


def plan_with_salesgoal(folder: Path) -> tuple[int, ...]:
    """Loads, cascades and checks; returns the root's months in fen."""
    from salesgoal.app.findings import find_problems
    from salesgoal.app.load import load_plan
    from salesgoal.domain.period import Level
    from salesgoal.domain.target import derive_targets

    loaded = load_plan(folder)
    assert not [each for each in find_problems(loaded) if "mismatch" in each.code]
    plan = loaded.plan
    months = [each for each in plan.periods if each.level is Level.MONTH]
    derived = derive_targets(plan.trees[0], plan.metrics[0], plan.targets.of("sales"), months)
    return tuple(derived[month][0] or 0 for month in months)


def plan_with_pandas(folder: Path) -> tuple[int, ...]:
    """Reads, checks names and doubles, spreads by largest remainder, adds up every level."""
    import numpy as np
    import pandas as pd

    table = pd.read_csv(folder / "targets.csv", dtype={"target": str})
    for name in ("product", "region", "rep"):
        members = pd.read_csv(folder / f"{name}s.csv")["name"]
        assert table[name].isin(members).all()
    keys = ["product", "region", "rep"]
    assert not table.duplicated([*keys, "period"]).any()
    fen = table["target"].str.replace(".", "", regex=False).astype("int64").to_numpy()
    weights = np.array(MONTH_WEIGHTS, dtype="int64")
    whole = int(weights.sum())
    quotas = fen[:, None] * weights
    parts, rests = quotas // whole, quotas % whole
    left = fen - parts.sum(axis=1)
    order = np.argsort(-rests, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(len(weights))[None, :], axis=1)
    parts += ranks < left[:, None]
    months = pd.DataFrame(parts, index=pd.MultiIndex.from_frame(table[keys]))
    quarters = months.T.groupby(np.arange(12) // 3).sum().T
    year = months.sum(axis=1)
    for frame in (months, quarters, year.to_frame()):
        levels = [frame, frame.groupby(level=[0, 1]).sum(), frame.groupby(level=0).sum()]
        assert all((level.sum() == frame.sum()).all() for level in levels)
    assert (year.to_numpy() == fen).all()
    return tuple(int(each) for each in months.sum())


PLANNERS = {"salesgoal": plan_with_salesgoal, "pandas": plan_with_pandas}


def measure(name: str, folder: Path) -> None:
    started = perf_counter()
    months = PLANNERS[name](folder)
    seconds = perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{seconds} {peak} {','.join(map(str, months))}")


def compare_plans(goals: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder, goals)
        results: dict[str, list[tuple[float, int]]] = {each: [] for each in PLANNERS}
        answers = set()
        for _ in range(rounds):
            for each in PLANNERS:
                command = [sys.executable, __file__, "--measure", each, "--folder", name]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                seconds, peak, answer = done.stdout.split()
                results[each].append((float(seconds), int(peak)))
                answers.add(answer)
        assert len(answers) == 1, "answers differ"
    print(
        f"\na plan of {goals:,} goals from CSV, cascaded into months and checked; months equal"
    )
    print(f"{'contender':<12}{'seconds':>9}{'salesgoal is':>14}{'peak MiB':>10}")
    middle = {each: median(seconds for seconds, _ in runs) for each, runs in results.items()}
    for each, runs in results.items():
        ratio = middle["salesgoal"] / middle[each]
        peak = max(peak for _, peak in runs)
        print(f"{each:<12}{middle[each]:>9.2f}{ratio:>13.2f}x{peak:>10}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--leaves", type=int, default=10_000)
    parser.add_argument("--goals", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure", choices=list(PLANNERS))
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure, asked.folder)
        return
    fine = compare_shares(asked.leaves, asked.rounds)
    compare_plans(asked.goals, min(asked.rounds, 3))
    within = (
        f"{AGAINST_FRACTION}x faster than Fraction, within {float(AGAINST_INTEGERS)}x of bare"
    )
    print(f"\nshares {within}" if fine else f"\nshares are NOT {within}")


if __name__ == "__main__":
    main()
