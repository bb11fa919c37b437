"""Reviews, from raw rows to values: one row a remark, with a cause, an action, or both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import attrs

from salesgoal.domain.action import ActionState
from salesgoal.domain.cause import CauseKind
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_amount
from salesgoal.domain.review import Review
from salesgoal.intake.cell_text import cell_text
from salesgoal.intake.columns import ROLE_NAMES, roles_of
from salesgoal.intake.parse import UNITS, CellRefused, read_amount
from salesgoal.intake.plan_rows import PlanRows
from salesgoal.intake.table import Record, Table, scope_of
from salesgoal.ports.importer import RawValue

__all__ = ["KIND_NAMES", "REVIEW_NAMES", "STATE_NAMES", "read_reviews"]

_W = TypeVar("_W")

REVIEW_NAMES: Mapping[str, tuple[str, ...]] = {
    "period": ROLE_NAMES["period"],
    "metric": ROLE_NAMES["metric"],
    "cause_code": ("cause_code", "原因代码", "原因编码"),
    "cause": ("cause", "主要偏差原因", "偏差原因"),
    "cause_kind": ("cause_kind", "原因类别"),
    "amount": ("amount", "归因金额", "影响金额"),
    "note": ("note", "备注", "说明"),
    "author": ("author", "填写人", "记录人"),
    "action_number": ("action_number", "措施编号"),
    "action": ("action", "改进措施", "measure"),
    "action_owner": ("action_owner", "措施责任人"),
    "due_on": ROLE_NAMES["due_on"],
    "action_state": ("action_state", "措施状态"),
    "recovery": ("recovery", "预计挽回"),
    "outcome": ("outcome", "措施结果"),
    "hint": ("hint", "关键问题提示"),
    "corrects": ("corrects", "更正"),
}
"""Role -> the headers by which it is found where the plan names none."""

STATE_NAMES: Mapping[ActionState, tuple[str, ...]] = {
    ActionState.OPEN: ("open", "未开始", "待办"),
    ActionState.DOING: ("doing", "进行中"),
    ActionState.DONE: ("done", "已完成", "完成"),
    ActionState.DROPPED: ("dropped", "已取消", "取消"),
}
"""State -> what people write for it."""

KIND_NAMES: Mapping[CauseKind, tuple[str, ...]] = {
    CauseKind.SUBJECTIVE: ("subjective", "主观", "主观原因"),
    CauseKind.OBJECTIVE: ("objective", "客观", "客观原因"),
}
"""Kind of a cause -> what people write for it."""


def read_reviews(
    rows: PlanRows, table: Table, dimensions: Sequence[Dimension], metrics: Sequence[Metric]
) -> Iterator[Review]:
    """The reviews of a table; faults are kept in ``rows`` and read as blank cells.

    Args:
        rows: What reads the tables of the plan.
        table: One row a remark.
        dimensions: By their columns a row names its goal.
        metrics: Of the plan, the leading one first.
    """
    explicit = {
        ("action" if role == "measure" else role): c for role, c in table.explicit.items()
    }
    wanted = {**REVIEW_NAMES, **roles_of(dimensions)}
    found = rows.columns(attrs.evolve(table, explicit=explicit), wanted, ("period",))
    reader = _Reader(rows, found, dimensions, metrics)
    for row in table.rows if found else ():
        yield reader.read(row)


@attrs.frozen
class _Reader:
    rows: PlanRows
    found: Mapping[str, str]
    dimensions: Sequence[Dimension]
    metrics: Sequence[Metric]

    def read(self, row: Record) -> Review:
        texts = {role: cell_text(row.values.get(name)) for role, name in self.found.items()}
        metric = self._metric(texts.get("metric"))
        due = self.found.get("due_on")
        return Review(
            scope=scope_of(texts, self.dimensions),
            period=texts["period"] or "",
            metric=texts.get("metric"),
            cause=texts.get("cause"),
            code=texts.get("cause_code"),
            kind=self._word(row, "cause_kind", KIND_NAMES),
            amount=self._amount(row, "amount", metric),
            note=texts.get("note"),
            author=texts.get("author"),
            number=self._number(row),
            action=texts.get("action"),
            owner=texts.get("action_owner"),
            due_on=self.rows.cells.day(row, due) if due else None,
            state=self._word(row, "action_state", STATE_NAMES),
            recovery=self._amount(row, "recovery", metric),
            outcome=texts.get("outcome"),
            hint=texts.get("hint"),
            corrects=(texts.get("corrects") or "").removesuffix(".0") or None,
            where=row.where,
        )

    def _metric(self, written: str | None) -> Metric:
        """The metric whose decimals the amounts have; a wrong name is found by the plan."""
        named = (each for each in self.metrics if written in {each.id, each.name})
        return next(named, self.metrics[0])

    def _amount(self, row: Record, role: str, metric: Metric) -> Decimal | None:
        if role not in self.found:
            return None
        units = self.rows.cells.cell(
            row, self.found[role], lambda raw: read_amount(raw, metric, UNITS[""])
        )
        return None if units is None else to_amount(units, metric.decimals)

    def _number(self, row: Record) -> int | None:
        if "action_number" not in self.found:
            return None
        return self.rows.cells.cell(row, self.found["action_number"], _read_number)

    def _word(self, row: Record, role: str, names: Mapping[_W, tuple[str, ...]]) -> _W | None:
        if role not in self.found:
            return None
        return self.rows.cells.cell(row, self.found[role], lambda raw: _read_word(raw, names))


def _read_number(raw: RawValue) -> int | None:
    text = cell_text(raw)
    if text is None:
        return None
    if not text.isascii() or not text.removesuffix(".0").isdigit():
        raise CellRefused("not-a-number")
    return int(text.removesuffix(".0"))


def _read_word(raw: RawValue, names: Mapping[_W, tuple[str, ...]]) -> _W | None:
    text = cell_text(raw)
    if text is None:
        return None
    for word, each in names.items():
        if text.casefold() in each:
            return word
    known = " / ".join(each[0] for each in names.values())
    words = " / ".join(each[1] for each in names.values())
    raise CellRefused("bad-value", reason=f"is none of {known}", reason_zh=f"应为 {words}")
