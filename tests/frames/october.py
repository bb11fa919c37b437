"""A plan of October for frames of a few rows, and how such rows are written."""

from __future__ import annotations

from datetime import date

import polars as pl

from salesgoal import Breakdown, Dimension, Member, Metric, make_plan

DAY = date(2023, 10, 6)
LAST = date(2023, 10, 31)
SCHEMA = {"on": pl.Date, "region": pl.String, "sales": pl.Decimal(20, 3), "visits": pl.Int32}
PLAN = make_plan(
    name="10月",
    period="2023-10",
    metrics=[
        Metric(id="sales", name="销售额", unit="元", decimals=2),
        Metric(id="visits", unit="次"),
    ],
    dimensions=[Dimension("region", [Member("华东"), Member("华南", ["粤"])], name="区域")],
    breakdowns=[Breakdown(["region"], every_member=True)],
)


def rows_of(cells, schema=SCHEMA):
    return [dict(zip(schema, each, strict=True)) for each in cells]
