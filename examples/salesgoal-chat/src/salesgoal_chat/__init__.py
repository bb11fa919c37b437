"""Messages for the bots of WeCom (企业微信) and DingTalk (钉钉): a renderer as a package.

Each line of the file is one request to a bot, as JSON. A report that is longer than a message
may be becomes several; nothing is cut off.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

import attrs

from salesgoal.ports import (
    Book,
    Flag,
    Line,
    RendererSpec,
    RenderOptions,
    Role,
    Sheet,
    hookimpl,
    shown,
)

__all__ = ["BOTS", "Bot", "salesgoal_renderers"]
__version__ = "0.1.0"

_SIGNS = re.compile(r"([\\*_`~\[\]#|])")
_TAGS = re.compile(r"</?font[^>]*>")
_PIECES = re.compile(r"&\w+;|\\.|[-0-9.,]{1,40}|.")
"""What is never torn: an escape, a number."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@attrs.frozen(kw_only=True)
class Bot:
    """What one kind of bot takes.

    Attributes:
        name: Of the renderer.
        title: For people.
        bytes_: How long the text of one message may be, in UTF-8.
        newline: What begins a new line in its Markdown.
        colours: Flag -> what it calls the colour.
    """

    name: str
    title: str
    bytes_: int
    newline: str
    colours: Mapping[Flag, str]

    def write(self, book: Book, stream: BinaryIO, options: RenderOptions) -> None:
        """Writes one request a line."""
        title = book.title.of(options.lang)
        for text in self.messages(self.lines(book, options)):
            markdown = {"content": text}
            if self.name == "dingtalk":
                markdown = {"title": title, "text": text}
            request = {"msgtype": "markdown", "markdown": markdown}
            stream.write(json.dumps(request, ensure_ascii=False).encode() + b"\n")

    def lines(self, book: Book, options: RenderOptions) -> Iterator[str]:
        """Every line of the report."""
        yield f"**{escaped(book.title.of(options.lang))}**"
        for sheet in book.sheets:
            if sheet.is_hidden:
                continue
            yield f"**{escaped(sheet.title.of(options.lang))}**"
            yield from map(escaped, sheet.remarks(options.lang, options.scale))
            for line in sheet.lines:
                yield self.line(sheet, line, options)

    def line(self, sheet: Sheet, line: Line, options: RenderOptions) -> str:
        """One line of a sheet: what is known of it, each with its title."""
        titles = dict(zip(sheet.shown, sheet.header(options.lang, options.scale), strict=True))
        parts: list[str] = []
        for at in sheet.shown:
            column = sheet.columns[at]
            text = escaped(shown(sheet, line, at, options.lang, options.scale))
            if column.is_hidden or not text:
                continue
            colour = self.colours.get(line.cells[at].flag)
            if colour is not None:
                text = f'<font color="{colour}">{text}</font>'
            if column.tree:
                bold = "**" if line.role is Role.TOTAL else ""
                parts.insert(0, f"{'　' * line.depth}{bold}{text}{bold}")
            else:
                parts.append(f"{escaped(titles[at])} {text}")
        return f"> {' ｜ '.join(parts)}"

    def messages(self, lines: Iterable[str]) -> Iterator[str]:
        """The lines in messages, none of them longer than it may be."""
        text = ""
        for line in lines:
            for part in self.parts(line):
                longer = f"{text}{self.newline}{part}" if text else part
                if len(longer.encode()) > self.bytes_:
                    yield text
                    longer = part
                text = longer
        if text:
            yield text

    def parts(self, line: str) -> Iterator[str]:
        """A line; one that is longer than a message goes without colours, in parts."""
        if len(line.encode()) <= self.bytes_:
            yield line
            return
        part: list[str] = []
        size = 0
        for piece in _PIECES.findall(_TAGS.sub("", line)):
            size += len(piece.encode())
            if size > self.bytes_:
                yield "".join(part)
                part, size = [], len(piece.encode())
            part.append(piece)
        yield "".join(part)


def escaped(text: str) -> str:
    """A text without meaning to Markdown or HTML."""
    text = _SIGNS.sub(r"\\\1", _CONTROLS.sub(" ", text))
    return text.replace("&", "&amp;").replace("<", "&lt;")


BOTS = (
    Bot(
        name="wecom",
        title="企业微信 WeCom",
        bytes_=4096,
        newline="\n",
        colours={Flag.UNMET: "warning", Flag.MET: "info"},
    ),
    Bot(
        name="dingtalk",
        title="钉钉 DingTalk",
        bytes_=20_000,
        newline="\n\n",
        colours={Flag.UNMET: "#d03050", Flag.MET: "#18a058"},
    ),
)


@hookimpl
def salesgoal_renderers() -> Iterable[RendererSpec]:
    """The renderers ``wecom`` and ``dingtalk``."""
    return [
        RendererSpec(
            name=bot.name,
            title=bot.title,
            suffix=".jsonl",
            media_type="application/jsonl; charset=utf-8",
            write=bot.write,
            text=True,
        )
        for bot in BOTS
    ]
