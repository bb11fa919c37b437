"""Planning: one goal of a loaded plan shared out, to look at or to write as a table."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs

from salesgoal.app.cascades import CascadeMaker, make_profile
from salesgoal.app.load import LoadedPlan
from salesgoal.app.output import write_file
from salesgoal.app.past_actuals import read_past_actuals
from salesgoal.app.plan_file.cascade import CascadeTable
from salesgoal.domain.cascade import MemberStep, PeriodStep, cascade
from salesgoal.domain.number import EvenSplit, to_amount
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.planned_cascade import Cascade, allocation_problem
from salesgoal.domain.problem import Problem, problem
from salesgoal.domain.scope import Codes, Scope, decode_scope
from salesgoal.domain.target import derive_targets
from salesgoal.errors import AllocationRefused, OutputError, PlanRefused, UsageError

__all__ = ["Shared", "find_scope", "share", "write_targets"]

FORMS = (".csv", ".xlsx")


@attrs.frozen(kw_only=True)
class Shared:
    """A goal's total shared out.

    Attributes:
        plan: Whose.
        made: What was asked: the metric, goal and period.
        total: In smallest units; it stays what it is.
        parts: (scope, period, units), in order.
        warnings: What to look at.
    """

    plan: Plan
    made: Cascade
    total: int
    parts: tuple[tuple[Codes, Period, int], ...]
    warnings: tuple[Problem, ...] = ()


def find_scope(plan: Plan, path: str) -> Scope:
    """Returns the scope of a goal by its path, the root's where it is empty.

    Raises:
        UnknownName: No breakdown has it.
    """
    for tree in plan.trees:
        if path in tree.by_path:
            return decode_scope(tree.scope[tree.by_path[path]], plan.dimensions)
    plan.trees[0].node(path)
    raise AssertionError(path)


def share(loaded: LoadedPlan, table: CascadeTable, name: str) -> Shared:
    """Returns one goal's total shared out; the plan stays as it is.

    Args:
        loaded: From `load_plan`.
        table: What to share, by one step; without a total, the plan's own target there.
        name: What asks, for the address of problems.

    Raises:
        PlanRefused: There is nothing to share, or it cannot be shared so.
        SourceRefused: A source of history cannot be read at all.
        UsageError: The goal has nobody below it, or the periods do not nest.
    """
    plan = loaded.plan
    maker = _maker(loaded)
    made = maker.make(table, name)
    if table.growth_pct is not None:
        made = maker.grown(made, table.growth_pct)
    total = _target(plan, made) if made.total is None else made.total
    if total is None:
        raise PlanRefused([problem("no-total", made.where)])
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", EvenSplit)
            cells = cascade(total, goal=made.goal, period=made.period, steps=made.steps)
    except AllocationRefused as error:
        fault = allocation_problem(error, made.metric, made.where)
        raise PlanRefused([fault]) from error
    begin = (made.goal, made.period)
    parts = tuple(
        (codes, period, units)
        for period, column in cells.items()
        for codes, units in column.items()
        if (codes, period) != begin
    )
    if not parts:
        raise _nothing_to_share(made)
    left_out = _left_out(made, table, {codes for codes, _, _ in parts})
    if left_out:
        names, label = "、".join(left_out), made.period.label
        en = f"not below this goal in {label}: {', '.join(left_out)}"
        raise UsageError(en, f"{label} 不在此目标之下：{names}")
    even = any(issubclass(one.category, EvenSplit) for one in said)
    return Shared(
        plan=plan,
        made=made,
        total=total,
        parts=parts,
        warnings=(problem("even-split", made.where),) if even else (),
    )


def _left_out(made: Cascade, table: CascadeTable, parts: AbstractSet[Codes]) -> list[str]:
    """Who was named, and has no seat below the goal in the period."""
    (step,), (asked,) = made.steps, table.steps
    if not isinstance(step, MemberStep):
        return []
    rule, dimension = step.rule, step.dimension
    named = [*rule.typed, *rule.floors, *rule.caps]
    if asked.members is not None or isinstance(rule.weights, Mapping):
        named += [dimension.members[code].name for code in step.members]
    sharing = {codes[step.position] for codes in parts}
    return [
        name
        for name in dict.fromkeys(named)
        if dimension.code(name, made.period.last) not in sharing
    ]


def _nothing_to_share(made: Cascade) -> UsageError:
    """What is said where a step leaves the goal and its period as they are."""
    if any(isinstance(step, PeriodStep) for step in made.steps):
        label = made.period.label
        en = f"{label} is no longer than a period of that level - give a finer one with --into"
        return UsageError(en, f"{label} 不比该层级的期间长 - 用 --into 指定更细的层级")
    en = "this goal has nobody of that dimension below it"
    return UsageError(en, "此目标之下没有该维度的成员")


def _maker(loaded: LoadedPlan) -> CascadeMaker:
    plan = loaded.plan
    return CascadeMaker(
        file="salesgoal",
        calendar=plan.calendar,
        own=plan.period,
        metrics=plan.metrics,
        dimensions=plan.dimensions,
        profiles={
            name: make_profile(name, table) for name, table in loaded.document.profiles.items()
        },
        workdays=plan.workdays,
        read=lambda periods: read_past_actuals(plan, loaded.sources, loaded.plugins, periods),
    )


def _target(plan: Plan, made: Cascade) -> int | None:
    """What the plan's tables say of a goal and period, or what follows from them."""
    typed = plan.targets.of(made.metric.id)
    for tree in plan.trees:
        if made.goal in tree.by_scope:
            column = derive_targets(tree, made.metric, typed, [made.period])[made.period]
            if column[tree.by_scope[made.goal]] is not None:
                return column[tree.by_scope[made.goal]]
    return None


