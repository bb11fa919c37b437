from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from salesgoal.domain.kind import require_exact, require_whole
from salesgoal.domain.number import (
    EvenSplit,
    amount_text,
    apportion,
    apportion_each,
    percent,
    round_units,
    to_amount,
    to_units,
    weigh,
)
from salesgoal.errors import FloatRefused, NumberRefused


@pytest.mark.parametrize(
    ("amount", "decimals", "units"),
    [
        (Decimal("1234.50"), 2, 123450),
        (Decimal("1234.500"), 2, 123450),
        (Decimal("-0.01"), 2, -1),
        (Decimal("-0"), 2, 0),
        (Decimal("1E+3"), 0, 1000),
        (7, 2, 700),
        (10**13 - 1, 0, 10**13 - 1),
        (Decimal("-9999999999999.99"), 2, -(10**15) + 1),
    ],
)
def test_an_amount_becomes_whole_units(amount, decimals, units):
    assert to_units(amount, decimals) == units


@pytest.mark.parametrize(
    ("amount", "code", "found"),
    [
        (Decimal("1.005"), "excess-decimals", 3),
        (Decimal("-1.0050"), "excess-decimals", 3),
        (Decimal("1E-7"), "excess-decimals", 7),
        (10**13, "out-of-range", 0),
        (-(10**13), "out-of-range", 0),
        (Decimal("1E+30"), "out-of-range", 0),
        (Decimal("NaN"), "not-a-number", 0),
        (Decimal("-Infinity"), "not-a-number", 0),
    ],
)
def test_a_number_that_the_metric_cannot_hold_is_refused(amount, code, found):
    with pytest.raises(NumberRefused) as caught:
        to_units(amount, 2)
    assert (caught.value.code, caught.value.decimals) == (code, found)


def test_a_float_is_refused_with_a_remedy():
    with pytest.raises(FloatRefused, match=r"give Decimal\('0.1'\)"):
        to_units(0.1, 2)


@pytest.mark.parametrize("amount", ["1,200.50", None, Fraction(1, 3)])
def test_what_is_no_number_is_refused_with_a_remedy(amount):
    with pytest.raises(NumberRefused, match="give Decimal or int") as caught:
        to_units(amount, 2)
    assert caught.value.code == "not-a-number"


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [
        (123456789, 2, "1,234,567.89"),
        (-5, 2, "-0.05"),
        (0, 0, "0"),
        (Fraction(5, 2), 1, "0.3"),
        (10**25, 0, f"{10**25:,}"),
    ],
)
def test_units_are_read_with_all_their_decimals(units, decimals, text):
    assert amount_text(units, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "amount"),
    [
        (123450, 2, "1234.50"),
        (0, 2, "0.00"),
        (-1, 2, "-0.01"),
        (5, 0, "5"),
        (Fraction(1, 3), 2, "0.00"),
        (Fraction(-1, 3), 2, "0.00"),
        (Fraction(1, 2), 2, "0.01"),
        (Fraction(-3, 2), 2, "-0.02"),
    ],
)
def test_units_become_a_decimal_amount(value, decimals, amount):
    assert str(to_amount(value, decimals)) == amount


@pytest.mark.parametrize(
    ("value", "whole"),
    [(Fraction(5, 2), 3), (Fraction(-5, 2), -3), (Fraction(7, 3), 2), (4, 4), (Fraction(0), 0)],
)
def test_a_half_goes_away_from_zero(value, whole):
    assert round_units(value) == whole


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (Fraction(69, 80), "86.25"),
        (1, "100.00"),
        (Fraction(1, 3), "33.33"),
        (Fraction(99999, 100000), "100.00"),
        (Fraction(-1, 8), "-12.50"),
    ],
)
def test_percent_has_two_places_half_up(ratio, shown):
    assert str(percent(ratio)) == shown


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (0, [3, 7], [0, 0]),
        (10, [Decimal("0.5"), Fraction(1, 2), 1], [3, 2, 5]),
        (1, [1, 2], [0, 1]),
        (7, [0, 1], [0, 7]),
        (5, [9], [5]),
    ],
)
def test_parts_follow_the_weights_by_largest_remainder(total, weights, parts):
    assert apportion(total, weights) == parts


def test_zero_weights_split_evenly_and_say_so():
    with pytest.warns(EvenSplit, match="split evenly"):
        assert apportion(5, [0, 0]) == [3, 2]


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ([], "no-weights"),
        ([1, -1], "negative-weight"),
        ([Decimal("NaN")], "not-a-number"),
        ([Decimal("Infinity")], "not-a-number"),
    ],
)
def test_weights_that_share_nothing_are_refused(weights, code):
    with pytest.raises(NumberRefused) as caught:
        apportion(5, weights)
    assert caught.value.code == code


