from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from salesgoal.sheets.sheet import (
    Book,
    Cell,
    Column,
    Flag,
    Kind,
    Line,
    Sheet,
    Words,
    shown,
    worded,
    written,
)

CODES = {"met": Words("达成", "met!")}


def one(value, kind=Kind.TEXT, flag=Flag.NONE, decimals=None, **settings):
    column = Column(key="a", title=None, kind=kind, **settings)
    sheet = Sheet(id="s", title=Words("表", "Sheet"), columns=(column,), lines=())
    return sheet, Line((Cell(value, flag),), decimals=decimals), 0


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, Kind.AMOUNT, None),
        (0, Kind.AMOUNT, Decimal("0.00")),
        (-5, Kind.AMOUNT, Decimal("-0.05")),
        (123_456_78, Kind.AMOUNT, Decimal("123456.78")),
        (Fraction(5, 2), Kind.AMOUNT, Decimal("0.03")),
        (Fraction(69, 80), Kind.PERCENT, Decimal("86.25")),
        (Fraction(2, 3), Kind.PERCENT, Decimal("66.67")),
        ("文本", Kind.TEXT, "文本"),
        (date(2023, 10, 6), Kind.DATE, date(2023, 10, 6)),
        ({"region": "华东", "product": "A"}, Kind.SCOPE, "region=华东, product=A"),
        ({}, Kind.SCOPE, ""),
        (Words("合计", "Total"), Kind.TEXT, "Total"),
    ],
)
def test_a_cell_is_written_by_the_kind_of_its_column(value, kind, expected):
    assert written(*one(value, kind)) == expected


def test_a_column_is_headed_by_its_title_and_unit():
    column = Column(key="a", title=Words("实际", "Actual"), unit="元")
    assert (column.heading("zh"), column.heading("en")) == ("实际(元)", "Actual (元)")
    assert Column(key="a", title=Words("实际", "Actual")).heading("zh") == "实际"
    assert Column(key="a", title=None, unit="元").heading("zh") == ""


def test_a_line_may_have_decimals_of_its_own():
    assert written(*one(1234, Kind.AMOUNT, decimals=0)) == 1234
    assert written(*one(1234, Kind.AMOUNT, decimals=None)) == Decimal("12.34")


@pytest.mark.parametrize(
    ("value", "lang", "expected"),
    [
        ("met", "zh", "达成"),
        ("met", "en", "met!"),
        ("other", "zh", "other"),
        (Words("合计", "Total"), "zh", "合计"),
        (Words("合计", "Total"), "en", "Total"),
        (5, "zh", Decimal("0.05")),
    ],
)
def test_codes_become_words_in_a_language(value, lang, expected):
    assert worded(*one(value, Kind.WORD, words=CODES), lang) == expected


@pytest.mark.parametrize(
    ("value", "kind", "flag", "expected"),
    [
        (123_456_78, Kind.AMOUNT, Flag.NONE, "123,456.78"),
        (Fraction(1), Kind.PERCENT, Flag.MET, "100.00 ✓"),
        (Fraction(1, 2), Kind.PERCENT, Flag.UNMET, "50.00 ▼"),
        ("错误", Kind.TEXT, Flag.PROBLEM, "错误 !"),
        (None, Kind.PERCENT, Flag.NONE, ""),
        (date(2023, 10, 6), Kind.DATE, Flag.NONE, "2023-10-06"),
    ],
)
def test_people_see_separators_and_signs(value, kind, flag, expected):
    assert shown(*one(value, kind, flag)) == expected


def test_a_sheet_knows_its_shown_columns_and_positions():
    columns = (Column(key="a", title=None), Column(key="b", title=Words("乙", "B")))
    sheet = Sheet(id="s", title=Words("表", "Sheet"), columns=columns, lines=())
    assert (sheet.shown, sheet.header("zh"), sheet.header("en")) == ((1,), ("乙",), ("B",))
    assert sheet.position("b") == 1
    with pytest.raises(ValueError, match="not in list"):
        sheet.position("c")


def test_a_book_finds_its_sheets_by_id():
    sheet = Sheet(id="s", title=Words("表", "Sheet"), columns=(), lines=())
    book = Book(title=Words("书", "Book"), sheets=(sheet,))
    assert book.sheet("s") is sheet
    with pytest.raises(KeyError):
        book.sheet("t")
