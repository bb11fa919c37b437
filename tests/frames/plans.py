"""A plan with everything that frames may meet, and rows for it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from salesgoal import Breakdown, Dimension, Level, Member, Metric, Target, make_plan
from salesgoal.domain.metric import Aggregation, Ratio

__all__ = [
    "AMOUNTS",
    "AS_OF",
    "METRICS",
    "NAMES",
    "REGION",
    "SCHEMA",
    "make_rows",
    "make_world",
]

AS_OF = date(2023, 10, 20)
METRICS = (
    Metric(id="sales", name="销售额", unit="元", decimals=2),
    Metric(id="cash", unit="元", decimals=2),
    Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales")),
    Metric(id="buyers", aggregation=Aggregation.DISTINCT),
    Metric(id="debt", unit="元", decimals=2, aggregation=Aggregation.LAST),
    Metric(id="mean", unit="元", decimals=2, aggregation=Aggregation.AVERAGE),
    Metric(id="most", unit="元", decimals=2, aggregation=Aggregation.MAXIMUM),
    Metric(id="least", unit="元", decimals=2, aggregation=Aggregation.MINIMUM),
)
AMOUNTS = ("sales", "cash", "debt", "mean", "most", "least")
REGION = Dimension(
    "region",
    [
        Member("华东"),
        Member("上海", ["沪"], "华东"),
        Member("杭州", [], "华东"),
        Member("华南"),
        Member("深圳", ["SZ"], "华南"),
    ],
    name="区域",
)
REP = Dimension(
    "rep",
    [
        Member("一组"),
        Member("二组"),
        Member("张三", ["小张"], "一组", until=date(2023, 10, 9)),
        Member("张三", [], "二组", since=date(2023, 10, 10)),
        Member("李四", [], "一组", since=date(2023, 10, 5), until=date(2023, 10, 15)),
        Member("王五", [], "二组"),
        Member("顾问", [], "一组", overlay=True),
    ],
)
NAMES = {
    "region": ["华东", "上海", "沪", " 沪 ", "杭州", "华南", "深圳", "ＳＺ", None],
    "rep": ["一组", "张三", "小张", "李四", "王五", "顾问", None],
}
SCHEMA = {"on": pl.Date, "region": pl.String, "rep": pl.String, "buyers": pl.String}


def make_world(**changed):
    """A plan of October 2023 with months, weeks and two breakdowns."""
    given = {
        "name": "10月",
        "period": "2023-10",
        "metrics": METRICS,
        "dimensions": [REGION, REP],
        "breakdowns": [Breakdown(["region", "rep"], every_member=True), Breakdown(["rep"])],
        "levels": [Level.MONTH, Level.WEEK],
        "targets": [
            Target(metric="sales", period="2023-10", target=1_000),
            Target(metric="sales", period="2023-10", target=300, scope={"rep": "王五"}),
            Target(metric="debt", period="2023-10", target=50, scope={"region": "沪"}),
        ],
    }
    return make_plan(**{**given, **changed})


def make_rows(size, seed=1, *, faulty=True, whole=False):
    """Rows of any members, days around the plan's, and every fault."""
    chance = random.Random(seed)  # noqa: S311 - rows, not secrets
    first = date(2023, 9, 20)

    def amount():
        units = chance.randrange(-50_000, 500_000)
        if chance.random() < 0.1:
            return None
        return units if whole else Decimal(units).scaleb(-2)

    rows = []
    for _ in range(size):
        row = {
            "on": first + timedelta(days=chance.randrange(50)),
            **{name: chance.choice(each) for name, each in NAMES.items()},
            "buyers": chance.choice(["甲", "乙", "丙", "丁", None]),
            **{name: amount() for name in AMOUNTS},
        }
        if faulty and chance.random() < 0.15:
            spoil(row, chance, whole=whole)
        rows.append(row)
    return rows


def spoil(row, chance, *, whole):
    name, value = chance.choice(
        [
            ("on", None),
            ("region", "华北"),
            ("rep", "张三;李四"),
            ("sales", 10**15 if whole else Decimal(10) ** 13),
            ("cash", -(10**15) if whole else Decimal("-1e13")),
            ("sales", 5 if whole else Decimal("0.005")),
            ("debt", None),
        ]
    )
    row[name] = value
    if name == "debt":
        row.update(dict.fromkeys([*AMOUNTS, "buyers"]))
