"""Targets in a frame: one row a scope, a column for every metric and period typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import narwhals.stable.v2 as nw
import numpy as np

from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Period
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, problem
from salesgoal.domain.scope import ANY
from salesgoal.domain.target import Measure
from salesgoal.errors import PlanRefused, SourceRefused, UsageError
from salesgoal.frames.amount import read_amounts
from salesgoal.frames.array_cells import CodeMatrix
from salesgoal.frames.column_map import AmountColumn, find_times
from salesgoal.frames.findings import Findings
from salesgoal.frames.large_plan import TypedUnits, add_targets
from salesgoal.frames.name_codes import NameCodes

__all__ = ["TargetColumn", "add_target_frame"]


@attrs.frozen(kw_only=True)
class TargetColumn:
    """What a column of targets holds.

    Attributes:
        metric: Its id.
        period: A period, or a label of the plan's calendar.
        measure: ``target``, ``floor``, ``stretch`` or ``commit``.
    """

    metric: str
    period: Period | str
    measure: Measure = "target"


def add_target_frame(
    plan: Plan,
    frame: Any,  # noqa: ANN401 - of any engine
    columns: Mapping[str, TargetColumn],
    *,
    unit: str | Mapping[str, str] = "",
    source: str = "targets",
) -> Plan:
    """Returns a plan with the targets of a frame added, for a million goals as for ten.

    Members stand in the columns with the id or the name of their dimension; blank leaves it
    open. A blank amount types nothing.

    Args:
        plan: With the metrics, dimensions and breakdowns, and any targets typed so far.
        frame: One row a scope: pandas, Polars, pyarrow, or lazy; it is collected.
        columns: Header -> what the column holds.
        unit: What amounts are written in: ``万元`` for all money, or by metric id.
        source: What problems are said to lie in.

    Raises:
        PlanRefused: With every problem found; nothing is guessed.
        SourceRefused: A column is not there, or holds no numbers.
        UnknownName: A metric, measure or unit that is not there.
        LabelRefused: A label that names no period.
        UsageError: It is no frame, or a member that moves is named: who sits where decides
            whose target it is, and that `make_plan` prorates.

    >>> import polars
    >>> from salesgoal import Dimension, Metric, make_plan
    >>> year = make_plan(name="2023", period="2023",
    ...     metrics=[Metric(id="sales", unit="元", decimals=2)],
    ...     dimensions=[Dimension("region", ["华东", "华南"], name="区域")])
    >>> table = polars.DataFrame({"区域": ["华东", "华南"], "10月": [80, 70]})
    >>> october = {"10月": TargetColumn(metric="sales", period="2023-10")}
    >>> plan = add_target_frame(year, table, october, unit="万元")
    >>> dict(plan.targets.of("sales")[plan.parse("2023-10")])
    {(0,): 80000000, (1,): 70000000}
    """
    table = _collect(frame)
    headers = {
        position: next((name for name in (each.id, each.name) if name in table.columns), None)
        for position, each in enumerate(plan.dimensions)
    }
    _check(table, columns, source)
    findings = Findings(source)
    scopes = np.full((len(table), len(plan.dimensions)), ANY, np.int32)
    for position, header in headers.items():
        if header is not None:
            scopes[:, position] = _codes(plan, position, table[header], findings)
    typed = [
        _typed(plan.metric(each.metric), each, table[header], unit, findings)
        for header, each in columns.items()
    ]
    if problems := findings.problems():
        raise PlanRefused(problems)
    _refuse_movers(plan, scopes)
    return add_targets(plan, scopes, typed, source=source)


def _collect(frame: Any) -> nw.DataFrame[Any]:  # noqa: ANN401 - of any engine
    try:
        found = nw.from_native(frame)
    except TypeError as error:
        kind = type(frame).__name__
        message = f"{kind} is no frame - give one of pandas, Polars, pyarrow or DuckDB"
        zh = f"{kind} 不是数据框 - 请给出 pandas、Polars、pyarrow 或 DuckDB 的数据框"
        raise UsageError(message, zh) from error
    return found.collect() if isinstance(found, nw.LazyFrame) else found


def _check(table: nw.DataFrame[Any], columns: Mapping[str, TargetColumn], source: str) -> None:
    missing = [each for each in columns if each not in table.columns]
    if missing:
        place, header = Place(source), ", ".join(table.columns) or "-"
        raise SourceRefused(
            [problem("missing-column", place, column=each, found=header) for each in missing]
        )


def _codes(
    plan: Plan, position: int, column: nw.Series[Any], findings: Findings
) -> np.ndarray[Any, np.dtype[Any]]:
    dimension = plan.dimensions[position]
    names = NameCodes(dimension)
    codes = names.codes(column)
    for number, name in enumerate(names.unknown):
        rows = int(np.count_nonzero(codes == -2 - number))
        findings.note_unknown(dimension, column.name, name, rows)
    return codes


def _typed(
    metric: Metric,
    asked: TargetColumn,
    column: nw.Series[Any],
    unit: str | Mapping[str, str],
    findings: Findings,
) -> TypedUnits:
    kind = AmountColumn(metric=metric, name=column.name, times=find_times(metric, unit))
    read = read_amounts(column, kind, findings.source)
    for code, where in read.faults.items():
        rows = np.flatnonzero(where)
        findings.note(
            code,
            column.name,
            len(rows),
            samples=[column[int(row)] for row in rows[:3]],
            decimals=metric.decimals,
        )
    return TypedUnits(
        metric=metric.id,
        period=asked.period,
        measure=asked.measure,
        units=read.units,
        known=None if read.absent is None else ~read.absent,
    )


def _refuse_movers(plan: Plan, scopes: CodeMatrix) -> None:
    for position, dimension in enumerate(plan.dimensions):
        moved = np.isin(scopes[:, position], list(dimension.seats.timetable))
        if moved.any():
            name = dimension.members[int(scopes[moved, position][0])].name
            en = f"{name} moves - type the targets of who moves with make_plan"
            raise UsageError(en, f"{name} 有任职变动 - 请用 make_plan 填写其目标")
