"""Lines on the way to the script: column by column, compressed, as text that markup cannot end.

The script puts the same texts into rows that `sheets.shown` gives; a test holds the two equal.
Texts stand once in a book, with a number a line. A figure is a whole number of its smallest
unit, or says where the same figure is known from:

-  ``=0``: what the column's first formula says of columns to the left;
-  ``a``, ``b`` ...: the column of its own line, counted from the left;
-  ``@2``: the column of the same key in a sheet before, two lines on from the last such place;
-  ``+4,3``: the sum of three figures of its column, the first of them four lines below, as a
   quarter is the sum of its months;
-  ``^``: the sum of the same lines of the goals right below it in the tree;
-  ``~`` and a text: no figure, though it stands in a column of figures.

Each of these is written only where it gives exactly the figure of the cell.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs

from salesgoal.plugins.html.figures import (
    FIGURES,
    Figure,
    Sums,
    comes_to,
    figure_units,
    operands,
    ordinals,
    tree_sums,
)
from salesgoal.plugins.html.outline import visible
from salesgoal.plugins.html.printable import to_text
from salesgoal.sheets.sheet import Flag, Line, Role, Sheet, worded

__all__ = ["pack"]

_FLAGS = list(Flag)
_ROLES = list(Role)
_MOST_NAMED = 26
_AHEAD = 64


def pack(sheets: Sequence[Sheet], lang: str) -> str:
    """Returns all lines of some sheets, compressed, as printable text.

    Args:
        sheets: The longest first: the others may say their figures by its lines.
        lang: ``zh`` or ``en``.
    """
    texts: dict[str, int] = {}
    packers: list[_Packer] = []
    content = []
    for sheet in sheets:
        packer = _Packer(
            sheet=sheet, columns=visible(sheet), lang=lang, texts=texts, before=tuple(packers)
        )
        content.append(packer.content())
        packers.append(packer)
    whole = {"texts": list(texts), "sheets": content}
    written = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    squeezer = zlib.compressobj(level=9, strategy=zlib.Z_FILTERED)
    return to_text(squeezer.compress(written.encode()) + squeezer.flush())


@attrs.define(kw_only=True)
class _Packer:
    """One sheet; columns count from the left of the page."""

    sheet: Sheet
    columns: Sequence[int]
    lang: str
    texts: dict[str, int]
    before: tuple[_Packer, ...]
    figures: dict[int, list[Figure | None]] = attrs.field(factory=dict)
    goals: list[int] = attrs.field(factory=list)
    _places: Mapping[str, int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        keys = (self.sheet.columns[at].key for at in self.columns)
        self._places = {key: place for place, key in enumerate(keys)}

    def content(self) -> dict[str, Any]:
        lines = self.sheet.lines
        return {
            "depth": _joined(line.depth for line in lines),
            "role": "".join(str(_ROLES.index(line.role)) for line in lines),
            "decimals": _joined(
                "" if line.decimals is None else line.decimals for line in lines
            ),
            "columns": [self._column(place) for place in range(len(self.columns))],
        }

    def _column(self, place: int) -> dict[str, Any]:
        at = self.columns[place]
        lines, column = self.sheet.lines, self.sheet.columns[at]
        flags = "".join(str(_FLAGS.index(line.cells[at].flag)) for line in lines)
        content: dict[str, Any] = {"flags": flags} if flags.strip("0") else {}
        if column.kind not in FIGURES:
            texts = (self._text(line, at) for line in lines)
            places = (self.texts.setdefault(text, len(self.texts)) for text in texts)
            return content | {"at": _joined(places)}
        self.figures[place] = [figure_units(column, line, at) for line in lines]
        formulas: dict[str, int] = {}
        base = self._base(column.key)
        ahead = _Ahead(base[1]) if base else None
        sums = Sums(self.figures[place])
        below = self._below(place)
        marks = [
            self._text(lines[number], at, "~")
            if figure is None
            else str(figure[0])
            if not figure[0]
            else self._formula(number, place, figure, formulas)
            or self._same(number, place, figure)
            or ("^" if below[number] == figure else None)
            or (ahead.find(figure) if ahead else None)
            or sums.below(number, figure)
            or str(figure[0])
            for number, figure in enumerate(self.figures[place])
        ]
        return content | {
            "kind": str(column.kind),
            "decimals": column.decimals,
            "figures": "\n".join(marks),
            "formulas": [json.loads(said) for said in formulas],
            "base": base[0] if base else None,
        }

    def _text(self, line: Line, at: int, mark: str = "") -> str:
        value = worded(self.sheet, line, at, self.lang)
        text = f"{value:,f}" if isinstance(value, Decimal) else str(value or "")
        return mark + text.replace("\n", " ") if text else ""

    def _base(self, key: str) -> tuple[tuple[int, int], list[Figure | None]] | None:
        """The column of figures of the same key in an earlier sheet: where, and its figures."""
        for number, packer in enumerate(self.before):
            for place, figures in packer.figures.items():
                if packer.sheet.columns[packer.columns[place]].key == key:
                    return (number, place), figures
        return None

    def _below(self, place: int) -> list[Figure | None]:
        """What the goals right below each line add up to; blank in a sheet that is no tree."""
        lines = self.sheet.lines
        depths = [line.depth for line in lines]
        if not any(depths):
            return [None] * len(lines)
        if not self.goals:
            first = self.columns[0]
            is_named = self.sheet.columns[first].kind not in FIGURES
            names = [self._text(line, first) if is_named else "" for line in lines]
            self.goals = ordinals(depths, names)
        return tree_sums(self.figures[place], depths, self.goals)

    def _same(self, number: int, place: int, figure: Figure) -> str | None:
        for other in range(min(place, _MOST_NAMED)):
            if other in self.figures and self.figures[other][number] == figure:
                return chr(ord("a") + other)
        return None

    def _formula(
        self, number: int, place: int, figure: Figure, formulas: dict[str, int]
    ) -> str | None:
        formula = self.sheet.lines[number].cells[self.columns[place]].formula
        if formula is None:
            return None
        keys = operands(formula)
        wanted = [self._places.get(key, place) for key in keys]
        if not keys or not all(each in self.figures and each < place for each in wanted):
            return None
        if not comes_to(formula, [self.figures[each][number] for each in wanted], figure):
            return None
        said = json.dumps([type(formula).__name__, *wanted])
        return f"={formulas.setdefault(said, len(formulas))}"


@attrs.define
class _Ahead:
    """Walks along the figures of an earlier sheet, whose lines come in the same order."""

    figures: Sequence[Figure | None]
    _at: int = 0

    def find(self, figure: Figure) -> str | None:
        for step, each in enumerate(self.figures[self._at : self._at + _AHEAD]):
            if each == figure:
                self._at += step + 1
                return f"@{step}"
        return None


def _joined(values: Any) -> str:  # noqa: ANN401 - anything that has a text
    return ",".join(map(str, values))
