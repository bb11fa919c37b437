"""Large plans side by side: a million goals x 12 months x 4 metrics, in arrays.

The leaf cells are handed over as they lie in memory, one contiguous row a month and metric. The
bare contender adds up the same rows with `np.add.reduceat` by level, into an array of all goals
a column, and knows the tree already; ours resolves the cells to goals as well. Every figure of
both is compared equal. Then the same plan as a whole: building it, its targets derived, its
scorecard's columns and a frame of it, with the peak memory of each step; and the figures of
goals picked at random are worked out again in Python.

Usage: bench_kernel.py [--goals N] [--rounds N]
"""

from __future__ import annotations

import argparse
import gc
import itertools
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import process_time

import numpy as np

from salesgoal import Dimension, Metric, Plan, make_plan
from salesgoal.domain.scorecard import Scorecard, score
from salesgoal.domain.timeline import make_timeline
from salesgoal.frames.array_cells import ArrayCells
from salesgoal.frames.array_roll_up import Homes, Rolling
from salesgoal.frames.kernel import ArrayKernel
from salesgoal.frames.large_plan import TypedUnits, add_targets
from salesgoal.frames.tree_arrays import TreeArrays, make_tree_arrays

PRODUCTS, REGIONS = 20, 50
METRICS = [Metric(id=name, decimals=2) for name in ("sales", "cash", "margin", "cost")]
AS_OF = date(2023, 12, 31)
LIMIT = 1.5


def make_year(goals: int) -> tuple[Plan, np.ndarray, dict[tuple[str, int], np.ndarray]]:
    """A plan without targets, the scopes of its lowest goals, and their monthly targets."""
    reps = goals // (PRODUCTS * REGIONS)
    sizes = (PRODUCTS, REGIONS, reps)
    ids = ("product", "region", "salesperson")
    plan = make_plan(
        name="bench",
        period="2023",
        metrics=METRICS,
        dimensions=[
            Dimension(name, [f"{name}{number}" for number in range(size)])
            for name, size in zip(ids, sizes, strict=True)
        ],
    )
    scopes = np.indices(sizes, np.int32).reshape(3, -1).T.copy()
    chance = np.random.default_rng(2023)
    typed = {
        (metric.id, month): chance.integers(0, 10_000_000, len(scopes))
        for metric in METRICS
        for month in range(12)
    }
    return plan, scopes, typed


def make_cells(plan: Plan, scopes: np.ndarray) -> ArrayCells:
    """One amount a goal, month and metric, laid out as the kernel keeps them."""
    timeline = make_timeline(plan.periods, AS_OF)
    nobody = np.full((1, scopes.shape[1]), -1, np.int32)
    chance, size = np.random.default_rng(7), len(scopes) + 1
    sums = {}
    for metric in METRICS:
        matrix = np.zeros((len(timeline) + 2, size), np.int64)
        matrix[: len(timeline), 1:] = chance.integers(0, 10_000_000, (len(timeline), size - 1))
        sums[metric.id] = matrix
    return ArrayCells(
        timeline=timeline,
        metrics=tuple(METRICS),
        codes=np.concatenate([nobody, scopes]),
        sums=sums,
        spans={metric.id: {} for metric in METRICS},
        readings={},
    )


def with_kernel(plan: Plan, cells: ArrayCells, arrays: TreeArrays) -> list[np.ndarray]:
    homes = Homes(arrays.homes(cells.codes, plan.dimensions))
    months = [each for each in plan.periods if each.level == "month"]
    found = []
    for metric in METRICS:
        rolling = Rolling(arrays, homes, cells, metric)
        found += [rolling.actual(month).units for month in months]
    return found


def with_reduceat(_: Plan, cells: ArrayCells, arrays: TreeArrays) -> list[np.ndarray]:
    tree = arrays.tree
    borders, depth = [0, 1], np.asarray(tree.stop)
    while borders[-1] < len(tree):
        borders.append(int(depth[borders[-1] - 1]))
    levels = [slice(*each) for each in itertools.pairwise(borders)]
    first = np.asarray(tree.first)
    found = []
    for metric in METRICS:
        for row in cells.sums[metric.id][:12]:
            column = np.empty(len(tree), np.int64)
            column[levels[-1]] = row[1:]
            for above, below in zip(levels[-2::-1], levels[:0:-1], strict=True):
                starts = first[above] - below.start
                column[above] = np.add.reduceat(column[below], starts)
            found.append(column)
    return found


Contender = Callable[[Plan, ArrayCells, TreeArrays], list[np.ndarray]]
CONTENDERS: dict[str, Contender] = {"salesgoal": with_kernel, "reduceat": with_reduceat}


