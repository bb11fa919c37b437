"""Targets in a frame of any engine are those of the same rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import polars as pl
import pytest

from salesgoal import Dimension, Member, Metric, Target, make_plan
from salesgoal.errors import PlanRefused, SourceRefused, UnknownName, UsageError
from salesgoal.frames.target_frame import TargetColumn, add_target_frame

REGIONS = Dimension("region", ["华东", Member("华南", ["南区"])], name="区域")
SALES = Metric(id="sales", unit="元", decimals=2)
MONTHS = {
    "10月": TargetColumn(metric="sales", period="2023-10"),
    "11月": TargetColumn(metric="sales", period="2023-11", measure="floor"),
}
ROWS = {
    "区域": ["华东", "南区", None],
    "10月": [Decimal("1.50"), Decimal(2), None],
    "11月": [None, 3, 9],
}


def quarter(*targets, regions=REGIONS):
    given = {"period": "2023Q4", "metrics": [SALES], "dimensions": [regions]}
    return make_plan(name="Q4", targets=targets, **given)


FRAMES = {
    "polars": lambda: pl.DataFrame(ROWS),
    "lazy": lambda: pl.LazyFrame(ROWS),
    "pandas": lambda: pd.DataFrame(
        {name: pd.Series(each, dtype=object) for name, each in ROWS.items()}
    ),
}


@pytest.mark.parametrize("engine", FRAMES)
def test_a_frame_types_what_its_rows_type(engine):
    plan = add_target_frame(quarter(), FRAMES[engine](), MONTHS, unit="万元")
    plain = quarter(
        Target(metric="sales", period="2023-10", scope={"region": "华东"}, target=15_000),
        Target(metric="sales", period="2023-10", scope={"region": "华南"}, target=20_000),
        Target(metric="sales", period="2023-11", scope={"region": "华南"}, floor=30_000),
        Target(metric="sales", period="2023-11", floor=90_000),
    )
    assert plan.trees == plain.trees
    assert plan.targets == plain.targets


def test_every_fault_is_said_at_once():
    faulty = pl.DataFrame({"region": ["华楠", "华东"], "10月": ["1.005", "2"]})
    faulty = faulty.with_columns(pl.col("10月").cast(pl.Decimal(10, 3)))
    with pytest.raises(PlanRefused) as refused:
        add_target_frame(quarter(), faulty, {"10月": MONTHS["10月"]})
    found = {each.code for each in refused.value.problems}
    assert found == {"rows-unknown-member", "rows-excess-decimals"}


def test_mistakes_of_the_caller_are_refused():
    plan, table = quarter(), pl.DataFrame(ROWS)
    with pytest.raises(SourceRefused):
        add_target_frame(plan, table, {"12月": MONTHS["10月"]})
    with pytest.raises(UsageError):
        add_target_frame(plan, [1, 2], MONTHS)
    with pytest.raises(UnknownName):
        add_target_frame(plan, table, MONTHS, unit="斤")
    with pytest.raises(UnknownName):
        add_target_frame(plan, table, {"10月": TargetColumn(metric="profit", period="2023-10")})


def test_who_moves_is_left_to_make_plan():
    moved = [
        "华东",
        "华南",
        Member("张三", parent="华东", until=date(2023, 11, 9)),
        Member("张三", parent="华南", since=date(2023, 11, 10)),
    ]
    plan = quarter(regions=Dimension("region", moved))
    table = pl.DataFrame({"region": ["张三"], "10月": [5]})
    with pytest.raises(UsageError, match="张三"):
        add_target_frame(plan, table, {"10月": MONTHS["10月"]})
    stays = pl.DataFrame({"region": ["华南"], "10月": [5]})
    assert add_target_frame(plan, stays, {"10月": MONTHS["10月"]}).targets.of("sales")
