"""An axis of round numbers, labelled as people say them: 万 and 亿, or k, M and B."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import attrs

__all__ = ["Axis", "make_axis", "text_width"]

_UNITS = {
    "zh": ((Decimal(10**8), "亿"), (Decimal(10**4), "万")),
    "en": ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "k")),
}
_STEPS = (1, 2, 5, 10)
_INTERVALS = 4


@attrs.frozen
class Axis:
    """From the first tick to the last; all ticks are named in one unit."""

    ticks: tuple[tuple[Decimal, str], ...]
    lang: str

    def at(self, value: Decimal, start: float, stop: float) -> float:
        """Returns where a value stands between the places of the first and the last tick."""
        first, last = self.ticks[0][0], self.ticks[-1][0]
        return start + float((value - first) / (last - first)) * (stop - start)

    def short(self, value: Decimal) -> str:
        """Returns a value as it is said, with three digits."""
        return _named(Decimal(f"{value:.3g}"), *_unit(value, self.lang))


def make_axis(low: Decimal, high: Decimal, lang: str) -> Axis:
    """Returns an axis that holds both values and zero, with a handful of intervals.

    >>> [text for _, text in make_axis(Decimal(0), Decimal(3_100_000), "zh").ticks]
    ['0', '100万', '200万', '300万', '400万']
    >>> len(make_axis(Decimal(0), Decimal(0), "zh").ticks) > 1
    True
    """
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    high = high if high > low else Decimal(1)
    span = high - low
    power = Decimal(1).scaleb((span / _INTERVALS).adjusted())
    step = next(power * each for each in _STEPS if power * each * _INTERVALS >= span)
    first, last = int(low // step), int(high // step)
    first -= first * step > low
    last += last * step < high
    ticks = [number * step for number in range(first, last + 1)]
    unit = _unit(max(map(abs, ticks)), lang)
    return Axis(tuple((tick, _named(tick, *unit)) for tick in ticks), lang)


def text_width(text: str) -> float:
    """Returns about how wide a text is drawn in letters of 12 units."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return 12.5 * wide + 7.0 * (len(text) - wide)


def _unit(value: Decimal, lang: str) -> tuple[Decimal, str]:
    units = _UNITS.get(lang, _UNITS["en"])
    return next((unit for unit in units if abs(value) >= unit[0]), (Decimal(1), ""))


def _named(value: Decimal, size: Decimal, name: str) -> str:
    if not value:
        return "0"
    text = f"{value / size:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + name
