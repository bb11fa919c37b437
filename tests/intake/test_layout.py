from __future__ import annotations

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level
from salesgoal.domain.problem import Place
from salesgoal.errors import SourceRefused
from salesgoal.intake.amount_column import AmountColumn
from salesgoal.intake.cell_text import CellRefused
from salesgoal.intake.layout import LayoutForm, Vocabulary, lay_out, plain_layout
from salesgoal.intake.parse import UNITS
from salesgoal.intake.period_names import PeriodNames
from salesgoal.intake.side_totals import check_side_totals, find_side_totals
from salesgoal.intake.wide import find_wide, find_wide_members
from salesgoal.ports.importer import Grid, Page, RawRow, Unreadable

CALENDAR = MonthCalendar()
NAMES = PeriodNames(CALENDAR, parse_period(CALENDAR, "2023"))
WORDS = Vocabulary(["日期", "客户", "销售员", "销售额", "目标", "实际"], NAMES.find)
PLACE = Place("日报.xlsx")


def laid(*rows, grid=Grid.CELLS, words=WORDS, page_size=100, **form):
    raw = [
        RawRow(tuple(values), Place("日报.xlsx", row=number))
        for number, values in enumerate(rows, start=1)
    ]
    pages = [Page(tuple(raw[at : at + page_size])) for at in range(0, len(raw), page_size)]
    return lay_out(iter(pages), PLACE, grid, LayoutForm(**form), words)


def below(found):
    return [row.values for page in found.pages for row in page.rows]


def refusal(*rows, **form):
    with pytest.raises(SourceRefused) as refused:
        laid(*rows, **form)
    (problem,) = refused.value.problems
    return problem.code


def test_the_row_with_the_most_known_names_is_the_header():
    found = laid(["日报"], [None], ["日期", "客户", "销售额"], ["2023-10-06", "云帆", 5])
    assert found.columns == ("日期", "客户", "销售额")
    assert below(found) == [("2023-10-06", "云帆", 5)]


def test_what_cannot_be_read_of_the_header_is_told():
    spoilt = Unreadable("#REF!", "excel-error")
    found = laid(
        ["日报"], ["日期", "客户", spoilt, "销售额"], ["2023-10-06", "云帆", spoilt, 5]
    )
    (warning,) = found.warnings
    assert (warning.code, warning.where.row) == ("unreadable-header", 2)
    assert warning.facts["columns"] == "#REF!"


def test_the_earliest_of_equal_headers_is_taken():
    found = laid(["日期", "销售额"], ["x", 1], ["日期", "销售额"], ["y", 2])
    assert len(below(found)) == 3


def test_without_a_known_name_the_first_row_that_is_not_blank_is_the_header():
    found = laid([None, ""], ["甲", "乙", None, "丁"], [1, 2, 3, 4])
    assert found.columns == ("甲", "乙", "#3", "丁")


def test_a_row_that_the_plan_names_is_the_header():
    rows = (["日期", "客户", "销售额"], ["何时", "谁", "多少"], ["2023-10-06", "云帆", 5])
    assert laid(*rows, header_row=2).columns == ("何时", "谁", "多少")
    assert refusal(*rows, header_row=9) == "no-rows"
    assert refusal(*rows, header_row=3, header_rows=2) == "no-rows"


def test_a_sheet_without_a_cell_has_no_header():
    assert refusal([None], [" "]) == "no-rows"
    assert refusal() == "no-rows"


def test_a_header_of_two_rows_has_the_month_above_and_the_measure_below():
    found = laid(
        [None, "1月", None, "2月", None, "合计", None, None],
        ["销售员", "目标", "实际", "目标", "实际", "目标", "实际", "备注"],
        ["温进", 1, 2, 3, 4, 4, 6, "x"],
    )
    assert found.columns == (
        "销售员", "目标", "实际", "目标", "实际", "合计 目标", "合计 实际", "备注",
    )  # fmt: skip
    assert found.periods == (None, "2023-01", "2023-01", "2023-02", "2023-02", *[None] * 3)


