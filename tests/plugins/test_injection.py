"""Texts of people are texts in every renderer, wherever they stand in a book."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from fractions import Fraction
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.sheet import (
    Book,
    Cell,
    Column,
    Kind,
    Layout,
    Less,
    Line,
    Percent,
    Sheet,
    Words,
)

CHARTS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
CELLS = re.compile(r".*!\$[A-Z]+\$[0-9]+(:\$[A-Z]+\$[0-9]+)?", re.DOTALL)
PLUGINS = built_in_plugins()
HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "<script>alert(1)</script>",
    "</td></tr><img src=x onerror=alert(1)>",
    "]]><!--",
    "a|b",
    "[x](javascript:alert(1))",
    "https://evil.example/x",
    "\x1b[31mred\x1b]0;title\x07",
    "\x00\x01\x08",
    "_x0041_",
    "\u202egnp.exe",
    "{{7*7}}{% raw %}",
    "$\\alpha$ $",
    "'quoted'",
)


def sheet(text, layout):
    words = Words(text, text)
    columns = (
        Column(key="name", title=words, tree=True),
        Column(key="target", title=words, kind=Kind.AMOUNT, unit=text),
        Column(key="actual", title=words, kind=Kind.AMOUNT),
        Column(key="attainment_pct", title=words, kind=Kind.PERCENT),
        Column(key="gap", title=words, kind=Kind.AMOUNT),
        Column(key="word", title=words, kind=Kind.WORD, words={"x": words}),
    )
    cells = (
        Cell(text, note=words),
        Cell(100_00),
        Cell(50_00),
        Cell(Fraction(1, 2), formula=Percent("actual", "target")),
        Cell(50_00, formula=Less("target", "actual")),
        Cell("x"),
    )
    charts = [
        Chart(
            id=f"c{kind}",
            title=words,
            kind=kind,
            labels="name",
            series=("actual", "target"),
            lines=range(1),
        )
        for kind in ChartKind
    ]
    return Sheet(
        id=f"s{layout}",
        title=words,
        columns=columns,
        lines=(Line(cells, unit=text),),
        notes=(words,),
        layout=layout,
        is_outline=True,
        charts=tuple(charts),
    )


def book(text):
    return Book(
        title=Words(text, text),
        sheets=tuple(sheet(text, layout) for layout in Layout),
        meta={"plan": text},
    )


def draw(name, text, **options):
    stream = io.BytesIO()
    PLUGINS.renderer(name).write(book(text), stream, RenderOptions(**options))
    return stream.getvalue()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_workbook_keeps_texts_as_texts_and_its_parts_are_well_formed(text):
    content = draw("xlsx", text)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        for part in names:
            raw = package.read(part)
            root = ET.fromstring(raw)  # noqa: S314 - our own
            for formula in root.iter(f"{{{CHARTS}}}f"):
                assert re.fullmatch(CELLS, formula.text)
            assert b"externalLink" not in raw
    assert not [name for name in names if "external" in name.lower()]
    live = set()
    for page in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for row in page.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    live.add(re.sub(r"[A-Z]+[0-9]+", "@", cell.value))
    assert live == {"=@-@", '=IF(N(@)=0,"",ROUND(@/@*100,2))'}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_begins_like_a_formula(text):
    raw = draw("csv", text).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(raw, newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n", "＝"))
            assert not cell.startswith("-") or re.fullmatch(r"-[0-9.]+|-", cell)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_has_no_markup_of_people(text):
    drawn = draw("markdown", text).decode()
    assert not re.search(r"(?<!\\)[\[`]", drawn)
    assert "<" not in drawn
    assert not re.search(r"https?:", drawn)
    rows = [line for line in drawn.splitlines() if line.startswith("|")]
    pipes = [len(re.findall(r"(?<!\\)\|", row)) for row in rows]
    assert set(pipes) == {8}
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", drawn)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [40, 200])
def test_the_terminal_obeys_nobody_but_itself(text, width):
    plain = draw("terminal", text, width=width).decode()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", plain)
    coloured = draw("terminal", text, width=width, colour=True).decode()
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()
    assert "\x1b]" not in coloured


@pytest.mark.parametrize("text", HOSTILE)
def test_json_says_what_was_said(text):
    found = json.loads(draw("json", text))
    assert found["meta"]["plan"] == text
    assert found["stable"][0]["name"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_picture_is_drawn_of_any_text(text):
    pytest.importorskip("matplotlib")
    drawn = draw("png", text, chart="stable/cbars")
    assert drawn.startswith(b"\x89PNG")
