"""The terminal renderer: tables with colours, and signs that need none."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, Literal

import attrs

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.bar import BAR_CELLS, bar_of, find_bullets
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import Book, Flag, Kind, Layout, Line, Role, Sheet, shown

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

__all__ = ["salesgoal_renderers"]

_FIGURES = {Kind.AMOUNT, Kind.RATE, Kind.PERCENT}
_COLOURS = {Flag.MET: "green", Flag.UNMET: "bold red", Flag.PROBLEM: "yellow", Flag.NONE: ""}
_ROLES = {Role.BODY: "", Role.REST: "italic yellow", Role.TOTAL: "bold"}
_WIDE = 200
_TEXT = 10
_TREE = 24
_FRAME = 3
_GAP = 3
_COMMA = {"zh": "，", "en": ", "}
_ONCE = {"zh": "各行相同（或为空）：", "en": "the same in every line (or blank): "}
_LEFT = {
    "zh": "宽度不够，未列出：{names}；加宽窗口，或用 --format xlsx 查看",
    "en": "left out for want of room: {names}; widen the window, or use --format xlsx",
}
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What moves the cursor, changes colours, or turns the direction of texts."""


@hookimpl
def salesgoal_renderers() -> Iterable[RendererSpec]:
    """Returns the terminal renderer."""
    return [
        RendererSpec(
            name="terminal",
            title="终端",
            suffix=".txt",
            media_type="text/plain; charset=utf-8",
            write=_write,
            text=True,
        )
    ]


def _write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    """Writes every sheet as a table, or as cards; empty ones are left out."""
    from rich.console import Console

    text = io.StringIO()
    console = Console(
        file=text,
        width=options.width or _WIDE,
        force_terminal=options.colour,
        no_color=not options.colour,
        color_system="standard" if options.colour else None,
        highlight=False,
        legacy_windows=False,
    )
    for sheet in book.sheets:
        if sheet.lines and not sheet.is_hidden:
            console.print(_draw(sheet, options, console.width))
            console.print()
    lines = (line.rstrip() for line in text.getvalue().splitlines())
    stream.write("".join(f"{line}\n" for line in lines).encode())


def _draw(sheet: Sheet, options: RenderOptions, width: int) -> Table | Text:
    """A sheet as a table; where it does not fit, narrower and narrower; else as blocks.

    Blank columns go first; then what says the same in every line is said once below; then
    spare columns are left out from the right, which is said, too. Blocks say everything.
    """
    shown = [at for at in sheet.shown if not sheet.columns[at].is_hidden]
    view = _View(sheet, options.lang, options.scale, width, shown)
    if view.needed > width:
        filled = [at for at in shown if not view.is_blank(at)]
        view = attrs.evolve(view, columns=filled or shown)
    if view.needed <= width or sheet.layout is Layout.CARDS:
        return view.draw()
    return next((each for each in view.narrower() if each.needed <= width), view).draw()


