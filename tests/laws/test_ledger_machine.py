"""A ledger through a long life, held against a model of plain dicts.

Documents come, come again, overlap, are corrected, deleted and taken back, and the machine
stops in the middle of the work; what counts, now and at every earlier moment, is what the model
says.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event

from salesgoal.domain.ledger import Outcome
from salesgoal.store import open_ledger

from .deliveries import DELIVERIES, moment


class Stop(Exception):
    """The machine stops here."""


def what_counts(deliveries):
    """Name, row and amount of what counts, by the two rules."""
    versions, claims = {}, {}
    for each in deliveries:
        place = (each.source, each.name)
        order = (each.hour, each.document.digest)
        versions[place] = max(versions.get(place, (order, each)), (order, each), key=first)
    for _, each in versions.values():
        seen = {}
        for at, row in enumerate(each.rows, start=2):
            key, revision, amount, deleted = row
            fact = (each.source, "key", key)
            if key is None:
                seen[amount] = seen.get(amount, 0) + 1
                fact = (each.source, "row", amount, seen[amount])
            stamp = each.hour if revision is None else revision
            order = (stamp, each.hour, each.name, each.document.digest, at)
            claim = (order, (each.name, at, amount), deleted and key is not None)
            claims[fact] = max(claims.get(fact, claim), claim, key=first)
    return sorted(said for _, said, deleted in claims.values() if not deleted)


def first(pair):
    return pair[0]


class LedgerLife(RuleBasedStateMachine):
    @initialize()
    def open(self):
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "plan.ledger"
        self.ledger = open_ledger(self.path)
        self.live = {}
        self.snapshots = []
        self.clock = 0
        self.calls_left = None
        engine = self.ledger._database.engine
        event.listen(engine, "before_cursor_execute", self.count_call)
        event.listen(engine, "commit", self.count_call)

    def count_call(self, *_):
        if self.calls_left is not None:
            self.calls_left -= 1
            if self.calls_left < 0:
                raise Stop

    def deliver(self, delivery):
        self.clock += 1
        return self.ledger.record(
            delivery.document, delivery.pages(), recorded_at=moment(self.clock)
        )

    def is_known(self, delivery):
        same_place = [
            each
            for each in self.live.values()
            if (each.source, each.name) == (delivery.source, delivery.name)
        ]
        if delivery in same_place:
            return True
        newest = max(
            same_place, key=lambda each: (each.hour, each.document.digest), default=None
        )
        return newest is not None and newest.document.digest == delivery.document.digest

    @rule(delivery=DELIVERIES)
    def comes(self, delivery):
        known = self.is_known(delivery)
        got = self.deliver(delivery)
        assert got.is_new == (not known)
        assert got.read == len(delivery.rows) + delivery.rejected or known
        assert got.counts.get(Outcome.REJECTED, 0) == delivery.rejected
        if got.is_new:
            self.live[got.id] = delivery
            self.snapshots.append((got.recorded_at, what_counts(self.live.values())))

    @precondition(lambda self: self.live)
    @rule(draw=st.data())
    def comes_again(self, draw):
        self.comes(draw.draw(st.sampled_from(list(self.live.values()))))

    @precondition(lambda self: self.live)
    @rule(draw=st.data())
    def is_taken_back(self, draw):
        gone = draw.draw(st.sampled_from(list(self.live)))
        self.clock += 1
        got = self.ledger.undo(gone, by="韩梅梅", reason="错发", recorded_at=moment(self.clock))
        del self.live[gone]
        self.snapshots.append((got.undone.recorded_at, what_counts(self.live.values())))

    @rule(delivery=DELIVERIES, calls=st.integers(0, 14))
    def stops_in_the_middle(self, delivery, calls):
        before = self.ledger.documents()
        self.calls_left = calls
        try:
            got = self.deliver(delivery)
        except Stop:
            got = None
        self.calls_left = None
        if got is None:
            assert self.ledger.documents() == before
        elif got.is_new:
            self.live[got.id] = delivery
            self.snapshots.append((got.recorded_at, what_counts(self.live.values())))

    @precondition(lambda self: self.live)
    @rule(draw=st.data(), calls=st.integers(0, 6))
    def stops_while_taken_back(self, draw, calls):
        gone = draw.draw(st.sampled_from(list(self.live)))
        before = self.ledger.documents()
        self.calls_left = calls
        self.clock += 1
        try:
            self.ledger.undo(gone, by="韩", reason="错", recorded_at=moment(self.clock))
        except Stop:
            self.calls_left = None
            assert self.ledger.documents() == before
            return
        self.calls_left = None
        undone = next(each for each in self.ledger.documents() if each.id == gone).undone
        del self.live[gone]
        self.snapshots.append((undone.recorded_at, what_counts(self.live.values())))

    @rule()
    def is_opened_anew(self):
        self.ledger.close()
        engine = self.ledger._database.engine
        event.remove(engine, "before_cursor_execute", self.count_call)
        event.remove(engine, "commit", self.count_call)
        self.ledger = open_ledger(self.path, create=False)
        engine = self.ledger._database.engine
        event.listen(engine, "before_cursor_execute", self.count_call)
        event.listen(engine, "commit", self.count_call)

    def counts(self, **asked):
        return sorted(
            (each.where.source, each.where.row, each.values["sales"])
            for each in self.ledger.entries(**asked)
        )

    @invariant()
    def what_counts_is_what_the_model_says(self):
        if hasattr(self, "ledger"):
            assert self.counts() == what_counts(self.live.values())

    @precondition(lambda self: self.snapshots)
    @rule(draw=st.data())
    def what_was_known_is_what_it_was(self, draw):
        known_at, expected = draw.draw(st.sampled_from(self.snapshots))
        assert self.counts(known_at=known_at) == expected

    def teardown(self):
        if hasattr(self, "ledger"):
            for known_at, expected in self.snapshots:
                assert self.counts(known_at=known_at) == expected
            assert not self.ledger.check()
            self.ledger.close()
            self.folder.cleanup()


class TestLedgerLife(LedgerLife.TestCase):
    settings = settings(
        max_examples=min(15, settings().max_examples // 4), stateful_step_count=15
    )


@pytest.mark.slow
class TestLongLedgerLife(LedgerLife.TestCase):
    settings = settings(max_examples=60, stateful_step_count=40)
