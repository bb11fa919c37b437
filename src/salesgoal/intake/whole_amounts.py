"""Amounts of a whole column at once: those that need no second look, nothing for the others.

What is not as plain as a number can be is left to the readers of single cells, which explain
it; both give the same units, or this one gives none.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from salesgoal.domain.number import AMOUNT_LIMIT
from salesgoal.intake.amount_column import AmountColumn
from salesgoal.intake.booking import ODD
from salesgoal.ports.importer import RawValue

if TYPE_CHECKING:
    import polars as pl

__all__ = ["find_units", "resolve"]

_MOST_ZEROS = 18
"""Powers of ten up to here are 64-bit integers."""
_EXACT_FLOATS = 10**15
"""Numbers of fewer digits come back from a float as they were written."""


def resolve(
    column: pl.Series, find: Callable[[RawValue], int], cell: Callable[[Any], RawValue]
) -> pl.Series:
    """Returns what each cell is resolved to, every distinct one once; null where it is odd.

    Args:
        column: Of any type that can be told apart.
        find: Raises one of `ODD` for a cell that only its row can explain.
        cell: The cell of a value of the engine.
    """
    import polars as pl

    distinct = column.unique(maintain_order=True)
    found: list[int | None] = []
    for raw in distinct.to_list():
        try:
            units = find(cell(raw))
        except ODD:
            found.append(None)
        else:
            found.append(units if -(2**63) <= units < 2**63 else None)
    codes = pl.Series(found, dtype=pl.Int64)
    return column.replace_strict(distinct, codes) if found else codes


def find_units(
    column: pl.Series, amount: AmountColumn, cell: Callable[[Any], RawValue]
) -> pl.Series:
    """Returns the units of each cell of a metric that is no count; null where it is odd."""
    zeros = _zeros(amount)
    if zeros is not None and not amount.metric.is_percent and not amount.round_excess:
        limit = AMOUNT_LIMIT * 10**amount.metric.decimals
        units = _plain_units(column, zeros)
        if units is not None:
            return units.set(units.abs() >= limit, None) if limit < 2**63 else units

    def find(raw: RawValue) -> int:
        units = amount.units(raw)
        if not isinstance(units, int):
            message = "a blank cell"
            raise TypeError(message)
        return units

    return resolve(column, find, cell)


def _zeros(amount: AmountColumn) -> int | None:
    """How many zeros the number of units in one unit of the column has; None for no power."""
    scale = amount.factor * 10**amount.metric.decimals
    zeros = len(str(scale.numerator)) - 1
    return zeros if scale == Fraction(10**zeros) and zeros <= _MOST_ZEROS else None


def _plain_units(column: pl.Series, zeros: int) -> pl.Series | None:
    """The units of a column of texts or numbers; None for other types."""
    import polars as pl

    kind = column.dtype
    if kind == pl.String:
        return _units_of_texts(column, zeros)
    if kind.is_integer():
        most = (2**63 - 1) // 10**zeros
        whole = column.cast(pl.Int64, strict=False)
        units: pl.Series = whole.set(whole.abs() > most, None) * 10**zeros
        return units
    if isinstance(kind, pl.Decimal):
        return _units_of_decimals(column, zeros)
    return _units_of_floats(column, zeros) if kind == pl.Float64 else None


def _units_of_texts(column: pl.Series, zeros: int) -> pl.Series:
    import polars as pl

    decimals = rf"(?:\.[0-9]{{1,{zeros}}})?" if zeros else ""
    plain = column.str.contains(rf"^-?[0-9]{{1,{_MOST_ZEROS - zeros or 1}}}{decimals}$")
    exact = column.set(~plain, None).cast(pl.Decimal(38, zeros), strict=False)
    return exact.to_physical().cast(pl.Int64, strict=False)


def _units_of_decimals(column: pl.Series, zeros: int) -> pl.Series:
    import polars as pl

    exact = column.cast(pl.Decimal(38, zeros), strict=False)
    same = (exact == column).fill_null(value=False)
    return exact.set(~same, None).to_physical().cast(pl.Int64, strict=False)


def _units_of_floats(column: pl.Series, zeros: int) -> pl.Series:
    """The units whose amount has few enough digits to stand in a float as it was written."""
    import numpy as np
    import polars as pl

    amounts = column.fill_null(float("nan")).to_numpy()
    with np.errstate(invalid="ignore", over="ignore"):
        units = np.round(amounts * 10.0**zeros)
        same = (units / 10.0**zeros == amounts) & (np.abs(units) < _EXACT_FLOATS)
    found = np.where(same, units, 0).astype(np.int64)
    return pl.Series(found).set(pl.Series(~same), None)
