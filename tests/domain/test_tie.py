"""Plans in which a tie once broke though it could have been kept."""

from __future__ import annotations

import attrs
import pytest

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.proposal import RevisionRule
from salesgoal.domain.revision import propose, revise
from salesgoal.domain.target import Target

AREAS = Dimension("region", ["华东", Member("上海", parent="华东"), "华南"])
PRODUCTS = Dimension("product", ["A", "B"])
ONE = [["product", "region"]]
TWO = [["product", "region"], ["region", "product"]]
MONTHS = ("2023-09", "2023-10", "2023-11", "2023-12")


def plan_of(breakdowns, typed):
    """A second half from names in any order and blanks between them -> label -> value."""
    targets = []
    for names, values in typed.items():
        scope = {
            "product" if name in "AB" else "region": name for name in names.split() if name
        }
        targets += [
            Target(metric="sales", scope=scope, period=label, target=value)
            for label, value in values.items()
        ]
    return make_plan(
        name="H2",
        period="2023H2",
        metrics=[Metric(id="sales")],
        dimensions=[PRODUCTS, AREAS],
        breakdowns=breakdowns,
        targets=targets,
    )


def revised(plan, goal, period, to, **more):
    return revise(plan, propose(plan, goal, period=period, to=to, **more))


def typed(effect):
    """Path in the first breakdown that has it, and label -> value."""
    names = {}
    for tree in reversed(effect.plan.trees):
        names |= zip(tree.scope, tree.path, strict=True)
    return {
        (names[codes], period.label): value
        for period, values in effect.plan.targets.of("sales").items()
        for codes, value in values.items()
    }


def months(*values):
    return dict(zip(MONTHS, values, strict=True))


def halves(quarters, whole=None):
    """What the third and the fourth quarter are, and the half."""
    return dict(zip(("2023Q3", "2023Q4"), quarters, strict=True)) | (
        {} if whole is None else {"2023H2": whole}
    )


def quarters_of_areas():
    """Root and areas by quarter, the lowest goals for the half alone."""
    areas = {f"{p} 华东": halves((2, 6), 8) for p in "AB"}
    leaves = {f"{p} {r}": {"2023H2": 8} for p in "AB" for r in ("上海", "华南")}
    return plan_of(ONE, {"": halves((8, 24), 32)} | areas | leaves)


def test_goals_without_the_revised_quarter_take_what_the_others_cannot():
    effect = revised(quarters_of_areas(), "", "2023Q3", 0)
    assert effect.untied == ()
    found = typed(effect)
    assert found["", "2023H2"] == 24
    for product in "AB":
        assert (
            found[f"{product}/华东", "2023H2"] == found[f"{product}/华东/上海", "2023H2"] == 6
        )
        assert found[f"{product}/华南", "2023H2"] == 6


def test_nobody_is_brought_below_zero_for_a_tie_and_the_effect_names_it():
    small = {f"{p} 华南": {"2023H2": 1} for p in "AB"}
    areas = {f"{p} 华东": halves((2, 6), 8) for p in "AB"}
    leaves = {f"{p} 上海": {"2023H2": 8} for p in "AB"}
    plan = plan_of(ONE, {"": halves((8, 10), 18)} | areas | leaves | small)
    effect = revised(plan, "", "2023Q3", 0)
    assert [(each.goal, each.period.label, each.mismatch) for each in effect.untied] == [
        ("", "2023H2", -4)
    ]
    assert typed(effect)["A/华南", "2023H2"] == 1


def test_a_period_that_begins_before_from_now_takes_no_difference():
    effect = revised(
        quarters_of_areas(),
        "",
        "2023Q4",
        12,
        rule=RevisionRule.FROM_NOW,
        effective_on=plan_day("2023Q4"),
    )
    assert typed(effect)["A/华南", "2023H2"] == 8
    assert {(each.goal, each.period.label) for each in effect.untied} == {
        ("", "2023H2"),
        ("A/华东", "2023H2"),
        ("B/华东", "2023H2"),
    }


def plan_day(label):
    return quarters_of_areas().parse(label).start


def test_months_and_the_quarters_of_goals_below_come_to_the_same():
    areas = {f"{p} 华东": months(2, 2, 2, 2) for p in "AB"}
    leaves = {f"{p} {r}": halves((2, 6)) for p in "AB" for r in ("上海", "华南")}
    effect = revised(plan_of(ONE, areas | leaves), "", "2023H2", 1)
    assert effect.untied == ()


