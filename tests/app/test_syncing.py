"""Services as importers may make them: without keys, without changes, without manners."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from salesgoal.app.load import load_plan
from salesgoal.app.sync.syncing import Syncing, SyncResult, Whole, find_services
from salesgoal.domain.ledger import Outcome
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import PlanRefused, PluginError, SourceRefused, UsageError
from salesgoal.ports.importer import ImporterSpec, Page, RawRow
from salesgoal.ports.plugins import Plugins
from salesgoal.store import open_ledger

PLAN = """\
[plan]
name = "团队"
period = "2023Q4"

[metrics.sales]
name = "销售额"
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
MORE
[ledger]
"""
COLUMNS = ("day", "region", "amount")
START = datetime(2023, 10, 6, tzinfo=UTC)
O = Outcome  # noqa: E741 - a table of one letter


def row(amount, *, key=None, region="华东", revision=None, day="2023-10-06"):
    return RawRow((day, region, amount), Place("made", key=key), key=key, revision=revision)


class Service:
    """A service whose pages a test sets; each run asks it anew."""

    def __init__(self, folder, *, incremental=False, more=""):
        self.pages = []
        self.asked = []
        self.seconds = count(1)
        spec = ImporterSpec(name="made", title="Made", read=self.read, incremental=incremental)
        (folder / "plan.toml").write_text(PLAN.replace("MORE", more), encoding="utf-8")
        self.plugins = Plugins(importers={"made": spec})
        self.loaded = load_plan(folder, self.plugins)
        self.ledger = open_ledger(folder / "plan.ledger.db")

    def read(self, request):
        self.asked.append(request)
        for page in self.pages:
            if isinstance(page, Exception):
                raise page
            yield page

    def clock(self):
        return START + timedelta(seconds=next(self.seconds))

    def give(self, *rows, **settings):
        self.pages = [Page(rows, COLUMNS, **settings)]

    def sync(self, **settings):
        run = Syncing(loaded=self.loaded, ledger=self.ledger, clock=self.clock, **settings)
        return run.take(find_services(self.loaded)[0])

    def amounts(self):
        assert self.ledger.check() == ()
        return sorted(each.values["sales"] for each in self.ledger.entries())


@pytest.fixture
def made(tmp_path):
    return Service(tmp_path)


@pytest.fixture
def changes(tmp_path):
    return Service(tmp_path, incremental=True)


def test_rows_without_a_key_are_known_again_by_what_they_say(made):
    made.give(row("10"), row("10"), row("30"))
    first = made.sync()
    assert (first.counts, first.whole, first.error) == ({O.ADDED: 3}, Whole.ALWAYS, None)
    assert made.sync().counts == {O.UNCHANGED: 3}
    made.give(row("30"), row("10"), row("40"))
    done = made.sync()
    assert (done.counts, done.withdrawn) == ({O.ADDED: 1, O.UNCHANGED: 2}, 1)
    assert made.amounts() == [1000, 3000, 4000]


def test_a_row_without_a_key_that_cannot_be_read_any_more_does_not_count(made):
    made.give(row("10"), row("20"))
    made.sync()
    made.give(
        row("10"), row("twenty"), row("5", region="华楠"), row(None, region=None, day=None)
    )
    done = made.sync()
    assert done.counts == {O.UNCHANGED: 1, O.REJECTED: 2, O.IGNORED: 1}
    assert (done.withdrawn, made.amounts()) == (1, [1000])
    assert {each.code for each in done.problems} == {"not-a-number", "unknown-member"}


def test_a_service_of_changes_must_give_keys(changes):
    changes.give(row("10", key="D-1"), row("20"))
    done = changes.sync()
    assert done.counts == {O.ADDED: 1, O.REJECTED: 1}
    assert [each.code for each in done.problems] == ["no-record-key"]
    changes.give(row("20"))
    done = changes.sync(full=True)
    assert [each.code for each in done.problems] == ["no-record-key", "nothing-withdrawn"]
    assert changes.amounts() == [1000]


def test_the_outcomes_of_amounts_add_up(changes):
    changes.give(
        row("10", key="1", revision=START),
        row(Decimal("20.50"), key="2", revision=START),
        row("4", key="3", region="华楠", revision=START),
    )
    done = changes.sync()
    assert done.amounts == {"sales": {"read": 3450, "added": 3050, "rejected": 400}}
    later = START + timedelta(hours=1)
    changes.give(
        row("10", key="1", revision=START),
        row("21", key="2", revision=later),
        row("9", key="1", revision=START - timedelta(hours=1)),
        row("22", key="2", revision=later),
    )
    done = changes.sync()
    assert done.amounts["sales"] == {
        "read": 6200,
        "unchanged": 1000,
        "corrected": 2100,
        "stale": 900,
        "conflict": 2200,
    }
    assert [each.code for each in done.problems] == ["stale-entry", "conflicting-entry"]
    assert [(each.outcome, each.after.key) for each in done.changes] == [
        (O.CORRECTED, "2"),
        (O.CONFLICT, "2"),
        (O.STALE, "1"),
    ]


def test_what_was_not_taken_over_is_not_counted(changes):
    changes.pages = [
        Page((row("10", key="1"),), COLUMNS, {"at": "1"}),
        Page((row("20", key="2"),), ("day", "amount", "region")),
    ]
    done = changes.sync()
    assert (done.result, done.pages, done.counts) == (SyncResult.PARTIAL, 1, {O.ADDED: 1})
    assert done.amounts == {"sales": {"read": 1000, "added": 1000}}
    assert isinstance(done.error, PluginError)
    assert "the columns are others than on the page before" in str(done.error)


def test_pages_without_rows_or_columns_are_no_fault(changes):
    changes.pages = [Page(), Page(cursor={"at": "1"})]
    done = changes.sync()
    assert (done.result, done.read, done.amounts) == (SyncResult.COMPLETE, 0, {})
    assert changes.sync().whole is None
    assert changes.asked[-1].since == {"at": "1"}


def test_a_page_of_headers_alone_is_no_fault(changes):
    changes.pages = [Page((), COLUMNS)]
    assert changes.sync().result is SyncResult.COMPLETE


def test_warnings_of_pages_are_told(changes):
    told = problem("no-rows", Place("made"))
    changes.give(row("1", key="1"), warnings=(told,))
    assert changes.sync().problems == (told,)


def test_a_fault_of_a_record_that_comes_again_is_told_once(changes):
    changes.give(row("ten", key="1", revision=START), row("10"), cursor={"at": "1"})
    changes.sync()
    done = changes.sync(full=True)
    assert done.counts == {O.REJECTED: 4}
    told = [(each.where.key, each.code) for each in done.problems]
    assert sorted(told, key=str) == [
        ("1", "not-a-number"),
        (None, "no-record-key"),
        (None, "no-record-key"),
    ]


def test_every_run_ends_when_it_started(changes):
    changes.give(row("1", key="1"), cursor={"at": "1"})
    changes.sync()
    (first,) = changes.asked
    assert START < first.until < changes.clock()
    changes.sync(full=True)
    _, whole, rest = changes.asked
    assert (whole.since, rest.since) == (None, {"at": "1"})
    assert rest.until > whole.until + timedelta(hours=1)


def test_columns_that_are_missing_refuse_the_source(changes):
    changes.pages = [Page((RawRow(("1",), Place("made"), key="1"),), ("amount",))]
    done = changes.sync()
    assert (done.result, type(done.error)) == (SyncResult.FAILED, SourceRefused)


def test_a_rule_on_a_column_that_is_missing_refuses_the_source(tmp_path):
    more = 'counts = { column = "won", equals = ["true"] }'
    service = Service(tmp_path, incremental=True, more=more)
    service.give(row("1", key="1"))
    done = service.sync()
    assert [each.column for each in done.error.problems] == ["won"]


FAULTS = [
    ('key = ["id"]', "no key for a service"),
    ("ledger = false", "a service in the ledger"),
    ('counts = { column = "won", equals = [] }', "the texts of rows that count"),
    ('zone = "Asia/Shanghia"', "there is no zone 'Asia/Shanghia'"),
    ("options = { a = 1 }", "no such key"),
    ('[[actuals]]\nimporter = "made"\nsource = "crm"\n', "give a source of its own"),
    ("[[actuals]]\nsource = 'x'\n", "a path, or the importer of a service"),
]


@pytest.mark.parametrize(("more", "said"), FAULTS)
def test_what_a_service_does_not_take_is_refused(tmp_path, more, said):
    with pytest.raises(PlanRefused) as refused:
        Service(tmp_path, more=more)
    assert said in str(refused.value)


def test_a_plan_without_services_syncs_nothing(tmp_path):
    text = PLAN.replace('importer = "made"', 'path = "a.csv"').replace("MORE", "")
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="syncs nothing"):
        find_services(load_plan(tmp_path))
