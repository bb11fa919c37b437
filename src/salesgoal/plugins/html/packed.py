"""Lines on the way to the script: column by column, compressed, as text that markup cannot end.

The script puts the same texts into rows that `sheets.shown` gives; a test holds the two equal.
Texts stand once, with a number a line. A figure is a whole number of its smallest unit, or

-  ``=0``: what the column's first formula says of earlier columns, where that is exactly it;
-  ``a``, ``b`` ...: the same as in that column of the page, counted from the left;
-  ``+4,3``: the sum of three figures of its column, the first of them four lines below, as a
   quarter is the sum of its months;
-  ``~`` and a text, where a column of figures holds one.
"""

from __future__ import annotations

import base64
import json
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any

import attrs

from salesgoal.domain.number import round_units
from salesgoal.plugins.html.outline import visible
from salesgoal.sheets.sheet import (
    RATE_DECIMALS,
    Add,
    Column,
    Flag,
    Formula,
    Kind,
    Less,
    Line,
    Percent,
    Role,
    Sheet,
    worded,
)

__all__ = ["FIGURES", "figure_units", "pack"]

FIGURES = {Kind.AMOUNT, Kind.RATE, Kind.PERCENT}
_FLAGS = list(Flag)
_ROLES = list(Role)
_PERCENT_DECIMALS = 2
_MOST_NAMED = 26
_FAR = 16

_Figure = tuple[int, int]
"""A figure in units, and its decimals."""


def pack(sheet: Sheet, lang: str) -> str:
    """Returns all lines of a sheet, compressed, in base64."""
    packer = _Packer(sheet=sheet, columns=visible(sheet), lang=lang)
    content = {
        "depth": _joined(line.depth for line in sheet.lines),
        "role": "".join(str(_ROLES.index(line.role)) for line in sheet.lines),
        "decimals": _joined(
            "" if line.decimals is None else line.decimals for line in sheet.lines
        ),
        "columns": [packer.column(place) for place in range(len(packer.columns))],
    }
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(written.encode(), 9)).decode("ascii")


def figure_units(column: Column, line: Line, at: int) -> _Figure | None:
    """Returns a figure in units, with its decimals; None where the cell holds no number."""
    value = line.cells[at].value
    if not isinstance(value, int | Fraction):
        return None
    if column.kind is Kind.PERCENT:
        return round_units(Fraction(value) * 10_000), _PERCENT_DECIMALS
    decimals = column.decimals if line.decimals is None else line.decimals
    if column.kind is Kind.RATE and decimals < RATE_DECIMALS:
        value, decimals = value * 10 ** (RATE_DECIMALS - decimals), RATE_DECIMALS
    return value if isinstance(value, int) else round_units(value), decimals


