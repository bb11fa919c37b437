"""Native charts: they point at the cells of their sheet, and stand where they cover none."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import xlsxwriter

from salesgoal.plugins.xlsx.look import plain
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import Kind, Sheet, is_money

__all__ = ["ChartPlace", "draw_bars", "draw_charts"]

WIDTH, HEIGHT = 480, 288
"""Pixels of a chart."""

_WHOLE = 115
"""Where the axis of rates ends: behind 100 %, with room for the figure beside a full bar."""

_GAP = 16
_SIDE_BY_SIDE = 2
_TYPES = {ChartKind.COLUMNS: "column", ChartKind.BARS: "bar", ChartKind.CURVES: "line"}
_COLOURS = ("#9FB4CC", "#2F6DB5", "#E08A1E")
_CURVES = {"target": "#9AA5B1", "expected": "#E08A1E", "actual": "#2F6DB5"}
_BAR = "#9CC3E6"
_AXIS = {Scale.YUAN: "#,##0", Scale.WAN: '0\\.0,"万"', Scale.YI: '0\\.00,,"亿"'}
_PLAIN_AXIS = "#,##0.##"
_FULL = 100


@attrs.frozen(kw_only=True)
class ChartPlace:
    """Where the charts of a sheet may stand, and how its cells are found.

    Attributes:
        row: The first row that is free.
        column: The first column there; further charts stand beside and below.
        cells: Gives the range of a column of the sheet over some of its lines, by the
            column's position: first row, column, last row, column.
        title: Gives the cell of a column's header.
    """

    row: int
    column: int = 0
    cells: Callable[[int, range], list[Any]]
    title: Callable[[int], list[Any]]


def draw_charts(
    workbook: xlsxwriter.Workbook,
    page: Any,  # noqa: ANN401 - XlsxWriter has no types
    sheet: Sheet,
    place: ChartPlace,
    *,
    lang: str,
    scale: Scale,
) -> None:
    """Draws the charts of a sheet where nothing else stands, two beside each other."""
    drawn = [each for each in sheet.charts if each.kind in _TYPES and each.lines]
    for number, chart in enumerate(drawn):
        made = _make(workbook, sheet, chart, place, lang=lang, scale=scale)
        down, right = divmod(number, _SIDE_BY_SIDE)
        offset = {
            "x_offset": _GAP + right * (WIDTH + _GAP),
            "y_offset": _GAP + down * (HEIGHT + _GAP),
            "object_position": 2,
        }
        page.insert_chart(place.row, place.column, made, offset)


def _make(
    workbook: xlsxwriter.Workbook,
    sheet: Sheet,
    chart: Chart,
    place: ChartPlace,
    *,
    lang: str,
    scale: Scale,
) -> Any:  # noqa: ANN401
    made = workbook.add_chart({"type": _TYPES[chart.kind]})
    labels = place.cells(sheet.position(chart.labels), chart.lines)
    for number, key in enumerate(chart.series):
        made.add_series(_series(sheet, chart, place, number, key, labels))
    made.set_title({"name": _title(chart, lang), "name_font": {"size": 12}})
    first = sheet.position(chart.series[0])
    money = is_money(sheet, sheet.lines[chart.lines[0]], first)
    figures = {
        "num_format": _AXIS[scale] if money else _PLAIN_AXIS,
        "major_gridlines": {"visible": True, "line": {"color": "#E3E8EE"}},
        "line": {"none": True},
        **({} if _goes_below_zero(sheet, chart) else {"min": 0}),
        **({"max": _WHOLE} if _are_parts_of_a_whole(sheet, chart) else {}),
    }
    names = {"line": {"color": "#B7C3D0"}}
    if chart.kind is ChartKind.BARS:
        # Lying bars are drawn from below; people read tables from above. Their figures stand
        # beside them.
        made.set_x_axis({**figures, "visible": False, "major_gridlines": {"visible": False}})
        made.set_y_axis({**names, "reverse": True})
    else:
        made.set_x_axis(names)
        made.set_y_axis(figures)
    made.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
    made.set_size({"width": WIDTH, "height": HEIGHT})
    made.show_blanks_as("gap")
    return made


def _title(chart: Chart, lang: str) -> str:
    """The title as a text, also where XlsxWriter would take it for a formula."""
    return plain(chart.title.of(lang)).replace("!", "！")


def _are_parts_of_a_whole(sheet: Sheet, chart: Chart) -> bool:
    """Whether rates up to 100 % are drawn: they are seen against it, so that 20 % looks it."""
    places = [sheet.position(key) for key in chart.series]
    if any(sheet.columns[at].kind is not Kind.PERCENT for at in places):
        return False
    values = [sheet.lines[line].cells[at].value for line in chart.lines for at in places]
    rates = [value for value in values if isinstance(value, int | Fraction)]
    return all(value <= 1 for value in rates)


def _goes_below_zero(sheet: Sheet, chart: Chart) -> bool:
    """Whether any figure drawn is; else the axis begins at zero, so that no bar misleads."""
    places = [sheet.position(key) for key in chart.series]
    values = (sheet.lines[line].cells[at].value for line in chart.lines for at in places)
    return any(isinstance(value, int | Fraction) and value < 0 for value in values)


def _series(
    sheet: Sheet,
    chart: Chart,
    place: ChartPlace,
    number: int,
    key: str,
    labels: list[Any],
) -> dict[str, Any]:
    at = sheet.position(key)
    colour = _COLOURS[number % len(_COLOURS)]
    series: dict[str, Any] = {
        "name": place.title(at),
        "categories": labels,
        "values": place.cells(at, chart.lines),
    }
    if chart.kind is ChartKind.CURVES:
        dash = {"dash_type": "dash"} if key == "expected" else {}
        series["line"] = {"color": _CURVES.get(key, colour), "width": 2.25, **dash}
        series["marker"] = {"type": "none"}
    else:
        alone = len(chart.series) == 1
        series |= {"fill": {"color": _COLOURS[1] if alone else colour}, "gap": 60}
        if alone:
            series["data_labels"] = {"value": True, "num_format": "0.0"}
    return series


def draw_bars(page: Any, sheet: Sheet, at: int, first: int, last: int) -> None:  # noqa: ANN401
    """Draws a bar in every cell of a rate, full at 100 %, where the sheet has bullets."""
    if not any(each.kind is ChartKind.BULLETS for each in sheet.charts):
        return
    page.conditional_format(
        first,
        at,
        last,
        at,
        {
            "type": "data_bar",
            "bar_color": _BAR,
            "bar_solid": True,
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": _FULL,
            "bar_negative_color": "#F2B8B5",
        },
    )
