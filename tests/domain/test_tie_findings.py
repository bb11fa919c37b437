from __future__ import annotations

import pytest

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.period import Level
from salesgoal.domain.plan import make_plan
from salesgoal.domain.tie_findings import tiles_of

from .findings_plan import REST, find, told, typed

BALANCE = Metric(id="sales", name="应收", aggregation=Aggregation.LAST)


def months(amounts, region="华东"):
    return [
        typed(f"2023-{number:02d}", amount, region)
        for number, amount in enumerate(amounts, start=1)
    ]


@pytest.mark.parametrize(
    ("parent", "share_zh", "share_en"),
    [
        (100, "（超额分配 20.00 %）", " (over-assigned by 20.00 %)"),
        (160, "（少分配 25.00 %）", " (under-assigned by 25.00 %)"),
        (0, "", ""),
    ],
)
def test_a_mismatch_says_how_much_is_assigned_too_much_or_too_little(
    parent, share_zh, share_en
):
    (found,) = find(typed("2023", parent), typed("2023", 120, "华东"), *REST)
    assert told([found]) == [("target-mismatch", "计划, 销售额, 2023")]
    assert found.facts["parent"] == f"{parent}.00"
    assert found.facts["children"] == "120.00"
    assert found.facts["mismatch"] == f"{parent - 120}.00"
    assert (found.facts["share_zh"], found.facts["share_en"]) == (share_zh, share_en)


def test_what_ties_is_no_finding():
    assert find(typed("2023", 120), typed("2023", 120, "华东"), *REST) == []


def test_a_mismatch_of_a_month_is_not_said_again_for_the_quarter_and_the_year():
    parents = months([100] * 12)
    children = [typed(f"2023-{m:02d}", 100 + (m == 5), "华东", "B") for m in range(1, 13)]
    rest = [typed("2023", 0, "华东", "A"), *REST]
    assert told(find(*parents, *children, *rest)) == [
        ("target-mismatch", "华东, 销售额, 2023-05")
    ]


def test_months_without_targets_do_not_make_it_said_again():
    found = find(
        typed("2023-05", 100, "华东"),
        typed("2023-05", 101, "华东", "B"),
        typed("2023", 0, "华东", "A"),
        *REST,
    )
    assert told(found) == [("target-mismatch", "华东, 销售额, 2023-05")]


def test_a_parent_that_types_only_some_months_falls_short_of_its_children():
    children = [typed(f"2023-{m:02d}", 100, "华东", "B") for m in range(1, 13)]
    rest = [typed("2023", 0, "华东", "A"), *REST]
    found = find(typed("2023-05", 100, "华东"), *children, *rest)
    assert told(found) == [
        ("target-mismatch", "华东, 销售额, 2023"),
        ("target-mismatch", "华东, 销售额, 2023Q2"),
    ]


def test_a_typed_year_is_always_said():
    parents = [typed("2023", 1200, "华东"), *months([100] * 12)]
    children = [typed(f"2023-{m:02d}", 100 + (m == 5), "华东", "B") for m in range(1, 13)]
    rest = [typed("2023", 0, "华东", "A"), *REST]
    assert told(find(*parents, *children, *rest)) == [
        ("target-mismatch", "华东, 销售额, 2023"),
        ("target-mismatch", "华东, 销售额, 2023-05"),
    ]


def test_a_year_that_only_the_children_type_is_held_against_the_months_of_the_parent():
    found = find(*months([100] * 12), typed("2023", 1000, "华东", "B"), *REST)
    assert ("target-mismatch", "华东, 销售额, 2023") in told(found)


def test_a_commit_of_a_parent_is_held_against_its_childrens():
    found = find(
        typed("2023", 100, "华东", commit=90),
        typed("2023", 100, "华东", "B", commit=70),
        typed("2023", 0, "华东", "A", commit=10),
        *REST,
    )
    assert told(found) == [("commit-mismatch", "华东, 销售额, 2023")]
    assert found[0].message("zh") == "上级承诺值 90.00 与下级承诺合计 80.00 相差 10.00"


def test_commits_below_or_above_the_target_are_no_finding():
    assert find(typed("2023", 100, "华东", commit=90), *REST) == []


@pytest.mark.parametrize("measure", ["target", "floor", "stretch", "commit"])
def test_a_typed_year_is_held_against_its_typed_quarters(measure):
    def amounts(period, amount):
        return (
            typed(period, 0, "华东", commit=amount)
            if measure == "commit"
            else typed(
                period,
                **{"amount": amount} if measure == "target" else {measure: amount},
                region="华东",
            )
        )

    quarters = [amounts(f"2023Q{number}", 25) for number in range(1, 5)]
    found = [
        each
        for each in find(amounts("2023", 90), *quarters, *REST)
        if each.code == "period-mismatch"
    ]
    assert told(found) == [("period-mismatch", "华东, 销售额, 2023")]
    assert [found[0].facts[name] for name in ("whole", "parts", "difference")] == [
        *("90.00", "100.00", "-10.00")
    ]


