"""Which column of a source is what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, tzinfo
from decimal import Decimal
from fractions import Fraction

import attrs

from salesgoal.domain.period import Level
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.intake.parse import UNITS

__all__ = ["SourceMap", "missing_columns"]


@attrs.frozen(kw_only=True)
class SourceMap:
    """How the rows of one source are read.

    Attributes:
        name: The source, in reports.
        on: The column of the day, or None.
        period: The column of the period, for reports that give only a total, or None.
        dimensions: Dimension id -> column.
        metrics: Metric id -> column.
        members: Dimension id -> member, for a source that speaks of one member only.
        split: The dimensions whose cells may name several members with their shares.
        values: Metric id -> amount that every row stands for, such as 1 for "one order line".
        date_format: Of texts in the day's column; None for forms that begin with the year.
        period_format: Likewise for periods, with ``period_level``.
        period_level: Which period of the named day is meant.
        unit: The unit that the plan gives; blank where it gives none.
        factor: How many whole units (yuan) one unit of the source is.
        factors: Metric id -> the same for one column, where its header or a unit line says so.
        zone: Where the business days of moments are; None where the plan names none.
        round_excess: Round surplus decimals half up instead of refusing them.
        coverage: The first and last day the source speaks of; None for those read.
        totals_to_date: The total of a period that is not over is what came so far, and counts.
    """

    name: str
    on: str | None = None
    period: str | None = None
    dimensions: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    metrics: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    members: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    split: frozenset[str] = frozenset()
    values: Mapping[str, Decimal | int] = attrs.field(factory=dict, hash=False)
    date_format: str | None = None
    period_format: str | None = None
    period_level: Level | None = None
    unit: str = ""
    factor: Fraction = UNITS[""]
    factors: Mapping[str, Fraction] = attrs.field(factory=dict, hash=False)
    zone: tzinfo | None = None
    round_excess: bool = False
    coverage: tuple[date, date] | None = None
    totals_to_date: bool = False

    @property
    def time_column(self) -> str:
        """The column that says when."""
        return self.on or self.period or ""

    @property
    def used(self) -> tuple[str, ...]:
        """Every column that is read, once."""
        return tuple(
            dict.fromkeys((self.time_column, *self.dimensions.values(), *self.metrics.values()))
        )


def missing_columns(
    used: Sequence[str], found: Sequence[str], where: Place
) -> Iterator[Problem]:
    """Problems of columns that the header lacks, or has more than once."""
    for column in used:
        count = found.count(column)
        if not count:
            header = ", ".join(found) or "-"
            yield problem("missing-column", where, column=column, found=header)
        elif count > 1:
            yield problem("duplicate-column", where, column=column, count=count)
