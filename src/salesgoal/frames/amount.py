"""Amounts of a column of a frame in memory, as exact units.

Integers and decimals are exact by themselves. A binary float is taken where it is the one that
is nearest to a whole number of units: within 1e-9 of it, or within the last binary digit.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import narwhals.stable.v2 as nw
import numpy as np
import numpy.typing as npt

from salesgoal.domain.number import AMOUNT_LIMIT
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.frames.column_map import AmountColumn

__all__ = [
    "DUST",
    "EXACT_FLOAT",
    "INT64",
    "LAST_DIGIT",
    "Amounts",
    "Array",
    "largest",
    "read_amounts",
    "read_numbers",
    "refuse_type",
    "scale_up",
]

Array = npt.NDArray[Any]

INT64 = 2**63
DUST = 1e-9
LAST_DIGIT = 2.0**-52
EXACT_FLOAT = float(2**53)
_TWO_WORDS = 128
_BLANK = {"NAType", "NaTType", "NoneType"}


@attrs.frozen(kw_only=True)
class Amounts:
    """The amounts of one column.

    Attributes:
        units: In smallest units, 64-bit integers or Python's; 0 where there is none.
        absent: Where the column is blank; None where it never is.
        faults: Code of a problem -> where it is.
    """

    units: Array
    absent: Array | None = None
    faults: dict[str, Array] = attrs.field(factory=dict)

    @property
    def given(self) -> Array | None:
        """Where there is an amount that counts; None where everywhere."""
        if self.absent is None and not self.faults:
            return None
        found = np.ones(len(self.units), bool)
        for each in (self.absent, *self.faults.values()):
            if each is not None:
                found &= ~each
        return found


def read_amounts(series: nw.Series[Any], column: AmountColumn, source: str) -> Amounts:
    """Returns the amounts of a column.

    Raises:
        SourceRefused: It is of a type that holds no numbers.
    """
    dtype, times = series.dtype, column.times
    if series.null_count() == len(series):
        nothing = np.zeros(len(series), np.int64)
        return Amounts(units=nothing, absent=np.ones(len(series), bool))
    if dtype.is_integer():
        values, absent = _integers(series)
        return _whole(values, absent, times, column)
    if dtype.is_float():
        return _from_floats(_floats(series), times, column)
    if isinstance(dtype, nw.Decimal):
        return _from_decimals(series, dtype.scale, times, column)
    if dtype == nw.Object:
        return _from_objects(series.to_list(), column, source)
    raise refuse_type(source, column.name, dtype, "numbers", "数值")


def read_numbers(column: Any, name: str, source: str) -> Array:  # noqa: ANN401 - as it comes
    """Returns whole numbers that are no amounts; -1 where there is none.

    Raises:
        SourceRefused: The column holds something else.
    """
    if not isinstance(column, nw.Series):
        return np.array([-1 if each is None else each for each in column], np.int64)
    if column.dtype.is_float():
        found = np.nan_to_num(_floats(column), nan=-1.0, posinf=-1.0, neginf=-1.0)
        return np.where(found == np.rint(found), found, -1.0).astype(np.int64)
    if column.dtype == nw.Object and all(isinstance(each, int) for each in column.to_list()):
        return column.to_numpy().astype(np.int64)
    if not column.dtype.is_integer():
        raise refuse_type(source, name, column.dtype, "numbers of goals", "目标编号")
    values, absent = _integers(column)
    return values if absent is None else np.where(absent, -1, values)


def refuse_type(
    source: str, column: str, found: object, needed: str, needed_zh: str
) -> SourceRefused:
    """Returns the refusal of a column whose type does not do."""
    facts = {"found": str(found), "needed": needed, "needed_zh": needed_zh}
    return SourceRefused([problem("column-type", Place(source), column=column, **facts)])


def largest(values: Array) -> int:
    """Returns the largest absolute value; 0 of nothing."""
    return max(abs(int(values.max())), abs(int(values.min()))) if len(values) else 0


def scale_up(values: Array, times: Fraction) -> Array:
    """Returns values times a fraction that leaves no rest, in 64 bits where they fit."""
    if times == 1:
        return values
    whole = values // times.denominator if times.denominator > 1 else values
    if largest(whole) * times.numerator >= INT64:
        whole = whole.astype(object)
    return whole * times.numerator


def _limit(column: AmountColumn) -> int:
    return int(AMOUNT_LIMIT * 10**column.metric.decimals)


def _integers(series: nw.Series[Any]) -> tuple[Array, Array | None]:
    absent = None
    if series.null_count():
        absent = series.is_null().to_numpy()
        series = series.fill_null(0)
    if series.dtype in {nw.Int128, nw.UInt128}:
        return np.array(series.to_list(), dtype=object), absent
    values = series.to_numpy()
    wide = values.dtype.kind == "u" and len(values) and int(values.max()) >= INT64
    return values.astype(object if wide else np.int64, copy=False), absent


def _floats(series: nw.Series[Any]) -> Array:
    if series.null_count():
        series = series.cast(nw.Float64).fill_null(float("nan"))
    return series.to_numpy().astype(np.float64, copy=False)


def _whole(
    values: Array, absent: Array | None, times: Fraction, column: AmountColumn
) -> Amounts:
    """Whole numbers of ``1 / times`` units."""
    faults: dict[str, Array] = {}
    most = (_limit(column) * times.denominator - 1) // times.numerator
    if largest(values) > most:
        faults["rows-out-of-range"] = (values > most) | (values < -most)
    if times.denominator > 1:
        broken = (values % times.denominator != 0).astype(bool)
        for each in faults.values():
            broken &= ~each
        if broken.any():
            faults["rows-excess-decimals"] = broken
    for each in faults.values():
        values = np.where(each, 0, values)
    return Amounts(units=scale_up(values, times), absent=absent, faults=faults)


def _from_floats(values: Array, times: Fraction, column: AmountColumn) -> Amounts:
    absent = np.isnan(values)
    with np.errstate(over="ignore", invalid="ignore"):
        units = values * float(times.numerator) / float(times.denominator)
        whole = np.rint(units)
        size = np.abs(units)
        far = size >= min(float(_limit(column)), EXACT_FLOAT)
        off = np.abs(units - whole) > np.maximum(DUST, size * LAST_DIGIT)
    broken = off & ~far & ~absent
    found = {"rows-out-of-range": far, "rows-excess-decimals": broken}
    faults = {code: each for code, each in found.items() if each.any()}
    left_out = far | broken | absent
    return Amounts(
        units=np.where(left_out, 0.0, whole).astype(np.int64),
        absent=absent if absent.any() else None,
        faults=faults,
    )


def _from_decimals(
    series: nw.Series[Any], scale: int, times: Fraction, column: AmountColumn
) -> Amounts:
    absent = series.is_null().to_numpy() if series.null_count() else None
    native = series.to_native()
    if series.implementation.is_polars():
        import polars as pl

        found = native.to_physical().fill_null(0)
        fits = _fits(found.max(), found.min())
        values = found.cast(pl.Int64).to_numpy() if fits else _listed(found)
    else:
        values = _from_arrow(series.to_arrow(), scale)
    if absent is not None:
        values = np.where(absent, 0, values)
    return _whole(values.astype(_kind(values), copy=False), absent, times / 10**scale, column)


def _kind(values: Array) -> Any:  # noqa: ANN401 - a dtype
    return object if values.dtype == object and largest(values) >= INT64 else np.int64


def _fits(*values: int | None) -> bool:
    return all(value is None or -INT64 <= value < INT64 for value in values)


def _listed(found: Any) -> Array:  # noqa: ANN401 - a native column
    return np.array(found.to_list(), dtype=object)


def _from_arrow(column: Any, scale: int) -> Array:  # noqa: ANN401 - a native column
    """The whole numbers under Arrow's decimals: two words each, the low one first."""
    if hasattr(column, "combine_chunks"):
        column = column.combine_chunks()
    if column.type.bit_width == _TWO_WORDS:
        buffer = column.buffers()[1]
        words = np.frombuffer(buffer, dtype="<i8", count=2 * (len(column) + column.offset))
        low, high = words.reshape(-1, 2)[column.offset :].T
        small = (low >> 63) == high
        if column.null_count:
            # What stands under a null is anything; it is set to 0 by the caller.
            small |= ~np.asarray(column.is_valid())
        if small.all():
            found: Array = low
            return found
    known = (0 if each is None else each for each in column.to_pylist())
    return np.array([int(Fraction(each) * 10**scale) for each in known], dtype=object)


