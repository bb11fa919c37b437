"""Small plans to find something in."""

from __future__ import annotations

from datetime import date

from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.plan_findings import find_plan_problems
from salesgoal.domain.target import Ownership, Target

SALES = Metric(id="sales", name="销售额", decimals=2)
REGION = Dimension("region", ["华东", "华南", "华北"], name="区域")
PRODUCT = Dimension("product", ["A", Member("A1", parent="A"), Member("A2", parent="A"), "B"])
SAID = Ownership(owner="王", due_on=date(2023, 12, 31))


def typed(period, amount=None, region=None, product=None, metric="sales", **more):
    """One target with owner and due date, where nothing else is said."""
    scope = {"region": region, "product": product}
    named = {name: member for name, member in scope.items() if member}
    said = {"ownership": SAID, **more}
    return Target(scope=named, metric=metric, period=period, target=amount, **said)


def find(*targets, metrics=(SALES,), breakdowns=(["region", "product"],), **plan):
    """What is found in a plan of 2023 with these targets."""
    made = make_plan(
        **{"name": "计划", "period": "2023", **plan},
        metrics=metrics,
        dimensions=[REGION, PRODUCT],
        breakdowns=breakdowns,
        targets=targets,
    )
    cards = hold_against(made, [], as_of=made.period.last)
    return find_plan_problems(cards, "plan.toml")


def told(found):
    """Code and address of each finding."""
    return [(each.code, each.where.key) for each in found]


REST = [typed("2023", 0, "华南"), typed("2023", 0, "华北")]
"""Targets of zero for the other regions, so that nobody is left out."""
