"""Finding columns: an explicit name wins, then a thing's own names, then their synonyms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.role import Role
from salesgoal.errors import SourceRefused
from salesgoal.intake.cell_text import CellRefused
from salesgoal.intake.source_map import SourceMap, missing_columns
from salesgoal.intake.synonyms import fold_header, synonyms_of
from salesgoal.intake.units import column_factor, split_unit

__all__ = ["ACTUAL", "ROLE_NAMES", "find_columns", "map_source", "roles_of", "source_names"]

ROLE_NAMES: Mapping[str, tuple[str, ...]] = {
    "on": ("on", "date", "日期"),
    "period": ("period", "期间"),
    "metric": ("metric", "指标"),
    "target": ("target", "目标"),
    "floor": ("floor", "保底"),
    "stretch": ("stretch", "挑战"),
    "commit": ("commit", "承诺"),
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
"""Role -> its own headers, by which it is found where the plan names none."""

ACTUAL = ("actual", "实际", "实际值", "实际完成", "完成")
"""Headers that say "what was reached" and leave open of what: they mean the leading metric."""


@attrs.frozen
class _Header:
    """The columns of a table, by what people call them."""

    columns: Sequence[str]

    def named(self, names: Iterable[str]) -> list[str]:
        """The columns that bear one of the names, with or without a unit; each once."""
        wanted = {fold_header(name) for name in names}
        found = [
            column
            for column in self.columns
            if fold_header(column) in wanted or fold_header(split_unit(column)[0]) in wanted
        ]
        return list(dict.fromkeys(found))


def find_columns(
    wanted: Mapping[str, Sequence[str]],
    explicit: Mapping[str, str],
    header: Sequence[str],
    place: Place,
) -> dict[str, str]:
    """Returns role -> column, for the roles that the plan names or the header shows.

    A column that bears a role's own name goes before those that bear a synonym, and is left to
    that role. A name that the plan gives may leave out the unit: 金额 for 金额（万元）.

    Raises:
        SourceRefused: ``ambiguous-column``: several columns could be a role, or one column
            several roles.

    >>> wanted = {"on": ("date", "日期"), "sales": ("销售额",)}
    >>> find_columns(wanted, {}, ["成交日期", "金额（万元）"], Place("a.csv"))
    {'on': '成交日期', 'sales': '金额（万元）'}
    """
    table = _Header(header)
    chosen = {role: _explicit(column, table) for role, column in explicit.items()}
    open_roles = {role: names for role, names in wanted.items() if role not in chosen}
    faults: list[Problem] = []
    for tier in (lambda names: names, synonyms_of):
        by_synonym = tier is synonyms_of
        taken = set(chosen.values()) if by_synonym else set()
        found = {
            role: [each for each in table.named(tier(names)) if each not in taken]
            for role, names in open_roles.items()
            if role not in chosen
        }
        faults += _several(found, open_roles, place)
        if by_synonym:
            faults += _shared(found, open_roles, place)
        chosen |= {role: columns[0] for role, columns in found.items() if columns}
    if faults:
        raise SourceRefused(faults)
    order = [*wanted, *(role for role in explicit if role not in wanted)]
    return {role: chosen[role] for role in order if role in chosen}


def _explicit(column: str, table: _Header) -> str:
    """The column that the plan names; where it stands with its unit only, that one."""
    if column in table.columns:
        return column
    found = table.named([column])
    return found[0] if len(found) == 1 else column


def _several(
    found: Mapping[str, Sequence[str]], names: Mapping[str, Sequence[str]], place: Place
) -> Iterator[Problem]:
    """Roles for which several columns could be meant."""
    for role, columns in found.items():
        if len(columns) > 1:
            shown = "、".join(columns)
            yield problem("ambiguous-column", place, role=names[role][-1], columns=shown)


def _shared(
    found: Mapping[str, Sequence[str]], names: Mapping[str, Sequence[str]], place: Place
) -> Iterator[Problem]:
    """Columns that could be several roles; by its own name a column may serve two."""
    claims: dict[str, list[str]] = {}
    for role, columns in found.items():
        for column in columns:
            claims.setdefault(column, []).append(role)
    for column, roles in claims.items():
        if len(roles) > 1:
            shown = " / ".join(names[role][-1] for role in roles)
            yield problem("ambiguous-column", place, role=shown, columns=column)


def roles_of(dimensions: Sequence[Dimension]) -> dict[str, tuple[str, ...]]:
    """Returns the headers by which the columns of dimensions are found."""
    return {each.id: (each.id, each.name) for each in dimensions}


def source_names(
    dimensions: Sequence[Dimension], metrics: Sequence[Metric], source: SourceMap
) -> dict[str, tuple[str, ...]]:
    """Returns role -> own headers, of everything that a source of actuals may give."""
    named = {
        name: names
        for name, names in roles_of(dimensions).items()
        if name not in source.members
    }
    values = {
        each.id: (each.id, each.name)
        for each in metrics
        if not isinstance(each.aggregation, Ratio) and each.id not in source.values
    }
    return {**named, **values, **{role: ROLE_NAMES[role] for role in ("on", "period")}}


def map_source(
    source: SourceMap,
    plan: Plan,
    explicit: Mapping[str, str],
    header: Sequence[str],
    place: Place,
    lines: Sequence[str] = (),
) -> SourceMap:
    """Returns the map of a source, with the columns and units that its header shows.

    Args:
        source: What the plan says.
        plan: Whose dimensions and metrics.
        explicit: Role, dimension or metric -> column, as the plan says.
        header: The columns of the table.
        place: The file and sheet.
        lines: The units that lines above the table state.

    Raises:
        SourceRefused: A named column is missing, several could be meant, units contradict each
            other, or nothing says when or how much.
    """
    wanted = source_names(plan.dimensions, plan.metrics, source)
    times = {"on", "period"}
    metrics = [each.id for each in plan.metrics if each.id in wanted]
    found = find_columns(wanted, explicit, header, place)
    if metrics and not found.keys() & set(metrics):
        # 实际 alone leaves open of what; the leading metric is what a plan is about.
        leading = find_columns({metrics[0]: ACTUAL}, {}, header, place)
        found |= {role: name for role, name in leading.items() if name not in found.values()}
    problems = list(missing_columns(tuple(found.values()), header, place))
    shown = ", ".join(header) or "-"
    if not found.keys() & times:
        problems.append(problem("missing-column", place, column=Role.ON, found=shown))
    if not found.keys() & set(metrics) and not source.values:
        names = " / ".join(each.name for each in plan.metrics)
        problems.append(problem("missing-column", place, column=names, found=shown))
    columns = {role: found[role] for role in metrics if role in found}
    factors = _factors(source, plan, columns, lines, place, problems)
    if problems:
        raise SourceRefused(problems)
    return attrs.evolve(
        source,
        on=found.get("on") if "on" in explicit or "period" not in explicit else None,
        period=found.get("period"),
        dimensions={
            each.id: found[each.id]
            for each in plan.dimensions
            if each.id in found and each.id in wanted
        },
        metrics=columns,
        factors=factors,
    )


def _factors(
    source: SourceMap,
    plan: Plan,
    columns: Mapping[str, str],
    lines: Sequence[str],
    place: Place,
    problems: list[Problem],
) -> dict[str, Fraction]:
    factors = {}
    for name, column in columns.items():
        try:
            factor = column_factor(plan.metric(name), column, lines, source.unit)
        except CellRefused as refused:
            problems.append(problem(refused.code, place, column=column, **refused.facts))
            continue
        if factor != source.factor:
            factors[name] = factor
    return factors
