"""Each fault planted here must break its law of plans."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings

from salesgoal.domain import cells, condense
from salesgoal.domain.goal_tree import GoalTree

from . import test_plan_laws as laws

CHILDREN = GoalTree.children
SEARCH = settings(
    max_examples=300,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


def breaks(law):
    """Whether the law, run on its own body, finds a counterexample."""
    try:
        SEARCH(given(laws.DAYS)(law.hypothesis.inner_test))()
    except AssertionError:
        return True
    return False


@pytest.fixture(autouse=True)
def _without_its_guard(monkeypatch):
    """The reconciliation inside, which would stop most faults before a law sees them."""
    monkeypatch.setattr(condense, "reconcile", lambda *_: {})


def test_credit_given_whole_to_each_breaks_the_root(monkeypatch):
    monkeypatch.setattr(cells, "parts_of", lambda _, value, shares: [value for _ in shares])
    assert breaks(laws.test_the_root_is_the_sum_of_all_facts_inside_the_period_that_are_over)


def test_a_fact_that_is_dropped_breaks_the_root(monkeypatch):
    def hold(day, facts=None):
        found = day.facts if facts is None else facts
        return HOLD(day, found[:-1])

    monkeypatch.setattr(laws, "hold", hold)
    assert breaks(laws.test_the_root_is_the_sum_of_all_facts_inside_the_period_that_are_over)


HOLD = laws.hold


def test_a_child_left_out_breaks_the_parents(monkeypatch):
    monkeypatch.setattr(GoalTree, "children", lambda self, node: CHILDREN(self, node)[1:])
    assert breaks(laws.test_a_parent_is_its_children_and_what_is_unassigned)


def test_a_breakdown_that_is_short_of_a_fact_breaks_the_roots(monkeypatch):
    def hold(day, facts=None):
        first, *others = HOLD(day, facts)
        return [first, *HOLD(day, day.facts[1:])[1:]] if others else [first]

    monkeypatch.setattr(laws, "hold", hold)
    assert breaks(laws.test_every_breakdown_has_the_same_root)


def test_without_a_fault_no_law_breaks():
    assert not breaks(laws.test_every_breakdown_has_the_same_root)
