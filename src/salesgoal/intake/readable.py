"""Cells that the reader of a file could not read are refused where their column is read."""

from __future__ import annotations

from salesgoal.intake.parse import CellRefused
from salesgoal.ports.importer import RawValue, Unreadable

__all__ = ["readable"]


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
