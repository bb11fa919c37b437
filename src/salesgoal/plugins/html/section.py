"""One sheet as the template writes it: headers, rows of texts, cards, drawings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from salesgoal.plugins.html.axis import text_width
from salesgoal.plugins.html.bullet import Bullet, BulletPlan, plan_bullets
from salesgoal.plugins.html.chart import Drawing, draw_chart
from salesgoal.plugins.html.figures import FIGURES
from salesgoal.plugins.html.outline import facets, visible
from salesgoal.plugins.html.texts import hidden_lines
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.sheet import Flag, Kind, Layout, Line, Role, Sheet, shown

__all__ = ["Card", "Header", "Picture", "Row", "Section", "TableCell", "make_section"]

_FLAG_CLASSES = {Flag.NONE: "", Flag.MET: "met", Flag.UNMET: "unmet", Flag.PROBLEM: "problem"}
_SHORT = 130
_LETTER, _INDENT, _HANDLE, _MOST_NAMES = 1.1, 17, 44, 300
_ROLE_CLASSES = {Role.BODY: "", Role.REST: "rest", Role.TOTAL: "total"}


@attrs.frozen
class Header:
    """A column's header.

    Attributes:
        text: What people read.
        figures: Whether its cells are figures.
        filter: ``facet`` or ``filter`` where people choose lines by it.
    """

    text: str
    figures: bool
    filter: str


@attrs.frozen
class TableCell:
    """A cell: its text, what to notice, and the bullet that stands in it."""

    text: str
    flag: str = ""
    bullet: Bullet | None = None


@attrs.frozen
class Row:
    """A row, its cells, and its classes: role and depth."""

    cells: tuple[TableCell, ...]
    classes: str


@attrs.frozen(kw_only=True)
class Card:
    """A headline figure and what stands below it."""

    name: str
    lead_name: str
    lead: TableCell
    sign: str
    rest: tuple[tuple[str, TableCell], ...]
    bullet: Bullet | None


@attrs.frozen(kw_only=True)
class Picture:
    """A chart: drawn for wide and narrow screens, and said in words."""

    title: str
    said: str
    drawings: tuple[Drawing, ...]


@attrs.frozen(kw_only=True)
class Section:
    """A sheet on the page.

    Attributes:
        id: Unique on the page, made by us.
        title: Its heading.
        name: Its name among the others, longer where titles repeat.
        notes: What is to be known.
        headers, rows: Its table.
        cards: In place of the table, where the sheet is laid out so.
        pictures: Its charts.
        is_outline: Whether its rows fold.
        figures, short, long: Which columns, from 1, hold figures, short texts and long ones.
        names: How wide the column of names should be at least.
        is_packed: Whether all its lines travel packed, as not all stand as rows.
        left_out: What a reader without script is told of the others.
        has_bullets: Whether bars stand in its rows or cards.
        bullets: Lines, host and series of the bullets, as numbers from 0, for the script.
    """

    id: str
    title: str
    name: str
    notes: tuple[str, ...]
    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    cards: tuple[Card, ...] = ()
    pictures: tuple[Picture, ...] = ()
    is_outline: bool = False
    figures: tuple[int, ...] = ()
    short: tuple[int, ...] = ()
    long: tuple[int, ...] = ()
    names: int = 0
    is_packed: bool = False
    left_out: str = ""
    has_bullets: bool = False
    bullets: str = ""


def make_section(sheet: Sheet, number: int, plain: Sequence[int], lang: str) -> Section:
    """Returns a sheet as the template writes it.

    Args:
        sheet: What is shown.
        number: Its place on the page, from 1.
        plain: The positions of the lines that stand as rows.
        lang: ``zh`` or ``en``.
    """
    columns = visible(sheet)
    bullets = plan_bullets(sheet, columns)
    is_whole = len(plain) == len(sheet.lines)
    is_cards = sheet.layout is Layout.CARDS and is_whole
    pictures = [
        Picture(title=chart.title.of(lang), said=said, drawings=drawings)
        for chart in sheet.charts
        if not (bullets and _is_of_rates(sheet, chart))
        for drawings, said in [draw_chart(sheet, chart, lang)]
        if drawings
    ]
    drawn = bullets if is_whole else None
    rows = () if is_cards else [_row(sheet, at, columns, drawn, lang) for at in plain]
    figures, short, long = _widths(sheet, columns, lang)
    return Section(
        id=f"s{number}",
        title=sheet.title.of(lang),
        name=sheet.title.of(lang),
        notes=tuple(note.of(lang) for note in sheet.notes),
        headers=_headers(sheet, columns, lang),
        rows=tuple(rows),
        cards=tuple(_cards(sheet, columns, bullets, lang)) if is_cards else (),
        pictures=tuple(pictures),
        is_outline=sheet.is_outline,
        figures=figures,
        short=short,
        long=long,
        names=_names_width(sheet, columns, lang),
        is_packed=not is_whole,
        left_out="" if is_whole else hidden_lines(len(plain), len(sheet.lines), lang),
        has_bullets=bullets is not None,
        bullets=_for_script(bullets, columns) if bullets and not is_whole else "",
    )


def _widths(sheet: Sheet, columns: Sequence[int], lang: str) -> tuple[tuple[int, ...], ...]:
    """The columns of figures, of texts that stay on one line, and of texts of several lines.

    The first column, whose texts are names, is none of them.
    """
    found: tuple[list[int], ...] = ([], [], [])
    for place, at in enumerate(columns, 1):
        if sheet.columns[at].kind in FIGURES:
            found[0].append(place)
        elif place > 1:
            widest = max((width for width, _ in _text_widths(sheet, at, lang)), default=0)
            found[1 if widest <= _SHORT else 2].append(place)
    return tuple(map(tuple, found))


def _names_width(sheet: Sheet, columns: Sequence[int], lang: str) -> int:
    """Room for the longest name at its depth, with its handle, within reason."""
    widths = (
        width * _LETTER + depth * _INDENT
        for width, depth in _text_widths(sheet, columns[0], lang)
    )
    return int(min(max(widths, default=0) + _HANDLE, _MOST_NAMES))


def _text_widths(sheet: Sheet, at: int, lang: str) -> Iterator[tuple[float, int]]:
    """How wide the texts of a column are and how deep they stand, each text once a depth."""
    texts = {(str(line.cells[at].value), line.depth): line for line in sheet.lines}
    for line in texts.values():
        yield text_width(shown(sheet, line, at, lang)), line.depth


def _headers(sheet: Sheet, columns: Sequence[int], lang: str) -> tuple[Header, ...]:
    chosen = facets(sheet)
    titles = [(at, sheet.columns[at], sheet.columns[at].title) for at in columns]
    return tuple(
        Header(
            text=title.of(lang) if title else "",
            figures=column.kind in FIGURES,
            filter="facet" if at in chosen else "filter" if column.is_filter else "",
        )
        for at, column, title in titles
    )


def _row(
    sheet: Sheet, at: int, columns: Sequence[int], bullets: BulletPlan | None, lang: str
) -> Row:
    line = sheet.lines[at]
    bullet = bullets.draw(sheet, at) if bullets else None
    cells = (
        _cell(sheet, line, each, lang, bullet if bullets and each == bullets.host else None)
        for each in columns
    )
    classes = [_ROLE_CLASSES[line.role], f"d{line.depth}" if line.depth else ""]
    return Row(tuple(cells), " ".join(filter(None, classes)))


def _cell(
    sheet: Sheet, line: Line, at: int, lang: str, bullet: Bullet | None = None
) -> TableCell:
    flag = _FLAG_CLASSES[line.cells[at].flag]
    return TableCell(shown(sheet, line, at, lang), flag, bullet)


def _cards(
    sheet: Sheet, columns: Sequence[int], bullets: BulletPlan | None, lang: str
) -> list[Card]:
    """A card a line, led by its rate or else its first figure.

    It is named by the first column whose texts tell the lines apart, else by the first one.
    """
    apart = (at for at in columns if sheet.columns[at].kind not in FIGURES)
    name = next((at for at in apart if _tells_apart(sheet, at)), columns[0])
    others = [at for at in columns if at != name]
    rates = [at for at in others if sheet.columns[at].kind is Kind.PERCENT]
    figures = [at for at in others if sheet.columns[at].kind in FIGURES]
    cards = []
    for number, line in enumerate(sheet.lines):
        written = {at: _cell(sheet, line, at, lang) for at in columns}
        led = next((at for at in (*rates, *figures, *others) if written[at].text), name)
        title = sheet.columns[led].title
        is_rate = led in rates
        plain = _plain(sheet, line, led, lang)
        cards.append(
            Card(
                name=written[name].text,
                lead_name=title.of(lang).replace("(%)", "").strip() if title else "",
                lead=attrs.evolve(written[led], text=f"{plain}%" if is_rate else plain),
                sign=written[led].text.removeprefix(plain),
                rest=tuple(
                    (column_title.of(lang), written[at])
                    for at in others
                    for column_title in [sheet.columns[at].title]
                    if at != led and written[at].text and column_title
                ),
                bullet=bullets.draw(sheet, number) if bullets else None,
            )
        )
    return cards


def _tells_apart(sheet: Sheet, at: int) -> bool:
    return len({str(line.cells[at].value) for line in sheet.lines}) == len(sheet.lines)


def _is_of_rates(sheet: Sheet, chart: Chart) -> bool:
    """Whether a chart only draws bars of rates, which bullets in the rows show already."""
    kinds = {sheet.columns[sheet.position(key)].kind for key in chart.series}
    return chart.kind is ChartKind.BARS and kinds == {Kind.PERCENT}


def _plain(sheet: Sheet, line: Line, at: int, lang: str) -> str:
    """A cell's text without the sign of its flag."""
    cells = tuple(attrs.evolve(cell, flag=Flag.NONE) for cell in line.cells)
    return shown(sheet, attrs.evolve(line, cells=cells), at, lang)


def _for_script(bullets: BulletPlan, columns: Sequence[int]) -> str:
    lines = bullets.chart.lines
    places = [columns.index(at) for at in (bullets.host, *bullets.series)]
    return ",".join(map(str, (lines.start, lines.stop, *places)))
