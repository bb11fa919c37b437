"""Exact numbers: integers in the smallest unit inside, decimals at the border.

A yuan metric keeps 2 decimals, so ¥1,234.50 is 123450 units (fen). Ratios are `Fraction`;
percent is made only where people read it, two places, half up.
"""

from __future__ import annotations

import warnings
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from math import gcd, lcm
from numbers import Integral, Rational
from operator import add, mul, sub
from typing import TYPE_CHECKING, Any

import attrs

from salesgoal.domain.kind import in_order, require_count, require_number, require_whole
from salesgoal.errors import FloatRefused, NumberRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AMOUNT_LIMIT",
    "EvenSplit",
    "Exact",
    "Weight",
    "Weights",
    "amount_text",
    "apportion",
    "apportion_each",
    "percent",
    "rescale",
    "round_units",
    "to_amount",
    "to_units",
    "weigh",
]

Exact = int | Fraction
"""A number in the smallest unit of its metric: whole for sums, a fraction for ratios."""

Weight = int | Decimal | Fraction
"""What one part weighs against the others; floats are refused."""

AMOUNT_LIMIT = 10**13
"""Amounts stay below this many whole units (yuan), so that a spreadsheet holds them exactly."""


class EvenSplit(UserWarning):
    """Every weight was zero, so the whole was split evenly."""


def to_units(amount: Decimal | int, decimals: int) -> int:
    """Returns an amount in its smallest unit.

    Args:
        amount: In whole units (yuan). A float is refused.
        decimals: How many decimals the metric keeps.

    Raises:
        FloatRefused: The amount is a float.
        NumberRefused: More decimals than the metric keeps, 1e13 or more, or no finite number.

    >>> to_units(Decimal("1234.50"), 2)
    123450
    """
    if isinstance(amount, float):
        raise FloatRefused(amount)
    if type(decimals) is not int or decimals < 0:
        require_count(decimals, "decimals", 0)
    given: object = amount
    if not isinstance(given, (Decimal, int)) or isinstance(given, bool):
        message = f"is {type(amount).__name__}, no number - give Decimal or int"
        zh = f"是 {type(amount).__name__}，不是数 - 给出 Decimal 或 int"
        raise NumberRefused(repr(amount), message, "not-a-number", zh=zh)
    if isinstance(amount, Decimal):
        _require_finite(amount, "is not a finite number", "不是有限的数")
    if not -AMOUNT_LIMIT < amount < AMOUNT_LIMIT:
        message = "is 10,000,000,000,000 or more"
        raise NumberRefused(amount, message, "out-of-range", zh="达到或超过 10 万亿")
    numerator, denominator = amount.as_integer_ratio()
    units, rest = divmod(numerator * int(10**decimals), denominator)
    if rest:
        found = _decimals_of(amount)
        reason = f"has {found} decimals; the metric keeps {decimals}"
        zh = f"有 {found} 位小数，该指标保留 {decimals} 位"
        raise NumberRefused(amount, reason, "excess-decimals", found, zh=zh)
    return units


def to_amount(value: Exact, decimals: int) -> Decimal:
    """Returns a number of smallest units as a decimal amount, half up where it is a fraction.

    Raises:
        FloatRefused, NumberRefused: The number is not in smallest units.
        KindRefused: The decimals are no whole number from 0 on.

    >>> to_amount(123450, 2)
    Decimal('1234.50')
    >>> to_amount(Fraction(1, 3), 2)
    Decimal('0.00')
    """
    if type(value) is not int:
        require_number(value)
        value = int(round_units(value))
    if type(decimals) is not int or decimals < 0:
        require_count(decimals, "decimals", 0)
    return Decimal(f"{value}e-{decimals}")


def amount_text(value: Exact, decimals: int) -> str:
    """Returns a number of smallest units as people read it in a sentence, half up.

    >>> amount_text(123450, 2)
    '1,234.50'
    """
    return f"{to_amount(value, decimals):,f}"


def round_units(value: Exact) -> int:
    """Returns the nearest whole number, a half away from zero (the rule of invoices).

    >>> round_units(Fraction(5, 2)), round_units(Fraction(-5, 2))
    (3, -3)
    """
    if isinstance(value, int):
        return value
    doubled = 2 * abs(value.numerator) + value.denominator
    rounded = doubled // (2 * value.denominator)
    return -rounded if value < 0 else rounded


