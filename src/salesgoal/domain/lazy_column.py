"""Lazy columns: worked out when they are first read, and kept.

Most reports read a few of the columns of a scorecard; on a million goals the others would cost
more than all that is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import eq
from typing import Generic, TypeVar, overload

__all__ = ["LazyColumn", "have_same_values"]

_Value_co = TypeVar("_Value_co", covariant=True)


class LazyColumn(Sequence[_Value_co], Generic[_Value_co]):
    """A column of which only the length is known before it is read.

    >>> column = LazyColumn(3, lambda: [1, None, 2])
    >>> len(column), column[0], column == [1, None, 2]
    (3, 1, True)
    """

    __slots__ = ("_found", "_make", "_size")
    __hash__ = None  # type: ignore[assignment]  # equal to lists, which have none

    def __init__(self, size: int, make: Callable[[], Sequence[_Value_co]]) -> None:
        self._size = size
        self._make: Callable[[], Sequence[_Value_co]] | None = make
        self._found: Sequence[_Value_co] = ()

    @property
    def values(self) -> Sequence[_Value_co]:
        """The column itself."""
        make = self._make
        if make is not None:
            # Two threads may both work it out; what they find is the same.
            self._found = make()
            self._make = None
        return self._found

    def __len__(self) -> int:
        """How many values; it reads none."""
        return self._size

    @overload
    def __getitem__(self, at: int) -> _Value_co: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_Value_co]: ...
    def __getitem__(self, at: int | slice) -> _Value_co | Sequence[_Value_co]:
        """One value, or a run of them."""
        return self.values[at]

    def __iter__(self) -> Iterator[_Value_co]:
        """Every value in order."""
        return iter(self.values)

    def __eq__(self, other: object) -> bool:
        """Whether another column has the same values."""
        return have_same_values(self, other) if isinstance(other, Sequence) else NotImplemented

    def __repr__(self) -> str:
        """Says how long it is, without working it out."""
        return f"<column of {self._size} values>"

    def __reduce__(self) -> tuple[object, ...]:
        """What is kept or sent elsewhere is the column itself."""
        return _given, (self.values,)


def have_same_values(one: Sequence[object], other: Sequence[object]) -> bool:
    """Returns whether two columns are equal, of whatever kind they are."""
    return len(one) == len(other) and all(map(eq, one, other))


def _given(values: Sequence[_Value_co]) -> Sequence[_Value_co]:
    return values
