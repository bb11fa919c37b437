"""The kernel of lists: ratios, what is typed before what is derived, and mismatch."""

from __future__ import annotations

from fractions import Fraction

import pytest

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.goal_tree import Breakdown, build_tree
from salesgoal.domain.kernel import LISTS
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.scope import ANY

TREE = build_tree(Breakdown(["product"]), [Dimension("product", ["A", "B"])], [(0,), (1,)])
SALES, ORDERS = Metric(id="sales", decimals=2), Metric(id="orders")
PRICE = Metric(id="price", decimals=2, aggregation=Ratio("sales", "orders"))


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ([10, 6, 3], [1, None, None]),
        ([10, 6, None], [4, None, None]),
        ([10, None, None], [None, None, None]),
        ([None, 6, 3], [None, None, None]),
        ([0, 6, 3], [-9, None, None]),
        ([10, 0, None], [10, None, None]),
    ],
)
def test_a_mismatch_is_what_a_goal_leaves_over_after_its_children(column, found):
    assert TREE.scope == ((ANY,), (0,), (1,))
    assert LISTS.find_mismatch(TREE, column) == found


def test_a_ratio_is_absent_where_either_part_is_and_over_nothing():
    found = LISTS.divide(PRICE, (SALES, ORDERS), [300, None, 300, 300], [2, 2, None, 0])
    assert found == [Fraction(150), None, None, None]


def test_what_is_typed_goes_before_what_is_derived_and_zero_is_typed():
    assert LISTS.fill_in([5, None, 0], [1, 2, 3]) == [5, 2, 0]
