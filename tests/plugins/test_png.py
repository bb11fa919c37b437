from __future__ import annotations

import io
import struct
import sys

import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import MissingExtra, UsageError
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import Book, Cell, Column, Kind, Line, Sheet, Words

SPEC = built_in_plugins().renderer("png")
COLUMNS = (
    Column(key="name", title=Words("目标", "Goal")),
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT, unit="元"),
    Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT, unit="元"),
    Column(key="expected", title=None, kind=Kind.AMOUNT, unit="元"),
)


def line(name, *values):
    return Line((Cell(name), *map(Cell, values)))


LINES = (
    line("华东", 100_00, 80_00, 90_00),
    line("华南", 100_00, None, None),
    line("华北", None, -5_00, 1),
)


def chart(kind, series=("actual", "target", "expected")):
    return Chart(
        id=str(kind),
        title=Words("图", "Chart"),
        kind=kind,
        labels="name",
        series=series,
        lines=range(3),
    )


def book(*charts):
    sheet = Sheet(id="s", title=Words("表", "S"), columns=COLUMNS, lines=LINES, charts=charts)
    return Book(title=Words("书", "B"), sheets=(sheet,))


def draw(made, **options):
    stream = io.BytesIO()
    SPEC.write(made, stream, RenderOptions(**options))
    return stream.getvalue()


@pytest.mark.parametrize("kind", ChartKind)
@pytest.mark.parametrize("scale", Scale)
def test_every_kind_of_chart_is_a_picture_and_the_same_bytes_each_time(kind, scale):
    made = book(chart(kind))
    drawn = draw(made, scale=scale)
    assert drawn.startswith(b"\x89PNG")
    assert drawn == draw(made, scale=scale)
    width, height = struct.unpack(">II", drawn[16:24])
    assert width == 1296
    assert height >= 370


def test_one_series_stands_beside_its_bar_and_two_marks_need_no_third():
    assert draw(book(chart(ChartKind.BARS, ("actual",))))
    assert draw(book(chart(ChartKind.BULLETS, ("actual", "target"))))


@pytest.mark.parametrize(
    ("asked", "lang", "message"),
    [
        (None, "zh", "png 一次只画一张图；请用 --chart 指定：s/bars, s/curves"),
        ("x", "zh", "没有图 x；请用 --chart 指定：s/bars, s/curves"),
        (None, "en", "png draws one chart at a time - name it by --chart: s/bars, s/curves"),
        ("x", "en", "there is no chart x - name it by --chart: s/bars, s/curves"),
    ],
)
def test_a_chart_that_is_not_named_is_refused_with_those_there_are(asked, lang, message):
    made = book(chart(ChartKind.BARS), chart(ChartKind.CURVES))
    with pytest.raises(UsageError) as refused:
        draw(made, chart=asked)
    said = {"en": str(refused.value), "zh": refused.value.zh}
    assert said[lang] == message
    assert draw(made, chart="s/curves") != draw(made, chart="s/bars")


def test_a_book_without_charts_has_nothing_to_draw():
    with pytest.raises(UsageError, match="there is no chart to draw") as refused:
        draw(book())
    assert refused.value.zh == "没有可画的图"


def test_without_the_extra_the_command_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "salesgoal.plugins.png.drawing", raising=False)
    with pytest.raises(MissingExtra, match=r"salesgoal\[png\]"):
        draw(book(chart(ChartKind.BARS)))


def test_chinese_without_a_font_for_it_is_refused_with_a_remedy(monkeypatch):
    from salesgoal.plugins.png import drawing

    monkeypatch.setattr(drawing, "_FAMILIES", ("No Such Font",))
    with pytest.raises(UsageError, match="install one"):
        draw(book(chart(ChartKind.BARS)))


def test_labels_that_would_cover_each_other_are_turned():
    drawing = pytest.importorskip("salesgoal.plugins.png.drawing")
    assert drawing.label_angle([]) == 0
    assert drawing.label_angle(["一月", "二月"]) == 0
    assert drawing.label_angle([f"2026-{month:02d}w1" for month in range(1, 13)]) == 30
    assert drawing.label_angle(["华东大区第一销售部"] * 6) == 30
