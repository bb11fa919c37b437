"""Writing the page: a pure function of the book, and nothing that it loads from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import BinaryIO

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from salesgoal.plugins.html.outline import plain_lines
from salesgoal.plugins.html.packed import pack
from salesgoal.plugins.html.section import Section, make_section
from salesgoal.plugins.html.texts import PAGE_WORDS, meta_line
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.bilingual import Words
from salesgoal.sheets.scale import MONEY, Scale
from salesgoal.sheets.sheet import Add, Book, Line, Sheet, is_money, shown
from salesgoal.sheets.shown_book import show_book

__all__ = ["write"]

_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_SHORT_NOTE = 24


def write(book: Book, stream: BinaryIO, options: RenderOptions) -> None:
    """Writes one HTML file with every sheet that people see; same book, same bytes."""
    lang = options.lang
    seen = show_book(book, options.scale)
    sheets = [
        (sheet, plain)
        for sheet, plain in zip(seen.sheets, plain_lines(seen), strict=True)
        if not sheet.is_hidden
    ]
    sections = _told_apart(
        [
            make_section(sheet, number, plain, lang)
            for number, (sheet, plain) in enumerate(sheets, 1)
        ]
    )
    longest = sorted(
        (number for number, section in enumerate(sections) if section.is_packed),
        key=lambda number: -len(sheets[number][0].lines),
    )
    packed = pack([sheets[number][0] for number in longest], lang) if longest else ""
    style = _own_file("page.css") + "".join(map(_column_rules, sections))
    script = _own_file("page.js")
    content = (
        _environment()
        .get_template("page.html.j2")
        .render(
            lang=_LANGUAGES[lang],
            title=book.title.of(lang),
            meta=meta_line(book.meta, lang),
            balances=_balances(book, options),
            sections=sections,
            words={key: words.of(lang) for key, words in PAGE_WORDS.items()},
            packed_sections=",".join(sections[number].id for number in longest),
            policy=_policy(style, script),
            # Signs that end no element, in an element whose text is taken as it stands.
            packed=Markup(packed),  # noqa: S704
            # Both are our own files, and all that is added to the style is numbers of ours.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
        )
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


def _column_rules(section: Section) -> str:
    """How the columns of a table are set, said once for all its rows."""
    if not section.rows:
        return ""
    rules = {
        "text-align:right;white-space:nowrap": section.figures,
        "white-space:nowrap": section.short,
        "min-width:14em": section.long,
    }
    told = "".join(
        f"#{section.id} tr>:is({','.join(_runs(places))}){{{rule}}}\n"
        for rule, places in rules.items()
        if places
    )
    names = f"#{section.id} tr>:first-child{{min-width:{section.names}px}}"
    return f"{told}@media print,(min-width:701px){{{names}}}\n"


def _runs(places: Sequence[int]) -> Iterator[str]:
    """Selectors of columns, one a run of neighbours."""
    start = 0
    for at, place in enumerate(places):
        if at + 1 == len(places) or places[at + 1] != place + 1:
            first = places[start]
            yield (
                f":nth-child({place})"
                if first == place
                else f":nth-child(n+{first}):nth-child(-n+{place})"
            )
            start = at + 1


def _told_apart(sections: Sequence[Section]) -> list[Section]:
    """Sections whose titles repeat are named by a short first note, else by a number."""
    counts = Counter(section.title for section in sections)
    seen: Counter[str] = Counter()
    named = []
    for section in sections:
        name = section.title
        if counts[name] > 1 and section.notes and len(section.notes[0]) <= _SHORT_NOTE:
            name = f"{name} · {section.notes[0]}"
        seen[name] += 1
        number = f" {seen[name]}" if seen[name] > 1 else ""
        named.append(attrs.evolve(section, name=name + number))
    return named


def _balances(book: Book, options: RenderOptions) -> list[str]:
    """What was read and where it went, a line a metric; of several plans, each says which.

    Parts of zero are left to the table. Amounts are exact in every scale, with their unit:
    rounded parts need not add up.
    """
    lang = options.lang
    sheets = [
        sheet
        for sheet in book.sheets
        if sheet.id.partition("_")[0] == "reconciliation" and not sheet.is_hidden
    ]
    lines = []
    for sheet in sheets:
        of_plan = f"{sheet.title.of(lang)} · " if len(sheets) > 1 else ""
        for line in sheet.lines:
            lines += [of_plan + said for said in _balance(sheet, line, options)]
    return lines


def _balance(sheet: Sheet, line: Line, options: RenderOptions) -> Iterator[str]:
    lang = options.lang
    titles = {column.key: column.title for column in sheet.columns}
    for at, cell in enumerate(line.cells):
        if isinstance(cell.formula, Add):
            root, *others = cell.formula.columns
            lost = (key for key in others if line.cells[sheet.position(key)].value)
            keys = (sheet.columns[at].key, root, *lost)
            said = [
                f"{title.of(lang)} {shown(sheet, line, sheet.position(key), lang)}"
                for key in keys
                for title in [titles[key]]
                if title
            ]
            name = shown(sheet, line, sheet.shown[0], lang)
            if options.scale is not Scale.YUAN and is_money(sheet, line, at):
                name = Words(f"{name}({MONEY})", f"{name} ({MONEY})").of(lang)
            yield f"{name}{_COLON[lang]}{said[0]} = {' + '.join(said[1:])}"


_COLON = {"zh": "：", "en": ": "}
