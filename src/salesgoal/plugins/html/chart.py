"""Charts as lines, bars and texts with places; the template writes them as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

import attrs

from salesgoal.plugins.html.axis import Axis, make_axis, text_width
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.sheet import Sheet, worded

__all__ = ["Drawing", "draw_chart"]

_LINE = 18
"""From one line of text to the next."""
_BAR = 13
_FOOT = 30
_HEAD = 16
_LOOKS = {"actual": 1, "target": 2, "expected": 3}
_FEWEST = 2


@attrs.frozen
class Text:
    """A text in a drawing; ``series`` colours it, 0 is none."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    series: int = 0


@attrs.frozen
class Rule:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float


@attrs.frozen
class Path:
    """The line of a series."""

    series: int
    d: str


@attrs.frozen
class Bar:
    """A bar of a series."""

    series: int
    x: float
    y: float
    width: float
    height: float


@attrs.frozen(kw_only=True)
class Drawing:
    """A drawing of one size.

    Attributes:
        name: ``wide`` or ``narrow``, by the screens it is for.
        width, height: Its size.
        rules, texts, paths, bars: What stands in it, in its own units.
    """

    name: str
    width: int
    height: int
    rules: tuple[Rule, ...] = ()
    texts: tuple[Text, ...] = ()
    paths: tuple[Path, ...] = ()
    bars: tuple[Bar, ...] = ()


@attrs.frozen(kw_only=True)
class _Figures:
    names: tuple[str, ...]
    looks: tuple[int, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[Decimal | None, ...], ...]
    """Series by series."""


def draw_chart(sheet: Sheet, chart: Chart, lang: str) -> tuple[tuple[Drawing, ...], str]:
    """Returns a chart for wide and for narrow screens, and what it shows, in words.

    There is none where fewer than two lines would be drawn: a single bar shows nothing.
    """
    draw = {ChartKind.CURVES: _curves, ChartKind.COLUMNS: _columns, ChartKind.BARS: _bars}
    if chart.kind not in draw:
        return (), ""
    figures = _figures(sheet, chart, lang)
    known = [value for row in figures.rows for value in row if value is not None]
    if not known or len(figures.labels) < _FEWEST:
        return (), ""
    axis = make_axis(min(known), max(known), lang)
    sizes = (("wide", 960), ("narrow", 340))
    return tuple(draw[chart.kind](figures, axis, *size) for size in sizes), _said(figures)


def _figures(sheet: Sheet, chart: Chart, lang: str) -> _Figures:
    lines = [sheet.lines[number] for number in chart.lines if number < len(sheet.lines)]
    label = sheet.position(chart.labels)
    places = [sheet.position(key) for key in chart.series]
    titles = [sheet.columns[at].title for at in places]
    rows = []
    for at in places:
        values = (worded(sheet, line, at, lang) for line in lines)
        rows.append(tuple(each if isinstance(each, Decimal) else None for each in values))
    return _Figures(
        names=tuple(title.of(lang) if title else "" for title in titles),
        looks=tuple(_looks(chart.series)),
        labels=tuple(str(worded(sheet, line, label, lang) or "") for line in lines),
        rows=tuple(rows),
    )


def _looks(keys: Sequence[str]) -> Iterator[int]:
    """The same look for actual, target and expected in every chart, free ones for others."""
    taken = {_LOOKS.get(key) for key in keys}
    free = iter(look for look in range(1, len(keys) + 4) if look not in taken)
    for key in keys:
        yield _LOOKS.get(key) or next(free)


def _said(figures: _Figures) -> str:
    """The last figure of every series."""
    parts = []
    for name, row in zip(figures.names, figures.rows, strict=True):
        known = [
            (label, v) for label, v in zip(figures.labels, row, strict=True) if v is not None
        ]
        if known:
            parts.append(f"{name} {known[-1][0]}: {known[-1][1]:,f}")
    return "; ".join(parts)


def _curves(figures: _Figures, axis: Axis, name: str, width: int) -> Drawing:
    height = 320 if name == "wide" else 260
    left = max(text_width(text) for _, text in axis.ticks) + 10
    room = max(map(text_width, figures.names)) + 16 if name == "wide" else 10
    right, foot = width - room, height - _FOOT
    count = len(figures.labels)
    step = (right - left) / max(count - 1, 1)
    across = [left + step * number for number in range(count)] if count > 1 else [left]
    paths, ends = [], []
    for text, look, row in zip(figures.names, figures.looks, figures.rows, strict=True):
        points = [
            (x, axis.at(value, foot, _HEAD)) if value is not None else None
            for x, value in zip(across, row, strict=True)
        ]
        paths.append(Path(look, _path(points)))
        known = [point for point in points if point is not None]
        if known:
            x, y = known[-1]
            ends.append(
                Text(x + 8, y + 4, text, "start", look)
                if name == "wide"
                else Text(max(min(x, right), left + text_width(text)), y - 7, text, "end", look)
            )
    labels = _thinned(figures.labels, across, height - 8)
    return Drawing(
        name=name,
        width=width,
        height=height,
        rules=tuple(_rules(axis, left, right, foot)),
        texts=(*_ticks(axis, left, foot), *labels, *_apart(ends)),
        paths=tuple(sorted(paths, key=lambda path: -path.series)),
    )


