"""Amounts of a frame are exact, whatever their type and however many they are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from tests.frames.engines import LOCAL, frame_of
from tests.frames.october import DAY, LAST, PLAN, SCHEMA, rows_of

from salesgoal import Metric, make_plan
from salesgoal.domain.metric import Aggregation
from salesgoal.errors import SourceRefused
from salesgoal.frames import track


@pytest.mark.parametrize("engine", LOCAL)
def test_floats_count_only_where_they_are_whole_fen(engine, tmp_path):
    schema = {**SCHEMA, "sales": pl.Float64}
    amounts = (0.1 + 0.2, 1234567.89, 123456789012.34, 0.001, 0.005, 1.0000000001, 5e12 + 0.07)
    cells = [(DAY, "华东", value, None) for value in amounts]
    found = track(PLAN, frame_of(engine, rows_of(cells), schema, tmp_path), as_of=LAST)
    kept = 30 + 123456789 + 12345678901234 + 500_000_000_000_007
    assert found.reconciliation["sales"].root == kept
    (fault,) = found.problems
    assert (fault.code, fault.facts["count"]) == ("rows-excess-decimals", 3)


@pytest.mark.parametrize("engine", LOCAL)
def test_a_unit_of_the_source_is_multiplied_exactly(engine, tmp_path):
    cells = [(DAY, "华东", Decimal("1.234"), 3), (DAY, "华南", Decimal("-0.001"), 4)]
    frame = frame_of(engine, rows_of(cells), SCHEMA, tmp_path)
    found = track(PLAN, frame, as_of=LAST, unit="万元")
    assert found.reconciliation["sales"].root == 12_330_00
    assert found.reconciliation["visits"].root == 7


@pytest.mark.parametrize("engine", LOCAL)
def test_sums_beyond_64_bits_do_not_wrap(engine, tmp_path):
    schema = {"on": pl.Date, "region": pl.String, "sales": pl.Int64}
    each = 9_999_999_999_999
    rows = [{"on": DAY, "region": "华东", "sales": each}] * 40
    plan = make_plan(
        name="x",
        period="2023-10",
        metrics=[
            Metric(id="sales", decimals=5),
            Metric(id="mean", decimals=5, aggregation=Aggregation.AVERAGE),
            Metric(id="debt", decimals=5, aggregation=Aggregation.LAST),
            Metric(id="most", decimals=5, aggregation=Aggregation.MAXIMUM),
        ],
        dimensions=PLAN.dimensions,
    )
    names = dict.fromkeys(["sales", "mean", "debt", "most"], "sales")
    frame = frame_of(engine, rows, schema, tmp_path)
    found = track(plan, frame, as_of=LAST, columns=names)
    total = each * 40 * 10**5
    assert total > 2**63
    card = found.scorecards[0]
    actual = {name: card.row(metric=name, period="2023-10").actual for name in names}
    assert actual == {
        "sales": total,
        "mean": each * 10**5,
        "debt": total,
        "most": each * 10**5,
    }
    assert found.reconciliation["sales"].read == total


@pytest.mark.parametrize("engine", LOCAL)
def test_amounts_that_are_negative_beyond_half_of_64_bits_add_up(engine, tmp_path):
    schema = {"on": pl.Date, "region": pl.String, "sales": pl.Int64}
    plan = make_plan(
        name="x",
        period="2023-10",
        metrics=[Metric(id="sales", decimals=5)],
        dimensions=PLAN.dimensions,
    )
    amounts = [-9_999_999_999_999, -1, 3, -(2**31), 2**31, 2**31 - 1] * 20
    rows = [{"on": DAY, "region": "华东", "sales": each} for each in amounts]
    found = track(plan, frame_of(engine, rows, schema, tmp_path), as_of=LAST)
    assert found.reconciliation["sales"].root == sum(amounts) * 10**5


WIDTHS = [
    (engine, kind)
    for kind in (pl.Int8, pl.UInt64)
    for engine in ("polars", "polars lazy", "pandas", "pyarrow", "duckdb")
]


@pytest.mark.parametrize(
    ("engine", "kind"), [*WIDTHS, ("polars", pl.Int128), ("polars lazy", pl.Int128)]
)
def test_integers_of_any_width_add_up(engine, kind, tmp_path):
    schema = {"on": pl.Date, "region": pl.String, "sales": kind}
    amounts = [100, 100, 100, None, 27]
    if kind != pl.Int8:
        amounts += [2**63 + 5, 10**13]
    rows = [{"on": DAY, "region": "华东", "sales": each} for each in amounts]
    if engine == "pandas" and kind == pl.UInt64:
        rows = [each for each in rows if each["sales"] is not None]
    found = track(PLAN, frame_of(engine, rows, schema, tmp_path), as_of=LAST)
    assert found.reconciliation["sales"].root == 32_700
    assert found.rows.accepted == 4


def test_sums_of_duckdb_are_integers_too():
    duckdb = pytest.importorskip("duckdb")
    query = (
        "select date '2023-10-06' as day, '华东' as region, sum(i) as sales from range(5) t(i)"
    )
    found = track(PLAN, duckdb.connect().sql(query), as_of=LAST, columns={"on": "day"})
    assert found.reconciliation["sales"].root == 10_00


@pytest.mark.parametrize("engine", LOCAL)
@pytest.mark.parametrize("kind", [pl.Decimal(20, 3), pl.Int64, pl.Float64])
def test_fen_of_a_metric_in_whole_yuan_must_be_whole_yuan(engine, kind, tmp_path):
    plan = make_plan(
        name="x",
        period="2023-10",
        metrics=[Metric(id="sales", unit="元")],
        dimensions=PLAN.dimensions,
    )
    schema = {"on": pl.Date, "region": pl.String, "sales": kind}
    rows = [{"on": DAY, "region": "华东", "sales": each} for each in (12_300, 150, -700, 99)]
    frame = frame_of(engine, rows, schema, tmp_path)
    found = track(plan, frame, as_of=LAST, unit="分")
    assert found.reconciliation["sales"].root == 123 - 7
    (fault,) = found.problems
    assert (fault.code, fault.facts["count"]) == ("rows-excess-decimals", 2)


@pytest.mark.parametrize("engine", LOCAL)
def test_many_large_integers_are_added_in_halves(engine, tmp_path):
    plan = make_plan(
        name="x",
        period="2023-10",
        metrics=[
            Metric(id="sales", unit="元", decimals=2),
            Metric(id="mean", unit="元", decimals=2, aggregation=Aggregation.AVERAGE),
            Metric(id="debt", unit="元", decimals=2, aggregation=Aggregation.LAST),
            Metric(id="least", unit="元", decimals=2, aggregation=Aggregation.MINIMUM),
        ],
        dimensions=PLAN.dimensions,
    )
    schema = {"on": pl.Date, "region": pl.String, "fen": pl.Int64}
    most = 10**15 - 1
    rows = [{"on": DAY, "region": "华东", "fen": -most}] * 10_000
    rows += [{"on": DAY, "region": "华南", "fen": 5}]
    total = 5 - most * 10_000
    assert -total > 2**63
    names = dict.fromkeys(["sales", "mean", "debt", "least"], "fen")
    frame = frame_of(engine, rows, schema, tmp_path)
    found = track(plan, frame, as_of=LAST, columns=names, unit="分")
    row = found.scorecards[0].row
    assert row(metric="sales", period="2023-10").actual == total
    assert row(metric="mean", period="2023-10").actual == Fraction(total, 10_001)
    assert row(metric="debt", period="2023-10").actual == total
    assert row(metric="least", period="2023-10").actual == -most
    assert found.reconciliation["sales"].read == total


def test_decimals_of_any_width_are_exact():
    pyarrow = pytest.importorskip("pyarrow")
    amounts = [Decimal("1234567890123.45"), Decimal("9" * 22), Decimal("-0.01"), None]
    for kind in (pyarrow.decimal128(38, 12), pyarrow.decimal128(24, 2)):
        columns = {"on": [DAY] * 4, "region": ["华东"] * 4}
        table = pyarrow.table({**columns, "sales": pyarrow.array(amounts, kind)})
        arrow = table.to_pandas(types_mapper=pytest.importorskip("pandas").ArrowDtype)
        own = pl.from_arrow(table)
        for frame in (table, table.slice(0), table.to_pandas(), arrow, own, own.lazy()):
            found = track(PLAN, frame, as_of=LAST)
            assert found.reconciliation["sales"].root == 123_456_789_012_345 - 1
            said = {each.code for each in found.problems}
            assert said == {"rows-out-of-range", "rows-no-amount"}


def test_numbers_in_objects_are_looked_at_one_by_one():
    pandas = pytest.importorskip("pandas")
    amounts = [
        1,
        2.5,
        Decimal("0.25"),
        Decimal("NaN"),
        Decimal("Infinity"),
        None,
        0.001,
        10**30,
    ]
    columns = {"on": [DAY] * 8, "region": ["华东"] * 8}
    frame = pandas.DataFrame({**columns, "sales": pandas.Series(amounts, dtype=object)})
    found = track(PLAN, frame, as_of=LAST)
    assert found.reconciliation["sales"].root == 375
    assert {each.code: each.facts["count"] for each in found.problems} == {
        "rows-out-of-range": 2,
        "rows-excess-decimals": 1,
        "rows-no-amount": 2,
    }
    frame.loc[3, "sales"] = "12"
    with pytest.raises(SourceRefused, match="a column of str"):
        track(PLAN, frame, as_of=LAST)


@pytest.mark.parametrize("engine", LOCAL)
def test_decimals_too_fine_to_reach_the_limit_are_exact(engine, tmp_path):
    schema = {**SCHEMA, "sales": pl.Decimal(38, 30)}
    amounts = ("12.30", "-99999999.99", "0." + "0" * 29 + "1", None)
    cells = [(DAY, "华东", None if each is None else Decimal(each), None) for each in amounts]
    found = track(PLAN, frame_of(engine, rows_of(cells), schema, tmp_path), as_of=LAST)
    assert found.reconciliation["sales"].root == 12_30 - 9_999_999_999
    said = {each.code: each.facts["count"] for each in found.problems}
    assert said == {"rows-excess-decimals": 1, "rows-no-amount": 1}
