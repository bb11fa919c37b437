"""One truth over all engines: the integers of the pure path, on the same rows."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from functools import cache

import polars as pl
import pytest
from tests.frames.engines import ALL, frame_of
from tests.frames.oracle import expected
from tests.frames.plans import AMOUNTS, AS_OF, REGION, SCHEMA, make_rows, make_world

from salesgoal import Level, View
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


@cache
def truth(view, *, whole):
    """A world, rows of it, and what the pure path makes of them: the same for every engine."""
    plan, rows = make_world(), make_rows(250, whole=whole)
    factor = Decimal("0.01") if whole else 1
    return plan, rows, expected(plan, rows, as_of=AS_OF, view=view, factor=factor)


@cache
def truth_of_days():
    plan = make_world(period="2023Q4", levels=[Level.QUARTER, Level.DAY])
    rows = make_rows(150, seed=2)
    return plan, rows, expected(plan, rows, as_of=AS_OF)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ALL)
def test_every_engine_gives_the_integers_of_the_pure_path(engine, kind, tmp_path):
    whole = kind == "int"
    unit = dict.fromkeys(AMOUNTS, "分") if whole else ""
    for view in View if engine.startswith("polars") else [View.AS_WAS]:
        plan, rows, told = truth(view, whole=whole)
        frame = frame_of(engine, rows, schema(kind), tmp_path)
        same(track(plan, frame, as_of=AS_OF, unit=unit, view=view), *told)


@pytest.mark.parametrize("engine", ALL)
def test_days_in_more_atoms_than_a_tree_holds_are_the_same(engine, tmp_path):
    plan, rows, told = truth_of_days()
    frame = frame_of(engine, rows, schema("decimal"), tmp_path)
    same(track(plan, frame, as_of=AS_OF), *told)


@pytest.mark.parametrize("engine", ["polars", "polars lazy", "pandas", "duckdb"])
@pytest.mark.parametrize("day", [date(2023, 9, 1), date(2023, 12, 31), date(2023, 10, 31)])
def test_the_day_of_the_report_may_lie_anywhere(engine, day, tmp_path):
    plan, rows = make_world(), make_rows(60, seed=3)
    frame = frame_of(engine, rows, schema("decimal"), tmp_path)
    same(track(plan, frame, as_of=day), *expected(plan, rows, as_of=day))


def test_a_frame_may_lack_dimensions_and_metrics(tmp_path):
    plan = make_world()
    rows = [{name: row[name] for name in ("on", "rep", "sales")} for row in make_rows(60)]
    kinds = {"on": pl.Date, "rep": pl.String, "sales": pl.Decimal(20, 3)}
    for engine in ("polars", "polars lazy"):
        found = track(plan, frame_of(engine, rows, kinds, tmp_path), as_of=AS_OF)
        cards, _, counts = expected(plan, rows, as_of=AS_OF)
        assert found.rows == counts
        assert found.scorecards[0].columns == cards[0].columns


def test_slices_of_a_frame_add_up(monkeypatch, tmp_path):
    monkeypatch.setattr("salesgoal.frames.tracking.SLICE", 7)
    plan, rows = make_world(), make_rows(100, seed=4)
    for engine in ("polars", "pandas", "pandas objects", "pandas arrow", "pyarrow"):
        frame = frame_of(engine, rows, schema("decimal"), tmp_path)
        same(track(plan, frame, as_of=AS_OF), *expected(plan, rows, as_of=AS_OF))


def test_duckdb_needs_no_arrow(monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    plan, rows = make_world(), make_rows(100, seed=5)
    connection = duckdb.connect()
    kinds = {"on": "date", **dict.fromkeys(AMOUNTS, "decimal(20, 3)")}
    columns = ", ".join(f'"{name}" {kinds.get(name, "varchar")}' for name in rows[0])
    connection.execute(f"create table facts ({columns})")
    marks = ", ".join("?" * len(rows[0]))
    values = [list(row.values()) for row in rows]
    connection.executemany(f"insert into facts values ({marks})", values)  # noqa: S608
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    found = track(plan, connection.table("facts"), as_of=AS_OF)
    same(found, *expected(plan, rows, as_of=AS_OF))
    plan = make_world(dimensions=[REGION], breakdowns=[["region"]], targets=[])
    goals = "select unnest([0, 99, null]) as goal, date '2023-10-06' as on_day, 1 as sales"
    columns = {"goal": "goal", "on": "on_day"}
    found = track(plan, connection.sql(goals), as_of=AS_OF, columns=columns)
    assert (found.rows.accepted, found.rows.rejected) == (1, 2)
