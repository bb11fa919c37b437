"""What facts, goals and periods cost: measured points, straight lines, a picture and a table.

Sweeps, each over one of them with the others held: facts as Python rows and in a Polars frame;
goals; periods. Points are processor seconds, the least of several rounds; the line is that of
least squares through them, and the table says how far a point lies from it at most. What one
fact, goal or figure takes in memory is measured too.

Usage: bench_sizing.py [--rounds N] [--svg FILE]
"""

from __future__ import annotations

import argparse
import gc
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import process_time

import attrs
import numpy as np
import polars as pl
from bench_frames import figures_of, make_input
from bench_roll_up import NAMES, PRODUCTS, REGIONS, make_goals, make_rows, with_salesgoal

from salesgoal import Breakdown, Dimension, Metric, Plan, make_plan
from salesgoal.domain.plan import whole_span
from salesgoal.frames import FrameTracking, track

FACTS = (250_000, 500_000, 1_000_000, 2_000_000, 4_000_000)
ROWS = (50_000, 100_000, 200_000, 400_000)
REPS = (10, 60, 125, 250, 500)
YEARS = (1, 2, 4, 8, 12)


@attrs.frozen(kw_only=True)
class Sweep:
    """One line of the picture.

    Attributes:
        name: What grows, and what is done.
        unit: What one of it is called.
        counts: How many, at each point.
        seconds: Processor seconds, at each point.
    """

    name: str
    unit: str
    counts: Sequence[int]
    seconds: Sequence[float]

    @property
    def line(self) -> tuple[float, float]:
        """Seconds at none, and for one more."""
        slope, start = np.polyfit(self.counts, self.seconds, 1)
        return float(start), float(slope)

    @property
    def off(self) -> float:
        """How far a point lies from the line at most, as a share of the largest."""
        start, slope = self.line
        gaps = [
            abs(s - start - slope * n) for n, s in zip(self.counts, self.seconds, strict=True)
        ]
        return max(gaps) / max(self.seconds)


def least(work: Callable[[], object], rounds: int) -> float:
    """Processor seconds of the fastest of several rounds."""
    found = []
    for _ in range(rounds):
        gc.collect()
        started = process_time()
        work()
        found.append(process_time() - started)
    return min(found)


def tracked(plan: Plan, frame: pl.DataFrame, as_of: date) -> int:
    """Holds the plan against the frame and reads every figure."""
    columns = {"on": "date", "sales": "amount"}
    found = track(plan, frame, as_of=as_of, columns=columns, unit="分")
    return sum(map(len, figures_of(found)))


def sweep_facts(rounds: int) -> Sweep:
    given = make_input(max(FACTS), 10, whole=False)
    seconds = [
        least(lambda n=n: tracked(given.plan, given.polars.head(n), date(2023, 12, 31)), rounds)
        for n in FACTS
    ]
    return Sweep(name="facts in a frame", unit="fact", counts=FACTS, seconds=seconds)


def sweep_rows(rounds: int) -> Sweep:
    rows, plan = make_rows(max(ROWS), 10, "元"), make_goals(10)
    seconds = [least(lambda n=n: with_salesgoal(rows[:n], plan, "元"), rounds) for n in ROWS]
    return Sweep(name="facts as Python rows", unit="fact", counts=ROWS, seconds=seconds)


def sweep_goals(rounds: int) -> Sweep:
    counts, seconds = [], []
    for reps in REPS:
        given = make_input(200_000, reps, whole=False)
        counts.append(len(given.plan.trees[0]))
        run = lambda given=given: tracked(given.plan, given.polars, date(2023, 12, 31))
        seconds.append(least(run, rounds))
    return Sweep(name="goals, 17 periods", unit="goal", counts=counts, seconds=seconds)


def sweep_periods(rounds: int) -> Sweep:
    """Plans of several years, with the same number of facts spread over them."""
    counts, seconds = [], []
    for years in YEARS:
        stop = date(2023 + years, 1, 1)
        plan = _years(years)
        chance = np.random.default_rng(1)
        frame = make_input(200_000, 60, whole=False).polars
        days = chance.integers(0, (stop - date(2023, 1, 1)).days, 200_000, dtype=np.int32)
        frame = frame.with_columns(date=pl.Series(days + 19_358).cast(pl.Int32).cast(pl.Date))
        counts.append(len(plan.periods))
        run = lambda plan=plan, frame=frame, last=plan.period.last: tracked(plan, frame, last)
        seconds.append(least(run, rounds))
    return Sweep(name="periods, 9,781 goals", unit="period", counts=counts, seconds=seconds)


