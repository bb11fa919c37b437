from __future__ import annotations

from datetime import date

import attrs
import pytest

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown, build_tree
from salesgoal.domain.period import Level, Period
from salesgoal.domain.scope import ANY
from salesgoal.errors import PlanRefused, UnknownName, UsageError

PRODUCT = Dimension("product", ["A", "B"])
REGION = Dimension("region", ["华东", Member("上海", parent="华东"), "华南"])
DIMENSIONS = [PRODUCT, REGION]
A, B = 0, 1
EAST, SHANGHAI, SOUTH = 0, 1, 2
BY_PRODUCT = Breakdown(["product", "region"])
TREE = build_tree(BY_PRODUCT, DIMENSIONS, [(B, ANY), (A, SHANGHAI), (A, SOUTH), (A, EAST)])


def test_a_breakdown_is_named_after_its_dimensions():
    assert BY_PRODUCT.name == "product > region"


def test_goals_stand_breadth_first_and_siblings_in_the_order_of_members():
    assert TREE.path == ("", "A", "B", "A/华东", "A/华南", "A/华东/上海")
    assert TREE.parent == (-1, 0, 0, 1, 1, 3)
    assert list(TREE.children(0)) == [1, 2]
    assert list(TREE.children(1)) == [3, 4]
    assert list(TREE.children(5)) == []
    assert len(TREE) == 6


def test_people_read_a_tree_depth_first():
    shown = [TREE.path[node] for node in TREE.reading_order()]
    assert shown == ["", "A", "A/华东", "A/华东/上海", "A/华南", "B"]
    assert list(TREE.reading_order(3)) == [3, 5]


def test_a_child_narrows_the_scope_of_its_parent():
    assert TREE.scope[0] == (ANY, ANY)
    assert TREE.scope[3] == (A, EAST)
    assert TREE.scope[5] == (A, SHANGHAI)
    assert TREE.by_scope[A, SHANGHAI] == 5


def test_depth_counts_the_goals_above():
    assert [TREE.depth(node) for node in range(6)] == [0, 1, 1, 2, 2, 3]


def test_inner_goals_come_from_the_lowest_to_the_root():
    assert list(TREE.inner) == [3, 1, 0]


def test_a_goal_is_found_by_its_path():
    assert TREE.node("A/华东") == 3
    assert TREE.node("") == 0
    with pytest.raises(UnknownName) as caught:
        TREE.node("上海")
    assert caught.value.nearest == ("A/华东/上海",)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("A/华冬", "A/华东"),
        ("A/华冬/上海", "A/华东/上海"),
        ("A/华东/上诲", "A/华东/上海"),
        ("A/华东/没有", "A/华东"),
    ],
)
def test_a_goal_that_is_misspelt_at_one_step_is_named_whole(wrong, meant):
    assert meant in TREE.nearest(wrong)


def test_a_goal_that_is_like_none_has_no_likeness():
    assert TREE.nearest("完全不同的名称") == []


@pytest.mark.parametrize(
    ("codes", "home"),
    [
        ((A, SHANGHAI), "A/华东/上海"),
        ((A, EAST), "A/华东"),
        ((A, SOUTH), "A/华南"),
        ((A, ANY), "A"),
        ((B, SOUTH), "B"),
        ((ANY, SOUTH), ""),
        ((ANY, ANY), ""),
    ],
)
def test_a_fact_is_at_home_in_the_lowest_goal_it_matches(codes, home):
    assert TREE.path[TREE.home(codes, DIMENSIONS)] == home


def test_scopes_of_other_breakdowns_are_passed_over():
    tree = build_tree(BY_PRODUCT, DIMENSIONS, [(ANY, EAST)])
    assert tree.path == ("",)
    only_product = build_tree(Breakdown(["product"]), DIMENSIONS, [(A, EAST), (B, ANY)])
    assert only_product.path == ("", "B")


def test_every_member_gives_a_goal_to_every_combination_of_leaves():
    tree = build_tree(Breakdown(["product", "region"], every_member=True), DIMENSIONS, [])
    leaves = [tree.path[node] for node in range(len(tree)) if not tree.children(node)]
    assert leaves == ["A/华南", "B/华南", "A/华东/上海", "B/华东/上海"]


