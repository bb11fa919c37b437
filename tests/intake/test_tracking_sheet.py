"""The form of a tracking workbook that came back: its sheets, its columns, its lines."""

from __future__ import annotations

from salesgoal.domain.problem import Place, problem
from salesgoal.intake.tracking_sheet import read_tracking
from salesgoal.ports.importer import Page, RawRow
from salesgoal.sheets.identity_sheet import MARK

IDENTITY = (
    (MARK,),
    ("fact", "plan", "十月"),
    ("column", "month:key", "salesgoal:month", "key"),
    ("column", "month:person", "销售员", "name", "", "", "person"),
    ("column", "month:actual", "第一周实际", "actual", "sales", "2023-10w1"),
    ("column", "month:cause", "主要偏差原因", "cause"),
    ("line", "month", "华东/张三", "sales"),
    ("held", "month", "华东/张三", "sales", "actual", "150000"),
    ("words of a later version", "1"),
)
FORM = (
    ("月度销售业绩跟踪表",),
    ("salesgoal:month", "销售员", "第一周实际", "主要偏差原因"),
    ("华东/张三", "张三", 160000, "客户延迟"),
    ("*", "合计", 160000, None),
    (None, None, None, " "),
)


def sheet(name, rows, *, hidden=False):
    raw = tuple(
        RawRow(values, Place("跟踪表.xlsx", sheet=name, row=number))
        for number, values in enumerate(rows, 1)
    )
    place = Place("跟踪表.xlsx", sheet=name)
    return Page(raw, warnings=(problem("hidden-sheet", place),) if hidden else ())


def read(form=FORM):
    pages = [sheet("salesgoal", IDENTITY, hidden=True), sheet("表", form)]
    return read_tracking(pages, "跟踪表.xlsx")


def test_a_line_is_known_by_its_key_and_a_cell_by_its_header():
    book = read()
    (line,) = book.lines
    assert (line.sheet, line.key, line.where.row) == ("month", "华东/张三", 3)
    assert (line.cells["actual"].value, str(line.cells["actual"].where.cell)) == (160000, "C3")
    assert (line.text("person"), line.text("cause")) == ("张三", "客户延迟")
    assert (book.facts, book.sheets, book.problems) == ({"plan": "十月"}, {"month": "表"}, [])
    assert book.held == {(("month", "华东/张三", "sales"), "actual"): "150000"}


def test_a_column_of_remarks_may_be_deleted_and_is_no_blank_remark():
    book = read([row[:3] for row in FORM])
    (line,) = book.lines
    assert "cause" not in line.cells
    assert line.text("cause") == ""
    assert not book.problems


def test_a_column_of_figures_that_was_deleted_is_a_problem_and_its_sheet_is_left():
    book = read([(row[0], *row[1:2]) for row in FORM])
    assert [(each.code, each.column) for each in book.problems] == [
        ("missing-column", "第一周实际"),
    ]
    assert not book.lines


def test_a_column_of_remarks_that_stands_twice_is_a_problem():
    book = read([(*row, *row[3:]) for row in FORM])
    assert [(each.code, each.column) for each in book.problems] == [
        ("duplicate-column", "主要偏差原因"),
    ]


def test_a_workbook_whose_sheets_are_all_hidden_and_none_of_them_ours_is_none():
    pages = [sheet("甲", [("x",)], hidden=True), sheet("乙", [("y",)], hidden=True)]
    assert read_tracking(pages, "a.xlsx") is None
    assert read_tracking([], "a.xlsx") is None


def test_no_more_pages_are_read_than_it_takes_to_see_that_it_is_none():
    def pages():
        yield sheet("日报", [("日期",)])
        raise LookupError

    assert read_tracking(pages(), "a.xlsx") is None
