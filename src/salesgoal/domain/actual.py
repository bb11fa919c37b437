"""Actuals: immutable facts of what was reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

import attrs

from salesgoal.domain.credit import Credit
from salesgoal.domain.kind import a_mapping, all_of
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place
from salesgoal.errors import UsageError

__all__ = ["Actual"]


def _credits(credits: Iterable[Credit]) -> tuple[Credit, ...]:  # noqa: A002 - the field's word
    return tuple(all_of(credits, Credit, "credits"))


def _day_or_period(_: object, __: object, on: date | Period) -> None:
    if isinstance(on, datetime) or not isinstance(on, date | Period):
        en = f"on is {on!r} - give a date without a time, or a Period"
        raise UsageError(en, f"on 为 {on!r} - 给出不带时刻的日期，或一个 Period")


def _aware(_: object, __: object, revision: datetime | None) -> None:
    if revision is not None and revision.utcoffset() is None:
        en = f"revision {revision} has no zone - give an aware moment"
        raise UsageError(en, f"修订时刻 {revision} 没有时区 - 给出带时区的时刻")


@attrs.frozen(kw_only=True)
class Actual:
    """One fact, as Python code gives it.

    Attributes:
        on: The business day, or the period of a report that gives only a total; it counts once
            the period is over.
        members: Dimension id -> name or alias; dimensions left out are unknown.
        values: Metric id -> amount in whole units (yuan), or the key of a `DISTINCT` metric.
        credits: Where several members of one dimension share the fact, or overlay members stand
            beside: who, and how much of it. Such a dimension stays out of ``members``.
        source: The feed it came from. A `Tracker` knows the days of each feed apart, and in
            it a fact by source and key; in a list of facts each one counts.
        key: The source's own identity, such as an order number; None where it has none.
        revision: When the source last changed it, aware; None where it does not say.
        where: Where it came from.
    """

    on: date | Period = attrs.field(validator=_day_or_period)
    members: Mapping[str, str] = attrs.field(factory=dict, hash=False, validator=a_mapping)
    values: Mapping[str, Decimal | int | str] = attrs.field(hash=False, validator=a_mapping)
    credits: tuple[Credit, ...] = attrs.field(default=(), converter=_credits)
    source: str = ""
    key: str | None = None
    revision: datetime | None = attrs.field(default=None, validator=_aware)
    where: Place = Place("code")
