"""Checks of a plan's names, before anything is built on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesgoal.domain.dimension import nearest_names
from salesgoal.domain.metric import Ratio
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.role import Role
from salesgoal.errors import UnknownWorkdays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from salesgoal.domain.dimension import Dimension
    from salesgoal.domain.metric import Metric
    from salesgoal.domain.period import Period
    from salesgoal.domain.work_calendar import WorkCalendar

__all__ = ["RESERVED", "check_names", "check_workdays", "nearest_facts", "unknown_metric"]

RESERVED = frozenset(
    {"on", "period", "level", "metric", "target", "floor", "stretch", "goal", "key", "customer"}
    | {"commit", "owner", "department", "due_on", "cause", "measure", "hint", "since", "until"}
)
"""Column roles of tables: no dimension or metric may bear one of these as its id."""


_KINDS_ZH = {
    "metric": "指标",
    "dimension": "维度",
    "role": "列角色",
    "profile": "分布",
    "goal": "目标",
    "period": "期间",
}


def check_names(
    metrics: Sequence[Metric], dimensions: Sequence[Dimension], place: Place
) -> list[Problem]:
    """Returns a problem for every name used twice or reserved, and for ratios of nothing."""
    shown = [
        *_shown_twice(Role.METRIC, metrics, place),
        *_shown_twice(Role.DIMENSION, dimensions, place),
    ]
    return [*_doubles(metrics, dimensions, place), *shown, *_ratios(metrics, place)]


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


def check_workdays(
    workdays: WorkCalendar | None, period: Period, place: Place
) -> list[Problem]:
    """Returns a problem for the days that are not known, and one for those estimated."""
    if workdays is None:
        return []
    unknown: list[date] = []
    estimated: list[date] = []
    for day in period:
        if not workdays.known(day):
            (estimated if _answers(workdays, day) else unknown).append(day)
    until = workdays.known_until
    facts = {
        "until_zh": f"（日历截至 {until}）" if until else "",
        "until_en": f"; it covers days until {until}" if until else "",
    }
    found = {"unknown-workdays": unknown, "provisional-workdays": estimated}
    return [
        problem(code, place, column="workdays", count=len(days), first=days[0], **facts)
        for code, days in found.items()
        if days
    ]


def _answers(workdays: WorkCalendar, day: date) -> bool:
    try:
        workdays.is_workday(day)
    except UnknownWorkdays:
        return False
    return True


def _doubles(
    metrics: Sequence[Metric], dimensions: Sequence[Dimension], place: Place
) -> Iterator[Problem]:
    kinds = dict.fromkeys(RESERVED, ("a column role", "列角色"))
    for kind, things in ((Role.METRIC, metrics), (Role.DIMENSION, dimensions)):
        for each in things:
            if each.id in kinds:
                en, zh = kinds[each.id]
                facts = {"value": each.id, "other": en, "other_zh": zh}
                yield problem("duplicate-name", place, column=kind, **facts)
            kinds[each.id] = (f"a {kind}", _KINDS_ZH[kind])


def _shown_twice(
    kind: Role, things: Sequence[Metric | Dimension], place: Place
) -> Iterator[Problem]:
    """Two that people call the same would both read the column of that name."""
    known: dict[str, str] = {}
    for each in things:
        if known.setdefault(each.name, each.id) != each.id:
            first = known[each.name]
            facts = {"other": f"the {kind} {first}", "other_zh": f"{_KINDS_ZH[kind]} {first}"}
            yield problem("duplicate-name", place, column=kind, value=each.name, **facts)


def _ratios(metrics: Sequence[Metric], place: Place) -> Iterator[Problem]:
    plain = [metric.id for metric in metrics if not isinstance(metric.aggregation, Ratio)]
    for metric in metrics:
        if isinstance(metric.aggregation, Ratio):
            for part in (metric.aggregation.numerator, metric.aggregation.denominator):
                if part not in plain:
                    facts = nearest_facts("metric", part, plain)
                    yield problem("unknown-reference", place, column=metric.id, **facts)
