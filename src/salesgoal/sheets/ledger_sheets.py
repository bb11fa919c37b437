"""Sheets of the ledger: what was imported, what it holds, what would change, who is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Outcome, Receipt
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_amount
from salesgoal.sheets.plain_columns import count_column, day_column, text_column
from salesgoal.sheets.sheet import (
    Cell,
    Column,
    Flag,
    Kind,
    Line,
    Role,
    Sheet,
    Total,
    Value,
    Words,
)

__all__ = [
    "OUTCOME_WORDS",
    "STATE_WORDS",
    "amounts_sheet",
    "changes_sheet",
    "documents_sheet",
    "imported_sheet",
    "missing_sheet",
]

OUTCOME_WORDS: Mapping[str, Words] = {
    Outcome.ADDED: Words("新增", "added"),
    Outcome.UNCHANGED: Words("未变", "unchanged"),
    Outcome.CORRECTED: Words("更正", "corrected"),
    Outcome.DUPLICATE: Words("重复", "duplicate"),
    Outcome.CONFLICT: Words("冲突", "conflict"),
    Outcome.STALE: Words("过时", "stale"),
    Outcome.RETIRED: Words("删除", "retired"),
    Outcome.REJECTED: Words("被拒绝", "rejected"),
    Outcome.IGNORED: Words("忽略", "ignored"),
}
STATE_WORDS: Mapping[str, Words] = {
    "received": Words("已收", "received"),
    "late": Words("迟交", "late"),
    "missing": Words("缺交", "missing"),
    "expected": Words("待交", "expected"),
}
_WITHDRAWN = "withdrawn"
_CHANGE_WORDS = {**OUTCOME_WORDS, _WITHDRAWN: Words("撤回", "withdrawn")}
_RESULT_WORDS = {
    "recorded": Words("已入账", "recorded"),
    "known": Words("已在台账", "known"),
    "refused": Words("未入账", "refused"),
    "trial": Words("试运行", "dry run"),
}


_COUNTS = (
    count_column("read", Words("读入行数", "Rows read")),
    *(count_column(each.value, OUTCOME_WORDS[each]) for each in Outcome),
    count_column(_WITHDRAWN, _CHANGE_WORDS[_WITHDRAWN]),
)


def _counts(counts: Mapping[Outcome, int], withdrawn: int) -> list[Cell]:
    rows = [counts.get(each, 0) for each in Outcome]
    return [*map(Cell, (sum(rows), *rows, withdrawn))]


def imported_sheet(
    found: Sequence[tuple[str, str, str, Mapping[Outcome, int], int]],
) -> Sheet:
    """Returns one line a document, and their total.

    Args:
        found: Source, document, ``recorded``, ``known``, ``refused`` or ``trial``, rows by
            outcome, and facts withdrawn.
    """
    columns = (
        text_column("source", "数据来源", "Source"),
        text_column("document", "单据", "Document"),
        Column(key="result", title=Words("结果", "Result"), words=_RESULT_WORDS),
        *_COUNTS,
    )
    lines = [
        Line((Cell(source), Cell(name), Cell(result), *_counts(counts, withdrawn)))
        for source, name, result, counts, withdrawn in found
    ]
    if len(lines) > 1:
        sums = [
            sum(int(str(line.cells[at].value)) for line in lines)
            for at in range(3, len(columns))
        ]
        total = (Cell(Words("合计", "Total")), Cell(), Cell())
        lines.append(
            Line((*total, *(Cell(each, formula=Total()) for each in sums)), Role.TOTAL)
        )
    return Sheet(
        id="imported", title=Words("导入结果", "Imported"), columns=columns, lines=tuple(lines)
    )


def amounts_sheet(metrics: Sequence[Metric], found: Mapping[str, Mapping[str, int]]) -> Sheet:
    """Returns one line a metric: what was read, by outcome of its rows."""
    names = ("read", *(each.value for each in Outcome if each is not Outcome.IGNORED))
    words = {"read": Words("读入合计", "Read"), **OUTCOME_WORDS}
    columns = (
        text_column("metric", "指标", "Metric"),
        *(Column(key=name, title=words[name], kind=Kind.AMOUNT) for name in names),
    )
    lines = tuple(
        Line(
            (Cell(each.name), *(Cell(found[each.id].get(name, 0)) for name in names)),
            decimals=each.decimals,
        )
        for each in metrics
        if each.id in found
    )
    return Sheet(id="amounts", title=Words("金额对账", "Amounts"), columns=columns, lines=lines)


def documents_sheet(receipts: Iterable[Receipt], moment: Callable[[datetime], str]) -> Sheet:
    """Returns one line a document of the ledger.

    Machine output has the exact moment of recording, by which a document is known or not.

    Args:
        receipts: In the order of recording.
        moment: How moments are written for people.
    """
    columns = (
        count_column("id", Words("编号", "Id")),
        text_column("source", "数据来源", "Source"),
        text_column("document", "单据", "Document"),
        text_column("as_of", "截至", "As of"),
        Column(key="recorded", title=Words("入账时刻", "Recorded at"), machine=False),
        Column(key="recorded_at", title=None),
        *_COUNTS,
        text_column("undone_at", "撤销时刻", "Undone at"),
        text_column("undone_by", "撤销人", "Undone by"),
        text_column("reason", "撤销原因", "Reason"),
    )
    lines = []
    for each in receipts:
        undo = each.undone
        why = (moment(undo.recorded_at), undo.by, undo.reason) if undo else (None, None, None)
        cells = [
            Cell(each.id),
            Cell(each.document.source),
            Cell(each.document.name),
            Cell(moment(each.document.as_of)),
            Cell(moment(each.recorded_at)),
            Cell(each.recorded_at.isoformat()),
            *_counts(each.counts, each.withdrawn),
            *map(Cell, why),
        ]
        lines.append(Line(tuple(cells)))
    title = Words("台账单据", "Documents of the ledger")
    return Sheet(id="documents", title=title, columns=columns, lines=tuple(lines))


def missing_sheet(
    found: Iterable[tuple[str, str, str, date, date, date, date, str, date | None]],
) -> Sheet:
    """Returns one line a report that was due.

    Args:
        found: Source, dimension, member, first and last day it speaks of, due day, last day in
            time, state, and the day it came.
    """
    columns = (
        Column(key="state", title=Words("状态", "State"), words=STATE_WORDS),
        text_column("source", "数据来源", "Source"),
        text_column("dimension", "维度", "Dimension"),
        text_column("member", "成员", "Member"),
        day_column("first", "开始日期", "First day"),
        day_column("last", "结束日期", "Last day"),
        day_column("due_on", "应交日", "Due on"),
        day_column("deadline", "宽限至", "Deadline"),
        day_column("received_on", "收到日", "Received on"),
    )
    lines = []
    for source, dimension, member, first, last, due_on, deadline, state, received_on in found:
        flag = Flag.PROBLEM if state == "missing" else Flag.NONE
        values: tuple[Value, ...] = (
            source,
            dimension,
            member,
            first,
            last,
            due_on,
            deadline,
            received_on,
        )
        lines.append(Line((Cell(state, flag), *map(Cell, values))))
    title = Words("应收报告", "Expected reports")
    return Sheet(id="missing", title=title, columns=columns, lines=tuple(lines))


def changes_sheet(
    dimensions: Sequence[str],
    metrics: Sequence[Metric],
    found: Iterable[tuple[Outcome | None, Entry | None, Entry | None]],
    *,
    done: bool = False,
) -> Sheet:
    """Returns one line a fact that a document changes.

    Args:
        dimensions: Ids, in the order in which members are shown.
        metrics: Of the plan; amounts of others are left out.
        found: Outcome, or None for a fact that is withdrawn; what counted before; the row.
        done: Whether it has changed; else it would.
    """
    columns = (
        Column(key="change", title=Words("变化", "Change"), words=_CHANGE_WORDS),
        text_column("key", "编号", "Key"),
        text_column("before", "之前", "Before"),
        text_column("after", "之后", "After"),
        Column(key="where", title=Words("位置", "Where")),
    )
    lines = []
    for outcome, before, after in found:
        shown = after or before
        assert shown is not None
        cells = (
            Cell(_WITHDRAWN if outcome is None else outcome.value),
            Cell(shown.key),
            Cell(_said(before, dimensions, metrics)),
            Cell(_said(after, dimensions, metrics)),
            Cell(Words(shown.where.text("zh"), shown.where.text("en"))),
        )
        lines.append(Line(cells))
    return Sheet(
        id="changes",
        title=Words("变化" if done else "将要发生的变化", "Changes"),
        columns=columns,
        lines=tuple(lines),
    )


def _said(
    entry: Entry | None, dimensions: Sequence[str], metrics: Sequence[Metric]
) -> str | None:
    """What an entry says, in one line."""
    if entry is None:
        return None
    parts = [str(getattr(entry.on, "label", entry.on)) if entry.on else "-"]
    parts += [entry.members[name] for name in dimensions if name in entry.members]
    for metric in metrics:
        value = entry.values.get(metric.id)
        if value is not None:
            amount = value if isinstance(value, str) else to_amount(value, metric.decimals)
            parts.append(f"{metric.name} {amount}")
    return "，".join(parts)
