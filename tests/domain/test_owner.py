from __future__ import annotations

from datetime import date

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.owner import NOBODY, OwnerTable
from salesgoal.domain.target import Ownership


def period(label):
    return parse_period(MonthCalendar(), label)


def owned(**labels):
    rows = {period(label[1:].replace("_", "-")): row for label, row in labels.items()}
    return OwnerTable({(0,): rows})


WANG, LI, ZHAO = (Ownership(owner=name) for name in ("王", "李", "赵"))


def test_a_scope_without_a_row_has_no_owner():
    assert OwnerTable().of((0,), period("2023")) == NOBODY


def test_a_single_row_counts_for_every_period():
    assert owned(p2023_10=WANG).of((0,), period("2023Q1")) == WANG


def test_the_row_of_the_period_comes_first_then_the_shortest_around_it():
    table = owned(p2023=WANG, p2023Q4=LI, p2023_10=ZHAO)
    assert table.of((0,), period("2023-10")) == ZHAO
    assert table.of((0,), period("2023-11")) == LI
    assert table.of((0,), period("2023-03")) == WANG


def test_a_longer_period_has_the_owner_of_its_latest_part():
    table = owned(p2023_10=WANG, p2023_12=LI, p2022_01=ZHAO)
    assert table.of((0,), period("2023Q4")) == LI
    assert table.of((0,), period("2021Q1")) == LI
    assert table.of((0,), period("2022")) == ZHAO


def test_each_field_is_the_first_that_is_said():
    due = Ownership(due_on=date(2023, 12, 31), department="二部")
    table = owned(p2023Q4=Ownership(owner="王", department="一部"), p2023=due)
    assert table.of((0,), period("2023-11")) == Ownership(
        owner="王", department="一部", due_on=date(2023, 12, 31)
    )
