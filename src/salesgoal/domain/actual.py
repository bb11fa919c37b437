"""Actuals: immutable facts of what was reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import attrs

from salesgoal.domain.credit import Credit
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place

__all__ = ["Actual"]


def _credits(credits: Iterable[Credit]) -> tuple[Credit, ...]:  # noqa: A002 - the field's word
    return tuple(credits)


@attrs.frozen(kw_only=True)
class Actual:
    """One fact, as Python code gives it.

    Attributes:
        on: The business day, or the period of a report that gives only a total.
        members: Dimension id -> name or alias; dimensions left out are unknown.
        values: Metric id -> amount in whole units (yuan), or the key of a `DISTINCT` metric.
        credits: Where several members of one dimension share the fact, or overlay members stand
            beside: who, and how much of it. Such a dimension stays out of ``members``.
        where: Where it came from.
    """

    on: date | Period
    members: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    values: Mapping[str, Decimal | int | str] = attrs.field(hash=False)
    credits: tuple[Credit, ...] = attrs.field(default=(), converter=_credits)
    where: Place = Place("code")
