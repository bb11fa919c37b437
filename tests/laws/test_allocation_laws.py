"""Allocation, DESIGN section 4.

"parts sum to the whole, for any total and weights; each part is floor or ceil of its quota; a
larger remainder never gets less; scaling weights changes nothing; ties are stable."
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.number import EvenSplit, apportion

TOTALS = st.integers(-50, 50) | st.integers(-(10**15), 10**15)
WEIGHT = (
    st.integers(0, 9)
    | st.integers(0, 10**12)
    | st.decimals(0, 10**6, places=4)
    | st.fractions(0, 100, max_denominator=97)
)
WEIGHTS = st.lists(WEIGHT, min_size=1, max_size=12).filter(any)


def quotas(total, weights):
    exact = [Fraction(weight) for weight in weights]
    return [total * weight / sum(exact) for weight in exact]


@given(TOTALS, WEIGHTS)
def test_parts_sum_to_the_whole(total, weights):
    parts = apportion(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)


@given(TOTALS, WEIGHTS)
def test_each_part_is_floor_or_ceil_of_its_quota(total, weights):
    for part, quota in zip(apportion(total, weights), quotas(total, weights), strict=True):
        assert part in {floor(quota), ceil(quota)}


@given(TOTALS, WEIGHTS)
def test_a_larger_remainder_never_gets_less_and_ties_go_to_the_earlier(total, weights):
    sizes = [abs(quota) for quota in quotas(total, weights)]
    remainders = [size - floor(size) for size in sizes]
    given_on_top = [
        abs(part) - floor(size)
        for part, size in zip(apportion(total, weights), sizes, strict=True)
    ]
    pairs = list(zip(remainders, given_on_top, strict=True))
    for (earlier, more), (later, less) in combinations(pairs, 2):
        if earlier >= later:
            assert more >= less
        else:
            assert less >= more


@given(TOTALS, WEIGHTS, st.fractions(Fraction(1, 1000), 1000))
def test_scaling_the_weights_changes_nothing(total, weights, factor):
    scaled = [Fraction(weight) * factor for weight in weights]
    assert apportion(total, scaled) == apportion(total, weights)


@given(TOTALS, WEIGHTS)
def test_a_negative_total_mirrors_a_positive_one(total, weights):
    assert apportion(-total, weights) == [-part for part in apportion(total, weights)]


@given(TOTALS, WEIGHTS)
def test_a_weight_of_zero_gets_nothing(total, weights):
    assert apportion(total, [*weights, 0]) == [*apportion(total, weights), 0]


@given(TOTALS, st.integers(1, 12))
def test_zero_weights_split_evenly_and_say_so(total, size):
    with pytest.warns(EvenSplit):
        parts = apportion(total, [0] * size)
    assert parts == apportion(total, [1] * size)
    assert max(parts) - min(parts) in {0, 1}
