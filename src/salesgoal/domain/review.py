"""Reviews: what people say about a goal's period - why it falls short and what is done."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from salesgoal.domain.action import ActionState
from salesgoal.domain.cause import CauseKind
from salesgoal.domain.kind import a_day_or_none, a_mapping, a_text_or_none
from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place
from salesgoal.domain.scope import Scope

__all__ = ["Review"]


@attrs.frozen(kw_only=True)
class Review:
    """One remark on a goal and period, as people give it; None is "nothing said".

    It may name one cause, one action, or both; several remarks on one goal and period stand
    side by side. Amounts are in whole units of the metric (yuan).

    Attributes:
        scope: The goal, as dimension -> member.
        period: The period, or its label.
        metric: Whose gap is meant; the plan's first where it is left out.
        cause: 主要偏差原因, in people's own words.
        code: 原因代码, a code or name of the plan's catalogue of causes.
        kind: Whether a cause in people's own words is subjective or objective.
        amount: How much of the gap the cause explains; above zero where it widens the gap.
        note: 备注.
        author: 填写人.
        number: 措施编号; with no ``action`` the remark carries on the action of that number.
        action: 改进措施.
        owner: 措施责任人.
        due_on: 完成时限 of the action.
        state: How far the action is.
        recovery: 预计挽回, by how much the action shall narrow the gap.
        outcome: 措施结果.
        hint: 关键问题提示, one line for the team's table.
        corrects: 更正, what the remark takes the place of: the key of a cause, or the number of
            an action whose wording changes. A correction that names no cause withdraws it.
    """

    scope: Scope = attrs.field(factory=dict, hash=False, validator=a_mapping)
    period: Period | str
    metric: str | None = None
    cause: str | None = attrs.field(default=None, validator=a_text_or_none)
    code: str | None = attrs.field(default=None, validator=a_text_or_none)
    kind: CauseKind | None = None
    amount: Decimal | int | None = None
    note: str | None = None
    author: str | None = None
    number: int | None = None
    action: str | None = attrs.field(default=None, validator=a_text_or_none)
    owner: str | None = None
    due_on: date | None = attrs.field(default=None, validator=a_day_or_none)
    state: ActionState | None = None
    recovery: Decimal | int | None = None
    outcome: str | None = None
    hint: str | None = None
    corrects: str | None = None
    where: Place = Place("code")
