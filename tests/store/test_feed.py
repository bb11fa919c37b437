"""A synced source in a database: only news are kept, each page with its checkpoint."""

from __future__ import annotations

import attrs
import pytest

from salesgoal.domain.entry import keyed_fact
from salesgoal.domain.ledger import Outcome
from salesgoal.domain.sync import SyncOvertaken
from salesgoal.store import SyncRun, open_ledger

from .sales import amounts, document, moment, page, sale

RUN = SyncRun(started_at=moment(0), reading="r" * 64)
HOUR = iter(range(1, 10_000))


def deal(key, amount=None, revision=1, **changed):
    if amount is None:
        changed = {"on": None, "deleted": True, **changed}
    made = sale(amount or 0, None, name="crm", key=key, revision=moment(revision), **changed)
    return made if amount is not None else attrs.evolve(made, members={}, values={})


def take(feed, *entries, cursor=None, base=None, run=RUN, **settings):
    base = base or feed.checkpoint()
    after = attrs.evolve(base, importer="acme", identity="i", reading=run.reading)
    after = attrs.evolve(after, cursor=cursor or base.cursor)
    now = moment(next(HOUR))
    return feed.take(entries, run, base=base, after=after, recorded_at=now, **settings)


def outcomes(taken):
    return [each.outcome.value for each in taken[1]]


def test_only_news_are_kept(ledger):
    feed = ledger.feed("crm")
    assert outcomes(take(feed, deal("1", 10), deal("2", 20))) == ["added", "added"]
    again = take(feed, deal("1", 10), deal("2", 25, 2), deal("3", revision=9))
    assert outcomes(again) == ["unchanged", "corrected", "ignored"]
    assert amounts(ledger) == [10, 25]
    assert [each.counts for each in ledger.documents()] == [
        {Outcome.ADDED: 2},
        {Outcome.CORRECTED: 1},
    ]
    assert ledger.check() == ()


def test_a_row_further_up_the_page_stands_for_those_below(ledger):
    feed = ledger.feed("crm")
    taken = take(feed, deal("1", 10), deal("1", 10), deal("1", 11, 2), deal("1", 9, 1))
    assert outcomes(taken) == ["added", "unchanged", "corrected", "stale"]
    assert amounts(ledger) == [11]
    assert ledger.check() == ()


def test_a_page_without_news_writes_nothing_but_its_checkpoint(ledger):
    feed = ledger.feed("crm")
    take(feed, deal("1", 10), cursor={"at": "1"})
    known = feed.checkpoint()
    base, _ = take(feed, deal("1", 10), cursor={"at": "1"})
    assert base == feed.checkpoint() == known
    base, _ = take(feed, deal("1", 10), cursor={"at": "2"}, eager=False)
    assert base == feed.checkpoint() == known
    base, _ = take(feed, deal("1", 10), cursor={"at": "2"})
    assert (base.version, base.cursor) == (2, {"at": "2"})
    assert base == feed.checkpoint()
    assert len(ledger.documents()) == 1


def test_where_another_run_was_faster_nothing_is_taken_over(ledger):
    feed = ledger.feed("crm")
    base = feed.checkpoint()
    take(feed, deal("1", 10), base=base)
    with pytest.raises(SyncOvertaken):
        take(feed, deal("1", 9), base=base)
    with pytest.raises(SyncOvertaken):
        feed.move(base, attrs.evolve(base, cursor={"at": "3"}))
    with pytest.raises(SyncOvertaken):
        feed.withdraw(set(), RUN, base=base, recorded_at=moment(1))
    assert amounts(ledger) == [10]


def test_a_checkpoint_is_read_as_it_was_written(ledger):
    feed = ledger.feed("crm")
    base = feed.checkpoint()
    assert (base.source, base.version, base.cursor) == ("crm", 0, None)
    after = attrs.evolve(
        base,
        importer="acme",
        identity="i" * 64,
        reading="r" * 64,
        cursor={"at": "二"},
        completed_at=moment(5),
    )
    moved = feed.move(base, after)
    assert moved == feed.checkpoint() == attrs.evolve(after, version=1)
    assert moved.cursor == feed.checkpoint().cursor == {"at": "二"}
    assert feed.move(moved, after) == moved
    assert ledger.feed("erp").checkpoint().version == 0


