"""Allocation: one amount into parts that add up to it exactly, whatever else is asked of them.

typed parts   stay as they are; the rest is shared by the weights of the others
a weight of 0 gets nothing, unless nobody else can take it: then evenly, with `EvenSplit`
floors, caps  proportional as far as they allow: the side that is violated more is pinned to its
              bounds and the rest shared again, then the largest remainders
a step        parts are multiples of it (typed ones as they are); what is left below one step
              goes to the largest part with room, ties to the larger weight, then the earlier

A part without a floor is never below zero where the total is not, so amounts typed above the
total are refused. A negative total mirrors a positive one: its caps are floors.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import attrs

from salesgoal.domain.number import (
    EvenSplit,
    Weight,
    Weights,
    apportion,
    weigh,
)
from salesgoal.domain.problem_text import TEXTS
from salesgoal.errors import AllocationRefused, UsageError

__all__ = [
    "allocate",
    "refused",
]


_NOTHING: Mapping[int, int] = {}


def allocate(
    total: int,
    weights: Sequence[Weight] | Weights,
    *,
    typed: Mapping[int, int] = _NOTHING,
    floors: Mapping[int, int] = _NOTHING,
    caps: Mapping[int, int] = _NOTHING,
    step: int = 1,
) -> list[int]:
    """Returns parts that add up to ``total`` exactly; all amounts in smallest units.

    Linear in the parts, times the rounds of pinning where floors or caps bind.

    Args:
        total: What the parts come to.
        weights: One a part.
        typed: Position -> a part that stays as it is.
        floors: Position -> the least.
        caps: Position -> the most.
        step: What the other parts are multiples of.

    Raises:
        AllocationRefused: No parts keep to all that and add up.
        FloatRefused, NumberRefused: A weight that is none.
        UsageError: A step below 1, or the position of no part.

    Source: the pinning is that of flexible lengths in CSS.

    >>> allocate(100, [5, 3, 2], caps={0: 30}, floors={2: 30})
    [30, 40, 30]
    >>> allocate(1_005, [1, 1, 1], step=100)
    [405, 300, 300]
    """
    held = weights if isinstance(weights, Weights) else weigh(weights)
    if step < 1:
        message = f"step is {step} - give 1 or more of the smallest unit"
        raise UsageError(message, f"step 为 {step} - 须为最小单位的 1 倍以上")
    if step == 1 and not typed and not floors and not caps:
        return apportion(total, held)
    stray = {*typed, *floors, *caps} - set(range(len(held)))
    if stray:
        first, last = min(stray), len(held) - 1
        message = f"there is no part {first} - positions are 0 to {last}"
        raise UsageError(message, f"没有第 {first} 份 - 位置从 0 到 {last}")
    sign = -1 if total < 0 else 1
    low, high = (caps, floors) if total < 0 else (floors, caps)
    free = [at for at in range(len(held)) if at not in typed]
    share = _Share(
        total=abs(total),
        sign=sign,
        shares=[held.shares[at] for at in free],
        typed=sign * sum(typed.values()),
        floors=[_signed(low.get(at), sign) for at in free],
        caps=[_signed(high.get(at), sign) for at in free],
        step=step,
    )
    found = dict(zip(free, share.parts(), strict=True))
    return [typed[at] if at in typed else sign * found[at] for at in range(len(held))]


def refused(code: str, **facts: int | str) -> AllocationRefused:
    """Returns the error of a problem's code; whole numbers are amounts in smallest units."""
    said = {
        name: f"{each:,}" if isinstance(each, int) else each for name, each in facts.items()
    }
    text = TEXTS[code]
    en, zh = (
        f"{text.message[lang]} - {text.remedy[lang]}".format_map(said) for lang in ("en", "zh")
    )
    return AllocationRefused(en, code, facts, zh=zh)