@attrs.define(kw_only=True)
class _Packer:
    """One sheet; columns count from the left of the page."""

    sheet: Sheet
    columns: Sequence[int]
    lang: str
    _figures: dict[int, list[_Figure | None]] = attrs.field(factory=dict)

    def column(self, place: int) -> dict[str, Any]:
        at = self.columns[place]
        lines, column = self.sheet.lines, self.sheet.columns[at]
        flags = "".join(str(_FLAGS.index(line.cells[at].flag)) for line in lines)
        content: dict[str, Any] = {"flags": flags} if flags.strip("0") else {}
        if column.kind not in FIGURES:
            return content | _texts(self._text(line, at) for line in lines)
        self._figures[place] = [figure_units(column, line, at) for line in lines]
        formulas: dict[str, int] = {}
        sums = _Sums(self._figures[place])
        marks = [
            self._text(lines[number], at, "~")
            if figure is None
            else self._formula(number, place, figure, formulas)
            or self._same(number, place, figure)
            or sums.below(number, figure)
            or str(figure[0])
            for number, figure in enumerate(self._figures[place])
        ]
        return content | {
            "kind": str(column.kind),
            "decimals": column.decimals,
            "figures": "\n".join(marks),
            "formulas": [json.loads(said) for said in formulas],
        }

    def _text(self, line: Line, at: int, mark: str = "") -> str:
        value = worded(self.sheet, line, at, self.lang)
        text = f"{value:,f}" if isinstance(value, Decimal) else str(value or "")
        return mark + text.replace("\n", " ") if text else ""

    def _same(self, number: int, place: int, figure: _Figure) -> str | None:
        """The letter of an earlier column that holds the same, and more than zero alone."""
        if not figure[0]:
            return None
        for other in range(min(place, _MOST_NAMED)):
            if other in self._figures and self._figures[other][number] == figure:
                return chr(ord("a") + other)
        return None

    def _formula(
        self, number: int, place: int, figure: _Figure, formulas: dict[str, int]
    ) -> str | None:
        """The number of the cell's formula, where the script comes to the same figure by it."""
        formula = self.sheet.lines[number].cells[self.columns[place]].formula
        operands = None if formula is None else self._operands(formula)
        if formula is None or operands is None or not operands.keys() <= self._figures.keys():
            return None
        amounts = [self._figures[each][number] for each in operands]
        if not _comes_to(formula, amounts, figure):
            return None
        said = json.dumps([type(formula).__name__, *operands])
        return f"={formulas.setdefault(said, len(formulas))}"

    def _operands(self, formula: Formula) -> dict[int, None] | None:
        """The columns that a formula speaks of; None where the page lacks one."""
        keys: tuple[str, ...] = ()
        match formula:
            case Add(keys):
                pass
            case Less(key, minus):
                keys = (key, minus)
            case Percent(over, under):
                keys = (over, under)
        places = {self.sheet.columns[at].key: place for place, at in enumerate(self.columns)}
        known = keys and all(key in places for key in keys) and len(set(keys)) == len(keys)
        return dict.fromkeys(places[key] for key in keys) if known else None


class _Sums:
    """Finds figures of one column that are sums of others close below them."""

    def __init__(self, figures: Sequence[_Figure | None]) -> None:
        self._places = [None if figure is None else figure[1] for figure in figures]
        units = (0 if figure is None else figure[0] for figure in figures)
        self._sums = list(accumulate(units, initial=0))
        self._stops: dict[int, list[int]] = {}
        for at, total in enumerate(self._sums):
            self._stops.setdefault(total, []).append(at)

    def below(self, number: int, figure: _Figure) -> str | None:
        """Returns where the figures stand that add up to this one; None where none do."""
        if not figure[0]:
            return None
        for start in range(number + 1, min(number + _FAR, len(self._sums))):
            stops = self._stops.get(self._sums[start] + figure[0], ())
            after = bisect_left(stops, start + 2)
            if after < len(stops) and (count := stops[after] - start) <= _FAR:
                if {*self._places[start : start + count], None} == {figure[1], None}:
                    return f"+{start - number},{count}"
        return None


def _comes_to(formula: Formula, operands: Sequence[_Figure | None], figure: _Figure) -> bool:
    """Whether a formula gives exactly a figure; blank counts as nothing, as in workbooks."""
    units, decimals = figure
    places = {each[1] for each in operands if each is not None}
    amounts = [0 if each is None else each[0] for each in operands]
    match formula:
        case Add():
            return places <= {decimals} and sum(amounts) == units
        case Less():
            return places <= {decimals} and amounts[0] - amounts[1] == units
        case Percent():
            over, under = amounts
            whole = decimals == _PERCENT_DECIMALS and len(places) == 1
            return whole and under > 0 <= over and _half_up(over, under) == units
    return False


def _half_up(over: int, under: int) -> int:
    return (20_000 * over + under) // (2 * under)


def _texts(texts: Iterable[str]) -> dict[str, Any]:
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(text, len(numbers)) for text in texts]
    return {"texts": list(numbers), "at": _joined(places)}


def _joined(values: Iterable[object]) -> str:
    return ",".join(map(str, values))