def _years(years: int) -> Plan:
    members = (PRODUCTS, REGIONS, [f"代表{number:03d}" for number in range(60)])
    return make_plan(
        name="bench",
        period=whole_span(date(2023, 1, 1), date(2022 + years, 12, 31)),
        metrics=[Metric(id="sales", decimals=2)],
        dimensions=[Dimension(name, each) for name, each in zip(NAMES, members, strict=True)],
        breakdowns=[Breakdown(NAMES, every_member=True)],
    )


def print_memory() -> None:
    """Bytes of one fact, goal and figure."""
    frame = make_input(200_000, 250, whole=False).polars
    print(f"\n{'one of it':<40}{'bytes':>8}")
    _say("fact in a Polars frame (3 texts, day, fen)", frame.estimated_size() / len(frame))
    rows, size = _held(lambda: make_rows(100_000, 250, "元"))
    _say("fact as a Python row (names shared)", size / len(rows))
    plan, size = _held(lambda: make_goals(250))
    _say("goal of a plan", size / len(plan.trees[0]))
    asked = {"on": "date", "sales": "amount"}
    run = partial(track, plan, frame, as_of=date(2023, 12, 31), columns=asked, unit="分")
    found, size = _held(lambda: _read(run()))
    figures = len(plan.trees[0]) * len(plan.periods)
    _say("goal x period of a scorecard", size / figures)
    del found


def _read(tracking: FrameTracking) -> FrameTracking:
    figures_of(tracking)
    return tracking


def _held(make: Callable[[], object]) -> tuple[object, int]:
    """What is made, and the bytes that it goes on holding."""
    gc.collect()
    tracemalloc.start()
    made = make()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return made, size


def _say(what: str, size: float) -> None:
    print(f"{what:<40}{size:>8.0f}")


# The picture.

_WIDE, _HIGH, _LEFT, _LOW = 340, 240, 56, 44


def draw(sweeps: Sequence[Sweep]) -> str:
    """One panel a sweep: the points, and the line through them."""
    width = _WIDE * 2
    height = _HIGH * ((len(sweeps) + 1) // 2)
    box = f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {box}>']
    parts.append(f'<rect width="{width}" height="{height}" fill="#fff"/>')
    for at, sweep in enumerate(sweeps):
        x, y = at % 2 * _WIDE, at // 2 * _HIGH
        parts.append(f'<g transform="translate({x} {y})">{_panel(sweep)}</g>')
    return "\n".join([*parts, "</svg>\n"])


def _panel(sweep: Sweep) -> str:
    inner, tall = _WIDE - _LEFT - 36, _HIGH - _LOW - 30
    most, top = max(sweep.counts), max(sweep.seconds) * 1.1
    start, slope = sweep.line

    def place(count: float, seconds: float) -> tuple[str, str]:
        return f"{_LEFT + inner * count / most:.1f}", f"{30 + tall * (1 - seconds / top):.1f}"

    x1, y1 = place(0, max(0.0, start))
    x2, y2 = place(most, start + slope * most)
    parts = [
        f'<text x="{_LEFT}" y="18" font-size="13">{sweep.name}</text>',
        f'<path d="M{_LEFT} 30V{30 + tall}H{_LEFT + inner}" fill="none" stroke="#888"/>',
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#c33"/>',
    ]
    for count, seconds in zip(sweep.counts, sweep.seconds, strict=True):
        x, y = place(count, seconds)
        parts.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="#246"/>')
    for share in (0.5, 1):
        _, y = place(0, top / 1.1 * share)
        parts.append(
            f'<text x="{_LEFT - 6}" y="{y}" text-anchor="end">{top / 1.1 * share:.2f} s</text>'
        )
        x, _ = place(most * share, 0)
        shown = f"{most * share:,.0f}"
        parts.append(f'<text x="{x}" y="{30 + tall + 16}" text-anchor="middle">{shown}</text>')
    return "".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--svg", type=Path)
    asked = parser.parse_args()
    sweeps = [
        each(asked.rounds) for each in (sweep_facts, sweep_rows, sweep_goals, sweep_periods)
    ]
    print(f"{'what grows':<24}{'from':>10}{'to':>12}{'CPU s':>14}{'one more':>14}{'off':>6}")
    for each in sweeps:
        ends = f"{each.seconds[0]:.2f}-{each.seconds[-1]:.2f}"
        more = f"{each.line[1] * 1e6:.2f} us"
        print(
            f"{each.name:<24}{each.counts[0]:>10,}{each.counts[-1]:>12,}{ends:>14}{more:>14}"
            f"{each.off:>6.0%}"
        )
    print_memory()
    if asked.svg:
        asked.svg.write_text(draw(sweeps), "utf-8")


if __name__ == "__main__":
    main()