def _columns(figures: _Figures, axis: Axis, name: str, width: int) -> Drawing:
    height = (320 if name == "wide" else 260) + _LINE
    left = max(text_width(text) for _, text in axis.ticks) + 10
    top, foot = _HEAD + _LINE, height - _FOOT
    count, series = len(figures.labels), len(figures.rows)
    step = (width - 10 - left) / count
    thick = min(step * 0.7 / series, 36)
    zero = axis.at(Decimal(0), foot, top)
    names, bars = _legend(figures, left)
    for number, (look, row) in enumerate(zip(figures.looks, figures.rows, strict=True)):
        for place, value in enumerate(row):
            if value is not None:
                x = left + step * (place + 0.5) + thick * (number - series / 2)
                y = axis.at(value, foot, top)
                bars.append(Bar(look, x, min(y, zero), thick * 0.9, abs(y - zero)))
    across = [left + step * (place + 0.5) for place in range(count)]
    return Drawing(
        name=name,
        width=width,
        height=height,
        rules=tuple(_rules(axis, left, width - 10, foot, top)),
        texts=(
            *_ticks(axis, left, foot, top),
            *_thinned(figures.labels, across, height - 8),
            *names,
        ),
        bars=tuple(bars),
    )


def _bars(figures: _Figures, axis: Axis, name: str, width: int) -> Drawing:
    most = 240 if name == "wide" else 110
    labels = [_cut(label, most) for label in figures.labels]
    left, right = min(max(map(text_width, labels)), most) + 12, width - 70
    series = len(figures.rows)
    group = series * _BAR + 12
    top = _HEAD + _LINE
    zero = axis.at(Decimal(0), left, right)
    texts, bars = _legend(figures, left)
    for place, label in enumerate(labels):
        y = top + place * group
        texts.append(Text(left - 8, y + series * _BAR / 2 + 4, label, "end"))
        for number, (look, row) in enumerate(zip(figures.looks, figures.rows, strict=True)):
            value = row[place]
            if value is not None:
                x, upper = axis.at(value, left, right), y + number * _BAR
                bars.append(Bar(look, min(x, zero), upper, abs(x - zero), _BAR - 2))
                texts.append(Text(max(x, zero) + 5, upper + 10, axis.short(value), "start"))
    foot = top + len(labels) * group
    return Drawing(
        name=name,
        width=width,
        height=foot,
        rules=(Rule(zero, top - 4, zero, foot - 6),),
        texts=tuple(texts),
        bars=tuple(bars),
    )


def _rules(
    axis: Axis, left: float, right: float, foot: float, top: float = _HEAD
) -> Iterable[Rule]:
    for tick, _ in axis.ticks:
        y = axis.at(tick, foot, top)
        yield Rule(left, y, right, y)


def _ticks(axis: Axis, left: float, foot: float, top: float = _HEAD) -> Iterable[Text]:
    for tick, text in axis.ticks:
        yield Text(left - 8, axis.at(tick, foot, top) + 4, text, "end")


def _thinned(labels: Sequence[str], across: Sequence[float], y: float) -> Iterable[Text]:
    """As many labels as have room, from the first on."""
    free = -1.0
    for label, x in zip(labels, across, strict=True):
        half = text_width(label) / 2
        if x - half >= free:
            yield Text(x, y, label)
            free = x + half + 10


def _legend(figures: _Figures, left: float) -> tuple[list[Text], list[Bar]]:
    """Names of series in a line at the top, behind pieces of their bars; none of one alone."""
    texts: list[Text] = []
    bars: list[Bar] = []
    x = left
    for name, look in zip(figures.names, figures.looks, strict=True):
        bars.append(Bar(look, x, 5, 10, 10))
        texts.append(Text(x + 16, 14, name, "start"))
        x += text_width(name) + 34
    return (texts, bars) if len(bars) > 1 else ([], [])


def _apart(texts: Sequence[Text]) -> Iterable[Text]:
    """Texts that would stand on one another are moved down."""
    free = 0.0
    for text in sorted(texts, key=lambda each: each.y):
        y = max(text.y, free)
        free = y + _LINE
        yield attrs.evolve(text, y=y)


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    """The way through the points; it breaks where one is missing."""
    parts = []
    for known, run in groupby(points, key=lambda point: point is not None):
        if known:
            stops = [f"{point[0]:.1f} {point[1]:.1f}" for point in run if point is not None]
            parts.append(f"M{'L'.join(stops)}" + ("h0" if len(stops) == 1 else ""))
    return "".join(parts)


def _cut(text: str, most: float) -> str:
    if text_width(text) <= most:
        return text
    while text and text_width(text) > most - 12:
        text = text[:-1]
    return f"{text}…"
