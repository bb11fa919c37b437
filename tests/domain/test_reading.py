from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import reduce

import pytest

from salesgoal.domain.metric import Aggregation
from salesgoal.domain.reading import READING_RULES, _extreme

FIRST, SECOND = date(2023, 10, 1), date(2023, 10, 2)


def test_every_aggregation_but_the_sum_has_a_rule():
    assert set(READING_RULES) == set(Aggregation) - {Aggregation.SUM}


@pytest.mark.parametrize(
    ("aggregation", "facts", "over_time", "over_tree"),
    [
        (Aggregation.LAST, [(5, FIRST), (3, SECOND)], 3, 8),
        (Aggregation.LAST, [(3, SECOND), (5, FIRST)], 3, 8),
        (Aggregation.LAST, [(5, FIRST), (3, FIRST)], 8, 8),
        (Aggregation.AVERAGE, [(5, FIRST), (2, SECOND)], Fraction(7, 2), Fraction(7, 2)),
        (Aggregation.MAXIMUM, [(5, FIRST), (3, SECOND)], 5, 5),
        (Aggregation.MINIMUM, [(5, FIRST), (3, SECOND)], 3, 3),
        (Aggregation.DISTINCT, [("a", FIRST), ("b", FIRST), ("a", SECOND)], 2, 2),
    ],
)
def test_readings_merge_over_time_and_over_the_tree(aggregation, facts, over_time, over_tree):
    rule = READING_RULES[aggregation]
    readings = [rule.start(value, on) for value, on in facts]
    assert rule.value(reduce(rule.over_time, readings)) == over_time
    assert rule.value(reduce(rule.over_tree, readings)) == over_tree


@pytest.mark.parametrize("aggregation", READING_RULES)
def test_only_counted_keys_are_zero_where_nothing_was_read(aggregation):
    zero = 0 if aggregation is Aggregation.DISTINCT else None
    assert READING_RULES[aggregation].nothing == zero


def test_balances_of_one_day_add_and_keep_their_day():
    merge = READING_RULES[Aggregation.LAST].over_time
    assert merge((FIRST, 5), (FIRST, 3)) == (FIRST, 8)
    assert merge((SECOND, 5), (FIRST, 3)) == (SECOND, 5)


def test_an_extreme_is_chosen_over_time_and_over_goals_alike():
    rule = _extreme(min)
    assert rule.start(7, FIRST) == 7
    assert (rule.over_time(7, 3), rule.over_tree(7, 3), rule.value(3)) == (3, 3, 3)
    assert rule.nothing is None
