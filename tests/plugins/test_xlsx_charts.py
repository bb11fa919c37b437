"""Cards, charts, bars, folded trees and scales of workbooks."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from fractions import Fraction

import openpyxl
import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import (
    Book,
    Cell,
    Column,
    Flag,
    Kind,
    Layout,
    Less,
    Line,
    Percent,
    Running,
    Sheet,
    Words,
)

SPEC = built_in_plugins().renderer("xlsx")
COLUMNS = (
    Column(key="name", title=Words("目标", "Goal"), tree=True),
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT, unit="元"),
    Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT, unit="元"),
    Column(key="attainment_pct", title=Words("达成率(%)", "Rate"), kind=Kind.PERCENT),
    Column(key="gap", title=Words("缺口", "Gap"), kind=Kind.AMOUNT, unit="元"),
    Column(key="to_date", title=Words("累计", "To date"), kind=Kind.AMOUNT, unit="元"),
    Column(key="status", title=Words("状态", "Status")),
)
BARS, PILLARS, CURVE, BULLETS = (
    Chart(
        id=str(kind),
        title=Words("图", "Chart"),
        kind=kind,
        labels="name",
        series=series,
        lines=range(2),
    )
    for kind, series in (
        (ChartKind.BARS, ("attainment_pct",)),
        (ChartKind.COLUMNS, ("target", "actual")),
        (ChartKind.CURVES, ("target", "actual")),
        (ChartKind.BULLETS, ("actual", "target")),
    )
)


def line(name, target, actual, *, depth=0, lines=1, note=None):
    """Without a sum over lines where ``lines`` is 0, as cards need it."""
    rate = Fraction(actual, target)
    return Line(
        (
            Cell(name, note=note),
            Cell(target),
            Cell(actual),
            Cell(rate, Flag.MET if rate >= 1 else Flag.UNMET, Percent("actual", "target")),
            Cell(target - actual, formula=Less("target", "actual")),
            Cell(actual, formula=Running("actual", lines) if lines else None),
            Cell("落后", Flag.UNMET),
        ),
        depth=depth,
    )


LINES = (
    line("甲", 100_00, 50_00, note=Words("注", "Note")),
    line("乙", 100_00, 50_00, depth=1, lines=2),
)
CARDS = (
    line("甲", 100_00, 50_00, lines=0, note=Words("注", "Note")),
    line("乙", 100_00, 50_00, lines=0),
)


def opened(lines=LINES, *, data_only=False, scale=Scale.YUAN, **settings):
    return openpyxl.load_workbook(
        io.BytesIO(drawn(lines, scale=scale, **settings)), data_only=data_only
    )


def drawn(lines=LINES, *, scale=Scale.YUAN, **settings):
    sheet = Sheet(
        id="s", title=Words("表", "S"), columns=COLUMNS, lines=tuple(lines), **settings
    )
    stream = io.BytesIO()
    made = Book(title=Words("书", "B"), sheets=(sheet,))
    SPEC.write(made, stream, RenderOptions(scale=scale))
    return stream.getvalue()


def test_cards_stand_beside_one_another_with_live_formulas():
    page = opened(CARDS, layout=Layout.CARDS).active
    assert [page.cell(row, 1).value for row in range(3, 10)] == [
        "目标",
        "目标值(元)",
        "实际值(元)",
        "达成率(%)",
        "缺口(元)",
        "累计(元)",
        "状态",
    ]
    assert [page.cell(3, column).value for column in (2, 3)] == ["甲", "乙"]
    assert page["C6"].value == '=IF(N(C4)=0,"",ROUND(C5/C4*100,2))'
    assert page["B7"].value == "=B4-B5"
    assert page["B3"].comment.text == "注"
    assert page.page_setup.orientation == "landscape"
    rules = {str(area.sqref) for area in page.conditional_formatting}
    assert rules == {"B6", "C6"}


def test_more_than_six_cards_are_a_table():
    page = opened([CARDS[0]] * 7, layout=Layout.CARDS).active
    assert [cell.value for cell in page[3]][:2] == ["目标", "目标值(元)"]
    assert page.max_row == 10


def test_a_card_without_a_figure_shows_a_dash():
    bare = Line((Cell("x"), *[Cell()] * 5, Cell(date(2023, 10, 31))))
    page = opened([bare], layout=Layout.CARDS, data_only=True).active
    assert [page.cell(row, 2).value for row in (3, 4, 6)] == ["x", "–", "–"]
    assert page["B9"].value.date() == date(2023, 10, 31)


def test_lines_that_speak_of_other_lines_are_a_table():
    page = opened(layout=Layout.CARDS).active
    assert [cell.value for cell in page[3]][:2] == ["目标", "目标值(元)"]


def test_charts_point_at_cells_and_cover_none():
    page = opened(charts=(BARS, PILLARS, CURVE, BULLETS)).active
    assert len(page._charts) == 3
    assert all(chart.anchor._from.row >= 5 for chart in page._charts)
    with zipfile.ZipFile(io.BytesIO(drawn(charts=(PILLARS,)))) as package:
        xml = package.read("xl/charts/chart1.xml").decode()
    for place in ("'表'!$C$4:$C$5", "'表'!$A$4:$A$5", "'表'!$C$3"):
        assert f"<c:f>{place.replace(chr(39), '')}</c:f>" in xml.replace("'", "")
    assert '<c:min val="0"/>' in xml


def test_charts_of_cards_stand_beside_a_few_and_below_many():
    few = opened(CARDS, layout=Layout.CARDS, charts=(PILLARS,)).active
    assert few._charts[0].anchor._from.col == 3
    many = opened([*CARDS, *CARDS], layout=Layout.CARDS, charts=(PILLARS,)).active
    anchor = many._charts[0].anchor._from
    assert (anchor.col, anchor.row) == (0, 9)
    with zipfile.ZipFile(
        io.BytesIO(drawn(CARDS, layout=Layout.CARDS, charts=(PILLARS,)))
    ) as package:
        xml = package.read("xl/charts/chart1.xml").decode()
    assert "$B$4:$C$4" in xml
    assert "$A$4" in xml


def test_an_axis_goes_below_zero_only_where_a_figure_does():
    below = [line("甲", 100_00, -50_00), LINES[1]]
    with zipfile.ZipFile(io.BytesIO(drawn(below, charts=(PILLARS,)))) as package:
        assert b'<c:min val="0"/>' not in package.read("xl/charts/chart1.xml")


def test_rates_have_bars_where_the_sheet_has_bullets():
    with zipfile.ZipFile(io.BytesIO(drawn(charts=(BULLETS,)))) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<dataBar>" in xml
    assert '<cfvo type="num" val="100"/>' in xml
    assert b"dataBar" not in drawn()
    with zipfile.ZipFile(io.BytesIO(drawn())) as package:
        assert b"dataBar" not in package.read("xl/worksheets/sheet1.xml")


def test_trees_can_be_folded_with_the_goals_above_their_parts():
    page = opened(is_outline=True).active
    assert [page.row_dimensions[row].outlineLevel for row in (4, 5)] == [0, 1]
    assert page.sheet_properties.outlinePr.summaryBelow is False
    flat = opened().active
    assert flat.row_dimensions[5].outlineLevel == 0


def test_running_sums_are_live():
    page = opened().active
    assert (page["F4"].value, page["F5"].value) == ("=SUM(C4:C4)", "=SUM(C4:C5)")


@pytest.mark.parametrize(
    ("scale", "shape"),
    [
        (Scale.YUAN, "#,##0.00"),
        (Scale.WAN, '0\\.0000"万"'),
        (Scale.YI, '0\\.00,,"亿"'),
    ],
)
def test_a_scale_changes_what_is_shown_and_not_what_is_there(scale, shape):
    for layout, place in ((Layout.TABLE, "B4"), (Layout.CARDS, "B4")):
        page = opened(CARDS, scale=scale, layout=layout).active
        assert (page[place].value, page[place].number_format) == (100, shape)
        # The unit of the cell's own value stays in the header: 100.0000万 (元).
    assert opened(scale=scale).active["B3"].value == "目标值(元)"


def test_words_have_the_colour_of_what_is_to_be_noticed():
    assert opened().active["G4"].font.color.rgb == "FFB3261E"


def test_charts_leave_the_bytes_as_they_are_each_time():
    settings = {"charts": (BARS, PILLARS, CURVE, BULLETS), "is_outline": True}
    assert drawn(**settings) == drawn(**settings)


@pytest.mark.parametrize(("actual", "ends"), [(20_00, True), (100_00, True), (101_00, False)])
def test_bars_of_rates_up_to_the_whole_are_seen_against_the_whole(actual, ends):
    lines = [line("甲", 100_00, actual), line("乙", 100_00, 20_00)]
    with zipfile.ZipFile(io.BytesIO(drawn(lines, charts=(BARS,)))) as package:
        assert (b'<c:max val="115"/>' in package.read("xl/charts/chart1.xml")) is ends


def test_bars_of_amounts_end_where_the_largest_does():
    with zipfile.ZipFile(io.BytesIO(drawn(charts=(PILLARS,)))) as package:
        assert b"<c:max val=" not in package.read("xl/charts/chart1.xml")
