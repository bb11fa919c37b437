from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level, Period
from salesgoal.domain.problem import Place
from salesgoal.domain.target import Ownership
from salesgoal.errors import SourceRefused
from salesgoal.intake.plan_rows import PlanRows
from salesgoal.intake.table import make_table
from salesgoal.intake.target_rows import TargetForm
from salesgoal.ports.importer import Page, RawRow

METRICS = (Metric(id="sales", name="销售额", decimals=2), Metric(id="orders", name="订单数"))
REGION = Dimension("region", ["华东", "华南"], name="区域")
PLACE = Place("目标.csv")


def table(header, *rows, **explicit):
    columns = header.split(",")
    rows = [row if isinstance(row, tuple) else tuple(row.split(",")) for row in rows]
    raw = [RawRow(row, Place("目标.csv", row=at)) for at, row in enumerate(rows, start=2)]
    made = make_table([Page(tuple(raw), tuple(columns))], PLACE, explicit)
    return attrs.evolve(made, place=PLACE)


def targets(given, **form):
    reader = PlanRows()
    found = reader.targets(given, TargetForm(**form), MonthCalendar(), METRICS, [REGION])
    return list(found), reader.problems


def faults(problems):
    return [(each.code, each.where.row, each.column) for each in problems]


def test_a_long_table_gives_a_target_a_row():
    header = "区域,期间,指标,目标,保底,挑战,承诺,责任人,部门,完成时限"
    row = "华东|2023Q4|orders|10|8|12|9|张三|一部|2023-12-31".replace("|", ",")
    (found,), problems = targets(table(header, row))
    assert not problems
    assert (found.scope, found.metric, found.period) == ({"region": "华东"}, "orders", "2023Q4")
    assert (found.target, found.floor, found.stretch, found.commit) == (10, 8, 12, 9)
    assert found.ownership == Ownership(
        owner="张三", department="一部", due_on=date(2023, 12, 31)
    )
    assert found.where.row == 2


def test_a_long_table_may_give_commits_alone():
    (found,), problems = targets(table("区域,期间,承诺值", "华东,2023Q4,9"))
    assert not problems
    assert (found.target, found.commit) == (None, 9)


def test_a_long_table_may_say_from_which_day_to_which_a_target_holds():
    rows = ("华东,2023-10-01,2023-12-31,1", "华南,2023-10-09,2023-10-20,2")
    found, problems = targets(table("区域,开始日期,结束日期,目标", *rows))
    assert not problems
    assert [each.period.label for each in found] == ["2023Q4", "2023-10-09..2023-10-20"]
    assert [each.target for each in found] == [1, 2]


def test_a_period_in_the_row_goes_before_its_days():
    rows = ("2023Q4,,,1", ",2023-10-01,2023-10-31,2")
    found, problems = targets(table("period,since,until,target", *rows))
    assert not problems
    assert [str(each.period) for each in found] == ["2023Q4", "2023-10"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2023-10-01,,1", ("blank-required", 2, "until")),
        (",2023-10-01,1", ("blank-required", 2, "since")),
        ("2023-10-02,2023-10-01,1", ("no-such-period", 2, "until")),
        ("1850-01-01,2023-10-01,1", ("date-out-of-range", 2, "since")),
        ("soon,2023-10-01,1", ("no-such-date", 2, "since")),
    ],
)
def test_days_that_make_no_period_are_a_problem(row, fault):
    found, problems = targets(table("since,until,target", row))
    assert not found
    assert faults(problems) == [fault]


def test_one_day_of_two_is_no_period():
    _, problems = targets(table("since,target", "2023-10-01,1"))
    assert [each.code for each in problems] == ["no-period"]


def test_a_wide_table_gives_a_target_a_cell():
    given = table("区域,2023年10月,2023-11,备注", "华东,1,2.50,x", "华南,,-,y", "华南,0,,z")
    found, problems = targets(given)
    assert not problems
    assert [(each.scope["region"], each.period.label, each.target) for each in found] == [
        ("华东", "2023-10", 1),
        ("华东", "2023-11", Decimal("2.50")),
        ("华南", "2023-10", 0),
    ]


@pytest.mark.parametrize(
    ("form", "header", "row", "expected"),
    [
        ({}, "期间,目标", "2023,5", ("sales", "2023", 5)),
        ({"metric": "订单数"}, "期间,目标", "2023,5", ("orders", "2023", 5)),
        ({"metric": "orders"}, "期间,指标,目标", "2023,销售额,5", ("sales", "2023", 5)),
        ({"metric": "orders"}, "期间,指标,目标", "2023,,5", ("orders", "2023", 5)),
        ({"unit": "万元"}, "期间,目标", "2023,1.5", ("sales", "2023", 15000)),
        ({"round_excess": True}, "期间,目标", "2023,1.005", ("sales", "2023", Decimal("1.01"))),
    ],
)
def test_the_form_of_a_table_counts(form, header, row, expected):
    (found,), problems = targets(table(header, row), **form)
    assert not problems
    assert (found.metric, found.period, found.target) == expected


def test_a_table_may_speak_of_one_member_and_of_days_in_periods():
    form = {
        "members": {"region": "华南"},
        "period_format": "%b-%y",
        "period_level": Level.MONTH,
    }
    (found,), problems = targets(table("期间,目标", "Apr-18,5"), **form)
    assert not problems
    assert (found.scope, found.period.label) == ({"region": "华南"}, "2018-04")


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("期间,目标", ",5", [("blank-required", 2, "期间")]),
        ("期间,目标", "2023,x", [("not-a-number", 2, "目标")]),
        ("期间,目标,完成时限", "2023,1,soon", [("no-such-date", 2, "完成时限")]),
        ("期间,指标,目标", "2023,利润,x", [("unknown-metric", 2, "指标")]),
        ("2023,指标", "5,利润", [("unknown-metric", 2, "指标")]),
        (
            "2023年,2024年",
            "1.234,x",
            [("excess-decimals", 2, "2023年"), ("not-a-number", 2, "2024年")],
        ),
    ],
)
def test_a_fault_is_kept_with_its_row_and_column(header, row, expected):
    assert faults(targets(table(header, row))[1]) == expected


@pytest.mark.parametrize(
    ("header", "cell", "lines", "unit", "code", "found"),
    [
        ("期间,目标（元）", "5", ("万元",), "元", "unit-conflict", "万元、元"),
        ("期间,目标（元）", "x", ("万元",), "元", "unit-conflict", "万元、元"),
        ("期间,目标（件）", "5", (), "元", "unit-conflict", "件"),
        ("期间,目标", "5", ("万元",), "", "unit-unclear", "万元"),
        ("2023年,区域", "5", ("万元",), "", "unit-unclear", "万元"),
    ],
)
def test_units_that_contradict_one_another_refuse_the_whole_table(
    header, cell, lines, unit, code, found
):
    row = ("2023", cell) if header.startswith("期间") else (cell, "华东")
    given = attrs.evolve(table(header, row), lines=lines)
    sales = Metric(id="sales", name="销售额", unit=unit, decimals=2)
    reader = PlanRows()
    with pytest.raises(SourceRefused) as refused:
        list(reader.targets(given, TargetForm(), MonthCalendar(), [sales], [REGION]))
    (problem,) = refused.value.problems
    column = next(each for each in given.columns if each != "期间")
    assert (problem.code, problem.column, problem.where) == (code, column, PLACE)
    assert (problem.facts["found"], problem.facts["metric"]) == (found, "销售额")
    assert not reader.problems


def test_a_day_that_is_none_is_kept_with_its_row():
    form = {"period_format": "%b-%y", "period_level": Level.MONTH}
    found, problems = targets(table("期间,目标", "soon,5"), **form)
    assert (found, faults(problems)) == ([], [("no-such-date", 2, "期间")])


@pytest.mark.parametrize(
    ("header", "explicit", "column"),
    [
        ("期间,钱", {}, "target"),
        ("期间,目标", {"target": "金额"}, "金额"),
    ],
)
def test_a_table_without_its_columns_is_one_problem(header, explicit, column):
    found, problems = targets(table(header, **explicit))
    assert (found, [each.column for each in problems]) == ([], [column])
    assert {each.code for each in problems} == {"missing-column"}


@pytest.mark.parametrize("header", ["区域,目标", "区域,大区"])
def test_a_table_that_names_no_period_says_the_three_ways_to_give_one(header):
    found, (told,) = targets(table(header, "华东,5"))
    assert (found, told.code) == ([], "no-period")
    assert 'period = "2026Q2"' in told.remedy("zh")


def test_the_period_of_a_table_holds_for_rows_without_their_own():
    (one,), problems = targets(table("区域,目标", "华东,5"), period="2023Q4")
    assert (one.period, problems) == ("2023Q4", [])
    (own, other), problems = targets(
        table("区域,期间,目标", "华东,2023-10,5", "华南,,6"), period="2023Q4"
    )
    assert (own.period, other.period, problems) == ("2023-10", "2023Q4", [])


def test_periods_as_headers_go_before_the_period_of_the_table():
    (one,), _ = targets(table("区域,2023-10", "华东,5"), period="2023Q4")
    assert one.period.label == "2023-10"


def test_the_period_of_a_table_does_not_complete_half_a_span():
    found, problems = targets(table("期间,开始日期,目标", ",2023-10-01,5"), period="2023Q4")
    assert (found, faults(problems)) == ([], [("blank-required", 2, "期间")])


def test_members_come_with_aliases_and_parents():
    reader = PlanRows()
    given = table("名称,别名,上级", "上海,沪；申; ,华东", "华东,,", ",x,")
    assert list(reader.members(given)) == [
        Member("上海", ["沪", "申"], "华东"),
        Member("华东"),
    ]
    assert faults(reader.problems) == [("blank-required", 4, "名称")]


def test_members_come_with_the_days_of_their_seats():
    reader = PlanRows()
    header = "名称,上级,开始日期,结束日期,重叠归属"
    rows = ("张三,华东,,2023-06-30,", "张三,华南,2023-07-01,,否", "专家,,,soon,是")
    assert list(reader.members(table(header, *rows))) == [
        Member("张三", parent="华东", until=date(2023, 6, 30)),
        Member("张三", parent="华南", since=date(2023, 7, 1)),
        Member("专家", overlay=True),
    ]
    assert faults(reader.problems) == [("no-such-date", 4, "结束日期")]


def test_members_need_a_name_only():
    reader = PlanRows()
    assert list(reader.members(table("name", "a", "b"))) == [Member("a"), Member("b")]
    assert not list(reader.members(table("别名", "a")))
    assert faults(reader.problems) == [("missing-column", None, "name")]


def test_periods_of_a_calendar_are_read_with_their_last_day():
    reader = PlanRows()
    header = "level,label,since,until"
    given = table(header, "month,P01,2023-01-02,2023-01-29", "month,,2023-01-30,2023-02-26")
    assert list(reader.periods(given)) == [
        Period(date(2023, 1, 2), date(2023, 1, 30), Level.MONTH, "P01"),
        Period(date(2023, 1, 30), date(2023, 2, 27), Level.MONTH, "2023-01-30"),
    ]
    assert not reader.problems


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("moon,P01,2023-01-02,2023-01-29", [("bad-calendar", 2, "level")]),
        (",P01,2023-01-02,2023-01-29", [("bad-calendar", 2, "level")]),
        ("month,P01,2023-01-29,2023-01-02", [("bad-calendar", 2, None)]),
        ("month,P01,x,2023-01-02", [("no-such-date", 2, "since")]),
    ],
)
def test_a_period_that_cannot_be_is_a_problem(row, expected):
    reader = PlanRows()
    assert not list(reader.periods(table("level,label,since,until", row)))
    assert faults(reader.problems) == expected


def test_a_calendar_needs_all_its_columns():
    reader = PlanRows()
    assert not list(reader.periods(table("level,since", "month,2023-01-01")))
    assert [each.column for each in reader.problems] == ["label", "until"]


