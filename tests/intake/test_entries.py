"""Rows as entries of a ledger: names, shares, keys, and what is rejected."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.problem import Place
from salesgoal.errors import PlanRefused, SourceRefused
from salesgoal.intake.amount_column import AmountColumn
from salesgoal.intake.cell_text import CellRefused
from salesgoal.intake.entries import Entries, credit_text, read_credits, read_key
from salesgoal.intake.source_map import SourceMap
from salesgoal.ports.importer import Page, RawRow, Unreadable

ORDERS = Metric(id="orders", aggregation=Aggregation.DISTINCT)
REP = Dimension("rep", [Member("张三", ["小张"]), Member("李四"), Member("张三丰")])
PLAN = make_plan(
    name="p", period="2023", metrics=[Metric(id="sales", decimals=2)], dimensions=[REP]
)
HEADER = ("编号", "日期", "销售员", "销售额")
NAMES = st.text("张李;:\\ /12", min_size=1, max_size=5)


def entries(*rows, identity=(), header=HEADER, source=None, **given):
    source = source or SourceMap(
        name="s",
        on="日期",
        dimensions={"rep": "销售员"},
        metrics={"sales": "销售额"},
        split=frozenset({"rep"}),
    )
    made = Entries(PLAN, source, header, identity=identity)
    raw = [RawRow(row, Place("a.csv", row=at), **given) for at, row in enumerate(rows, 2)]
    return made, made.take(Page(tuple(raw), header))


def test_an_entry_has_canonical_names_and_smallest_units():
    made, page = entries((None, "2023-10-06", "小张", "1.25"))
    (entry,) = page.entries
    assert (entry.on, entry.members, entry.values, entry.key) == (
        date(2023, 10, 6),
        {"rep": "张三"},
        {"sales": 125},
        None,
    )
    assert (made.control, made.refused) == ({"sales": 125}, {"sales": 0})


def test_shares_stay_as_they_were_said():
    _, page = entries(
        (None, "2023-10-06", "张三:60%;李四:40%", 1),
        (None, "2023-10-06", "张三；李四", 1),
        (None, "2023-10-06", "张三 100%", 1),
        (None, "2023-10-06", None, 1),
    )
    texts = [entry.members.get("rep") for entry in page.entries]
    assert texts == ["张三:3/5;李四:2/5", "张三:;李四:", "张三", None]
    assert read_credits("张三:;李四:") == [("张三", None), ("李四", None)]


@given(st.lists(st.tuples(NAMES, st.none() | st.fractions(0, 1)), min_size=1, max_size=3))
def test_what_is_written_of_credits_is_read_again(named):
    names = list(dict.fromkeys(name for name, _ in named if name.strip()))
    try:
        dimension = Dimension("d", names)
    except PlanRefused:
        reject()  # names that are one when folded
    shares = [(dimension.code(name), dict(named)[name]) for name in names]
    if shares:
        expected = [(dimension.members[code].name, share) for code, share in shares]
        if len(expected) == 1 and expected[0][1] == 1:
            expected = [(expected[0][0], None)]
        assert read_credits(credit_text(dimension, shares)) == expected


def test_keys_are_the_same_in_workbooks_and_text_files():
    assert [read_key(raw) for raw in (1001, "1001", " １００１ ", None, "", " ")] == [
        "1001",
        "1001",
        "1001",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("1001.50", "1001.5"),
        ("0.10", "0.1"),
        ("-0", "0"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("sNaN", "sNaN"),
        ("1E+9999999", "1E+9999999"),
        ("1E-9999999", "1E-9999999"),
    ],
)
def test_a_number_that_is_not_whole_is_a_key_all_the_same(number, key):
    assert read_key(Decimal(number)) == key


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1.23457E+17", "exponent"),
        (" 1e+05 ", "exponent"),
        (Decimal("1.23456789012346E+17"), "exponent"),
        ("#REF!", "excel-error"),
        ("#n/a", "excel-error"),
        ("####", "excel-overflow"),
        (Unreadable("#1", "excel-error"), "excel-error"),
    ],
)
def test_a_key_that_a_spreadsheet_has_spoilt_is_refused(raw, code):
    with pytest.raises(CellRefused) as refused:
        read_key(raw)
    assert refused.value.code == code
    with pytest.raises(CellRefused) as refused:
        AmountColumn(ORDERS, 0, Fraction(1), round_excess=False).units(raw)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("1E5", "1E5"),
        ("12E3", "12E3"),
        ("#12", "#12"),
        ("A#", "A#"),
        ("00123", "00123"),
        (123456789012345678, "123456789012345678"),
        (Decimal("1E+3"), "1000"),
        (Decimal(123456789012345678), "123456789012345678"),
    ],
)
def test_codes_that_look_like_numbers_stay(raw, key):
    assert read_key(raw) == key


def test_a_record_of_a_service_needs_a_key_of_its_own():
    source = SourceMap(
        name="s", on="日期", dimensions={"rep": "销售员"}, metrics={"sales": "销售额"}
    )
    made = Entries(PLAN, source, HEADER, by_key=True)
    rows = [
        RawRow((None, "2023-10-06", "张三", 3), Place("crm", row=1), key="D-1"),
        RawRow((None, "2023-10-06", "张三", 4), Place("crm", row=2)),
    ]
    page = made.take(Page(tuple(rows), HEADER))
    assert [entry.key for entry in page.entries] == ["D-1"]
    assert [(each.code, each.where.row) for each in made.problems] == [("no-record-key", 2)]
    assert (made.control, made.refused) == ({"sales": 700}, {"sales": 400})


def test_a_record_that_cannot_be_read_empties_its_fact_and_one_without_a_key_none():
    made, _ = entries()
    bad = ("1", "soon", "张三", "1")
    stamp = datetime(2023, 10, 7, tzinfo=UTC)
    found = made.synced(RawRow(bad, Place("crm", row=1), key="D-1", revision=stamp))
    assert (found.on, found.key, found.revision) == (None, "D-1", stamp)
    assert (found.deleted, found.rejected) == (True, True)
    assert made.synced(RawRow(bad, Place("crm", row=2))) is None
    assert [[each.code for each in faults] for _, faults in made.rejected] == [
        ["no-such-date"],
        ["no-such-date"],
    ]


def test_keys_that_are_counted_are_no_amounts_of_what_was_read():
    buyers = Metric(id="buyers", aggregation=Aggregation.DISTINCT)
    plan = make_plan(
        name="p", period="2023", metrics=[PLAN.metrics[0], buyers], dimensions=[REP]
    )
    source = SourceMap(
        name="s",
        on="日期",
        dimensions={"rep": "销售员"},
        metrics={"sales": "销售额", "buyers": "编号"},
    )
    made = Entries(plan, source, HEADER)
    rows = [("云帆", "2023-10-06", "张三", 3), ("恒信", "2023-10-06", "王五", 4)]
    raw = [RawRow(row, Place("a.csv", row=at)) for at, row in enumerate(rows, 2)]
    page = made.take(Page(tuple(raw), HEADER))
    assert [entry.values for entry in page.entries] == [{"buyers": "云帆", "sales": 300}]
    assert (made.control, made.refused) == ({"sales": 700}, {"sales": 400})


def test_names_that_were_forgotten_are_made_again(monkeypatch):
    monkeypatch.setattr("salesgoal.intake.entries._REMEMBERED", 1)
    named = ("张三", "李四", "张三丰", "张三", "李四")
    made, page = entries(*((None, "2023-10-06", name, 1) for name in named))
    assert [entry.members for entry in page.entries] == [{"rep": name} for name in named]
    assert len(made._names) <= 2


def test_a_key_of_several_columns_keeps_them_apart():
    rows = (("a|", "2023-10-06", "张三", 1), ("a", "2023-10-06", "张三", 1))
    _, page = entries(*rows, identity=("编号", "销售员"))
    assert [entry.key for entry in page.entries] == ["a|| | 张三", "a | 张三"]


def test_a_row_without_its_key_is_rejected_and_its_amount_is_counted():
    made, page = entries(
        (" ", "2023-10-06", "张三", "3"),
        (Unreadable("=A1", "formula-not-calculated"), "2023-10-06", "张三", "4"),
        ("1",),
        identity=("编号",),
    )
    assert (page.rejected, page.entries, made.refused) == (3, [], {"sales": 700})
    codes = [[each.code for each in problems] for _, problems in made.rejected]
    assert codes[:2] == [["blank-required"], ["formula-not-calculated"]]
    assert "row-width" in codes[2]


def test_blank_rows_are_ignored_and_unknown_names_rejected():
    made, page = entries((None, " ", None, None), (None, "2023-10-06", "王五", "1"))
    assert (page.read, page.ignored, page.rejected) == (2, 1, 1)
    assert [each.code for each in made.problems] == ["unknown-member"]


def test_a_row_that_the_source_deleted_has_only_its_key():
    stamp = datetime(2023, 10, 7, tzinfo=UTC)
    _, page = entries((None,) * 4, key="D-1", revision=stamp, deleted=True)
    (entry,) = page.entries
    assert (entry.on, entry.key, entry.deleted, entry.revision) == (None, "D-1", True, stamp)


def test_where_rows_give_a_period_it_is_a_part_of_the_key():
    source = SourceMap(
        name="s", period="日期", dimensions={"rep": "销售员"}, metrics={"sales": "销售额"}
    )
    _, page = entries(
        ("a", "2023-10", "张三", 1),
        ("a", "2023-11", "张三", 1),
        source=source,
        identity=("编号",),
    )
    assert [entry.key for entry in page.entries] == ["a | 2023-10", "a | 2023-11"]


def test_a_key_column_that_is_not_there_is_said():
    with pytest.raises(SourceRefused, match="missing-column"):
        entries(identity=("订单号",))


def test_a_share_of_one_overlay_stays():
    assert credit_text(REP, [(0, Fraction(1, 2))]) == "张三:1/2"