def high_water() -> int:
    """The peak of this process in MiB since it was last cleared; Linux only."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) // 1024


def compare(plan: Plan, cells: ArrayCells, rounds: int) -> bool:
    arrays = make_tree_arrays(plan.trees[0])
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    answers = {name: run(plan, cells, arrays) for name, run in CONTENDERS.items()}
    equal = all(map(np.array_equal, answers["salesgoal"], answers["reduceat"]))
    assert equal, "answers differ"
    del answers
    for round_ in range(rounds):
        names = list(CONTENDERS)
        for name in names[round_ % 2 :] + names[: round_ % 2]:
            gc.collect()
            started = process_time()
            CONTENDERS[name](plan, cells, arrays)
            times[name].append(process_time() - started)
    best = {name: min(each) for name, each in times.items()}
    size, columns = len(plan.trees[0]), 12 * len(METRICS)
    ratio = best["salesgoal"] / best["reduceat"]
    print(f"{size:,} goals x {columns} columns rolled up; {size * columns:,} figures equal")
    print(f"{'contender':<12}{'seconds':>9}{'times':>8}{'goal':>7}")
    print(f"{'salesgoal':<12}{best['salesgoal']:>9.3f}{ratio:>7.2f}x{LIMIT:>7}")
    print(f"{'reduceat':<12}{best['reduceat']:>9.3f}{1:>7.2f}x")
    return ratio <= LIMIT


def measure(name: str, step: Callable[[], object]) -> object:
    """Runs a step; prints what it takes and what the process holds more while it runs."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before, started = high_water(), process_time()
    found = step()
    taken = process_time() - started
    print(f"{name:<44}{taken:>8.2f} s{high_water() - before:>8} MiB more")
    return found


def whole(goals: int) -> tuple[Plan, ArrayCells]:
    plan, scopes, typed = make_year(goals)
    months = [each for each in plan.periods if each.level == "month"]
    columns = [
        TypedUnits(metric=metric, period=months[month], units=units)
        for (metric, month), units in typed.items()
    ]
    full = measure("plan of 48 typed columns", lambda: add_targets(plan, scopes, columns))
    assert isinstance(full, Plan)
    cells = make_cells(full, scopes)
    coverage = {metric.id: [(date(2023, 1, 1), AS_OF)] for metric in METRICS}
    as_of = date(2023, 6, 15)

    def judge() -> Scorecard:
        return score(full, cells, coverage, as_of, kernel=ArrayKernel())[0]

    card = measure("scorecard, no column read yet", judge)
    assert isinstance(card, Scorecard)

    def read(*names: str) -> int:
        figures = 0
        for column in card.columns.values():
            for name in names:
                picked = column.targets["target"] if name == "target" else getattr(column, name)
                assert len(picked) == len(full.trees[0])
                picked[0]
                figures += len(picked)
        return figures

    for name in ("actual", "target", "expected", "mismatch", "unassigned"):
        measure(f"{name}, {len(card.columns)} columns", lambda name=name: read(name))
    for level in ("year", "quarter"):
        name = f"frame of a metric, {level}"
        measure(name, lambda level=level: card.to_frame(metric="sales", level=level).height)
    check(card, cells, typed, len(scopes))
    return full, cells


def check(
    card: Scorecard, cells: ArrayCells, typed: dict[tuple[str, int], np.ndarray], leaves: int
) -> None:
    """Goals picked at random, worked out again from the leaves in Python."""
    tree, chance = card.tree, np.random.default_rng(1)
    codes = cells.codes[1:]
    picked: Sequence[int] = [0, 1, *chance.integers(0, len(tree), 20).tolist()]
    for node in picked:
        inside = np.ones(leaves, bool)
        for at, code in enumerate(tree.scope[node]):
            inside &= (codes[:, at] == code) | (code < 0)
        below = np.flatnonzero(inside)
        for metric in METRICS:
            column = card.columns[metric.id, card.plan.period]
            atoms = range(len(cells.timeline))
            actual = sum(sum(cells.sums[metric.id][atom, 1 + below].tolist()) for atom in atoms)
            assert column.actual[node] == actual
            target = sum(sum(typed[metric.id, month][below].tolist()) for month in range(12))
            assert column.targets["target"][node] == target
            assert column.mismatch is not None
            assert column.mismatch[node] in {0, None}
    print(f"{len(picked)} goals of {len(METRICS)} metrics worked out again in Python: equal")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--goals", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    plan, cells = whole(asked.goals)
    fine = compare(plan, cells, asked.rounds)
    print("\nas asked" if fine else "\nthe roll-up misses its goal")


if __name__ == "__main__":
    main()
