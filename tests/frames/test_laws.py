"""Laws: whatever the rows, every engine at hand gives what the pure path gives."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.frames.engines import frame_of
from tests.frames.oracle import expected
from tests.frames.plans import AMOUNTS, NAMES, SCHEMA, make_world
from tests.frames.test_truth import same

from salesgoal import View
from salesgoal.frames import track
from salesgoal.frames.grid import Combos

FIRST = date(2023, 9, 25)
AMOUNT = st.one_of(
    st.none(),
    st.decimals(-(10**13), 10**13, places=3),
    st.decimals(-10, 10, places=2),
    st.sampled_from([Decimal("9999999999999.99"), Decimal("-9999999999999.99"), Decimal(0)]),
)
ROW = st.fixed_dictionaries(
    {
        "on": st.none() | st.dates(FIRST, FIRST + timedelta(days=45)),
        "region": st.sampled_from([*NAMES["region"], "华北"]),
        "rep": st.sampled_from([*NAMES["rep"], "张三,李四"]),
        "buyers": st.sampled_from(["甲", "乙", "丙", " ", None]),
        **dict.fromkeys(AMOUNTS, AMOUNT),
    }
)
PLAN = make_world()
KINDS = {**SCHEMA, **dict.fromkeys(AMOUNTS, pl.Decimal(20, 3))}


ENGINES = ["polars", "polars lazy", "pandas", "pyarrow"]


@pytest.mark.parametrize("engine", [*ENGINES, pytest.param("duckdb", marks=pytest.mark.slow)])
@settings(max_examples=12)
@given(
    rows=st.lists(ROW, min_size=1, max_size=8),
    as_of=st.dates(FIRST, FIRST + timedelta(days=50)),
    view=st.sampled_from(View),
)
def test_any_rows_give_the_integers_of_the_pure_path(engine, rows, as_of, view):
    frame = frame_of(engine, rows, KINDS, None)
    found = track(PLAN, frame, as_of=as_of, view=view)
    same(found, *expected(PLAN, rows, as_of=as_of, view=view))


@given(
    sizes=st.lists(st.sampled_from([1, 3, 1000, 2**20, 2**24, 2**30]), max_size=6),
    draws=st.lists(st.integers(0, 5), min_size=1, max_size=30),
)
def test_every_combination_keeps_its_place(sizes, draws):
    import numpy as np

    combos = Combos(sizes)
    met = {(-1,) * len(sizes): 0}
    for part in (draws[:7], draws[7:], draws):
        rows = [tuple(draw * 7919 % size - (draw == 0) for size in sizes) for draw in part]
        columns = np.array(rows, np.int64).reshape(len(rows), len(sizes)).T
        places = combos.places(dict(enumerate(columns)), len(rows)).tolist()
        for row, place in zip(rows, places, strict=True):
            assert met.setdefault(row, place) == place
    assert len(set(met.values())) == len(met) == len(combos)
    assert list(map(tuple, combos.codes().tolist())) == sorted(met, key=met.__getitem__)


def test_combinations_that_come_late_find_their_places(monkeypatch):
    import numpy as np

    monkeypatch.setattr("salesgoal.frames.grid._HEAD", 2)
    combos = Combos([3, 2])
    codes = {0: np.array([0, 0, 2, -1, 1, 2]), 1: np.array([1, 1, 0, -1, -1, 0])}
    places = combos.places(codes, 6).tolist()
    assert places[0] == places[1]
    assert places[2] == places[5]
    assert places[3] == 0
    assert len({*places}) == len(combos) == 4
    found = [tuple(row) for row in combos.codes().tolist()]
    assert [found[place] for place in places] == list(
        zip(*map(np.ndarray.tolist, codes.values()), strict=True)
    )
