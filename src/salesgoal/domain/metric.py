"""Metrics: what is measured, in which unit, and how it adds up."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.domain.kind import a_text, require_count
from salesgoal.domain.number import Exact
from salesgoal.errors import UsageError

__all__ = ["Aggregation", "Direction", "Metric", "Ratio"]


class Aggregation(StrEnum):
    """How the values of a metric combine over the tree and over time.

    ``SUM`` adds everywhere. ``LAST`` adds over the tree and takes the latest over time
    (balances, headcount). ``AVERAGE`` is the mean of the readings; ``MAXIMUM`` and ``MINIMUM``
    the extreme. ``DISTINCT`` counts different keys, so a customer seen twice counts once.
    """

    SUM = "sum"
    LAST = "last"
    AVERAGE = "average"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    DISTINCT = "distinct"


class Direction(StrEnum):
    """Whether more is better, or less."""

    MAXIMISE = "maximise"
    MINIMISE = "minimise"


@attrs.frozen
class Ratio:
    """An aggregation: one rolled-up metric over another, never a mean of ratios."""

    numerator: str
    denominator: str


@attrs.frozen(kw_only=True)
class Metric:
    """Something that is measured and may have a target.

    Attributes:
        id: The name in files and code.
        name: What people see.
        unit: 元, 个, %; ``%`` shows ratios times one hundred.
        decimals: How many decimals the unit keeps, 0 to 9.
        aggregation: How values combine.
        direction: Whether more is better.
        baseline: Where an improvement starts, in smallest units, or None.
        negative: Whether a target below zero is allowed.

    >>> Metric(id="sales", name="销售额", unit="元", decimals=2).is_additive
    True
    """

    id: str = attrs.field(validator=a_text)
    name: str = attrs.field(
        default=attrs.Factory(lambda self: self.id, takes_self=True), validator=a_text
    )
    unit: str = ""
    decimals: int = 0
    aggregation: Aggregation | Ratio = Aggregation.SUM
    direction: Direction = Direction.MAXIMISE
    baseline: int | None = None
    negative: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuses decimals that an amount cannot have.

        Raises:
            FloatRefused, KindRefused: Decimals that are no whole number.
            UsageError: Fewer than 0 or more than 9 decimals.
        """
        require_count(self.decimals, "decimals")
        if not 0 <= self.decimals <= 9:  # noqa: PLR2004 - the range stands in the message
            message = f"metric {self.id} keeps {self.decimals} decimals - give 0 to 9"
            zh = f"指标 {self.id} 保留 {self.decimals} 位小数 - 须为 0 至 9"
            raise UsageError(message, zh)

    @property
    def reading(self) -> Aggregation:
        """The aggregation of a metric that facts carry.

        Raises:
            UsageError: It is a ratio, which is made from other metrics.
        """
        if isinstance(self.aggregation, Ratio):
            message = f"{self.id} is a ratio - give facts to its parts instead"
            raise UsageError(message, f"{self.id} 是比率 - 请给出构成它的各指标的实际值")
        return self.aggregation

    @property
    def is_additive(self) -> bool:
        """Whether values simply add, so that the conservation law speaks of their total."""
        return self.aggregation is Aggregation.SUM

    def ratio_units(
        self, numerator: Exact, denominator: Exact, parts: tuple[Metric, Metric]
    ) -> Fraction | None:
        """Returns numerator over denominator in this metric's smallest unit; None over zero.

        Args:
            numerator: In smallest units of ``parts[0]``.
            denominator: In smallest units of ``parts[1]``.
            parts: The two metrics.

        >>> orders, sales = Metric(id="orders"), Metric(id="sales", decimals=2)
        >>> mean = Metric(id="mean", decimals=2, aggregation=Ratio("sales", "orders"))
        >>> mean.ratio_units(100_00, 8, (sales, orders))
        Fraction(1250, 1)
        """
        if not denominator:
            return None
        return Fraction(numerator * self.unit_times(parts), denominator)

    def unit_times(self, parts: tuple[Metric, Metric]) -> Fraction:
        """Returns what the quotient of units times makes this metric's smallest unit."""
        over, under = parts
        times = self.shown_times * 10 ** (under.decimals + self.decimals)
        return Fraction(times, 10**over.decimals)

    @property
    def is_percent(self) -> bool:
        """Whether it is itself a percentage, so that its changes are percentage points.

        >>> Metric(id="margin", name="毛利率", unit="%").is_percent
        True
        """
        return self.unit == "%"

    @property
    def shown_times(self) -> int:
        """100 for a ratio shown in percent, otherwise 1."""
        return 100 if isinstance(self.aggregation, Ratio) and self.is_percent else 1
