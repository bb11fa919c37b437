"""Columns of amounts: whole columns of exact numbers at once, anything else cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from itertools import repeat
from operator import mul
from typing import Any

import attrs

from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.number import AMOUNT_LIMIT
from salesgoal.intake.amount_text import BLANK_TOKENS
from salesgoal.intake.name_text import refuse_damaged
from salesgoal.intake.parse import CellRefused, may_be_ratio, read_amount, read_name
from salesgoal.intake.readable import readable
from salesgoal.ports.importer import RawValue

__all__ = ["EXACT", "AmountColumn"]

EXACT = Context(prec=60, traps=[Inexact])
"""Whole columns are scaled in this context; what it would round is read cell by cell."""

_WHOLE: set[type] = {int}
_NUMBERS: set[type] = {int, Decimal}

_PLAIN_NUMBERS = re.compile(r"(?:-?[0-9]{1,40}(?:\.[0-9]{1,20})?(?:\n|\Z))+")
"""A column of texts, one a line, in none of which there is anything to interpret."""


@attrs.frozen
class AmountColumn:
    """The column of one metric in one source.

    Attributes:
        metric: What the column gives.
        at: Its position in the header.
        factor: How many whole units (yuan) one unit of the source is.
        round_excess: Round surplus decimals half up instead of refusing them.
    """

    metric: Metric
    at: int
    factor: Fraction
    round_excess: bool
    _scale: int | None = attrs.field(init=False, eq=False, repr=False)
    _limit: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Finds how many smallest units one unit of the source is, where that is whole."""
        units = 10**self.metric.decimals
        object.__setattr__(self, "_limit", AMOUNT_LIMIT * units)
        scale = self.factor * units
        object.__setattr__(self, "_scale", int(scale) if scale.denominator == 1 else None)

    def units(self, value: RawValue) -> int | str | None:
        """Returns one cell in units, or as the key of a counted metric; None where it is blank.

        Raises:
            CellRefused: It is no amount that the metric can hold.
        """
        readable(value)
        if self.metric.aggregation is Aggregation.DISTINCT:
            refuse_damaged(value)
            text = "" if value is None else str(value)
            return None if text.strip() in BLANK_TOKENS else read_name(text)
        return read_amount(value, self.metric, self.factor, round_excess=self.round_excess)

    def all_units(self, values: Sequence[RawValue]) -> Sequence[Any]:
        """Returns every cell in units, or as keys.

        Raises:
            CellRefused: One of them is blank, or no amount that the metric can hold.
            Inexact: A number with more digits than the context keeps.
        """
        scale = self._scale
        values, kinds = self._as_numbers(values)
        if scale is not None and self._is_exact(values, kinds):
            units: Sequence[Any] = values
            if scale != 1 or kinds != _WHOLE:
                factor = scale if kinds == _WHOLE else Decimal(scale)
                units = list(map(int, map(mul, values, repeat(factor))))
            if not units or -self._limit < min(units) <= max(units) < self._limit:
                return units
        found = [self.units(value) for value in values]
        if None in found:
            raise CellRefused("blank-required")
        return found

    def _as_numbers(self, values: Sequence[Any]) -> tuple[Sequence[Any], set[type]]:
        """A column and its types; of texts that are plain numbers, these instead."""
        kinds = set(map(type, values))
        if self.metric.aggregation is Aggregation.DISTINCT or kinds != {str}:
            return values, kinds
        column = "\n".join(values)
        if column.count("\n") != len(values) - 1 or not _PLAIN_NUMBERS.fullmatch(column):
            return values, kinds
        return list(map(Decimal, values)), {Decimal}

    def _is_exact(self, values: Sequence[Any], kinds: set[type]) -> bool:
        """Whether every cell is a number that comes to whole units, and needs no second look.

        An exact sum has as many decimals as the term with the most: one look at it is enough.
        """
        if not kinds <= _NUMBERS or self.metric.aggregation is Aggregation.DISTINCT:
            return False
        exponent = sum(values, Decimal(0)).as_tuple().exponent if Decimal in kinds else 0
        if not isinstance(exponent, int) or -exponent > self.metric.decimals:
            return False
        return not (self.metric.is_percent and any(map(may_be_ratio, values)))
