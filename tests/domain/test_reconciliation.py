from __future__ import annotations

from datetime import date

import pytest

from salesgoal.domain.condense import empty_cells
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.reconciliation import (
    NotConserved,
    Reconciliation,
    RowCounts,
    reconcile,
    reconcile_subtree,
)
from salesgoal.domain.scope import ANY
from salesgoal.domain.scorecard import score
from salesgoal.domain.subtree import take_subtree
from salesgoal.domain.target import Target

SALES = Metric(id="sales")
DEBT = Metric(id="debt", aggregation=Aggregation.LAST)
CASH = Metric(id="cash")
OCT_6, OCT_7 = date(2023, 10, 6), date(2023, 10, 7)
PLAN = make_plan(
    name="10月",
    period="2023-10",
    metrics=[SALES, DEBT, CASH],
    dimensions=[Dimension("region", ["华东", "华南"])],
    targets=[Target(metric="sales", scope={"region": "华东"}, period="2023-10", target=9)],
)


def make_card():
    cells = empty_cells(PLAN, OCT_7)
    east = cells.base((0,))
    cells.book(east, cells.slot(OCT_6), SALES, 100, OCT_6)
    cells.book(0, cells.slot(OCT_6), SALES, 30, OCT_6)
    cells.book(east, cells.outside, SALES, 7, OCT_6)
    cells.book(cells.base((ANY,)), cells.rejected, SALES, -2, OCT_6)
    cells.book(east, cells.slot(OCT_6), DEBT, 55, OCT_6)
    (card,) = score(PLAN, cells, {}, OCT_7)
    return card


def test_what_was_read_is_root_outside_and_rejected():
    assert reconcile(make_card(), {"sales": 135}) == {
        "sales": Reconciliation(
            read=135, root=130, outside_period=7, rejected=-2, unassigned=30
        ),
        "cash": Reconciliation(read=0, root=0, outside_period=0, rejected=0, unassigned=0),
    }


@pytest.mark.parametrize("control", [{"sales": 134}, {}, {"debt": 135}])
def test_a_total_that_was_not_conserved_raises(control):
    with pytest.raises(NotConserved, match=r"sales: .* read, 135 accounted for"):
        reconcile(make_card(), control)


def test_every_row_has_one_outcome():
    first = RowCounts(read=7, accepted=3, outside_period=1, rejected=1, duplicate=1, ignored=1)
    second = RowCounts(read=2, accepted=2)
    assert first + second == RowCounts(
        read=9, accepted=5, outside_period=1, rejected=1, duplicate=1, ignored=1
    )
    with pytest.raises(NotConserved, match="3 rows read, 2 accounted for"):
        RowCounts(read=3, accepted=2)


def test_rows_without_a_known_amount_are_some_of_the_rejected():
    one = RowCounts(read=2, rejected=2, without_amount=1)
    assert (one + one).without_amount == 2
    assert (one + one).read == 4


def test_the_rules_add_up_to_the_rows_ignored():
    one = RowCounts(read=3, ignored=3, rules={"blank": 1, "total": 2})
    other = RowCounts(read=2, accepted=1, ignored=1, rules={"total": 1})
    assert (one + other).rules == {"blank": 1, "total": 3}
    late = RowCounts(read=4, ignored=4, rules={"late": 4})
    assert (one + late).rules == {"blank": 1, "total": 2, "late": 4}
    with pytest.raises(NotConserved, match="3 rows ignored"):
        RowCounts(read=3, ignored=3, rules={"blank": 1})


def test_a_subtree_accounts_for_its_own_members_alone():
    cells = make_card().cells
    cells.book(cells.base((0,)), cells.rejected, SALES, 4, OCT_6)
    cells.book(cells.base((1,)), cells.slot(OCT_6), SALES, 1_000, OCT_6)
    (card,) = score(PLAN, cells, {}, OCT_7)
    (east,) = take_subtree([card], (0,))
    found = reconcile_subtree(east)
    assert found["sales"] == Reconciliation(
        read=111, root=100, outside_period=7, rejected=4, unassigned=0
    )
    assert found["cash"].read == 0
    assert "debt" not in found
