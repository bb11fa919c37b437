"""Arithmetic on array columns, exact: in 64 bits where they hold it, else in Python integers.

Every denominator is above zero, so that a sign is the sign of the numerator.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from salesgoal.frames.array_column import ArrayColumn, Known, to_array_column
from salesgoal.frames.exact_sum import Units
from salesgoal.frames.tree_arrays import Nodes

__all__ = ["at_least", "divide", "round_to_places", "subtract", "take", "times"]

_LIMIT = 2**63


def take(column: Any, nodes: Nodes) -> ArrayColumn:  # noqa: ANN401 - any sequence of figures
    """Returns some goals of a column; denominators are made positive."""
    whole = to_array_column(column)
    known = None if whole.known is None else whole.known[nodes]
    units = whole.units[nodes]
    if whole.parts is None:
        return ArrayColumn(units, known)
    parts = np.broadcast_to(np.asarray(whole.parts), len(whole))[nodes]
    zero, below = (parts == 0).astype(bool), (parts < 0).astype(bool)
    return ArrayColumn(
        np.where(below, -units, units), known, np.where(zero, 1, np.where(below, -parts, parts))
    )


def subtract(one: ArrayColumn, other: ArrayColumn) -> ArrayColumn:
    """Returns one less the other; absent where either is."""
    known = one.present & other.present
    if one.parts is None and other.parts is None:
        bound = _highest(one.units) + _highest(other.units)
        left, right = _exact(bound, one.units, other.units)
        return ArrayColumn(left - right, known)
    below, under = (1 if each is None else each for each in (one.parts, other.parts))
    bound = _highest(one.units, under) + _highest(other.units, below)
    bound = max(bound, _highest(below, under))
    left, right, below, under = _exact(bound, one.units, other.units, below, under)
    return ArrayColumn(left * under - right * below, known, np.asarray(below * under))


def divide(over: ArrayColumn, under: ArrayColumn, measurable: Known) -> ArrayColumn:
    """Returns the quotients where they are measurable: both present, the divisor above zero."""
    above, below = (1 if each.parts is None else each.parts for each in (over, under))
    bound = max(_highest(over.units, below), _highest(under.units, above))
    left, right, above, below = _exact(bound, over.units, under.units, above, below)
    return ArrayColumn(left * below, measurable, np.where(measurable, right * above, 1))


def times(column: ArrayColumn, factor: Fraction) -> ArrayColumn:
    """Returns a column times a number."""
    parts = 1 if column.parts is None else column.parts
    over, under = factor.numerator, factor.denominator
    bound = max(_highest(column.units, over), _highest(parts, under))
    units, below = _exact(bound, column.units, np.broadcast_to(parts, len(column)))
    return ArrayColumn(units * over, column.known, below * under)


def at_least(column: ArrayColumn, limit: Fraction) -> Known:
    """Returns where a column is present and reaches a number."""
    parts = 1 if column.parts is None else column.parts
    over, under = limit.numerator, limit.denominator
    bound = max(_highest(column.units, under), _highest(parts, over))
    units, below = _exact(bound, column.units, np.broadcast_to(parts, len(column)))
    return np.asarray(units * under >= below * over).astype(bool) & column.present


def round_to_places(column: ArrayColumn, places: int) -> Units:
    """Returns whole numbers of the last of so many places, a half away from zero.

    By long division, one place a step, so that only what does not fit itself needs more than
    64 bits.
    """
    below = np.asarray(column.parts)
    largest = int((abs(column.units) // below).max(initial=0)) + 1
    bound = max(largest * 10**places, _highest(below) * 20)
    units, parts = _exact(bound, column.units, below)
    found, rest = abs(units) // parts, abs(units) % parts
    for _ in range(places):
        rest = rest * 10
        found, rest = found * 10 + rest // parts, rest % parts
    found = found + (2 * rest >= parts)
    signed: Units = np.where((units < 0).astype(bool), -found, found)
    return signed


def _highest(*arrays: Units | int) -> int:
    """The product of the largest magnitudes."""
    found = 1
    for each in arrays:
        values = np.asarray(each)
        found *= max(int(values.max(initial=0)), -int(values.min(initial=0)), 1)
    return found


def _exact(bound: int, *arrays: Any) -> tuple[Any, ...]:  # noqa: ANN401 - arrays or integers
    """The arrays as they are where 64 bits hold a bound, else in Python integers."""
    if bound < _LIMIT:
        return arrays
    return tuple(
        each.astype(object) if isinstance(each, np.ndarray) else each for each in arrays
    )
