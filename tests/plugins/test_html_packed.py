"""Law: lines that travel packed come out as `shown` writes them, whatever their figures."""

from __future__ import annotations

import json
import zlib
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.plugins.html.packed import pack
from salesgoal.plugins.html.printable import SIGNS, to_text
from salesgoal.sheets.sheet import (
    Add,
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
    shown,
)

from .page_reader import to_bytes, unpack

KEYS = ("name", "a", "b", "c", "rate", "share")
KINDS = (Kind.TEXT, Kind.AMOUNT, Kind.AMOUNT, Kind.AMOUNT, Kind.RATE, Kind.PERCENT)
COLUMNS = tuple(
    Column(key=key, title=Words(key, key), kind=kind, decimals=2)
    for key, kind in zip(KEYS, KINDS, strict=True)
)

small = st.integers(-6, 6)
figures = st.one_of(
    small,
    st.none(),
    st.integers(-(10**15), 10**15),
    st.fractions(min_value=-100, max_value=100, max_denominator=40),
    st.sampled_from(["", "无", "~", "a", "=0", "+1,2", "@0", "1,000", "<b>", "a\nb"]),
)
keys = st.sampled_from(KEYS[1:])
formulas = st.one_of(
    st.none(),
    st.builds(Less, keys, keys),
    st.builds(Percent, keys, keys),
    st.builds(Add, st.lists(keys, min_size=1, max_size=3).map(tuple)),
    st.just(Total()),
)
cells = st.builds(Cell, figures, st.sampled_from(Flag), formulas)
names = st.builds(Cell, st.one_of(st.none(), st.text(max_size=4), st.just("~a\n")))
lines = st.builds(
    Line,
    st.tuples(names, cells, cells, cells, cells, cells),
    st.sampled_from(Role),
    st.integers(0, 3),
    st.sampled_from([None, None, 0, 2, 4]),
)
sheets = st.lists(lines, min_size=1, max_size=9).map(
    lambda given: Sheet(id="s", title=Words("表", "S"), columns=COLUMNS, lines=tuple(given))
)


def unpacked(packed):
    whole = json.loads(zlib.decompress(to_bytes(packed)))
    known = []
    for sheet in whole["sheets"]:
        known.append(unpack(sheet, whole["texts"], known))
    return [rows for rows, _ in known]


def texts_of(sheet):
    return [
        [shown(sheet, line, at).replace("\n", " ").lstrip() for at in range(len(COLUMNS))]
        for line in sheet.lines
    ]


def as_read(rows):
    """Rows without the blanks that a page does not show."""
    return [[text.lstrip() for text in row] for row in rows]


@given(st.lists(sheets, min_size=1, max_size=2))
def test_packed_figures_come_out_as_they_are_shown(given):
    assert [as_read(rows) for rows in unpacked(pack(given, "zh"))] == [
        texts_of(sheet) for sheet in given
    ]


@given(sheets)
def test_formulas_that_hold_are_used_and_others_are_not(sheet):
    held = tuple(
        attrs.evolve(
            line,
            cells=(
                *line.cells[:3],
                Cell(
                    line.cells[1].value - line.cells[2].value
                    if isinstance(line.cells[1].value, int)
                    and isinstance(line.cells[2].value, int)
                    else 7,
                    formula=Less("a", "b"),
                ),
                *line.cells[4:],
            ),
        )
        for line in sheet.lines
    )
    sheet = attrs.evolve(sheet, lines=held)
    assert as_read(unpacked(pack([sheet], "zh"))[0]) == texts_of(sheet)


def column_of(values, kind=Kind.AMOUNT):
    column = Column(key="a", title=Words("甲", "A"), kind=kind)
    lines = tuple(Line((Cell(value),)) for value in values)
    return Sheet(id="s", title=Words("表", "S"), columns=(column,), lines=lines)


def marks_of(*given):
    whole = json.loads(zlib.decompress(to_bytes(pack(given, "zh"))))
    return [sheet["columns"][-1]["figures"].split("\n") for sheet in whole["sheets"]]


def test_a_quarter_is_the_sum_of_its_months():
    assert marks_of(column_of([600, 100, 200, 300]))[0] == ["+1,3", "100", "200", "300"]


def test_a_goal_is_the_sum_of_the_goals_below_it_line_by_line():
    names = Column(key="n", title=Words("名", "N"))
    column = Column(key="a", title=Words("甲", "A"), kind=Kind.AMOUNT)
    goals = (
        *(("r", 0, (300, 30)), ("a", 1, (100, 17)), ("x", 2, (90, 9)), ("y", 2, (10, 8))),
        *(("b", 1, (200, 13)), ("z", 2, (120, 6)), ("w", 2, (80, 7))),
    )
    lines = tuple(
        Line((Cell(name), Cell(value)), depth=depth)
        for name, depth, own in goals
        for value in own
    )
    sheet = Sheet(id="s", title=Words("表", "S"), columns=(names, column), lines=lines)
    assert marks_of(sheet)[0] == [
        *("^", "^", "^", "^", "90", "9", "10", "8", "^", "^", "120", "6", "80", "7"),
    ]


def test_a_sum_does_not_mix_metrics_of_different_decimals():
    sheet = column_of([300, 100, 200])
    mixed = attrs.evolve(
        sheet, lines=(*sheet.lines[:2], attrs.evolve(sheet.lines[2], decimals=0))
    )
    assert marks_of(mixed)[0][0] == "300"


def test_lines_of_a_sheet_before_are_pointed_at():
    assert marks_of(column_of([11, 23, 37, 41]), column_of([23, 41, 99]))[1] == [
        "@1",
        "@1",
        "99",
    ]


def test_a_chain_of_sums_is_as_deep_as_it_likes():
    chain = [1, 1]
    while len(chain) < 400:
        chain.append(chain[-1] + chain[-2])
    sheet = column_of(chain[::-1])
    assert marks_of(sheet)[0][:397] == ["+1,2"] * 397
    assert as_read(unpacked(pack([sheet], "zh"))[0]) == [
        [shown(sheet, line, 0)] for line in sheet.lines
    ]


@pytest.mark.parametrize(
    ("ratio", "over", "under", "mark"),
    [
        (Fraction(1, 3), 1, 3, "=0"),
        (Fraction(1, 3), 2, 3, "3333"),
        (Fraction(-1, 3), -1, 3, "-3333"),
        (Fraction(1), 5, 0, "10000"),
    ],
)
def test_a_rate_is_left_to_its_formula_only_where_that_gives_it(ratio, over, under, mark):
    columns = tuple(
        Column(key=key, title=Words(key, key), kind=kind)
        for key, kind in (("a", Kind.AMOUNT), ("b", Kind.AMOUNT), ("p", Kind.PERCENT))
    )
    line = Line((Cell(over), Cell(under), Cell(ratio, formula=Percent("a", "b"))))
    sheet = Sheet(id="s", title=Words("表", "S"), columns=columns, lines=(line,))
    assert marks_of(sheet)[0] == [mark]


@given(st.binary(max_size=200))
def test_bytes_come_back_from_their_signs(content):
    text = to_text(content)
    assert to_bytes(text) == content
    assert set(text) <= set(SIGNS)


def test_markup_knows_none_of_the_signs():
    assert len(set(SIGNS)) == 91
    assert not set(SIGNS) & set('<&"')
    assert len(to_text(bytes(range(256)) * 40)) < 256 * 40 * 1.24
