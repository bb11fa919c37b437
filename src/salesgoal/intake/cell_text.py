"""Cells as text: what every reader of cells evens out first, and how it refuses."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from salesgoal.domain.dimension import INVISIBLE
from salesgoal.errors import SalesgoalError

__all__ = [
    "CellRefused",
    "cell_text",
    "even_out",
    "is_blank",
    "is_filled",
    "is_writable",
    "plain_text",
]

# Full-width signs only: NFKC would also turn the footnote of 1200² into a digit.
_NARROW: dict[int, int | str | None] = {
    **{sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    0xFFE5: "¥",
    0x2212: "-",
    **dict.fromkeys(map(ord, INVISIBLE)),
}

_MOST_DIGITS = 300


class CellRefused(SalesgoalError):
    """A cell that cannot be read: the code of its problem and the facts for the texts."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


def even_out(text: str) -> str:
    """Returns a text with half-width signs, without invisible characters and outer spaces.

    >>> even_out("　１２％")
    '12%'
    """
    return text.translate(_NARROW).strip()


def plain_text(cell: object) -> str:
    """Returns a cell as text, without outer spaces; "" where it is blank."""
    return "" if cell is None else str(cell).strip()


def cell_text(cell: object) -> str | None:
    """Returns a cell as text; None where it is blank.

    >>> cell_text(" 华东 "), cell_text(" "), cell_text(0)
    ('华东', None, '0')
    """
    return plain_text(cell) or None


def is_filled(cell: object) -> bool:
    """Returns whether a cell holds more than spaces.

    >>> is_filled("华东"), is_filled(0), is_filled(" "), is_filled(None)
    (True, True, False, False)
    """
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def is_blank(cells: Iterable[object]) -> bool:
    """Returns whether no cell of a row is filled.

    >>> is_blank(("", None, " "))
    True
    """
    return not any(map(is_filled, cells))


def is_writable(number: Decimal) -> bool:
    """Returns whether a number can be written digit by digit: in 300 of them, and not as NaN.

    >>> is_writable(Decimal("0.10")), is_writable(Decimal("1E+999999"))
    (True, False)
    """
    return number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS
