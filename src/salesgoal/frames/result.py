"""Results of queries, as small as they are, in arrays and Python's own values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from salesgoal.frames.amount import Array

__all__ = ["Result", "collect", "exact", "integers", "numbers", "one_row", "to_day", "to_list"]

Result = Mapping[str, "nw.Series[Any] | Sequence[Any]"]
"""Column -> its values, as the engine gives them."""


def collect(frame: nw.LazyFrame[Any]) -> Result:
    """The columns of a result; as Python lists where the engine has no arrays of its own."""
    names = frame.collect_schema().names()
    try:
        if frame.implementation.is_polars():
            found = frame.collect(engine="streaming")
        else:
            found = frame.collect()
    except ModuleNotFoundError:
        native: Any = frame.to_native()
        if hasattr(native, "__arrow_c_stream__") and find_spec("polars"):
            return _by_arrow(native)
        rows = native.fetchall() if hasattr(native, "fetchall") else native.collect()
        columns = list(zip(*map(tuple, rows), strict=True)) or [()] * len(names)
        return dict(zip(names, map(list, columns), strict=True))
    return {name: found[name] for name in names}


def _by_arrow(native: Any) -> Result:  # noqa: ANN401 - a relation of DuckDB, say
    """The columns through the stream of Arrow, which needs no pyarrow."""
    import polars as pl

    found = nw.from_native(pl.DataFrame(native), eager_only=True)
    return {name: found[name] for name in found.columns}


def to_list(column: nw.Series[Any] | Sequence[Any]) -> Sequence[Any]:
    """Returns the values of a column as Python's own."""
    return column.to_list() if isinstance(column, nw.Series) else column


def one_row(frame: nw.LazyFrame[Any]) -> dict[str, Any]:
    """Returns the only row of a result; None where a value is blank."""
    return {name: _known(to_list(each)[0]) for name, each in collect(frame).items()}


def to_day(value: Any) -> date:  # noqa: ANN401 - a day or moment of any kind
    """Returns the day of a day or moment."""
    return value.date() if isinstance(value, datetime) else value


def exact(value: Any) -> Fraction:  # noqa: ANN401 - a number of any kind
    """Returns a whole number or a decimal of any package as Python's own."""
    return Fraction(value if isinstance(value, Decimal) else int(value))


def integers(column: nw.Series[Any] | Sequence[Any]) -> Array:
    """Returns a column of whole numbers that fit 64 bits."""
    if isinstance(column, nw.Series):
        return column.cast(nw.Int64).to_numpy().astype(np.int64, copy=False)
    return np.array(column, np.int64)


def numbers(column: nw.Series[Any] | Sequence[Any]) -> tuple[Array, int]:
    """Returns sums as whole numbers, and how many of their digits are decimals."""
    if isinstance(column, nw.Series) and column.dtype == nw.Int64:
        return column.fill_null(0).to_numpy().astype(np.int64, copy=False), 0
    whole = _as_integers(column)
    if whole is not None:
        return whole, 0
    known = map(_known, to_list(column))
    sums = [Fraction(0) if each is None else exact(each) for each in known]
    digits = 0
    while any((each * 10**digits).denominator > 1 for each in sums):
        digits += 1
    return np.array([int(each * 10**digits) for each in sums], dtype=object), digits


def _as_integers(column: nw.Series[Any] | Sequence[Any]) -> Array | None:
    """Wide whole numbers of Polars that all fit 64 bits, blank ones as 0; None for others."""
    if not (isinstance(column, nw.Series) and column.implementation.is_polars()):
        return None
    import polars as pl

    native = column.to_native()
    if not isinstance(native.dtype, pl.Decimal) or native.dtype.scale:
        return None
    found = native.cast(pl.Int64, strict=False)
    if found.null_count() > native.null_count():
        return None
    whole: Array = found.fill_null(0).to_numpy().astype(np.int64, copy=False)
    return whole


def _known(value: Any) -> Any:  # noqa: ANN401 - one value of any kind
    blank = type(value).__name__ in {"NAType", "NaTType"} or value != value  # noqa: PLR0124
    return None if blank else value
