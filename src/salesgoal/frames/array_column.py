"""Columns in arrays: exact values of all goals, read one by one as Python numbers.

Whole numbers are one array; fractions are two, numerators and denominators. What is absent is
said by a mask, so that zero stays zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, overload

import attrs
import numpy as np
from numpy.typing import NDArray

from salesgoal.domain.lazy_column import LazyColumn, have_same_values
from salesgoal.domain.number import Exact
from salesgoal.frames.exact_sum import Units, narrow

__all__ = ["ArrayColumn", "Known", "nothing", "to_array_column"]

Known = NDArray[np.bool_]
"""Where a value is present."""

_CHUNK = 65_536
"""How many values become Python objects at a time where all are read."""


@attrs.frozen(eq=False, repr=False)
class ArrayColumn(Sequence[Any]):
    """One value a goal, in smallest units; None where it is absent.

    Which kind it holds, whole numbers or fractions, is known where it is made.

    Attributes:
        units: The values, or their numerators; of what is absent anything.
        known: Where a value is present; None for everywhere.
        parts: The denominators, or one for all; None for whole numbers.
    """

    units: Units
    known: Known | None = None
    parts: Units | int | None = None

    __hash__ = None  # type: ignore[assignment]  # equal to lists, which have none

    def __len__(self) -> int:
        """How many goals."""
        return len(self.units)

    @overload
    def __getitem__(self, at: int) -> Exact | None: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Exact | None]: ...
    def __getitem__(self, at: int | slice) -> Exact | Sequence[Exact | None] | None:
        """One value as a Python number, or a list of them."""
        if isinstance(at, slice):
            return list(self._cut(at))
        if self.known is not None and not self.known[at]:
            return None
        units = int(self.units[at])
        if self.parts is None:
            return units
        return Fraction(
            units, self.parts if isinstance(self.parts, int) else int(self.parts[at])
        )

    def __iter__(self) -> Iterator[Any]:
        """Every value; a chunk at a time becomes Python numbers."""
        for start in range(0, len(self), _CHUNK):
            yield from self._cut(slice(start, start + _CHUNK))

    def __eq__(self, other: object) -> bool:
        """Whether another column has the same values."""
        return have_same_values(self, other) if isinstance(other, Sequence) else NotImplemented

    def __repr__(self) -> str:
        """Says how long it is."""
        return f"<array column of {len(self)} values>"

    @property
    def is_whole(self) -> bool:
        """Whether all values are whole numbers."""
        return self.parts is None

    @property
    def present(self) -> Known:
        """Where a value is present, one flag a goal."""
        return np.broadcast_to(np.True_, len(self)) if self.known is None else self.known

    @property
    def is_empty(self) -> bool:
        """Whether no value is present."""
        return self.known is not None and not self.known.any()

    def _cut(self, at: slice) -> Iterator[Any]:
        values: list[Any] = self.units[at].tolist()
        if self.parts is not None:
            each = self.parts if isinstance(self.parts, int) else self.parts[at].tolist()
            below = [each] * len(values) if isinstance(each, int) else each
            values = [
                Fraction(*pair) if pair[1] else None for pair in zip(values, below, strict=True)
            ]
        if self.known is None:
            return iter(values)
        known = self.known[at].tolist()
        return (value if here else None for value, here in zip(values, known, strict=True))


def nothing(size: int) -> ArrayColumn:
    """Returns a column in which every value is absent; it takes no room."""
    return ArrayColumn(np.broadcast_to(np.int64(0), size), np.broadcast_to(np.False_, size))


def to_array_column(column: Sequence[Exact | None]) -> ArrayColumn:
    """Returns a column of any kind in arrays.

    >>> to_array_column([1, None, Fraction(1, 2)])[2]
    Fraction(1, 2)
    """
    if isinstance(column, LazyColumn):
        return to_array_column(column.values)
    if isinstance(column, ArrayColumn):
        return column
    values = list(column)
    known = np.fromiter((each is not None for each in values), bool, len(values))
    present = None if known.all() else known
    if not any(isinstance(each, Fraction) for each in values):
        return ArrayColumn(_units([each or 0 for each in values]), present)
    numerators = _units([0 if each is None else each.numerator for each in values])
    parts = _units([1 if each is None else each.denominator for each in values])
    return ArrayColumn(numerators, present, parts)


def _units(values: list[Any]) -> Units:
    try:
        return np.array(values, np.int64)
    except OverflowError:
        return narrow(np.array(values, object))
