"""Metrics, dimensions and levels as people name them: by id, or as reports show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from salesgoal.domain.period import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from salesgoal.domain.dimension import Dimension
    from salesgoal.domain.metric import Metric
    from salesgoal.domain.plan import Plan

__all__ = ["dimension_id", "level_id", "metric_id"]

_SHORT = {"年": Level.YEAR, "季": Level.QUARTER, "月度": Level.MONTH}


@overload
def metric_id(plan: Plan, text: str) -> str: ...


@overload
def metric_id(plan: Plan, text: str | None) -> str | None: ...


def metric_id(plan: Plan, text: str | None) -> str | None:
    """Returns the id of the metric that is meant; what nobody bears stays as it is."""
    return None if text is None else _id(plan.metrics, text)


def dimension_id(plan: Plan, text: str) -> str:
    """Returns the id of the dimension that is meant; what nobody bears stays as it is."""
    return _id(plan.dimensions, text.strip())


@overload
def level_id(text: str) -> str: ...


@overload
def level_id(text: str | None) -> str | None: ...


def level_id(text: str | None) -> str | None:
    """Returns the level that is meant; what names none stays as it is.

    >>> level_id("季度"), level_id("月"), level_id("month"), level_id("monthly")
    ('quarter', 'month', 'month', 'monthly')
    """
    named = {level.zh: level for level in Level} | _SHORT
    return text if text is None else str(named.get(text, text))


def _id(known: Sequence[Metric | Dimension], text: str) -> str:
    """The one that bears the id, else the one that bears the name."""
    named = {each.name: each.id for each in known} | {each.id: each.id for each in known}
    return named.get(text, text)
