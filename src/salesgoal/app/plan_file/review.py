"""The tables of a plan file about causes and composite scores: one class a table."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from salesgoal.app.plan_file.key import plan_key
from salesgoal.domain.cause import CauseKind
from salesgoal.domain.composite import MissingRule

__all__ = ["CauseTable", "ScoreMetricTable", "ScoreTable"]


@attrs.frozen(kw_only=True)
class CauseTable:
    """One cause of the plan's own catalogue."""

    kind: CauseKind = plan_key("subjective 主观 or objective 客观")
    name: str = plan_key("what people see")
    name_en: str | None = plan_key("the same in English; the code where left out", default=None)


@attrs.frozen(kw_only=True)
class ScoreMetricTable:
    """How one metric counts in the composite score."""

    weight: int | Decimal = plan_key("percent; all weights total 100")
    cap: int | Decimal | None = plan_key(
        "percent: an attainment above it counts as this", default=None
    )
    floor: int | Decimal | None = plan_key(
        "percent: an attainment below it counts as this", default=None
    )


@attrs.frozen(kw_only=True)
class ScoreTable:
    """Several metrics in one score, and the ranking by it."""

    metrics: Mapping[str, ScoreMetricTable] = plan_key("metric -> how it counts")
    missing: MissingRule = plan_key(
        "what a metric without target or data does", default=MissingRule.REFUSE
    )
    by: list[str] | None = plan_key(
        "the dimensions whose lowest goals are ranked; the first breakdown's where left out",
        default=None,
    )
