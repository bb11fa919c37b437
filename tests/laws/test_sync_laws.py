"""Whatever happens to a service and to its syncs, the ledger ends as the service does.

Deals are made, edited, lost, reopened, deleted, spoilt and moved, between runs and between two
pages of a run; runs are stopped after any page, or overtaken by another one in the middle. What
counts in the end is what the service says in the end, each row had one outcome, and nothing is
written twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal.app.load import load_plan
from salesgoal.app.sync.syncing import Syncing, SyncResult, find_services
from salesgoal.domain.problem import Place
from salesgoal.domain.sync import SyncOvertaken
from salesgoal.ports.importer import ImporterSpec, Page, RawRow
from salesgoal.ports.plugins import Plugins
from salesgoal.store import open_ledger

PLAN = """\
[plan]
name = "团队"
period = "2023Q4"

[metrics.sales]
unit = "元"
decimals = 2

[dimensions.region]
members = ["华东", "华南"]

[[breakdowns]]
by = ["region"]

[[actuals]]
importer = "made"
source = "crm"
columns = { on = "day", sales = "amount" }
counts = { column = "won", equals = ["true"] }

[ledger]
"""
COLUMNS = ("day", "region", "amount", "won")
START = datetime(2023, 10, 6, tzinfo=UTC)
LOOKBACK = timedelta(seconds=2)
FAST = "/dev/shm"  # noqa: S108 - each example has a folder of its own in it


class Stopped(BaseException):
    """The process is gone."""


class Service:
    """Deals, and an importer that keeps the five rules."""

    def __init__(self, folder, *, incremental):
        self.now, self.deals = START, {}
        self.between = []
        self.size = 2
        spec = ImporterSpec(name="made", title="Made", read=self.read, incremental=incremental)
        self.incremental = incremental
        (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
        self.loaded = load_plan(folder, Plugins(importers={"made": spec}))
        self.ledger = open_ledger(folder / "plan.ledger.db")

    def clock(self):
        self.now += timedelta(seconds=1)
        return self.now

    def change(self, key, what):
        deal = self.deals.get(key, {"amount": "1", "won": "true", "deleted": False})
        if isinstance(what, int):
            deal = {**deal, "amount": str(what), "deleted": False}
        elif what == "vanish":
            self.deals.pop(key, None)
            return
        elif what == "delete":
            deal = {**deal, "deleted": True}
        elif what == "spoil":
            deal = {**deal, "amount": "many"}
        else:
            deal = {**deal, "won": what, "deleted": False}
        self.deals[key] = {**deal, "key": key, "at": self.clock()}

    def read(self, request) -> Iterator[Page]:
        if not self.incremental:
            rows = tuple(map(self.row, self.deals.values()))
            for at in range(0, len(rows), self.size):
                yield Page(rows[at : at + self.size], COLUMNS)
                self.meddle()
            return
        place = ("", "")
        if request.since is not None:
            since = datetime.fromisoformat(request.since["at"])
            place = ((since - LOOKBACK).isoformat(), "")
        while True:
            found = sorted(self.deals.values(), key=lambda each: (each["at"], each["key"]))
            found = [
                each
                for each in found
                if (each["at"].isoformat(), each["key"]) > place and each["at"] <= request.until
            ]
            some = found[: self.size]
            if some:
                place = (some[-1]["at"].isoformat(), some[-1]["key"])
            cursor = {"at": place[0]} if some else None
            yield Page(tuple(map(self.row, some)), COLUMNS, cursor)
            if len(some) < self.size:
                return
            self.meddle()

    def meddle(self):
        """What happens between two pages, once."""
        if self.between:
            self.between.pop(0)()

    def row(self, deal):
        return RawRow(
            ("2023-10-09", "华东", deal["amount"], deal["won"]),
            Place("made", key=deal["key"]),
            key=deal["key"],
            revision=deal["at"],
            deleted=deal["deleted"],
        )

    def sync(self, *, stop=None, **settings):
        pages = []

        def step(_name, _rows):
            pages.append(None)
            if len(pages) == stop:
                raise Stopped

        run = Syncing(
            loaded=self.loaded, ledger=self.ledger, clock=self.clock, step=step, **settings
        )
        try:
            done = run.take(find_services(self.loaded)[0])
        except Stopped:
            return
        assert done.error is None or isinstance(done.error, SyncOvertaken)
        assert done.read == sum(done.counts.values())

    def truth(self):
        return {
            key: int(each["amount"]) * 100
            for key, each in self.deals.items()
            if each["won"] == "true" and not each["deleted"] and each["amount"] != "many"
        }

    def spoilt(self):
        return {
            key
            for key, each in self.deals.items()
            if each["amount"] == "many" and each["won"] == "true" and not each["deleted"]
        }


KEYS = st.sampled_from(["D-1", "D-2", "D-3", "D-4", "D-5"])
CHANGES = st.sampled_from([1, 2, 3, "delete", "false", "true", "spoil"])
VANISHING = CHANGES | st.just("vanish")
RUNS = st.one_of(
    st.just(("run", {})),
    st.builds(lambda stop: ("run", {"stop": stop}), st.integers(1, 3)),
    st.just(("run", {"full": True})),
    st.builds(lambda stop: ("run", {"full": True, "stop": stop}), st.integers(1, 3)),
    st.just(("run", {"dry_run": True})),
)


def events(changes):
    one = st.tuples(KEYS, changes)
    between = st.builds(lambda *each: ("between", each), KEYS, changes)
    return st.lists(one | one | between | RUNS | st.just(("inside", {})), max_size=10)


def live(folder, happening, *, incremental):
    """A service and its ledger after all that."""
    service = Service(folder, incremental=incremental)
    for key in ("D-1", "D-2", "D-3", "D-4", "D-5"):
        service.change(key, 2)
    service.sync()
    for name, what in happening:
        if name == "run":
            service.sync(**what)
        elif name == "between":
            service.between.append(lambda what=what: service.change(*what))
        elif name == "inside":
            service.between.append(service.sync)
        else:
            service.change(name, what)
    service.between.clear()
    return service


def settled(service):
    """What counts, and what waits to be read."""
    assert service.ledger.check() == ()
    found = {each.key: each.values["sales"] for each in service.ledger.entries()}
    return found, {each.key for each in service.ledger.feed("crm").marks()}


def folders():
    where = FAST if Path(FAST).is_dir() else None
    return tempfile.TemporaryDirectory(dir=where)


@settings(max_examples=settings().max_examples // 3)
@given(happening=events(CHANGES))
def test_changes_alone_lead_to_what_the_service_says(happening):
    with folders() as folder:
        service = live(Path(folder), happening, incremental=True)
        service.sync()
        assert settled(service) == (service.truth(), service.spoilt())
        before = service.ledger.documents()
        service.sync()
        service.sync(full=True)
        assert service.ledger.documents() == before
        assert settled(service) == (service.truth(), service.spoilt())
        service.ledger.close()


@settings(max_examples=settings().max_examples // 3)
@given(happening=events(VANISHING))
def test_a_whole_reading_leads_to_what_the_service_says(happening):
    with folders() as folder:
        service = live(Path(folder), happening, incremental=True)
        service.change("D-0", 7)  # where nothing at all is seen, nothing is taken out
        service.sync()
        service.sync(full=True)
        assert settled(service) == (service.truth(), service.spoilt())
        service.ledger.close()


@settings(max_examples=settings().max_examples // 3)
@given(happening=events(VANISHING))
def test_a_service_without_changes_is_what_it_is(happening):
    with folders() as folder:
        service = live(Path(folder), happening, incremental=False)
        service.change("D-0", 7)
        service.sync()
        assert settled(service) == (service.truth(), service.spoilt())
        service.ledger.close()


def test_the_last_run_of_two_at_once_goes_on():
    """An inner run overtakes the outer one between its pages; the outer one stops."""
    with folders() as folder:
        service = Service(Path(folder), incremental=True)
        for key in ("D-1", "D-2", "D-3", "D-4", "D-5"):
            service.change(key, 3)
        service.between.append(service.sync)
        run = Syncing(loaded=service.loaded, ledger=service.ledger, clock=service.clock)
        done = run.take(find_services(service.loaded)[0])
        assert (done.result, type(done.error)) == (SyncResult.PARTIAL, SyncOvertaken)
        assert settled(service) == (service.truth(), set())
        service.ledger.close()
