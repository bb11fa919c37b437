"""Typed targets in arrays: scope -> units of one metric, measure and period, for large plans.

All columns of a plan share one `ScopeIndex`, so that a value costs its eight bytes. Read as a
mapping, a column says what a dictionary of the same values would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import attrs
import numpy as np

from salesgoal.domain.scope import Codes
from salesgoal.frames.array_cells import CodeMatrix, positions_of
from salesgoal.frames.array_column import Known
from salesgoal.frames.exact_sum import Units

__all__ = ["ScopeIndex", "TypedColumn"]


@attrs.frozen(eq=False)
class ScopeIndex:
    """Scopes as rows of member codes, none of which comes twice."""

    codes: CodeMatrix

    @cached_property
    def positions(self) -> Mapping[Codes, int]:
        """Scope -> row; made when a single scope is first asked for."""
        return positions_of(self.codes)


@attrs.frozen(eq=False, repr=False)
class TypedColumn(Mapping[Codes, int]):
    """What is typed for the scopes of an index.

    Attributes:
        index: The scopes.
        units: One value a scope, in smallest units; where nothing is typed, anything.
        known: Where something is typed; None for everywhere.
    """

    index: ScopeIndex
    units: Units
    known: Known | None = None

    __hash__ = None  # type: ignore[assignment]  # equal to dictionaries, which have none

    @property
    def present(self) -> Known:
        """Where something is typed, one flag a scope."""
        return np.broadcast_to(np.True_, len(self.units)) if self.known is None else self.known

    def __getitem__(self, codes: Codes) -> int:
        """The units of a scope."""
        at = self.index.positions[codes]
        if self.known is not None and not self.known[at]:
            raise KeyError(codes)
        return int(self.units[at])

    def __iter__(self) -> Iterator[Codes]:
        """The scopes for which something is typed."""
        codes = self.index.codes if self.known is None else self.index.codes[self.known]
        return map(tuple, codes.tolist())

    def __len__(self) -> int:
        """For how many scopes something is typed."""
        return len(self.units) if self.known is None else int(np.count_nonzero(self.known))

    def __eq__(self, other: object) -> bool:
        """Whether another mapping has the same scopes and units."""
        if not isinstance(other, Mapping):
            return NotImplemented
        return len(self) == len(other) and all(
            other.get(codes) == units for codes, units in self.items()
        )

    def __repr__(self) -> str:
        """Says how many there are."""
        return f"<{len(self)} typed values>"
