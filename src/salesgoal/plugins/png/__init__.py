"""Pictures of single charts, from the extra ``png`` (matplotlib)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from salesgoal.errors import MissingExtra, UsageError
from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.chart import Chart
from salesgoal.sheets.sheet import Book, Sheet

__all__ = ["salesgoal_renderers"]


@hookimpl
def salesgoal_renderers() -> Iterable[RendererSpec]:
    """Returns the renderer of pictures."""
    return [
        RendererSpec(
            name="png",
            title="PNG",
            suffix=".png",
            media_type="image/png",
            write=_write,
        )
    ]


def _write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    """Draws the one chart that the options name."""
    sheet, chart = _find(book, options)
    try:
        from salesgoal.plugins.png.drawing import draw
    except ImportError as error:
        raise MissingExtra("matplotlib", "png") from error
    stream.write(draw(sheet, chart, options))


def _find(book: Book, options: RenderOptions) -> tuple[Sheet, Chart]:
    """The chart that is named; the only one there is where none is named."""
    charts = {
        f"{sheet.id}/{chart.id}": (sheet, chart)
        for sheet in book.sheets
        for chart in sheet.charts
        if chart.lines
    }
    if options.chart is None and len(charts) == 1:
        return next(iter(charts.values()))
    if options.chart not in charts:
        raise _refusal(options.chart, list(charts))
    return charts[options.chart]


def _refusal(asked: str | None, known: list[str]) -> UsageError:
    names = ", ".join(known)
    if not known:
        return UsageError("there is no chart to draw", "没有可画的图")
    wrong = f"there is no chart {asked}" if asked else "png draws one chart at a time"
    wrong_zh = f"没有图 {asked}" if asked else "png 一次只画一张图"
    return UsageError(
        f"{wrong} - name it by --chart: {names}", f"{wrong_zh}；请用 --chart 指定：{names}"
    )
