"""Cells that the reader of a file could not read are refused where their column is read."""

from __future__ import annotations

from decimal import Decimal

from salesgoal.intake.cell_text import CellRefused, is_writable
from salesgoal.ports.importer import RawValue, Unreadable

__all__ = ["readable", "whole"]


def readable(raw: RawValue) -> RawValue:
    """Returns the cell as it is.

    Raises:
        CellRefused: Its reader could not read it; with the code that the reader gave.

    >>> readable("华东")
    '华东'
    """
    if isinstance(raw, Unreadable):
        raise CellRefused(raw.code, **raw.facts)
    return raw


def whole(raw: RawValue) -> RawValue:
    """Returns a whole number as an `int`, so that 42 and 42.0 are one name; others as they are.

    A number of more than 300 digits is nobody's name and stays as it is, as NaN does.

    >>> whole(Decimal("42.0")), whole(Decimal("1.5")), whole(Decimal("NaN")), whole("42.0")
    (42, Decimal('1.5'), Decimal('NaN'), '42.0')
    """
    if isinstance(raw, Decimal) and is_writable(raw):
        return int(raw) if raw == int(raw) else raw
    return raw