def test_headers_are_remembered_for_later_faults():
    reader = PlanRows()
    list(reader.members(table("名称,上级", "华东,")))
    assert reader.headers == {("目标.csv", None): {"name": "名称", "parent": "上级"}}


CELLS = {
    "区域": ["华东", " 华南 ", "", None],
    "期间": ["2023Q4", "2023-10", 2023],
    "指标": ["销售额", "orders", ""],
    "目标": ["10", "1,200", "-", None, 7, Decimal("1.00"), "-3"],
    "保底": ["", "8", "１２"],
    "责任人": ["张三", None],
    "完成时限": ["2023-12-31", date(2023, 12, 30), "-", ""],
}
FAULTY = [("期间", "", "blank-required"), ("目标", "1O", "not-a-number")]
FAULTY += [("指标", "利润", "unknown-metric"), ("完成时限", "soon", "no-such-date")]


@given(
    st.lists(st.tuples(*map(st.sampled_from, CELLS.values())), max_size=6),
    st.sampled_from(FAULTY),
)
def test_rows_read_together_come_to_what_they_come_to_one_by_one(rows, fault):
    """A faulty row has those around it read one by one."""
    column, cell, code = fault
    good = ("华东", "2023Q4", "销售额", "10", "8", "张三", "2023-12-31")
    bad = tuple(cell if name == column else own for name, own in zip(CELLS, good, strict=True))
    header = ",".join(CELLS)
    rows = [row if row[2] != "orders" else (*row[:3], "5", *row[4:]) for row in rows]
    together, none = targets(table(header, *rows, good))
    alone, (problem,) = targets(table(header, *rows, good, bad))
    assert not none
    assert alone[: len(rows) + 1] == together
    assert (problem.code, problem.where.row, problem.column) == (code, len(rows) + 3, column)


def test_equal_cells_of_other_kinds_are_read_apart():
    header = "区域,期间,目标,责任人"
    rows = [("华东", 2023, 1, 1), ("华南", 2023, 1, True), ("华南", Decimal("2023.0"), 2, "")]
    found, problems = targets(table(header, *rows))
    assert [(each.period, each.ownership.owner) for each in found] == [
        *(("2023", "1"), ("2023", "True"), ("2023.0", None)),
    ]
    assert not problems


def test_counts_of_different_customers_are_typed_as_amounts():
    buyers = (Metric(id="buyers", aggregation=Aggregation.DISTINCT),)
    reader = PlanRows()
    rows = table("区域,期间,目标", "华东,2023Q4,12", "华南,2023Q4,-")
    found = reader.targets(rows, TargetForm(), MonthCalendar(), buyers, [REGION])
    assert [each.target for each in found] == [12, None]
    assert not reader.problems


def test_a_table_keeps_what_was_noticed_when_its_file_was_read():
    pages = [Page((), ("a",), warnings=("hidden",)), Page((), ("a",), warnings=("merged",))]
    assert make_table(pages, PLACE, {}).warnings == ["hidden", "merged"]


def test_blank_rows_are_left_out():
    found = table("a", *((value,) for value in ("x", " ", None, 0, "0")))
    assert [row.values["a"] for row in found.rows] == ["x", 0, "0"]


def test_a_table_stands_where_its_rows_do():
    row = RawRow((1,), Place("目标.xlsx", sheet="一", row=7))
    found = make_table([Page((row,), ("a",)), Page((row,), ("a",))], PLACE, {"name": "a"})
    assert (found.place, len(found.rows)) == (Place("目标.xlsx", sheet="一"), 2)
    assert found.explicit == {"name": "a"}
    assert make_table([], PLACE, {}).place == PLACE


def test_rows_of_another_width_refuse_the_whole_table():
    rows = [RawRow(values, Place("a.csv", row=9)) for values in [("1",), (), ("1", "2", "3")]]
    with pytest.raises(SourceRefused) as refused:
        make_table([Page(tuple(rows), ("a", "b"))], PLACE, {})
    assert [each.facts["found"] for each in refused.value.problems] == [1, 3]