def write_targets(path: Path, shared: Shared, *, lang: str, replace: bool) -> None:
    """Writes the parts as a long table of targets, which a plan reads as it is.

    A week that is cut at an end of the plan is written by its first and last day, because its
    label means the whole week.

    Raises:
        UsageError: The file is neither .csv nor .xlsx.
        OutputError: It is already there and must not be replaced, or cannot be written.
    """
    if path.suffix not in FORMS:
        en = f"{path} ends in neither {' nor '.join(FORMS)}"
        raise UsageError(en, f"{path} 的扩展名不是 {'、'.join(FORMS)}")
    if path.exists() and not replace:
        en = "it is already there; --replace allows to replace it"
        raise OutputError(str(path), en, "文件已存在；用 --replace 覆盖")
    rows = _rows(shared, lang)
    write_file(path, _csv(rows) if path.suffix == ".csv" else _workbook(rows))


Row = Sequence[str | date | Decimal]


def _rows(shared: Shared, lang: str) -> list[Row]:
    plan, metric = shared.plan, shared.made.metric
    fixed = [
        at for at in range(len(plan.dimensions)) if any(c[at] >= 0 for c, _, _ in shared.parts)
    ]
    cut = any(_is_cut(plan, period) for _, period, _ in shared.parts)
    zh = lang == "zh"
    times = ["期间", "开始日期", "结束日期"] if zh else ["period", "since", "until"]
    names = [plan.dimensions[at].name if zh else plan.dimensions[at].id for at in fixed]
    last = ["指标", "目标"] if zh else ["metric", "target"]
    rows: list[Row] = [[*names, *times[: 3 if cut else 1], *last]]
    for codes, period, units in shared.parts:
        scope = decode_scope(codes, plan.dimensions)
        members = [scope.get(plan.dimensions[at].id, "") for at in fixed]
        when: list[str | date] = [period.label]
        if cut:
            label = "" if _is_cut(plan, period) else period.label
            when = [label, period.start, period.last]
        amount = to_amount(units, metric.decimals)
        rows.append([*members, *when, metric.name if zh else metric.id, amount])
    return rows


def _is_cut(plan: Plan, period: Period) -> bool:
    """Whether a period is less than what its label means."""
    if period == plan.period:
        return False
    return plan.calendar.at(period.level, period.start) != period


def _csv(rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(
        [f"{each:f}" if isinstance(each, Decimal) else each for each in row] for row in rows
    )
    return text.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[Row]) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, settings) as book:
        page = book.add_worksheet("targets")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, Decimal):
                    page.write_number(number, at, float(value))
                elif isinstance(value, date):
                    page.write_datetime(number, at, value, day)
                else:
                    page.write_string(number, at, value)
    return content.getvalue()
