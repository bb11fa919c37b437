"""What people enter about gaps, row by row, and what a row changes: values without files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from salesgoal.domain.action import ActionState
from salesgoal.domain.cause import CauseKind
from salesgoal.domain.metric import Metric
from salesgoal.domain.problem import Place

__all__ = ["ActionRow", "CauseRow", "FieldChange", "ReviewChange", "Subject", "Verb"]


@attrs.frozen(kw_only=True)
class CauseRow:
    """One cause of a goal's gap, as somebody enters it; None is "not said".

    Attributes:
        goal: The path of the goal; the root where it is empty.
        metric: Id or name; the plan's first where it is left out.
        period: The label of a period that the plan shows.
        key: 原因标识 of a cause that the plan has; the row then says all of it anew.
        code: A code or name of the plan's catalogue.
        text: The cause in people's own words.
        kind: Whether own words are subjective or objective.
        amount: In whole units of the metric; above zero where the cause widens the gap.
        note: 备注.
        author: 填写人.
        where: The row, for problems.
    """

    goal: str = ""
    metric: str | None = None
    period: str
    key: str | None = None
    code: str | None = None
    text: str | None = None
    kind: CauseKind | None = None
    amount: Decimal | int | None = None
    note: str | None = None
    author: str | None = None
    where: Place = Place("review")


@attrs.frozen(kw_only=True)
class ActionRow:
    """One action against a goal's gap, as somebody enters it; None is "not said".

    Attributes:
        goal: The path of the goal; the root where it is empty.
        metric: Id or name; the plan's first where it is left out.
        period: The label of the period whose gap asked for it.
        number: 措施编号 of an action that the plan has, or of a new one; the next free one
            where it is left out.
        text: 改进措施; it may be left out where the number is known.
        owner: 措施责任人.
        due_on: 完成时限.
        state: Open for a new action where it is left out.
        recovery: 预计挽回, in whole units of the metric.
        outcome: 措施结果.
        author: 填写人.
        where: The row, for problems.
    """

    goal: str = ""
    metric: str | None = None
    period: str
    number: int | None = None
    text: str | None = None
    owner: str | None = None
    due_on: date | None = None
    state: ActionState | None = None
    recovery: Decimal | int | None = None
    outcome: str | None = None
    author: str | None = None
    where: Place = Place("review")


class Subject(StrEnum):
    """What a change is about."""

    CAUSE = "cause"
    ACTION = "action"


class Verb(StrEnum):
    """What becomes of it."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@attrs.frozen
class FieldChange:
    """One field of a cause or action; None is "not said"."""

    field: str
    before: object
    after: object


@attrs.frozen(kw_only=True)
class ReviewChange:
    """What becomes of one cause or action.

    Attributes:
        subject: A cause or an action.
        verb: New, changed or withdrawn.
        goal: The path of its goal.
        metric: What falls short.
        period: The label of its period.
        handle: The key of the cause or the number of the action; None for a new cause.
        what: The cause or action in one text.
        fields: What it says, field by field: only those that differ.
        where: The row that changes it.
    """

    subject: Subject
    verb: Verb
    goal: str
    metric: Metric
    period: str
    handle: str | None
    what: str
    fields: tuple[FieldChange, ...]
    where: Place

    def text(self, lang: str = "en") -> str:
        """Returns the change in one line, in ``zh`` or ``en``."""
        subject, verb = _SUBJECTS[self.subject][lang], _VERBS[self.verb][lang]
        metric = self.metric.name if lang == "zh" else self.metric.id
        place = " · ".join(filter(None, (self.goal, metric, self.period)))
        handle = f" {self.handle}" if self.handle else ""
        colon, comma = ("：", "；") if lang == "zh" else (": ", "; ")
        head = f"{subject}{handle} {verb}" if lang == "en" else f"{verb}{subject}{handle}"
        said = comma.join(self._said(lang))
        return f"{head}{colon}{place} · {self.what}" + (f"{colon}{said}" if said else "")

    def _said(self, lang: str) -> Iterator[str]:
        for each in self.fields:
            name = _FIELDS[each.field][lang]
            after = _shown(each.after, lang)
            if self.verb is Verb.CHANGED:
                yield f"{name} {_shown(each.before, lang)} → {after}"
            elif self.verb is Verb.NEW and each.field not in {"text", "code"}:
                yield f"{name} {after}"


_SUBJECTS = {
    Subject.CAUSE: {"zh": "原因", "en": "cause"},
    Subject.ACTION: {"zh": "措施", "en": "action"},
}
_VERBS = {
    Verb.NEW: {"zh": "新增", "en": "added"},
    Verb.CHANGED: {"zh": "修改", "en": "changed"},
    Verb.WITHDRAWN: {"zh": "撤回", "en": "withdrawn"},
}
_FIELDS = {
    "code": {"zh": "原因代码", "en": "code"},
    "text": {"zh": "内容", "en": "text"},
    "kind": {"zh": "类别", "en": "kind"},
    "amount": {"zh": "金额", "en": "amount"},
    "note": {"zh": "备注", "en": "note"},
    "owner": {"zh": "责任人", "en": "owner"},
    "due_on": {"zh": "完成时限", "en": "due"},
    "state": {"zh": "状态", "en": "state"},
    "recovery": {"zh": "预计挽回", "en": "recovery"},
    "outcome": {"zh": "措施结果", "en": "outcome"},
}
_VALUES: dict[object, str] = {
    CauseKind.SUBJECTIVE: "主观",
    CauseKind.OBJECTIVE: "客观",
    ActionState.OPEN: "未开始",
    ActionState.DOING: "进行中",
    ActionState.DONE: "已完成",
    ActionState.DROPPED: "已取消",
}


def _shown(value: object, lang: str) -> str:
    if value is None:
        return "（空）" if lang == "zh" else "(blank)"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return _VALUES.get(value, str(value)) if lang == "zh" else str(value)
