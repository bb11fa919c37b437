from __future__ import annotations

from datetime import date

from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.plan_findings import find_plan_problems

from .findings_plan import REST, SALES, find, told, typed

CASH = Metric(id="cash", name="回款")


def test_a_member_without_a_goal_is_named_where_others_beside_it_have_one():
    found = find(typed("2023", 5, "华东"))
    assert told(found) == [("member-without-goal", "计划")]
    assert found[0].message("zh") == "区域 的 华南、华北 没有任何目标，而同级成员有"
    assert found[0].message("en") == (
        "华南, 华北 of 区域 have no goal, and other members beside them do"
    )


def test_a_target_of_zero_is_a_target():
    assert find(typed("2023", 5, "华东"), *REST) == []


def test_a_member_with_its_goal_under_another_parent_is_not_missed():
    found = find(
        typed("2023", 5, "华东", "A"), typed("2023", 5, "华南", "B"), typed("2023", 0, "华北")
    )
    assert found == []


def test_members_below_a_member_are_missed_at_the_one_goal_they_belong_to():
    found = find(typed("2023", 5, "华东", "A1"), typed("2023", 5, "华东", "B"), *REST)
    assert told(found) == [("member-without-goal", "华东/A")]
    assert found[0].facts["names_zh"] == "A2"


def test_members_that_several_goals_are_broken_down_by_are_missed_at_the_plan():
    found = find(typed("2023", 5, "华东", "A"), typed("2023", 5, "华南", "A"), *REST[1:])
    assert told(found) == [("member-without-goal", "计划")]
    assert found[0].facts["names_zh"] == "B"


def test_a_breakdown_of_every_member_misses_nobody_who_has_a_target_somewhere():
    every = [Breakdown(["region", "product"], every_member=True)]
    found = find(
        typed("2023", 5, "华东", "A1"),
        typed("2023", 5, "华南", "A2"),
        typed("2023", 1, "华北", "B"),
        breakdowns=every,
    )
    assert found == []


def test_a_forgotten_month_is_said_once_with_all_its_children():
    months = [
        typed(f"2023-{m:02d}", 1, region) for m in range(1, 12) for region in ("华东", "华南")
    ]
    found = find(*months, typed("2023-12", 1, "华东"), typed("2023", 0, "华北"))
    assert told(found) == [("child-without-target", "计划, 销售额, 2023-12")]
    assert found[0].facts["names_zh"] == "华南"


def test_a_child_whose_quarter_is_typed_needs_no_months():
    found = find(
        typed("2023-01", 1, "华东"),
        typed("2023Q1", 3, "华南", "B"),
        typed("2023", 0, "华南", "A"),
        typed("2023", 0, "华北"),
    )
    assert found == []


def test_a_child_without_a_target_all_year_is_not_said_again_for_each_month():
    found = find(
        typed("2023-01", 1, "华东"),
        *REST[1:],
        typed("2023", 1, "华南", metric="cash"),
        metrics=[SALES, CASH],
    )
    assert told(found) == [
        ("child-without-target", "计划, 销售额, 2023"),
        ("child-without-target", "计划, 回款, 2023"),
    ]


def test_more_than_three_periods_are_counted():
    months = [typed(f"2023-{m:02d}", 1, "华东") for m in range(1, 13)]
    found = find(*months, typed("2023-12", 1, "华南"), typed("2023", 0, "华北"))
    keys = [key for code, key in told(found) if code == "child-without-target"]
    assert keys == ["计划, 销售额, 2023Q1、2023Q2、2023Q3 等 5 个"]


def test_averages_and_extremes_need_no_target_of_every_child():
    score = Metric(id="cash", aggregation=Aggregation.AVERAGE)
    found = find(
        typed("2023", 1, "华东"),
        *REST,
        typed("2023", 1, "华东", metric="cash"),
        metrics=[SALES, score],
    )
    assert found == []


def test_who_has_moved_away_needs_no_target_at_the_old_seat():
    people = [
        Member("华东"),
        Member("华南"),
        Member("张三", parent="华东", until=date(2023, 6, 30)),
        Member("张三", parent="华南", since=date(2023, 7, 1)),
        Member("李四", parent="华东"),
        Member("王五", parent="华南"),
    ]
    made = make_plan(
        name="计划",
        period="2023",
        levels=["month"],
        metrics=[SALES],
        dimensions=[Dimension("region", people, name="销售")],
        breakdowns=[["region"]],
        targets=[
            typed("2023-06", 1, "张三"),
            typed("2023-06", 1, "李四"),
            typed("2023-06", 0, "王五"),
            typed("2023-07", 1, "张三"),
            typed("2023-07", 1, "李四"),
            typed("2023-07", 0, "王五"),
            typed("2023-05", 1, "李四"),
            typed("2023-05", 0, "王五"),
        ],
    )
    cards = hold_against(made, [], as_of=made.period.last)
    found = find_plan_problems(cards, "plan.toml")
    assert told(found) == [("child-without-target", "华东, 销售额, 2023-05")]
    assert found[0].facts["names_zh"] == "张三"