def test_names_that_stand_over_a_blank_belong_to_the_header():
    found = laid(
        ["日期", "客户", "情况", None], [None, None, "销售额", "数量"], ["x", "y", 1, 2]
    )
    assert found.columns == ("日期", "客户", "销售额", "数量")
    assert found.periods == (None,) * 4


def test_a_caption_of_one_period_is_no_part_of_the_header():
    found = laid(["2023年10月"], ["日期", "客户", "销售额"], ["x", "y", 1])
    assert (found.columns[0], found.periods) == ("日期", (None,) * 3)


def test_unit_lines_are_those_above_the_header():
    rows = (["单位：万元"], ["日期", "销售额"], ["单位：元", 1])
    assert laid(*rows).lines == ("万元",)


def test_what_stands_beside_the_table_is_left_out_with_a_warning():
    found = laid(["日期", "销售额", None, "合计", 99], ["x", 1], ["y", 2, None, None, 5])
    assert found.columns == ("日期", "销售额")
    assert below(found) == [("x", 1), ("y", 2)]
    (warning,) = found.warnings
    assert (warning.code, warning.facts["columns"]) == ("beside-table", "合计、99")


def test_a_blank_column_inside_the_table_is_kept():
    found = laid(["日期", None, "销售额"], ["x", None, 1])
    assert (found.columns, found.warnings) == (("日期", "#2", "销售额"), ())


def test_tables_side_by_side_are_refused_until_one_is_chosen():
    rows = (["日期", "销售额", None, "日期", "销售额"], ["x", 1, None, "y", 2])
    assert refusal(*rows) == "two-tables"
    assert refusal(*rows, table=3) == "no-such-table"
    assert below(laid(*rows, table=1)) == [("x", 1)]
    assert below(laid(*rows, table=2)) == [("y", 2)]
    assert refusal(["日期", "销售额"], ["x", 1], table=2) == "no-such-table"


def test_a_spreadsheet_row_is_brought_to_the_width_of_the_header():
    found = laid(["日期", "客户", "销售额"], ["x"], ["x", "y", 1, "note"])
    assert below(found) == [("x", None, None), ("x", "y", 1)]


def test_a_line_of_text_keeps_a_wrong_width_but_for_blanks_at_its_end():
    rows = (["日期", "客户", "销售额"], ["x"], ["x", "y", "1", "", ""], ["x", "y", "1", "2"])
    found = below(laid(*rows, grid=Grid.LINES))
    assert found == [("x",), ("x", "y", "1"), ("x", "y", "1", "2")]


def test_pages_do_not_matter():
    rows = [["标题"], ["日期", "销售额"], *(["x", number] for number in range(99))]
    for size in (1, 7, 1_000):
        assert below(laid(*rows, page_size=size)) == [("x", number) for number in range(99)]


def test_an_importer_that_knows_its_columns_keeps_them():
    pages = iter([Page((RawRow(("x",), Place("crm", row=3)),), ("日期",)), Page((), ("日期",))])
    found = plain_layout(pages, PLACE)
    assert (found.columns, found.place) == (("日期",), Place("crm"))
    assert below(found) == [("x",)]
    with pytest.raises(SourceRefused):
        plain_layout(iter(()), PLACE)


# Periods in headers.


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("2023-10", "2023-10"),
        ("2024年1月", "2024-01"),
        ("10月", "2023-10"),
        ("Q4", "2023Q4"),
        ("第四季度", "2023Q4"),
        ("客户", None),
        ("", None),
        (None, None),
        ("1", None),
        ("x" * 30, None),
    ],
)
def test_a_header_names_a_period_of_the_plan(header, label):
    assert NAMES.find(header) == label


def test_a_week_without_a_month_needs_a_plan_of_one_month():
    month = PeriodNames(CALENDAR, parse_period(CALENDAR, "2023-10"))
    assert month.find("第一周") == "2023-10w1"
    with pytest.raises(CellRefused) as refused:
        NAMES.find("第一周")
    assert refused.value.code == "no-such-month"


def test_a_month_that_the_plan_has_twice_or_not_is_refused():
    for span in ("2023Q4", None):
        names = PeriodNames(CALENDAR, span and parse_period(CALENDAR, span))
        if span is None:
            assert names.find("1月") is None
        else:
            with pytest.raises(CellRefused):
                names.find("1月")


