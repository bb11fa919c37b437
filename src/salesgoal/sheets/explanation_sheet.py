"""Explanations as sheets, and as comments on the scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from salesgoal.domain.contribution import Contribution, Contributions
from salesgoal.domain.explanation import RowExplanation
from salesgoal.domain.metric import Aggregation
from salesgoal.domain.number import Exact, to_amount
from salesgoal.domain.problem import Place
from salesgoal.domain.statement import Figure, Statement
from salesgoal.sheets.explanation_text import say_statement
from salesgoal.sheets.sheet import Cell, Column, Kind, Line, Role, Sheet, Words

__all__ = ["MOST_COMMENTED", "comment_scores", "contribution_sheet", "explanation_sheet"]

MOST_COMMENTED = 2_000
"""How many rows of a scorecard carry comments; a workbook with more would open slowly."""

_STATEMENTS = (
    Column(key="text", title=Words("说明", "Explanation"), tree=True),
    Column(key="depth", title=None),
    Column(key="kind", title=None),
    Column(key="rule", title=None),
    Column(key="metric", title=None),
    Column(key="figure", title=None, kind=Kind.AMOUNT),
    Column(key="figure_pct", title=None, kind=Kind.PERCENT),
    Column(key="exact", title=None),
    Column(key="facts", title=None, kind=Kind.SCOPE),
)
_UNITS = frozenset({"before", "original", "allotted"})

_OUTCOMES = {
    "counted": Words("计入", "counted"),
    "rest": Words("其余计入", "counted, not shown"),
    "total": Words("合计", "total"),
    "superseded": Words("被更晚的余额取代", "replaced by a later balance"),
    "outside_period": Words("期间外", "outside period"),
    "rejected": Words("被拒绝（全部目标）", "rejected (of all goals)"),
}
_CONTRIBUTIONS = (
    Column(key="outcome", title=Words("结果", "Outcome"), kind=Kind.WORD, words=_OUTCOMES),
    Column(key="metric", title=Words("指标", "Metric")),
    Column(key="rows", title=Words("行数", "Rows")),
    Column(key="file", title=Words("文件", "File")),
    Column(key="sheet", title=Words("工作表", "Sheet")),
    Column(key="row", title=Words("行号", "Row")),
    Column(key="on", title=Words("日期", "Day")),
    Column(key="goal", title=Words("计入目标", "Counts to")),
    Column(key="share_pct", title=Words("份额(%)", "Share (%)"), kind=Kind.PERCENT),
    Column(key="amount", title=Words("数值", "Amount"), kind=Kind.AMOUNT),
    Column(key="key", title=None),
    Column(key="why", title=Words("原因", "Why")),
)


def explanation_sheet(
    found: RowExplanation, revisions: Sequence[Statement], root: str
) -> Sheet:
    """Returns everything said about one row, a line a statement.

    Args:
        found: The explanation.
        revisions: What revisions made of its target.
        root: What the root goal is called.
    """
    statements = [found.target, *revisions, *found.statements[1:]]
    row = found.row
    name = f"{row.goal or root}，{row.metric.name}，{row.period.label}"
    return Sheet(
        id="explanation",
        title=Words("数字说明", "Explanation"),
        columns=_STATEMENTS,
        lines=tuple(
            _statement_line(one, depth, root)
            for each in statements
            for depth, one in each.all()
        ),
        notes=(Words(name, name.replace("，", ", ")),),
    )


def contribution_sheet(
    behind: Sequence[Contributions],
    outside: Sequence[Contributions],
    rejected: Sequence[Contributions],
    root: str,
) -> Sheet:
    """Returns the rows behind an actual: the first ones, what the others come to, the total.

    Args:
        behind: One a metric that facts carry.
        outside: What matches the goal outside the plan's days; counted only.
        rejected: Rejected rows, of whatever goal.
        root: What the root goal is called.
    """
    lines: list[Line] = []
    for each in behind:
        lines += [_row_line("counted", each, one, root) for one in each.shown]
        if each.rest.rows:
            lines.append(_count_line("rest", each, each.rest.rows, each.rest.units, Role.REST))
        lines.append(_count_line("total", each, each.rows, each.value, Role.TOTAL))
        if each.superseded:
            lines.append(_count_line("superseded", each, each.superseded, None, Role.REST))
    for each in outside:
        if each.rows:
            lines.append(_count_line("outside_period", each, each.rows, each.value, Role.REST))
    for each in rejected:
        lines += [_row_line("rejected", each, one, root) for one in each.shown]
        if each.rest.rows:
            lines.append(
                _count_line("rejected", each, each.rest.rows, each.rest.units, Role.REST)
            )
    return Sheet(
        id="contributions",
        title=Words("数据行", "Rows"),
        columns=_CONTRIBUTIONS,
        lines=tuple(lines),
    )


def comment_scores(sheet: Sheet, found: Iterable[RowExplanation], root: str) -> Sheet:
    """Returns a scorecard's sheet whose first lines carry comments, and a note where it ends.

    Args:
        sheet: From `score_sheet`.
        found: The explanations of its lines, in their order; `MOST_COMMENTED` are used.
        root: What the root goal is called.
    """
    places = {key: sheet.position(key) for key in ("target", "actual", "attainment_pct")}
    lines = list(sheet.lines)
    for at, each in enumerate(_first(found)):
        cells = list(lines[at].cells)
        for key, words in _comments(each, root).items():
            cells[places[key]] = attrs.evolve(cells[places[key]], note=words)
        lines[at] = attrs.evolve(lines[at], cells=tuple(cells))
    notes = sheet.notes
    if len(lines) > MOST_COMMENTED:
        zh = f"工作簿的批注只写在前 {MOST_COMMENTED:,} 行；其余用 salesgoal explain 查看"
        en = f"workbook comments: the first {MOST_COMMENTED:,} rows; see salesgoal explain"
        notes = (*notes, Words(zh, en))
    return attrs.evolve(sheet, lines=tuple(lines), notes=notes)


def _first(found: Iterable[RowExplanation]) -> Iterator[RowExplanation]:
    for _, each in zip(range(MOST_COMMENTED), found, strict=False):
        yield each


def _comments(found: RowExplanation, root: str) -> Mapping[str, Words]:
    """One paragraph a figure; children are counted, not listed."""
    said = {each.kind: say_statement(each, root) for each in found.others}
    unassigned = [say_statement(each, root) for each in found.actual.parts[-1:]]
    by_day = [words for kind, words in said.items() if kind.startswith(("expected", "pace"))]
    target = say_statement(found.target, root)
    actual = say_statement(found.actual, root)
    return {
        "target": target,
        "actual": _joined([actual, *unassigned]) if found.row.unassigned else actual,
        "attainment_pct": _joined([say_statement(found.attainment, root), *by_day]),
    }


def _joined(words: Sequence[Words]) -> Words:
    return Words("。".join(each.zh for each in words), ". ".join(each.en for each in words))


def _statement_line(one: Statement, depth: int, root: str) -> Line:
    exact = one.figure
    ratio = one.shown is Figure.RATIO
    values = {
        "text": Cell(say_statement(one, root)),
        "depth": Cell(str(depth)),
        "kind": Cell(str(one.kind)),
        "rule": Cell(str(one.rule)),
        "metric": Cell(one.metric.id),
        "figure": Cell(None if ratio else exact),
        "figure_pct": Cell(Fraction(exact) if ratio and exact is not None else None),
        "exact": Cell(None if exact is None else str(exact)),
        "facts": Cell(_facts(one)),
    }
    decimals = 0 if one.shown is Figure.DAYS else one.metric.decimals
    cells = tuple(values[column.key] for column in _STATEMENTS)
    return Line(cells, depth=depth, decimals=None if ratio else decimals)


def _facts(one: Statement) -> dict[str, str]:
    """What else the statement names, as texts for machines."""
    found: dict[str, str] = {}
    known = {name: value for name, value in one.facts.items() if value is not None}
    for name, value in known.items():
        if isinstance(value, Place):
            parts = {"file": value.source, "sheet": value.sheet, "row": value.row}
            found |= {key: str(part) for key, part in parts.items() if part is not None}
        elif name in _UNITS:
            found[name] = f"{to_amount(value, one.metric.decimals):f}"
        else:
            found[name] = str(value)
    return found


def _row_line(outcome: str, of: Contributions, one: Contribution, root: str) -> Line:
    where, key = one.where, isinstance(one.value, str)
    values = {
        "outcome": Cell(outcome),
        "metric": Cell(of.metric.name),
        "rows": Cell("1"),
        "file": Cell(where.source),
        "sheet": Cell(where.sheet),
        "row": Cell(None if where.row is None else str(where.row)),
        "on": Cell(None if one.on is None else str(getattr(one.on, "label", one.on))),
        "goal": Cell(None if one.goal is None else one.goal or root),
        "share_pct": Cell(None if one.share == 1 else one.share),
        "amount": Cell(None if key else one.value),
        "key": Cell(str(one.value) if key else None),
        "why": Cell("、".join(one.why) or None),
    }
    return Line(
        tuple(values[column.key] for column in _CONTRIBUTIONS), decimals=of.metric.decimals
    )


def _count_line(
    outcome: str, of: Contributions, rows: int, units: Exact | None, role: Role
) -> Line:
    values = {
        "outcome": Cell(outcome),
        "metric": Cell(of.metric.name),
        "rows": Cell(str(rows)),
        "amount": Cell(units),
    }
    counts = of.metric.aggregation is Aggregation.DISTINCT
    return Line(
        tuple(values.get(column.key, Cell()) for column in _CONTRIBUTIONS),
        role,
        decimals=0 if counts else of.metric.decimals,
    )