@attrs.frozen
class _View:
    """One sheet, as wide as the terminal, with these of its columns."""

    sheet: Sheet
    lang: str
    scale: Scale
    width: int
    columns: list[int]
    said: tuple[str, ...] = ()

    def narrower(self) -> Iterator[_View]:
        """This view with fewer and fewer columns, and what is said instead."""
        alike = {at: text for at in self.columns[1:] if (text := self._alike(at))}
        once = [f"{_plain(self._header(at))} {text}" for at, text in alike.items()]
        said = (_ONCE[self.lang] + _COMMA[self.lang].join(once),) if once else ()
        kept = [at for at in self.columns if at not in alike]
        yield attrs.evolve(self, columns=kept, said=said)
        spare = [at for at in kept if self.sheet.columns[at].is_spare]
        for first in range(len(spare) - 1, -1, -1):
            names = [_plain(self._header(at)) for at in spare[first:]]
            left = _LEFT[self.lang].format(names=_COMMA[self.lang].join(names))
            columns = [at for at in kept if at not in spare[first:]]
            yield attrs.evolve(self, columns=columns, said=(*said, left))

    def _alike(self, at: int) -> str:
        """What every line says in a column, where not each says its own and none is marked."""
        if self.sheet.columns[at].kind is Kind.PERCENT or len(self.sheet.lines) == 1:
            return ""
        texts = {self._cell(line, at)[0].strip() for line in self.sheet.lines} - {""}
        marked = any(line.cells[at].flag is not Flag.NONE for line in self.sheet.lines)
        return texts.pop() if len(texts) == 1 and not marked else ""

    @cached_property
    def needed(self) -> int:
        """How wide a table of the columns is at least."""
        least = [self._least(at) for at in self.columns]
        return sum(least) + _FRAME * len(least) + 1

    def is_blank(self, at: int) -> bool:
        """Whether no line says anything in a column."""
        return not any(self._cell(line, at)[0].strip() for line in self.sheet.lines)

    def draw(self) -> Table | Text:
        """A table where its figures fit, with bars where these fit too; else blocks."""
        if self.sheet.layout is Layout.CARDS or self.needed > self.width:
            return self._blocks()
        return self._table(bars=self.needed + BAR_CELLS + 1 + _FRAME <= self.width)

    def _header(self, at: int) -> str:
        titles = self.sheet.header(self.lang, self.scale)
        return titles[self.sheet.shown.index(at)]

    def _table(self, *, bars: bool) -> Table:
        """A table whose figures are never broken; texts may take several lines."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        sheet, notes = self.sheet, self._notes()
        title = Text(_plain(sheet.title.of(self.lang)), style="bold")
        table = Table(
            title=title, box=SIMPLE_HEAD, title_justify="left", caption_justify="left"
        )
        table.caption = Text(notes) if notes else None
        bullets = find_bullets(sheet) if bars else None
        behind = self._rate() if bullets else None
        room = self.width - (BAR_CELLS + 1 + _FRAME if bullets else 0)
        for at, width in zip(self.columns, self._widths(room), strict=True):
            right = sheet.columns[at].kind in _FIGURES
            justify: Literal["left", "right"] = "right" if right else "left"
            header = Text(_plain(self._header(at)))
            table.add_column(header, justify=justify, overflow="fold", width=width)
            if bullets is not None and at == behind:
                table.add_column(Text(""), width=BAR_CELLS + 1)
        for number, line in enumerate(sheet.lines):
            cells = []
            for at in self.columns:
                cells.append(Text(*self._cell(line, at)))
                if bullets is not None and at == behind:
                    style = _COLOURS[line.cells[at].flag]
                    cells.append(Text(bar_of(sheet, bullets, number), style=style))
            table.add_row(*cells, style=_ROLES[line.role])
        return table

    def _widths(self, room: int) -> list[int]:
        """What each column takes: the least, and what is left goes to those that lack least."""
        from rich.cells import cell_len

        shown = self.columns
        widths = {at: self._least(at) for at in shown}
        rest = room - sum(widths.values()) - _FRAME * len(shown) - 1
        lacking = {}
        for at in shown:
            texts = (self._cell(line, at)[0] for line in self.sheet.lines)
            widest = max(map(cell_len, (*texts, _plain(self._header(at)))))
            lacking[at] = max(widest - widths[at], 0)
        for at in sorted(shown, key=lambda each: lacking[each]):
            given = min(lacking[at], rest)
            widths[at], rest = widths[at] + given, rest - given
        return [widths[at] for at in shown]

    def _rate(self) -> int:
        """The column that bars stand behind: the first rate, else the last column."""
        shown = self.columns
        rates = [at for at in shown if self.sheet.columns[at].kind is Kind.PERCENT]
        return (rates or shown[-1:])[0]

    def _blocks(self) -> Text:
        """One block a line: whose figures, the rate with its bar, and the others."""
        from rich.text import Text

        sheet, notes = self.sheet, self._notes()
        text = Text(_plain(sheet.title.of(self.lang)), style="bold")
        text.append(f"  {notes}" if notes else "", "not bold dim")
        bullets = find_bullets(sheet)
        names = self._names()
        rates = [self._rate()] if bullets else []
        others = [at for at in self.columns if at not in {*names, *rates}]
        for number, line in enumerate(sheet.lines):
            named = (self._cell(line, at)[0].strip() for at in names)
            indent = "  " * line.depth
            head = " · ".join(filter(None, named))
            text.append(f"\n\n{indent}{head}", _ROLES[line.role] or "bold")
            rate = "".join(self._cell(line, at)[0] for at in rates)
            if bullets and rate:
                bar = bar_of(sheet, bullets, number).rstrip()
                style = self._cell(line, rates[0])[1]
                text.append(f"\n{indent}  " + f"{bar}  {rate}".strip(), style)
            self._pairs(text, line, others)
        return text

    def _names(self) -> list[int]:
        """The columns that name a line: the texts before the first figure, or the first."""
        shown = self.columns
        found: list[int] = []
        for at in shown:
            if self.sheet.columns[at].kind not in {Kind.TEXT, Kind.SCOPE}:
                return found or shown[:1]
            found.append(at)
        return shown[:1]

    def _pairs(self, text: Text, line: Line, columns: Sequence[int]) -> None:
        """Names and values, as many beside one another as there is room for."""
        from rich.cells import cell_len

        indent = "  " * (line.depth + 1)
        used = self.width
        for at in columns:
            value, style = self._cell(line, at)
            if not value.strip():
                continue
            name = f"{_plain(self._header(at))} "
            size = cell_len(name + value) + _GAP
            if used + size - _GAP > self.width:
                text.append(f"\n{indent}")
                used = len(indent)
            else:
                text.append(" " * _GAP)
            text.append(name, "dim")
            text.append(value, style)
            used += size

    def _least(self, at: int) -> int:
        """Figures and days are never broken; texts may be, from ten columns on, goals later.

        A column without a text to break its header by is as wide as its header.
        """
        from rich.cells import cell_len

        if self.is_blank(at):
            return cell_len(_plain(self._header(at)))
        widest = max(cell_len(self._cell(line, at)[0]) for line in self.sheet.lines)
        column = self.sheet.columns[at]
        most = _TREE if column.tree else _TEXT
        least = widest if column.kind in _FIGURES else min(widest, most)
        words = max(map(cell_len, _plain(self._header(at)).split()), default=0)
        return max(least, min(words, _TEXT))

    def _notes(self) -> str:
        remarks = self.sheet.remarks(self.lang, self.scale)
        return "\n".join(filter(None, (_plain("  ".join(remarks)), *self.said)))

    def _cell(self, line: Line, at: int) -> tuple[str, str]:
        indent = "  " * line.depth if self.sheet.columns[at].tree else ""
        text = shown(self.sheet, line, at, self.lang, self.scale)
        return indent + _plain(text), _COLOURS[line.cells[at].flag]


def _plain(text: str) -> str:
    """A text that moves no cursor and changes no colour."""
    return _CONTROLS.sub(" ", text)
