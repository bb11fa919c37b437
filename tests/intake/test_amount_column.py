"""A column of amounts at once gives what its cells give one by one."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal import Metric
from salesgoal.domain.number import AMOUNT_LIMIT
from salesgoal.intake.amount_column import EXACT, AmountColumn
from salesgoal.intake.parse import UNITS, CellRefused

SALES = Metric(id="sales", decimals=2)
PIECES = Metric(id="pieces")
LAST = AMOUNT_LIMIT - 1


def column(metric, unit=""):
    return AmountColumn(metric, 0, UNITS[unit], round_excess=False)


def together(made, values):
    with localcontext(EXACT):
        return list(made.all_units(values))


@pytest.mark.parametrize(
    ("metric", "unit", "values", "units"),
    [
        (PIECES, "", [3, -4, 0], [3, -4, 0]),
        (SALES, "分", [3, 4], [3, 4]),
        (SALES, "元", [3, 4], [300, 400]),
        (SALES, "万元", [3, Decimal("0.01")], [3_000_000, 10_000]),
        (SALES, "元", ["3", "-4.05"], [300, -405]),
        (SALES, "元", [Decimal("3.00"), Decimal("4.1")], [300, 410]),
        (SALES, "元", [LAST, -LAST], [LAST * 100, -LAST * 100]),
        (SALES, "元", [], []),
    ],
)
def test_a_whole_column_in_smallest_units(metric, unit, values, units):
    found = together(column(metric, unit), values)
    assert found == units
    assert set(map(type, found)) <= {int}


@pytest.mark.parametrize(
    ("metric", "values"),
    [
        (SALES, [1, Decimal("0.001")]),
        (PIECES, [LAST + 1]),
        (PIECES, [-LAST - 1]),
        (PIECES, [1, True]),
    ],
    ids=["a decimal too many", "too much", "too much below zero", "no number"],
)
def test_one_cell_that_is_no_amount_refuses_the_column(metric, values):
    with pytest.raises(CellRefused):
        together(column(metric), values)


amounts = st.integers(-(10**8), 10**8) | st.decimals(-(10**8), 10**8, places=2)


@given(st.lists(amounts, max_size=20), st.sampled_from(["元", "千元", "万元"]))
def test_a_column_is_its_cells(values, unit):
    made = column(Metric(id="sales", decimals=2, negative=True), unit)
    expected = [Fraction(each) * UNITS[unit] * 100 for each in values]
    assert together(made, values) == expected == [made.units(each) for each in values]
