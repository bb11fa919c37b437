"""Sums in arrays are exact at and beyond the border of 64 bits."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.errors import FloatRefused, UsageError
from salesgoal.frames.exact_sum import add_up, is_safe, magnitude, narrow, to_units_array

BORDER = 2**63
NEAR = st.one_of(
    st.integers(-BORDER, BORDER - 1),
    st.sampled_from([-BORDER, BORDER - 1, BORDER // 2, -BORDER // 2]),
)


@given(st.lists(NEAR, max_size=6))
def test_the_magnitude_is_that_of_python_integers(values):
    assert magnitude(np.array(values, np.int64)) == sum(map(abs, values))
    assert magnitude(np.array(values, object)) == sum(map(abs, values))


@given(st.lists(st.tuples(st.integers(0, 3), NEAR), max_size=8))
def test_sums_never_wrap(pairs):
    places = np.array([place for place, _ in pairs], np.intp)
    found = add_up(places, np.array([units for _, units in pairs], np.int64), 4)
    wanted = [sum(units for place, units in pairs if place == at) for at in range(4)]
    assert found.tolist() == wanted
    assert (found.dtype == np.int64) == (sum(map(abs, wanted)) < BORDER)


def test_the_last_sum_that_fits_stays_in_64_bits():
    fits = np.array([BORDER - 2, 1])
    assert is_safe(fits)
    assert not is_safe(np.array([BORDER - 1, 1]))
    assert not is_safe(np.array([-BORDER]))
    assert narrow(fits) is fits
    assert narrow(fits.astype(object)).dtype == np.int64
    assert not is_safe(fits.astype(object))


def test_integers_of_any_kind_are_taken_as_they_are():
    assert to_units_array(np.array([1, 2], np.uint8)).tolist() == [1, 2]
    assert to_units_array(np.array([2**63], np.uint64)).tolist() == [2**63]
    assert to_units_array([]).dtype == np.int64
    assert to_units_array([-(2**80)]).tolist() == [-(2**80)]
    assert to_units_array([0, 2**63]).tolist() == [0, 2**63]
    mixed = to_units_array(np.array([np.int64(2**62), 2**70], object))
    assert [type(each) for each in mixed] == [int, int]


def test_floats_and_texts_are_refused():
    with pytest.raises(FloatRefused):
        to_units_array(np.array([1.0]))
    with pytest.raises(UsageError):
        to_units_array(["1"])
    with pytest.raises(FloatRefused):
        to_units_array(np.array([2**70, 1.0], object))
    with pytest.raises(UsageError):
        to_units_array([Decimal(1)])