def test_a_float_weight_is_refused():
    with pytest.raises(FloatRefused):
        apportion(5, [1, 0.5])


def test_weights_are_made_whole_without_a_common_divisor():
    assert weigh([20, 30]).shares == (2, 3)
    assert weigh([Decimal("0.25"), Fraction(1, 2)]).shares == (1, 2)
    assert weigh([0, 0]).shares == (0, 0)
    with pytest.raises(NumberRefused):
        weigh([Decimal(1), Decimal(-1)])


def test_many_totals_are_shared_in_columns():
    large = weigh([10**6 + 1, 10**6])
    assert [list(each) for each in apportion_each([3, 10**7], large)] == [
        [2, 5_000_002],
        [1, 4_999_998],
    ]
    assert apportion_each([], large) == [[], []]
    with pytest.warns(EvenSplit):
        assert apportion_each([3], weigh([0, 0])) == [[2], [1]]


def test_many_totals_of_any_sign_are_what_each_is_alone():
    for totals in ([0, 1, -1, 7], [1, 7], [0, 7], [-3], [0]):
        for weights in ([1, 2, 4], [10**6 + 1, 10**6, 1]):
            rows = [apportion(total, weights) for total in totals]
            columns = apportion_each(totals, weigh(weights))
            assert [list(column) for column in columns] == [*map(list, zip(*rows, strict=True))]
    with pytest.warns(EvenSplit, match="^every weight is zero, split evenly$"):
        assert apportion_each([5, 3], weigh([0, 0, 0])) == [[2, 1], [2, 1], [1, 1]]
    with pytest.warns(EvenSplit, match="^every weight is zero, split evenly$"):
        assert apportion(5, [0, 0, 0]) == [2, 2, 1]


@pytest.mark.parametrize(
    ("weights", "code", "said"),
    [
        ([], "no-weights", "has no weights to share among"),
        ([1, -2], "negative-weight", "-2 is a negative weight"),
        ([Fraction(1), Fraction(-2)], "negative-weight", "-2 is a negative weight"),
        ([1, Decimal("NaN")], "not-a-number", "NaN is not a finite weight"),
    ],
)
def test_a_refused_weight_is_said_with_its_fault(weights, code, said):
    with pytest.raises(NumberRefused) as caught:
        weigh(weights)
    assert caught.value.code == code
    assert said in str(caught.value)


def test_a_refused_float_is_said():
    with pytest.raises(FloatRefused, match=r"50\.25"):
        weigh([1, 50.25])


def test_few_parts_are_remembered_and_many_are_not():
    small, large = weigh([1, 2]), weigh([1 << 16, 1])
    for held in (small, large):
        held.share(5)
        held.share_each([5, 6])
    assert (len(small._rests), len(large._rests)) == (2, 0)


def test_weights_are_held_without_a_common_divisor():
    assert weigh([2, 4]).shares == (1, 2)
    assert weigh([6, 9]).shares == (2, 3)
    assert weigh([5, 7]).shares == (5, 7)


@pytest.mark.parametrize(
    "share", [lambda: apportion(7, [0, 0]), lambda: apportion_each([7], weigh([0, 0]))]
)
def test_an_even_split_is_said_where_it_was_asked_for(share):
    with pytest.warns(EvenSplit) as said:
        share()
    assert [Path(each.filename) for each in said] == [Path(__file__)]


@pytest.mark.parametrize("require", [require_whole, require_exact])
@pytest.mark.parametrize("wrong", [Decimal("1.5"), "7", 2j])
def test_what_is_not_in_smallest_units_is_named_and_told_how_to_become_so(require, wrong):
    with pytest.raises(NumberRefused) as refused:
        require(wrong)
    error = refused.value
    assert (error.code, error.value) == ("not-a-number", repr(wrong))
    assert str(error).startswith(f"{wrong!r} is no")
    assert "to_units" in str(error)
    assert error.zh.startswith(f"{wrong!r} 不是最小单位")


def test_whole_numbers_fractions_and_what_is_not_known_are_exact():
    for number in (0, -7, True, Fraction(1, 3), None):
        require_exact(number)
    require_whole(0)
    with pytest.raises(NumberRefused):
        require_whole(Fraction(1, 3))
    for require in (require_whole, require_exact):
        with pytest.raises(FloatRefused, match=r"Decimal\('0.1'\)"):
            require(0.1)
