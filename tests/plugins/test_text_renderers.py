"""csv, markdown, json and terminal: the same book, drawn four ways."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from fractions import Fraction

import attrs
import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.sheet import (
    Book,
    Cell,
    Column,
    Flag,
    Kind,
    Line,
    Percent,
    Role,
    Sheet,
    Words,
)

PLUGINS = built_in_plugins()
COLUMNS = (
    Column(key="name", title=Words("目标", "Goal"), tree=True),
    Column(key="scope", title=None, kind=Kind.SCOPE),
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT),
    Column(key="rate", title=Words("达成率", "Rate"), kind=Kind.PERCENT),
    Column(key="due", title=Words("时限", "Due"), kind=Kind.DATE),
    Column(key="note", title=Words("备注", "Note"), machine=False),
    Column(
        key="status",
        title=Words("状态", "Status"),
        kind=Kind.WORD,
        words={"met": Words("达成", "met")},
    ),
)
LINES = (
    Line(
        (
            Cell("=华东|*"),
            Cell({"region": "华东"}),
            Cell(123_456_78),
            Cell(Fraction(69, 80), Flag.UNMET, Percent("target", "target")),
            Cell(date(2023, 10, 30)),
            Cell("<b>\nx"),
            Cell("met"),
        ),
        depth=1,
    ),
    Line(
        (Cell("-"), Cell({}), Cell(-5), Cell(Fraction(1), Flag.MET), *[Cell()] * 3),
        decimals=0,
    ),
    Line((Cell(Words("合计", "Total")), Cell(), *[Cell()] * 5), Role.TOTAL),
)
SHEET = Sheet(
    id="rows",
    title=Words("表#1", "Sheet #1"),
    columns=COLUMNS,
    lines=LINES,
    notes=(Words("说明", "A note"),),
)
BOOK = Book(title=Words("书", "Book"), sheets=(SHEET,), meta={"plan": "书", "known_at": None})


def draw(name, book=BOOK, **options):
    stream = io.BytesIO()
    PLUGINS.renderer(name).write(book, stream, RenderOptions(**options))
    return stream.getvalue()


def table(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_keeps_texts_from_becoming_formulas():
    assert table(draw("csv")) == [
        ["目标", "目标值", "达成率", "时限", "备注", "状态"],
        ["'=华东|*", "123456.78", "86.25", "2023-10-30", "<b>\nx", "met"],
        ["-", "-5", "100.00", "", "", ""],
        ["Total", "", "", "", "", ""],
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("@x", "'@x"),
        ("-1", "'-1"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-", "-"),
        ("a=1", "a=1"),
    ],
)
def test_only_texts_that_begin_like_formulas_get_an_apostrophe(text, written):
    column = Column(key="a", title=Words("甲", "A"))
    sheet = Sheet(
        id="s", title=Words("表", "S"), columns=(column,), lines=(Line((Cell(text),)),)
    )
    content = draw("csv", Book(title=Words("书", "B"), sheets=(sheet,)))
    assert table(content)[1] == [written]


def test_csv_of_several_sheets_names_them():
    book = Book(title=BOOK.title, sheets=(SHEET, SHEET))
    found = table(draw("csv", book, lang="en"))
    assert [row for row in found if len(row) < 2] == [["Sheet #1"], [], ["Sheet #1"]]


def test_markdown_escapes_what_would_mean_something():
    text = draw("markdown").decode()
    assert text.startswith("# 书\n\n## 表\\#1\n\n说明\n\n| 目标 | 目标值 |")
    assert "| --- | ---: | ---: | --- | --- | --- |" in text
    assert (
        "| &emsp;=华东\\|\\* | 123,456.78 | 86.25 ▼ | 2023-10-30 | &lt;b> x | 达成 |"
    ) in text
    assert "| **合计** |" in text
    assert "| **Total** |" in draw("markdown", lang="en").decode()


def test_json_has_texts_for_numbers_and_null_for_nothing():
    found = json.loads(draw("json"))
    assert found["meta"] == {"plan": "书", "known_at": None}
    assert found["rows"][0] == {
        "name": "=华东|*",
        "scope": {"region": "华东"},
        "target": "123456.78",
        "rate": "86.25",
        "due": "2023-10-30",
        "status": "met",
    }
    assert found["rows"][1]["target"] == "-5"
    assert found["rows"][2] == dict.fromkeys(found["rows"][0]) | {"name": "Total"}


def test_the_terminal_shows_signs_without_colours():
    text = draw("terminal").decode()
    assert "\x1b" not in text
    assert "86.25 ▼" in text
    assert "100.00 ✓" in text
    assert "说明" in text


def test_the_terminal_has_colours_where_it_may():
    text = draw("terminal", colour=True, width=120).decode()
    assert "\x1b[" in text
    assert "▼" in text


def test_the_terminal_keeps_to_its_width_and_leaves_out_empty_sheets():
    empty = Sheet(id="e", title=Words("空", "Empty"), columns=COLUMNS, lines=())
    bare = Sheet(id="b", title=Words("光", "Bare"), columns=COLUMNS, lines=LINES)
    book = Book(title=BOOK.title, sheets=(empty, bare))
    text = draw("terminal", book, width=60, lang="en").decode()
    assert "Empty" not in text
    assert "Bare" in text
    assert max(map(len, text.splitlines())) <= 60


FILL_IN = Sheet(
    id="f",
    title=Words("填", "Fill in"),
    columns=tuple(
        Column(key=key, title=Words(key, key), kind=kind)
        for key, kind in (
            ("who", Kind.TEXT),
            ("sold", Kind.AMOUNT),
            ("reason of the gap", Kind.TEXT),
            ("wanted in May", Kind.AMOUNT),
        )
    ),
    lines=(Line((Cell("Ann"), Cell(1_234_00), Cell(), Cell())),),
)


@pytest.mark.parametrize(("width", "shown"), [(80, True), (54, True), (53, False), (24, False)])
def test_blank_columns_have_their_whole_header_or_are_left_out(width, shown):
    text = draw("terminal", Book(title=Words("f", "f"), sheets=(FILL_IN,)), width=width)
    header = next(line for line in text.decode().splitlines() if "who" in line)
    assert ("reason of the gap" in header, "wanted in May" in header) == (shown, shown)
    assert "sold" in header
    assert "1,234.00" in text.decode()


def test_a_sheet_without_any_entry_keeps_its_columns():
    bare = attrs.evolve(FILL_IN, lines=(Line((Cell(),) * 4),))
    assert draw("terminal", Book(title=Words("f", "f"), sheets=(bare,)), width=10)


@pytest.mark.parametrize("name", sorted({*PLUGINS.renderers} - {"png"}))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_book_gives_the_same_bytes(name, lang):
    assert draw(name, lang=lang) == draw(name, lang=lang)


@pytest.mark.parametrize("width", range(20, 160, 7))
def test_no_figure_is_broken_however_narrow_the_terminal(width):
    text = draw("terminal", width=width).decode()
    for figure in figures_of(draw("terminal").decode()):
        assert figure in text


def figures_of(text):
    return re.findall(r"[0-9][0-9,]*\.[0-9]{2}", text)


def scores(same):
    columns = (
        Column(key="goal", title=Words("目标", "Goal"), tree=True),
        Column(key="period", title=Words("期间", "Period")),
        Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT),
        Column(key="projected", title=Words("预计完成", "Projected"), kind=Kind.AMOUNT)
        if same is None
        else Column(
            key="projected",
            title=Words("预计完成", "Projected"),
            kind=Kind.AMOUNT,
            is_spare=True,
        ),
        Column(key="gap", title=Words("缺口", "Gap"), kind=Kind.AMOUNT),
    )
    lines = tuple(
        Line((Cell(goal), Cell("2026Q1" if same else goal), *map(Cell, units)))
        for goal, *units in (("East", 7_00, 1_00, 3), ("Caroline", 8_00, 2_00, 4))
    )
    sheet = Sheet(id="s", title=Words("表", "Sheet"), columns=columns, lines=lines)
    return Book(title=Words("表", "Sheet"), sheets=(sheet,))


def test_what_says_the_same_in_every_line_is_said_once_where_the_table_is_too_wide():
    assert "same" not in draw("terminal", scores(same=True), width=60, lang="en").decode()
    text = draw("terminal", scores(same=True), width=46, lang="en").decode()
    assert text.splitlines()[2].split() == ["Goal", "Target", "Projected", "Gap"]
    assert "the same in every line (or blank): Period 2026Q1" in " ".join(text.split())
    assert "left out" not in text


def test_what_a_narrow_terminal_leaves_out_is_said_with_the_way_to_see_it():
    text = draw("terminal", scores(same=True), width=34).decode()
    assert "目标       目标值   缺口" in text
    assert "各行相同（或为空）：期间2026Q1" in "".join(text.split())
    assert "未列出：预计完成；加宽窗口，或用--formatxlsx查看" in "".join(text.split())
    assert "1.00" not in text


def test_where_no_table_fits_blocks_say_all_of_it():
    text = draw("terminal", scores(same=True), width=20, lang="en").decode()
    assert "left out" not in text
    assert "2026Q1" in text
    assert "Projected 1.00" in text
    assert "blank" not in text


def test_columns_that_are_not_spare_are_never_left_out():
    text = draw("terminal", scores(same=None), width=34, lang="en").decode()
    assert "left out" not in text
    assert "Projected 1.00" in text


def test_no_header_of_a_figure_is_broken_inside_a_word():
    columns = [
        Column(key=f"c{at}", title=Words("x", "Unassigned now"), kind=Kind.AMOUNT)
        for at in range(3)
    ]
    line = Line(tuple(map(Cell, (1, 2, 3))))
    sheet = Sheet(id="s", title=Words("s", "s"), columns=tuple(columns), lines=(line, line))
    text = draw("terminal", Book(title=Words("s", "s"), sheets=(sheet,)), width=41, lang="en")
    assert text.decode().count("Unassigned") == 3
