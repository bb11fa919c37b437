"""Scales: amounts of money shown in 元, 万元 or 亿元. The value itself never changes."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import Exact, to_amount
from salesgoal.sheets.bilingual import Words

__all__ = [
    "MONEY",
    "SCALED_DECIMALS",
    "Scale",
    "scalable_unit",
    "scale_amount",
    "scale_note",
]

MONEY = "元"
"""The unit whose amounts are scaled; others never are."""

SCALED_DECIMALS = 2


class Scale(StrEnum):
    """In what amounts of money are shown."""

    YUAN = "元"
    WAN = "万元"
    YI = "亿元"

    @property
    def power(self) -> int:
        """How many digits the point moves to the left."""
        return _POWERS[self]

    def unit(self, unit: str) -> str:
        """Returns the unit that amounts of a unit are shown in.

        >>> Scale.WAN.unit("元"), Scale.WAN.unit("个")
        ('万元', '个')
        """
        return str(self) if unit == MONEY else unit


_POWERS = {Scale.YUAN: 0, Scale.WAN: 4, Scale.YI: 8}


def scale_amount(units: Exact, decimals: int, scale: Scale) -> Decimal:
    """Returns an amount of smallest units in a scale, two decimals, half up.

    >>> scale_amount(1_234_550_00, 2, Scale.WAN)
    Decimal('123.46')
    """
    if scale is Scale.YUAN:
        return to_amount(units, decimals)
    times = 10**SCALED_DECIMALS
    return to_amount(Fraction(units * times, 10 ** (decimals + scale.power)), SCALED_DECIMALS)


def scalable_unit(metric: Metric) -> str:
    """Returns the unit of a metric; '' for prices and means, which no scale makes smaller.

    >>> scalable_unit(Metric(id="sales", unit="元")), scalable_unit(
    ...     Metric(id="price", unit="元", aggregation=Aggregation.AVERAGE))
    ('元', '')
    """
    return metric.unit if metric.aggregation in _ADDED else ""


_ADDED = {Aggregation.SUM, Aggregation.LAST}


def scale_note(scale: Scale) -> Words:
    """Returns what is said of a sheet whose headers do not name the unit."""
    return Words(
        f"金额以{scale}计，单价和均值除外",
        f"amounts of money in {scale}, but for prices and means",
    )
