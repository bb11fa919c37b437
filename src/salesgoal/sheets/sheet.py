"""Sheets: tables as data, that any renderer can draw without calculating.

A cell holds the exact value; how it is written (two decimals, percent half up) follows from its
column's kind. A formula says what a cell *means* in terms of other columns of its line, or of
the lines above; a spreadsheet renderer turns it into cell references, others show the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

import attrs

from salesgoal.domain.number import percent, to_amount
from salesgoal.sheets.bilingual import Words
from salesgoal.sheets.chart import Chart
from salesgoal.sheets.entry_rule import EntryRule
from salesgoal.sheets.form_formula import Extreme, Latest, Quotient, TotalLike
from salesgoal.sheets.scale import MONEY, Scale, scale_amount, scale_note

__all__ = [
    "RATE_DECIMALS",
    "Add",
    "Book",
    "Cell",
    "Column",
    "Extreme",
    "Flag",
    "Formula",
    "Kind",
    "Latest",
    "Layout",
    "Less",
    "Line",
    "Percent",
    "Quotient",
    "Role",
    "Running",
    "Sheet",
    "Total",
    "TotalLike",
    "Value",
    "Words",
    "is_money",
    "shown",
    "worded",
    "written",
]


Value = str | int | Fraction | date | Words | Mapping[str, str] | None
"""Amounts in smallest units, ratios as `Fraction` (1 = 100 %), scopes as mappings."""


class Kind(StrEnum):
    """What a column holds, and so how it is written.

    A rate is an amount a day, exact; it shows two decimals at least, also of whole pieces.
    """

    TEXT = "text"
    AMOUNT = "amount"
    RATE = "rate"
    PERCENT = "percent"
    DATE = "date"
    SCOPE = "scope"
    WORD = "word"


class Flag(StrEnum):
    """What people should notice; always shown by a sign as well as a colour."""

    NONE = "none"
    MET = "met"
    UNMET = "unmet"
    PROBLEM = "problem"


class Layout(StrEnum):
    """How a sheet is laid out where there is a choice: as a table, or a card a line."""

    TABLE = "table"
    CARDS = "cards"


class Role(StrEnum):
    """What a line is."""

    BODY = "body"
    REST = "rest"
    TOTAL = "total"


@attrs.frozen
class Add:
    """The sum of other columns of the same line.

    A sparse formula, of this kind or another, is absent where what it stands on is absent: a
    form that nobody has filled in shows nothing, and no zeros.
    """

    columns: tuple[str, ...]
    is_sparse: bool = False


@attrs.frozen
class Less:
    """One column of the same line less another; sparse: absent where either is."""

    column: str
    minus: str
    is_sparse: bool = False


@attrs.frozen
class Percent:
    """One column of the same line over another, as a rate; sparse: absent where either is."""

    over: str
    under: str
    is_sparse: bool = False


@attrs.frozen
class Total:
    """The sum of the same column over all lines above; sparse: absent where all of it is."""

    is_sparse: bool = False


@attrs.frozen
class Running:
    """The sum of another column over this line and the lines right above it.

    Attributes:
        column: Which.
        lines: Over how many lines, this one included.
    """

    column: str
    lines: int
    is_sparse: bool = False


Formula = Add | Less | Percent | Total | Running | Latest | Extreme | TotalLike | Quotient


@attrs.frozen
class Cell:
    """One value, what to notice about it, what it means in terms of others, and a comment.

    A locked one stays closed where the rule of its column would let people type.
    """

    value: Value = None
    flag: Flag = Flag.NONE
    formula: Formula | None = None
    note: Words | None = None
    is_locked: bool = False


@attrs.frozen(kw_only=True)
class Column:
    """One column.

    Attributes:
        key: The name that formulas and machines use.
        title: The header; None where only machines read the column.
        kind: How its values are written.
        decimals: For amounts.
        unit: Of its amounts, shown beside the title; '' where the lines say it.
        is_scaled: Whether amounts of money may be shown in another scale; prices are not.
        tree: Whether its texts are indented by the line's depth.
        words: What people read for each code of a `WORD` column.
        machine: Whether machine output has the column.
        is_filter: Whether people choose lines by its values.
        is_hidden: Whether a workbook keeps it out of sight; other renderers leave it out.
        is_long: Whether its texts run over several lines of a wide column.
        is_spare: Whether a narrow screen may leave it out, and say so.
        entry: What people may type into its body cells; None where they type nothing.
    """

    key: str
    title: Words | None
    kind: Kind = Kind.TEXT
    decimals: int = 2
    unit: str = ""
    is_scaled: bool = True
    tree: bool = False
    words: Mapping[str, Words] = attrs.field(factory=dict, hash=False)
    machine: bool = True
    is_filter: bool = False
    is_hidden: bool = False
    is_long: bool = False
    is_spare: bool = False
    entry: EntryRule | None = None

    def heading(self, lang: str, scale: Scale = Scale.YUAN) -> str:
        """Returns the title with the unit, which English sets off by a blank; "" without title.

        >>> Column(key="sales", title=Words("实际", "Actual"), unit="元").heading("zh")
        '实际(元)'
        """
        if self.title is None:
            return ""
        title = self.title.of(lang)
        unit = scale.unit(self.unit) if self.is_scaled else self.unit
        gap = "" if lang == "zh" else " "
        return f"{title}{gap}({unit})" if unit else title


@attrs.frozen
class Line:
    """One row of a sheet; ``depth`` is how deep it stands in a tree."""

    cells: tuple[Cell, ...]
    role: Role = Role.BODY
    depth: int = 0
    decimals: int | None = None
    """Overrides the columns' where the lines of a sheet speak of different metrics."""
    unit: str = ""
    """Likewise, where the columns have none."""


