"""The KPI sheets of a form: a line for every goal and metric, and one for every ratio.

Totals of the metrics that add over goals are looked up by metric, ratios by goal and metric in
the sheets where their parts are typed: so lines may be sorted and added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from salesgoal.domain.attainment import judge
from salesgoal.domain.metric import Direction, Metric, Ratio
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Period
from salesgoal.domain.scorecard import Scorecard
from salesgoal.sheets.form import Form, running_total, scope_key
from salesgoal.sheets.form_formula import Quotient, Summand, TotalLike
from salesgoal.sheets.goal_table import KEY, GoalTable
from salesgoal.sheets.score_sheet import FLAGS
from salesgoal.sheets.sheet import (
    Add,
    Cell,
    Column,
    Flag,
    Kind,
    Line,
    Role,
    Sheet,
    Total,
    Words,
)
from salesgoal.sheets.table_parts import Amount, Beyond, Gap, Names, Part, Rate, Said
from salesgoal.sheets.words import named

__all__ = ["KPI", "KPI_RATIO", "kpi_sheet", "kpi_tables", "ratio_sheet"]

KPI, KPI_RATIO = "kpi", "kpi_ratio"
_METRIC, _NAME, _UNIT = "metric", "metric_name", "unit"
_TO_DATE = Words("累计实际", "Actual to date")
_NOTE = Words(
    "没有底色的单元格由系统计算；去重计数和已有其他来源的余额请导入明细",
    "Cells without colour are worked out; counts of different customers, and balances that "
    "other sources tell of, come with their records.",
)


def kpi_tables(
    card: Scorecard,
    metrics: Sequence[Metric],
    period: Period,
    form: Form,
    *,
    leaves: bool,
    only: frozenset[str] | None,
    also: Sequence[str],
    is_whole: bool,
) -> list[GoalTable]:
    """Returns one table a metric, all with the same columns.

    Args:
        card: Broken down by the dimensions that name the lines.
        metrics: Without ratios.
        period: Whose targets are shown.
        form: Its columns of entries.
        leaves: A line for every lowest goal, else for those right below the root.
        only: The goals that have lines; None for those with figures of any metric.
        also: The goals that have lines in any case.
        is_whole: Whether totals are the root's; else they are those of the lines alone.
    """
    form = attrs.evolve(form, blank_lines=0)
    title = Words("KPI跟踪表", "KPI")
    tables = [
        GoalTable(
            id=KPI,
            title=title,
            card=card,
            metric=each,
            period=period,
            parts=_parts(each, period, form, leaves=leaves),
            form=form,
            only=only,
            is_whole=is_whole,
        )
        for each in metrics
    ]
    if only is None:
        found = (goal for table in tables for goal in table.goals())
        goals = frozenset([*also, *found])
        tables = [attrs.evolve(table, only=goals) for table in tables]
    if all(table.idle for table in tables):
        tables = [table.trimmed() for table in tables]
    return tables


def kpi_sheet(tables: Sequence[GoalTable]) -> Sheet:
    """Returns the tables of several metrics as one sheet, goal by goal."""
    found = [(table.metric, table.lines()) for table in tables]
    columns = tuple(
        attrs.evolve(column, unit="", is_scaled=False) for column in tables[0].columns()
    )
    keys = [column.key for column in columns]
    body, closing = [], []
    for goal in tables[0].goals():
        body += [
            attrs.evolve(lines.goals[goal], decimals=metric.decimals) for metric, lines in found
        ]
    for metric, lines in found:
        if lines.rest is not None:
            body.append(_closed(lines.rest, metric, keys))
        closing.append(_closed(lines.total, metric, keys))
    label = tables[0].period.label
    return Sheet(
        id=KPI,
        title=tables[0].title,
        columns=columns,
        lines=(*body, *closing),
        notes=(Words(f"期间：{label}", f"Period: {label}"), _NOTE),
        is_protected=True,
    )


def ratio_sheet(
    card: Scorecard,
    ratios: Sequence[Metric],
    tables: Mapping[str, GoalTable],
    *,
    many: str,
) -> Sheet:
    """Returns the ratios of every goal, live from the sheets that hold their parts.

    Args:
        card: Of the same goals as the tables, which have the columns of the same slots.
        ratios: Metrics that are one over another.
        tables: Metric id -> the table where it is typed.
        many: The id of the sheet whose lines speak of several metrics.
    """
    shape = next(iter(tables.values()))
    columns = [part for part in shape.parts if isinstance(part, Amount) and _is_actual(part)]
    writer = _Ratios(card, tables, many, columns)
    body = [line for goal in shape.goals() for line in writer.lines(goal, ratios)]
    closing = writer.lines("", ratios, is_whole=shape.is_whole)
    label = shape.period.label
    return Sheet(
        id=KPI_RATIO,
        title=Words("KPI比率", "KPI ratios"),
        columns=tuple(writer.columns()),
        lines=(*body, *closing),
        notes=(
            Words(
                f"期间：{label}；比率 = 分子合计 ÷ 分母合计，由其他工作表计算",
                f"Period: {label}; each ratio is worked out from the totals of other sheets",
            ),
        ),
        is_protected=True,
    )


def _is_actual(part: Amount) -> bool:
    return part.slot is not None or part.key == "actual"


def _parts(metric: Metric, period: Period, form: Form, *, leaves: bool) -> tuple[Part, ...]:
    columns = tuple(slot.key for slot in form.slots)
    total = running_total(metric, columns)
    if isinstance(total, Add):
        total = attrs.evolve(total, columns=(*columns, "beyond"))
    return (
        Names(leaves=leaves),
        Said(
            _METRIC, Words("指标代码", "Metric id"), lambda row: row.metric.id, is_hidden=True
        ),
        Said(_NAME, Words("指标", "Metric"), lambda row: row.metric.name),
        Said(_UNIT, Words("单位", "Unit"), lambda row: row.metric.unit or None),
        Amount("target", Words("目标", "Target"), period, "target"),
        *(
            Amount(each.key, _actual(each.title), each.period, "actual", slot=at)
            for at, each in enumerate(form.slots)
        ),
        Beyond("beyond", Words("其他实际", "Other actual"), period, columns),
        Amount("actual", _TO_DATE, period, "actual", total),
        Rate("attainment", Words("达成率(%)", "Attainment (%)"), "actual", "target"),
        Gap("gap", Words("缺口", "Gap"), "target", "actual"),
    )


def _actual(title: Words) -> Words:
    return Words(f"{title.zh}实际", f"{title.en} actual")


def _closed(line: Line, metric: Metric, keys: Sequence[str]) -> Line:
    """A closing line that says of which metric it is, and adds up that metric only."""
    named = {_METRIC: metric.id, _NAME: metric.name, _UNIT: metric.unit or None}
    cells = []
    for key, cell in zip(keys, line.cells, strict=True):
        found = cell
        if key in named:
            found = attrs.evolve(cell, value=named[key])
        elif isinstance(cell.formula, Total):
            found = attrs.evolve(cell, formula=TotalLike(_METRIC))
        cells.append(found)
    return attrs.evolve(line, cells=tuple(cells), decimals=metric.decimals)


@attrs.frozen
class _Ratios:
    """Writes the lines of ratios: one column a slot, then the whole period."""

    card: Scorecard
    tables: Mapping[str, GoalTable]
    many: str
    parts: Sequence[Amount]

    def columns(self) -> Iterator[Column]:
        shape = next(iter(self.tables.values()))
        mark = f"salesgoal:{KPI_RATIO}"
        yield Column(key=KEY, title=Words(mark, mark), is_hidden=True)
        for each in shape.dimensions:
            yield Column(key=each.id, title=named(each.name, each.id))
        yield Column(key=_NAME, title=Words("指标", "Metric"))
        yield Column(key=_UNIT, title=Words("单位", "Unit"))
        yield Column(key="target", title=Words("目标", "Target"), kind=Kind.AMOUNT)
        for part in self.parts:
            slots = shape.form.slots if shape.form else ()
            title = _TO_DATE if part.slot is None else _actual(slots[part.slot].title)
            yield Column(key=part.key, title=title, kind=Kind.AMOUNT)
        yield Column(
            key="attainment", title=Words("达成率(%)", "Attainment (%)"), kind=Kind.PERCENT
        )

    def lines(
        self, goal: str, ratios: Sequence[Metric], *, is_whole: bool = True
    ) -> Iterator[Line]:
        shape = next(iter(self.tables.values()))
        for metric in ratios:
            row = self.card.row(goal, metric=metric.id, period=shape.period)
            first = Words("合计", "Total")
            names = [Cell(row.scope.get(each.id)) for each in shape.dimensions]
            if not goal:
                names = [Cell(first), *names[1:]]
            target = row.target if is_whole else None
            figures = [self._figure(metric, goal, part) for part in self.parts]
            cells = (
                Cell(scope_key(row.scope)),
                *names,
                Cell(metric.name),
                Cell(metric.unit or None),
                Cell(target),
                *figures,
                self._rate(metric, target, figures[-1]),
            )
            role = Role.BODY if goal else Role.TOTAL
            yield Line(cells, role, decimals=metric.decimals)

    def _figure(self, metric: Metric, goal: str, part: Amount) -> Cell:
        over, under = self._ends(metric)
        amounts = [self.amount(each, goal, part.key) for each in (over, under)]
        value: Exact | None = None
        if amounts[0] is not None and amounts[1]:
            ends = self.card.plan.metric(over), self.card.plan.metric(under)
            value = metric.ratio_units(amounts[0], amounts[1], ends)
        formula = Quotient(
            over=self._summand(over, part.key),
            under=self._summand(under, part.key),
            key=KEY,
            times=metric.shown_times,
            decimals=metric.decimals,
        )
        return Cell(value, formula=formula)

    def _rate(self, metric: Metric, target: Exact | None, actual: Cell) -> Cell:
        plain = metric.direction is Direction.MAXIMISE and metric.baseline is None
        if not plain or (target is not None and target <= 0):
            return Cell()
        assert isinstance(actual.formula, Quotient)
        value = actual.value if isinstance(actual.value, int | Fraction) else None
        found = judge(metric, target, value, started=True)
        flag = FLAGS.get(found.status, Flag.NONE)
        return Cell(found.ratio, flag, attrs.evolve(actual.formula, target="target"))

    def amount(self, metric: str, goal: str, key: str) -> Exact | None:
        """What a cell of the sheet of a part shows."""
        table = self.tables[metric]
        found = table.amounts_of(goal)
        return found[key]

    def _ends(self, metric: Metric) -> tuple[str, str]:
        assert isinstance(metric.aggregation, Ratio)
        return metric.aggregation.numerator, metric.aggregation.denominator

    def _summand(self, metric: str, column: str) -> Summand:
        sheet = self.tables[metric].id
        like = (_METRIC, metric) if sheet == self.many else None
        return Summand(sheet=sheet, column=column, key=KEY, like=like)
