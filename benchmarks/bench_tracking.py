"""The whole command, `salesgoal track`, on a large file: by whole columns and row by row.

A million facts lie in a CSV file and, typed, in Parquet. The command reads them, holds the plan
against them and writes regions and products by month, quarter and year as JSON, in a process of
its own, once with SALESGOAL_FAST=0 (row by row) and once by whole columns. All files that it
writes are the same byte for byte. Processor time and wall time are the least of several rounds
in rotated order; peak memory is the most that the process ever held.

Usage: bench_tracking.py [--facts N] [--reps N] [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import polars as pl
from bench_frames import make_input
from bench_roll_up import PRODUCTS, REGIONS

HEADS = {"date": "日期", "product": "产品", "region": "区域", "salesperson": "销售代表"}
WAYS = {
    "CSV, row by row": ("csv", "0"),
    "CSV, whole columns": ("csv", "1"),
    "Parquet, row by row": ("parquet", "0"),
    "Parquet, whole columns": ("parquet", "1"),
}


def write_plans(folder: Path, facts: int, reps: int) -> None:
    """The facts with an order number, once as text and once typed, and a plan for each."""
    frame = make_input(facts, reps, whole=False).polars
    yuan = (pl.col("amount").cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2))
    frame = frame.select(
        pl.format("SO{}", pl.int_range(pl.len())).alias("订单号"),
        *(pl.col(name).alias(head) for name, head in HEADS.items()),
        yuan.alias("销售额"),
    )
    frame.write_csv(folder / "facts.csv")
    frame.write_parquet(folder / "facts.parquet")
    people = [f"代表{number:03d}" for number in range(reps)]
    lines = ['[plan]\nname = "bench"\nperiod = "2023"']
    lines.append('[metrics.sales]\nname = "销售额"\nunit = "元"\ndecimals = 2')
    for name, members in zip(list(HEADS)[1:], (PRODUCTS, REGIONS, people), strict=True):
        listed = ", ".join(f'"{each}"' for each in members)
        lines.append(f'[dimensions.{name}]\nname = "{HEADS[name]}"\nmembers = [{listed}]')
    lines.append('[[breakdowns]]\nby = ["product", "region", "salesperson"]')
    lines.append("every_member = true")
    for kind in ("csv", "parquet"):
        text = "\n".join([*lines, f'[[actuals]]\npath = "facts.{kind}"\n'])
        (folder / f"{kind}.toml").write_text(text, "utf-8")


def run(folder: Path, kind: str, switch: str) -> tuple[float, float, float]:
    """Runs the command; returns its seconds, its processor time, and its MiB at most."""
    out = folder / f"{kind}{switch}.json"
    command = ["track", str(folder / f"{kind}.toml"), "--as-of", "2023-12-31"]
    command += ["--by", "region,product", "--format", "json", "-o", str(out)]
    started = perf_counter()
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "salesgoal", *command],
        {**os.environ, "SALESGOAL_FAST": switch},
        file_actions=[(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(pid, 0)
    assert not status, "the command failed"
    seconds = perf_counter() - started
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--reps", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_plans(folder, asked.facts, asked.reps)
        names = list(WAYS)
        told: dict[str, list[tuple[float, float, float]]] = {each: [] for each in names}
        for round_ in range(asked.rounds):
            turn = round_ % len(names)
            for each in names[turn:] + names[:turn]:
                told[each].append(run(folder, *WAYS[each]))
        written = {path.read_bytes() for path in folder.glob("*.json")}
        assert len(written) == 1, "the ways differ"
        sizes = {kind: (folder / f"facts.{kind}").stat().st_size for kind in ("csv", "parquet")}
    shown = ", ".join(f"{size / 2**20:.0f} MB of {kind}" for kind, size in sizes.items())
    print(f"{asked.facts:,} facts, {shown}; {len(written.pop()):,} bytes of JSON equal")
    print(f"{'way':<24}{'CPU s':>8}{'seconds':>9}{'peak MiB':>10}")
    best = {
        each: [min(kind) for kind in zip(*found, strict=True)] for each, found in told.items()
    }
    for each, (seconds, cpu, peak) in best.items():
        print(f"{each:<24}{cpu:>8.2f}{seconds:>9.2f}{peak:>10,.0f}")
    for kind in ("CSV", "Parquet"):
        times = best[f"{kind}, row by row"][1] / best[f"{kind}, whole columns"][1]
        print(f"{kind}: {times:.1f} times less processor time by whole columns")


if __name__ == "__main__":
    main()
