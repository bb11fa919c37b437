"""What each of many revisions changes, as a table: tests/domain/revisions.txt.

The laws say what must hold; the table says which of the possible answers is ours. To write it
again after a change of the rules, run this file as a script and read the difference.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from hashlib import sha256
from itertools import product
from pathlib import Path

import attrs
import pytest

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.proposal import Over, RevisionRule, make_task
from salesgoal.domain.revision import propose
from salesgoal.domain.target import Target
from salesgoal.errors import RevisionRefused

TABLE = Path(__file__).with_name("revisions.txt")
MONTHS = ("2023-10", "2023-11", "2023-12")
QUARTER = "2023Q4"
DIMENSIONS = [
    Dimension("product", ["A", "B"]),
    Dimension("region", ["东", "南"]),
    Dimension("channel", ["直销", "分销"]),
]
LEAVES = [
    {"product": p, "region": r, "channel": c}
    for p, r, c in product("AB", "东南", ("直销", "分销"))
]
GRID = {
    (at, month): 7 + 5 * at + (3 * at * n + 4 * n) % 11
    for at in range(len(LEAVES))
    for n, month in enumerate(MONTHS)
}
BOTH = (("product", "region"), ("region", "product"))
WHOLE, MONTHLY = (QUARTER,), MONTHS
PLANS = {
    "everything typed": (BOTH, dict.fromkeys(range(3), WHOLE + MONTHLY)),
    "months above, quarters below": (BOTH, {0: WHOLE + MONTHLY, 1: MONTHLY, 2: WHOLE}),
    "quarters above, months below": (BOTH, {0: WHOLE, 1: WHOLE, 2: MONTHLY}),
    "by channel too": ((*BOTH, ("channel",)), {0: WHOLE + MONTHLY, 1: WHOLE, 2: MONTHLY}),
    "only the lowest": ((BOTH[0],), {0: (), 1: (), 2: MONTHLY}),
}
RULES = [
    ("restate", {}),
    ("from November", {"rule": RevisionRule.FROM_NOW, "effective_on": date(2023, 11, 1)}),
    ("keep over periods", {"rule": RevisionRule.KEEP_TOTAL}),
    ("keep over siblings", {"rule": RevisionRule.KEEP_TOTAL, "over": Over.SIBLINGS}),
]


@cache
def plan_of(name):
    """Every typed target is the sum of one grid, save those that the plan says differ."""
    breakdowns, levels = PLANS[name.removesuffix(", differing").removesuffix(", closed")]
    scopes = {
        tuple(sorted((key, leaf[key]) for key in by[:depth]))
        for by in breakdowns
        for depth in range(len(by) + 1)
        for leaf in LEAVES
    }
    targets = []
    for scope in sorted(scopes, key=lambda scope: (len(scope), scope)):
        for period in levels[len(scope)]:
            total = sum(
                value
                for (at, month), value in GRID.items()
                if dict(scope).items() <= LEAVES[at].items() and period in (month, QUARTER)
            )
            off = name.endswith("differing") and (len(scope) + len(targets)) % 3 == 0
            targets.append(
                Target(metric="sales", scope=dict(scope), period=period, target=total + 9 * off)
            )
    made = make_plan(
        name=name,
        period=QUARTER,
        metrics=[Metric(id="sales")],
        dimensions=DIMENSIONS,
        breakdowns=breakdowns,
        targets=targets,
    )
    if name.endswith("closed"):
        return attrs.evolve(made, closed=(made.parse("2023-10"),))
    return made


def cases():
    for name in [*PLANS, *(f"{each}, differing" for each in PLANS), "everything typed, closed"]:
        plan = plan_of(name)
        paths = dict.fromkeys(path for tree in plan.trees for path in tree.path)
        goals = [each for each in ("", "A", "南", "B/东", "东/A", "直销") if each in paths]
        for goal, period in product(goals, (QUARTER, "2023-10", "2023-11")):
            for rule, more in RULES:
                for up in (True, False):
                    yield name, (goal, period, rule, up), more


def line(plan, case, more):
    goal, period, rule, up = case
    names = dict(p for t in reversed(plan.trees) for p in zip(t.scope, t.path, strict=True))
    proposal = propose(plan, goal, period=period, to=0, **more)
    before = proposal.before
    to = 17 if before is None else int(before) + 31 if up else int(before) * 2 // 5
    asked = f"{plan.name} | {goal or '-'} {period}: {before} -> {to}, {rule} |"
    asking = attrs.evolve(proposal, to=to)
    try:
        task = make_task(plan, asking)
        changes = task.changes()
        task.check(changes)
    except RevisionRefused as refused:
        return f"{asked} {refused.problems[0].code}"
    told = sorted(
        (period.label, names[codes] or "-", was, now)
        for (codes, period), (was, now) in changes.items()
    )
    return f"{asked} " + ", ".join(f"{g} {p[5:]} {was}>{now}" for p, g, was, now in told)


def table():
    """Every seventh case to be read, and what tells all of them from others."""
    digest = sha256()
    for number, (name, case, more) in enumerate(cases()):
        each = line(plan_of(name), case, more)
        digest.update(each.encode())
        if number % 7 == 0:
            yield each
    yield f"all {number + 1} cases: {digest.hexdigest()[:16]}"


KNOWN = TABLE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("asked", "said"),
    list(zip([*cases()][::7], KNOWN, strict=False)),
    ids=[each.partition(" |")[0] + str(at) for at, each in enumerate(KNOWN[:-1])],
)
def test_a_revision_changes_what_its_line_says(asked, said):
    name, case, more = asked
    assert line(plan_of(name), case, more) == said


def test_each_revision_changes_what_the_table_says():
    for found, said in zip(table(), KNOWN, strict=True):
        assert found == said


if __name__ == "__main__":
    TABLE.write_text("".join(f"{each}\n" for each in table()), encoding="utf-8")
