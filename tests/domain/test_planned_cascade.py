"""Planned cascades: where each begins, what it adds to the table, and every fault of it."""

from __future__ import annotations

import attrs
import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.cascade import MemberStep, PeriodStep
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.planned_cascade import Cascade, run_cascades
from salesgoal.domain.problem import Place
from salesgoal.domain.scope import ANY
from salesgoal.domain.share_rule import ShareRule
from salesgoal.domain.target import TargetTable

MONTHS = MonthCalendar()
YEAR, OCTOBER = (parse_period(MONTHS, label) for label in ("2023", "2023-10"))
PRODUCT = Dimension("product", ["A", "B"])
REGION = Dimension("region", ["华东", Member("上海", parent="华东"), "华南"])
DIMENSIONS = [PRODUCT, REGION]
SALES = Metric(id="sales", decimals=2)
COST = Metric(id="cost")
ROOT, A, B = (ANY, ANY), (0, ANY), (1, ANY)
EAST, SHANGHAI, SOUTH = ((ANY, code) for code in range(3))
BY_PRODUCT = MemberStep(dimension=PRODUCT, position=0, members=(0, 1))
IN_PLAN = Place("plan.toml", key="cascades[0]")


def plain(**given):
    given = {"metric": SALES, "period": OCTOBER, "goal": ROOT, "steps": (BY_PRODUCT,)} | given
    return Cascade(**{"where": IN_PLAN} | given)


def run(*cascades, typed=None):
    return run_cascades(cascades, TargetTable(typed or {}), DIMENSIONS)


def typed_in_october(**values):
    return {("sales", "target"): {OCTOBER: values.get("of", {})}}


def shared_by(step=BY_PRODUCT, **rule):
    return (attrs.evolve(step, rule=ShareRule(**rule)),)


def test_what_a_cascade_makes_stands_beside_what_is_typed_whatever_the_period():
    typed = {
        ("sales", "target"): {OCTOBER: {EAST: 7}, YEAR: {ROOT: 900}},
        ("cost", "target"): {OCTOBER: {ROOT: 5}},
    }
    found = run(plain(total=100), typed=typed)
    assert found.table.typed == {
        ("sales", "target"): {OCTOBER: {EAST: 7, A: 50, B: 50}, YEAR: {ROOT: 900}},
        ("cost", "target"): {OCTOBER: {ROOT: 5}},
    }
    assert found.scopes == {IN_PLAN: [A, B]}
    assert found.problems == []


def test_a_cascade_begins_with_what_an_earlier_one_made():
    months = PeriodStep(calendar=MONTHS, level=Level.MONTH)
    there = Place("plan.toml", key="cascades[1]")
    first = plain(total=1_200, period=YEAR, steps=(months,))
    found = run(first, plain(where=there))
    assert found.table.typed["sales", "target"][OCTOBER] == {ROOT: 100, A: 50, B: 50}
    assert set(found.scopes) == {IN_PLAN, there}


def test_without_a_total_and_a_typed_goal_there_is_nothing_to_share():
    found = run(plain(), typed=typed_in_october(of={EAST: 10}))
    assert [(each.code, each.where) for each in found.problems] == [("no-total", IN_PLAN)]
    assert found.scopes == {}


@pytest.mark.parametrize(
    ("goal", "typed", "shared"),
    [
        (ROOT, {EAST: 40, SOUTH: 20}, {(0, 0): 20, (1, 0): 20, (0, 2): 10, (1, 2): 10}),
        (ROOT, {EAST: 40, SHANGHAI: 20}, {(0, 1): 10, (1, 1): 10}),
        (EAST, {EAST: 40, SOUTH: 20}, {(0, 0): 20, (1, 0): 20}),
        (EAST, {SHANGHAI: 20, SOUTH: 20, ROOT: 60}, {(0, 1): 10, (1, 1): 10}),
        (ROOT, {ROOT: 40}, {A: 20, B: 20}),
    ],
)
def test_every_lowest_typed_goal_at_or_below_is_shared_out(goal, typed, shared):
    found = run(plain(goal=goal, every=True), typed=typed_in_october(of=typed))
    assert found.problems == []
    assert found.table.typed["sales", "target"][OCTOBER] == {**typed, **shared}


@pytest.mark.parametrize(
    ("changed", "typed", "code", "facts"),
    [
        ({"total": 100}, {ROOT: 101}, "duplicate-target", {"first": "targets, 2023-10"}),
        ({"total": -100}, {}, "negative-target", {}),
        ({"total": 100, "steps": shared_by(floors={"A": 200})}, {}, "floors-above", None),
        ({"total": 100, "steps": shared_by(weights={"C": 1})}, {}, "bad-value", None),
    ],
)
def test_a_faulty_cascade_is_a_problem_where_it_stands_and_those_after_it_run(
    changed, typed, code, facts
):
    there = Place("plan.toml", key="cascades[1]")
    later = plain(metric=COST, total=30, where=there)
    found = run(plain(**changed), later, typed=typed_in_october(of=typed))
    assert [(each.code, each.where) for each in found.problems] == [(code, IN_PLAN)]
    assert found.problems[0].text("zh")
    assert facts is None or found.problems[0].facts == facts
    assert found.table.typed["cost", "target"][OCTOBER] == {A: 15, B: 15}
    assert list(found.scopes) == [there]


def test_amounts_of_a_fault_are_in_whole_units_of_the_metric():
    found = run(plain(total=1_250_000, steps=shared_by(floors={"A": 1_300_000})))
    assert "13,000.00" in found.problems[0].text()
    below = run(plain(total=-100))
    assert below.problems[0].value == "-1.00"


def test_an_unknown_part_is_said_in_both_languages():
    (found,) = run(plain(total=100, steps=shared_by(weights={"C": 1}))).problems
    assert "'C'" in found.facts["reason"]
    assert "部分" in found.facts["reason_zh"]


def test_weights_that_are_all_zero_are_a_warning_and_share_evenly():
    found = run(plain(total=100, steps=shared_by(weights={"A": 0, "B": 0})))
    assert [(each.code, each.where) for each in found.problems] == [("even-split", IN_PLAN)]
    assert found.table.typed["sales", "target"][OCTOBER] == {A: 50, B: 50}
