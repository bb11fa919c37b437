"""Formulas of forms: what a cell means in terms of cells that people fill in.

All of them are sparse: absent where what they stand on is absent.
"""

from __future__ import annotations

import attrs

__all__ = ["Extreme", "Latest", "Quotient", "Summand", "TotalLike"]


@attrs.frozen
class Latest:
    """The last filled one of other columns of the same line, as balances are read."""

    columns: tuple[str, ...]
    is_sparse: bool = True


@attrs.frozen
class Extreme:
    """The largest, or smallest, of other columns of the same line."""

    columns: tuple[str, ...]
    is_largest: bool
    is_sparse: bool = True


@attrs.frozen
class TotalLike:
    """The sum of the same column over the lines above the totals that agree in a column."""

    column: str
    is_sparse: bool = True


@attrs.frozen(kw_only=True)
class Summand:
    """Cells of a sheet of the same book: a column, in the lines of a goal.

    Attributes:
        sheet: The id of the sheet.
        column: The column that is added up.
        key: The column that must say what the ``key`` column of the formula's line says.
        like: A further column and what it must say; None where there is none.
    """

    sheet: str
    column: str
    key: str
    like: tuple[str, str] | None = None


@attrs.frozen(kw_only=True)
class Quotient:
    """One amount over another, both looked up in other sheets by the key of the line.

    Attributes:
        over: The amount above the line.
        under: The amount below it.
        key: The column of the line that says whose amounts are meant.
        times: 100 where the quotient is written in percent.
        decimals: How many it is rounded to, half up.
        target: The column of the same line that the quotient is divided by in turn, for a rate
            in percent; None for the quotient itself.
    """

    over: Summand
    under: Summand
    key: str
    times: int
    decimals: int
    target: str | None = None
    is_sparse: bool = True