def test_what_a_whole_reading_did_not_show_is_emptied(ledger):
    feed = ledger.feed("crm")
    take(feed, deal("1", 10), deal("2", 20), deal("3", 30), deal("4", rejected=True))
    seen = {keyed_fact("crm", "2")}
    unseen = sorted(each.key for each in feed.unseen(seen, RUN))
    assert unseen == ["1", "3", "4"]
    base = feed.checkpoint()
    moved, gone = feed.withdraw(seen, RUN, base=base, recorded_at=moment(next(HOUR)))
    assert (gone, moved.version, amounts(ledger)) == (3, base.version + 1, [20])
    assert list(feed.marks()) == []
    again = feed.withdraw(seen, RUN, base=moved, recorded_at=moment(next(HOUR)))
    assert again == (moved, 0)
    assert outcomes(take(feed, deal("1", 10))) == ["corrected"]
    assert ledger.check() == ()


def test_a_whole_reading_leaves_what_files_said_before(ledger):
    ledger.record(
        document(source="crm"), [page(sale(7), sale(8, key="9"))], recorded_at=moment(1)
    )
    feed = ledger.feed("crm")
    _, gone = feed.withdraw(set(), RUN, base=feed.checkpoint(), recorded_at=moment(2))
    assert (gone, amounts(ledger)) == (1, [7])


def test_what_is_gone_and_tells_no_revision_is_as_new_as_what_stands(ledger):
    feed = ledger.feed("crm")
    take(feed, deal("1", 10, 9_000))
    gone = attrs.evolve(deal("1"), revision=None)
    assert outcomes(take(feed, gone)) == ["retired"]
    assert amounts(ledger) == []
    assert outcomes(take(feed, deal("1", 10, 9_000))) == ["corrected"]
    assert amounts(ledger) == [10]


def test_rows_without_a_revision_count_by_when_they_were_read(ledger):
    feed = ledger.feed("crm")
    assert outcomes(take(feed, attrs.evolve(deal("1", 10), revision=None))) == ["added"]
    assert outcomes(take(feed, attrs.evolve(deal("1", 11), revision=None))) == ["corrected"]
    assert amounts(ledger) == [11]


def test_a_faulty_row_is_marked_until_it_can_be_read(ledger):
    feed = ledger.feed("crm")
    take(feed, deal("1", 10))
    before = ledger.documents()[-1].recorded_at
    assert outcomes(take(feed, deal("1", revision=2, rejected=True))) == ["rejected"]
    assert ([each.key for each in feed.marks()], amounts(ledger)) == (["1"], [])
    assert (list(feed.marks(before)), amounts(ledger, known_at=before)) == ([], [10])
    assert outcomes(take(feed, deal("1", 12, 3))) == ["corrected"]
    assert (list(feed.marks()), amounts(ledger)) == ([], [12])
    assert ledger.check() == ()


def test_a_dry_run_remembers_what_it_would_have_kept(ledger):
    feed = ledger.feed("crm")
    take(feed, deal("1", 10))
    trial = attrs.evolve(RUN, trial={})
    base = feed.checkpoint()
    assert outcomes(take(feed, deal("1", 11, 2), deal("2", 20), run=trial)) == [
        "corrected",
        "added",
    ]
    assert outcomes(take(feed, deal("1", 11, 2), run=trial)) == ["unchanged"]
    assert list(feed.unseen(set(), trial)) == []
    assert (feed.checkpoint(), amounts(ledger)) == (base, [10])


def test_taking_a_page_back_begins_again(ledger):
    feed = ledger.feed("crm")
    take(feed, deal("1", 10), cursor={"at": "1"})
    base, _ = take(feed, deal("2", 20), cursor={"at": "2"})
    ledger.undo(1, by="王", reason="试", recorded_at=moment(next(HOUR)))
    found = feed.checkpoint()
    assert (found.identity, found.cursor, found.version) == ("", None, base.version + 1)
    assert amounts(ledger) == [20]
    taken = take(feed, deal("1", 10), deal("2", 20), base=found)
    assert outcomes(taken) == ["added", "unchanged"]


def test_more_rows_than_one_query_takes(ledger):
    feed = ledger.feed("crm")
    deals = [deal(str(number), number) for number in range(1, 1200)]
    take(feed, *deals)
    assert set(outcomes(take(feed, *deals))) == {"unchanged"}
    assert len(amounts(ledger)) == 1199


def test_an_older_ledger_gets_its_checkpoints(target):
    with open_ledger(target) as ledger:
        take(ledger.feed("crm"), deal("1", 10))
    with open_ledger(target) as ledger:
        assert ledger.feed("crm").checkpoint().version == 1
