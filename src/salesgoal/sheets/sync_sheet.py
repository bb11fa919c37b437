"""The sheet of a sync: what became of each source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salesgoal.domain.ledger import Outcome
from salesgoal.sheets.ledger_sheets import OUTCOME_WORDS
from salesgoal.sheets.plain_columns import count_column
from salesgoal.sheets.sheet import Cell, Column, Flag, Line, Sheet, Words

__all__ = ["RESULT_WORDS", "synced_sheet"]

RESULT_WORDS: Mapping[str, Words] = {
    "complete": Words("完成", "complete"),
    "partial": Words("部分完成", "partial"),
    "failed": Words("失败", "failed"),
    "trial": Words("试运行", "dry run"),
}
_SCOPE_WORDS: Mapping[str, Words] = {
    "changes": Words("仅变化", "changes"),
    "first": Words("全部：首次", "all: first run"),
    "asked": Words("全部：--full", "all: --full"),
    "always": Words("全部：来源不给变化", "all: it gives no changes"),
    "other_source": Words("全部：来源或选项已改", "all: other source or options"),
    "other_reading": Words("全部：计划已改", "all: the plan was changed"),
    "undone": Words("全部：有撤销", "all: something was undone"),
}


def synced_sheet(
    found: Sequence[tuple[str, str, str, str, int, Mapping[Outcome, int], int]],
) -> Sheet:
    """Returns one line a source.

    Args:
        found: Source, importer, ``complete``, ``partial``, ``failed`` or ``trial``, ``changes``
            or why everything was read, pages, rows by outcome, and facts withdrawn.
    """
    columns = (
        Column(key="source", title=Words("数据来源", "Source")),
        Column(key="importer", title=Words("导入器", "Importer")),
        Column(key="result", title=Words("结果", "Result"), words=RESULT_WORDS),
        Column(key="scope", title=Words("读取范围", "Scope"), words=_SCOPE_WORDS),
        count_column("pages", Words("页数", "Pages")),
        count_column("read", Words("读入行数", "Rows read")),
        *(count_column(each.value, OUTCOME_WORDS[each]) for each in Outcome),
        count_column("withdrawn", Words("撤回", "withdrawn")),
    )
    lines = []
    for source, importer, result, scope, pages, counts, withdrawn in found:
        rows = [counts.get(each, 0) for each in Outcome]
        flag = Flag.PROBLEM if result in {"partial", "failed"} else Flag.NONE
        head = (Cell(source), Cell(importer), Cell(result, flag), Cell(scope), Cell(pages))
        lines.append(Line((*head, *map(Cell, (sum(rows), *rows, withdrawn)))))
    title = Words("同步结果", "Synced")
    return Sheet(id="synced", title=title, columns=columns, lines=tuple(lines))
