from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal

import polars as pl
import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import MissingExtra, SourceRefused, UsageError
from salesgoal.plugins.parquet import ParquetLimits, ParquetOptions
from salesgoal.ports.importer import ReadRequest, Unreadable

SPEC = built_in_plugins().importer("parquet")
NOON = datetime(2023, 10, 6, 12, tzinfo=UTC)


def read(path, **said):
    return list(SPEC.read(ReadRequest(source=path, **said)))


def write(path, **columns):
    with path.open("wb") as file:
        pl.DataFrame(columns).write_parquet(file)
    return path


def column(path, values, kind=None):
    write(path, c=pl.Series(values, dtype=kind))
    return [row.values[0] for page in read(path) for row in page.rows]


def test_a_file_whose_name_is_no_utf_8_is_read(tmp_path):
    path = tmp_path / os.fsdecode("十月.parquet".encode("gbk"))
    with path.open("wb") as file:
        pl.DataFrame({"c": [1]}).write_parquet(file)
    assert [row.values for page in read(path) for row in page.rows] == [(1,)]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, None], pl.UInt8, [1, None]),
        ([Decimal("1.50")], None, [Decimal("1.50")]),
        ([date(2023, 10, 6)], None, [date(2023, 10, 6)]),
        ([NOON], None, [NOON]),
        ([True], None, [True]),
        (["华东"], pl.Categorical, ["华东"]),
        (["华东"], pl.Enum(["华东"]), ["华东"]),
        ([None], None, [None]),
        ([0.1, 731.93999999999994, 3.0], None, [Decimal("0.1"), Decimal("731.94"), 3]),
        ([0.1], pl.Float32, [Decimal("0.1")]),
        ([1e300], None, [Decimal("1E+300")]),
        ([float("nan")], None, [Unreadable("nan", "not-a-number")]),
        ([time(3)], None, [Unreadable("03:00:00", "unreadable-type", {"kind": "time"})]),
        ([[1]], None, [Unreadable("[1]", "unreadable-type", {"kind": "list"})]),
    ],
)
def test_a_cell_comes_as_an_exact_value(tmp_path, values, kind, expected):
    assert column(tmp_path / "a.parquet", values, kind) == expected


def test_rows_count_from_one_over_pages(tmp_path):
    path = write(tmp_path / "a.parquet", a=[1, 2, 3], b=["x", "y", "z"])
    pages = read(path, page_size=2)
    assert [page.columns for page in pages] == [("a", "b")] * 2
    assert [str(row.where) for page in pages for row in page.rows][-1] == "a.parquet, row 3"


def test_a_file_without_rows_still_has_its_header(tmp_path):
    path = write(tmp_path / "a.parquet", a=pl.Series([], dtype=pl.Int64))
    (page,) = read(path)
    assert (page.columns, list(page.rows)) == (("a",), [])


def test_a_column_without_a_name_has_its_position(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [1], " ": [2]}).write_parquet(path)
    assert read(path)[0].columns == ("a", "#2")


def test_a_sign_that_patterns_use_is_part_of_the_name(tmp_path):
    path = write(tmp_path / "日报[1].parquet", a=[1])
    assert len(read(path)[0].rows) == 1


def test_a_damaged_file_is_refused_by_name(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and nothing")
    with pytest.raises(SourceRefused) as refused:
        read(path)
    assert refused.value.problems[0].code == "not-a-parquet"


def test_more_rows_than_allowed_are_refused_before_they_are_read(tmp_path):
    path = write(tmp_path / "a.parquet", a=[1, 2, 3])
    options = ParquetOptions(limits=ParquetLimits(rows=2))
    with pytest.raises(SourceRefused) as refused:
        read(path, options=options)
    assert refused.value.problems[0].code == "limit-exceeded"
    with pytest.raises(UsageError):
        ParquetLimits(rows=0)


def test_without_polars_the_extra_is_named(tmp_path, monkeypatch):
    path = write(tmp_path / "a.parquet", a=[1])
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtra, match=r"salesgoal\[fast\]"):
        read(path)


def test_it_is_known_by_its_name():
    heads = [
        SPEC.matches(type("Head", (), {"suffix": each})) for each in (".pq", ".parquet", ".csv")
    ]
    assert heads == [True, True, False]
