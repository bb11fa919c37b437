"""Actions: what is done about a gap (改进措施), by whom and until when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place
from salesgoal.domain.scope import Codes

__all__ = ["Action", "ActionState"]


class ActionState(StrEnum):
    """How far an action is."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


@attrs.frozen(kw_only=True)
class Action:
    """One action on a goal's gap; None is "not said".

    Attributes:
        number: 措施编号, by which later rows speak of it.
        codes: The scope of the goal, as member codes.
        metric: The id of the metric whose gap shall narrow.
        period: The period whose review asked for it.
        what: 改进措施.
        owner: 措施责任人.
        due_on: 完成时限.
        state: Open where nobody says otherwise.
        recovery_units: 预计挽回, by how much the gap shall narrow, in smallest units.
        outcome: 措施结果.
        author: 填写人.
        where: The row that began it.
    """

    number: int
    codes: Codes
    metric: str
    period: Period
    what: str
    owner: str | None = None
    due_on: date | None = None
    state: ActionState = ActionState.OPEN
    recovery_units: int | None = None
    outcome: str | None = None
    author: str | None = None
    where: Place = Place("code")

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in {ActionState.DONE, ActionState.DROPPED}

    def is_overdue(self, as_of: date) -> bool:
        """Whether its due day is over and it is not done; the due day itself still counts.

        >>> from salesgoal.domain.period import Level
        >>> october = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")
        >>> visits = Action(number=1, codes=(), metric="sales", period=october,
        ...     what="二次拜访5家重点客户", due_on=date(2023, 10, 15))
        >>> visits.is_overdue(date(2023, 10, 15)), visits.is_overdue(date(2023, 10, 16))
        (False, True)
        """
        return self.is_open and self.due_on is not None and self.due_on < as_of
