"""Checks of a plan's names, before anything is built on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesgoal.domain.dimension import nearest_names
from salesgoal.domain.metric import Ratio
from salesgoal.domain.problem import Place, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from salesgoal.domain.dimension import Dimension
    from salesgoal.domain.metric import Metric

__all__ = ["RESERVED", "check_names", "nearest_facts", "unknown_metric"]

RESERVED = frozenset(
    {"on", "period", "level", "metric", "target", "floor", "stretch", "goal", "key", "customer"}
    | {"owner", "department", "due_on", "cause", "measure", "hint", "since", "until"}
)
"""Column roles of tables: no dimension or metric may bear one of these as its id."""


_KINDS_ZH = {"metric": "指标", "dimension": "维度", "role": "列角色"}


def check_names(
    metrics: Sequence[Metric], dimensions: Sequence[Dimension], place: Place
) -> list[Problem]:
    """Returns a problem for every id used twice or reserved, and for ratios of nothing."""
    return [*_doubles(metrics, dimensions, place), *_ratios(metrics, place)]


def nearest_facts(kind: str, name: str, nearest: Sequence[str]) -> dict[str, str]:
    """Returns the facts of an ``unknown-reference`` problem."""
    shown = "、".join(nearest)
    return {
        "kind": kind,
        "kind_zh": _KINDS_ZH[kind],
        "name": name,
        "nearest_zh": f"；是否为 {shown}" if shown else "",
        "nearest_en": f"; did you mean {shown}" if shown else "",
    }


def unknown_metric(
    name: str, known: Sequence[str], where: Place, column: str | None
) -> Problem:
    """Returns the problem of a metric that the plan lacks, with suggestions."""
    facts = nearest_facts("metric", name, nearest_names(name, known))
    nearest = {key: facts[key] for key in ("nearest_zh", "nearest_en")}
    return problem("unknown-metric", where, column=column, value=name, **nearest)


def _doubles(
    metrics: Sequence[Metric], dimensions: Sequence[Dimension], place: Place
) -> Iterator[Problem]:
    kinds = dict.fromkeys(RESERVED, "a column role")
    for kind, things in (("metric", metrics), ("dimension", dimensions)):
        for each in things:
            if each.id in kinds:
                other = kinds[each.id]
                yield problem("duplicate-name", place, column=kind, value=each.id, other=other)
            kinds[each.id] = f"a {kind}"


def _ratios(metrics: Sequence[Metric], place: Place) -> Iterator[Problem]:
    plain = [metric.id for metric in metrics if not isinstance(metric.aggregation, Ratio)]
    for metric in metrics:
        if isinstance(metric.aggregation, Ratio):
            for part in (metric.aggregation.numerator, metric.aggregation.denominator):
                if part not in plain:
                    facts = nearest_facts("metric", part, plain)
                    yield problem("unknown-reference", place, column=metric.id, **facts)
