"""The tables of a plan file about causes and composite scores: one class a table."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

from salesgoal.domain.cause import CauseKind
from salesgoal.domain.composite import MissingRule

__all__ = ["CauseTable", "ScoreMetricTable", "ScoreTable"]


def _key(doc: str, **settings: Any) -> Any:  # noqa: ANN401 - as attrs.field
    return attrs.field(metadata={"doc": doc}, **settings)


@attrs.frozen(kw_only=True)
class CauseTable:
    """One cause of the plan's own catalogue."""

    kind: CauseKind = _key("subjective 主观 or objective 客观")
    name: str = _key("what people see")
    name_en: str | None = _key("the same in English; the code where left out", default=None)


@attrs.frozen(kw_only=True)
class ScoreMetricTable:
    """How one metric counts in the composite score."""

    weight: int | Decimal = _key("percent; all weights total 100")
    cap: int | Decimal | None = _key(
        "percent: an attainment above it counts as this", default=None
    )
    floor: int | Decimal | None = _key(
        "percent: an attainment below it counts as this", default=None
    )


@attrs.frozen(kw_only=True)
class ScoreTable:
    """Several metrics in one score, and the ranking by it."""

    metrics: Mapping[str, ScoreMetricTable] = _key("metric -> how it counts")
    missing: MissingRule = _key(
        "what a metric without target or data does", default=MissingRule.REFUSE
    )
    by: list[str] | None = _key(
        "the dimensions whose lowest goals are ranked; the first breakdown's where left out",
        default=None,
    )