def percent(ratio: Exact) -> Decimal:
    """Returns a ratio as percent with two decimals, half up.

    Raises:
        FloatRefused: The ratio is a float.
        NumberRefused: It is no number, or none that is finite.

    >>> percent(Fraction(690_000, 800_000))
    Decimal('86.25')
    """
    if isinstance(ratio, float):
        raise FloatRefused(ratio)
    if not isinstance(ratio, Decimal):
        require_number(ratio)
    else:
        _require_finite(ratio, "is not a finite number", "不是有限的数")
    return to_amount(Fraction(ratio) * 10_000, 2)


def _require_finite(number: Decimal, reason: str, zh: str) -> None:
    if not number.is_finite():
        raise NumberRefused(number, reason, "not-a-number", zh=zh)


@attrs.frozen(eq=False)
class Weights:
    """Weights made whole once, so that thousands of totals can be shared out by them.

    Attributes:
        shares: One whole number a part, without a common divisor.
        whole: Their sum; 0 where every weight is zero.
    """

    shares: tuple[int, ...]
    whole: int = attrs.field(init=False)
    _rests: dict[int, list[int]] = attrs.field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Adds the shares up."""
        object.__setattr__(self, "whole", sum(self.shares))

    def __len__(self) -> int:
        """How many parts."""
        return len(self.shares)

    def share(self, size: int) -> list[int]:
        """Returns the parts of a size of zero or more; some weight must not be zero.

        What is left of a size after whole rounds of the shares is shared out in the same way
        every time, so for small weights it is remembered.
        """
        whole, shares = self.whole, self.shares
        if whole * len(shares) > _REMEMBERED:
            return _largest_remainder(size, shares, whole)
        rounds, rest = divmod(size, whole)
        parts = self._rests.get(rest)
        if parts is None:
            parts = self._rests[rest] = _largest_remainder(rest, shares, whole)
        return [rounds * share + part for share, part in zip(shares, parts, strict=True)]

    def share_each(self, sizes: Sequence[int]) -> list[Sequence[int]]:
        """Returns the parts of many sizes: one column a part, one row a size, as `share`."""
        whole, shares = self.whole, self.shares
        if whole * len(shares) > _REMEMBERED:
            return list(zip(*map(self.share, sizes), strict=True))
        rounds = [size // whole for size in sizes]
        rests = [size % whole for size in sizes]
        for rest in set(rests) - self._rests.keys():
            self._rests[rest] = _largest_remainder(rest, shares, whole)
        known = self._rests
        columns: list[Sequence[int]] = []
        for at, share in enumerate(shares):
            extra = {rest: parts[at] for rest, parts in known.items()}
            columns.append(
                list(map(add, map(mul, rounds, repeat(share)), map(extra.__getitem__, rests)))
            )
        return columns


_REMEMBERED = 1 << 16
"""How many numbers one set of weights may remember."""


def weigh(weights: Sequence[Weight]) -> Weights:
    """Returns weights that are made whole, to share out many totals by.

    Args:
        weights: One per part, none negative; floats are refused.

    Raises:
        FloatRefused: A weight is a float.
        NumberRefused: No weights, or one that is negative, not finite or no number.
        KindRefused: They stand in no order: a set, a mapping, a text.

    >>> half = weigh([Decimal("0.5"), Fraction(1, 2)])
    >>> half.shares, apportion(5, half)
    ((1, 1), [3, 2])
    """
    if type(weights) is not list:
        weights = in_order(weights, "weights")
    if not weights:
        message = "has no weights to share among"
        raise NumberRefused(weights, message, "no-weights", zh="没有可用来分配的权重")
    if set(map(type, weights)) == {int}:
        _require_weight(min(weights))
        whole: Sequence[int] = weights  # type: ignore[assignment]
    else:
        whole = _whole_weights(weights)
    divisor = gcd(*whole)
    return Weights(tuple(whole if divisor <= 1 else [each // divisor for each in whole]))


def apportion(total: int, weights: Sequence[Weight] | Weights) -> list[int]:
    """Returns whole parts of ``total`` in proportion to ``weights`` that add up to it exactly.

    Largest remainder: each part is its quota rounded down or up, the units left over go to the
    largest remainders, ties to the earlier position. A negative total mirrors a positive one.
    All-zero weights split evenly and say so with an `EvenSplit` warning.

    Args:
        total: In smallest units.
        weights: One per part, none negative; floats are refused. `weigh` makes them ready once
            for many totals.

    Raises:
        FloatRefused: The total or a weight is a float.
        NumberRefused: A total that is not whole; no weights, or a negative or infinite one.
        KindRefused: The weights stand in no order: a set, a mapping, a text.

    Source: the largest-remainder (Hamilton) method.

    >>> apportion(100, [1, 1, 1])
    [34, 33, 33]
    """
    if type(total) is not int:
        require_whole(total)
        total = int(total)  # one of an array would overflow
    held = weights if isinstance(weights, Weights) else weigh(weights)
    if not held.whole:
        warnings.warn("every weight is zero, split evenly", EvenSplit, stacklevel=2)
        held = Weights((1,) * len(held))
    return held.share(total) if total >= 0 else [-part for part in held.share(-total)]


def apportion_each(totals: Sequence[int], weights: Weights) -> list[Sequence[int]]:
    """Returns the parts of many totals, one column a part and one row a total.

    Each row is what `apportion` gives; a column at a time costs a fraction of it.

    >>> apportion_each([100, -7], weigh([1, 1, 1]))
    [[34, -3], [33, -2], [33, -2]]
    """
    if not weights.whole:
        warnings.warn("every weight is zero, split evenly", EvenSplit, stacklevel=2)
        weights = Weights((1,) * len(weights))
    if not totals:
        return [[] for _ in range(len(weights))]
    columns = weights.share_each([abs(total) for total in totals])
    if min(totals) >= 0:
        return columns
    signs = [-1 if total < 0 else 1 for total in totals]
    return [list(map(mul, column, signs)) for column in columns]


def rescale(values: Sequence[int], total: int) -> list[int]:
    """Returns whole parts of ``total`` in proportion to ``values``, which may be negative.

    Each part is its quota rounded down or up, by the largest remainder. Values that come to
    zero give no proportion: the total is then added to them in even parts.

    >>> rescale([80, 70, 50], 100)
    [40, 35, 25]
    >>> rescale([0, 0], 5)
    [3, 2]
    """
    whole = sum(values)
    if not whole:
        return list(map(add, values, apportion(total, [1] * len(values))))
    quotas = [Fraction(value * total, whole) for value in values]
    parts = [quota.numerator // quota.denominator for quota in quotas]
    rests = list(map(sub, quotas, parts))
    order = sorted(range(len(parts)), key=rests.__getitem__, reverse=True)
    for position in order[: total - sum(parts)]:
        parts[position] += 1
    return parts


def _largest_remainder(size: int, shares: Sequence[int], whole: int) -> list[int]:
    quotas = [size * share for share in shares]
    parts = [quota // whole for quota in quotas]
    left = size - sum(parts)
    if left:
        remainders = [quota % whole for quota in quotas]
        order = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
        for position in order[:left]:
            parts[position] += 1
    return parts


def _whole_weights(weights: Sequence[Weight]) -> list[int]:
    for weight in weights:
        if isinstance(weight, float):
            raise FloatRefused(weight)
        if isinstance(weight, Decimal):
            _require_finite(weight, "is not a finite weight", "不是有限的权重")
        if not isinstance(weight, (Rational, Decimal)):
            message, zh = "is no number to weigh by", "不是可作权重的数"
            raise NumberRefused(repr(weight), message, "not-a-number", zh=zh)
        _require_weight(weight)
    # Whole numbers of an array are made those of Python, which cannot overflow.
    exact = [Fraction(_of_python(each)) for each in weights]
    scale = lcm(*(weight.denominator for weight in exact))
    return [int(weight * scale) for weight in exact]


def _of_python(weight: Any) -> Weight:  # noqa: ANN401 - a number of an array is no int
    return int(weight) if isinstance(weight, Integral) else weight


def _require_weight(weight: Weight) -> None:
    if weight < 0:
        message = "is a negative weight"
        raise NumberRefused(weight, message, "negative-weight", zh="是负的权重")


def _decimals_of(amount: Decimal | int) -> int:
    return len(f"{amount:f}".rstrip("0").partition(".")[2])
