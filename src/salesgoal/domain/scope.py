"""Scopes: which facts a goal speaks of, as dimension -> member.

Inside, a scope is a tuple of member codes, one per dimension of the plan, `ANY` where it leaves
the dimension open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from salesgoal.errors import UnknownName

if TYPE_CHECKING:
    from salesgoal.domain.dimension import Dimension

__all__ = ["ANY", "Codes", "Scope", "decode_scope", "encode_scope", "find_people"]

Scope = Mapping[str, str]
"""Dimension id -> canonical name or alias of a member."""

Codes = tuple[int, ...]
"""One member code per dimension of the plan, or `ANY`."""

ANY = -1


def encode_scope(
    scope: Scope, dimensions: Sequence[Dimension], on: date | None = None
) -> Codes:
    """Returns a scope as member codes in the order of the dimensions.

    Args:
        scope: Dimension -> member.
        dimensions: Of the plan.
        on: For members that moved: the day whose seat is meant; the last seat without it.

    Raises:
        UnknownName: A dimension or member that is not there.

    >>> from salesgoal.domain.dimension import Dimension
    >>> encode_scope({"region": "华南"}, [Dimension("product", ["A"]),
    ...     Dimension("region", ["华东", "华南"])])
    (-1, 1)
    """
    ids = [dimension.id for dimension in dimensions]
    for name in scope:
        if name not in ids:
            raise UnknownName("dimension", name, ids)
    return tuple(
        dimension.code(scope[dimension.id], on) if dimension.id in scope else ANY
        for dimension in dimensions
    )


def find_people(scopes: Iterable[Codes], dimensions: Sequence[Dimension]) -> dict[Codes, Codes]:
    """Returns, for each scope with a member that moved, one scope for all its seats."""
    if not any(dimension.seats.timetable for dimension in dimensions):
        return {}
    found = {
        codes: tuple(
            ANY if code == ANY else dimension.seats.person(code)
            for code, dimension in zip(codes, dimensions, strict=True)
        )
        for codes in scopes
    }
    shared = Counter(found.values())
    return {codes: person for codes, person in found.items() if shared[person] > 1}


def decode_scope(codes: Codes, dimensions: Sequence[Dimension]) -> dict[str, str]:
    """Returns member codes as dimension id -> canonical name."""
    return {
        dimension.id: dimension.members[code].name
        for dimension, code in zip(dimensions, codes, strict=True)
        if code != ANY
    }
