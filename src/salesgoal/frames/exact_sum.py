"""Exact sums in arrays: 64-bit integers while no sum can leave them, Python integers beyond.

The bound is the total of all magnitudes, itself counted without overflow: while it is inside 64
bits, so is every sum of any of the values, in any order.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salesgoal.errors import FloatRefused, UsageError

__all__ = ["Units", "add_up", "is_safe", "magnitude", "narrow", "to_units_array"]

Units = NDArray[Any]
"""Smallest units: int64, or Python integers where sums could leave 64 bits."""

_LIMIT = 2**63
_LOW = np.uint64(2**32 - 1)


def to_units_array(values: object) -> Units:
    """Returns whole numbers as an array that holds them exactly.

    Raises:
        FloatRefused: They are floats.
        UsageError: They are no integers at all.

    >>> to_units_array([1, 2]).dtype, to_units_array([2**70]).dtype
    (dtype('int64'), dtype('O'))
    """
    if isinstance(values, (list, tuple)):
        # Left to itself numpy makes floats of small integers beside large ones.
        return _plain_integers(np.array(values, object))
    found = np.asarray(values)
    if not found.size:
        return np.zeros(found.shape, np.int64)
    if found.dtype.kind == "f":
        raise FloatRefused(found.flat[0].item())
    if found.dtype.kind == "u":
        found = found.astype(np.int64 if int(found.max()) < _LIMIT else object)
    if found.dtype == object:
        return _plain_integers(found)
    if found.dtype.kind != "i":
        raise _refuse(str(found.dtype))
    return found.astype(np.int64, copy=False)


def magnitude(values: Units) -> int:
    """Returns the total of all magnitudes, exact.

    >>> magnitude(np.array([-(2**63), 2**63 - 1]))
    18446744073709551615
    """
    if values.dtype == object:
        return sum(map(abs, values.flat))
    sizes = np.abs(values).view(np.uint64)  # The magnitude of -2**63 is its own bits, unsigned.
    highest = int(sizes.max(initial=0))
    if highest * sizes.size < _LIMIT:
        return int(sizes.sum())
    return (int((sizes >> np.uint64(32)).sum()) << 32) + int((sizes & _LOW).sum())


def is_safe(values: Units) -> bool:
    """Whether no sum of any of the values can leave 64 bits."""
    if values.dtype == object:
        return False
    lowest, highest = int(values.min(initial=0)), int(values.max(initial=0))
    return max(-lowest, highest) * values.size < _LIMIT or magnitude(values) < _LIMIT


def narrow(values: Units) -> Units:
    """Returns the values as int64 where every sum of them fits, else as Python integers."""
    if values.dtype != object:
        return values if is_safe(values) else values.astype(object)
    return values.astype(np.int64) if magnitude(values) < _LIMIT else values


def add_up(places: NDArray[np.intp], values: Units, size: int) -> Units:
    """Returns the sum of the values at each place; their order does not matter.

    Args:
        places: Where each value goes, from 0 to ``size`` - 1.
        values: As many.
        size: How many places there are.

    >>> add_up(np.array([2, 0, 2]), np.array([5, 1, 7]), 3).tolist()
    [1, 0, 12]
    """
    exact = values if is_safe(values) else values.astype(object)
    found = np.zeros(size, exact.dtype)
    np.add.at(found, places, exact)
    return narrow(found)


def _plain_integers(values: Units) -> Units:
    """Objects as int64 where each fits, else as Python integers: one of numpy's would wrap."""
    plain = np.empty(values.shape, object)
    try:
        plain.flat[:] = [index(each) for each in values.flat]
        return plain.astype(np.int64)
    except OverflowError:
        return plain
    except TypeError as error:
        odd = next(each for each in values.flat if not isinstance(each, (int, np.integer)))
        if isinstance(odd, float):
            raise FloatRefused(odd) from error
        raise _refuse(type(odd).__name__) from error


def _refuse(kind: str) -> UsageError:
    en = f"units of type {kind} - give whole numbers of smallest units"
    return UsageError(en, f"类型为 {kind} 的数值 - 请给出最小单位的整数")
