from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.condense import empty_cells
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.problem import Place, problem
from salesgoal.domain.scope import ANY
from salesgoal.errors import SourceRefused
from salesgoal.intake.booking import Booking
from salesgoal.intake.parse import UNITS
from salesgoal.intake.source_map import SourceMap
from salesgoal.ports.importer import Page, RawRow

PLAN = make_plan(
    name="团队",
    period="2023Q4",
    metrics=[
        Metric(id="sales", name="销售额", decimals=2),
        Metric(id="orders"),
        Metric(id="buyers", aggregation=Aggregation.DISTINCT),
        Metric(id="debt", decimals=2, aggregation=Aggregation.LAST),
    ],
    dimensions=[
        Dimension("region", [Member("华东", ["沪"]), "华南"]),
        Dimension("product", ["A", Member("A1", parent="A")]),
    ],
)
AS_OF = date(2023, 12, 31)
COLUMNS = ("on", "region", "product", "sales", "buyers", "debt")
SOURCE = SourceMap(
    name="日报",
    on="on",
    dimensions={"region": "region", "product": "product"},
    metrics={"sales": "sales", "buyers": "buyers", "debt": "debt"},
    values={"orders": 1},
)
GOOD = ("2023-10-06", "华东", "A", "1.50", "云帆", "9")


def row(*values, number=2, columns=COLUMNS):
    assert len(values) == len(columns)
    return RawRow(values, Place("日报.csv", row=number))


def book(*pages, source=SOURCE, columns=COLUMNS):
    booking = Booking(PLAN, empty_cells(PLAN, AS_OF), source, columns)
    for rows in pages:
        booking.take(Page(tuple(rows), columns))
    return booking


def codes(booking):
    return [each.code for each in booking.problems]


def counted(booking, *, rejected=False):
    """What the cells hold, by member names and slot; without rejected facts."""
    cells = booking.cells
    combos = {position: codes for codes, position in cells.combos.items()}
    found = {}
    for metric, column in cells.sums.items():
        for at, units in enumerate(column):
            found[metric, combos[at // cells.stride], at % cells.stride] = units
    for tables in (cells.spans, cells.readings):
        for metric, table in tables.items():
            found |= {(metric, combos[at], slot): value for (at, slot), value in table.items()}
    return {
        key: value
        for key, value in found.items()
        if value and (rejected or key[2] != cells.rejected)
    }


def test_a_row_goes_to_its_cell():
    booking = book([row(*GOOD)])
    slot = booking.cells.slot(date(2023, 10, 6))
    assert counted(booking) == {
        ("sales", (0, 0), slot): 150,
        ("orders", (0, 0), slot): 1,
        ("buyers", (0, 0), slot): frozenset({"云帆"}),
        ("debt", (0, 0), slot): (date(2023, 10, 6), 900),
    }
    assert booking.control == {"sales": 150, "orders": 1}
    assert booking.coverage == [(date(2023, 10, 6), date(2023, 10, 6))]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"on": "2023-09-30"}, "outside_period"),
        ({"on": "2024-01-01"}, "outside_period"),
        ({"region": None, "product": " "}, "accepted"),
        ({"region": "沪"}, "accepted"),
        ({"debt": None}, "accepted"),
        ({"debt": None, "buyers": "", "sales": " "}, "rejected"),
        ({"on": ""}, "rejected"),
        ({"on": "昨天"}, "rejected"),
        ({"region": "华北"}, "rejected"),
        ({"sales": "1.555"}, "rejected"),
        ({"sales": Decimal("Infinity")}, "rejected"),
        ({"sales": Decimal("NaN")}, "rejected"),
        ({"sales": Decimal("1E+300")}, "rejected"),
        ({"sales": Decimal("1.555")}, "rejected"),
        ({"sales": True}, "rejected"),
        (dict.fromkeys(COLUMNS), "ignored"),
        (dict.fromkeys(COLUMNS, " "), "ignored"),
    ],
)
def test_every_row_has_one_outcome(change, found):
    booking = book([row(*(dict(zip(COLUMNS, GOOD, strict=True)) | change).values())])
    counts = attrs.asdict(booking.counts)
    assert counts.pop("rules") == ({"blank": 1} if found == "ignored" else {})
    unknown = counts.pop("without_amount")
    assert {name for name, count in counts.items() if count} == {"read", found}
    assert bool(unknown) == (found == "rejected" and not {"on", "region"} & change.keys())
    assert bool(booking.problems) == (found == "rejected")


