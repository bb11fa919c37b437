"""Laws over plans of any calendar, with shared facts and people who move.

Protects: parent = sum of children + unassigned; one root whatever the breakdown; every fact is
in the root or outside of the period, and the order of facts is none.
"""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal.domain.condense import hold_against
from salesgoal.domain.number import to_units
from salesgoal.testing.strategies import plan_days

DAYS = plan_days(moves=True)
FEWER = settings(max_examples=settings.default.max_examples // 3)
"""Every example is a whole plan."""


def hold(day, facts=None):
    return hold_against(day.plan, day.facts if facts is None else facts, as_of=day.as_of)


def additive(plan):
    return [metric for metric in plan.metrics if metric.is_additive]


def first_and_last(fact):
    return (fact.on, fact.on) if isinstance(fact.on, date) else (fact.on.start, fact.on.last)


@FEWER
@given(DAYS)
def test_the_root_is_the_sum_of_all_facts_inside_the_period_that_are_over(day):
    own = day.plan.period
    for metric in additive(day.plan):
        units = 0
        for fact in day.facts:
            first, last = first_and_last(fact)
            if own.start <= first and last <= min(own.last, day.as_of):
                units += to_units(fact.values.get(metric.id, 0), metric.decimals)
        for card in hold(day):
            assert card.columns[metric.id, own].actual[0] == units


@FEWER
@given(DAYS)
def test_a_parent_is_its_children_and_what_is_unassigned(day):
    for card in hold(day):
        for metric in additive(day.plan):
            for period in day.plan.periods:
                column = card.columns[metric.id, period]
                for node in range(len(card.tree)):
                    children = card.tree.children(node)
                    if children:
                        parts = sum(column.actual[child] for child in children)
                        assert column.actual[node] == parts + column.unassigned[node]


@FEWER
@given(DAYS)
def test_every_breakdown_has_the_same_root(day):
    first, *others = hold(day)
    for other in others:
        for place, column in first.columns.items():
            assert other.columns[place].actual[0] == column.actual[0]


@FEWER
@given(DAYS, st.data())
def test_the_order_of_facts_changes_nothing(day, data):
    shuffled = tuple(data.draw(st.permutations(day.facts)))
    for before, after in zip(hold(day), hold(day, shuffled), strict=True):
        for place, column in before.columns.items():
            assert after.columns[place].actual == column.actual
