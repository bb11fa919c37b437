"""Finding columns: an explicit name wins, else the role's own names are looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from salesgoal.domain.dimension import Dimension, fold_name
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import SourceRefused
from salesgoal.intake.source_map import SourceMap, missing_columns

__all__ = ["ROLE_NAMES", "find_column", "find_columns", "map_source"]

ROLE_NAMES: Mapping[str, tuple[str, ...]] = {
    "on": ("on", "date", "日期", "业务日期", "成交日期"),
    "period": ("period", "期间", "月份", "周期"),
    "metric": ("metric", "指标"),
    "target": ("target", "目标", "目标值"),
    "floor": ("floor", "保底", "保底目标"),
    "stretch": ("stretch", "挑战", "挑战目标"),
    "commit": ("commit", "承诺", "承诺值"),
    "owner": ("owner", "负责人", "责任人"),
    "department": ("department", "部门", "责任部门"),
    "due_on": ("due_on", "完成时限", "截止日期"),
    "is_workday": ("is_workday", "是否工作日", "工作日"),
    "name": ("name", "名称"),
    "aliases": ("aliases", "别名"),
    "parent": ("parent", "上级"),
    "level": ("level", "级别"),
    "label": ("label", "期间名称"),
    "since": ("since", "开始日期"),
    "until": ("until", "结束日期"),
    "overlay": ("overlay", "重叠归属"),
}
"""Role -> the headers by which it is found where the plan names none."""


def find_column(names: Sequence[str], header: Sequence[str]) -> str | None:
    """Returns the first column of the header that bears one of the names, or None.

    >>> find_column(["date", "日期"], ["金额", " 日期 "])
    ' 日期 '
    """
    folded = {fold_name(column).casefold(): column for column in reversed(header)}
    for name in names:
        if fold_name(name).casefold() in folded:
            return folded[fold_name(name).casefold()]
    return None


def find_columns(
    wanted: Mapping[str, Sequence[str]], explicit: Mapping[str, str], header: Sequence[str]
) -> dict[str, str]:
    """Returns role -> column, for the roles that the plan names or the header shows."""
    found = {role: find_column(names, header) for role, names in wanted.items()}
    chosen = {role: column for role, column in found.items() if column is not None}
    return {**chosen, **explicit}


def roles_of(dimensions: Sequence[Dimension]) -> dict[str, tuple[str, ...]]:
    """Returns the headers by which the columns of dimensions are found."""
    return {each.id: (each.id, each.name) for each in dimensions}


def map_source(
    source: SourceMap,
    plan: Plan,
    explicit: Mapping[str, str],
    header: Sequence[str],
    place: Place,
) -> SourceMap:
    """Returns the map of a source, with the columns that its header shows.

    Raises:
        SourceRefused: A named column is missing, or nothing says when or how much.
    """
    dimensions = {
        name: names
        for name, names in roles_of(plan.dimensions).items()
        if name not in source.members
    }
    metrics = {
        each.id: _metric_names(each)
        for each in plan.metrics
        if not isinstance(each.aggregation, Ratio) and each.id not in source.values
    }
    times = {role: ROLE_NAMES[role] for role in ("on", "period")}
    found = find_columns({**dimensions, **metrics, **times}, explicit, header)
    problems: list[Problem] = list(missing_columns(tuple(found.values()), header, place))
    shown = ", ".join(header) or "-"
    if not found.keys() & times:
        problems.append(problem("missing-column", place, column="on / 日期", found=shown))
    if not found.keys() & metrics and not source.values:
        names = " / ".join(each.name for each in plan.metrics)
        problems.append(problem("missing-column", place, column=names, found=shown))
    if problems:
        raise SourceRefused(problems)
    return attrs.evolve(
        source,
        on=found.get("on") if "on" in explicit or "period" not in explicit else None,
        period=found.get("period"),
        dimensions={role: found[role] for role in dimensions if role in found},
        metrics={role: found[role] for role in metrics if role in found},
    )


def _metric_names(metric: Metric) -> tuple[str, ...]:
    unit = (f"{metric.name}({metric.unit})",) if metric.unit else ()
    return (metric.id, metric.name, *unit)
