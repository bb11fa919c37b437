"""Calendars side by side: `at` against the objects of pandas, for the same answers.

Every contender is asked, one day after the other, which period a day lies in; the days are
drawn at random from 2000 to 2035. pandas is timed for making its `Period` alone, or the year
end that `FY5253` rolls a timestamp forward to: its first and last day and its label would cost
it more, our periods have them. What the two say is compared for every day that both were
asked.
Then each calendar, new and empty, makes the periods of a year and the atom of each of its days.

Usage: bench_calendar.py [--days N] [--sample N] [--rounds N]
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from time import perf_counter

import pandas as pd
from pandas.tseries.offsets import FY5253

from salesgoal.domain.calendar import Calendar, span
from salesgoal.domain.explicit_calendar import ExplicitCalendar
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.paired_calendar import PairedCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.domain.timeline import make_timeline
from salesgoal.domain.week_calendar import WeekCalendar
from salesgoal.domain.week_month_calendar import WeekMonthCalendar

LEAST_TIMES = 5
MOST_MS = 5.0
FIRST = date(2000, 1, 1)
SPREAD = (date(2036, 1, 1) - FIRST).days
RETAIL = {"anchor": "nearest", "weekday": "sat", "end_month": 1, "year_offset": -1}
APPLE = {"anchor": "last", "weekday": "sat", "end_month": 9, "year_offset": 0}
RETAIL_END = FY5253(startingMonth=1, weekday=5, variation="nearest")
APPLE_END = FY5253(startingMonth=9, weekday=5, variation="last")


def iso() -> WeekCalendar:
    return WeekCalendar(anchor="nearest", weekday="sun", end_month=12)


def months_and_weeks() -> Calendar:
    return PairedCalendar(MonthCalendar(), iso())


def written_out() -> Calendar:
    calendar = MonthCalendar(start_month=4, year_name="end")
    first, stop = date(2021, 4, 1), date(2026, 4, 1)
    levels = [level for level in calendar.levels if level is not Level.DAY]
    return ExplicitCalendar(
        "written out", [row for each in levels for row in span(calendar, each, first, stop)]
    )


def fiscal() -> Calendar:
    return MonthCalendar(start_month=4, year_name="end")


CALENDARS: dict[str, Callable[[], Calendar]] = {
    "Gregorian months": MonthCalendar,
    "fiscal, from April": fiscal,
    "from the 26th": lambda: MonthCalendar(start_day=26),
    "clipped weeks": lambda: MonthCalendar(week_scheme="clipped"),
    "ISO": iso,
    "retail 4-5-4": lambda: WeekCalendar(**RETAIL, pattern="4-5-4"),
    "13x4": lambda: WeekCalendar(**APPLE, pattern="13x4"),
    "weeks own months": WeekMonthCalendar,
    "months + ISO weeks": months_and_weeks,
    "explicit rows": written_out,
}

Asked = tuple[str, Callable[[], Calendar], Level, Callable[[pd.Timestamp], object], int]


def of_frequency(name: str) -> Callable[[pd.Timestamp], object]:
    return lambda day: pd.Period(day, name)


QUESTIONS: Sequence[Asked] = (
    ("month, Period[M]", MonthCalendar, Level.MONTH, of_frequency("M"), 1),
    ("quarter, Period[Q]", MonthCalendar, Level.QUARTER, of_frequency("Q"), 1),
    ("fiscal quarter, Period[Q-MAR]", fiscal, Level.QUARTER, of_frequency("Q-MAR"), 1),
    ("fiscal year, Period[Y-MAR]", fiscal, Level.YEAR, of_frequency("Y-MAR"), 1),
    ("ISO week, Period[W-SUN]", iso, Level.WEEK, of_frequency("W-SUN"), 1),
    (
        "retail year, FY5253 nearest",
        lambda: WeekCalendar(**RETAIL, pattern="4-5-4"),
        Level.YEAR,
        RETAIL_END.rollforward,
        10,
    ),
    (
        "Apple's year, FY5253 last",
        lambda: WeekCalendar(**APPLE, pattern="4-4-5"),
        Level.YEAR,
        APPLE_END.rollforward,
        10,
    ),
)


def seconds(ask: Callable[[], object], rounds: int) -> float:
    """The fastest of several rounds."""
    found = []
    for _ in range(rounds):
        gc.collect()
        begun = perf_counter()
        ask()
        found.append(perf_counter() - begun)
    return min(found)


def same(ours: Period, theirs: object) -> bool:
    if isinstance(theirs, pd.Period):
        first, last = theirs.start_time.date(), theirs.end_time.date()
        return (ours.start, ours.last) == (first, last)
    return ours.last == theirs.date()


def compare(question: Asked, days: Sequence[date], sample: int, rounds: int) -> bool:
    name, make, level, ask, share = question
    asked = days[: sample // share]
    stamps = [pd.Timestamp(day) for day in asked]
    calendar = make()
    our_time = seconds(lambda: [calendar.at(level, day) for day in days], rounds)
    their_time = seconds(lambda: [ask(stamp) for stamp in stamps], rounds)
    ours, theirs = our_time / len(days), their_time / len(asked)
    wrong = sum(
        not same(calendar.at(level, day), ask(stamp))
        for day, stamp in zip(asked, stamps, strict=True)
    )
    times = theirs / ours
    print(
        f"{name:31} {ours * 1e9:7,.0f} ns {theirs * 1e9:9,.0f} ns {times:7.1f}x"
        f"   {len(asked):,} answers compared, {wrong} differ"
    )
    return not wrong and times >= LEAST_TIMES


def atom_codes(make: Callable[[], Calendar]) -> list[int | None]:
    """The atom of every day of a year, for a new calendar."""
    calendar = make()
    year = calendar.at(Level.YEAR, date(2023, 10, 11))
    levels = [level for level in calendar.levels if level is not Level.DAY]
    periods = [
        each for level in levels for each in span(calendar, level, year.start, year.stop)
    ]
    timeline = make_timeline(periods, year.last)
    return [timeline.atom(day) for day in year]


def build(name: str, make: Callable[[], Calendar], rounds: int) -> bool:
    spent = seconds(lambda: atom_codes(make), rounds) * 1000
    codes = atom_codes(make)
    assert None not in codes
    print(f"{name:31} {spent:7.2f} ms   {len(codes)} days, {len(set(codes))} atoms")
    return spent < MOST_MS


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--days", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    chance = random.Random(2023)
    days = [FIRST + timedelta(days=chance.randrange(SPREAD)) for _ in range(chosen.days)]
    print(f"the period of a day, {chosen.days:,} days; at least {LEAST_TIMES}x is asked for")
    print(f"{'':31} {'salesgoal':>10} {'pandas':>12}")
    fine = [compare(each, days, chosen.sample, chosen.rounds) for each in QUESTIONS]
    print(
        f"\na year of day -> atom, with a new calendar; less than {MOST_MS:.0f} ms is asked for"
    )
    # Rows of an explicit calendar are read and checked once, which is not what is timed here.
    rows = written_out()
    made = {**CALENDARS, "explicit rows": lambda: rows}
    fine += [build(name, make, 5) for name, make in made.items()]
    print("\nall as asked" if all(fine) else "\nNOT as asked")
    return not all(fine)


if __name__ == "__main__":
    sys.exit(main())
