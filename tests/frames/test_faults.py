"""What is wrong with a frame is counted, shown and never booked."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal

import polars as pl
import pytest
from tests.frames.engines import ALL, LOCAL, frame_of
from tests.frames.october import DAY, LAST, PLAN, SCHEMA, rows_of

from salesgoal import Breakdown, Dimension, Member, Metric, make_plan
from salesgoal.domain.dimension import fold_name
from salesgoal.domain.metric import Aggregation
from salesgoal.errors import SourceRefused, UnknownName, UsageError
from salesgoal.frames import goal_codes, track
from salesgoal.frames.expressions import BLANKS

FAULTY = [
    (DAY, "华东", Decimal("12.30"), 1),
    (None, "华东", Decimal("1.00"), 1),
    (DAY, "华楠", Decimal("2.00"), None),
    (DAY, "华楠", Decimal("3.00"), None),
    (DAY, "华东;华南", Decimal("4.00"), None),
    (DAY, "华南", Decimal("0.005"), 7),
    (DAY, "华南", Decimal(10) ** 13, None),
    (DAY, "华南", None, None),
    (DAY, None, Decimal("5.00"), None),
    (DAY, " 粤 ", Decimal("-1.00"), None),
    (date(2023, 11, 1), "华东", Decimal("9.00"), None),
]


@pytest.mark.parametrize("engine", LOCAL)
def test_every_fault_is_counted_and_shown(engine, tmp_path):
    frame = frame_of(engine, rows_of(FAULTY), SCHEMA, tmp_path)
    found = track(PLAN, frame, as_of=LAST, source="sales")
    said = {
        (each.code, each.column, each.facts["count"]): each.value for each in found.problems
    }
    shown = {key: value for key, value in said.items() if key[0] != "rows-out-of-range"}
    assert shown == {
        ("rows-no-date", "on", 1): None,
        ("rows-excess-decimals", "sales", 1): "0.005",
        ("rows-no-amount", "sales", 1): None,
        ("rows-unknown-member", "region", 2): "华楠",
        ("rows-shared", "region", 1): "华东;华南",
        ("rows-no-member", "region", 1): None,
    }
    assert Decimal(said["rows-out-of-range", "sales", 1]) == Decimal(10) ** 13
    assert (found.rows.read, found.rows.accepted, found.rows.rejected) == (11, 3, 7)
    account = found.reconciliation["sales"]
    assert (account.read, account.root, account.outside_period) == (35_30, 16_30, 9_00)
    assert (account.rejected, account.unassigned) == (10_00, 5_00)
    # The amount beside a faulty one is read, and rejected with its row.
    assert found.reconciliation["visits"].rejected == 8
    unknown = next(each for each in found.problems if each.value == "华楠")
    assert unknown.facts["nearest"][0] == "华南"
    assert "sales, region: '华楠' is no member of 区域 (rows: 2)" in str(unknown)


@pytest.mark.parametrize("engine", LOCAL)
def test_a_frame_without_rows_gives_a_scorecard_without_data(engine, tmp_path):
    found = track(PLAN, frame_of(engine, [], SCHEMA, tmp_path), as_of=LAST)
    assert found.rows.read == 0
    assert found.scorecards[0].row(metric="sales", period="2023-10").actual is None
    assert not found.scorecards[0].columns["sales", PLAN.period].reported


@pytest.mark.parametrize("engine", LOCAL)
def test_nan_is_blank_and_infinity_is_out_of_range(engine, tmp_path):
    schema = {**SCHEMA, "sales": pl.Float64}
    cells = [(DAY, "华东", value, None) for value in (1.5, float("nan"), float("inf"), -0.25)]
    found = track(PLAN, frame_of(engine, rows_of(cells), schema, tmp_path), as_of=LAST)
    assert found.reconciliation["sales"].root == 125
    said = {each.code: each.facts["count"] for each in found.problems}
    assert said == {"rows-no-amount": 1, "rows-out-of-range": 1}


@pytest.mark.parametrize("engine", LOCAL)
def test_goals_by_number_need_no_names(engine, tmp_path):
    codes = goal_codes(PLAN)
    schema = {"on": pl.Date, "cell": pl.Int64, "sales": pl.Int64}
    numbers = [codes["华东"], codes["华南"], codes["华南"], 99, -1, codes[""]]
    rows = [{"on": DAY, "cell": each, "sales": 10**at} for at, each in enumerate(numbers)]
    frame = frame_of(engine, rows, schema, tmp_path)
    found = track(PLAN, frame, as_of=LAST, columns={"goal": "cell"}, unit="分")
    account = found.reconciliation["sales"]
    assert (account.root, account.rejected, account.unassigned) == (100_111, 11_000, 100_000)
    column = found.scorecards[0].columns["sales", PLAN.period]
    assert list(column.actual) == [100_111, 1, 110]
    assert [(each.code, each.facts["count"]) for each in found.problems] == [
        ("rows-unknown-goal", 2)
    ]


def test_goals_by_number_may_be_blank():
    frame = pl.DataFrame({"on": [DAY, DAY], "goal": [1, None], "sales": [1, 1]})
    for each in (frame, frame.lazy(), frame.to_pandas()):
        found = track(PLAN, each, as_of=LAST, columns={"goal": "goal"})
        assert (found.rows.accepted, found.rows.rejected) == (1, 1)


def test_goals_by_number_are_refused_beside_overlays():
    members = [Member("张三"), Member("顾问", overlay=True)]
    plan = make_plan(
        name="x",
        period="2023-10",
        metrics=[Metric(id="sales")],
        dimensions=[Dimension("rep", members)],
    )
    frame = pl.DataFrame({"on": [DAY], "goal": [0], "sales": [1]})
    with pytest.raises(UsageError, match="overlays"):
        track(plan, frame, as_of=LAST, columns={"goal": "goal"})


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("sales", ["12.30"]),
        ("on", ["2023-10-06"]),
        ("on", [datetime(2023, 10, 6, 23, tzinfo=UTC)]),
        ("goal", ["华东"]),
        ("sales", [True]),
        ("on", [time(9, 30)]),
    ],
)
@pytest.mark.parametrize("engine", ["polars", "polars lazy", "pandas", "pandas objects"])
def test_truths_texts_and_moments_with_a_zone_are_refused(engine, column, values, tmp_path):
    good = {"on": [DAY], "goal": [1], "sales": [1], column: values}
    base = pl.DataFrame(good)
    frame = frame_of(engine, base.to_dicts(), base.schema, tmp_path)
    with pytest.raises(SourceRefused, match="column-type"):
        track(PLAN, frame, as_of=LAST, columns={"goal": "goal"})


def test_moments_without_a_zone_are_their_day():
    texts = ["2023-10-31 23:59", "2023-11-01 00:00", "1969-12-31 09:00"]
    moments = [datetime.fromisoformat(each) for each in texts]
    base = pl.DataFrame({"on": moments, "region": ["华东"] * 3, "sales": [1, 10, 100]})
    for frame in (base, base.lazy(), base.to_pandas(), base.to_arrow()):
        account = track(PLAN, frame, as_of=LAST).reconciliation["sales"]
        assert (account.root, account.outside_period) == (100, 11_000)


def test_missing_columns_are_named_together():
    frame = pl.DataFrame({"region": ["华东"]})
    with pytest.raises(SourceRefused) as refused:
        track(PLAN, frame, as_of=LAST, columns={"visits": "拜访"})
    assert [each.column for each in refused.value.problems] == ["on", "拜访"]
    with pytest.raises(SourceRefused) as refused:
        track(PLAN, frame, as_of=LAST)
    assert [each.column for each in refused.value.problems] == ["on", "sales"]


def test_names_and_units_that_the_plan_lacks_are_refused():
    frame = pl.DataFrame({"date": [DAY], "区域": ["华东"], "销售额": [1]})
    assert track(PLAN, frame, as_of=LAST).reconciliation["sales"].root == 100
    with pytest.raises(UnknownName, match="region"):
        track(PLAN, frame, as_of=LAST, columns={"regoin": "区域"})
    with pytest.raises(UnknownName, match="sales"):
        track(PLAN, frame, as_of=LAST, unit={"sale": "分"})
    with pytest.raises(UnknownName, match="no unit is called"):
        track(PLAN, frame, as_of=LAST, unit="磅")


def test_what_is_no_frame_is_refused():
    with pytest.raises(UsageError, match="list is no frame"):
        track(PLAN, [1], as_of=LAST)


def test_rows_that_change_between_two_looks_are_refused():
    frame = pl.DataFrame({"on": [DAY] * 3, "region": ["华东"] * 3, "sales": [1] * 3})
    looks = iter(range(1, 4))
    moving = frame.lazy().map_batches(lambda each: each.head(next(looks)))
    with pytest.raises(SourceRefused, match="1 rows at first, then 2"):
        track(PLAN, moving, as_of=LAST)


def test_coverage_may_be_declared():
    frame = pl.DataFrame({"on": [DAY], "region": ["华东"], "sales": [1]})
    plan = make_plan(
        name="x", period="2023Q4", metrics=[Metric(id="sales")], dimensions=PLAN.dimensions
    )
    november = plan.parse("2023-11")
    last = date(2023, 12, 31)
    short = track(plan, frame, as_of=last).scorecards[0]
    told = track(plan, frame, as_of=last, coverage=(DAY, last)).scorecards[0]
    assert not short.columns["sales", november].reported
    assert told.columns["sales", november].reported


def test_names_that_are_numbers_are_equal_however_they_are_held():
    plan = make_plan(
        name="x",
        period="2023-10",
        metrics=[Metric(id="sales"), Metric(id="buyers", aggregation=Aggregation.DISTINCT)],
        dimensions=[Dimension("store", ["7", "8"])],
    )
    for kind in (pl.Int32, pl.Float64, pl.String, pl.Decimal(9, 0), pl.Categorical):
        names = pl.Series("store", ["7", "8", None]).cast(
            pl.String if kind == pl.Categorical else pl.Float64
        )
        if kind == pl.String:
            names = names.cast(pl.Int64)
        frame = pl.DataFrame(
            {"on": [DAY] * 3, "store": names.cast(kind), "sales": [1, 2, 4]}
        ).with_columns(buyers=pl.col("store"))
        for each in (frame, frame.lazy(), frame.to_pandas(), frame.to_arrow()):
            found = track(plan, each, as_of=LAST)
            assert found.rows.accepted == 3, (kind, found.problems)
            card = found.scorecards[0]
            assert card.row(metric="buyers", period="2023-10").actual == 2
            assert [each.code for each in found.problems] == ["rows-no-member"]


@pytest.mark.parametrize(
    "cell",
    ["华东;华南", "华东 60%；华南 40%", "华东60%/华南40%", "华南、不明", "华东：0.5+华南：0.5"],
)
def test_a_cell_of_several_members_is_said_to_be_one(cell):
    frame = pl.DataFrame({"on": [DAY], "region": [cell], "sales": [1]})
    (fault,) = track(PLAN, frame, as_of=LAST).problems
    assert (fault.code, fault.value) == ("rows-shared", fold_name(cell))


def test_objects_that_are_no_days_are_refused():
    pandas = pytest.importorskip("pandas")
    for value in (20231006, datetime(2023, 10, 6, tzinfo=UTC)):
        days = pandas.Series([DAY, value], dtype=object)
        frame = pandas.DataFrame({"on": days, "region": ["华东"] * 2, "sales": [1, 1]})
        with pytest.raises(SourceRefused, match="business days"):
            track(PLAN, frame, as_of=LAST)


def test_days_of_thousands_of_years_have_their_slots():
    days = [date(1, 1, 1), DAY, date(9999, 12, 31)]
    frame = pl.DataFrame({"on": days, "region": ["华东"] * 3, "sales": [1, 10, 100]})
    for each in (frame, frame.lazy()):
        account = track(PLAN, each, as_of=LAST).reconciliation["sales"]
        assert (account.root, account.outside_period) == (10_00, 101_00)


def test_a_row_of_a_day_without_a_seat_counts_to_the_goal_above():
    people = Dimension(
        "person",
        [
            Member("一组"),
            Member("张三", parent="一组", since=date(2023, 10, 10)),
        ],
        name="责任人",
    )
    plan = make_plan(
        name="10月",
        period="2023-10",
        metrics=[Metric(id="sales", decimals=2)],
        dimensions=[people],
        breakdowns=[Breakdown(["person"], every_member=True)],
    )
    frame = pl.DataFrame(
        {
            "on": [DAY, DAY, date(2023, 10, 20)],
            "person": ["张三", "张三", "张三"],
            "sales": [100, 20, 3],
        }
    )
    found = track(plan, frame, as_of=LAST)
    (said,) = found.problems
    assert (said.code, said.value, said.facts["count"]) == ("rows-no-seat", "张三", 2)
    (card,) = found.scorecards
    root = card.row(metric="sales", period="2023-10")
    assert (root.actual, root.unassigned) == (123_00, 120_00)


def test_a_table_that_changes_between_two_passes_is_refused():
    rows = pl.DataFrame(rows_of([(DAY, "华东", Decimal("1.00"), 1)] * 10), SCHEMA, orient="row")
    passes = []

    def one_less_each_time(whole):
        passes.append(whole)
        return whole.head(11 - len(passes))

    frame = rows.lazy().map_batches(
        one_less_each_time, projection_pushdown=False, slice_pushdown=False
    )
    with pytest.raises(SourceRefused) as refused:
        track(PLAN, frame, as_of=LAST)
    (said,) = refused.value.problems
    assert (said.code, said.facts["first"], said.facts["second"]) == ("frame-changed", 10, 9)


BLANK_KEYS = ("甲", "", " ", "\u3000", "\xa0", "\u200b", "\ufeff", "\t\u3000\n", "\x1f", None)


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum(BLANK_KEYS[:-1])])
@pytest.mark.parametrize("engine", ALL)
def test_a_key_of_blanks_is_blank_on_every_engine(engine, kind, tmp_path):
    if engine == "dask" and kind != pl.String:
        pytest.skip("Dask makes no frame of pandas' dictionaries")
    plan = make_plan(
        name="x",
        period="2023-10",
        metrics=[Metric(id="buyers", aggregation=Aggregation.DISTINCT)],
        dimensions=PLAN.dimensions,
    )
    schema = {"on": pl.Date, "buyers": kind}
    rows = [{"on": DAY, "buyers": each} for each in BLANK_KEYS]
    found = track(plan, frame_of(engine, rows, schema, tmp_path), as_of=LAST)
    assert (found.rows.accepted, found.rows.rejected) == (1, len(BLANK_KEYS) - 1)
    assert found.scorecards[0].row(metric="buyers", period="2023-10").actual == 1


@pytest.mark.parametrize("engine", LOCAL)
def test_a_key_that_is_not_a_number_is_blank(engine, tmp_path):
    plan = make_plan(
        name="x",
        period="2023-10",
        metrics=[Metric(id="buyers", aggregation=Aggregation.DISTINCT)],
        dimensions=PLAN.dimensions,
    )
    rows = [{"on": DAY, "buyers": each} for each in (7.0, 7.0, float("nan"), None)]
    schema = {"on": pl.Date, "buyers": pl.Float64}
    found = track(plan, frame_of(engine, rows, schema, tmp_path), as_of=LAST)
    assert (found.rows.accepted, found.rows.rejected) == (2, 2)
    assert found.scorecards[0].row(metric="buyers", period="2023-10").actual == 1


@pytest.mark.slow
def test_the_blanks_are_the_characters_of_which_no_name_is_left():
    everything = (chr(each) for each in range(sys.maxunicode + 1))
    assert [each for each in everything if not fold_name(each)] == sorted(set(BLANKS))


@pytest.mark.parametrize("engine", LOCAL)
def test_a_column_without_a_type_is_blank_everywhere(engine, tmp_path):
    schema = {**SCHEMA, "region": pl.Null, "visits": pl.Null}
    rows = rows_of([(DAY, None, Decimal(1), None), (DAY, None, Decimal(2), None)])
    found = track(PLAN, frame_of(engine, rows, schema, tmp_path), as_of=LAST)
    assert (found.rows.accepted, found.reconciliation["sales"].root) == (2, 3_00)
    rows = rows_of([(None, "华东", Decimal(1), None)] * 3)
    schema = {**SCHEMA, "on": pl.Null}
    found = track(PLAN, frame_of(engine, rows, schema, tmp_path), as_of=LAST)
    assert found.rows.rejected == 3


@pytest.mark.parametrize(
    "engine", ["polars", "polars lazy", "pyarrow", "pyarrow files", "duckdb"]
)
def test_members_in_lists_are_refused(engine, tmp_path):
    rows = [{"on": DAY, "region": ["华东"], "sales": 1}]
    schema = {"on": pl.Date, "region": pl.List(pl.String), "sales": pl.Int64}
    frame = frame_of(engine, rows, schema, tmp_path)
    with pytest.raises(SourceRefused, match="names is needed here"):
        track(PLAN, frame, as_of=LAST)


@pytest.mark.parametrize("engine", ["polars", "polars lazy", "duckdb"])
def test_members_in_bytes_are_refused(engine, tmp_path):
    rows = [{"on": DAY, "region": b"x", "sales": 1}]
    schema = {"on": pl.Date, "region": pl.Binary, "sales": pl.Int64}
    frame = frame_of(engine, rows, schema, tmp_path)
    with pytest.raises(SourceRefused, match="names is needed here"):
        track(PLAN, frame, as_of=LAST)


@pytest.mark.parametrize("engine", ["polars", "polars lazy", "pandas", "pandas arrow"])
def test_truths_and_days_as_names_are_names_that_no_member_has(engine, tmp_path):
    for kind, value in ((pl.Boolean, True), (pl.Date, DAY)):
        rows = [{"on": DAY, "region": value, "sales": 1}]
        schema = {"on": pl.Date, "region": kind, "sales": pl.Int64}
        found = track(PLAN, frame_of(engine, rows, schema, tmp_path), as_of=LAST)
        assert [each.code for each in found.problems] == ["rows-unknown-member"]


def test_a_column_that_stands_twice_is_refused():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([[DAY, 1, 2]], columns=["on", "sales", "sales"])
    with pytest.raises(UsageError, match="a column stands twice"):
        track(PLAN, frame, as_of=LAST)


def test_years_that_python_does_not_know_are_outside_the_period():
    days = pl.Series([19_636, 3_000_000, -800_000], dtype=pl.Int32).cast(pl.Date)
    frame = pl.DataFrame({"on": days, "region": ["华东"] * 3, "sales": [1, 10, 100]})
    found = track(PLAN, frame, as_of=LAST)
    assert (found.rows.accepted, found.rows.outside_period) == (1, 2)