def test_amounts_of_a_rejected_row_are_kept_apart_and_conserved():
    booking = book([row(*GOOD), row("2023-10-07", "华北", "A", "7", "x", "1", number=3)])
    cells = booking.cells
    assert cells.total("sales", range(cells.rejected, cells.stride)) == 700
    assert booking.control == {"sales": 850, "orders": 2}
    (fault,) = booking.problems
    assert (fault.code, fault.where.row, fault.column, fault.value) == (
        *("unknown-member", 3, "region", "华北"),
    )


def test_all_faults_of_a_row_are_said():
    booking = book([row("x", "华北", "C", "1,2", "k", "#N/A")])
    assert codes(booking) == [
        *("unknown-member", "unknown-member", "no-such-date", "bad-grouping", "excel-error"),
    ]


@pytest.mark.parametrize("values", [(*GOOD, "x"), GOOD[:5], ("2023-10-06",), (*GOOD, None)])
def test_a_row_of_another_width_is_rejected(values):
    booking = book([row(*GOOD), RawRow(values, Place("日报.csv", row=3))])
    assert (booking.counts.accepted, booking.counts.rejected) == (1, 1)
    assert codes(booking) == ["row-width"]
    assert {each.where.row for each in booking.problems} == {3}


@pytest.mark.parametrize("width", [1, 5, 7])
def test_a_page_whose_rows_are_all_of_another_width_is_rejected_row_by_row(width):
    cells = (*GOOD, "x")[:width]
    rows = [RawRow(cells, Place("日报.csv", row=number)) for number in (2, 3)]
    booking = book(rows)
    assert (booking.counts.read, booking.counts.rejected) == (2, 2)
    widths = [each for each in booking.problems if each.code == "row-width"]
    assert [(each.where.row, each.facts["found"]) for each in widths] == [
        (2, width),
        (3, width),
    ]
    assert not counted(booking)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "sNaN", "1E+9999999", "1E-9999999"])
def test_a_number_that_is_nobodys_name_is_an_unknown_member(number):
    booking = book([row(GOOD[0], Decimal(number), *GOOD[2:])])
    (problem,) = booking.problems
    assert (problem.code, problem.column) == ("unknown-member", "region")
    assert booking.counts.rejected == 1


def test_a_number_is_the_same_name_however_it_is_written():
    dimension = Dimension("shop", ["42", "1"])
    plan = make_plan(
        name="店", period="2023Q4", metrics=[PLAN.metrics[0]], dimensions=[dimension]
    )
    header = ("on", "shop", "sales")
    source = SourceMap(
        name="s", on="on", dimensions={"shop": "shop"}, metrics={"sales": "sales"}
    )
    for faulty in ("", "x"):  # together, and one by one
        booking = Booking(plan, empty_cells(plan, AS_OF), source, header)
        names = ("42", 42, Decimal("42.00"), 1, True)
        rows = [row("2023-10-06", name, "1", columns=header) for name in names]
        rows += [row("2023-10-06", "42", "x", columns=header)] if faulty else []
        booking.take(Page(tuple(rows), header))
        sums = {key[1]: units for key, units in counted(booking).items()}
        assert sums == {(0,): 300, (1,): 200}


def test_a_report_of_a_month_spans_its_days():
    source = SourceMap(name="月报", period="月份", metrics={"sales": "sales"})
    columns = ("月份", "sales")
    pages = [
        [row("2023年10月", "5", columns=columns)],
        [row("2023Q4", "7", columns=columns), row("2022", "1", columns=columns)],
    ]
    booking = book(*pages, source=source, columns=columns)
    assert not booking.problems
    assert attrs.asdict(booking.counts)["outside_period"] == 1
    assert booking.days == [date(2022, 1, 1), date(2023, 12, 31)]
    spans = {period.label: units for (_, period), units in booking.cells.spans["sales"].items()}
    assert spans["2023Q4"] == 700