def test_a_day_in_a_header_means_the_period_that_the_plan_says():
    names = PeriodNames(CALENDAR, None, "%b-%y", Level.MONTH)
    assert (names.find("Oct-23"), names.find("2023Q4")) == ("2023-10", "2023Q4")


def test_a_header_may_hold_a_period_and_a_measure():
    def is_known(text):
        return text == "目标"

    assert NAMES.split("10月目标", is_known) == ("2023-10", "目标")
    assert NAMES.split("Q4 - 目标", is_known) == ("2023Q4", "目标")
    assert NAMES.split("累计目标", is_known) is None
    assert NAMES.split("10月达成率", is_known) is None


# Wide tables.


def wide(*rows, taken=(), **form):
    found = laid(*rows, **form)
    return found, find_wide(found, NAMES, WORDS.has, taken, "实际")


def records(found, turned, needed=("实际",)):
    pages = list(turned.melt(found.pages, needed))
    return [(row.values, row.where.key) for page in pages for row in page.rows]


def test_a_row_gives_a_record_for_every_period_with_a_value():
    found, turned = wide(["客户", "1月", "2月"], ["云帆", 5, None], ["", "", " "])
    assert turned.columns == ("客户", "期间", "实际")
    assert records(found, turned) == [(("云帆", "2023-01", 5), "2023-01")]


def test_only_the_columns_that_are_needed_make_a_record():
    rows = (["客户", "1月目标", "1月实际", "2月目标"], ["云帆", 9, 5, 7])
    found, turned = wide(*rows)
    assert turned.values == ("目标", "实际")
    assert records(found, turned) == [(("云帆", "2023-01", 9, 5), "2023-01")]


def test_a_column_to_the_right_of_the_last_period_belongs_to_the_row():
    found, turned = wide(
        ["客户", "1月", None, "2月", None, None],
        [None, "目标", "实际", "目标", "实际", "备注"],
        ["云帆", 1, 2, 3, 4, "x"],
    )
    assert turned.columns == ("客户", "备注", "期间", "目标", "实际")
    assert records(found, turned)[1][0] == ("云帆", "x", "2023-02", 3, 4)


def test_a_column_that_the_plan_names_stays_as_it_is():
    _, turned = wide(["客户", "1月", "2月"], ["云帆", 5, 6], taken=["1月"])
    assert turned.columns == ("客户", "1月", "期间", "实际")


def test_a_table_without_periods_is_not_wide():
    assert wide(["日期", "客户", "销售额"], ["x", "y", 1])[1] is None


def test_a_period_that_the_plan_does_not_have_once_is_refused():
    names = PeriodNames(CALENDAR, parse_period(CALENDAR, "2023Q4"))
    found = laid(["客户", "1月", "2月"], ["云帆", 5, 6])
    with pytest.raises(SourceRefused) as refused:
        find_wide(found, names, WORDS.has, (), "实际")
    assert [each.code for each in refused.value.problems] == ["no-such-month"]


@pytest.mark.parametrize(("line", "width"), [(["云帆", "5"], 2), (["云帆", "5", "6", "7"], 4)])
def test_a_line_of_a_wrong_width_stays_wrong(line, width):
    found, turned = wide(["客户", "1月", "2月"], line, grid=Grid.LINES)
    ((values, _),) = records(found, turned)
    assert len(values) != len(turned.columns)
    assert (len(values) > len(turned.columns)) == (width > 3)


REGION = Dimension(
    "region", [Member("华东", ["东区"]), Member("上海", parent="华东"), "华南"], name="区域"
)
KIND = Dimension("kind", ["新客户", "老客户"], name="客户类型")


def by_member(*header, taken=()):
    return find_wide_members(laid(header), [REGION, KIND], taken, "实际")


def test_members_as_headers_become_a_column_of_their_dimension():
    turned = by_member("日期", "东区", "华南", "备注")
    assert turned.columns == ("日期", "备注", "区域", "实际")
    assert turned.at == {"华东": {"实际": 1}, "华南": {"实际": 2}}


def test_a_column_that_the_plan_names_is_no_member():
    turned = by_member("日期", "上海", "华南", "华东", taken=["华东"])
    assert turned.columns == ("日期", "华东", "区域", "实际")


