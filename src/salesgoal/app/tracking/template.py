"""Tracking workbooks from a plan: which goals and tables each of them has, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.tracking.figures import find_figures
from salesgoal.app.tracking.template_tables import TemplateTable, TemplateTables, lowest_goals
from salesgoal.domain.period import Level, Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.scope import ANY, Codes, decode_scope
from salesgoal.errors import UnknownName
from salesgoal.sheets.identity_sheet import FORMAT, identity_sheet
from salesgoal.sheets.instruction_sheet import instruction_sheet
from salesgoal.sheets.sheet import Book, Words

__all__ = ["OWNER", "TemplateOrder", "make_templates", "plan_digest"]

OWNER = "owner"
"""To split by who answers for the goals, not by a dimension."""


@attrs.frozen(kw_only=True)
class TemplateOrder:
    """What workbooks are asked for.

    Attributes:
        period: The label of a period inside the plan; the plan's own where left out.
        tables: Which; those that suit the period where left out.
        by: A level, or a dimension: what the columns of entries stand for; the level below
            the period where left out.
        owner: Only the goals of this owner or member.
        split_by: ``owner``, or the name of a dimension: one workbook for each.
        lang: In which the workbook is written.
    """

    period: str | None = None
    tables: tuple[TemplateTable, ...] = ()
    by: str | None = None
    owner: str | None = None
    split_by: str | None = None
    lang: str = "zh"


_BELOW = {
    Level.YEAR: Level.QUARTER,
    Level.HALF: Level.MONTH,
    Level.QUARTER: Level.MONTH,
    Level.MONTH: Level.WEEK,
    Level.SPAN: Level.MONTH,
}
_PURPOSES = {
    "personal": Words(
        "逐行填写各目标的实际数、偏差原因和改进措施",
        "Actuals, causes and actions, line by line.",
    ),
    "team": Words(
        "填写各团队每月的实际数、偏差原因和改进措施",
        "The actuals of each team, month by month, with causes and actions.",
    ),
    "product": Words(
        "年度目标分解，并填写各季度的实际数、偏差原因和改进措施",
        "The targets of the year; actuals of each quarter, with causes and actions.",
    ),
    "kpi": Words("填写其他指标的实际数", "The actuals of the other metrics."),
    "kpi_ratio": Words("由其他工作表自动计算", "Worked out from the other sheets."),
}


def make_templates(
    loaded: LoadedPlan, order: TemplateOrder, as_of: date
) -> Iterator[tuple[str | None, Book]]:
    """Yields for whom each workbook is, None for all, and the workbook.

    What is known by ``as_of`` is filled in.

    Raises:
        UnknownName: The plan has no such period, owner, dimension or level.
        NotNested: The periods of the columns do not tile the period.
        UsageError: No dimension is left for the lines.
        SourceRefused, PlanRefused, LedgerRefused, LedgerBusy, OutputError: As `find_figures`.
    """
    plan = loaded.plan
    period = plan.period if order.period is None else plan.parse(order.period)
    if not plan.period.covers(period):
        raise UnknownName("period of this plan", period.label, [plan.period.label])
    dimension = _dimension(plan, order.by)
    level = None if dimension is not None else _level(plan, order.by, period)
    shown = [period.level, Level.QUARTER, Level.MONTH, *([] if level is None else [level])]
    shown = [
        each
        for each in shown
        if each in plan.calendar.levels and each.rank >= period.level.rank
    ]
    figures = find_figures(loaded, as_of, shown)
    for name, goals in _shares(figures.loaded.plan, order, period):
        tables = TemplateTables(
            figures=figures, period=period, dimension=dimension, level=level, goals=goals
        )
        yield name, _book(tables, order, name)


def plan_digest(plan: Plan) -> str:
    """Returns a digest of what in a plan decides what a tracking workbook says."""
    parts = (
        plan.name,
        plan.calendar.id,
        (plan.period.start, plan.period.stop),
        [(each.id, each.unit, each.decimals, str(each.aggregation)) for each in plan.metrics],
        [each.id for each in plan.dimensions],
    )
    return _digest(parts)


def _digest(parts: object) -> str:
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _book(tables: TemplateTables, order: TemplateOrder, name: str | None) -> Book:
    """One workbook: who it is, how to fill it in, and its tables."""
    plan, label = tables.plan, tables.period.label
    forms = list(tables.forms(order.tables or tables.suiting()))
    told = [(form.sheet.title, _purpose(form.sheet.id)) for form in forms]
    facts = {
        "format": FORMAT,
        "plan": plan.name,
        "plan_digest": plan_digest(plan),
        "period": label,
        "version": plan.version,
        "lang": order.lang,
    }
    facts["workbook"] = _digest(identity_sheet(facts, forms, order.lang))
    sheets = (
        identity_sheet(facts, forms, order.lang),
        instruction_sheet(plan.name, label, name, told),
        *(form.sheet for form in forms),
    )
    title = Words(f"{plan.name} 跟踪表", f"{plan.name} tracking")
    return Book(title=title, sheets=sheets, meta={"plan": plan.name, "period": label})


def _purpose(sheet: str) -> Words:
    """What a sheet is for, by its id: that of a table, or a table and a level."""
    return _PURPOSES.get(sheet) or _PURPOSES[sheet.partition("_")[0]]


def _dimension(plan: Plan, by: str | None) -> str | None:
    return next((each.id for each in plan.dimensions if by in {each.id, each.name}), None)


def _level(plan: Plan, by: str | None, period: Period) -> Level | None:
    """The level of the columns of entries; None where the period is not cut."""
    if by is None:
        level = _BELOW.get(period.level)
        return level if level in plan.calendar.levels else None
    known = {str(each): each for each in plan.calendar.levels}
    known |= {each.zh: each for each in plan.calendar.levels}
    if by not in known:
        names = [each.id for each in plan.dimensions]
        raise UnknownName("level or dimension", by, [*map(str, plan.calendar.levels), *names])
    return known[by]


def _shares(
    plan: Plan, order: TemplateOrder, period: Period
) -> Iterator[tuple[str | None, frozenset[Codes] | None]]:
    """For whom the workbooks are, and the lowest goals of each; None is all of them."""
    tree = plan.trees[0]
    if order.owner is not None:
        found = _owned(plan, order.owner, period)
        if not found:
            raise UnknownName("owner or member", order.owner, _owners(plan, period))
        yield order.owner, found
        return
    if order.split_by is None:
        yield None, None
        return
    taken: set[Codes] = set()
    for name in _names(plan, order.split_by, period):
        goals = _owned(plan, name, period) - taken
        taken |= goals
        if goals:
            yield name, goals
    left = {tree.scope[node] for node in lowest_goals(tree)} - taken
    if left:
        yield _NOBODY.of(order.lang), frozenset(left)


_NOBODY = Words("无责任人", "no owner")


def _names(plan: Plan, split_by: str, period: Period) -> list[str]:
    """Whom the workbooks are for.

    Raises:
        UnknownName: The plan names no owner, or is not broken down by such a dimension.
    """
    tree = plan.trees[0]
    if split_by == OWNER:
        names = _owners(plan, period)
        if not names:
            raise UnknownName("owner of a goal; split by a dimension", OWNER, tree.breakdown.by)
        return names
    chosen = _dimension(plan, split_by)
    if chosen is None or chosen not in tree.breakdown.by:
        raise UnknownName("dimension", split_by, [OWNER, *tree.breakdown.by])
    at = [each.id for each in plan.dimensions].index(chosen)
    members = plan.dimensions[at].members
    codes = sorted({scope[at] for scope in tree.scope if scope[at] != ANY})
    return list(dict.fromkeys(members[code].name for code in codes))


def _owners(plan: Plan, period: Period) -> list[str]:
    names = (plan.ownership.of(codes, period).owner for codes in plan.trees[0].scope)
    return list(dict.fromkeys(name for name in names if name))


def _owned(plan: Plan, name: str, period: Period) -> frozenset[Codes]:
    """The lowest goals that somebody answers for, or above which the member stands."""
    tree, found = plan.trees[0], set()
    for leaf in lowest_goals(tree):
        node = leaf
        while node >= 0:
            codes = tree.scope[node]
            members = decode_scope(codes, plan.dimensions).values()
            if name == plan.ownership.of(codes, period).owner or name in members:
                found.add(tree.scope[leaf])
                break
            node = tree.parent[node]
    return frozenset(found)
