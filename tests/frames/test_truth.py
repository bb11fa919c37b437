"""One truth over all engines: the integers of the pure path, on the same rows."""

from __future__ import annotations

import polars as pl
import pytest
from tests.frames.engines import ALL, frame_of
from tests.frames.oracle import expected
from tests.frames.plans import AMOUNTS, AS_OF, SCHEMA, make_rows, make_world

from salesgoal import View
from salesgoal.frames import track

KINDS = {"int": pl.Int64, "decimal": pl.Decimal(20, 3), "float": pl.Float64}


def schema(kind):
    return {**SCHEMA, **dict.fromkeys(AMOUNTS, KINDS[kind])}


def same(found, cards, accounts, counts):
    for one, other in zip(found.scorecards, cards, strict=True):
        assert one.tree == other.tree
        for key, column in other.columns.items():
            assert one.columns[key] == column, key
    assert found.reconciliation == accounts
    assert found.rows == counts


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ALL)
def test_every_engine_gives_the_integers_of_the_pure_path(engine, kind, tmp_path):
    plan = make_world()
    rows = make_rows(400, whole=kind == "int")
    frame = frame_of(engine, rows, schema(kind), tmp_path)
    unit = dict.fromkeys(AMOUNTS, "分") if kind == "int" else ""
    factor = 1 if kind != "int" else pytest.importorskip("decimal").Decimal("0.01")
    for view in View:
        found = track(plan, frame, as_of=AS_OF, unit=unit, view=view)
        same(found, *expected(plan, rows, as_of=AS_OF, view=view, factor=factor))
