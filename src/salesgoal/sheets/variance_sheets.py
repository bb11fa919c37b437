"""业绩偏差分析表 and the gap split by child and by driver, as sheets.

Every table closes live: the columns or lines add up to the gap by formulas that a spreadsheet
program recalculates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from salesgoal.domain.attainment import Status
from salesgoal.domain.cause import CauseKind, Explanation
from salesgoal.domain.driver import DriverSplit
from salesgoal.domain.gap_ledger import LedgerLine
from salesgoal.domain.metric import Direction, Metric
from salesgoal.domain.number import amount_text
from salesgoal.domain.period import Period
from salesgoal.domain.review_book import NOTHING
from salesgoal.domain.variance import PartKind, Variance, VariancePart
from salesgoal.sheets.said import cause_words, joined
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.score_sheet import FLAGS, rate_formula
from salesgoal.sheets.sheet import (
    Add,
    Cell,
    Column,
    Flag,
    Formula,
    Kind,
    Less,
    Line,
    Role,
    Sheet,
    Total,
    Value,
    Words,
)

__all__ = ["child_sheet", "driver_sheet", "gap_sheet"]

_CAUSES: Sequence[tuple[str, Words, CauseKind | None]] = (
    ("subjective", Words("主观原因", "Subjective"), CauseKind.SUBJECTIVE),
    ("objective", Words("客观原因", "Objective"), CauseKind.OBJECTIVE),
    ("unclassified", Words("未归类原因", "Unclassified"), None),
)

_GAP_COLUMNS = (
    Column(key="name", title=Words("目标", "Goal"), machine=False),
    Column(key="goal", title=None),
    Column(key="owner", title=Words("责任人", "Owner"), is_filter=True),
    Column(key="metric_name", title=Words("指标", "Metric"), machine=False),
    Column(key="metric", title=None),
    Column(key="period", title=Words("期间", "Period"), is_filter=True),
    Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT),
    Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT),
    Column(key="attainment_pct", title=Words("达成率(%)", "Attainment (%)"), kind=Kind.PERCENT),
    Column(key="gap", title=Words("缺口", "Gap"), kind=Kind.AMOUNT),
    *(Column(key=key, title=title, kind=Kind.AMOUNT) for key, title, _ in _CAUSES),
    Column(key="below", title=Words("下级已归因", "Explained below"), kind=Kind.AMOUNT),
    Column(key="explained", title=Words("归因合计", "Explained"), kind=Kind.AMOUNT),
    Column(key="unexplained", title=Words("未解释", "Unexplained"), kind=Kind.AMOUNT),
    Column(key="verdict", title=Words("归因情况", "Verdict"), kind=Kind.TEXT),
    Column(key="causes", title=Words("偏差原因", "Causes")),
    Column(key="actions", title=Words("改进措施", "Actions")),
    Column(key="notes", title=Words("备注", "Notes")),
    Column(key="authors", title=Words("填写人", "By")),
)

_TEXTS = {"owner", "causes", "actions", "notes", "authors"}

_MET = Words("已达成", "met")
_OVER = Words("超额归因", "over-explained")
_PARTLY = Words("尚未完全归因", "partly explained")
_NAMED = Words("已写原因，未计金额", "named, not measured")
_NONE = Words("未归因", "not explained")
_WHOLE = Words("已全部归因", "explained")


def gap_sheet(lines: Iterable[LedgerLine], root: str) -> Sheet:
    """Returns 业绩偏差分析表: what is unmet or explained, causes + unexplained = gap.

    Args:
        lines: From the gap ledger.
        root: What the root goal is called.
    """
    note = Words(
        "主观 + 客观 + 未归类 + 下级已归因 + 未解释 = 缺口；金额为正表示扩大缺口",
        "subjective + objective + unclassified + explained below + unexplained = gap; amounts "
        "above zero widen the gap",
    )
    made = tuple(_gap_line(line, root) for line in lines)
    return Sheet(
        id="gaps",
        title=Words("业绩偏差分析表", "Variance analysis"),
        columns=tuple(_shown_columns(made)),
        lines=made,
        notes=(note,),
    )


def child_sheet(found: Variance, root: str) -> Sheet:
    """Returns a gap by the goals below it; the total line is the goal's own gap."""
    columns = (
        Column(key="part", title=Words("组成", "Part")),
        Column(key="goal", title=None),
        Column(key="target", title=Words("目标值", "Target"), kind=Kind.AMOUNT),
        Column(key="actual", title=Words("实际值", "Actual"), kind=Kind.AMOUNT),
        Column(
            key="effect", title=Words("对缺口的影响", "Effect on the gap"), kind=Kind.AMOUNT
        ),
        Column(key="kind", title=Words("说明", "What it is"), words=_PART_WORDS),
    )
    lines = [
        Line(
            (
                Cell(_part_name(part)),
                Cell(part.goal),
                Cell(part.target),
                Cell(part.actual),
                Cell(part.effect, formula=_effect_formula(found.metric, part)),
                Cell(str(part.kind)),
            ),
            Role.BODY if part.goal is not None else Role.REST,
        )
        for part in found.parts
    ]
    total = (
        Cell(found.goal or root),
        Cell(found.goal),
        Cell(found.target, formula=Total()),
        Cell(found.actual, formula=Total()),
        Cell(found.gap, formula=Total()),
        Cell(),
    )
    return Sheet(
        id="variance_by_child",
        title=Words("偏差分解(按下级)", "Gap by child"),
        columns=_measured(columns, found.metric),
        lines=(*lines, Line(total, Role.TOTAL)),
        notes=(_about(found.goal or root, found.metric, found.period),),
    )


