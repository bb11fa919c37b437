"""Owners: who answers for a scope, when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from salesgoal.domain.period import Period
from salesgoal.domain.scope import Codes
from salesgoal.domain.target import Ownership

__all__ = ["NOBODY", "OwnerTable", "fill_in"]

NOBODY = Ownership()


@attrs.frozen
class OwnerTable:
    """Who answers for which scope in which period, as the rows of targets say."""

    rows: Mapping[Codes, Mapping[Period, Ownership]] = attrs.field(factory=dict)

    def of(self, codes: Codes, period: Period) -> Ownership:
        """Returns who answers for a scope in a period.

        Each field comes from the first row that says it: the row of just that period, those
        of longer ones around it (the shortest first), those of periods inside it (the latest
        first), any other (the latest first).
        """
        typed = self.rows.get(codes)
        if typed is None:
            return NOBODY
        if len(typed) == 1:
            return next(iter(typed.values()))
        found = NOBODY
        for row in _nearest_first(typed, period):
            found = fill_in(found, row)
            if found.owner and found.department and found.due_on:
                break
        return found


def fill_in(known: Ownership, new: Ownership) -> Ownership:
    """Returns an ownership whose open fields another one fills."""
    return Ownership(
        owner=known.owner or new.owner,
        department=known.department or new.department,
        due_on=known.due_on or new.due_on,
    )


def _nearest_first(typed: Mapping[Period, Ownership], period: Period) -> Iterator[Ownership]:
    if period in typed:
        yield typed[period]
    ordered = sorted(typed, key=lambda each: each.stop, reverse=True)
    around = [each for each in ordered if each != period and each.covers(period)]
    yield from (typed[each] for each in sorted(around, key=lambda each: each.days))
    inside = [each for each in ordered if each != period and period.covers(each)]
    yield from (typed[each] for each in inside)
    yield from (
        typed[each] for each in ordered if not (each.covers(period) or period.covers(each))
    )
