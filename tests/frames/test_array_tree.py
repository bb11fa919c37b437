"""Trees in arrays are the trees of lists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown, build_tree
from salesgoal.domain.scope import ANY
from salesgoal.errors import PlanRefused, UnknownName, UsageError
from salesgoal.frames.array_tree import make_tree
from salesgoal.frames.tree_arrays import make_tree_arrays

DIMENSIONS = [
    Dimension("product", ["甲", Member("乙/丙"), Member("丁", parent="乙/丙")]),
    Dimension(
        "region",
        [
            Member("支援", overlay=True),
            "华东",
            Member("上海", parent="华东"),
            Member("浦东", parent="上海"),
            Member("专员", parent="支援"),
            "华南",
        ],
    ),
    Dimension("rep", ["张三", "李四"]),
]
COLUMNS = ("parent", "first", "counted", "stop", "step", "scope", "path")
SCOPES = st.lists(
    st.tuples(st.integers(-1, 2), st.integers(-1, 5), st.integers(-1, 1)), max_size=8
)
ORDERS = st.sampled_from(
    [("product", "region", "rep"), ("region", "product"), ("rep",), ("region",), ()]
)


def matrix(scopes):
    return np.array(scopes, np.int32).reshape(-1, 3)


def either(make):
    """What is made, or the problems that it is refused for."""
    try:
        return make(), None
    except PlanRefused as refused:
        return None, refused.problems


@given(ORDERS, SCOPES)
def test_every_column_is_that_of_the_lists(order, scopes):
    breakdown = Breakdown(order)
    plain, problems = either(lambda: build_tree(breakdown, DIMENSIONS, scopes))
    arrays, same = either(lambda: make_tree(breakdown, DIMENSIONS, matrix(scopes)))
    assert problems == same
    if plain is None:
        return
    assert len(plain) == len(arrays)
    for name in COLUMNS:
        column, twin = getattr(plain, name), getattr(arrays, name)
        assert list(twin) == list(column), name
        assert [twin[at] for at in range(len(plain))] == list(column)
        assert list(twin[1:3]) == list(column[1:3])
        assert twin == column
        assert twin != column[1:]
        assert twin != 1
    assert plain == arrays
    assert arrays == make_tree(breakdown, DIMENSIONS, matrix(scopes))
    assert plain.by_path == arrays.by_path
    assert plain.by_scope == arrays.by_scope
    assert list(plain.reading_order()) == list(arrays.reading_order())


COMBOS = st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 5), st.integers(-1, 1)))


@given(ORDERS, SCOPES, COMBOS, st.integers(0, 30))
def test_homes_are_found_all_at_once(order, scopes, combos, root):
    from salesgoal.domain.subtree import _below, _tree

    tree, _ = either(lambda: make_tree(Breakdown(order), DIMENSIONS, matrix(scopes)))
    if tree is None:
        return
    for one in (tree, _tree(tree, list(_below(tree, root % len(tree))))):
        found = make_tree_arrays(one).homes(matrix(combos), DIMENSIONS)
        assert found.tolist() == [
            one.leaves.get(codes, one.home(codes, DIMENSIONS)) for codes in combos
        ]


def test_what_it_is_broken_down_by_must_be_there_once():
    with pytest.raises(UnknownName):
        make_tree(Breakdown(["city"]), DIMENSIONS, matrix([]))
    with pytest.raises(UsageError):
        make_tree(Breakdown(["rep", "rep"]), DIMENSIONS, matrix([]))


def test_a_tree_is_as_deep_as_members_may_be():
    chain = [Member("0")] + [Member(str(at), parent=str(at - 1)) for at in range(1, 64)]
    deep = [Dimension("area", chain)]
    tree = make_tree(Breakdown(["area"]), deep, np.array([[63]], np.int32))
    assert len(tree) == 65
    assert tree.depth(64) == 64
    arrays = make_tree_arrays(tree)
    assert arrays.add_up(np.ones(65, np.int64))[0] == 65
    assert arrays.homes(np.array([[ANY], [40]], np.int32), deep).tolist() == [0, 41]


def test_columns_say_how_long_they_are():
    tree = make_tree(Breakdown(["rep"]), DIMENSIONS, matrix([(-1, -1, 0)]))
    assert "2" in repr(tree.parent)
    assert "2" in repr(tree.path)
    assert tree.path != 1
