from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.reconciliation import reconcile_subtree
from salesgoal.domain.review import Review
from salesgoal.domain.subtree import find_owner, member_goals, owned_goals, take_subtree
from salesgoal.domain.target import Ownership, Target
from salesgoal.errors import UnknownName

SALES = Metric(id="sales", decimals=2)
DEBT = Metric(id="debt", aggregation=Aggregation.LAST)
REGION = Dimension("region", ["华东", "华南"])
REP = Dimension("rep", ["张三", "李四", "王五"])


def target(amount, owner=None, **scope):
    return Target(
        scope=scope,
        metric="sales",
        period="2023-10",
        target=amount,
        ownership=Ownership(owner=owner),
    )


def fact(amount, on=6, **members):
    return Actual(on=date(2023, 10, on), members=members, values={"sales": Decimal(amount)})


TARGETS = (
    target(60, "东总", region="华东"),
    target(30, "张三", region="华东", rep="张三"),
    target(20, "东总", region="华东", rep="李四"),
    target(40, None, region="华南"),
    target(40, "王五", region="华南", rep="王五"),
    target(5, "东总", rep="王五"),
)
FACTS = (
    fact(10, region="华东", rep="张三"),
    fact(7, region="华东"),
    fact(3, region="华南", rep="王五"),
    fact(1, rep="王五"),
    Actual(on=date(2024, 1, 1), members={"region": "华东"}, values={"sales": Decimal(9)}),
)
REVIEWS = (
    Review(scope={"region": "华东"}, period="2023-10", cause="缺货", amount=2, action="催货"),
    Review(scope={"region": "华南"}, period="2023-10", cause="淡季", amount=3, action="促销"),
)


@pytest.fixture(scope="module")
def cards():
    plan = make_plan(
        name="团队",
        period="2023-10",
        metrics=[SALES, DEBT],
        dimensions=[REGION, REP],
        breakdowns=[Breakdown(["region", "rep"]), Breakdown(["rep"])],
        targets=TARGETS,
        reviews=REVIEWS,
    )
    return hold_against(plan, FACTS, as_of=date(2023, 10, 31))


def scopes(found, name):
    return [tuple(codes) for codes in found[name]]


def test_an_owner_has_the_topmost_goals_and_what_is_below_them(cards):
    found = owned_goals(cards)
    assert sorted(found) == ["东总", "张三", "王五"]
    # 华东/李四 is below 华东, which the same owner has; 王五 alone is a goal of the other
    # breakdown.
    assert scopes(found, "东总") == [(0, -1), (-1, 2)]
    assert scopes(found, "张三") == [(0, 0)]
    assert scopes(found, "王五") == [(1, 2)]


def test_a_member_has_the_goals_that_name_it_first(cards):
    found = member_goals(cards, "rep")
    assert scopes(found, "王五") == [(1, 2), (-1, 2)]
    assert scopes(member_goals(cards, "region"), "华东") == [(0, -1)]
    with pytest.raises(UnknownName, match="no dimension is called 'product'"):
        member_goals(cards, "product")


def test_a_subtree_keeps_its_paths_and_has_nothing_of_the_others(cards):
    (card,) = take_subtree(cards, (0, -1))
    assert card.tree.path == ("华东", "华东/张三", "华东/李四")
    assert card.row(metric="sales", period="2023-10").goal == "华东"
    assert card.row("华东/张三", metric="sales", period="2023-10").target == 30_00
    with pytest.raises(UnknownName):
        card.row("华南", metric="sales", period="2023-10")
    plan = card.plan
    assert set(plan.ownership.rows) == set(card.tree.scope)
    assert plan.targets.scopes() <= set(card.tree.scope)
    assert [each.cause for each in plan.reviews.given] == ["缺货"]
    assert [each.text for each in plan.reviews.explanations] == ["缺货"]
    assert [each.what for each in plan.reviews.actions] == ["催货"]
    assert {codes for places in plan.typed_at.values() for codes in places} <= set(
        card.tree.scope
    )


def test_the_root_of_a_subtree_is_the_root_whatever_its_path(cards):
    (card,) = take_subtree(cards, (0, -1))
    assert card.tree.node("") == card.tree.node("华东") == 0
    assert card.tree.step[0] == (-1, -1)
    assert card.tree.parent == (-1, 0, 0)


def test_facts_of_others_have_no_home_in_a_subtree(cards):
    (card,) = take_subtree(cards, (0, 0))
    homes = {codes: card.tree.home(codes, card.plan.dimensions) for codes in card.cells.combos}
    assert {codes for codes, node in homes.items() if node >= 0} == {(0, 0)}


def test_a_subtree_reconciles_what_was_read_of_its_members(cards):
    (card,) = take_subtree(cards, (0, -1))
    found = reconcile_subtree(card)
    assert list(found) == ["sales"]
    one = found["sales"]
    assert (one.read, one.root, one.outside_period, one.rejected) == (26_00, 17_00, 9_00, 0)
    assert one.unassigned == 7_00


def test_a_goal_of_several_breakdowns_comes_from_each(cards):
    plan = cards[0].plan
    both = make_plan(
        name="团队",
        period="2023-10",
        metrics=[SALES],
        dimensions=plan.dimensions,
        breakdowns=[Breakdown(["region", "rep"]), Breakdown(["region"])],
        targets=[TARGETS[0], TARGETS[1]],
    )
    found = take_subtree(hold_against(both, FACTS, as_of=date(2023, 10, 31)), (0, -1))
    assert [card.tree.path for card in found] == [("华东", "华东/张三"), ("华东",)]


def test_an_unknown_owner_is_told_the_nearest(cards):
    owned = owned_goals(cards)
    assert find_owner(owned, "张三") == owned["张三"]
    with pytest.raises(UnknownName, match="no owner is called '张三丰' - did you mean '张三'"):
        find_owner(owned, "张三丰")
    with pytest.raises(UnknownName, match="did you mean '东总', '张三', '王五'"):
        find_owner(owned, "zzz")


def test_original_targets_are_cut_like_the_current_ones(cards):
    import attrs

    plan = attrs.evolve(cards[0].plan, original=cards[0].plan.targets)
    (card,) = take_subtree([attrs.evolve(cards[0], plan=plan)], (0, 0))
    assert list(card.plan.original.scopes()) == [(0, 0)]
