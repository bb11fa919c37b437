"""Feishu connectors with one fault each, as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from salesgoal.errors import AuthError, BadResponse, SourceError, Unavailable
from salesgoal.ports.importer import Page
from salesgoal.ports.secret import Secret
from salesgoal.testing import Case, Mutant
from salesgoal_feishu import FEISHU, FeishuOptions, snapshot, table
from salesgoal_feishu.cells import cell_of, moment_of
from salesgoal_feishu.table import Scan, Table

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


def first_reading(found, fields, _):
    """No other reading is held against it."""
    return list(found.scan([field.name for field in fields]).records.values())


def counted_reading(found, fields, _):
    """As many as Feishu counts are taken for all."""
    for _ in range(8):
        scan = found.scan([field.name for field in fields])
        if scan.is_straight:
            return list(scan.records.values())
    raise Unavailable("feishu", "never straight")


def same_number_twice(found, fields, _):
    """Two readings with as many records are taken for the same."""
    names, before = [field.name for field in fields], -1
    for _ in range(8):
        scan = found.scan(names)
        if len(scan.records) == before:
            return list(scan.records.values())
        before = len(scan.records)
    raise Unavailable("feishu", "never twice the same")


def first_page_alone(pages):
    """``has_more`` is not looked at."""

    def some(self, *given):
        return iter([next(pages(self, *given))])

    return some


def until_a_page_is_short(pages, size):
    """A page with fewer records than were asked for is taken for the last."""

    def some(self, rest, most, body=None):
        for answer in pages(self, rest, most, body):
            yield answer
            if len(answer.get("items") or []) < size:
                return

    return some


def without_totals(scan):
    def straight(self, names):
        return Scan(scan(self, names).records, is_straight=True)

    return straight


def by_increments(request):
    """What changed since the last run, by the time of the last change."""
    since = (request.since or {}).get("at", "")
    newest = since
    for page in snapshot.read_records(request):
        rows = tuple(row for row in page.rows if row.revision.isoformat() >= since)
        newest = max([newest, *(row.revision.isoformat() for row in rows)])
        yield attrs.evolve(page, rows=rows, cursor={"at": newest} if newest else None)


# Cells.


def naive_days(value, kind):
    """A day is taken in UTC, where it begins eight hours later."""
    made = cell_of(value, kind)
    return made.astimezone(UTC).date() if isinstance(made, datetime) else made


def first_segment(value, kind):
    if kind == 1 and isinstance(value, list):
        value = value[:1]
    return cell_of(value, kind)


def guess(value, kind):
    """A number is taken for a day where it is large."""
    large = not isinstance(value, bool | list | dict | str | None) and value > 10**12
    return moment_of(int(value)) if large else cell_of(value, kind)


def floats(value, kind):
    made = cell_of(value, kind)
    return made if made is None or kind not in {2, 20} else f"{float(made)}"


def rounded(value, kind):
    made = cell_of(value, kind)
    return made if made is None or kind != 2 else f"{float(made):.15g}"


def wrapped(value, kind):
    """Formulas are handed over in their wrapping, as text."""
    return str(value) if isinstance(value, dict) else cell_of(value, kind)


def one_person(value, kind):
    return cell_of(value[:1] if kind == 11 else value, kind)


def ids(value, kind):
    """People by their ids, which nobody knows."""
    return ";".join(each["id"] for each in value) if kind == 11 else cell_of(value, kind)


# The service.


def any_code(reply):
    """Status 200 is taken for success, whatever the code says."""


def loose_content(reply):
    """Whatever is not there is taken for nothing."""
    body = reply.body if isinstance(reply.body, dict) else {}
    return {"has_more": False, "items": [], "total": 0, **(body.get("data") or {})}


KEPT = {}


def kept_token(open_client):
    """A token is kept for ever, and not asked for again where it has run out."""

    def opened(options, **settings):
        client = open_client(options, **settings)
        if options.base_url not in KEPT:
            KEPT[options.base_url] = client.token()
        client.token = KEPT[options.base_url]
        return client

    return opened


def told_secret(open_client):
    """The secret stands in the error of a wrong one."""

    def opened(options, **settings):
        client = open_client(options, **settings)
        ask = client.token

        def token():
            try:
                return ask()
            except SourceError as error:
                told = f"{options.app_secret.reveal()}: {error.detail}"
                raise AuthError("feishu", told) from None

        client.token = token
        return client

    return opened


def impatient(open_client):
    return lambda options, **settings: open_client(options, **settings, tries=1)


def restless(open_client):
    """It does not wait between two tries."""
    return lambda options, **_: open_client(options, sleep=lambda _: None)


def endless(open_client):
    return lambda options, **settings: open_client(options, **settings, tries=100)


@attrs.frozen(kw_only=True)
class OpenOptions(FeishuOptions):
    """Options whose secret is a text."""

    app_secret: str


class FakeOfTexts(FakeFeishu):
    def options(self, base_url, secret):
        held = attrs.asdict(super().options(base_url, secret), recurse=False)
        return OpenOptions(**{**held, "app_secret": Secret(secret.reveal()).reveal()})


def open_secret(request):
    held = attrs.asdict(request.options, recurse=False)
    options = FeishuOptions(**{**held, "app_secret": Secret(held["app_secret"])})
    yield from snapshot.read_records(attrs.evolve(request, options=options))


def dropping(row):
    """A record without an amount is left out."""
    return None if row.values[1] is None else row


def won(row):
    return row if row.values[2] else None


def read_now(row):
    """The revision is when it was read."""
    return attrs.evolve(row, revision=datetime.now(UTC))


def one_place(row):
    return attrs.evolve(row, where=attrs.evolve(row.where, key=None))


def denies_as_late(reply):
    verdict = table.judge(reply)
    return table.Verdict.AGAIN if verdict is table.Verdict.DENIED else verdict


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