def test_a_goal_between_moves_its_half_with_each_of_its_quarters():
    plan = plan_of(
        ONE,
        {
            "": months(44, 43, 43, 50) | halves((44, 136)),
            "A": halves((20, 67), 87),
            "B": halves((24, 69), 93),
            "A 上海": halves((13, 28)),
            "A 华南": halves((7, 39)),
            "B 上海": halves((16, 39)),
            "B 华南": halves((8, 30)),
            "A 华东": months(13, 6, 11, 11),
            "B 华东": months(16, 16, 11, 12),
        },
    )
    effect = revised(plan, "", "2023-09", 13)
    assert effect.untied == ()
    found = typed(effect)
    for product in "AB":
        quarters = found[product, "2023Q3"] + found[product, "2023Q4"]
        assert found[product, "2023H2"] == quarters


def test_a_goal_that_ties_with_no_children_there_takes_a_quarter_alone():
    plan = plan_of(
        ONE,
        {
            "": months(49, 36, 37, 38),
            "A 华东": months(8, 9, 8, 11) | {"2023H2": 36},
            "B 华东": months(13, 13, 12, 9) | {"2023H2": 47},
            "A": halves((19, 54), 73),
            "B": halves((30, 57), 87),
            "A 上海": {"2023H2": 36},
            "A 华南": {"2023H2": 37},
            "B 上海": {"2023H2": 47},
            "B 华南": {"2023H2": 40},
        },
    )
    effect = revised(plan, "", "2023-10", 1)
    assert effect.untied == ()
    found = typed(effect)
    assert found["A", "2023Q4"] + found["B", "2023Q4"] == 111 - 35
    assert found["A", "2023H2"] == found["A/华东", "2023H2"] + found["A/华南", "2023H2"]


def test_shorter_periods_of_goals_below_move_before_longer_ones_above():
    plan = plan_of(
        ONE,
        {
            "": halves((16, 43)),
            "A": months(8, 7, 10, 7) | {"2023H2": 32},
            "B": months(8, 5, 8, 6) | {"2023H2": 27},
            "A 上海": {"2023H2": 15},
            "A 华东": {"2023H2": 15},
            "A 华南": {"2023H2": 17},
            "B 上海": {"2023H2": 12},
            "B 华东": {"2023H2": 12},
            "B 华南": {"2023H2": 15},
        },
    )
    effect = revised(plan, "A/华东/上海", "2023H2", 0)
    assert effect.untied == ()
    found = typed(effect)
    assert found["", "2023Q3"] == found["A", "2023-09"] + found["B", "2023-09"]
    assert found["", "2023Q3"] + found["", "2023Q4"] == 59 - 15


def test_siblings_pass_units_on_until_the_months_meet_the_half_of_each():
    regions = {
        "上海": months(4, 4, 4, 4) | {"2023H2": 16},
        "华南": months(4, 4, 5, 5) | {"2023H2": 18},
    }
    leaves = {"上海 A": 8, "华南 A": 8, "上海 B": 8, "华南 B": 10}
    plan = plan_of(
        TWO,
        {"": months(8, 8, 9, 9)} | regions | {k: {"2023H2": v} for k, v in leaves.items()},
    )
    effect = revised(plan, "", "2023H2", 2)
    assert effect.untied == ()
    found = typed(effect)
    for region in ("华东/上海", "华南"):
        assert found[region, "2023H2"] == sum(found[region, month] for month in MONTHS)


@pytest.mark.parametrize("to", [0, 3, 60])
def test_two_breakdowns_say_the_same_of_when_it_happens(to):
    plan = plan_of(
        TWO,
        {
            "": months(37, 46, 43, 32),
            "A": months(19, 26, 28, 12) | halves((19, 66)),
            "B": months(18, 20, 15, 20) | halves((18, 55)),
            "上海": halves((16, 59), 75),
            "华南": halves((21, 62), 83),
            "A 上海": {"2023H2": 39},
            "A 华南": {"2023H2": 46},
            "B 上海": {"2023H2": 36},
            "B 华南": {"2023H2": 37},
        },
    )
    assert revised(plan, "B/华东/上海", "2023H2", to).untied == ()


def test_what_another_breakdown_must_change_it_changes_around_the_revised_month():
    plan = plan_of(
        TWO,
        {
            "": halves((8, 24)),
            "A": halves((4, 12), 16),
            "B": halves((4, 12), 16),
            "上海": months(4, 4, 4, 4) | halves((4, 12)),
            "华南": months(4, 4, 4, 4) | halves((4, 12)),
        }
        | {f"{p} {r}": {"2023H2": 8} for p in "AB" for r in ("上海", "华南")},
    )
    effect = revised(plan, "华东/上海", "2023-12", 432)
    assert effect.untied == ()
    assert typed(effect)["A", "2023Q3"] == 4


