"""Causes and composite scores, from the plan file to the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from salesgoal.app.plan_file.review import CauseTable, ScoreTable
from salesgoal.domain.cause import DEFAULT_CAUSES, Cause
from salesgoal.domain.composite import ScoreRule, Weight
from salesgoal.domain.dimension import nearest_names
from salesgoal.domain.plan import Plan
from salesgoal.domain.plan_check import nearest_facts
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.role import Role
from salesgoal.errors import PlanRefused

__all__ = ["check_score", "make_causes", "make_score_rule"]


def make_causes(tables: Mapping[str, CauseTable]) -> tuple[Cause, ...]:
    """Returns the plan's own catalogue of causes, else the built-in one."""
    if not tables:
        return DEFAULT_CAUSES
    return tuple(
        Cause(code, table.kind, table.name, table.name_en or code)
        for code, table in tables.items()
    )


def make_score_rule(table: ScoreTable) -> ScoreRule:
    """Returns the rule of a table that `check_score` let pass."""
    return ScoreRule(
        weights=tuple(
            Weight(
                metric=name,
                share=Fraction(each.weight) / 100,
                cap=_ratio(each.cap),
                floor=_ratio(each.floor),
            )
            for name, each in table.metrics.items()
        ),
        missing=table.missing,
    )


def check_score(table: ScoreTable | None, plan: Plan, file: str) -> None:
    """Refuses weights that do not total 100, and names that the plan lacks.

    Raises:
        PlanRefused: With every fault of the table.
    """
    if table is None:
        return
    problems = [
        *_unknown("metric", table.metrics, [each.id for each in plan.metrics], file),
        *_unknown("dimension", table.by or (), [each.id for each in plan.dimensions], file),
    ]
    for name, each in table.metrics.items():
        place = Place(file, key=f"score.metrics.{name}")
        if each.weight < 0:
            problems.append(_bad(place, "weight is below zero", "权重不能为负"))
        if each.cap is not None and each.floor is not None and each.cap < each.floor:
            problems.append(_bad(place, "cap is below floor", "封顶低于保底"))
    total = sum((Fraction(each.weight) for each in table.metrics.values()), Fraction(0))
    if total != 100:  # noqa: PLR2004 - percent
        shown = sum((Decimal(each.weight) for each in table.metrics.values()), Decimal(0))
        place = Place(file, key="score.metrics")
        problems.append(problem("percent-total", place, column=Role.WEIGHT, total=f"{shown:f}"))
    if problems:
        raise PlanRefused(problems)


def _unknown(kind: str, names: Iterable[str], known: list[str], file: str) -> list[Problem]:
    place = Place(file, key="score.metrics" if kind == "metric" else "score.by")
    return [
        problem(
            "unknown-reference",
            place,
            **nearest_facts(kind, name, nearest_names(name, known)),
        )
        for name in names
        if name not in known
    ]


def _bad(place: Place, reason: str, reason_zh: str) -> Problem:
    return problem("bad-value", place, reason=reason, reason_zh=reason_zh)


def _ratio(percent: int | Decimal | None) -> Fraction | None:
    return None if percent is None else Fraction(percent) / 100
