from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone

import attrs
import pytest

from salesgoal.domain.entry import (
    Entry,
    content_digest,
    derived_fact,
    keyed_fact,
    moment_of,
    to_ticks,
)
from salesgoal.domain.period import Level, Period
from salesgoal.domain.problem import Place
from salesgoal.errors import UsageError

SALE = Entry(
    on=date(2023, 10, 6),
    members={"region": "华东", "product": "A"},
    values={"sales": 15, "customers": "甲"},
    where=Place("日报.xlsx", row=2),
    key="SO-1",
)
OCTOBER = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")


@pytest.mark.parametrize(
    "changed",
    [
        {"on": date(2023, 10, 7)},
        {"on": OCTOBER},
        {"on": attrs.evolve(OCTOBER, level=Level.SPAN)},
        {"members": {"region": "华东"}},
        {"members": {"region": "A", "product": "华东"}},
        {"values": {"sales": 15}},
        {"values": {"sales": "15", "customers": "甲"}},
        {"values": {"sales": -15, "customers": "甲"}},
        {"members": {}, "values": {"product": "A", "region": "华东", "sales": 15}},
        {"deleted": True},
        {"deleted": True, "on": None},
    ],
)
def test_any_difference_in_what_is_said_shows(changed):
    assert content_digest(attrs.evolve(SALE, **changed)) != content_digest(SALE)


@pytest.mark.parametrize(
    "changed",
    [
        {"where": Place("周报.xlsx", row=9)},
        {"key": None},
        {"revision": datetime(2023, 10, 7, tzinfo=UTC)},
        {"members": {"product": "A", "region": "华东"}},
        {"values": {"customers": "甲", "sales": 15}},
    ],
)
def test_place_key_revision_and_order_do_not(changed):
    assert content_digest(attrs.evolve(SALE, **changed)) == content_digest(SALE)


def test_words_that_run_together_stay_different():
    one = attrs.evolve(SALE, members={"a": "bc", "d": "e"})
    other = attrs.evolve(SALE, members={"ab": "c", "d": "e"})
    assert content_digest(one) != content_digest(other)


def test_facts_differ_by_source_kind_and_ordinal():
    content = content_digest(SALE)
    facts = {
        keyed_fact("a", "k"),
        keyed_fact("b", "k"),
        keyed_fact("a", content.hex()),
        derived_fact("a", content, 0),
        derived_fact("a", content, 1),
        derived_fact("b", content, 0),
    }
    assert len(facts) == 6


def test_keys_are_the_same_in_every_process():
    code = (
        "from salesgoal.domain.entry import *; from salesgoal.domain.problem import Place;"
        "from datetime import date; print(content_digest(Entry(on=date(2023, 10, 6),"
        "members={'r': '\\u4e1c', 'p': 'A'}, values={'sales': 1}, where=Place('x'))).hex())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout.strip()
        for seed in "12"
    }
    assert found == {"dccc07cbb2736cb0c30d896d72a62618"}


def test_moments_are_exact_in_any_zone():
    east = datetime(2023, 10, 7, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=8)))
    assert moment_of(to_ticks(east)) == east
    assert to_ticks(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"deleted": True, "key": None}, "has no key"),
        ({"on": None}, "has no day"),
        ({"revision": datetime(2023, 10, 7)}, "has no zone"),  # noqa: DTZ001 - the point
    ],
)
def test_what_cannot_be_known_again_is_refused(changed, said):
    with pytest.raises(UsageError, match=said):
        attrs.evolve(SALE, **changed)


def test_the_identity_of_a_row_without_a_key_is_that_of_every_ledger_so_far():
    assert derived_fact("orders", b"abc", 0).hex() == "3614f942668dd034bf26236cba5f7be9"


def test_what_no_encoding_knows_has_an_identity_too():
    broken = derived_fact("orders\ud800", b"abc", 0)
    assert broken not in {derived_fact("orders", b"abc", 0), derived_fact("orders?", b"abc", 0)}


def test_a_moment_is_a_whole_number_of_microseconds():
    ticks = to_ticks(datetime(2023, 10, 6, 8, 0, 0, 1, tzinfo=UTC))
    assert (type(ticks), ticks % 10) == (int, 1)
