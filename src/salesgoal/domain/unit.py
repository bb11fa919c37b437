"""Units of money that Chinese sheets are written in."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

__all__ = ["UNITS"]

UNITS: Mapping[str, Fraction] = {
    "": Fraction(1),
    "分": Fraction(1, 100),
    "元": Fraction(1),
    "千": Fraction(1_000),
    "千元": Fraction(1_000),
    "万": Fraction(10_000),
    "万元": Fraction(10_000),
    "百万": Fraction(1_000_000),
    "百万元": Fraction(1_000_000),
    "千万": Fraction(10_000_000),
    "千万元": Fraction(10_000_000),
    "亿": Fraction(100_000_000),
    "亿元": Fraction(100_000_000),
}
"""Unit of a source -> how many whole units (yuan) it is."""
