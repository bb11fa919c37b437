"""Writing the page: a pure function of the book, and nothing that it loads from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import BinaryIO

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from salesgoal.plugins.html.outline import plain_lines
from salesgoal.plugins.html.section import Section, make_section
from salesgoal.plugins.html.texts import PAGE_WORDS, meta_line
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.sheet import Add, Book, Sheet, shown

__all__ = ["write"]

_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    """Writes one HTML file with every sheet that people see; same book, same bytes."""
    lang = options.lang
    sheets = [
        (sheet, plain)
        for sheet, plain in zip(book.sheets, plain_lines(book), strict=True)
        if not sheet.is_hidden
    ]
    sections = _told_apart(
        [
            make_section(sheet, number, plain, lang)
            for number, (sheet, plain) in enumerate(sheets, 1)
        ]
    )
    style = _own_file("page.css") + "".join(map(_alignment, sections))
    script = _own_file("page.js")
    content = _environment().get_template("page.html.j2").render(
        lang=_LANGUAGES[lang],
        title=book.title.of(lang),
        meta=meta_line(book.meta, lang),
        balances=[line for sheet, _ in sheets for line in _balances(sheet, lang)],
        sections=sections,
        words={key: words.of(lang) for key, words in PAGE_WORDS.items()},
        policy=_policy(style, script),
        # Both are our own files: the style's numbers are ours, too, and nothing is filled in.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
    )
    stream.write(content.encode())


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("salesgoal.plugins.html", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


@cache
def _own_file(name: str) -> str:
    return files("salesgoal.plugins.html").joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded, sent or run but this style and this script."""
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _alignment(section: Section) -> str:
    """Which columns of a table are figures, said once for all its rows."""
    if not section.figures or section.cards:
        return ""
    cells = ",".join(f"#{section.id} tr>:nth-child({place})" for place in section.figures)
    return f"{cells}{{text-align:right;white-space:nowrap}}\n"


def _told_apart(sections: Sequence[Section]) -> list[Section]:
    """Sections whose titles repeat are named by their first note as well."""
    counts = Counter(section.title for section in sections)
    return [
        attrs.evolve(section, name=f"{section.title} · {section.notes[0]}")
        if counts[section.title] > 1 and section.notes
        else section
        for section in sections
    ]


def _balances(sheet: Sheet, lang: str) -> list[str]:
    """What was read and where it went, a line a metric: read = root + outside + …"""
    if sheet.id != "reconciliation":
        return []
    titles = {column.key: column.title for column in sheet.columns}
    lines = []
    for line in sheet.lines:
        for at, cell in enumerate(line.cells):
            if isinstance(cell.formula, Add):
                keys = (sheet.columns[at].key, *cell.formula.columns)
                said = [
                    f"{title.of(lang)} {shown(sheet, line, sheet.position(key), lang)}"
                    for key in keys
                    for title in [titles[key]]
                    if title
                ]
                name = shown(sheet, line, sheet.shown[0], lang)
                lines.append(f"{name}{_COLON[lang]}{said[0]} = {' + '.join(said[1:])}")
    return lines


_COLON = {"zh": "：", "en": ": "}
