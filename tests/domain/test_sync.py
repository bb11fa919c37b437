"""What becomes of the rows of a service: the table at the head of the module, line by line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from salesgoal.domain.entry import Entry, content_digest
from salesgoal.domain.ledger import Outcome
from salesgoal.domain.problem import Place
from salesgoal.domain.sync import (
    SyncedClaim,
    SyncOvertaken,
    judge_synced,
    page_name,
    run_of,
)

CRM = Place("crm", key="D-1")
O = Outcome  # noqa: E741 - a table of one letter


def claim(says, stamp=5, reading="now"):
    """A deal of so much; "gone", or "faulty"."""
    if isinstance(says, int):
        entry = Entry(on=date(2023, 10, 6), values={"sales": says}, where=CRM, key="D-1")
    else:
        rejected = says == "faulty"
        entry = Entry(on=None, where=CRM, key="D-1", deleted=True, rejected=rejected)
    return SyncedClaim(entry=entry, content=content_digest(entry), stamp=stamp, reading=reading)


OLD, NEW = 4, 6
TABLE = [
    (1, None, O.ADDED, True),
    (1, claim(1), O.UNCHANGED, False),
    (1, claim(1, OLD), O.UNCHANGED, False),
    (1, claim(1, NEW), O.UNCHANGED, False),
    (1, claim(2, NEW), O.STALE, False),
    (1, claim("gone", NEW), O.STALE, False),
    (1, claim("faulty", NEW), O.STALE, False),
    (1, claim(2), O.CONFLICT, True),
    (1, claim(2, reading="before"), O.CORRECTED, True),
    (1, claim(2, OLD), O.CORRECTED, True),
    (1, claim("gone", OLD), O.CORRECTED, True),
    (1, claim("gone"), O.CORRECTED, True),
    (1, claim("faulty"), O.CORRECTED, True),
    ("gone", None, O.IGNORED, False),
    ("gone", claim("gone"), O.IGNORED, False),
    ("gone", claim("gone", NEW), O.IGNORED, False),
    ("gone", claim(1, NEW), O.STALE, False),
    ("gone", claim(1), O.RETIRED, True),
    ("gone", claim(1, OLD), O.RETIRED, True),
    ("gone", claim("faulty"), O.RETIRED, True),
    ("faulty", None, O.REJECTED, True),
    ("faulty", claim("faulty", OLD), O.REJECTED, False),
    ("faulty", claim(1, NEW), O.REJECTED, False),
    ("faulty", claim(1), O.REJECTED, True),
    ("faulty", claim("gone", OLD), O.REJECTED, True),
]


@pytest.mark.parametrize(("says", "stands", "outcome", "kept"), TABLE)
def test_a_row_has_the_outcome_of_the_table(says, stands, outcome, kept):
    assert judge_synced(claim(says), stands) == (outcome, kept)


def test_a_kept_row_that_comes_again_says_nothing_new():
    for says in (1, "gone", "faulty"):
        _, again = judge_synced(claim(says), claim(says))
        assert again is False


def test_gone_and_faulty_are_told_apart():
    assert len({claim(says).content for says in (1, "gone", "faulty")}) == 3


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=8))])
def test_a_page_names_its_run(zone):
    moment = datetime(2023, 10, 6, 8, 0, 0, 250, tzinfo=UTC).astimezone(zone)
    name = page_name(moment, 17)
    assert name == "sync 2023-10-06T08:00:00.000250Z #17"
    assert run_of(name) == run_of(page_name(moment, 18)) == "sync 2023-10-06T08:00:00.000250Z"


@pytest.mark.parametrize("name", ["日报.xlsx", "sync", "sync 日报 #1", "sync 2023Z #1.xlsx"])
def test_a_file_is_of_no_run(name):
    assert run_of(name) is None


def test_a_run_that_was_overtaken_says_that_nothing_is_to_be_done():
    error = SyncOvertaken("crm")
    assert str(error) == "crm is being synced by another run, which goes on - do nothing"
    assert error.message("zh") == "crm 正由另一次同步处理，将由它继续 - 无需处理"


def test_an_overtaken_run_names_its_source_and_has_not_waited():
    error = SyncOvertaken("crm")
    assert (error.target, error.waited) == ("crm", 0)
