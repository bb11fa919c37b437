"""Days that a workbook counts from 1904, as the first spreadsheets of one maker did."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from salesgoal.intake.cell_text import is_writable
from salesgoal.intake.date_text import SERIALS
from salesgoal.ports.importer import Page, RawValue

__all__ = ["count_from_1900"]

_LATER = 1_462
"""So many days after 30 December 1899 such a workbook begins to count."""


def count_from_1900(pages: Iterator[Page], columns: Collection[int]) -> Iterator[Page]:
    """Yields the pages with the serial numbers of days in some columns counted from 1900.

    Digits of a day, 20231006, and texts stay as they are.

    Args:
        pages: Of a workbook that counts from 1904.
        columns: Positions of the columns of days.

    >>> [[cells for cells in page.values] for page in count_from_1900(iter([]), {0})]
    []
    """
    for page in pages:
        yield page.with_values(
            [
                tuple(_moved(cell) if at in columns else cell for at, cell in enumerate(cells))
                for cells in page.values
            ]
        )


def _moved(cell: RawValue) -> RawValue:
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        return cell
    if isinstance(cell, Decimal) and not is_writable(cell):
        return cell
    return cell + _LATER if int(cell) + _LATER in SERIALS else cell
