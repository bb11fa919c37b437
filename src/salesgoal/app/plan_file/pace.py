"""The table ``[pace]`` of a plan file, and what it means."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import attrs

from salesgoal.app.plan_file.key import plan_key
from salesgoal.domain.forecast import ForecastMethod
from salesgoal.domain.pace import PaceBasis, PaceSettings

__all__ = ["PaceTable", "make_pace"]


class PlanMethod(StrEnum):
    """The methods of forecast that a plan may choose from."""

    RUN_RATE = ForecastMethod.RUN_RATE
    SHARE_OF_LAST_YEAR = ForecastMethod.SHARE_OF_LAST_YEAR
    SHARE_OF_YEARS = ForecastMethod.SHARE_OF_YEARS
    SHARE_OF_RECENT = ForecastMethod.SHARE_OF_RECENT


@attrs.frozen(kw_only=True)
class PaceTable:
    """What is expected by a day, when that is on track, and how the end is projected."""

    basis: PaceBasis = plan_key(
        "typed sub-periods with workdays inside them; or workdays, days, profile alone",
        default=PaceBasis.TYPED,
    )
    profile: list[int | Decimal] | None = plan_key(
        "for basis profile: the weights of 12 months, 4 quarters or 2 halves of a year",
        default=None,
    )
    ahead: int | Decimal = plan_key(
        "from which ratio of actual to expected it is ahead; 1.05", default=Decimal("1.05")
    )
    on_track: int | Decimal = plan_key(
        "from which ratio it is on track; 0.95", default=Decimal("0.95")
    )
    at_risk: int | Decimal = plan_key(
        "from which ratio it is at risk, below it is behind; 0.80", default=Decimal("0.80")
    )
    forecast: PlanMethod = plan_key(
        "how track --to-date projects what grows", default=PlanMethod.RUN_RATE
    )


def make_pace(table: PaceTable) -> PaceSettings:
    """Returns the settings of a table.

    Raises:
        UsageError: They contradict one another.
    """
    return PaceSettings(
        basis=table.basis,
        profile=tuple(Fraction(each) for each in table.profile or ()),
        ahead=Fraction(table.ahead),
        on_track=Fraction(table.on_track),
        at_risk=Fraction(table.at_risk),
    )
