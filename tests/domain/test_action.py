from __future__ import annotations

from datetime import date

import attrs
import pytest

from salesgoal.domain.action import Action, ActionState

VISITS = Action(
    number=1,
    codes=(0,),
    metric="sales",
    period=None,
    what="二次拜访5家重点客户",
    due_on=date(2023, 10, 15),
)


def test_an_action_is_overdue_from_the_day_after_it_is_due():
    assert not VISITS.is_overdue(date(2023, 10, 15))
    assert VISITS.is_overdue(date(2023, 10, 16))


@pytest.mark.parametrize(
    ("state", "overdue"),
    [("open", True), ("doing", True), ("done", False), ("dropped", False)],
)
def test_what_is_done_or_dropped_is_never_overdue(state, overdue):
    action = attrs.evolve(VISITS, state=ActionState(state))
    assert action.is_open is overdue
    assert action.is_overdue(date(2023, 10, 16)) is overdue


def test_without_a_due_day_nothing_is_overdue():
    assert not attrs.evolve(VISITS, due_on=None).is_overdue(date(2030, 1, 1))
