from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.target import Target
from salesgoal.domain.variance import PartKind, split_by_child
from salesgoal.errors import UnknownName, UsageError

DAY = date(2023, 10, 6)
METRICS = (
    Metric(id="sales"),
    Metric(id="cost", direction=Direction.MINIMISE),
    Metric(id="debt", aggregation=Aggregation.LAST, direction=Direction.MINIMISE),
    Metric(id="buyers", aggregation=Aggregation.DISTINCT),
    Metric(id="mean", aggregation=Aggregation.AVERAGE),
    Metric(id="rate", aggregation=Ratio("sales", "cost")),
)


def target(amount, metric, region=None):
    scope = {"region": region} if region else {}
    return Target(scope=scope, metric=metric, period="2023-10", target=amount)


def hold(*facts, targets, as_of=DAY):
    dimensions = [
        Dimension("region", ["华东", "华南", "华北"]),
        Dimension("product", ["A", "B"]),
    ]
    plan = make_plan(
        name="十月",
        period="2023-10",
        levels=[Level.MONTH],
        metrics=METRICS,
        dimensions=dimensions,
        breakdowns=[Breakdown(["region"], every_member=True)],
        targets=targets,
    )
    actuals = [
        Actual(on=DAY, members={"region": region} if region else {}, values=values)
        for region, values in facts
    ]
    return hold_against(plan, actuals, as_of=as_of)[0]


def parts(card, metric):
    found = split_by_child(card, metric=metric, period="2023-10")
    assert found.difference == 0
    return found.gap, [(str(part.kind), part.goal, part.effect) for part in found.parts]


def test_children_mismatch_and_unassigned_make_the_gap():
    card = hold(
        ("华东", {"sales": 550}),
        ("华南", {"sales": 520}),
        ("华北", {"sales": 30}),
        (None, {"sales": 7}),
        targets=[
            target(1200, "sales"),
            target(600, "sales", "华东"),
            target(500, "sales", "华南"),
        ],
    )
    assert parts(card, "sales") == (
        1200 - 1107,
        [
            ("gap", "华东", 50),
            ("gap", "华南", -20),
            ("without_target", "华北", -30),
            ("mismatch", None, 100),
            ("unassigned", None, -7),
        ],
    )


def test_every_part_says_what_was_wanted_and_what_came():
    card = hold(
        ("华东", {"sales": 550}),
        (None, {"sales": 7}),
        targets=[target(1200, "sales"), target(600, "sales", "华东")],
    )
    found = split_by_child(card, metric="sales", period="2023-10")
    assert [(part.target, part.actual) for part in found.parts] == [
        (600, 550),
        (None, 0),
        (None, 0),
        (600, None),
        (None, 7),
    ]
    row = card.row(metric="sales", period="2023-10")
    assert (found.goal, found.metric, found.period) == ("", row.metric, row.period)
    assert (found.target, found.actual, found.gap) == (1200, 557, 643)


def test_without_a_target_of_its_own_or_its_actual_a_goal_has_no_gap_to_split():
    untargeted = hold(("华东", {"sales": 5}), targets=[])
    assert split_by_child(untargeted, metric="sales", period="2023-10") is None
    unread = hold(targets=[target(5, "debt", "华东")])
    assert split_by_child(unread, metric="debt", period="2023-10") is None


def test_where_less_is_better_every_effect_is_turned_round():
    card = hold(
        ("华东", {"cost": 60}),
        ("华北", {"cost": 5}),
        (None, {"cost": 7}),
        targets=[target(50, "cost"), target(40, "cost", "华东")],
    )
    assert parts(card, "cost") == (
        22,
        [
            ("gap", "华东", 20),
            ("without_target", "华南", 0),
            ("without_target", "华北", 5),
            ("mismatch", None, -10),
            ("unassigned", None, 7),
        ],
    )


def test_a_balance_that_nobody_reported_is_short_by_its_target():
    card = hold(
        ("华东", {"debt": 60}), targets=[target(40, "debt", "华东"), target(9, "debt", "华南")]
    )
    assert parts(card, "debt") == (
        60 - 49,
        [("gap", "华东", 20), ("without_data", "华南", -9), ("without_target", "华北", 0)],
    )


def test_customers_of_several_goals_are_an_overlap():
    card = hold(
        ("华东", {"buyers": "甲"}),
        ("华南", {"buyers": "甲"}),
        targets=[target(2, "buyers", "华东"), target(1, "buyers", "华南")],
    )
    gap, found = parts(card, "buyers")
    assert gap == 3 - 1
    assert found[-1] == ("overlap", None, 1)


def test_an_overlay_has_a_gap_of_its_own_and_no_part_in_its_parents():
    rep = Dimension("rep", [Member("张三"), Member("专家", overlay=True)])
    plan = make_plan(
        name="十月",
        period="2023-10",
        levels=[Level.MONTH],
        metrics=[Metric(id="sales")],
        dimensions=[rep],
        targets=[
            Target(scope={"rep": name}, metric="sales", period="2023-10", target=100)
            for name in ("张三", "专家")
        ],
    )
    facts = [Actual(on=DAY, members={"rep": "张三"}, values={"sales": 70})]
    card = hold_against(plan, facts, as_of=DAY)[0]
    assert parts(card, "sales") == (30, [("gap", "张三", 30)])


def test_a_gap_that_is_not_there_has_no_parts():
    card = hold(("华东", {"sales": 1}), targets=[target(5, "sales", "华东")])
    assert split_by_child(card, metric="cost", period="2023-10") is None
    assert split_by_child(card, "华东", metric="sales", period="2023-10") is None
    early = hold(targets=[target(5, "sales", "华东")], as_of=date(2023, 9, 30))
    assert split_by_child(early, metric="sales", period="2023-10") is None


def test_other_dimensions_are_asked_for_by_a_cross_cut():
    card = hold(("华东", {"sales": 1}), targets=[target(5, "sales")])
    found = split_by_child(card.by("product"), metric="sales", period="2023-10")
    assert found is None or found.difference == 0
    found = split_by_child(card.by("region"), metric="sales", period="2023-10")
    assert [part.kind for part in found.parts] == [PartKind.WITHOUT_TARGET] * 3 + [
        PartKind.MISMATCH
    ]


@pytest.mark.parametrize("metric", ["mean", "rate"])
def test_what_does_not_add_over_goals_is_refused(metric):
    card = hold(targets=[target(5, "sales")])
    with pytest.raises(UsageError, match="do not add up over goals"):
        split_by_child(card, metric=metric, period="2023-10")


def test_unknown_names_are_refused():
    card = hold(targets=[target(5, "sales")])
    with pytest.raises(UnknownName):
        split_by_child(card, "华中", metric="sales", period="2023-10")
