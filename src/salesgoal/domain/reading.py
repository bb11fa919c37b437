"""Readings: what a cell holds of a metric whose values do not simply add.

One rule per aggregation, the four steps of its life side by side:

    aggregation   a reading is        over time         over the tree    its value
    last          (day, units)        the later day     adds             the units
    average       (units, how many)   pooled            pooled           units / how many
    maximum       units               the larger        the larger       the units
    minimum       units               the smaller       the smaller      the units
    distinct      a set of keys       united            united           how many keys
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from salesgoal.domain.metric import Aggregation
from salesgoal.domain.number import Exact

__all__ = ["READING_RULES", "Reading", "ReadingRule"]

Reading = Any
"""Opaque outside its rule."""


@attrs.frozen(kw_only=True)
class ReadingRule:
    """How the readings of one aggregation begin, merge and end.

    Attributes:
        start: (units or key, day) -> reading.
        over_time: Merges two readings of one member combination.
        over_tree: Merges the readings of two goals or combinations.
        value: reading -> smallest units; for no reading see ``nothing``.
        part: The reading that a share of a fact leaves; the fact's own where it is the same.
        nothing: The value where nothing was read: 0 for counted keys, None otherwise.
    """

    start: Callable[[Any, date], Reading]
    over_time: Callable[[Reading, Reading], Reading]
    over_tree: Callable[[Reading, Reading], Reading]
    value: Callable[[Reading], Exact]
    part: Callable[[Reading, Fraction], Reading] = lambda reading, _: reading
    nothing: int | None = None


def _as_it_is(value: int, _: date) -> int:
    return value


def _units(reading: int) -> int:
    return reading


def _later(one: tuple[date, int], other: tuple[date, int]) -> tuple[date, int]:
    """The later balance; balances of the same day (of two customers, say) add."""
    return (one[0], one[1] + other[1]) if one[0] == other[0] else max(one, other)


def _add_balances(one: tuple[date, int], other: tuple[date, int]) -> tuple[date, int]:
    return max(one[0], other[0]), one[1] + other[1]


def _pool(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _unite(one: frozenset[object], other: frozenset[object]) -> frozenset[object]:
    return one | other


def _extreme(choose: Callable[[int, int], int]) -> ReadingRule:
    return ReadingRule(start=_as_it_is, over_time=choose, over_tree=choose, value=_units)


READING_RULES: Mapping[Aggregation, ReadingRule] = {
    Aggregation.LAST: ReadingRule(
        start=lambda units, on: (on, units),
        over_time=_later,
        over_tree=_add_balances,
        value=lambda reading: reading[1],
    ),
    Aggregation.AVERAGE: ReadingRule(
        start=lambda units, _: (units, 1),
        over_time=_pool,
        over_tree=_pool,
        value=lambda reading: Fraction(*reading),
        part=lambda reading, share: (reading[0] * share, reading[1] * share),
    ),
    Aggregation.MAXIMUM: _extreme(max),
    Aggregation.MINIMUM: _extreme(min),
    Aggregation.DISTINCT: ReadingRule(
        start=lambda key, _: frozenset([key]),
        over_time=_unite,
        over_tree=_unite,
        value=len,
        nothing=0,
    ),
}
