from __future__ import annotations

from fractions import Fraction

import pytest

from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.errors import UsageError

SALES = Metric(id="sales", decimals=2)
CASH = Metric(id="cash", decimals=2)
ORDERS = Metric(id="orders")
RATE = Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales"))


def test_a_metric_without_a_name_shows_its_id():
    assert SALES.name == "sales"
    assert Metric(id="sales", name="销售额").name == "销售额"


@pytest.mark.parametrize("decimals", [-1, 10])
def test_decimals_out_of_range_are_refused(decimals):
    with pytest.raises(UsageError, match="give 0 to 9"):
        Metric(id="sales", decimals=decimals)


@pytest.mark.parametrize("decimals", [0, 9])
def test_decimals_at_the_ends_of_the_range_are_kept(decimals):
    assert Metric(id="sales", decimals=decimals).decimals == decimals


def test_only_sums_are_additive():
    additive = [each for each in Aggregation if Metric(id="m", aggregation=each).is_additive]
    assert additive == [Aggregation.SUM]
    assert not RATE.is_additive


def test_a_ratio_carries_no_facts():
    assert Metric(id="debt", aggregation=Aggregation.LAST).reading is Aggregation.LAST
    with pytest.raises(UsageError, match="give facts to its parts"):
        _ = RATE.reading


@pytest.mark.parametrize(
    ("metric", "over", "under", "parts", "units"),
    [
        (RATE, 690_000, 800_000, (CASH, SALES), Fraction(345, 4)),
        (RATE, 5, 0, (CASH, SALES), None),
        (RATE, 0, 5, (CASH, SALES), Fraction(0)),
        (
            Metric(id="mean", decimals=2, aggregation=Ratio("sales", "orders")),
            100_00,
            8,
            (SALES, ORDERS),
            Fraction(1250),
        ),
        (
            Metric(id="inverse", aggregation=Ratio("orders", "sales")),
            8,
            100_00,
            (ORDERS, SALES),
            Fraction(2, 25),
        ),
    ],
)
def test_a_ratio_comes_in_its_own_smallest_unit(metric, over, under, parts, units):
    assert metric.ratio_units(over, under, parts) == units


def test_only_ratios_in_percent_are_shown_times_one_hundred():
    assert RATE.shown_times == 100
    assert Metric(id="share", unit="%").shown_times == 1
    assert Metric(id="mean", aggregation=Ratio("sales", "orders")).shown_times == 1
