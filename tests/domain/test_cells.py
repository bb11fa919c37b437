from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.cells import Cells
from salesgoal.domain.credit import CreditGroup
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.plan import whole_span
from salesgoal.domain.scope import ANY
from salesgoal.domain.timeline import make_timeline

Q4, OCTOBER, NOVEMBER, DECEMBER = (
    parse_period(MonthCalendar(), label)
    for label in ("2023Q4", "2023-10", "2023-11", "2023-12")
)
SALES = Metric(id="sales", decimals=2)
DEBT = Metric(id="debt", aggregation=Aggregation.LAST)
MEAN = Metric(id="mean", aggregation=Aggregation.AVERAGE)
DAY = date(2023, 10, 6)


def make_cells(as_of=date(2023, 12, 31)):
    timeline = make_timeline([Q4, OCTOBER, NOVEMBER, DECEMBER], as_of)
    return Cells(timeline, (SALES, DEBT, MEAN), 2)


def test_new_cells_hold_the_combination_without_members():
    cells = make_cells()
    assert cells.combos == {(ANY, ANY): 0}
    assert (cells.outside, cells.rejected, cells.stride) == (3, 4, 5)
    assert cells.units("sales") == [0] * 5


def test_a_combination_is_laid_out_once():
    cells = make_cells()
    assert cells.base((0, 1)) == 5
    assert cells.base((0, 1)) == 5
    assert cells.base((0, 2)) == 10
    assert len(cells.units("sales")) == 15


@pytest.mark.parametrize(
    ("on", "slot"),
    [
        (date(2023, 10, 1), 0),
        (date(2023, 12, 31), 2),
        (date(2023, 9, 30), 3),
        (date(2024, 1, 1), 3),
        (OCTOBER, 0),
        (Q4, Q4),
        (whole_span(date(2023, 10, 1), date(2023, 11, 30)), None),
        (whole_span(date(2023, 10, 3), date(2023, 10, 9)), None),
        (whole_span(date(2023, 9, 1), date(2023, 10, 31)), 3),
    ],
)
def test_a_fact_goes_to_its_atom_its_own_span_or_outside(on, slot):
    assert make_cells().slot(on) == (on if slot is None else slot)


@pytest.mark.parametrize(
    ("on", "slot"),
    [
        (date(2023, 11, 10), 1),
        (date(2023, 11, 11), 4),
        (OCTOBER, 0),
        (NOVEMBER, 4),
        (Q4, 4),
    ],
)
def test_facts_after_as_of_are_outside(on, slot):
    assert make_cells(as_of=date(2023, 11, 10)).slot(on) == slot


def test_sums_add_up_in_their_cell():
    cells = make_cells()
    base = cells.base((0, ANY))
    cells.book(base, 0, SALES, 500, DAY)
    cells.book(base, 0, SALES, -200, DAY)
    cells.book(base, cells.outside, SALES, 7, DAY)
    cells.book(0, cells.rejected, SALES, 9, DAY)
    assert cells.total("sales", range(3)) == 300
    assert cells.total("sales", range(cells.outside, cells.rejected)) == 7
    assert cells.total("sales", range(cells.rejected, cells.stride)) == 9


def test_a_column_grows_by_whole_combinations():
    cells = make_cells()
    cells.units("sales")
    cells.base((0, 1))
    assert cells.units("sales") == [0] * 10


def test_a_share_takes_its_part_of_a_reading_and_a_whole_share_all_of_it():
    cells = make_cells()
    cells.book(0, 0, MEAN, 10, DAY, share=Fraction(1, 2))
    cells.book(0, 1, MEAN, 10, DAY, share=Fraction(1))
    cells.book(0, 2, MEAN, 10, DAY)
    half, whole, all_of_it = (cells.readings["mean"][0, atom] for atom in range(3))
    assert (half[1], whole[1]) == (Fraction(1, 2), 1)
    assert whole == all_of_it


def credited(cells, groups, slot, metric=SALES):
    cells.credit(groups, slot, metric, 101, DAY)
    return {
        codes: cells.units("sales")[at * cells.stride + slot]
        for codes, at in cells.combos.items()
    }


HALF = Fraction(1, 2)
ALONE = CreditGroup((((0, ANY), Fraction(1)),), overlay=False)
SHARED = CreditGroup((((0, ANY), HALF), ((1, ANY), HALF)), overlay=False)
OVERLAY = CreditGroup((((2, ANY), Fraction(1)),), overlay=True)


def test_a_fact_counts_once_to_its_own_and_once_more_in_every_overlay():
    found = credited(make_cells(), [SHARED, OVERLAY], 0)
    assert found == {(ANY, ANY): 0, (0, ANY): 51, (1, ANY): 50, (2, ANY): 101}
    assert credited(make_cells(), [ALONE], 0) == {(ANY, ANY): 0, (0, ANY): 101}
    found = credited(make_cells(), [ALONE, OVERLAY], 0)
    assert found == {(ANY, ANY): 0, (0, ANY): 101, (2, ANY): 101}


def test_what_does_not_count_is_repeated_by_no_overlay_wherever_it_stands():
    for slot in (make_cells().outside, make_cells().rejected):
        found = credited(make_cells(), [OVERLAY, ALONE], slot)
        assert found == {(ANY, ANY): 0, (0, ANY): 101}


def test_a_shared_reading_keeps_its_day():
    cells = make_cells()
    cells.credit([SHARED], 0, DEBT, 100, DAY)
    assert cells.readings["debt"] == {(1, 0): (DAY, 50), (2, 0): (DAY, 50)}


def test_cells_that_fall_together_are_added_and_of_readings_the_later_stays():
    cells = make_cells()
    for code, (units, day) in enumerate([(500, 7), (30, 6)]):
        base = cells.base((code, ANY))
        cells.book(base, 0, SALES, units, DAY)
        cells.book(base, Q4, SALES, units, Q4.last)
        cells.book(base, 0, DEBT, units, date(2023, 10, day))
    merged = cells.recoded([[0, 0], []])
    assert merged.combos == {(ANY, ANY): 0, (0, ANY): 1}
    assert merged.units("sales") == [0] * 5 + [530, 0, 0, 0, 0]
    assert merged.spans["sales"] == {(1, Q4): 530}
    assert merged.readings["debt"] == {(1, 0): (date(2023, 10, 7), 500)}


def test_a_total_of_several_atoms_stands_in_no_atom():
    cells = make_cells()
    cells.book(0, Q4, SALES, 500, Q4.last)
    cells.book(0, Q4, SALES, 100, Q4.last)
    assert cells.spans["sales"] == {(0, Q4): 600}
    assert cells.total("sales", range(cells.stride)) == 0


def test_readings_merge_in_their_cell():
    cells = make_cells()
    base = cells.base((1, ANY))
    for units, day in ((5, DAY), (3, date(2023, 10, 7))):
        cells.book(base, 0, DEBT, units, day)
        cells.book(base, 0, MEAN, units, day)
    assert cells.readings["debt"] == {(1, 0): (date(2023, 10, 7), 3)}
    assert Fraction(*cells.readings["mean"][1, 0]) == 4
