"""Ten million facts in Parquet: `salesgoal.frames.track` beside the bare group-by.

The bare query yields leaf x month and nothing more: no goals above, no quarters or years, no
check of names or amounts, no account of rows. Ours starts from the same lazy frame or relation
and hands over every goal's figure. Each runs in a process of its own, several times in rotated
order; time is that of the query (the libraries are loaded), peak memory the most that the
process ever held, libraries included. The sums of both are compared equal.

Usage: bench_parquet.py [--facts N] [--reps N] [--rounds N] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from bench_roll_up import NAMES, high_water

FILE = "facts.parquet"
TIMES, MEMORY = 1.25, 1.2
"""The ratios asked for."""


def with_salesgoal_polars(path: Path, reps: int) -> dict[str, object]:
    import polars as pl
    from bench_roll_up import make_goals

    return _answer(make_goals(reps), pl.scan_parquet(path))


def with_salesgoal_duckdb(path: Path, reps: int) -> dict[str, object]:
    import duckdb
    from bench_roll_up import make_goals

    return _answer(make_goals(reps), duckdb.read_parquet(str(path)))


def _answer(plan: object, frame: object) -> dict[str, object]:
    from bench_frames import AS_OF, figures_of

    from salesgoal.frames import track

    columns = {"on": "date", "sales": "amount"}
    found = track(plan, frame, as_of=AS_OF, columns=columns, unit="分")
    figures = figures_of(found)
    labels = [period.label for period in found.plan.periods]
    months = [figures[labels.index(f"2023-{month:02}")] for month in range(1, 13)]
    return {"months": [int(each[0]) for each in months]}


def with_polars(path: Path, _: int) -> dict[str, object]:
    return _bare_polars(path, "in-memory")


def with_polars_streaming(path: Path, _: int) -> dict[str, object]:
    return _bare_polars(path, "streaming")


def _bare_polars(path: Path, engine: str) -> dict[str, object]:
    import polars as pl

    cells = (
        pl.scan_parquet(path)
        .group_by(*NAMES, pl.col("date").dt.month().alias("month"))
        .agg(pl.col("amount").sum())
        .collect(engine=engine)
    )
    months = cells.group_by("month").agg(pl.col("amount").sum()).sort("month")
    return {"months": months["amount"].to_list()}


def with_duckdb(path: Path, _: int) -> dict[str, object]:
    import duckdb

    keys = ", ".join(NAMES)
    cells = duckdb.sql(
        f"select {keys}, month(date) as month, sum(amount) as amount "  # noqa: S608 - ours
        f"from read_parquet('{path}') group by all"
    ).fetchnumpy()
    months = [int(cells["amount"][cells["month"] == month].sum()) for month in range(1, 13)]
    return {"months": months}


CONTENDERS: dict[str, Callable[[Path, int], dict[str, object]]] = {
    "salesgoal, Polars": with_salesgoal_polars,
    "polars": with_polars,
    "polars streaming": with_polars_streaming,
    "salesgoal, DuckDB": with_salesgoal_duckdb,
    "duckdb": with_duckdb,
}
PAIRS = {"salesgoal, Polars": ("polars", "polars streaming"), "salesgoal, DuckDB": ("duckdb",)}


def run_alone(name: str, path: Path, reps: int) -> dict[str, object]:
    command = [sys.executable, __file__, "--alone", name, "--folder", str(path.parent)]
    command += ["--reps", str(reps)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def alone(name: str, path: Path, reps: int) -> None:
    """Runs one contender, first on a handful of facts so that everything is loaded."""
    small = path.parent / "small.parquet"
    CONTENDERS[name](small, reps)
    started, busy = perf_counter(), process_time()
    answer = CONTENDERS[name](path, reps)
    seconds, cpu = perf_counter() - started, process_time() - busy
    told = {"seconds": seconds, "cpu": cpu, "mebibytes": high_water() / 1024, **answer}
    print(json.dumps(told))


def compare(path: Path, facts: int, reps: int, rounds: int) -> bool:
    names = list(CONTENDERS)
    told: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    for round_ in range(rounds):
        turn = round_ % len(names)
        for name in names[turn:] + names[:turn]:
            told[name].append(run_alone(name, path, reps))
    answers = [each["months"] for found in told.values() for each in found]
    assert all(each == answers[0] for each in answers), "answers differ"
    best = {
        name: {
            kind: min(each[kind] for each in found) for kind in ("seconds", "cpu", "mebibytes")
        }
        for name, found in told.items()
    }
    size = path.stat().st_size / 2**20
    print(f"\n{facts:,} facts in {size:,.0f} MB of Parquet on {reps * 160:,} leaves")
    print(f"{'contender':<20}{'seconds':>9}{'CPU s':>8}{'peak MiB':>10}")
    for name in names:
        one = best[name]
        print(f"{name:<20}{one['seconds']:>9.2f}{one['cpu']:>8.2f}{one['mebibytes']:>10,.0f}")
    fine = True
    for ours, theirs in PAIRS.items():
        for kind, limit in (("seconds", TIMES), ("cpu", TIMES), ("mebibytes", MEMORY)):
            other = min(theirs, key=lambda name, kind=kind: best[name][kind])
            ratio = best[ours][kind] / best[other][kind]
            fine &= ratio <= limit
            verdict = "" if ratio <= limit else "  missed"
            print(
                f"{ours} / {other}, {kind}: {ratio:.2f}x; at most {limit} is asked for{verdict}"
            )
    return fine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--facts", type=int, default=10_000_000)
    parser.add_argument("--reps", type=int, default=250)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--alone", choices=list(CONTENDERS))
    asked = parser.parse_args()
    if asked.alone:
        alone(asked.alone, asked.folder / FILE, asked.reps)
        return
    with tempfile.TemporaryDirectory() as own:
        folder = asked.folder or Path(own)
        subprocess.run(
            [sys.executable, "-c", _MAKE, str(folder), str(asked.facts), str(asked.reps)],
            check=True,
            cwd=Path(__file__).parent,
        )
        fine = compare(folder / FILE, asked.facts, asked.reps, asked.rounds)
    print("\nevery ratio as asked" if fine else "\nsome ratio is not as asked")


_MAKE = """
import sys
from pathlib import Path
from bench_frames import make_input
folder, facts, reps = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for name, many in (("facts", facts), ("small", 1_000)):
    frame = make_input(many, reps, whole=False).polars
    frame.write_parquet(folder / f"{name}.parquet", row_group_size=1_000_000)
"""
"""Made in a process of its own, so that nothing of it is held while others are measured."""


if __name__ == "__main__":
    main()