def _from_objects(listed: list[Any], column: AmountColumn, source: str) -> Amounts:
    """Python's own numbers, one by one."""
    limit, times = _limit(column), column.times
    units: list[int] = []
    absent = np.zeros(len(listed), bool)
    far, broken = np.zeros(len(listed), bool), np.zeros(len(listed), bool)
    for at, value in enumerate(listed):
        found = 0
        if type(value).__name__ in _BLANK or (isinstance(value, Decimal) and value.is_nan()):
            absent[at] = True
        elif isinstance(value, float | np.floating):
            one = _from_floats(np.array([value], np.float64), times, column)
            found = int(one.units[0])
            absent[at] = one.absent is not None
            far[at] = "rows-out-of-range" in one.faults
            broken[at] = "rows-excess-decimals" in one.faults
        elif isinstance(value, bool) or not isinstance(value, int | np.integer | Decimal):
            raise refuse_type(source, column.name, type(value).__name__, "numbers", "数值")
        elif isinstance(value, Decimal) and not value.is_finite():
            far[at] = True
        else:
            exact = Fraction(value if isinstance(value, Decimal) else int(value)) * times
            far[at] = abs(exact) >= limit
            broken[at] = not far[at] and exact.denominator > 1
            found = 0 if far[at] or broken[at] else int(exact)
        units.append(found)
    masks = {"rows-out-of-range": far, "rows-excess-decimals": broken}
    made = np.array(units, dtype=object)
    return Amounts(
        units=made.astype(_kind(made)) if units else made.astype(np.int64),
        absent=absent if absent.any() else None,
        faults={code: each for code, each in masks.items() if each.any()},
    )
