"""What a query says of a frame's columns, in the words that every engine understands.

Only comparisons, sums and the like are used; what was found wrong on some engine is listed in
`tests/frames/test_banned.py`. A day is compared as a moment, in a balanced tree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from salesgoal.domain.dimension import INVISIBLE
from salesgoal.domain.number import AMOUNT_LIMIT
from salesgoal.frames.amount import DUST, EXACT_FLOAT, INT64, LAST_DIGIT, refuse_type
from salesgoal.frames.column_map import AmountColumn
from salesgoal.frames.day_slots import holds_days

__all__ = [
    "BLANKS",
    "AmountTerm",
    "any_of",
    "day_of",
    "key_absent",
    "make_term",
    "slot_of",
    "whole_days",
]

BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
) + INVISIBLE
"""Characters of which `fold_name` leaves nothing; each engine strips others by itself."""


@attrs.frozen(kw_only=True)
class AmountTerm:
    """A column of amounts in a query.

    Attributes:
        column: What it holds.
        value: The amount, in whole numbers or decimals; 0 or null where it is blank.
        times: How many units one of these is.
        absent: Where it is blank.
        faults: Code of a problem -> where an amount has it.
        whole: Whether ``value`` is a 64-bit integer, whose sum an engine may wrap.
        steps: Columns that the frame needs first, one after the other.
    """

    column: AmountColumn
    value: nw.Expr
    times: Fraction
    absent: nw.Expr
    faults: Mapping[str, nw.Expr]
    whole: bool
    steps: tuple[nw.Expr, ...] = ()

    @property
    def most(self) -> int:
        """The largest ``value`` there can be; others are faults."""
        limit = AMOUNT_LIMIT * 10**self.column.metric.decimals
        return int((limit * self.times.denominator - 1) // self.times.numerator)


def any_of(terms: Sequence[nw.Expr]) -> nw.Expr:
    """Returns where any of several conditions holds."""
    return reduce(or_, terms)


def make_term(
    column: AmountColumn,
    dtype: Any,  # noqa: ANN401 - a narwhals type
    source: str,
    *,
    has_decimals: bool,
) -> AmountTerm:
    """Returns a column of amounts.

    Args:
        column: What it holds.
        dtype: Its type.
        source: What the frame is called.
        has_decimals: Whether the engine calculates with decimals; Dask does not, so that they
            are read as floats there, which hold 15 digits.

    Raises:
        SourceRefused: It is of a type that holds no numbers.
    """
    raw = nw.col(column.name)
    decimal = isinstance(dtype, nw.Decimal)
    if dtype.is_float() or (decimal and not has_decimals):
        return _of_floats(raw if dtype == nw.Float64 else raw.cast(nw.Float64), column)
    if decimal:
        return _of_decimals(raw, dtype, column)
    if not dtype.is_integer():
        raise refuse_type(source, column.name, dtype, "numbers", "数值")
    return _of_integers(raw, column, narrow=dtype != nw.Int64)


def _of_integers(raw: nw.Expr, column: AmountColumn, *, narrow: bool) -> AmountTerm:
    absent, times = raw.is_null(), column.times
    term = AmountTerm(
        column=column, value=raw, times=times, absent=absent, faults={}, whole=True
    )
    faults = {}
    far = (raw > term.most) | (raw < -term.most) if term.most < INT64 else None
    if far is not None:
        faults["rows-out-of-range"] = ~absent & far
    value = raw
    if narrow:
        # Sums of narrow integers stay narrow on some engines; a blank cannot be cast on others.
        left_out = absent if far is None else absent | far
        value = nw.when(left_out).then(nw.lit(0)).otherwise(raw).cast(nw.Int64)
    if times.denominator > 1:
        whole = value // times.denominator * times.denominator
        faults["rows-excess-decimals"] = ~absent & (value != whole)
    return attrs.evolve(term, value=value, faults=faults)


def _of_decimals(raw: nw.Expr, dtype: nw.Decimal, column: AmountColumn) -> AmountTerm:
    absent, unit = raw.is_null(), 1 / column.times
    most = -int(-(AMOUNT_LIMIT * 10**column.metric.decimals * unit) // 1)
    faults, left_out = {}, absent
    if most < 10 ** (dtype.precision - dtype.scale):
        # Engines refuse to compare a decimal with a number that its type cannot hold.
        faults["rows-out-of-range"] = ~absent & (raw.abs() >= most)
        left_out = absent | faults["rows-out-of-range"]
    if (column.times / 10**dtype.scale).denominator > 1:
        faults["rows-excess-decimals"] = ~left_out & _broken(raw, unit, left_out)
    return AmountTerm(
        column=column, value=raw, times=column.times, absent=absent, faults=faults, whole=False
    )


def _broken(raw: nw.Expr, unit: Fraction, left_out: nw.Expr) -> nw.Expr:
    """Where a decimal is no multiple of a unit, which is a power of ten."""
    if unit.denominator == 1:
        known = nw.when(left_out).then(nw.lit(0)).otherwise(raw.round(0))
        rest = known.cast(nw.Int64) % unit.numerator
        return (raw != raw.round(0)) | (rest != 0)
    return raw != raw.round(len(str(unit.denominator)) - 1)


def _of_floats(wide: nw.Expr, column: AmountColumn) -> AmountTerm:
    """Each step is a column of its own: engines without common terms repeat long ones."""
    times, name = column.times, f"sg_{column.metric.id}"
    limit = min(float(AMOUNT_LIMIT * 10**column.metric.decimals), EXACT_FLOAT)
    absent = wide.is_null() | wide.is_nan()
    known = nw.when(absent).then(nw.lit(0.0)).otherwise(wide)
    scaled, near, whole = (nw.col(f"{name}_{step}") for step in ("scaled", "near", "whole"))
    far = scaled.abs() >= limit
    rest = (near - whole).abs()
    return AmountTerm(
        column=column,
        value=whole.cast(nw.Int64),
        times=Fraction(1),
        absent=absent,
        faults={
            "rows-out-of-range": far,
            "rows-excess-decimals": (rest > DUST) & (rest > near.abs() * LAST_DIGIT),
        },
        whole=True,
        steps=(
            (known * float(times.numerator) / float(times.denominator)).alias(f"{name}_scaled"),
            nw.when(far).then(nw.lit(0.0)).otherwise(scaled).alias(f"{name}_near"),
            near.round(0).alias(f"{name}_whole"),
        ),
    )


def key_absent(column: str, dtype: Any) -> nw.Expr:  # noqa: ANN401 - a narwhals type
    """Returns where a column of keys is blank, as `spell` has it."""
    raw = nw.col(column)
    if isinstance(dtype, nw.Categorical | nw.Enum):
        raw = raw.cast(nw.String)
    elif dtype.is_float():
        return raw.is_null() | raw.is_nan()
    elif dtype != nw.String:
        return raw.is_null()
    return raw.is_null() | ~raw.str.contains(f"[^{BLANKS}]")


def slot_of(column: str, days: Sequence[date], slots: Sequence[int]) -> nw.Expr:
    """Returns the slot of each row's day, by a balanced tree of comparisons.

    Args:
        column: The day; nowhere blank.
        days: On which the slot changes.
        slots: Before, between and after them.
    """
    moment = nw.col(column).cast(nw.Datetime("us"))

    def tree(first: int, stop: int) -> nw.Expr:
        if first == stop:
            return nw.lit(slots[first])
        middle = (first + stop) // 2
        cut = nw.lit(datetime.combine(days[middle], time()))
        before, after = tree(first, middle), tree(middle + 1, stop)
        return nw.when(moment < cut).then(before).otherwise(after)

    return tree(0, len(days))


def day_of(column: str, dtype: Any) -> nw.Expr:  # noqa: ANN401 - a narwhals type
    """Returns the day itself, to be grouped by."""
    raw = nw.col(column)
    return raw if dtype == nw.Date else raw.cast(nw.Date)


def whole_days(
    column: str,
    dtype: Any,  # noqa: ANN401 - a narwhals type
    refuse: Callable[[object], Exception],
) -> None:
    """Checks that a column holds business days.

    Raises:
        SourceRefused: It does not, or it holds moments in a time zone.
    """
    if not holds_days(dtype):
        raise refuse(dtype)
    assert column
