"""The same hierarchy by Nixtla's `hierarchicalforecast.aggregate` and by ours, from pandas.

Theirs takes a frame with the first day of each month and sums every level of the hierarchy by
month, in floats, and makes the summing matrix of its forecasts (``sparse_s``). Ours takes
the days and gives months, quarters and years, in integers, with every row accounted for. The
figures of every goal and month are compared equal. Their package may want other versions than
ours, so it may stand in an environment of its own; where it is not found this is skipped.

Usage: bench_hierarchical.py [--facts N] [--reps N] [--rounds N] [--python PATH]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

NAMES = ["product", "region", "salesperson"]
SPEC = [["all", *NAMES[:depth]] for depth in range(4)]


def aggregate_alone(folder: Path, rounds: int) -> None:
    """Runs theirs in whatever environment this process has, and writes the figures."""
    import pandas as pd
    from hierarchicalforecast.utils import aggregate

    facts = np.load(folder / "facts.npz", allow_pickle=False)
    frame = pd.DataFrame({name: facts[name] for name in NAMES})
    frame.insert(0, "all", "all")
    frame["ds"] = pd.to_datetime(facts["date"]).to_period("M").to_timestamp()
    frame["y"] = facts["amount"].astype(float)
    seconds, busy = [], []
    for _ in range(rounds):
        started, before = perf_counter(), process_time()
        found, _, _ = aggregate(frame, SPEC, sparse_s=True)
        seconds.append(perf_counter() - started)
        busy.append(process_time() - before)
    found = found.reset_index() if "unique_id" not in found.columns else found
    np.savez(
        folder / "theirs.npz",
        goal=found["unique_id"].to_numpy().astype(str),
        month=pd.to_datetime(found["ds"]).dt.month.to_numpy(),
        fen=found["y"].to_numpy(),
    )
    print(json.dumps({"seconds": min(seconds), "cpu": min(busy)}))


def with_salesgoal(folder: Path, facts: int, reps: int, rounds: int) -> dict[str, float]:
    """Writes the facts for theirs, and runs ours on them; returns its times."""
    from bench_frames import AS_OF, figures_of, make_input

    from salesgoal.frames import track

    given = make_input(facts, reps)
    assert given.pandas is not None
    columns = {name: given.pandas[name].to_numpy().astype(str) for name in NAMES}
    dates = given.pandas["date"].to_numpy()
    amounts = given.pandas["amount"].to_numpy()
    np.savez(folder / "facts.npz", date=dates, amount=amounts, **columns)
    seconds, busy = [], []
    for _ in range(rounds):
        started, before = perf_counter(), process_time()
        asked = {"on": "date", "sales": "amount"}
        found = track(given.plan, given.pandas, as_of=AS_OF, columns=asked, unit="分")
        card = found.scorecards[0]
        figures = figures_of(found)
        seconds.append(perf_counter() - started)
        busy.append(process_time() - before)
    months = [
        figures[card.plan.periods.index(card.plan.parse(f"2023-{month:02}"))]
        for month in range(1, 13)
    ]
    np.savez(folder / "ours.npz", path=np.array(card.tree.path), fen=np.array(months))
    return {"seconds": min(seconds), "cpu": min(busy)}


def same(folder: Path) -> int:
    """Holds every figure of theirs against ours; returns how many there are."""
    ours, theirs = np.load(folder / "ours.npz"), np.load(folder / "theirs.npz")
    place = {path: at for at, path in enumerate(ours["path"].tolist())}
    goals = [place[name.partition("/")[2]] for name in theirs["goal"].tolist()]
    figures = ours["fen"]
    assert (figures[theirs["month"] - 1, goals] == theirs["fen"]).all(), "answers differ"
    assert figures.sum() == theirs["fen"].sum(), "they left something out"
    return len(goals)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--reps", type=int, nargs="+", default=[10, 250])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", default=sys.executable, help="which has their package")
    parser.add_argument("--alone", type=Path)
    asked = parser.parse_args()
    if asked.alone:
        aggregate_alone(asked.alone, asked.rounds)
        return
    probe = [asked.python, "-c", "import hierarchicalforecast as h; print(h.__version__)"]
    try:
        version = subprocess.run(probe, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        print(f"skipped: {asked.python} has no hierarchicalforecast")
        return
    for reps in asked.reps:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            ours = with_salesgoal(folder, asked.facts, reps, asked.rounds)
            command = [asked.python, __file__, "--alone", name, "--rounds", str(asked.rounds)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            theirs = json.loads(done.stdout)
            figures = same(folder)
        print(f"\n{asked.facts:,} facts on {reps * 160:,} leaves; {figures:,} figures equal")
        print(f"{'contender':<34}{'seconds':>9}{'CPU s':>8}")
        print(f"{'salesgoal, pandas':<34}{ours['seconds']:>9.3f}{ours['cpu']:>8.3f}")
        label = f"hierarchicalforecast {version.strip()}"
        print(f"{label:<34}{theirs['seconds']:>9.3f}{theirs['cpu']:>8.3f}")
        print(f"salesgoal is {ours['cpu'] / theirs['cpu']:.2f}x of its processor time")


if __name__ == "__main__":
    main()
