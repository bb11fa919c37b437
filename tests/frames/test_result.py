from __future__ import annotations

from decimal import Decimal

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from salesgoal.frames import result


def column(values, kind):
    return nw.from_native(pl.Series(values, dtype=kind), series_only=True)


@pytest.mark.parametrize(
    ("values", "kind", "expected", "digits"),
    [
        ([Decimal(7), None, Decimal(-(2**62))], pl.Decimal(38, 0), [7, 0, -(2**62)], 0),
        ([Decimal(2**63), Decimal(1)], pl.Decimal(38, 0), [2**63, 1], 0),
        ([Decimal("1.50")], pl.Decimal(38, 2), [15], 1),
        ([7, None], pl.Int64, [7, 0], 0),
    ],
)
def test_sums_are_whole_numbers_of_any_width(values, kind, expected, digits):
    assert [result.numbers(column(values, kind))[0].tolist(), digits] == [
        expected,
        result.numbers(column(values, kind))[1],
    ]


def test_a_relation_comes_without_pyarrow_and_without_polars(monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    asked = []
    whole = result.find_spec

    def find(name):
        asked.append(name)
        return None if len(asked) > 1 else whole(name)

    monkeypatch.setattr(result, "find_spec", find)
    monkeypatch.setattr(nw.LazyFrame, "collect", _no_pyarrow)
    relation = nw.from_native(duckdb.sql("select 7 as units, 'a' as name"))
    for _ in range(2):
        found = result.collect(relation)
        assert [list(result.to_list(found[each])) for each in ("units", "name")] == [[7], ["a"]]
    assert asked == ["polars"] * 2


def _no_pyarrow(*_, **__):
    raise ModuleNotFoundError
