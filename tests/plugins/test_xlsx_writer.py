from __future__ import annotations

import io
from datetime import date
from fractions import Fraction

import openpyxl
import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.sheet import (
    Add,
    Book,
    Cell,
    Column,
    Flag,
    Kind,
    Less,
    Line,
    Percent,
    Role,
    Sheet,
    Total,
    Words,
)

SPEC = built_in_plugins().renderer("xlsx")
COLUMNS = (
    Column(key="name", title=Words("目标", "Goal"), tree=True),
    Column(key="id", title=None),
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT),
    Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT, decimals=0),
    Column(key="gap", title=Words("缺口", "Gap"), kind=Kind.AMOUNT),
    Column(key="both", title=Words("合", "Both"), kind=Kind.AMOUNT),
    Column(key="rate", title=Words("达成率", "Rate"), kind=Kind.PERCENT),
    Column(key="due", title=Words("时限", "Due"), kind=Kind.DATE),
    Column(key="note", title=Words("备注", "Note")),
)


def line(name="=1+1", *, target=100_00, actual=80, rate=Fraction(4, 5), **settings):
    return Line(
        (
            Cell(name),
            Cell("hidden"),
            Cell(target),
            Cell(actual),
            Cell(20_00, formula=Less("target", "actual")),
            Cell(180_00, formula=Add(("target", "actual"))),
            Cell(rate, Flag.UNMET, Percent("actual", "target")),
            Cell(date(2023, 10, 30)),
            Cell(date(2023, 10, 31)),
        ),
        **settings,
    )


TOTAL = Line(
    (
        Cell(Words("合计", "Total")),
        Cell(),
        Cell(200_00, formula=Total()),
        *[Cell()] * 3,
        Cell(Fraction(1), Flag.MET),
        Cell(),
        Cell("x"),
    ),
    Role.TOTAL,
)


def book(*sheets):
    return Book(title=Words("书", "Book"), sheets=sheets)


LINES = (line(depth=1), line(depth=20), TOTAL)


def sheet(title="表", lines=LINES, columns=COLUMNS, **settings):
    words = Words(title, title)
    return Sheet(id="s", title=words, columns=columns, lines=tuple(lines), **settings)


def draw(drawn, lang="zh"):
    stream = io.BytesIO()
    SPEC.write(drawn, stream, RenderOptions(lang=lang))
    return stream.getvalue()


def opened(drawn, *, data_only=False, lang="zh"):
    return openpyxl.load_workbook(io.BytesIO(draw(drawn, lang)), data_only=data_only)


def test_formulas_are_cell_references_with_their_values_beside():
    drawn = book(sheet())
    live = [cell.value for cell in opened(drawn).active[4]]
    values = [cell.value for cell in opened(drawn, data_only=True).active[4]]
    assert live[3:6] == ["=B4-C4", "=N(B4)+N(C4)", '=IF(N(B4)=0,"",ROUND(C4/B4*100,2))']
    assert [str(each) for each in values[1:6]] == ["100", "80", "20.0", "180.0", "80.0"]
    assert opened(drawn).active["B6"].value == "=SUM(B4:B5)"


def test_texts_that_begin_like_formulas_stay_texts():
    page = opened(book(sheet())).active
    assert (page["A4"].value, page["A4"].data_type) == ("=1+1", "s")


def test_people_see_the_shown_columns_under_title_and_notes():
    page = opened(book(sheet(notes=(Words("说明", "Note"), Words("二", "Two"))))).active
    assert page["A1"].value == "表"
    assert page["A2"].value == "说明  二"
    header = [cell.value for cell in page[3]]
    assert header == ["目标", "目标值", "实际值", "缺口", "合", "达成率", "时限", "备注"]
    english = opened(book(sheet()), lang="en").active
    assert english["A3"].value == "Goal"
    assert english["A6"].value == "Total"


def test_days_and_amounts_have_their_formats():
    page = opened(book(sheet())).active
    assert page["B4"].number_format == "#,##0.00"
    assert page["C4"].number_format == "#,##0"
    assert {page[at].number_format for at in ("G4", "H4")} == {"yyyy-mm-dd"}
    assert (page["A4"].alignment.indent, page["A5"].alignment.indent) == (2, 15)
    assert page["F6"].number_format == '"✓ "#,##0.00'


def test_a_line_may_have_decimals_of_its_own():
    page = opened(book(sheet(lines=[line(decimals=1)]))).active
    assert page["B4"].number_format == "#,##0.0"
    assert page["B4"].value == 1000


def test_rates_are_coloured_by_live_rules():
    rules = opened(book(sheet())).active.conditional_formatting
    found = {str(area.sqref): sorted(rule.formula[0] for rule in area.rules) for area in rules}
    assert found == {"F4:F5": ["AND(ISNUMBER($F4),$C4<$B4)", "AND(ISNUMBER($F4),$C4>=$B4)"]}


def test_a_value_without_a_number_keeps_no_formula():
    empty = line(rate=None)
    page = opened(book(sheet(lines=[empty]))).active
    assert page["F4"].value is None


def test_an_empty_sheet_keeps_its_header():
    page = opened(book(sheet(lines=()))).active
    assert page.max_row == 3
    assert page.auto_filter.ref is None


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["表", "表", "表"], ["表", "表 2", "表 3"]),
        (["Rows", "rows"], ["Rows", "rows 2"]),
        (["a/b:c*[d]?", "目标(按区域)"], ["abcd", "目标"]),
        (["很" * 40], ["很" * 27]),
        (
            ["分解(按下级)", "分解(按原因)", "分解(按原因)", "表(甲)"],
            ["分解(按下级)", "分解(按原因)", "分解(按原因) 2", "表"],
        ),
    ],
)
def test_tabs_have_names_that_a_workbook_allows(titles, names):
    assert opened(book(*map(sheet, titles))).sheetnames == names


def test_the_same_book_gives_the_same_bytes():
    assert draw(book(sheet())) == draw(book(sheet()))


def test_the_header_and_the_names_stay_in_sight():
    page = opened(book(sheet())).active
    assert page.freeze_panes == "B4"
    assert page.auto_filter.ref == "A3:H6"
    assert page.page_setup.orientation == "landscape"
    figures = (COLUMNS[2],)
    bare = sheet(columns=figures, lines=[Line((Cell(1),))])
    assert opened(book(bare)).active.freeze_panes == "A4"