def test_a_quarter_is_held_against_its_months_and_the_year_against_the_quarters():
    quarters = [typed(f"2023Q{number}", 300, "华东") for number in range(1, 5)]
    found = find(typed("2023", 1200, "华东"), *quarters, *months([100, 100, 99]), *REST)
    assert told(found) == [("period-mismatch", "华东, 销售额, 2023Q1")]


@pytest.mark.parametrize(
    ("year", "codes"),
    [(300, []), (301, []), (299, ["period-mismatch"]), (0, ["period-mismatch"])],
)
def test_months_that_leave_days_out_may_come_to_less_but_not_to_more(year, codes):
    found = find(typed("2023", year, "华东"), *months([100, 100, 100]), *REST)
    assert [each.code for each in found] == codes


def test_where_targets_may_be_negative_nothing_is_said_of_months_that_leave_days_out():
    metric = Metric(id="sales", negative=True)
    found = find(typed("2023", 0, "华东"), *months([100]), *REST, metrics=[metric])
    assert found == []


@pytest.mark.parametrize(
    ("aggregation", "year", "codes"),
    [
        (Aggregation.LAST, 12, []),
        (Aggregation.LAST, 78, ["period-mismatch"]),
        (Aggregation.MAXIMUM, 12, []),
        (Aggregation.MINIMUM, 12, ["period-mismatch"]),
        (Aggregation.DISTINCT, 50, []),
        (Aggregation.AVERAGE, 50, []),
    ],
)
def test_other_metrics_tie_over_time_by_their_own_rule(aggregation, year, codes):
    metric = Metric(id="sales", aggregation=aggregation)
    found = find(typed("2023", year, "华东"), *months(range(1, 13)), *REST, metrics=[metric])
    assert [each.code for each in found] == codes


def test_a_balance_ties_over_the_tree_and_is_the_last_one_over_time():
    parents = [typed(f"2023-{m:02d}", 5, "华东") for m in range(1, 13)]
    children = [typed(f"2023-{m:02d}", 4 if m == 12 else 5, "华东", "B") for m in range(1, 13)]
    rest = [typed("2023", 0, "华东", "A"), *REST]
    found = find(*parents, *children, *rest, metrics=[BALANCE])
    assert told(found) == [("target-mismatch", "华东, 应收, 2023-12")]


@pytest.mark.parametrize("aggregation", [Aggregation.AVERAGE, Aggregation.DISTINCT])
def test_what_does_not_add_over_the_tree_need_not_tie(aggregation):
    metric = Metric(id="sales", aggregation=aggregation)
    assert find(typed("2023", 5), typed("2023", 3, "华东"), *REST, metrics=[metric]) == []


def test_a_share_too_small_to_show_is_left_out():
    (found,) = find(typed("2023", 1_000_000), typed("2023", 999_999, "华东"), *REST)
    assert found.message("zh").endswith("相差 1.00")


def test_periods_outside_the_plan_are_not_held_against_one_another():
    outside = [typed("2024", 5, "华东"), typed("2024Q1", 9, "华东")]
    assert find(typed("2023", 5, "华东"), *outside, *REST) == []


TWO = (["region"], ["product"])


def test_breakdowns_that_do_not_tie_are_said_where_they_differ():
    rest = [*REST, typed("2023", 0, None, "B")]
    found = find(
        typed("2023-03", 60, "华东"),
        typed("2023-03", 50, None, "A"),
        *rest,
        breakdowns=TWO,
    )
    assert told(found) == [("breakdown-mismatch", "销售额, 2023-03")]


def test_two_breakdowns_say_which_one_a_mismatch_is_in():
    found = find(
        typed("2023", 100),
        typed("2023", 100, "华东"),
        typed("2023", 90, None, "A"),
        typed("2023", 0, None, "B"),
        *REST,
        breakdowns=TWO,
    )
    assert told(found) == [
        ("breakdown-mismatch", "销售额, 2023"),
        ("target-mismatch", "计划, 销售额, 2023, product"),
    ]


def test_tiles_are_the_longest_shorter_periods_without_a_gap():
    plan = make_plan(
        name="p",
        period="2023Q4",
        metrics=[BALANCE],
        levels=[Level.QUARTER, Level.MONTH, Level.WEEK],
    )
    tiles = {
        period.label: [each.label for each in parts]
        for period, parts in tiles_of(plan.periods).items()
    }
    assert tiles["2023Q4"] == ["2023-10", "2023-11", "2023-12"]
    assert tiles["2023-10"] == ["2023-10w1", "2023-10w2", "2023-10w3", "2023-10w4"]
    assert tiles["2023-10w1"] == []