def driver_sheet(found: DriverSplit, root: str) -> Sheet:
    """Returns a gap by volume, mix and value; the amounts shown add up to the gap."""
    columns = (
        Column(key="driver", title=Words("驱动因素", "Driver")),
        Column(
            key="effect", title=Words("对缺口的影响", "Effect on the gap"), kind=Kind.AMOUNT
        ),
    )
    volume, value = found.volume_metric, found.value_metric
    names = {
        "volume": Words(f"数量影响（{volume.name}）", f"Volume ({volume.id})"),
        "mix": Words("结构影响", "Mix"),
        "value": Words(f"单价影响（{value.name}）", f"Value ({value.id})"),
        "planning": Words("目标之间不一致", "Targets that contradict one another"),
    }
    shown = found.shown()
    kept = [key for key in names if shown[key] or key in {"volume", "value"}]
    lines = [Line((Cell(names[key]), Cell(shown[key]))) for key in kept]
    total = Line((Cell(found.goal or root), Cell(found.gap, formula=Total())), Role.TOTAL)
    return Sheet(
        id=f"variance_by_driver_{value.id}",
        title=Words(f"偏差分解(按{value.name})", f"Gap by {value.id}"),
        columns=_measured(columns, found.metric),
        lines=(*lines, total),
        notes=(_about(found.goal or root, found.metric, found.period),),
    )


_PART_WORDS = {
    str(PartKind.GAP): Words("缺口", "gap"),
    str(PartKind.WITHOUT_TARGET): Words("无目标", "without target"),
    str(PartKind.WITHOUT_DATA): Words("无数据", "without data"),
    str(PartKind.MISMATCH): Words("分解差额", "mismatch"),
    str(PartKind.UNASSIGNED): Words("未分配", "unassigned"),
    str(PartKind.OVERLAP): Words("重复计数", "counted under several"),
}


def _shown_columns(lines: Sequence[Line]) -> Iterator[Column]:
    """The columns; people do not see those for texts that nobody wrote."""
    for at, column in enumerate(_GAP_COLUMNS):
        blank = column.key in _TEXTS and all(line.cells[at].value is None for line in lines)
        yield attrs.evolve(column, title=None) if blank else column


