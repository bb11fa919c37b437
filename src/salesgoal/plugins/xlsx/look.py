"""How workbooks look: inks, number formats, and one format for each look that is asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import attrs
import xlsxwriter

from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import RATE_DECIMALS, Flag, Kind, Role

__all__ = ["INK", "ROLE_INK", "Looks", "number_format", "plain", "text_width"]

INK: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#666666"},
    "header": {
        "bold": True,
        "bg_color": "#DCE6F1",
        "border": 1,
        "border_color": "#B7C3D0",
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "unmet": {"bg_color": "#FDE9E7", "font_color": "#B3261E", "num_format": '"▼ "#,##0.00'},
    "met": {"font_color": "#1E6B34", "num_format": '"✓ "#,##0.00'},
    "problem": {"font_color": "#8A5A00"},
}
ROLE_INK: Mapping[Role, Mapping[str, Any]] = {
    Role.BODY: {},
    Role.REST: {"italic": True, "font_color": "#8A5A00"},
    Role.TOTAL: {"bold": True, "top": 1, "bg_color": "#F3F6FA"},
}
_SCALED = {Scale.WAN: '0\\.0000"万"', Scale.YI: '0\\.00,,"亿"'}
"""The cell keeps its exact value; a literal point before the last digits moves the point."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@attrs.define
class Looks:
    """The formats of one workbook; each look is one format."""

    workbook: xlsxwriter.Workbook
    _formats: dict[tuple[tuple[str, Any], ...], Any] = attrs.field(factory=dict)

    def of(self, look: Mapping[str, Any]) -> Any:  # noqa: ANN401 - XlsxWriter has no types
        """Returns the format of a look."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(dict(look))
        return self._formats[key]

    def ink(self, name: Flag | str) -> Any:  # noqa: ANN401
        """Returns the format of one of the inks."""
        return self.of(INK[str(name)])


def number_format(kind: Kind, decimals: int, scale: Scale | None) -> str | None:
    """Returns how the figures of a kind are shown; None for what is no figure.

    ``scale`` is that of an amount of money; None for other amounts.

    >>> number_format(Kind.AMOUNT, 2, None)
    '#,##0.00'
    """
    if kind is Kind.RATE:
        decimals = max(decimals, RATE_DECIMALS)
    match kind:
        case Kind.AMOUNT | Kind.RATE:
            places = f".{'0' * decimals}" if decimals else ""
            return _SCALED.get(scale or Scale.YUAN, f"#,##0{places}")
        case Kind.PERCENT:
            return "#,##0.00"
        case Kind.DATE:
            return "yyyy-mm-dd"
    return None


def plain(text: str) -> str:
    """Returns a text without the signs that a workbook's markup cannot hold."""
    return _CONTROLS.sub("", text)


@lru_cache(maxsize=4096)
def text_width(text: str) -> int:
    """Returns how many columns a text takes; Chinese characters take two.

    >>> text_width("达成率(%)")
    9
    """
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
