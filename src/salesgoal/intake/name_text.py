"""Names and keys in cells: what they may not hold, before anyone looks them up."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from salesgoal.domain.dimension import fold_name
from salesgoal.intake.cell_text import CellRefused, is_writable
from salesgoal.ports.importer import RawValue

__all__ = ["MOST_CHARACTERS", "read_name", "refuse_damaged"]

MOST_CHARACTERS = 200
_KEPT_DIGITS = 15
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")
_ERRORS = frozenset(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"))
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def read_name(raw: str) -> str | None:
    """Returns a name as it is looked up; None where nothing of it can be seen.

    Raises:
        CellRefused: ``control-char`` (a line break too), ``bidi-control``, which shows one name
            and means another, or ``name-too-long``.

    >>> read_name(" 甲乙（上海）有限公司　"), read_name("\u200b")
    ('甲乙(上海)有限公司', None)
    """
    text = raw.strip()
    if _BIDI & set(text):
        raise CellRefused("bidi-control")
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        raise CellRefused("control-char")
    if len(text) > MOST_CHARACTERS:
        raise CellRefused("name-too-long", most=MOST_CHARACTERS, found=len(text))
    return fold_name(text) or None


def refuse_damaged(raw: RawValue) -> None:
    """Refuses a key that a spreadsheet program has spoilt: its last digits, or all of it.

    A program shows a long number as 1.23457E+17 and keeps 15 digits of it, so two orders become
    one. Codes such as 1E5 are not shown so, and stay.

    Raises:
        CellRefused: ``exponent``, ``excel-error`` or ``excel-overflow``.

    >>> refuse_damaged("00123"), refuse_damaged("1E5"), refuse_damaged(1001)
    (None, None, None)
    """
    if isinstance(raw, Decimal) and is_writable(raw) and raw.adjusted() >= _KEPT_DIGITS:
        exponent = raw.as_tuple().exponent
        if isinstance(exponent, int) and exponent > 0:
            raise CellRefused("exponent")
    if not isinstance(raw, str):
        return
    text = raw.strip()
    if _SCIENTIFIC.fullmatch(text):
        raise CellRefused("exponent")
    if text.upper() in _ERRORS:
        raise CellRefused("excel-error")
    if text and not text.strip("#"):
        raise CellRefused("excel-overflow")