@pytest.mark.parametrize("fault", [(), (("2023年10月", "?"),)])
@pytest.mark.parametrize("to_date", [False, True])
def test_the_total_of_a_month_that_is_not_over_counts_where_the_source_says_so(fault, to_date):
    columns, as_of = ("月份", "sales"), date(2023, 11, 15)
    source = SourceMap(
        name="月报", period="月份", metrics={"sales": "sales"}, totals_to_date=to_date
    )
    given = [("2023年10月", "5"), ("2023年11月", "7"), ("2023-11", "8"), ("2023-12", "9")]
    rows = tuple(row(*each, columns=columns) for each in (*given, *fault))
    booking = Booking(PLAN, empty_cells(PLAN, as_of), source, columns)
    booking.take(Page(rows, columns))
    november = PLAN.parse("2023-11")
    assert booking.cut == ({} if to_date else {november: 2})
    assert booking.counts.outside_period == (1 if to_date else 3)
    assert booking.days == [date(2023, 10, 1), as_of if to_date else date(2023, 10, 31)]
    found = {key[2]: units for key, units in counted(booking).items()}
    outside, november_so_far = booking.cells.outside, booking.cells.timeline.atom(as_of)
    assert found.pop(outside) == (900 if to_date else 2400)
    assert found.get(november_so_far) == (1500 if to_date else None)


@pytest.mark.parametrize(
    ("unit", "text", "units"),
    [("万元", "1.5", 1_500_000), ("分", "150", 150), ("元", "1.5", 150)],
)
def test_the_unit_of_the_source_counts(unit, text, units):
    source = attrs.evolve(SOURCE, factor=UNITS[unit], metrics={"sales": "sales"})
    assert book([row(*GOOD[:3], text, "", "")], source=source).control["sales"] == units
    number = Decimal(text)
    assert book([row(*GOOD[:3], number, "", "")], source=source).control["sales"] == units


def test_surplus_decimals_are_rounded_where_the_source_says_so():
    source = attrs.evolve(SOURCE, round_excess=True, metrics={"sales": "sales"})
    for value in ("1.005", Decimal("1.005")):
        assert book([row(*GOOD[:3], value, "", "")], source=source).control["sales"] == 101


def test_a_source_of_one_member_puts_all_rows_there():
    source = attrs.evolve(SOURCE, members={"region": "沪"}, dimensions={})
    booking = book([row(*GOOD)], source=source)
    assert {key[1] for key in counted(booking)} == {(0, -1)}


@pytest.mark.parametrize(
    ("members", "dimensions", "expected"),
    [
        ({}, {"region": "region"}, (0, -1)),
        ({}, {"product": "product"}, (-1, 0)),
        ({}, {"product": "product", "region": "region"}, (0, 0)),
        ({"region": "华南"}, {"product": "product"}, (1, 0)),
    ],
)
def test_the_order_of_a_sources_columns_changes_nothing(members, dimensions, expected):
    source = attrs.evolve(SOURCE, members=members, dimensions=dimensions)
    assert {key[1] for key in counted(book([row(*GOOD)], source=source))} == {expected}


def test_declared_coverage_wins_over_the_days_read():
    span = (date(2023, 10, 1), date(2023, 10, 31))
    assert book([row(*GOOD)], source=attrs.evolve(SOURCE, coverage=span)).coverage == [span]
    assert book([]).coverage == []


@pytest.mark.parametrize(
    ("columns", "code"),
    [(COLUMNS[:5], "missing-column"), ((*COLUMNS, "debt"), "duplicate-column")],
)
def test_a_header_without_its_columns_is_refused_whole(columns, code):
    with pytest.raises(SourceRefused) as refused:
        book(columns=columns)
    assert [(each.code, each.column) for each in refused.value.problems] == [(code, "debt")]


def test_warnings_of_the_reader_are_kept():
    warning = problem("encoding-assumed", Place("日报.csv"), encoding="GB18030")
    booking = Booking(PLAN, empty_cells(PLAN, AS_OF), SOURCE, COLUMNS)
    booking.take(Page((row(*GOOD),), COLUMNS, warnings=(warning,)))
    assert booking.problems == [warning]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["2023-10-06", "2023/10/6", date(2023, 11, 30), "2023-09-30"]),
        st.sampled_from(["华东", "沪", " 华 南", "", None]),
        st.sampled_from(["A", "A1", "Ａ", None]),
        st.sampled_from(["1.50", "-1,200", "¥7", "(0.01)", 3, Decimal("2.5"), "", None]),
        st.sampled_from(["k1", "k2", 17, "17", " k1 ", None]),
        st.sampled_from(["0", 5, "5.25", Decimal("0.01"), None]),
    ),
    max_size=8,
)
FAULTS = [
    ("昨天", "华东", "A", "1", "k9", "1"),
    ("2023-10-06", "华北", "A", "1", "k9", "1"),
    ("2023-10-06", "华东", "A", "1,2", "k9", "1"),
    ("2023-10-06", "华东", "A", "1", "k9", "#N/A"),
]


def numbered(rows):
    return [row(*values, number=number) for number, values in enumerate(rows, start=2)]


@given(ROWS, st.sampled_from(FAULTS), st.integers(0, 8))
def test_one_faulty_row_changes_nothing_for_the_others(rows, fault, at):
    """The page path and the row path put the same facts into the same cells."""
    alone = book(numbered(rows))
    faulty = row(*fault, number=99)
    mixed = numbered(rows)
    mixed.insert(min(at, len(mixed)), faulty)
    together = book(mixed)
    assert counted(together) == counted(alone)
    assert [each for each in together.problems if each.where.row != 99] == alone.problems
    counts, plain = attrs.asdict(together.counts), attrs.asdict(alone.counts)
    assert counts.pop("rules") == plain.pop("rules")
    more = {"read": 1, "rejected": 1, "without_amount": book([faulty]).counts.without_amount}
    assert counts == {name: plain[name] + more.get(name, 0) for name in counts}


@given(ROWS, st.integers(1, 8))
def test_the_size_of_pages_changes_nothing(rows, size):
    whole = numbered(rows)
    pages = [whole[at : at + size] for at in range(0, len(whole), size)]
    one, many = book(whole), book(*pages)
    assert counted(one, rejected=True) == counted(many, rejected=True)
    assert (one.counts, one.control, one.days) == (many.counts, many.control, many.days)
    assert one.problems == many.problems


@given(ROWS)
def test_what_was_read_is_what_the_cells_hold(rows):
    booking = book(numbered(rows))
    cells = booking.cells
    for metric, units in booking.control.items():
        assert cells.total(metric, range(cells.stride)) == units


# People who move, share a fact, or stand beside.

NOVEMBER = date(2023, 11, 1)
PEOPLE = make_plan(
    name="人员",
    period="2023Q4",
    metrics=PLAN.metrics,
    dimensions=[
        Dimension(
            "rep",
            [
                "华东",
                "华南",
                Member("张三", parent="华东", until=date(2023, 10, 31)),
                Member("张三", parent="华南", since=NOVEMBER),
                Member("李四", parent="华东", until=date(2023, 10, 31)),
                "王五",
                Member("专家", parent="华东", overlay=True),
            ],
        )
    ],
)
EAST, SOUTH, ZHANG, ZHANG_SOUTH, LI, WANG, EXPERT = range(7)
REPORT = SourceMap(
    name="日报",
    on="on",
    dimensions={"rep": "rep"},
    metrics={"sales": "sales"},
    split=frozenset({"rep"}),
)
HEADER = ("on", "rep", "sales")


def report(*rows, **changed):
    booking = Booking(
        PEOPLE, empty_cells(PEOPLE, AS_OF), attrs.evolve(REPORT, **changed), HEADER
    )
    filed = [row(*each, number=at, columns=HEADER) for at, each in enumerate(rows, start=2)]
    booking.take(Page(tuple(filed), HEADER))
    sums = {}
    for (_, (code,), _), units in counted(booking).items():
        sums[code] = sums.get(code, 0) + units
    return booking, sums


def test_a_fact_counts_to_the_seat_of_its_day():
    booking, sums = report(
        ("2023-10-31", "张三", "1"), ("2023-11-01", "张三", "2"), ("2023-11-01", "王五", "3")
    )
    assert sums == {ZHANG: 100, ZHANG_SOUTH: 200, WANG: 300}
    assert not booking.problems
    assert booking.counts.accepted == 3


def test_a_fact_without_a_seat_counts_above_with_a_warning():
    booking, sums = report(("2023-11-01", "李四", "1"), ("2023-10-31", "李四", "2"))
    assert sums == {ANY: 100, LI: 200}
    assert booking.problems[0].text("zh") == (
        "日报.csv, 第2行, rep: '李四' 在 2023-11-01 没有任职，该行计入上级的未分配 - "
        "补上该成员的任职，或改正日期 [no-seat-then]"
    )
    assert booking.counts.accepted == 2
    assert booking.control == {"sales": 300}


