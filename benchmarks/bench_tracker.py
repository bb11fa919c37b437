"""A live scorecard side by side: one fact into a tracker, and everything rolled up again.

A plan of 100,000 lowest goals (20 products x 20 regions x 250 people) over a year, its quarters
and its months holds 100,000 facts. Then facts come, are corrected and go, one by one. Whoever
has no tracker rolls all goals up again after each: from the cells as they are (`roll_up`, the
roll-up alone), with what is judged beside it (`score`), or from the facts (`hold_against`).
Where the array kernel is there, it stands beside. All times are of this process's processor,
the best of several rounds in rotated order; the figures of every goal and period are checked
equal. The cost of one fact is taken at a tenth of the goals too: it must not grow with them.

Usage: bench_tracker.py [--facts N] [--rounds N]
"""

from __future__ import annotations

import argparse
import gc
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from time import process_time

import attrs

from salesgoal import (
    Actual,
    Breakdown,
    Dimension,
    Metric,
    Plan,
    Target,
    Tracker,
    hold_against,
    make_plan,
)
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.roll_up import find_homes, roll_up
from salesgoal.domain.scorecard import Scorecard, score
from salesgoal.domain.target import TargetTable

NAMES = ("product", "region", "salesperson")
LAST = date(2023, 12, 31)
GOAL = 10_000
BURST = 2_000


def make_goals(people: int) -> Plan:
    """Every product in every region by everybody; 20 x 20 x ``people`` lowest goals."""
    sizes = {"product": 20, "region": 20, "salesperson": people}
    return make_plan(
        name="bench",
        period="2023",
        metrics=[Metric(id="sales", decimals=2)],
        dimensions=[
            Dimension(name, [f"{name}{number}" for number in range(size)])
            for name, size in sizes.items()
        ],
        breakdowns=[Breakdown(NAMES, every_member=True)],
        targets=[
            Target(
                scope={"product": f"product{number}"},
                metric="sales",
                period=f"2023-{month:02d}",
                target=1_000_000,
            )
            for number in range(20)
            for month in range(1, 13)
        ],
    )


def make_facts(plan: Plan, number: int, seed: int, source: str) -> list[Actual]:
    chance = random.Random(seed)
    members = {each.id: [one.name for one in each.members] for each in plan.dimensions}
    return [
        Actual(
            source="crm",
            key=f"{source}-{at}",
            on=date(2023, 1, 1) + timedelta(days=chance.randrange(365)),
            members={name: chance.choice(names) for name, names in members.items()},
            values={"sales": chance.randrange(1, 100_000)},
        )
        for at in range(number)
    ]


def figures(card: Scorecard) -> list[Sequence[object]]:
    """Every goal's figures, period by period."""
    return [
        (each.reported, list(each.actual), list(each.unassigned), list(each.expected))
        for each in card.columns.values()
    ]


