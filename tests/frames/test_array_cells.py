"""Cells in arrays hold what Python cells hold."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.cells import Cells
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.timeline import make_timeline
from salesgoal.errors import FloatRefused
from salesgoal.frames.array_cells import (
    CellFacts,
    find_rows,
    from_cells,
    make_array_cells,
    unique_rows,
)

SALES = Metric(id="sales", decimals=2)
STOCK = Metric(id="stock", aggregation=Aggregation.LAST)
OCTOBER = parse_period(MonthCalendar(), "2023-10")
QUARTER = parse_period(MonthCalendar(), "2023Q4")
TIMELINE = make_timeline([QUARTER, OCTOBER], date(2023, 12, 15))
DAY = date(2023, 10, 6)
AMOUNTS = st.one_of(st.integers(-100, 100), st.sampled_from([2**62, -(2**62), 2**63, -(2**70)]))
CODES = st.tuples(st.integers(-1, 2), st.integers(-1, 2))


def same(one, other):
    """Whether two cells hold the same facts, position by position."""
    assert list(one.combos.items()) == list(other.combos.items())
    assert (one.outside, one.rejected, one.stride) == (
        other.outside,
        other.rejected,
        other.stride,
    )
    for name in one.sums:
        assert list(one.units(name)) == list(other.units(name))
        for slot in range(one.stride):
            slots = range(slot, slot + 1)
            assert one.total(name, slots) == other.total(name, slots)
    assert one.spans == other.spans
    assert one.readings == other.readings
    return True


@st.composite
def booked(draw):
    cells = Cells(TIMELINE, (SALES, STOCK), 2)
    for codes, slot, units in draw(
        st.lists(st.tuples(CODES, st.integers(0, cells.rejected), AMOUNTS), max_size=8)
    ):
        cells.book(cells.base(codes), slot, SALES, units, DAY)
        cells.book(cells.base(codes), slot, STOCK, units, DAY)
    for codes, units in draw(st.lists(st.tuples(CODES, AMOUNTS), max_size=2)):
        cells.book(cells.base(codes), QUARTER, SALES, units, DAY)
    return cells


@given(booked())
def test_cells_in_arrays_hold_the_same_facts(cells):
    arrays = from_cells(cells)
    assert arrays.width == cells.width
    assert same(arrays, cells)


@given(
    st.lists(CODES, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), AMOUNTS), max_size=10),
)
def test_amounts_in_arrays_are_booked_as_single_ones(combos, facts):
    facts = [each for each in facts if each[0] < len(combos)]
    cells = Cells(TIMELINE, (SALES, STOCK), 2)
    for codes in combos:
        cells.base(codes)
    for combo, slot, units in facts:
        cells.book(cells.base(combos[combo]), slot, SALES, units, DAY)
    combo, slot, units = (
        (list(each) for each in zip(*facts, strict=True)) if facts else ([],) * 3
    )
    arrays = make_array_cells(
        TIMELINE,
        (SALES, STOCK),
        np.array(combos, np.int32).reshape(-1, 2),
        {
            "sales": CellFacts(
                np.array(combo, int), np.array(slot, int), np.array(units, object)
            )
        },
    )
    cells.units("sales")
    assert same(arrays, cells)


def test_combinations_given_twice_are_one():
    codes = np.array([[1, -1], [1, -1]])
    day = (date(2023, 10, 3), 4), (date(2023, 10, 5), 7)
    arrays = make_array_cells(
        TIMELINE,
        (SALES, STOCK),
        codes,
        {"sales": CellFacts(np.array([0, 1]), np.array([2, 2]), np.array([3, 4]))},
        spans={"sales": {(0, QUARTER): 5, (1, QUARTER): 6}},
        readings={"stock": {(0, 1): day[0], (1, 1): day[1]}},
    )
    assert arrays.codes.tolist() == [[-1, -1], [1, -1]]
    assert arrays.sums["sales"][2].tolist() == [0, 7]
    assert arrays.spans["sales"] == {(1, QUARTER): 11}
    assert arrays.readings["stock"] == {(1, 1): day[1]}


def test_floats_are_refused():
    facts = CellFacts(np.array([0]), np.array([0]), np.array([1.5]))
    with pytest.raises(FloatRefused):
        make_array_cells(TIMELINE, (SALES,), np.array([[0]]), {"sales": facts})


def test_members_get_new_codes_and_what_falls_together_is_merged():
    cells = Cells(TIMELINE, (SALES, STOCK), 2)
    for codes, units in (((0, 1), 2**62), ((1, 1), 2**62), ((-1, 0), 5)):
        cells.book(cells.base(codes), 0, SALES, units, DAY)
        cells.book(cells.base(codes), QUARTER, SALES, 1, DAY)
        cells.book(cells.base(codes), 0, STOCK, units, DAY)
    moved = from_cells(cells).recoded([[1, 1], [0, 1]])
    assert list(moved.combos) == [(-1, -1), (1, 1), (-1, 0)]
    assert moved.sums["sales"][0].tolist() == [0, 2**63, 5]
    assert moved.spans["sales"] == {(1, QUARTER): 2, (2, QUARTER): 1}
    assert moved.readings["stock"][1, 0] == (DAY, 2**63)


@given(st.lists(st.tuples(*[st.sampled_from([-1, 0, 2**30])] * 4), max_size=9), st.data())
def test_rows_are_found_however_wide_their_codes_are(rows, data):
    matrix = np.array(rows, np.int32).reshape(-1, 4)
    unique, place = unique_rows(matrix)
    assert [tuple(each) for each in unique.tolist()] == list(dict.fromkeys(rows))
    assert unique[place].tolist() == matrix.tolist()
    wanted = data.draw(st.lists(st.tuples(*[st.sampled_from([-1, 0, 7])] * 4), max_size=4))
    found = find_rows(unique, np.array(wanted, np.int32).reshape(-1, 4))
    known = [tuple(each) for each in unique.tolist()]
    assert found.tolist() == [known.index(each) if each in known else -1 for each in wanted]
