"""The table ``[alerts]`` of a plan file, and what it means."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs

from salesgoal.app.plan_file.key import plan_key
from salesgoal.domain.alert import MILESTONES
from salesgoal.errors import UsageError

__all__ = ["AlertTable", "make_milestones"]


@attrs.frozen(kw_only=True)
class AlertTable:
    """What alerts speak of."""

    milestones_pct: list[int | Decimal] | None = plan_key(
        "percent of the target that are worth a word; 50, 80, 100", default=None
    )


def make_milestones(table: AlertTable) -> tuple[Fraction, ...]:
    """Returns the shares of the target of a table; 50, 80 and 100 % where it names none.

    Raises:
        UsageError: A share that is not above zero.
    """
    if table.milestones_pct is None:
        return MILESTONES
    found = tuple(Fraction(each) * Fraction(1, 100) for each in table.milestones_pct)
    if any(each <= 0 for each in found):
        raise UsageError("milestones above 0 percent", "大于 0% 的里程碑")
    return found
