"""Reviews: what people say about a goal's period - why it falls short and what is done."""

from __future__ import annotations

from datetime import date

import attrs

from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place
from salesgoal.domain.scope import Scope

__all__ = ["Review"]


@attrs.frozen(kw_only=True)
class Review:
    """One remark on a goal and period; None is "nothing said".

    Attributes:
        scope: The goal, as dimension -> member.
        period: The period, or its label.
        cause: 主要偏差原因.
        measure: 改进措施.
        due_on: 完成时限 of the measure.
        hint: 关键问题提示, one line for the team's table.
    """

    scope: Scope = attrs.field(factory=dict, hash=False)
    period: Period | str
    cause: str | None = None
    measure: str | None = None
    due_on: date | None = None
    hint: str | None = None
    where: Place = Place("code")