def test_a_source_of_one_member_follows_the_seats_too():
    header = ("on", "sales")
    source = attrs.evolve(REPORT, dimensions={}, members={"rep": "张三"})
    booking = Booking(PEOPLE, empty_cells(PEOPLE, AS_OF), source, header)
    rows = [row("2023-10-31", "1", columns=header), row("2023-11-01", "2", columns=header)]
    booking.take(Page(tuple(rows), header))
    assert {key[1]: units for key, units in counted(booking).items()} == {
        (ZHANG,): 100,
        (ZHANG_SOUTH,): 200,
    }


def test_a_total_over_a_move_counts_at_the_last_seat_with_a_warning():
    header = ("period", "rep", "sales")
    source = attrs.evolve(REPORT, on=None, period="period")
    booking = Booking(PEOPLE, empty_cells(PEOPLE, AS_OF), source, header)
    rows = [
        row("2023Q4", "张三", "1", columns=header),
        row("2023-10", "张三", "2", columns=header),
    ]
    booking.take(Page(tuple(rows), header))
    assert codes(booking) == ["moved-within-period"]
    assert booking.problems[0].facts == {"on": "2023Q4"}
    found = {key[1]: units for key, units in counted(booking).items()}
    assert found == {(ZHANG_SOUTH,): 100, (ZHANG,): 200}


def test_a_month_of_its_own_counts_at_the_seat_of_that_month():
    header = ("period", "rep", "sales")
    source = attrs.evolve(REPORT, on=None, period="period")
    booking = Booking(PEOPLE, empty_cells(PEOPLE, AS_OF), source, header)
    booking.take(Page((row("2023-12", "张三", "2", columns=header),), header))
    assert not booking.problems
    assert {key[1]: units for key, units in counted(booking).items()} == {(ZHANG_SOUTH,): 200}


@pytest.mark.parametrize(
    ("cell", "sums"),
    [
        ("张三:60%;王五:40%", {ZHANG: 60, WANG: 40}),
        ("张三；王五", {ZHANG: 50, WANG: 50}),
        ("张三 1/3；王五（2/3）", {ZHANG: 33, WANG: 67}),
        ("张三;李四;王五;", {ZHANG: 34, LI: 33, WANG: 33}),
        ("张三;专家", {ZHANG: 100, EXPERT: 100}),
        ("张三:1；专家:0.5", {ZHANG: 100, EXPERT: 50}),
        ("专家", {EAST: 100, EXPERT: 100}),
    ],
)
def test_a_cell_may_name_several_members(cell, sums):
    booking, found = report(("2023-10-06", cell, "1"))
    assert found == sums
    assert not booking.problems
    assert booking.counts.read == booking.counts.accepted == 1
    assert booking.control == {"sales": 100}


@pytest.mark.parametrize(
    ("cell", "code", "value"),
    [
        ("张三:60%;王五:30%", "shares-not-one", "9/10"),
        ("张三:60%;王五", "shares-not-one", "3/5"),
        ("张三;王五;张三", "credited-twice", "张三"),
        ("张三;王六", "unknown-member", "王六"),
        (";", "unknown-member", ";"),
    ],
)
def test_shares_that_are_wrong_reject_the_row(cell, code, value):
    booking, sums = report(("2023-10-06", cell, "1"), ("2023-10-06", "王五", "1"))
    assert codes(booking) == [code]
    assert booking.problems[0].value == value
    assert sums == {WANG: 100}
    assert (booking.counts.rejected, booking.counts.accepted) == (1, 1)


def test_only_a_column_that_says_so_is_shared():
    booking, _ = report(("2023-10-06", "张三;王五", "1"), split=frozenset())
    assert codes(booking) == ["unknown-member"]


def test_what_does_not_count_is_not_repeated_for_overlays():
    booking, _ = report(("2022-10-06", "王五;专家", "1"))
    cells = booking.cells
    assert cells.total("sales", range(cells.outside, cells.rejected)) == 100


def test_a_source_of_an_overlay_counts_above_and_beside():
    header = ("on", "sales")
    source = attrs.evolve(REPORT, dimensions={}, members={"rep": "专家"})
    booking = Booking(PEOPLE, empty_cells(PEOPLE, AS_OF), source, header)
    booking.take(Page((row("2023-10-31", "1", columns=header),), header))
    assert {key[1]: units for key, units in counted(booking).items()} == {
        (EAST,): 100,
        (EXPERT,): 100,
    }


def test_a_row_whose_day_cannot_be_read_is_rejected_wherever_its_people_sit():
    booking, sums = report(("soon", "张三", "1"))
    assert codes(booking) == ["no-such-date"]
    assert sums == {}
