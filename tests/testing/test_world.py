"""The world of a fake, and the bench that holds a connector against it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from salesgoal.domain.problem import Place
from salesgoal.errors import UsageError
from salesgoal.ports.importer import Page, RawRow
from salesgoal.testing import START, Bench, World
from salesgoal.testing.bench import OverBudget, Settled, says

from .acme import ACME, COLUMNS, Acme, case_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def row(key, amount, hour, *, deleted=False):
    revision = START + timedelta(hours=hour)
    return RawRow((amount,), Place("crm", key=key), key, revision, deleted)


def test_a_lagging_index_shows_what_was_until_it_is_over():
    world = World()
    world.put("A", "1.00")
    world.advance(60)
    world.delete("A", lag=100)
    world.put("B", lag=50)
    assert [(deal.key, deal.deleted) for deal in world.found()] == [("A", False)]
    world.advance(50)
    assert {deal.key for deal in world.found()} == {"A", "B"}
    world.advance(50)
    assert {(deal.key, deal.deleted) for deal in world.found()} == {("A", True), ("B", False)}
    assert list(world.truth()) == ["B"]


def test_of_two_changes_in_one_second_the_later_is_shown():
    world = World()
    world.put("A")
    world.edit("A", amount=None)
    world.edit("A", amount="2.00", won=False)
    (deal,) = world.found()
    assert (deal.amount, deal.won) == (Decimal("2.00"), False)


def test_what_is_not_there_cannot_be_changed():
    world = World()
    world.put("A")
    world.delete("A")
    for change in (world.edit, world.reopen, world.delete):
        with pytest.raises(UsageError, match="no deal 'A'"):
            change("A")


def test_only_what_was_deleted_is_restored():
    world = World()
    world.put("A", "1.00")
    for key in "AB":
        with pytest.raises(UsageError, match="no deleted deal"):
            world.restore(key)
    world.delete("A")
    world.advance(60)
    assert world.restore("A").modified_at == world.now
    assert world.truth()["A"].amount == Decimal("1.00")


def test_new_keys_are_new():
    world = World()
    keys = [world.put(world.new_key()).key for _ in range(120)]
    assert len(set(keys)) == 120
    assert keys != sorted(keys)


@pytest.mark.parametrize(
    ("raw", "expected", "same"),
    [
        ("1500.00", Decimal(1500), True),
        (1500, Decimal(1500), True),
        (True, Decimal(1), False),
        (1500.0, Decimal(1500), False),
        ("¥1500", Decimal(1500), False),
        (None, Decimal(0), False),
        (None, None, True),
        ("", None, True),
        (0, None, False),
        ("true", True, True),
        ("1", True, False),
        (False, False, True),
        (date(2026, 3, 2), date(2026, 3, 2), True),
        ("2026-03-02", date(2026, 3, 2), True),
        (NOON, date(2026, 3, 2), False),
        (NOON, NOON, True),
        ("2026-03-02T20:00:00+08:00", NOON, True),
        ("2026-03-02T12:00:00", NOON, False),
        ("noon", NOON, False),
        (12, NOON, False),
        ("华东", "华东", True),
        ("华东 ", "华东", False),
    ],
)
def test_a_cell_says_what_is_expected_whatever_its_form(raw, expected, same):
    assert says(raw, expected) is same


def test_settling_is_a_join_by_key_and_revision():
    newer, older = row("A", "2", 2), row("A", "1", 1)
    for rows in ([newer, older], [older, newer], [older, newer, older]):
        settled = Settled()
        settled.take(Page(tuple(rows), ("amount",), {"since": "x"}))
        settled.take(Page((), ("amount",)))
        assert settled.cells() == {"A": {"amount": "2"}}
        assert settled.cursor == {"since": "x"}
    settled.take(Page((row("A", None, 3, deleted=True),), ("amount",)))
    assert not settled.cells()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": None}, "without a key"),
        ({"revision": None}, "without a revision"),
        ({"revision": datetime(2026, 3, 2)}, "without a zone"),  # noqa: DTZ001
    ],
)
def test_rows_that_cannot_be_settled_are_refused(changed, said):
    broken = attrs.evolve(row("A", "1", 1), **changed)
    with pytest.raises(AssertionError, match=said):
        Settled().take(Page((broken,), ("amount",)))


def test_differences_name_what_is_lost_kept_and_wrong():
    with Bench(ACME) as bench:
        for key in "ABC":
            bench.world.put(key, customer="x")
        bench.run()
        bench.world.edit("A", amount="5.00", won=False)
        bench.world.delete("B")
        bench.world.put("D")
        held, columns = bench.settled.rows["C"]
        bench.settled.rows["C"] = attrs.evolve(held, values=held.values[:3]), columns[:3]
        assert bench.differences() == [
            "A amount: Decimal('100.00'), and the service has Decimal('5.00')",
            "A won: True, and the service has False",
            "B still counts and is gone",
            "C has no column 'customer'",
            "D is lost",
        ]
        with pytest.raises(AssertionError, match="after all:\n  A amount"):
            bench.assert_true("after all")


class Endless(Acme):
    def read(self, _):
        while True:
            yield Page((), COLUMNS)


class AsksForEver(Acme):
    def read(self, request):
        while True:
            try:
                self.fetch(request, self.query(request, "", ""))
            except OSError:
                break
        yield Page((), COLUMNS)


class WaitsForEver(Acme):
    def read(self, request):
        while True:
            request.sleep(1)
        yield


class OfAnotherWidth(Acme):
    def row(self, deal):
        return attrs.evolve(super().row(deal), values=(1,))


class KeepsToARate(Acme):
    def read(self, request):
        for _ in range(100):
            request.sleep(0.2)
        yield from super().read(request)


def test_short_waits_between_requests_are_no_loop():
    with Bench(case_of(KeepsToARate())) as bench:
        bench.world.put("A")
        bench.run()
        bench.assert_true("100 short waits")


class WithAColumnTwice(Acme):
    def read(self, request):
        for page in super().read(request):
            yield attrs.evolve(page, columns=("amount", *COLUMNS[:1], *COLUMNS[2:]))


@pytest.mark.parametrize(
    ("reader", "error", "said"),
    [
        (Endless, OverBudget, "pages"),
        (AsksForEver, OverBudget, "more than 800 requests"),
        (WaitsForEver, OverBudget, "waited 61 times"),
        (WithAColumnTwice, AssertionError, "a column twice"),
        (OfAnotherWidth, AssertionError, "1 cells, 4 columns"),
    ],
)
def test_what_never_ends_or_does_not_fit_is_stopped(reader, error, said):
    with Bench(case_of(reader())) as bench:
        bench.world.put("A")
        with pytest.raises(error, match=said):
            bench.run()


def test_a_fake_that_fails_is_no_fault_of_the_connector():
    with Bench(ACME) as bench:
        bench.fake.world = None
        with pytest.raises(AssertionError, match="the fake itself failed"):
            bench.run()


def test_a_run_can_be_stopped_before_its_first_page():
    with Bench(ACME) as bench:
        assert bench.run(stop_after=0) == []
        assert not bench.server.requests