@attrs.frozen(kw_only=True)
class Sheet:
    """One table with a title and notes.

    Attributes:
        id: Unique in its book.
        title: What it shows.
        columns: In order.
        lines: In order.
        notes: What is to be known about it.
        keyed_by: The column by which machine output names the lines; None for a list.
        layout: How it is laid out where there is a choice.
        is_outline: Whether the lines are a tree that can be folded, by their depth.
        is_hidden: Whether a workbook keeps it out of sight; other renderers leave it out.
        is_protected: Whether a workbook locks all cells that no entry rule opens.
        charts: Drawings of its columns.
    """

    id: str
    title: Words
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    notes: tuple[Words, ...] = ()
    keyed_by: str | None = None
    layout: Layout = Layout.TABLE
    is_outline: bool = False
    is_hidden: bool = False
    is_protected: bool = False
    charts: tuple[Chart, ...] = ()

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """Positions of the columns that people see."""
        return tuple(at for at, column in enumerate(self.columns) if column.title is not None)

    def header(self, lang: str, scale: Scale = Scale.YUAN) -> tuple[str, ...]:
        """Returns the headers of the columns that people see, with the units of amounts."""
        return tuple(self.columns[at].heading(lang, scale) for at in self.shown)

    def remarks(self, lang: str, scale: Scale = Scale.YUAN) -> tuple[str, ...]:
        """Returns the notes, and the scale where lines are in it and no header says so."""
        scaled = scale is not Scale.YUAN and any(line.unit == MONEY for line in self.lines)
        notes = (*self.notes, scale_note(scale)) if scaled else self.notes
        return tuple(note.of(lang) for note in notes)

    def position(self, key: str) -> int:
        """Returns the position of the column with that key.

        Raises:
            ValueError: There is none.
        """
        if key not in self._places:
            raise ValueError(f"column {key!r} is not in list of sheet {self.id}")
        return self._places[key]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        pairs = reversed(list(enumerate(self.columns)))
        return {column.key: at for at, column in pairs}


@attrs.frozen(kw_only=True)
class Book:
    """Sheets that belong together, and what they speak of."""

    title: Words
    sheets: tuple[Sheet, ...]
    meta: Mapping[str, str | None] = attrs.field(factory=dict, hash=False)

    def sheet(self, name: str) -> Sheet:
        """Returns the sheet with that id.

        Raises:
            KeyError: There is none.
        """
        return {sheet.id: sheet for sheet in self.sheets}[name]


RATE_DECIMALS = 2

SIGNS = {Flag.MET: "✓", Flag.UNMET: "▼", Flag.PROBLEM: "!"}


def written(sheet: Sheet, line: Line, at: int) -> Decimal | date | str | None:
    """Returns a cell's value as it is written: amounts and percents as exact decimals.

    >>> sheet = Sheet(id="s", title=Words("率", "Rate"), lines=(), columns=(
    ...     Column(key="rate", title=None, kind=Kind.PERCENT),))
    >>> written(sheet, Line((Cell(Fraction(69, 80)),)), 0)
    Decimal('86.25')
    """
    value, column = line.cells[at].value, sheet.columns[at]
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={member}" for key, member in value.items())
    if isinstance(value, Words):
        return value.en
    if value is None or isinstance(value, str | date):
        return value
    if column.kind is Kind.PERCENT:
        return percent(value)
    decimals = column.decimals if line.decimals is None else line.decimals
    if column.kind is Kind.RATE and decimals < RATE_DECIMALS:
        return to_amount(value * 10 ** (RATE_DECIMALS - decimals), RATE_DECIMALS)
    return to_amount(value, decimals)


def is_money(sheet: Sheet, line: Line, at: int) -> bool:
    """Returns whether a cell is an amount of money, which may be shown in another scale."""
    column = sheet.columns[at]
    of_money = (column.unit or line.unit) == MONEY and column.is_scaled
    return of_money and column.kind in {Kind.AMOUNT, Kind.RATE}


def worded(sheet: Sheet, line: Line, at: int, lang: str) -> Decimal | date | str | None:
    """Returns a cell as `written`, with words and codes in a language."""
    value = line.cells[at].value
    if isinstance(value, str):
        value = sheet.columns[at].words.get(value, value)
    return value.of(lang) if isinstance(value, Words) else written(sheet, line, at)


def shown(
    sheet: Sheet, line: Line, at: int, lang: str = "zh", scale: Scale = Scale.YUAN
) -> str:
    """Returns a cell as people read it in text: thousands separated, signs beside flags.

    Amounts of money are shown in the scale, two decimals, half up.

    >>> sheet = Sheet(id="s", title=Words("率", "Rate"), lines=(), columns=(
    ...     Column(key="rate", title=None, kind=Kind.PERCENT),))
    >>> shown(sheet, Line((Cell(Fraction(69, 80), Flag.UNMET),)), 0)
    '86.25 ▼'
    """
    value = worded(sheet, line, at, lang)
    if scale is not Scale.YUAN and isinstance(value, Decimal) and is_money(sheet, line, at):
        value = _scaled(sheet, line, at, scale)
    text = f"{value:,f}" if isinstance(value, Decimal) else "" if value is None else str(value)
    sign = SIGNS.get(line.cells[at].flag, "")
    return f"{text} {sign}" if sign else text


def _scaled(sheet: Sheet, line: Line, at: int, scale: Scale) -> Decimal:
    units, column = line.cells[at].value, sheet.columns[at]
    assert isinstance(units, int | Fraction)
    return scale_amount(
        units, column.decimals if line.decimals is None else line.decimals, scale
    )
