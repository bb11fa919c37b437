"""Each fault planted in the tracker must break a law of it."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from salesgoal.domain import live_score, live_target, tally
from salesgoal.domain.live_cells import LiveCells
from salesgoal.domain.live_column import LiveColumn
from salesgoal.domain.live_fact import FactBook
from salesgoal.domain.live_reading import LiveReadings
from salesgoal.domain.retarget import Expecting, Retargeted

from . import test_tracker_laws as laws
from .test_laws_bite import breaks

ANYTHING = (laws.test_after_anything_it_says_what_a_scorecard_made_at_once_says, laws.models())
MOVING = (laws.test_so_it_does_where_people_move_share_and_stand_beside, laws.moving_models())
HELD = (laws.test_what_a_reader_was_given_never_changes, laws.models())


def keep_the_extreme(self, changes):
    """An extreme that went stays."""
    before = self.reading
    for units, sign in changes:
        if sign > 0:
            self._units.change(self.times * units, sign)
    return tally._exchange(before, self.reading)


def never_shrink(self, first, last, _):
    self.days = min(first, *(self.days or [first])), max(last, *(self.days or [last]))
    return True


def count_every_seat(self, group, period):
    """A balance of who moved counts at the old seat too."""
    return [each for one in group for each in SETTLE(self, [one], period)]


SETTLE = LiveReadings._settle


def share_the_figures(self, *, reported):
    return self.current(reported=reported)


def stop_at_the_goal(tree, metric, typed, period, column, scopes, people):
    made = RETARGET(tree, metric, typed, period, column, scopes, people)
    kept = {tree.by_scope[codes] for codes in scopes if codes in tree.by_scope} & made.nodes
    pairs = enumerate(zip(column, made.column, strict=True))
    values = [now if at in kept else was for at, (was, now) in pairs]
    return Retargeted(values, frozenset(kept))


RETARGET = live_target.retarget


def expect_the_same(_, __, column, ___):
    return column


def leave_nothing_out(*_):
    return None


def count_late_versions(self, key, fact, _):
    return TAKE(self, key, fact, None)


TAKE = FactBook.take


def whole_parts(_, value, shares):
    return [value for _ in shares]


@pytest.mark.parametrize(
    ("where", "name", "fault", "broken"),
    [
        (tally.Extreme, "take", keep_the_extreme, ANYTHING),
        (tally.DaySpan, "take", never_shrink, ANYTHING),
        (LiveReadings, "_settle", count_every_seat, MOVING),
        (LiveColumn, "freeze", share_the_figures, HELD),
        (live_target, "retarget", stop_at_the_goal, ANYTHING),
        (Expecting, "column", expect_the_same, ANYTHING),
        (LiveCells, "use", leave_nothing_out, ANYTHING),
        (live_score, "parts_of", whole_parts, MOVING),
    ],
)
def test_a_planted_fault_breaks_a_law(monkeypatch, where, name, fault, broken):
    monkeypatch.setattr(where, name, fault)
    law, strategy = broken
    assert breaks(law, strategy)


def test_a_late_version_that_counts_breaks_a_law(monkeypatch):
    monkeypatch.setattr(FactBook, "take", count_late_versions)
    law = laws.test_of_versions_of_a_fact_the_newest_counts_in_whatever_order_they_come
    assert breaks(law, laws.models(), st.data())
