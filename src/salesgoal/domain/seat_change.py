"""Seat changes: what typed targets become when people are shown at another seat.

A typed target above somebody who moved held that person's target. Shown elsewhere, it leaves
the goals above the old seat and comes to those above the new one, so that each typed target
differs from its children's by as much as before, and every breakdown keeps its total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

import attrs

from salesgoal.domain.goal_tree import GoalTree
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.domain.scope import Codes
from salesgoal.domain.target import Column, Typed, derive_targets

__all__ = ["SeatChange"]


@attrs.frozen(kw_only=True)
class SeatChange:
    """The breakdowns before and after, and who sits where.

    Attributes:
        before: The breakdowns as targets were typed.
        after: The same, with everybody at the seat that is shown.
        codes: A scope before -> after.
        people: The seats before of those who moved, as `derive_targets` takes them.
    """

    before: Sequence[GoalTree]
    after: Sequence[GoalTree]
    codes: Callable[[Codes], Codes]
    people: Mapping[Codes, Codes]

    def settle(self, metric: Metric, was: Typed, now: dict[Period, dict[Codes, int]]) -> None:
        """Changes the typed targets above those who moved; the lowest goals first.

        Args:
            metric: One whose targets add over the tree.
            was: The targets as they were typed.
            now: The same under the new scopes; changed in place.

        Cost: goals x periods, for every level of a breakdown.
        """
        done: set[tuple[Codes, Period]] = set()
        for old, new in zip(self.before, self.after, strict=True):
            known = derive_targets(old, metric, was, list(was), self.people)
            seats = self._seats(old)
            for level in _levels(new):
                found = derive_targets(new, metric, now, list(now))
                for node, (period, column) in product(level, now.items()):
                    place = codes, _ = new.scope[node], period
                    if codes in column and place not in done:
                        done.add(place)
                        held = sum(
                            _below(old, at, known[period]) for at in seats.get(codes, ())
                        )
                        column[codes] += _below(new, node, found[period]) - held

    def _seats(self, old: GoalTree) -> dict[Codes, list[int]]:
        """A scope after -> the goals with children that it was before."""
        seats: dict[Codes, list[int]] = {}
        for node in old.inner:
            seats.setdefault(self.codes(old.scope[node]), []).append(node)
        return seats


def _levels(tree: GoalTree) -> Iterator[list[int]]:
    """The goals of a breakdown level by level, the lowest first."""
    depths = list(map(tree.depth, range(len(tree))))
    for depth in range(max(depths), -1, -1):
        yield [node for node, each in enumerate(depths) if each == depth]


def _below(tree: GoalTree, node: int, column: Column) -> int:
    """What the children of a goal come to; nothing is zero."""
    return sum(int(column[child] or 0) for child in tree.counted_children(node))