def _gap_line(line: LedgerLine, root: str) -> Line:
    row, named = line.row, _by_size(line.explanations)
    flag = FLAGS.get(row.status, Flag.NONE)
    whole = all(isinstance(each, int) for each in (row.target, row.actual, row.gap))
    values: dict[str, Cell] = {
        "name": Cell(row.goal or root),
        "goal": Cell(row.goal),
        "owner": Cell(row.ownership.owner),
        "metric_name": Cell(row.metric.name),
        "metric": Cell(row.metric.id),
        "period": Cell(row.period.label),
        "target": Cell(row.target),
        "actual": Cell(row.actual),
        "attainment_pct": Cell(
            row.ratio,
            flag,
            None if row.ratio is None else rate_formula(row.metric, row.target, row.actual),
        ),
        "gap": Cell(row.gap, formula=_gap_formula(row.metric) if whole else None),
        **{key: Cell(line.by_kind(kind)) for key, _, kind in _CAUSES},
        "below": Cell(line.below_units),
        "explained": Cell(
            line.explained, formula=Add((*(key for key, _, _ in _CAUSES), "below"))
        ),
        "unexplained": Cell(
            line.unexplained,
            Flag.PROBLEM if line.is_over_explained else Flag.NONE,
            Less("gap", "explained") if whole else None,
        ),
        "verdict": Cell(_verdict(line), Flag.PROBLEM if line.is_over_explained else Flag.NONE),
        "causes": Cell(joined(_cause_text(each, row.metric) for each in named)),
        "actions": Cell(_texts(each.action for each in row.reviews)),
        "notes": Cell(_texts(each.note for each in named)),
        "authors": Cell(_texts(each.author for each in named)),
    }
    cells = tuple(values[column.key] for column in _GAP_COLUMNS)
    return Line(cells, decimals=row.metric.decimals, unit=scalable_unit(row.metric))


def _verdict(line: LedgerLine) -> Words | None:
    if line.row.gap is None:
        return None
    if line.is_over_explained:
        return _OVER
    if line.row.status is Status.MET and not line.explanations:
        return _MET
    if not line.unexplained:
        return _WHOLE if line.explanations or line.below else None
    if line.explanations or line.below:
        return _PARTLY if line.explained else _NAMED
    return _NONE if line.row.status is Status.UNMET else None


def _by_size(given: Sequence[Explanation]) -> list[Explanation]:
    """The largest amount first, those without one last."""
    return sorted(
        given,
        key=lambda each: (each.amount_units is not None, abs(each.amount_units or 0)),
        reverse=True,
    )


def _cause_text(one: Explanation, metric: Metric) -> Words:
    words = cause_words(one.cause, one.text)
    if one.amount_units is None:
        return words
    amount = amount_text(one.amount_units, metric.decimals)
    return Words(f"{words.zh} {amount}", f"{words.en} {amount}")


def _texts(given: Iterable[str | None]) -> Value:
    return joined(Words(each or "", each or "") for each in given if each not in NOTHING)


def _gap_formula(metric: Metric) -> Less:
    if metric.direction is Direction.MAXIMISE:
        return Less("target", "actual")
    return Less("actual", "target")


def _effect_formula(metric: Metric, part: VariancePart) -> Formula | None:
    """The effect as a difference, where both its ends stand in the line."""
    both = isinstance(part.target, int) and isinstance(part.actual, int)
    return _gap_formula(metric) if both else None


def _part_name(part: VariancePart) -> Value:
    return part.goal if part.goal is not None else _PART_WORDS[str(part.kind)]


def _measured(columns: Iterable[Column], metric: Metric) -> tuple[Column, ...]:
    return tuple(
        attrs.evolve(each, decimals=metric.decimals, unit=metric.unit)
        if each.kind is Kind.AMOUNT
        else each
        for each in columns
    )


def _about(goal: str, metric: Metric, period: Period) -> Words:
    return Words(
        f"{goal} · {metric.name} · {period.label}", f"{goal} · {metric.id} · {period.label}"
    )
