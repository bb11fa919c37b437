"""Credit: to whom a fact counts - whole, in exact shares, or beside the others.

*Plain* credits share the fact: their shares total exactly 1. *Overlay* credits (重叠归属)
repeat it for members that are shown beside the others; they never add to a goal above.

    aggregation        a share of a reading
    sum, last          a part of the amount, by largest remainder
    average            the whole value, weighed by the share
    maximum, minimum   the whole value; the goal above sees it once
    distinct           the key; the goal above counts it once
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from numbers import Rational
from typing import Any

import attrs

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.kind import a_text, require_kind
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import apportion
from salesgoal.domain.period import Period
from salesgoal.domain.scope import ANY, Codes
from salesgoal.errors import FloatRefused, NumberRefused

__all__ = [
    "NOBODY",
    "ONE",
    "Credit",
    "CreditGroup",
    "Credited",
    "combine_credits",
    "credit_members",
    "parts_of",
]

ONE = Fraction(1)
ONE_DAY = timedelta(days=1)


def _share(share: Fraction | int | None) -> Fraction | None:
    if isinstance(share, float):
        raise FloatRefused(share)
    if share is None:
        return None
    require_kind(share, Rational, "share", "Fraction(3, 5)")
    return Fraction(share)


@attrs.frozen
class Credit:
    """One of several members that a fact counts to.

    Attributes:
        dimension: The id of the dimension.
        member: A name or alias.
        share: Exact; where no plain member of the dimension has one, all have the same. An
            overlay member has 1 where it is left out.

    >>> Credit("salesperson", "张三", Fraction(3, 5)).share
    Fraction(3, 5)
    """

    dimension: str = attrs.field(validator=a_text)
    member: str = attrs.field(validator=a_text)
    share: Fraction | None = attrs.field(default=None, converter=_share)


@attrs.frozen
class Credited:
    """The members of one dimension that a fact counts to, by code.

    Attributes:
        plain: Code and share; the shares total 1.
        overlay: Code and share, each at most 1.
        said: Codes of warnings and the members that they speak of.
    """

    plain: tuple[tuple[int, Fraction], ...]
    overlay: tuple[tuple[int, Fraction], ...] = ()
    said: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class CreditGroup:
    """Where the parts of a fact go, once over; the group of overlay codes repeats it.

    Attributes:
        credits: Codes and share; of the plain group the shares total 1.
        overlay: Whether the group stands beside the plain one.
    """

    credits: tuple[tuple[Codes, Fraction], ...]
    overlay: bool


NOBODY = Credited(((ANY, ONE),))
"""What a fact that names no member counts to: the goal above."""


def credit_members(
    dimension: Dimension,
    named: Sequence[tuple[int, Fraction | None]],
    on: date | Period | None = None,
) -> Credited:
    """Returns to whom a fact of the named members counts, at their seats of its day.

    A fact that names only overlay members counts to the lowest plain member above them all.
    Without a seat that day, a plain credit counts to the goal above and an overlay credit
    nowhere. A total of several days counts at the last seat in them.

    Args:
        dimension: Whose members.
        named: Code of any seat, and share; None where none is said.
        on: When it happened; None takes the seats as they are named.

    Raises:
        NumberRefused: The plain shares do not total 1, a share is not above 0 and at most 1,
            or a member is credited twice.

    >>> credit_members(Dimension("rep", ["张三", "李四"]), [(0, None), (1, None)]).plain
    ((0, Fraction(1, 2)), (1, Fraction(1, 2)))
    """
    if not named:
        return NOBODY
    people = [dimension.seats.person(code) for code, _ in named]
    if len(set(people)) < len(people):
        twice = next(each for each in people if people.count(each) > 1)
        name = dimension.members[twice].name
        raise NumberRefused(name, "is credited twice", "credited-twice", zh="被拆分了两次")
    plain, overlay = _shares(dimension, named)
    said: list[tuple[str, str]] = []
    if on is not None and dimension.seats.timetable:
        plain = [(_sit(dimension, code, on, said), share) for code, share in plain]
        overlay = [(_sit(dimension, code, on, said), share) for code, share in overlay]
        overlay = [each for each in overlay if each[0] != ANY]
    if not plain:
        plain = [(_plain_above(dimension, [code for code, _ in overlay]), ONE)]
    return Credited(tuple(plain), tuple(overlay), tuple(said))


def _shares(
    dimension: Dimension, named: Sequence[tuple[int, Fraction | None]]
) -> tuple[list[tuple[int, Fraction]], list[tuple[int, Fraction]]]:
    """The plain and the overlay credits, with their shares checked."""
    plain = [each for each in named if each[0] not in dimension.overlays]
    overlay = [each for each in named if each[0] in dimension.overlays]
    if all(share is None for _, share in plain):
        plain = [(code, Fraction(1, len(plain))) for code, _ in plain]
    exact = [(code, share or Fraction(0)) for code, share in plain]
    beside = [(code, ONE if share is None else share) for code, share in overlay]
    total = sum(share for _, share in exact)
    if any(not 0 < share <= 1 for _, share in [*exact, *beside]) or (exact and total != 1):
        reason = "is what the shares come to - let each be above 0 and all of them total 1"
        zh = "是份额的合计 - 每份大于 0，合计恰好为 1"
        raise NumberRefused(total, reason, "shares-not-one", zh=zh)
    return exact, beside


def _sit(
    dimension: Dimension, code: int, on: date | Period, said: list[tuple[str, str]]
) -> int:
    if isinstance(on, Period):
        first, stop = on.start, on.stop
    else:
        # The last day that there is has none after it, and nobody moves on it.
        first = min(on, date.max - ONE_DAY)
        stop = first + ONE_DAY
    there = dimension.seats.inside(code, first, stop)
    if len({seat for _, _, seat in there}) > 1:
        said.append(("moved-within-period", dimension.members[code].name))
    elif not there:
        said.append(("no-seat-then", dimension.members[code].name))
    return there[-1][2] if there else ANY


def _plain_above(dimension: Dimension, codes: Sequence[int]) -> int:
    """The lowest plain member above all of some overlays; `ANY` where there is none."""
    chains = [dimension.chains[code] for code in codes]
    first = chains[0] if chains else ()
    shared = [each for each in first if all(each in chain for chain in chains)]
    plain = [each for each in shared if each not in dimension.overlays]
    return plain[-1] if plain else ANY


def combine_credits(credited: Sequence[Credited]) -> tuple[CreditGroup, ...]:
    """Returns where the parts of a fact go, the plain group first.

    Args:
        credited: One for each dimension of the plan.
    """
    groups: dict[tuple[int, ...], list[tuple[Codes, Fraction]]] = {}
    choices = [
        [(each, False) for each in one.plain] + [(each, True) for each in one.overlay]
        for one in credited
    ]
    for chosen in product(*choices):
        beside = tuple(code if overlay else ANY for (code, _), overlay in chosen)
        share = ONE
        for (_, part), _ in chosen:
            share *= part
        codes = tuple(code for (code, _), _ in chosen)
        groups.setdefault(beside, []).append((codes, share))
    plain = (ANY,) * len(credited)
    return tuple(CreditGroup(tuple(each), beside != plain) for beside, each in groups.items())


def parts_of(metric: Metric, value: Any, shares: Sequence[Fraction]) -> list[Any]:  # noqa: ANN401
    """Returns what each share has of a value: parts of an amount, or the whole reading.

    >>> parts_of(Metric(id="sales"), 100, [Fraction(1, 3)] * 3)
    [34, 33, 33]
    """
    if metric.aggregation not in {Aggregation.SUM, Aggregation.LAST}:
        return [value] * len(shares)
    rest = 1 - sum(shares)
    return apportion(value, [*shares, rest])[: len(shares)]
