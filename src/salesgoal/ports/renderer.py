"""What a renderer is: one function that draws a book of sheets. It never calculates."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

import attrs

from salesgoal.ports.importer import API
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import Book

__all__ = ["RenderOptions", "RendererSpec"]


@attrs.frozen(kw_only=True)
class RenderOptions:
    """How to draw.

    Attributes:
        lang: ``zh`` or ``en``.
        width: Columns of the terminal; None where there is none.
        colour: Whether colours may be used.
        scale: In what amounts of money are shown to people; machine formats stay exact.
        chart: The chart that a renderer of single charts draws, as ``sheet/chart``.
    """

    lang: str = "zh"
    width: int | None = None
    colour: bool = False
    scale: Scale = Scale.YUAN
    chart: str | None = None


@attrs.frozen(kw_only=True)
class RendererSpec:
    """A renderer, as a plugin offers it.

    Attributes:
        name: Lower-case letters, digits and hyphens; unique over all plugins.
        title: For people.
        suffix: Of the files it writes, with its dot.
        media_type: Of what it writes.
        write: The renderer: same book and options, same bytes.
        text: Whether what it writes can be shown in a terminal.
        api: The version of this contract that it was written for.
    """

    name: str
    title: str
    suffix: str
    media_type: str
    write: Callable[[Book, BinaryIO, RenderOptions], None]
    text: bool = False
    api: int = API
