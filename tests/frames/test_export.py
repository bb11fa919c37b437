"""A scorecard as a frame says what its rows say, in every engine."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from salesgoal import (
    Actual,
    Aggregation,
    Breakdown,
    Dimension,
    Direction,
    Member,
    Metric,
    Ratio,
    Target,
    hold_against,
    make_plan,
)
from salesgoal.domain.scorecard import score
from salesgoal.errors import MissingExtra, UnknownName
from salesgoal.frames.array_cells import from_cells
from salesgoal.frames.export import export_batches
from salesgoal.frames.export_figures import SCORED
from salesgoal.frames.kernel import ArrayKernel

from .oracle import shown

METRICS = [
    Metric(id="sales", name="销售额", unit="元", decimals=2),
    Metric(id="cash", decimals=2, negative=True),
    Metric(id="days", direction=Direction.MINIMISE),
    Metric(id="faults", direction=Direction.MINIMISE, baseline=60),
    Metric(id="growth", baseline=100),
    Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales"), negative=True),
    Metric(id="mean", decimals=1, aggregation=Aggregation.AVERAGE),
    Metric(id="stock", aggregation=Aggregation.LAST),
]
DIMENSIONS = [
    Dimension("product", ["甲", "乙"]),
    Dimension("region", ["华东", Member("上海", parent="华东")]),
]
AS_OF = date(2023, 11, 20)
HUGE = 9 * 10**12
AMOUNTS = ("expected", "projected", "required")
PROGRESS = {*AMOUNTS, "pace"}
"""What the rows keep in their progress."""


def quarter(**changed):
    return make_plan(
        name="Q4",
        period="2023Q4",
        metrics=METRICS,
        dimensions=DIMENSIONS,
        breakdowns=[Breakdown(["product", "region"], every_member=True)],
        targets=[
            Target(metric="sales", period="2023-10", scope={"product": "甲"}, target=300),
            Target(metric="sales", period="2023-10", target=500, floor=1, stretch=HUGE),
            Target(metric="sales", period="2023Q4", target=900, commit=Decimal("0.01")),
            Target(metric="cash", period="2023Q4", target=-7),
            Target(metric="cash", period="2023-12", scope={"product": "乙"}, target=0),
            Target(metric="days", period="2023Q4", target=30),
            Target(metric="faults", period="2023Q4", target=30),
            Target(metric="growth", period="2023Q4", target=150),
            Target(metric="rate", period="2023Q4", target=90),
            Target(metric="mean", period="2023-10", target=Decimal("2.5")),
            Target(metric="stock", period="2023-10", scope={"product": "甲"}, target=8),
        ],
        **changed,
    )


def facts():
    day, later = date(2023, 10, 6), date(2023, 11, 8)
    here = {"product": "甲", "region": "上海"}
    return [
        Actual(on=day, members=here, values={"sales": 333, "cash": 1, "days": 7, "mean": 1}),
        Actual(on=day, members=here, values={"mean": 1, "stock": 5, "faults": 45}),
        Actual(on=later, members={"product": "乙"}, values={"sales": HUGE, "cash": -10}),
        Actual(on=later, members={"product": "乙"}, values={"sales": HUGE, "mean": 2}),
        Actual(on=day, members={"product": "甲"}, values={"growth": 120, "mean": 5}),
    ]


def cards(plan=None):
    """The card of lists, and that of arrays."""
    (lists,) = hold_against(plan or quarter(), facts(), as_of=AS_OF)
    (arrays,) = score(
        lists.plan, from_cells(lists.cells), lists.coverage, AS_OF, kernel=ArrayKernel()
    )
    return lists, arrays


def rows_of(card, **asked):
    """What the rows say, by the names and in the order of the frame."""
    metrics, _ = card.choose(metric=asked.get("metric"), level=asked.get("level"))
    extra = max(each.decimals + 4 * (each.id in {"rate", "mean"}) for each in metrics)
    expected = max(each.decimals for each in metrics) + 4
    for row in card.rows(**asked):
        decimals = row.metric.decimals
        figures = {
            name: shown(getattr(row, name), decimals, extra)
            for name in SCORED
            if name not in {"attainment", "status", *PROGRESS}
        }
        yield {
            "goal": row.goal,
            **{each.id: row.scope.get(each.id) for each in DIMENSIONS},
            "depth": row.depth,
            "leaf": row.leaf,
            "metric": row.metric.id,
            "period": row.period.label,
            "level": str(row.period.level),
            "start": row.period.start,
            "last": row.period.last,
            **figures,
            "attainment": shown(row.ratio, 0, 6),
            "status": str(row.status),
            **{
                name: shown(getattr(row.progress, name), decimals, expected) for name in AMOUNTS
            },
            "pace": row.progress.pace and str(row.progress.pace),
        }


@pytest.mark.parametrize("which", [0, 1], ids=["lists", "arrays"])
def test_it_says_what_the_rows_say(which):
    card = cards()[which]
    assert card.to_frame().to_dicts() == list(rows_of(card))
    assert card.by("region").to_frame().height == len(list(card.by("region").rows()))


@pytest.mark.parametrize(
    "asked",
    [
        {"goal": "甲"},
        {"level": "month"},
        {"metric": "sales"},
        {"metric": "rate", "level": "quarter", "goal": "甲/华东"},
    ],
)
def test_it_is_asked_as_rows_are(asked):
    for card in cards():
        assert card.to_frame(**asked).to_dicts() == list(rows_of(card, **asked))


def test_whole_amounts_keep_the_decimals_of_their_metric():
    card, _ = cards()
    frame = card.to_frame(metric="sales")
    assert frame.schema["actual"] == pl.Decimal(38, 2)
    assert frame.schema["expected"] == pl.Decimal(38, 6)
    assert frame.schema["attainment"] == pl.Decimal(38, 6)
    assert frame.filter(pl.col("period") == "2023-11")["actual"][0] == Decimal(2 * HUGE)


def test_what_was_first_planned_stands_beside():
    first = quarter()
    change = {"scope": {"product": "甲"}, "metric": "sales", "period": "2023-10"}
    later, _ = revised(first, **change)
    card, arrays = cards(later)
    for each in (card, arrays):
        assert each.to_frame().to_dicts() == list(rows_of(each))
        assert (each.to_frame()["original"] != each.to_frame()["target"]).any()


def revised(plan, **change):
    import attrs

    from salesgoal.domain.target import TargetTable

    october = plan.parse(change["period"])
    typed = {key: dict(each) for key, each in plan.targets.typed.items()}
    typed["sales", "target"][october] = {
        codes: units + 1 for codes, units in typed["sales", "target"][october].items()
    }
    return attrs.evolve(plan, targets=TargetTable(typed), original=plan.targets), None


def test_pandas_and_pyarrow_get_the_same_rows():
    pa = pytest.importorskip("pyarrow")
    card, _ = cards()
    wanted = list(rows_of(card))
    table = card.to_frame("pyarrow")
    assert isinstance(table, pa.Table)
    assert table.to_pylist() == wanted
    frame = card.to_frame("pandas")
    assert str(frame.dtypes["actual"]).startswith("decimal128")
    assert [each.as_py() for each in pa.array(frame["actual"])] == [
        each["actual"] for each in wanted
    ]
    assert frame["status"].tolist() == [each["status"] for each in wanted]


def test_whoever_reads_arrow_reads_a_scorecard():
    for card in cards():
        wanted = list(rows_of(card))
        assert pl.DataFrame(card).to_dicts() == wanted
        duckdb = pytest.importorskip("duckdb")
        found = duckdb.sql("select goal, metric, period, actual, status from card").fetchall()
        names = ("goal", "metric", "period", "actual", "status")
        assert found == [tuple(each[name] for name in names) for each in wanted]
        pa = pytest.importorskip("pyarrow")
        assert pa.table(card).num_rows == len(wanted)


def test_batches_are_the_frame_in_pieces():
    for card in cards():
        batches = list(export_batches(card, rows=70))
        assert len(batches) > 2
        assert pl.concat(batches).equals(card.to_frame())
        assert len(list(export_batches(card, rows=1))) == len(card.tree)


def test_what_is_not_there_is_refused():
    card, _ = cards()
    with pytest.raises(UnknownName, match="engine"):
        card.to_frame("excel")
    with pytest.raises(UnknownName):
        card.to_frame(metric="profit")
    with pytest.raises(UnknownName):
        card.to_frame(level="week")
    with pytest.raises(UnknownName):
        card.to_frame(goal="丙")


@pytest.mark.parametrize(
    ("package", "engine"),
    [("polars", "polars"), ("pyarrow", "pyarrow"), ("pandas", "pandas")],
)
def test_a_package_that_is_missing_is_named_with_its_extra(monkeypatch, package, engine):
    if package == "pandas":
        pytest.importorskip("pyarrow")
    card, _ = cards()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=package):
        card.to_frame(engine)


def test_without_numpy_the_extra_is_named(monkeypatch):
    card, _ = cards()
    monkeypatch.setitem(sys.modules, "salesgoal.frames.export", None)
    with pytest.raises(MissingExtra, match="numpy"):
        card.to_frame()
