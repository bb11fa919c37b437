from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesgoal.app import column_reading
from salesgoal.app.booked import book_file
from salesgoal.app.builtins import built_in_plugins
from salesgoal.app.column_reading import SWITCH
from salesgoal.app.plan_parts import Source
from salesgoal.app.sources import FileSource
from salesgoal.domain.condense import empty_cells
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.errors import SourceRefused
from salesgoal.intake import column_booking
from salesgoal.intake.left_out import IgnoreRule
from salesgoal.intake.parse import UNITS
from salesgoal.intake.source_map import SourceMap

PLUGINS = built_in_plugins()
AS_OF = date(2023, 12, 20)


def make(metrics):
    return make_plan(
        name="团队",
        period="2023Q4",
        metrics=metrics,
        dimensions=[
            Dimension("region", [Member("华东", ["沪"]), "华南", Member("42")], name="区域"),
            Dimension(
                "person",
                [
                    Member("张三", parent="甲队", until=date(2023, 11, 14)),
                    Member("张三", parent="乙队", since=date(2023, 11, 15)),
                    *("李四", "甲队", "乙队"),
                    Member("渠道", overlay=True),
                ],
                name="人员",
            ),
        ],
    )


PLAN = make(
    [
        Metric(id="sales", name="销售额", unit="元", decimals=2),
        Metric(id="orders", name="订单数"),
        Metric(id="buyers", name="客户数", aggregation=Aggregation.DISTINCT),
        Metric(id="debt", name="应收", decimals=2, aggregation=Aggregation.LAST),
        Metric(id="best", name="最大单", decimals=1, aggregation=Aggregation.MAXIMUM),
        Metric(id="rate", name="折扣", unit="%", decimals=1, aggregation=Aggregation.AVERAGE),
    ]
)
HEADER = ("单号", "日期", "区域", "人员", "销售额", "客户数", "应收", "最大单", "折扣")
PLAIN = {
    "单号": ["SO-1", "SO-2", "SO-3"],
    "日期": ["2023-10-06", "2023-11-20", "2023-12-20", "2023-12-21", "2022-01-01"],
    "区域": ["华东", "沪", "华南", "42", ""],
    "人员": ["李四", "张三", "甲队", ""],
    "销售额": ["1.50", "0", "-7", "9999999999999.99", "0.1", "12345678901.20"],
    "客户数": ["甲", "乙", "C-1"],
    "应收": ["5", "6.25"],
    "最大单": ["1", "2.5"],
    "折扣": ["85", "-3.5", "0"],
}
ODD = {
    "单号": ["合计", "小计", " ", "total", "单号", "SUM", "\u3000"],
    "日期": ["2023/10/7", "昨天", "2023-02-30", "45205", "", "06-10-2023", "20231006", " 合计"],
    "区域": ["西北", " 华东 ", "合计", "\u200b", "华东\u202e", "区域"],
    "人员": ["渠道", "王五", "张三（离职）"],
    "销售额": [
        "",
        "-",
        "1.505",
        "1.500",
        "1,200",
        "1.2万",
        "1e3",
        "99999999999999",
        "+3",
        "12%",
    ],
    "客户数": ["", "无", " 甲"],
    "应收": ["x", "¥7", ""],
    "最大单": ["2.55", ""],
    "折扣": ["0.85", "1", "85%"],
}


def rows(odd):
    cells = [
        st.sampled_from(PLAIN[name] * (1 if odd else 9) + (ODD[name] if odd else []))
        for name in HEADER
    ]
    plain = st.tuples(*(st.sampled_from(PLAIN[name]) for name in HEADER))
    return st.lists(
        plain if not odd else st.one_of(plain, plain, st.tuples(*cells)), max_size=30
    )


def book(path, monkeypatch, switch, plan=PLAN, **said):
    monkeypatch.setenv(SWITCH, switch)
    source = {"name": "日报", "values": {"orders": 1}, **said.pop("map", {})}
    source = Source(
        key="actuals",
        files=(),
        map=SourceMap(**source),
        columns=said.pop("columns", {}),
        rules=said.pop("rules", ()),
    )
    cells = empty_cells(plan, AS_OF)
    file = FileSource(path=path, **said)
    return cells, book_file(plan, cells, source, file, PLUGINS)


