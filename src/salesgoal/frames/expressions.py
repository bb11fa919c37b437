"""What a query says of a frame's columns, in the words that every engine understands.

Only comparisons, sums and the like are used; what was found wrong on some engine is listed in
`tests/frames/test_banned.py`. A day is compared as a moment, in a balanced tree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from salesgoal.domain.number import AMOUNT_LIMIT
from salesgoal.frames.amount import DUST, EXACT_FLOAT, INT64, LAST_DIGIT, refuse_type
from salesgoal.frames.column_map import AmountColumn

__all__ = ["AmountTerm", "any_of", "day_of", "key_absent", "make_term", "slot_of", "whole_days"]


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
    """

    column: AmountColumn
    value: nw.Expr
    times: Fraction
    absent: nw.Expr
    faults: Mapping[str, nw.Expr]
    whole: bool

    @property
    def most(self) -> int:
        """The largest ``value`` there can be; others are faults."""
        limit = AMOUNT_LIMIT * 10**self.column.metric.decimals
        return int((limit * self.times.denominator - 1) // self.times.numerator)


def any_of(terms: Sequence[nw.Expr]) -> nw.Expr:
    """Returns where any of several conditions holds."""
    return reduce(or_, terms)


def make_term(column: AmountColumn, dtype: Any, source: str, *, has_mod: bool) -> AmountTerm:  # noqa: ANN401
    """Returns a column of amounts.

    Args:
        column: What it holds.
        dtype: Its type.
        source: What the frame is called.
        has_mod: Whether the engine has the rest of a division of decimals.

    Raises:
        SourceRefused: It is of a type that holds no numbers.
    """
    raw = nw.col(column.name)
    if dtype.is_float():
        return _of_floats(raw, column)
    absent = raw.is_null()
    times = column.times
    if isinstance(dtype, nw.Decimal):
        unit, faults = 1 / times, {}
        limit = AMOUNT_LIMIT * 10**column.metric.decimals * unit
        faults["rows-out-of-range"] = ~absent & (raw.abs() >= -int(-limit // 1))
        if (10**dtype.scale * unit).denominator > 1 or (10**dtype.scale * unit) > 1:
            faults["rows-excess-decimals"] = _broken(raw, unit, absent, has_mod=has_mod)
        return AmountTerm(
            column=column, value=raw, times=times, absent=absent, faults=faults, whole=False
        )
    if not dtype.is_integer():
        raise refuse_type(source, column.name, dtype, "numbers", "数值")
    value = raw.cast(nw.Int64)
    term = AmountTerm(
        column=column, value=value, times=times, absent=absent, faults={}, whole=True
    )
    faults = {}
    if term.most < INT64:
        faults["rows-out-of-range"] = ~absent & ((raw > term.most) | (raw < -term.most))
    if times.denominator > 1:
        whole = value // times.denominator * times.denominator
        faults["rows-excess-decimals"] = ~absent & (value != whole)
    return attrs.evolve(term, faults=faults)


def _broken(raw: nw.Expr, unit: Fraction, absent: nw.Expr, *, has_mod: bool) -> nw.Expr:
    """Where a decimal is not a whole number of units."""
    if has_mod:
        exact = Decimal(unit.numerator) / Decimal(unit.denominator)
        return ~absent & (raw % nw.lit(exact) != 0)
    units = raw.cast(nw.Float64) / (unit.numerator / unit.denominator)
    return ~absent & _off(units)


def _off(units: nw.Expr) -> nw.Expr:
    """Where a float is not nearest to a whole number."""
    rest = (units - units.round(0)).abs()
    return (rest > DUST) & (rest > units.abs() * LAST_DIGIT)


def _of_floats(raw: nw.Expr, column: AmountColumn) -> AmountTerm:
    times = column.times
    limit = min(float(AMOUNT_LIMIT * 10**column.metric.decimals), EXACT_FLOAT)
    wide = raw.cast(nw.Float64)
    absent = wide.is_null() | wide.is_nan()
    known = nw.when(absent).then(nw.lit(0.0)).otherwise(wide)
    scaled = known * float(times.numerator) / float(times.denominator)
    far = scaled.abs() >= limit
    near = nw.when(far).then(nw.lit(0.0)).otherwise(scaled)
    return AmountTerm(
        column=column,
        value=near.round(0).cast(nw.Int64),
        times=Fraction(1),
        absent=absent,
        faults={"rows-out-of-range": far, "rows-excess-decimals": _off(near)},
        whole=True,
    )


def key_absent(column: str, dtype: Any) -> nw.Expr:  # noqa: ANN401 - a narwhals type
    """Returns where a column of keys is blank."""
    raw = nw.col(column)
    if dtype == nw.String:
        return raw.is_null() | (raw.str.strip_chars() == "")
    return raw.is_null()


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
    zoned = isinstance(dtype, nw.Datetime) and dtype.time_zone is not None
    if zoned or not (dtype.is_temporal() or dtype == nw.Object):
        raise refuse(dtype)
    assert column