def test_quarters_follow_the_months_that_their_goals_have_settled():
    plan = plan_of(
        TWO,
        {
            "": months(16, 19, 16, 16) | halves((16, 51)),
            "上海": months(8, 10, 9, 8) | {"2023H2": 35},
            "华南": months(8, 9, 7, 8) | {"2023H2": 32},
            "A 上海": {"2023H2": 17},
            "A 华南": {"2023H2": 13},
            "B 上海": {"2023H2": 18},
            "B 华南": {"2023H2": 19},
        },
    )
    effect = revised(plan, "A/华南", "2023H2", 0)
    assert effect.untied == ()
    found = typed(effect)
    for month in MONTHS:
        assert found["", month] == found["华东/上海", month] + found["华南", month]
    assert found["", "2023Q4"] == sum(found["", month] for month in MONTHS[1:])


def test_a_breakdown_without_room_in_those_periods_moves_by_its_own_weights():
    plan = plan_of(
        TWO,
        {
            "": halves((75, 75)),
            "A": halves((62, 13)),
            "B": halves((13, 62)),
            "上海": halves((70, 5)),
            "华南": halves((5, 70)),
            "A 上海": {"2023H2": 40},
            "A 华南": {"2023H2": 35},
            "B 上海": {"2023H2": 35},
            "B 华南": {"2023H2": 40},
        },
    )
    effect = revised(plan, "B/华东/上海", "2023H2", 0)
    found = typed(effect)
    assert found["B", "2023Q3"] + found["B", "2023Q4"] == 40
    assert found["华东/上海", "2023Q3"] + found["华东/上海", "2023Q4"] == 40
    assert min(found.values()) >= 0
    assert {(each.goal, each.period.label) for each in effect.untied} == {
        ("", "2023Q3"),
        ("", "2023Q4"),
    }


def test_a_goal_between_whose_children_cannot_move_stays():
    plan = plan_of(
        ONE,
        {
            "": halves((8, 32), 40),
            "A": {"2023H2": 24},
            "A 华南": dict(zip(MONTHS[1:], (8, 8, 8), strict=True)),
            "B": {"2023H2": 16},
            "B 华南": {"2023H2": 16},
        },
    )
    effect = revised(plan, "", "2023Q3", 5)
    assert effect.untied == ()
    found = typed(effect)
    assert (found["A", "2023H2"], found["B", "2023H2"], found["B/华南", "2023H2"]) == (
        24,
        13,
        13,
    )


def test_a_closed_month_takes_no_part_of_what_a_goal_above_must_follow():
    typed_so = {"A": months(4, 4, 4, 4) | {"2023H2": 16}, "A 华南": {"2023H2": 16}}
    plan = plan_of(ONE, typed_so)
    plan = attrs.evolve(plan, closed=(plan.parse("2023-09"),))
    found = typed(revised(plan, "A/华南", "2023H2", 10))
    assert [found["A", month] for month in MONTHS] == [4, 2, 2, 2]


def test_another_breakdown_never_moves_what_the_first_keeps():
    """The month of the root ties in the breakdown of the revised goal, where December stays."""
    plan = plan_of(
        TWO,
        {
            "": months(8, 8, 8, 8),
            "A": months(4, 4, 4, 4) | halves((4, 12)),
            "B": months(4, 4, 4, 4) | halves((4, 12)),
            "上海": months(4, 1, 4, 7) | halves((4, 12)),
            "华南": months(4, 7, 4, 1) | halves((4, 12)),
        }
        | {f"{p} {r}": {"2023H2": 8} for p in "AB" for r in ("上海", "华南")},
    )
    effect = revised(plan, "B", "2023-10", 0)
    found = typed(effect)
    assert [found["", month] for month in MONTHS] == [8, 4, 8, 8]
    assert all(each.breakdown == "region > product" for each in effect.untied)


def test_a_breakdown_without_the_revised_goal_does_not_hold_the_total():
    """Else a restatement would move siblings, which is what keep-total is for."""
    plan = plan_of(
        [["region"], ["product"]],
        {
            "": months(8, 8, 8, 8) | {"2023H2": 32},
            "A": months(4, 4, 4, 4),
            "B": months(4, 4, 4, 4),
            "上海": {"2023H2": 16},
            "华南": {"2023H2": 16},
        },
    )
    effect = revised(plan, "华南", "2023H2", 10)
    found = typed(effect)
    assert (found["", "2023H2"], found["华东/上海", "2023H2"]) == (26, 16)
    assert sum(found["", month] for month in MONTHS) == 26
    assert {each.breakdown for each in effect.untied} == {"product"}
