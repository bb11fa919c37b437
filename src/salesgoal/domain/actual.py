"""Actuals: immutable facts of what was reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place

__all__ = ["Actual"]


@attrs.frozen(kw_only=True)
class Actual:
    """One fact, as Python code gives it.

    Attributes:
        on: The business day, or the period of a report that gives only a total.
        members: Dimension id -> name or alias; dimensions left out are unknown.
        values: Metric id -> amount in whole units (yuan), or the key of a `DISTINCT` metric.
        where: Where it came from.
    """

    on: date | Period
    members: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    values: Mapping[str, Decimal | int | str] = attrs.field(hash=False)
    where: Place = Place("code")
