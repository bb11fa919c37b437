"""Feishu connectors with one fault each, as people write them."""

from __future__ import annotations

import attrs
import pytest

from salesgoal.errors import AuthError, BadResponse, Unavailable
from salesgoal.ports.importer import Page
from salesgoal.testing import Case, Mutant
from salesgoal_feishu import FEISHU, snapshot, table
from salesgoal_feishu.table import Table

from .broken import (
    FakeOfTexts,
    OpenOptions,
    any_code,
    by_increments,
    counted_reading,
    denies_as_late,
    dropping,
    endless,
    first_page_alone,
    first_reading,
    first_segment,
    floats,
    guess,
    ids,
    impatient,
    kept_token,
    loose_content,
    naive_days,
    one_person,
    one_place,
    open_secret,
    read_now,
    restless,
    rounded,
    same_number_twice,
    told_secret,
    until_a_page_is_short,
    without_totals,
    won,
    wrapped,
)
from .fake_feishu import FakeFeishu

SKIPS = {
    "test_nothing_beyond_the_end_is_read": "a table is read as it stands: a record that was"
    " changed after `until` would be taken for gone if it were left out",
}
RIGHT = Case(spec=FEISHU, fake=FakeFeishu, skips=SKIPS)


def case(*changes, read=snapshot.read_records, **spec):
    """The connector with some of its functions or constants replaced."""

    def broken(request):
        with pytest.MonkeyPatch.context() as patch:
            for owner, name, value in changes:
                patch.setattr(owner, name, value)
            yield from read(request)

    return attrs.evolve(RIGHT, spec=attrs.evolve(FEISHU, read=broken, **spec))


def cells(change):
    """The connector, with every cell made by ``change(value, kind)``."""
    return case((snapshot, "cell_of", change))


def each_row(change):
    """The connector, with every row changed, or left out where that gives None."""

    def read(request):
        for page in snapshot.read_records(request):
            rows = filter(None, map(change, page.rows))
            yield attrs.evolve(page, rows=tuple(rows))

    return case(read=read)


def ending(*errors):
    """The connector, for which some errors are the end."""

    def read(request):
        try:
            yield from snapshot.read_records(request)
        except errors:
            yield Page((), ("金额",))

    return case(read=read)


# Readings.


SCAN, PAGES = Table.scan, Table._pages
OPEN = table.open_client
ALONG = "what_is_there_all_along_is_in_a_disturbed_reading"
EVERY = "every_deal_arrives_whatever_the_page"
MUTANTS = [
    Mutant(
        name="one reading", case=case((snapshot, "settled", first_reading)), killed_by=[ALONG]
    ),
    Mutant(
        name="counts alone",
        case=case((snapshot, "settled", counted_reading)),
        killed_by=[ALONG],
    ),
    Mutant(
        name="as many twice",
        case=case((snapshot, "settled", same_number_twice)),
        killed_by=[ALONG],
    ),
    Mutant(
        name="first page alone",
        case=case((Table, "_pages", first_page_alone(PAGES))),
        killed_by=[EVERY],
    ),
    Mutant(
        name="stops at a short page",
        case=case(
            (Table, "_pages", until_a_page_is_short(PAGES, 500)),
            (Table, "scan", without_totals(SCAN)),
        ),
        killed_by=[EVERY, "more_of_one_instant_than_a_page_holds"],
    ),
    Mutant(
        name="increments by last change",
        case=case(read=by_increments, incremental=True),
        killed_by=["deleted_deals_no_longer_count"],
    ),
    Mutant(name="days in UTC", case=cells(naive_days), killed_by=[EVERY]),
    Mutant(name="first segment of a text", case=cells(first_segment), killed_by=[EVERY]),
    Mutant(name="large numbers are days", case=cells(guess), killed_by=["amounts_are_exact"]),
    Mutant(name="numbers through float", case=cells(floats), killed_by=["amounts_are_exact"]),
    Mutant(
        name="15 digits of any number", case=cells(rounded), killed_by=["amounts_are_exact"]
    ),
    Mutant(name="formulas in their wrapping", case=cells(wrapped), killed_by=[EVERY]),
    Mutant(name="the first person alone", case=cells(one_person), killed_by=[EVERY]),
    Mutant(name="people by their ids", case=cells(ids), killed_by=[EVERY]),
    Mutant(
        name="the code is not looked at",
        case=case((table, "judge", any_code), (table, "_content", loose_content)),
        killed_by=["a_passing_fault_is_waited_out"],
    ),
    Mutant(
        name="other shapes are empty",
        case=case((table, "_content", loose_content), (table, "judge", any_code)),
        killed_by=["what_is_not_the_protocol_is_an_error_and_never_an_end"],
    ),
    Mutant(
        name="the token is kept for ever",
        case=case((snapshot, "open_client", kept_token(OPEN))),
        killed_by=["a_second_run_changes_nothing"],
    ),
    Mutant(
        name="the secret in an error",
        case=case((snapshot, "open_client", told_secret(OPEN))),
        killed_by=["no_secret_shows"],
    ),
    Mutant(
        name="one try",
        case=case((snapshot, "open_client", impatient(OPEN))),
        killed_by=["a_passing_fault_is_waited_out"],
    ),
    Mutant(
        name="no waiting",
        case=case((snapshot, "open_client", restless(OPEN))),
        killed_by=["it_waits_as_long_as_it_is_asked_to"],
    ),
    Mutant(
        name="tries without end",
        case=case((snapshot, "open_client", endless(OPEN))),
        killed_by=["a_lasting_outage_is_an_error_and_never_an_end"],
    ),
    Mutant(
        name="an outage is the end",
        case=ending(Unavailable),
        killed_by=["a_lasting_outage_is_an_error_and_never_an_end"],
    ),
    Mutant(
        name="a refusal is the end",
        case=ending(BadResponse, AuthError),
        killed_by=["a_refusal_is_an_error_and_never_an_end"],
    ),
    Mutant(
        name="a refusal is tried again",
        case=case((table, "judge", denies_as_late)),
        killed_by=["a_wrong_token_is_refused_at_once"],
    ),
    Mutant(
        name="a secret that is a text",
        case=Case(
            spec=attrs.evolve(FEISHU, read=open_secret, options=OpenOptions),
            fake=FakeOfTexts,
            skips=SKIPS,
        ),
        killed_by=["the_spec_says_what_it_is", "no_secret_shows"],
    ),
    Mutant(
        name="bad rows left out", case=each_row(dropping), killed_by=["bad_rows_reach_the_core"]
    ),
    Mutant(
        name="won deals alone",
        case=each_row(won),
        killed_by=[
            "bad_rows_reach_the_core",
            "a_reopened_deal_no_longer_counts_as_won",
            "a_reopening_while_paging_loses_no_other",
            "any_history_ends_in_the_truth",
        ],
    ),
    Mutant(
        name="revised when it was read",
        case=each_row(read_now),
        killed_by=["every_row_has_its_key_place_and_revision"],
    ),
    Mutant(
        name="rows without a place",
        case=each_row(one_place),
        killed_by=["every_row_has_its_key_place_and_revision"],
    ),
]
