from __future__ import annotations

import pytest

from salesgoal.domain.metric import Direction, Metric, Ratio

from .findings_plan import REST, find, typed

COST = Metric(id="sales", name="费用", direction=Direction.MINIMISE)


def orders(found):
    return [
        (each.where.key, each.facts["low_en"], each.facts["low"], each.facts["high"])
        for each in found
        if each.code == "target-order"
    ]


@pytest.mark.parametrize(
    ("amounts", "wrong"),
    [
        ((10, 8, 12), []),
        ((10, 10, 10), []),
        ((10, 11, 12), [("floor", "11.00", "10.00")]),
        ((10, 8, 9), [("target", "10.00", "9.00")]),
        ((10, 11, 9), [("floor", "11.00", "10.00"), ("target", "10.00", "9.00")]),
        ((0, 0, 0), []),
        ((0, None, None), []),
    ],
)
def test_floor_target_and_stretch_rise(amounts, wrong):
    target, floor, stretch = amounts
    found = find(typed("2023", target, "华东", floor=floor, stretch=stretch), *REST)
    assert sorted(orders(found)) == [("华东, 销售额, 2023", *each) for each in wrong]


def test_without_a_target_between_them_floor_and_stretch_are_compared():
    found = find(typed("2023", None, "华东", floor=11, stretch=9))
    assert orders(found) == [("华东, 销售额, 2023", "floor", "11.00", "9.00")]


def test_the_finding_names_both_and_their_order():
    found = find(typed("2023", 10, "华东", floor=11), *REST)
    assert found[0].message("zh") == "保底目标 11.00 高于目标值 10.00"
    assert found[0].remedy("zh") == "按 保底目标、目标值、挑战目标 的顺序改正数值"


@pytest.mark.parametrize(("floor", "stretch", "wrong"), [(12, 8, 0), (8, 9, 1), (12, 11, 1)])
def test_where_less_is_better_they_fall(floor, stretch, wrong):
    found = find(typed("2023", 10, "华东", floor=floor, stretch=stretch), *REST, metrics=[COST])
    assert len(orders(found)) == wrong


def test_what_follows_from_a_lower_goal_and_a_shorter_period_is_said_once():
    found = find(
        typed("2023-03", 10, "华东", "B", floor=11), typed("2023", 0, "华东", "A"), *REST
    )
    assert orders(found) == [("华东/B, 销售额, 2023-03", "floor", "11.00", "10.00")]


def test_what_is_typed_is_always_said():
    found = find(
        typed("2023", 10, "华东", floor=11),
        typed("2023", 10, "华东", "B", floor=11),
        typed("2023", 0, "华东", "A", floor=0),
        *REST,
    )
    assert [key for key, *_ in orders(found)] == ["华东, 销售额, 2023", "华东/B, 销售额, 2023"]


def test_sums_that_fall_without_a_fault_below_are_said_at_the_sum():
    below = [typed("2023", 10, "华东", "B"), typed("2023", None, "华东", "A", floor=11)]
    found = find(*below, *REST)
    assert orders(found)[0] == ("华东, 销售额, 2023", "floor", "11.00", "10.00")


def test_only_typed_ratios_are_judged():
    metrics = [
        Metric(id="sales"),
        Metric(id="orders"),
        Metric(id="mean", name="客单价", aggregation=Ratio("sales", "orders")),
    ]
    derived = [
        typed("2023", 100, "华东", floor=90),
        typed("2023", 10, "华东", metric="orders", floor=5),
        *REST,
        *[typed("2023", 0, region, metric="orders") for region in ("华南", "华北")],
    ]
    assert orders(find(*derived, metrics=metrics)) == []
    said = typed("2023", 9, "华东", metric="mean")
    assert orders(find(*derived, said, metrics=metrics)) == [
        ("华东, 客单价, 2023", "floor", "18", "9")
    ]
