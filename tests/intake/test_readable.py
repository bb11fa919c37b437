from __future__ import annotations

from decimal import Decimal

import pytest

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.problem import Place
from salesgoal.intake.amount_column import AmountColumn
from salesgoal.intake.parse import UNITS, CellRefused, read_amount
from salesgoal.intake.table import CellReader, Record
from salesgoal.ports.importer import Unreadable

from .test_booking import GOOD, book, codes, row

TWICE = {"detail_zh": "同一单元格出现两次", "detail": "stands there twice"}


@pytest.mark.parametrize("at", [0, 1, 3, 4, 5])
@pytest.mark.parametrize("text", ["2023-10-06", "华东", "1.50", "云帆"])
def test_a_cell_that_its_reader_could_not_read_rejects_the_row(at, text):
    """Even where its text, or an equal cell read before, would do."""
    values = [*GOOD]
    values[at] = Unreadable(text, "corrupt-cell", TWICE)
    booking = book([row(*GOOD), row(*values, number=3)])
    assert codes(booking) == ["corrupt-cell"]
    (fault,) = booking.problems
    assert (fault.where.row, fault.value) == (3, text)
    assert (booking.counts.accepted, booking.counts.rejected) == (1, 1)


def test_a_column_that_nobody_reads_may_hold_what_it_likes():
    columns = ("on", "region", "product", "sales", "buyers", "debt", "note")
    values = (*GOOD, Unreadable("=A1", "formula-not-calculated"))
    booking = book([row(*values, columns=columns)], columns=columns)
    assert (codes(booking), booking.counts.accepted) == ([], 1)


def test_a_table_of_a_plan_refuses_it_too():
    problems = []
    cell = Unreadable("60", "no-such-date", {"format": "2023-10-06"})
    assert (
        CellReader(problems).day(Record({"due": cell}, Place("目标.xlsx", row=2)), "due")
        is None
    )
    assert [each.code for each in problems] == ["no-such-date"]


@pytest.mark.parametrize(
    "texts",
    [
        ["1", "2.50", "-3"],
        ["1\n2", "3"],
        ["1", "1,234.50"],
        ["1", "（2）"],
        ["00012", "0.1"],
        ["9" * 39],
    ],
)
def test_a_column_of_texts_comes_to_what_its_cells_come_to(texts):
    metric = Metric(id="sales", decimals=2)
    column = AmountColumn(metric, 0, UNITS[""], round_excess=True)

    def each_or_error(read):
        try:
            return list(read())
        except Exception as error:  # noqa: BLE001 - both ways must fail alike
            return type(error), str(error)

    wanted = each_or_error(
        lambda: [read_amount(text, metric, round_excess=True) for text in texts]
    )
    assert each_or_error(lambda: column.all_units(texts)) == wanted


def test_texts_of_a_counted_column_stay_texts():
    column = AmountColumn(
        Metric(id="buyers", aggregation=Aggregation.DISTINCT), 0, UNITS[""], round_excess=False
    )
    assert column.all_units(["01", "1"]) == ["01", "1"]


@pytest.mark.parametrize(
    "cells", [["85", "80.5"], [85, Decimal("80.5")], [0, 85], ["85%", "0.5%"]]
)
def test_a_column_of_percentages_comes_to_what_its_cells_come_to(cells):
    metric = Metric(id="rate", unit="%", decimals=2)
    column = AmountColumn(metric, 0, UNITS[""], round_excess=False)
    assert column.all_units(cells) == [read_amount(cell, metric) for cell in cells]


@pytest.mark.parametrize(
    "cells", [["85", "0.8"], [85, Decimal("0.8")], [85, 1], ["85%", "0.8"]]
)
def test_a_column_of_percentages_with_a_possible_ratio_is_refused(cells):
    column = AmountColumn(
        Metric(id="rate", unit="%", decimals=2), 0, UNITS[""], round_excess=False
    )
    with pytest.raises(CellRefused) as refused:
        column.all_units(cells)
    assert refused.value.code == "ambiguous-percent"
