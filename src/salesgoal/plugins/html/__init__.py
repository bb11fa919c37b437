"""The page: one HTML file that needs no network, made of the template, CSS and script here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.sheet import Book

__all__ = ["salesgoal_renderers"]


def _write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    from salesgoal.plugins.html.page import write

    write(book, stream, options)


@hookimpl
def salesgoal_renderers() -> Iterable[RendererSpec]:
    """Returns the renderer of pages."""
    return [
        RendererSpec(
            name="html",
            title="HTML",
            suffix=".html",
            media_type="text/html; charset=utf-8",
            write=_write,
        )
    ]