def told(cells, booked):
    """Everything that a report can know of a file, whatever the order of the combinations."""
    booking, kinds = booked.booking, cells.sums
    names = list(cells.combos)
    sums = {
        (metric, codes, slot): cells.units(metric)[position * cells.stride + slot]
        for metric in kinds
        for codes, position in cells.combos.items()
        for slot in range(cells.stride)
    }
    readings = {
        (metric, names[position], slot): value
        for metric, found in cells.readings.items()
        for (position, slot), value in found.items()
    }
    spans = {
        (metric, names[position], period): value
        for metric, found in cells.spans.items()
        for (position, period), value in found.items()
    }
    return {
        "sums": {key: value for key, value in sums.items() if value},
        "readings": readings,
        "spans": spans,
        "control": booking.control,
        "counts": booked.counts,
        "coverage": booking.coverage,
        "problems": booked.problems,
        "rejected": [(each.values, each.where, faults) for each, faults in booking.rejected],
    }


def check(path, monkeypatch, **said):
    """Reads a file both ways; returns which way the second went."""
    results = []
    for switch in ("0", "1"):
        try:
            cells, booked = book(path, monkeypatch, switch, **dict(said))
            results.append((told(cells, booked), booked))
        except SourceRefused as refused:
            results.append((refused.problems, None))
    assert results[0][0] == results[1][0]
    assert results[0][1] is None or results[0][1].reading is None
    return results[1][1] and results[1][1].reading


def write(path, table, *, delimiter=",", end="\n", header=HEADER, encoding="utf-8", last=True):
    text = end.join(delimiter.join(row) for row in (header, *table)) + (end if last else "")
    path.write_bytes(text.encode(encoding))
    return path


FEW = settings(
    max_examples=min(80, settings().max_examples),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FEW
@given(table=rows(odd=False))
def test_plain_rows_all_go_together(tmp_path, monkeypatch, table):
    reading = check(write(tmp_path / "a.csv", table), monkeypatch)
    assert reading.why is None
    assert reading.together == len(table)


@FEW
@given(
    table=rows(odd=True),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    last=st.booleans(),
)
def test_any_table_reads_the_same_by_columns(
    tmp_path, monkeypatch, table, delimiter, end, encoding, last
):
    path = tmp_path / "a.csv"
    write(path, table, delimiter=delimiter, end=end, encoding=encoding, last=last)
    check(path, monkeypatch)


KINDS = {
    "单号": [[1, 2, None], ["SO-1", "合计", None]],
    "日期": [
        [date(2023, 10, 6), date(2023, 12, 20), None],
        [
            datetime(2023, 10, 6, 23, 59),  # noqa: DTZ001 - as files hold them
            datetime(2023, 12, 31),  # noqa: DTZ001
            None,
        ],
        ["2023-10-06", "昨天", None],
        [20231006, 7, None],
    ],
    "区域": [["华东", "沪", "西北", None], [42, 7, None]],
    "人员": [["李四", "张三", "渠道", None]],
    "销售额": [
        [Decimal("1.500"), Decimal("-0.001"), Decimal("9999999999999.99"), None],
        [1, -7, 10**13, 2**62, None],
        [0.1, 731.93999999999994, 0.30000000000000004, 1.005, -0.0, float("nan"), 1e13, None],
        ["1.50", "1.5万", "", None],
        [True, False, None],
    ],
    "客户数": [["甲", " 乙", None], [1, 2, None]],
    "应收": [[5, None], [6.25, float("inf"), None]],
    "最大单": [[2.5, 0.25, None], [Decimal("2.55"), Decimal("2.50"), None]],
    "折扣": [[85.0, 0.85, None], [85, 1, 0, None]],
}


@st.composite
def frames(draw):
    height = draw(st.integers(0, 30))
    columns = {}
    for name, kinds in KINDS.items():
        values = st.sampled_from(draw(st.sampled_from(kinds)))
        columns[name] = draw(st.lists(values, min_size=height, max_size=height))
    return pl.DataFrame({name: pl.Series(name, each) for name, each in columns.items()})


@FEW
@given(frame=frames())
def test_any_parquet_reads_the_same_by_columns(tmp_path, monkeypatch, frame):
    path = tmp_path / "a.parquet"
    frame.write_parquet(path)
    check(path, monkeypatch)


GOOD = ("SO-1", "2023-10-06", "华东", "李四", "1.50", "甲", "5", "1", "85")


def numbered(**cells):
    return tuple(cells.get(name, cell) for name, cell in zip(HEADER, GOOD, strict=True))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('"华""东"', "quotes"),
        ('"华,东"', "quotes"),
        ("华\r东", "control"),
        ("华\x0b东", "control"),
        ("华东,华东", "width"),
        ("华东\n", "width"),
        ("合计", "totals"),
        ("区域", "totals"),
        ("x" * 100_001, "long"),
    ],
)
def test_what_is_not_surely_plain_goes_row_by_row(tmp_path, monkeypatch, text, why):
    path = write(tmp_path / "a.csv", [GOOD, numbered(区域=text), GOOD])
    reading = check(path, monkeypatch)
    assert reading is None or why in reading.why.en


