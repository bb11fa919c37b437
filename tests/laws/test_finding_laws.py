"""Laws of `check`: it is silent where everything ties, and says each fault once, to the fen.

Protects: a warning that people cannot trust is switched off; one that is missing costs money.
"""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_amount
from salesgoal.domain.plan import make_plan
from salesgoal.domain.plan_findings import find_plan_problems
from salesgoal.domain.target import Ownership, Target

REGIONS, PRODUCTS, MONTHS = ("东", "南"), ("A", "B"), ("2023-10", "2023-11", "2023-12")
SAID = Ownership(owner="王", due_on=date(2023, 12, 31))
LEAVES = [(r, p, m) for r in REGIONS for p in PRODUCTS for m in MONTHS]
CELLS = [
    (r, p, m) for r in (*REGIONS, "") for p in (*PRODUCTS, "") for m in (*MONTHS, "2023Q4")
]
GOALS = [each for each in CELLS if each[0] or not each[1]]
amounts = st.lists(st.integers(0, 10**6), min_size=len(LEAVES), max_size=len(LEAVES)).map(
    lambda units: dict(zip(LEAVES, units, strict=True))
)


def totals(leaves):
    """What every goal and period comes to."""
    whole = dict.fromkeys(GOALS, 0)
    for (region, product, month), units in leaves.items():
        for goal in GOALS:
            within = goal[0] in {region, ""} and goal[1] in {product, ""}
            if within and goal[2] in {month, "2023Q4"}:
                whole[goal] += units
    return whole


def find(typed, **measures):
    targets = [
        Target(
            scope={"region": r, "product": p} if p else {"region": r} if r else {},
            metric="sales",
            period=period,
            target=to_amount(units, 2),
            ownership=SAID,
            **{name: to_amount(units + more, 2) for name, more in measures.items()},
        )
        for (r, p, period), units in typed.items()
    ]
    plan = make_plan(
        name="计划",
        period="2023Q4",
        metrics=[Metric(id="sales", decimals=2)],
        dimensions=[Dimension("region", REGIONS), Dimension("product", PRODUCTS)],
        targets=targets,
    )
    return find_plan_problems(hold_against(plan, [], as_of=plan.period.last), "plan.toml")


@given(amounts, st.sets(st.sampled_from(GOALS)))
def test_a_plan_that_adds_up_has_no_finding_whatever_else_is_typed(leaves, also):
    """A goal that types one month types them all: a quarter is the sum of what is typed."""
    whole = totals(leaves)
    named = {goal[:2] for goal in also if goal[2] != "2023Q4"}
    typed = {goal: whole[goal] for goal in GOALS if goal in also or goal[:2] in named}
    assert find(typed | leaves, commit=0, floor=0) == []


@given(amounts, st.sampled_from(LEAVES), st.integers(1, 10**6))
def test_a_leaf_that_was_changed_is_said_with_just_the_change(leaves, changed, more):
    region, _, month = changed
    whole = totals(leaves)
    parents = {goal: whole[goal] for goal in ((region, "", each) for each in MONTHS)}
    found = find({**parents, **leaves, changed: leaves[changed] + more})
    assert [(each.code, each.where.key) for each in found] == [
        ("target-mismatch", f"{region}, sales, {month}")
    ]
    assert found[0].facts["mismatch"] == f"{to_amount(-more, 2):,f}"


@given(amounts, st.integers(1, 10**6))
def test_floors_above_targets_are_said_once_for_each_typed_goal(leaves, more):
    found = find(leaves, floor=more)
    assert {each.code for each in found} == {"target-order"}
    assert len(found) == len(LEAVES)