@pytest.mark.parametrize("header", [("日期", "华东"), ("日期", "客户"), ("日期",)])
def test_fewer_than_two_members_may_be_any_words(header):
    assert by_member(*header) is None


@pytest.mark.parametrize(
    ("header", "reason", "reason_zh"),
    [
        (("日期", "华东", "新客户"), "are of 区域、客户类型", "分属 区域、客户类型"),
        (("日期", "华东", "上海"), "hold 上海 and 华东", "上海 与 华东 互相包含"),
        (("日期", "上海", "华东"), "hold 华东 and 上海", "华东 与 上海 互相包含"),
        (("日期", "华东", "东区"), "hold 东区 and 华东", "东区 与 华东 互相包含"),
    ],
)
def test_members_that_might_count_twice_are_refused(header, reason, reason_zh):
    with pytest.raises(SourceRefused) as refused:
        by_member(*header)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where) == ("unclear-members", PLACE)
    assert reason in problem.message("en")
    assert reason_zh in problem.message("zh")
    assert problem.facts["columns"] == "、".join(header[1:])


# Columns of totals beside the columns that they sum.

SALES = Metric(id="sales", decimals=2)
BUYERS = Metric(id="buyers", aggregation=Aggregation.DISTINCT)


def totals_of(header, *rows, metrics=None):
    """The headers of the totals found, and what is wrong with them: row, stated, computed."""
    found, turned = wide(header, *rows)
    kinds = metrics or dict.fromkeys(turned.values, SALES)
    amounts = [
        AmountColumn(kinds[value], at, UNITS[""], round_excess=False)
        for places in turned.at.values()
        for value, at in places.items()
    ]
    totals = find_side_totals(turned, amounts)
    problems = []
    for _ in check_side_totals(found.pages, totals, problems):
        pass
    said = [(each.where.row, each.facts["stated"], each.facts["computed"]) for each in problems]
    assert {each.code for each in problems} <= {"row-total"}
    return [each.label for each in totals], said


MONTHS = ("客户", "1月", "2月", "合计")


@pytest.mark.parametrize("stated", [12, "12.00", None, "x", "#REF!"])
def test_a_total_that_is_right_blank_or_unreadable_is_silent(stated):
    assert totals_of(MONTHS, ("云帆", 5, 7, stated)) == (["合计"], [])


@pytest.mark.parametrize("row", [("云帆", "x", 7, 9), ("云帆", 5, 7)])
def test_where_a_cell_is_no_amount_or_missing_nothing_is_said_of_the_total(row):
    assert totals_of(MONTHS, row) == (["合计"], [])


def test_a_total_that_is_wrong_is_named_with_both_amounts():
    rows = (("云帆", 5, 7, 12), ("恒信", 5, None, 6), ("安泰", "1,000", 7, 0))
    assert totals_of(MONTHS, *rows)[1] == [(3, "6.00", "5.00"), (4, "0.00", "1,007.00")]


def test_a_part_sums_what_stands_since_the_last_total_and_a_whole_all():
    header = ("客户", "1月", "2月", "上半年小计", "7月", "8月", "下半年小计", "合计")
    labels, said = totals_of(
        header, ("云帆", 1, 2, 3, 4, 5, 9, 12), ("恒信", 1, 2, 3, 4, 5, 8, 13)
    )
    assert labels == ["上半年小计", "下半年小计", "合计"]
    assert said == [(3, "8.00", "9.00"), (3, "13.00", "12.00")]


def test_a_total_with_a_unit_of_its_own_or_of_no_value_is_left_alone():
    assert totals_of(("客户", "1月", "2月", "合计（万元）"), ("云帆", 5, 7, 1))[0] == []
    two = ("客户", "1月目标", "1月实际", "2月目标", "2月实际", "合计", "实际合计", "合计 目标")
    assert totals_of(two, ("云帆", 9, 5, 9, 7, 1, 12, 18)) == (["合计 目标", "实际合计"], [])


def test_keys_that_are_counted_have_no_total():
    assert totals_of(MONTHS, ("华东", "云帆", "恒信", 2), metrics={"实际": BUYERS}) == ([], [])
