"""The causes and actions of a tracking workbook, as rows to be entered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import attrs

from salesgoal.app.reviews.entry import ActionRow, CauseRow
from salesgoal.app.tracking.memory import BookMemory
from salesgoal.domain.action import ActionState
from salesgoal.domain.cause import find_cause
from salesgoal.domain.metric import Metric
from salesgoal.domain.number import to_amount
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Problem, problem
from salesgoal.intake.parse import CellRefused, read_amount, read_day
from salesgoal.intake.readable import readable
from salesgoal.intake.review_rows import STATE_NAMES
from salesgoal.intake.tracking_sheet import TrackedBook, TrackedCell, TrackedLine

__all__ = ["RemarkReader"]

_CAUSE = ("cause", "cause_amount", "note")
_ACTION = ("action", "action_owner", "due_on", "state")


@attrs.define
class RemarkReader:
    """Reads what lines say of causes and actions, where it is not what was handed out.

    Attributes:
        plan: Whose causes and actions.
        book: The workbook.
        memory: What the workbook brought when it was imported before.
        problems: Cells that cannot be read.
    """

    plan: Plan
    book: TrackedBook
    memory: BookMemory
    problems: list[Problem] = attrs.field(factory=list)

    def rows(self, line: TrackedLine, key: str, goal: str) -> Iterator[CauseRow | ActionRow]:
        """Yields the cause and the action of a line that may have changed.

        Args:
            line: The line.
            key: The key of its scope.
            goal: The path of its goal.
        """
        if "cause" not in self.book.columns[line.sheet]:
            return
        about = f"{key}|{self._metric(line)}|{self._period(line)}"
        known = self.memory.handles.get(about, {})
        if self._differs(line, _CAUSE):
            yield from self._cause(line, goal, known)
        if self._differs(line, _ACTION):
            yield from self._action(line, goal, known)

    def _differs(self, line: TrackedLine, columns: tuple[str, ...]) -> bool:
        key = (line.sheet, line.key, line.metric)
        return any(
            self._plain(line, column) != self.book.held.get((key, column), "")
            for column in columns
        )

    def _plain(self, line: TrackedLine, column: str) -> str:
        """A cell as the workbook was handed out with it."""
        cell = line.cells.get(column)
        if cell is None or cell.value is None:
            return ""
        if column == "cause_amount":
            metric = self.plan.metric(self._metric(line))
            try:
                units = read_amount(cell.value, metric, in_percent=True)
            except CellRefused:
                return str(cell.value)
            return "" if units is None else str(to_amount(units, metric.decimals))
        return str(cell.value).strip()

    def _metric(self, line: TrackedLine) -> str:
        return self.book.columns[line.sheet]["cause"].meaning.metric or line.metric

    def _period(self, line: TrackedLine) -> str:
        return self.book.columns[line.sheet]["cause"].meaning.period

    def _cause(
        self, line: TrackedLine, goal: str, known: Mapping[str, str]
    ) -> Iterator[CauseRow]:
        faults = len(self.problems)
        text, note = self._said(line, "cause"), self._said(line, "note")
        amount = self._amount(line)
        key = line.text("cause_key") or known.get("cause")
        old = {each.key: each for each in self.plan.reviews.explanations}.get(key or "")
        held = self.book.held.get(((line.sheet, line.key, line.metric), "cause"), "")
        code, kind = None, None
        found = None if text is None else find_cause(text, self.plan.reviews.causes)
        if old is not None and (text or "") == held and line.text("cause_key"):
            code = old.cause.code if old.cause else None
            text, kind = old.text, old.stated
        elif found is not None:
            code, text = found.code, None
        if len(self.problems) > faults or (key is None and not (text or code or amount)):
            return
        yield CauseRow(
            goal=goal,
            metric=self._metric(line),
            period=self._period(line),
            key=key,
            code=code,
            text=text,
            kind=kind,
            amount=amount,
            note=note,
            where=line.cells["cause"].where,
        )

    def _action(
        self, line: TrackedLine, goal: str, known: Mapping[str, str]
    ) -> Iterator[ActionRow]:
        faults = len(self.problems)
        text = self._said(line, "action")
        owner = self._said(line, "action_owner")
        due_on, state = self._due(line), self._state(line)
        number = line.text("action_number") or known.get("action") or ""
        taken_back = not (text or owner or due_on or state)
        if taken_back:
            state = ActionState.DROPPED
        if len(self.problems) > faults or (not number and (taken_back or text is None)):
            return
        yield ActionRow(
            goal=goal,
            metric=self._metric(line),
            period=self._period(line),
            number=int(number) if number.isdecimal() else None,
            text=text,
            owner=owner,
            due_on=due_on,
            state=state,
            where=line.cells["action"].where,
        )

    def _said(self, line: TrackedLine, column: str) -> str | None:
        cell = line.cells.get(column)
        if cell is None:
            return None
        try:
            text = str(readable(cell.value) or "").strip()
        except CellRefused as refused:
            self._fault(refused, cell)
            return None
        return text or None

    def _amount(self, line: TrackedLine) -> Decimal | None:
        cell = line.cells.get("cause_amount")
        metric = self.plan.metric(self._metric(line))
        try:
            units = self._units(line, cell, metric)
        except CellRefused as refused:
            assert cell is not None
            self._fault(refused, cell)
            return None
        return None if units is None else to_amount(units, metric.decimals)

    def _units(self, line: TrackedLine, cell: TrackedCell | None, metric: Metric) -> int | None:
        if cell is None:
            return None
        is_old = not self._differs(line, ("cause_amount",))
        return read_amount(readable(cell.value), metric, in_percent=is_old)

    def _due(self, line: TrackedLine) -> date | None:
        cell = line.cells.get("due_on")
        try:
            return None if cell is None else read_day(readable(cell.value), None)
        except CellRefused as refused:
            assert cell is not None
            self._fault(refused, cell)
            return None

    def _state(self, line: TrackedLine) -> ActionState | None:
        text = self._said(line, "state")
        if text is None:
            return None
        for state, names in STATE_NAMES.items():
            if text.casefold() in names:
                return state
        known = "、".join(names[1] for names in STATE_NAMES.values())
        cell = line.cells["state"]
        self.problems.append(
            problem("unknown-state", cell.where, column=cell.column, value=text, known=known)
        )
        return None

    def _fault(self, refused: CellRefused, cell: TrackedCell) -> None:
        facts = {"value": cell.value, **refused.facts}
        self.problems.append(problem(refused.code, cell.where, column=cell.column, **facts))
