"""The same rows as a frame of every engine; in several chunks, partitions and files."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest

__all__ = ["ALL", "LOCAL", "frame_of", "schema_of"]

LOCAL = (
    "pandas",
    "pandas objects",
    "pandas arrow",
    "polars",
    "polars lazy",
    "polars files",
    "pyarrow",
    "pyarrow files",
    "duckdb",
    "duckdb files",
    "ibis",
)
CLUSTERS = ("dask", "spark")
ALL = [
    *LOCAL,
    *(pytest.param(name, marks=[pytest.mark.engines, pytest.mark.slow]) for name in CLUSTERS),
]


def frame_of(engine, rows, schema, folder):
    """A frame of the engine; skips the test where its package is not there."""
    base = pl.DataFrame(rows, schema=schema, orient="row")
    return _MAKERS[engine](base, folder)


def schema_of(**types):
    return {"on": pl.Date, **types}


def cut(base):
    """The rows in up to three uneven parts."""
    size = len(base)
    borders = sorted({0, min(1, size), size // 3, size})
    return [base[first:stop] for first, stop in pairwise(borders)] or [base]


def files(base, folder):
    folder.mkdir(exist_ok=True, parents=True)
    for number, part in enumerate(cut(base)):
        part.write_parquet(folder / f"part{number}.parquet")
    return folder


def pandas(base, _):
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    return base.to_pandas()


def pandas_objects(base, _):
    found = pytest.importorskip("pandas")
    columns = {name: found.Series(base[name].to_list(), dtype=object) for name in base.columns}
    return found.DataFrame(columns)


def pandas_arrow(base, _):
    pytest.importorskip("pyarrow")
    pytest.importorskip("pandas")
    return base.to_pandas(use_pyarrow_extension_array=True)


def polars(base, _):
    return pl.concat(cut(base), rechunk=False)


def polars_lazy(base, _):
    return polars(base, _).lazy()


def polars_files(base, folder):
    return pl.scan_parquet(files(base, folder) / "*.parquet")


def pyarrow(base, _):
    found = pytest.importorskip("pyarrow")
    return found.concat_tables([part.to_arrow() for part in cut(base)])


def pyarrow_files(base, folder):
    found = pytest.importorskip("pyarrow.dataset")
    return found.dataset(files(base, folder))


def duckdb(base, _):
    found = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    connection = found.connect()
    connection.register("given", base.to_arrow())
    connection.execute("create table facts as select * from given")
    return connection.table("facts")


def duckdb_files(base, folder):
    found = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    return found.connect().read_parquet(str(files(base, folder) / "*.parquet"))


def ibis(base, _):
    found = pytest.importorskip("ibis")
    connection = found.duckdb.connect()
    connection.con.register("given", base.to_arrow())
    connection.con.execute("create table facts as select * from given")
    return connection.table("facts")


def dask(base, _):
    found = pytest.importorskip("dask.dataframe")
    return found.from_pandas(
        base.to_pandas(use_pyarrow_extension_array=True), npartitions=min(4, max(1, len(base)))
    )


def spark(base, folder):
    return session().read.parquet(str(files(base, folder)))


def session():
    found = pytest.importorskip("pyspark.sql")
    return (
        found.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )


_MAKERS = {
    "pandas": pandas,
    "pandas objects": pandas_objects,
    "pandas arrow": pandas_arrow,
    "polars": polars,
    "polars lazy": polars_lazy,
    "polars files": polars_files,
    "pyarrow": pyarrow,
    "pyarrow files": pyarrow_files,
    "duckdb": duckdb,
    "duckdb files": duckdb_files,
    "ibis": ibis,
    "dask": dask,
    "spark": spark,
}