@pytest.mark.parametrize(
    ("head", "why"),
    [("sep=,\n", "control"), ("\n", "width"), ("十月日报\n", "width"), ("\ufeff", None)],
)
def test_what_stands_above_the_table_sends_it_row_by_row(tmp_path, monkeypatch, head, why):
    path = write(tmp_path / "a.csv", [GOOD])
    path.write_text(head + path.read_text("utf-8"), "utf-8")
    reading = check(path, monkeypatch)
    assert (why is None and reading.together == 1) or why in reading.why.en


def test_a_line_more_above_of_the_same_width_is_no_obstacle(tmp_path, monkeypatch):
    title = ("十月日报", *[""] * (len(HEADER) - 1))
    path = write(tmp_path / "a.csv", [HEADER, GOOD, numbered(区域="西北")], header=title)
    reading = check(path, monkeypatch)
    assert (reading.why, reading.together) == (None, 1)


def test_a_delimiter_that_is_no_ascii_sign_goes_row_by_row(tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", [GOOD], delimiter="、")
    assert "delimiter" in check(path, monkeypatch, options={"delimiter": "、"}).why.en


def test_one_column_goes_row_by_row(tmp_path, monkeypatch):
    plan = make_plan(name="n", period="2023", metrics=[Metric(id="orders")])
    path = write(tmp_path / "a.csv", [("2023-10-06",), ("",)], header=("日期",))
    assert "width" in check(path, monkeypatch, plan=plan).why.en


def test_months_in_columns_go_row_by_row(tmp_path, monkeypatch):
    path = write(
        tmp_path / "a.csv",
        [("华东", "1", "2", "3")],
        header=("区域", "2023-10", "2023-11", "2023-12"),
    )
    plan = make_plan(
        name="n",
        period="2023Q4",
        metrics=[Metric(id="sales", name="销售额")],
        dimensions=PLAN.dimensions,
    )
    assert "columns" in check(path, monkeypatch, plan=plan, map={"values": {}}).why.en


def test_what_stands_beside_the_table_sends_it_row_by_row(tmp_path, monkeypatch):
    header = (*HEADER, "", "备注")
    path = write(tmp_path / "a.csv", [(*GOOD, "", "x")], header=header)
    assert "columns" in check(path, monkeypatch).why.en


def test_a_rule_that_leaves_a_row_out_sends_the_file_row_by_row(tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", [GOOD, numbered(单号="SO-9")])
    for equals, way in (("so-9", "totals"), ("SO-8", "")):
        rules = (IgnoreRule(name="作废", column="单号", equals=(equals,)),)
        reading = check(path, monkeypatch, rules=rules)
        assert (way in reading.why.en) if way else reading.together == 2


def test_a_header_with_a_digit_is_found_again_below(tmp_path, monkeypatch):
    header = ("单号2", *HEADER[1:])
    path = write(tmp_path / "a.csv", [GOOD, ("单号2", *GOOD[1:])], header=header)
    assert "totals" in check(path, monkeypatch).why.en


def test_amounts_whose_sum_may_pass_64_bits_go_row_by_row(tmp_path, monkeypatch):
    plan = make_plan(name="n", period="2023", metrics=[Metric(id="sales", decimals=5)])
    rows = [("2023-10-06", "9999999999999")] * 8
    path = write(tmp_path / "a.csv", rows, header=("日期", "sales"))
    assert "large" in check(path, monkeypatch, plan=plan, map={"values": {}}).why.en


def test_a_source_of_an_overlay_goes_row_by_row(tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", [GOOD])
    reading = check(path, monkeypatch, map={"members": {"person": "渠道"}})
    assert "overlay" in reading.why.en


@pytest.mark.parametrize("unit", ["分", "元", "万元", "亿元"])
@pytest.mark.parametrize("decimals", [0, 2, 4])
@pytest.mark.parametrize("round_excess", [False, True])
def test_units_and_decimals_come_to_the_same(
    tmp_path, monkeypatch, unit, decimals, round_excess
):
    plan = make_plan(
        name="n", period="2023", metrics=[Metric(id="sales", unit="元", decimals=decimals)]
    )
    texts = ("1", "1.5", "0.01", "0.0001", "123456.789", "99999999999999", "-2.50", "x", "")
    said = {"values": {}, "unit": unit, "factor": UNITS[unit], "round_excess": round_excess}
    path = write(
        tmp_path / "a.csv", [("2023-10-06", text) for text in texts], header=("日期", "sales")
    )
    assert check(path, monkeypatch, plan=plan, map=said).why is None


def test_totals_of_a_quarter_go_alone_where_they_span_months(tmp_path, monkeypatch):
    plan = make_plan(name="n", period="2023", metrics=[Metric(id="sales", name="销售额")])
    rows = [("2023Q3", "7"), ("2023-10", "1"), ("2024Q1", "2"), ("x", "3")]
    path = write(tmp_path / "a.csv", rows, header=("期间", "销售额"))
    assert check(path, monkeypatch, plan=plan, map={"values": {}}).together == 2


def test_days_may_have_a_form_of_their_own(tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", [("06/10/2023", "7")], header=("日期", "销售额"))
    reading = check(path, monkeypatch, map={"date_format": "%d/%m/%Y"})
    assert reading.together == 1


def test_small_texts_are_not_asked_and_zero_turns_it_off(tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", [GOOD])
    for switch in ("", "0"):
        assert book(path, monkeypatch, switch)[1].reading is None
    monkeypatch.setattr(column_reading, "_SMALL", 10)
    assert book(path, monkeypatch, "")[1].reading.together == 1


def test_without_the_extra_a_large_text_is_read_row_by_row(tmp_path, monkeypatch):
    monkeypatch.setattr(column_reading, "find_spec", lambda _: None)
    reading = book(write(tmp_path / "a.csv", [GOOD]), monkeypatch, "1")[1].reading
    assert "not installed" in reading.why.en


def test_an_importer_that_cannot_give_columns_is_not_asked(tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", [GOOD])
    spec = attrs.evolve(PLUGINS.importer("csv"), columns=None)
    monkeypatch.setitem(PLUGINS.importers, "csv", spec)
    assert book(path, monkeypatch, "1")[1].reading is None


def test_an_importer_that_breaks_while_giving_columns_is_named(tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", [GOOD])
    spec = attrs.evolve(PLUGINS.importer("csv"), columns=lambda _: 1 / 0)
    monkeypatch.setitem(PLUGINS.importers, "csv", spec)
    with pytest.raises(SourceRefused) as refused:
        book(path, monkeypatch, "1")
    assert refused.value.problems[0].code == "plugin-failed"


def test_more_combinations_than_numbers_go_row_by_row(tmp_path, monkeypatch):
    plan = make_plan(
        name="n",
        period="2023",
        metrics=[Metric(id="sales")],
        dimensions=[Dimension("region", ["华东", "华南"])],
    )
    rows = [("2023-10-06", "华东", "1"), ("2023-10-06", "华南", "1")]
    path = write(tmp_path / "a.csv", rows, header=("日期", "region", "sales"))
    monkeypatch.setattr(column_booking, "_MOST", 2)
    assert "large" in check(path, monkeypatch, plan=plan, map={"values": {}}).why.en
