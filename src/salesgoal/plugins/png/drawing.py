"""Drawing charts with matplotlib: no window, no clock, the fonts that the machine has."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from salesgoal.errors import UsageError
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import Sheet, is_money, shown, written

__all__ = ["draw", "label_angle"]

_DPI = 144
_WIDE, _HIGH = 9.0, 5.0
_A_LINE, _FRAME = 0.42, 1.6
_SIGNS_BELOW = 100
_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "Arial Unicode MS",
)
"""Fonts that hold Chinese, the one that reads best first."""

_COLOURS = ("#9FB4CC", "#2F6DB5", "#E08A1E")
_CURVES = {"target": "#9AA5B1", "expected": "#E08A1E", "actual": "#2F6DB5"}
_SIGNS = {ord(sign): " " for sign in "\t\r\n\x0b\x0c"} | {ord("$"): "\\$"}
_Figures = list[float | None]


def draw(sheet: Sheet, chart: Chart, options: RenderOptions) -> bytes:
    """Returns a chart as PNG; the same bytes wherever matplotlib and the fonts are the same.

    Raises:
        UsageError: The texts are Chinese and the machine has no font for them.
    """
    drawing = _Drawing(sheet, chart, options)
    families = [*_fonts(drawing.texts), "DejaVu Sans"]
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with (
        rc_context({"font.family": families, "axes.unicode_minus": False}),
        warnings.catch_warnings(),
    ):
        # A sign that no font has, an emoji in a name, is drawn as a box: people see it there.
        warnings.filterwarnings("ignore", "Glyph", UserWarning)
        figure = Figure(figsize=(_WIDE, drawing.height), dpi=_DPI, layout="constrained")
        canvas = FigureCanvasAgg(figure)
        drawing.fill(figure.add_subplot())
        content = io.BytesIO()
        canvas.print_figure(content, format="png", metadata={"Software": None})
    return content.getvalue()


def label_angle(labels: Sequence[str]) -> int:
    """Returns by how many degrees labels below an axis are turned so that none covers another.

    >>> label_angle(["2026-10", "2026-11", "2026-12"]), label_angle(["2026-10w1"] * 12)
    (0, 30)
    """
    widths = [sum(1 + bool(_CHINESE.match(sign)) for sign in label) for label in labels]
    return 30 if len(labels) * (max(widths, default=0) + 2) > _SIGNS_BELOW else 0


def _fonts(texts: Sequence[str]) -> list[str]:
    known = {font.name for font in font_manager.fontManager.ttflist}
    found = [family for family in _FAMILIES if family in known]
    if not found and any(map(_CHINESE.search, texts)):
        raise UsageError(
            "no font with Chinese characters on this machine - install one, such as Noto Sans "
            "CJK SC, or draw names that need none with --lang en",
            "本机没有中文字体；请安装一种，如 Noto Sans CJK SC，或用 --lang en 画不含中文的图",
        )
    return found[:1]


class _Drawing:
    """What a chart draws, as floats and texts."""

    def __init__(self, sheet: Sheet, chart: Chart, options: RenderOptions) -> None:
        self._sheet, self._chart, self._options = sheet, chart, options
        self._columns = [sheet.position(key) for key in chart.series]
        self._money = is_money(sheet, sheet.lines[chart.lines[0]], self._columns[0])
        at = sheet.position(chart.labels)
        self._labels = [
            _plain(shown(sheet, sheet.lines[line], at, options.lang)) for line in chart.lines
        ]
        titles = dict(zip(sheet.shown, sheet.header(options.lang, options.scale), strict=True))
        self._names = [_plain(titles.get(column, "")) for column in self._columns]
        scaled = self._money and options.scale is not Scale.YUAN
        unit = f" ({options.scale})" if scaled else ""
        self._title = _plain(chart.title.of(options.lang)) + unit
        self._series = [self._figures(column) for column in self._columns]

    @property
    def texts(self) -> list[str]:
        """Everything that is written."""
        return [self._title, *self._labels, *self._names]

    @property
    def height(self) -> float:
        """Inches: lying bars need room for every line."""
        lying = self._chart.kind in {ChartKind.BARS, ChartKind.BULLETS}
        return max(2.6, _FRAME + _A_LINE * len(self._labels)) if lying else _HIGH

    def fill(self, axes: Any) -> None:  # noqa: ANN401 - any axes
        """Draws into axes."""
        axes.set_title(self._title, fontsize=13, fontweight="bold")
        axes.spines[["top", "right"]].set_visible(False)
        match self._chart.kind:
            case ChartKind.CURVES:
                self._curves(axes)
            case ChartKind.COLUMNS:
                self._bars(axes, lying=False)
            case ChartKind.BARS:
                self._bars(axes, lying=True)
            case _:
                self._bullets(axes)

    def _figures(self, column: int) -> _Figures:
        found: _Figures = []
        power = self._options.scale.power if self._money else 0
        for number in self._chart.lines:
            value = written(self._sheet, self._sheet.lines[number], column)
            known = isinstance(value, Decimal)
            found.append(float(value.scaleb(-power)) if known else None)  # type: ignore[union-attr]
        return found

    def _curves(self, axes: Any) -> None:  # noqa: ANN401
        places = range(len(self._labels))
        for key, name, figures in zip(
            self._chart.series, self._names, self._series, strict=True
        ):
            values = [float("nan") if each is None else each for each in figures]
            style = "--" if key == "expected" else "-"
            axes.plot(
                places, values, style, color=_CURVES.get(key), label=name, marker="o", ms=3
            )
        step = max(1, len(self._labels) // 12)
        labels = self._labels[::step]
        axes.set_xticks(list(places)[::step], labels, rotation=label_angle(labels))
        axes.yaxis.set_major_formatter(FuncFormatter(_figure))
        axes.grid(axis="y", color="#E3E8EE")
        self._from_zero(axes.set_ylim)
        axes.legend(frameon=False)

    def _bars(self, axes: Any, *, lying: bool) -> None:  # noqa: ANN401
        count = len(self._series)
        thick = 0.8 / count
        for number, figures in enumerate(self._series):
            colour = _COLOURS[1] if count == 1 else _COLOURS[number % len(_COLOURS)]
            places = [at - 0.4 + thick * (number + 0.5) for at in range(len(self._labels))]
            values = [each or 0.0 for each in figures]
            made = (axes.barh if lying else axes.bar)(
                places, values, thick, color=colour, label=self._names[number]
            )
            if count == 1:
                texts = ["" if each is None else _figure(each) for each in figures]
                axes.bar_label(made, texts, padding=3, fontsize=9)
        ticks = list(range(len(self._labels)))
        if lying:
            axes.set_yticks(ticks, self._labels)
            axes.invert_yaxis()
            self._from_zero(axes.set_xlim)
        else:
            axes.set_xticks(ticks, self._labels, rotation=label_angle(self._labels))
            self._from_zero(axes.set_ylim)
        (axes.xaxis if lying else axes.yaxis).set_major_formatter(FuncFormatter(_figure))
        if count > 1:
            axes.legend(frameon=False)

    def _bullets(self, axes: Any) -> None:  # noqa: ANN401
        """Each line against its own target, which is 100: lines have units of their own."""
        actual, target, *rest = self._series
        ticks = list(range(len(self._labels)))
        shares = [
            None if each is None or not due or due < 0 else each / due * 100
            for each, due in zip(actual, target, strict=True)
        ]
        axes.barh(ticks, [each or 0.0 for each in shares], 0.5, color=_COLOURS[1])
        axes.axvline(100, color="#1F3F66", linewidth=2, label=self._names[1])
        if rest:
            known = [
                (at, due / whole * 100)
                for at, (due, whole) in enumerate(zip(rest[0], target, strict=True))
                if due is not None and whole and whole > 0
            ]
            axes.scatter(
                [share for _, share in known],
                [at for at, _ in known],
                marker="|",
                s=220,
                linewidths=2.5,
                color=_COLOURS[2],
                label=self._names[2],
                zorder=3,
            )
        axes.set_yticks(ticks, self._labels)
        axes.invert_yaxis()
        axes.set_xlim(left=min(0.0, *(each or 0.0 for each in shares)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%"))
        axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=2)

    def _from_zero(self, set_limits: Any) -> None:  # noqa: ANN401
        """Lets an axis begin at zero where nothing goes below, so that no bar misleads."""
        if all(each is None or each >= 0 for figures in self._series for each in figures):
            set_limits(0, None)


def _figure(value: float, _: object = None) -> str:
    """A figure with thousands, and decimals only where it has some."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _plain(text: str) -> str:
    """A text without signs that move the pen; a dollar sign is no formula.

    Names that begin with an underscore would be left out of the legend.
    """
    kept = "".join(sign for sign in text.translate(_SIGNS) if sign.isprintable() or sign == " ")
    return f" {kept}" if kept.startswith("_") else kept