@attrs.frozen(kw_only=True)
class _Share:
    """A total of zero or more, and what is asked of the parts that are not typed."""

    total: int
    sign: int
    shares: list[int]
    typed: int
    floors: list[int | None]
    caps: list[int | None]
    step: int

    def parts(self) -> list[int]:
        rest = self.total - self.typed
        if not self.shares:
            if rest:
                raise self._refused("typed-unequal")
            return []
        low = [_least(*bounds) for bounds in zip(self.floors, self.caps, strict=True)]
        high = [self._most(*bounds) for bounds in zip(self.floors, self.caps, strict=True)]
        self._check(rest, low, high)
        if self.step == 1:
            return _fill(rest, self.shares, low, high)
        return self._in_steps(rest, low, high)

    def _most(self, floor: int | None, cap: int | None) -> int | None:
        """A part without a cap may have anything, but of nothing only what its floor says."""
        return cap if cap is not None or self.total else max(0, floor or 0)

    def _check(self, rest: int, low: list[int], high: list[int | None]) -> None:
        for least, most in zip(low, high, strict=True):
            if most is not None and least > most:
                raise self._refused("floors-above", bound=least, rest=most)
        least, most = sum(low), _sum_known(high)
        if rest < least:
            bounded = any(floor is not None for floor in self.floors)
            raise self._refused("floors-above" if bounded else "typed-over", bound=least)
        if most is not None and rest > most:
            bounded = any(cap is not None for cap in self.caps)
            raise self._refused("caps-below" if bounded else "typed-over", bound=most)

    def _in_steps(self, rest: int, low: list[int], high: list[int | None]) -> list[int]:
        """Whole steps within the bounds, then what is left below one step."""
        step = self.step
        least = [-(-each // step) for each in low]
        most = [None if each is None else each // step for each in high]
        steps, left = divmod(rest, step)
        pairs = zip(least, most, strict=True)
        crossed = any(above is not None and below > above for below, above in pairs)
        room = _sum_known(most)
        if crossed or steps < sum(least) or (room is not None and steps > room):
            raise self._refused("no-step-fits")
        parts = [each * step for each in _fill(steps, self.shares, least, most)]
        if left:
            takers = [
                (self.shares[at] > 0, part, self.shares[at], -at)
                for at, part in enumerate(parts)
                if (cap := high[at]) is None or part + left <= cap
            ]
            if not takers:
                raise self._refused("no-step-fits")
            parts[-max(takers)[-1]] += left
        return parts

    def _refused(self, code: str, **facts: int) -> AllocationRefused:
        """The error in the signs of the caller, where the floors of a debt are its caps."""
        if self.sign < 0:
            code = {"floors-above": "caps-below", "caps-below": "floors-above"}.get(code, code)
        told = {"total": self.total, "typed": self.typed, "rest": self.total - self.typed}
        told = {name: self.sign * each for name, each in {**told, **facts}.items()}
        return refused(code, **{**told, "step": self.step})


def _fill(
    rest: int, shares: Sequence[int], low: Sequence[int], high: Sequence[int | None]
) -> list[int]:
    """Proportional parts within bounds that have room for the rest."""
    parts = [0] * len(shares)
    free = list(range(len(shares)))
    while free:
        whole = sum(shares[at] for at in free)
        if not whole:
            if rest:
                warnings.warn(
                    "every free weight is zero, split evenly", EvenSplit, stacklevel=5
                )
            shares, whole = [1] * len(shares), len(free)
        quotas = {at: rest * shares[at] for at in free}
        pinned = _pinned(quotas, whole, low, high)
        if not pinned:
            break
        for at, bound in pinned.items():
            parts[at] = bound
        rest -= sum(pinned.values())
        free = [at for at in free if at not in pinned]
    if free:
        for at, part in zip(free, apportion(rest, [shares[at] for at in free]), strict=True):
            parts[at] = part
    return parts


def _pinned(
    quotas: Mapping[int, int], whole: int, low: Sequence[int], high: Sequence[int | None]
) -> dict[int, int]:
    """The parts beyond their bounds, on the side that is violated more, with their bounds.

    Quotas are times ``whole``. Where more is lacking below than exceeds above, the others will
    get less, so whoever lacks now lacks at the end; and the other way round.
    """
    floors, caps, violation = {}, {}, 0
    for at, quota in quotas.items():
        most = high[at]
        if quota < low[at] * whole:
            floors[at] = low[at]
            violation += low[at] * whole - quota
        elif most is not None and quota > most * whole:
            caps[at] = most
            violation -= quota - most * whole
    return {**(floors if violation >= 0 else {}), **(caps if violation <= 0 else {})}


def _least(floor: int | None, cap: int | None) -> int:
    return min(0, cap or 0) if floor is None else floor


def _sum_known(bounds: Sequence[int | None]) -> int | None:
    known = [each for each in bounds if each is not None]
    return sum(known) if len(known) == len(bounds) else None


def _signed(bound: int | None, sign: int) -> int | None:
    return None if bound is None else sign * bound