def test_children_that_refine_two_dimensions_overlap():
    by_region = Breakdown(["region", "product"])
    with pytest.raises(PlanRefused) as caught:
        build_tree(by_region, DIMENSIONS, [(A, EAST), (A, SHANGHAI), (B, SOUTH)])
    (found,) = caught.value.problems
    assert found.code == "overlapping-goals"
    assert found.where.key == "华东"
    assert found.facts == {"first": "A", "second": "上海"}


def test_an_unknown_dimension_of_a_breakdown_is_refused():
    with pytest.raises(UnknownName, match="no dimension is called 'area'"):
        build_tree(Breakdown(["area"]), DIMENSIONS, [])


def test_a_breakdown_names_a_dimension_once():
    with pytest.raises(UsageError, match="region > region names a dimension twice"):
        build_tree(Breakdown(["region", "region"]), DIMENSIONS, [])


def test_an_unknown_goal_comes_with_three_whose_path_ends_alike():
    wide = build_tree(
        Breakdown(["product", "region"]),
        [Dimension("product", ["A", "B", "C", "D"]), Dimension("region", ["东"])],
        [(each, 0) for each in range(4)],
    )
    with pytest.raises(UnknownName) as refused:
        wide.node("东")
    assert (refused.value.name, refused.value.nearest) == ("东", ("A/东", "B/东", "C/东"))


def test_an_unknown_dimension_comes_with_those_of_the_plan():
    with pytest.raises(UnknownName) as refused:
        build_tree(Breakdown(["product", "salesperson"]), DIMENSIONS, [])
    assert refused.value.name == "salesperson"
    with pytest.raises(UnknownName) as near:
        build_tree(Breakdown(["regio"]), DIMENSIONS, [])
    assert near.value.nearest == ("product", "region")


def test_a_subtree_is_home_to_facts_of_its_own_root_alone():
    east = attrs.evolve(TREE, scope=((ANY, EAST), *TREE.scope[1:]))
    assert east.home((ANY, EAST), DIMENSIONS) == 0
    assert east.home((ANY, SHANGHAI), DIMENSIONS) == 0
    assert east.home((ANY, SOUTH), DIMENSIONS) == -1
    assert east.home((ANY, ANY), DIMENSIONS) == -1
    assert east.home((B, EAST), DIMENSIONS) == 2


def test_an_overlay_counts_only_where_its_member_is_shown():
    people = Dimension("rep", ["张三", Member("专家", overlay=True)])
    dimensions = [PRODUCT, people]
    by_product = build_tree(Breakdown(["product"]), dimensions, [(A, ANY)])
    assert by_product.home((A, 0), dimensions) == 1
    assert by_product.home((A, 1), dimensions) == -1
    by_rep = build_tree(Breakdown(["rep"]), dimensions, [(ANY, 0), (ANY, 1)])
    assert by_rep.home((A, 1), dimensions) == by_rep.node("专家")


def test_overlays_stand_last_and_only_their_head_is_set_aside():
    people = Dimension(
        "rep", [Member("专家组", overlay=True), Member("专家", parent="专家组"), "张三"]
    )
    tree = build_tree(Breakdown(["rep"]), [people], [(1,), (2,)])
    assert tree.path == ("", "张三", "专家组", "专家组/专家")
    assert tree.step[0] == (-1, -1)
    assert list(tree.counted_children(0)) == [1]
    assert list(tree.counted_children(2)) == [3]


def test_a_slash_in_a_name_does_not_look_like_a_step():
    odd = Dimension("product", ["A/B"])
    assert build_tree(Breakdown(["product"]), [odd], [(0,)]).path == ("", "A／B")


def test_every_member_has_a_goal_while_there_is_a_seat_below_which_nobody_sits():
    people = Dimension(
        "rep",
        [
            "公司",
            Member("华东", parent="公司"),
            Member("张三", parent="华东", until=date(2023, 6, 30)),
            Member("李四", parent="华东", since=date(2023, 7, 1)),
            Member("华南", parent="公司"),
        ],
    )
    every = Breakdown(["rep"], every_member=True)
    halves = {}
    for half, (start, stop) in {
        "first": (date(2023, 1, 1), date(2023, 7, 1)),
        "second": (date(2023, 7, 1), date(2024, 1, 1)),
    }.items():
        inside = Period(start, stop, Level.HALF, half)
        halves[half] = build_tree(every, [people], [], inside).path
    head = ("", "公司", "公司/华东", "公司/华南")
    assert halves == {"first": (*head, "公司/华东/张三"), "second": (*head, "公司/华东/李四")}
