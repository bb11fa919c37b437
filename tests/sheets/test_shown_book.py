from __future__ import annotations

from fractions import Fraction

import pytest

from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import Book, Cell, Column, Kind, Less, Line, Sheet, Words, shown
from salesgoal.sheets.shown_book import show_book

NAME = Words("表", "Sheet")
TABLE = Sheet(
    id="t",
    title=NAME,
    columns=(
        Column(key="name", title=Words("名", "Name")),
        Column(key="a", title=Words("甲", "A"), kind=Kind.AMOUNT, unit="元"),
        Column(
            key="p", title=Words("单价", "Price"), kind=Kind.AMOUNT, unit="元", is_scaled=False
        ),
        Column(key="n", title=Words("数", "N"), kind=Kind.AMOUNT, decimals=0, unit="个"),
        Column(key="h", title=None, kind=Kind.AMOUNT, unit="元"),
    ),
    lines=(
        Line((Cell("x"), Cell(123_455_000, formula=Less("a", "h")), *map(Cell, (5, 7, 50)))),
        Line((Cell("y"), Cell(None), Cell(Fraction(1, 3)), Cell(7), Cell(Fraction(149, 3)))),
    ),
)
LIST = Sheet(
    id="l",
    title=NAME,
    columns=(
        Column(key="v", title=Words("值", "Value"), kind=Kind.AMOUNT),
        Column(key="r", title=Words("率", "Rate"), kind=Kind.PERCENT),
    ),
    lines=(
        Line((Cell(123_455_000), Cell(Fraction(1, 2))), unit="元", decimals=2),
        Line((Cell(7), Cell()), unit="个", decimals=0),
    ),
    notes=(Words("注", "note"),),
)
BOOK = Book(title=NAME, sheets=(TABLE, LIST))


@pytest.mark.parametrize("scale", Scale)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_shown_book_says_what_the_book_says_in_that_scale(scale, lang):
    for before, after in zip(BOOK.sheets, show_book(BOOK, scale).sheets, strict=True):
        assert after.header(lang) == before.header(lang, scale)
        assert after.remarks(lang) == before.remarks(lang, scale)
        for old, new in zip(before.lines, after.lines, strict=True):
            for at in range(len(before.columns)):
                assert shown(after, new, at, lang) == shown(before, old, at, lang, scale)


def test_only_what_is_rounded_loses_its_formula():
    def formula(scale):
        return show_book(BOOK, scale).sheets[0].lines[0].cells[1].formula

    assert formula(Scale.YUAN) == Less("a", "h")
    assert formula(Scale.WAN) is None