def spent(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    started = process_time()
    work()
    done = process_time() - started
    gc.enable()
    return done


def one_fact(plan: Plan, facts: Sequence[Actual], rounds: int) -> tuple[Tracker, dict]:
    """The seconds of one fact that comes, is corrected or goes."""
    tracker = Tracker(plan, as_of=LAST, facts=facts)
    burst = make_facts(plan, BURST, 7, "new")
    other = [attrs.evolve(each, values={"sales": 1}) for each in burst]
    times: dict[str, list[float]] = {"added": [], "corrected": [], "deleted": []}
    for _ in range(rounds):
        times["added"].append(spent(lambda: [tracker.add(each) for each in burst]))
        times["corrected"].append(spent(lambda: [tracker.add(each) for each in other]))
        times["deleted"].append(
            spent(lambda: [tracker.remove("crm", each.key) for each in burst])
        )
    return tracker, {name: min(each) / BURST for name, each in times.items()}


def again(
    plan: Plan, card: Scorecard, facts: Sequence[Actual], rounds: int
) -> dict[str, float]:
    """The seconds of rolling everything up again."""
    tree, cells, metric = card.tree, card.cells, plan.metrics[0]

    def roll() -> object:
        homes = find_homes(tree, cells, plan.dimensions)
        return roll_up(tree, homes, cells, metric, plan.periods)

    works: dict[str, Callable[[], object]] = {
        "roll_up, from cells": roll,
        "score, from cells": lambda: worked_out(score(plan, cells, card.coverage, LAST)),
        "hold_against, from facts": lambda: worked_out(hold_against(plan, facts, as_of=LAST)),
    }
    works |= array_contender(card)
    times: dict[str, list[float]] = {name: [] for name in works}
    names = list(works)
    for round_ in range(rounds):
        turn = round_ % len(names)
        for name in names[turn:] + names[:turn]:
            times[name].append(spent(works[name]))
    rolled = roll()
    for period in plan.periods:
        column = card.columns[metric.id, period]
        assert list(column.actual) == rolled[period].actual, "roll-up differs"
        assert list(column.unassigned) == rolled[period].unassigned, "roll-up differs"
    return {name: min(each) for name, each in times.items()}


def worked_out(cards: Sequence[Scorecard]) -> None:
    """Reads one figure of every column, so that none is left to be worked out."""
    for column in cards[0].columns.values():
        for values in (column.actual, column.unassigned, column.mismatch, column.expected):
            _ = None if values is None else values[0]


def array_contender(card: Scorecard) -> dict[str, Callable[[], object]]:
    """The roll-up of the array kernel, its cells and goals laid out beforehand."""
    try:
        from salesgoal.frames.array_cells import from_cells
        from salesgoal.frames.kernel import ArrayKernel
    except ImportError:
        return {}
    plan, kernel, cells = card.plan, ArrayKernel(), from_cells(card.cells)
    homes = kernel.find_homes(card.tree, cells, plan.dimensions)

    def roll() -> object:
        rolled = kernel.roll_up(card.tree, homes, cells, plan.metrics[0], plan.periods, {})
        return [(each.actual[0], each.unassigned[0]) for each in rolled.values()]

    root = [card.columns["sales", each] for each in plan.periods]
    assert roll() == [(each.actual[0], each.unassigned[0]) for each in root]
    return {"roll_up in arrays, laid out": roll}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    plan = make_goals(250)
    facts = make_facts(plan, asked.facts, 2023, "old")
    tracker, live = one_fact(plan, facts, asked.rounds)
    (card,) = tracker.snapshot()
    fresh = hold_against(plan, facts, as_of=LAST)[0]
    assert figures(card) == figures(fresh), "the tracker differs from a scorecard made at once"
    full = again(plan, card, facts, asked.rounds)
    goals, periods = len(card.tree), len(plan.periods)
    print(f"{goals:,} goals, {periods} periods, {len(facts):,} facts; all figures equal\n")
    print(f"{'one fact into the tracker':<28}{'microseconds':>14}")
    for name, seconds in live.items():
        print(f"{name:<28}{seconds * 1e6:>14.1f}")
    print(f"\n{'everything again':<28}{'milliseconds':>14}{'one fact added is':>20}")
    for name, seconds in full.items():
        ratio = seconds / live["added"]
        print(f"{name:<28}{seconds * 1e3:>14.1f}{'1/' + format(int(ratio), ','):>20}")
    small = make_goals(25)
    _, few = one_fact(small, make_facts(small, asked.facts // 10, 3, "old"), asked.rounds)
    growth = live["added"] / few["added"]
    print(f"\nten times the goals and facts, one fact added costs {growth:.2f}x")
    print_rest(tracker, plan, asked.rounds)
    compare_revision(make_goals(250), min(asked.rounds, 2))
    met = full["roll_up, from cells"] / live["added"] >= GOAL
    print(f"\nthe goal of 1/{GOAL:,} of the full roll-up is {'met' if met else 'missed'}")


def print_rest(tracker: Tracker, plan: Plan, rounds: int) -> None:
    """A reading, and a snapshot after one fact."""
    fact = make_facts(plan, 1, 11, "one")[0]
    tracker.snapshot()
    snapshots = []
    for _ in range(rounds):
        tracker.add(fact)
        snapshots.append(spent(tracker.snapshot))
        tracker.remove("crm", fact.key)
        tracker.snapshot()
    asked = {"metric": "sales", "period": "2023-05"}
    rows = spent(lambda: [tracker.row("product1", **asked) for _ in range(500)])
    print(f"\nreading one row             {rows / 500 * 1e6:>14.1f} microseconds")
    print(f"snapshot after one fact     {min(snapshots) * 1e3:>14.1f} milliseconds")


def type_everything(plan: Plan) -> Plan:
    """The plan with a target of every lowest goal for every month."""
    tree, months = plan.trees[0], [each for each in plan.periods if each.level == "month"]
    codes = list(tree.leaves)
    typed = {each: dict.fromkeys(codes, 1_000 + at) for at, each in enumerate(months)}
    return attrs.evolve(plan, targets=TargetTable({("sales", "target"): typed}))


def compare_revision(plan: Plan, rounds: int) -> None:
    """One target of 1,200,000 typed ones changes in the running month."""
    before, as_of = type_everything(plan), date(2023, 6, 15)
    june, node = plan.parse("2023-06"), before.trees[0].scope[-1]
    typed = dict(before.targets.of("sales"))
    typed[june] = {**typed[june], node: 9_999}
    after = attrs.evolve(before, targets=TargetTable({("sales", "target"): typed}))
    tracker = Tracker(before, as_of=as_of)
    times: dict[str, list[float]] = {"tracker": [], "score": []}
    cells = empty_cells(plan, as_of)
    for round_ in range(rounds):
        works = {
            "tracker": lambda: tracker.revise(after),
            "score": lambda: worked_out(score(after, cells, {}, as_of)),
        }
        for name in sorted(works, reverse=bool(round_ % 2)):
            times[name].append(spent(works[name]))
        if round_ == 0:
            (card,), (fresh,) = tracker.snapshot(), score(after, cells, {}, as_of)
            assert figures(card) == figures(fresh), "the revised tracker differs"
            assert card.columns["sales", june].targets == fresh.columns["sales", june].targets
        tracker.revise(before)
    one, all_again = min(times["tracker"]), min(times["score"])
    print(f"one of 1,200,000 targets    {one * 1e3:>14.1f} milliseconds")
    print(f"all of them scored again    {all_again * 1e3:>14.1f}")
    print(f"a revision is 1/{int(all_again / one):,} of it")


if __name__ == "__main__":
    main()
