"""HubSpot connectors with one fault each, as people write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import attrs
import pytest
import requests

from salesgoal.errors import AuthError, BadResponse, SourceError
from salesgoal.ports import http
from salesgoal.ports.http import JsonClient, Reply, Verdict
from salesgoal.ports.importer import Page
from salesgoal.testing import Mutant
from salesgoal_hubspot import HUBSPOT, account, deals
from salesgoal_hubspot.account import Account
from salesgoal_hubspot.deals import EPOCH, MODIFIED, TICK, Run, modified_at

from .contract import HubspotContract
from .killers import KILLED_BY

RIGHT = HubspotContract.case


def case(*changes, read=deals.read_deals, **spec):
    """The connector with some of its functions or constants replaced."""

    def broken(request):
        with pytest.MonkeyPatch.context() as patch:
            for owner, name, value in changes:
                patch.setattr(owner, name, value, raising=False)
            yield from read(request)

    return attrs.evolve(RIGHT, spec=attrs.evolve(HUBSPOT, read=broken, **spec))


def after(function, change):
    """The function, with its result changed."""
    return lambda *given, **named: change(function(*given, **named))


def each_page(change):
    """The reading, with every page changed."""

    def read(request):
        for page in deals.read_deals(request):
            yield change(page)

    return case(read=read)


def each_row(change):
    def on_page(page):
        return attrs.evolve(page, rows=tuple(map(change, page.rows)))

    return each_page(on_page)


def keep_rows(is_kept):
    return each_page(lambda page: attrs.evolve(page, rows=tuple(filter(is_kept, page.rows))))


def amount(change):
    """Every amount of a deal changed."""

    def on_row(row):
        name, held, *rest = row.values
        return row if row.deleted else attrs.evolve(row, values=(name, change(held), *rest))

    return each_row(on_row)


def ending(*errors):
    """The reading, for which some errors are the end."""

    def read(request):
        try:
            yield from deals.read_deals(request)
        except errors:
            return

    return case(read=read)


def plain_start(run, what):
    return datetime.fromisoformat(run.cursor[what]) if what in run.cursor else EPOCH


def beyond_start(run, what):
    return plain_start(run, what) + TICK


def modified_only(run, what):
    return RIGHT_START(run, what) if what == "modified" else plain_start(run, what)


RIGHT_START, RIGHT_SEARCH = Run.start, Run.search
RIGHT_FILTERS = deals.filters


def won_only(*given):
    yield from RIGHT_FILTERS(*given)
    yield {"propertyName": "hs_is_closed_won", "operator": "EQ", "value": "true"}


def endless(start, until, after):
    return (each for each in RIGHT_FILTERS(start, until, after) if each["operator"] != "LTE")


def offsets(run):
    """Pages by ``after``, as the first example of the manual has it."""
    body = {
        "filterGroups": [
            {"filters": list(RIGHT_FILTERS(run.start("modified"), run.request.until, ""))}
        ],
        "sorts": [{"propertyName": MODIFIED, "direction": "ASCENDING"}],
        "properties": [*run.properties, MODIFIED, deals.MERGED],
        "limit": min(run.request.page_size, 200),
    }
    while True:
        found = run.account.post("objects", "/deals/search", body)
        if found["results"]:
            yield from run.pages(found["results"])
        body["after"] = account.next_after(found)
        if body["after"] is None:
            return


def tieless(step):
    """No walk through ties: the next page begins at, or behind, the last instant."""

    def changed(run):
        start, more = run.start("modified"), True
        while more:
            found, more = run.search(MODIFIED, start, run.request.until)
            if found:
                yield from run.pages(found)
                start = modified_at(found[-1]) + step

    return changed


def first_of_tied(run, instant):
    found, _ = run.search(deals.ID, instant, instant)
    yield from run.pages(found)


def hasty(request):
    """A cursor at the end of the run from the first page."""
    for page in deals.read_deals(request):
        cursor = {**(page.cursor or {}), "modified": request.until.isoformat()}
        yield attrs.evolve(page, cursor=cursor)


def late(request):
    """A cursor at the end alone."""
    last = None
    for page in deals.read_deals(request):
        last = page.cursor or last
        yield attrs.evolve(page, cursor=None)
    yield Page((), (), last)


def unsorted_search(run, _, *given):
    return RIGHT_SEARCH(run, "dealname", *given)


def counted(run, *given):
    """More where a page is full, and the service gives fewer than it is asked for."""
    found, _ = RIGHT_SEARCH(run, *given)
    return found, len(found) == min(run.request.page_size, deals.MOST)


def as_float(held):
    return None if held is None else float(held)


def through_float(held):
    return None if held is None else str(float(held))


def forgetful(request):
    """Everything, always."""
    yield from deals.read_deals(attrs.evolve(request, since=None))


def full_cursor(request):
    seen = []
    for page in deals.read_deals(request):
        seen += [row.key for row in page.rows]
        yield attrs.evolve(page, cursor={**page.cursor, "seen": " ".join(seen)})


def heap(request):
    """One page of everything."""
    pages = list(deals.read_deals(request))
    if pages:
        rows = tuple(row for page in pages for row in page.rows)
        yield attrs.evolve(pages[-1], rows=rows)


def successors_first(run, found):
    return reversed(list(RIGHT_PAGES(run, found)))


RIGHT_PAGES = Run.pages


def following(session, *given, **named):
    return REQUEST(session, *given, **{**named, "allow_redirects": True})


REQUEST = requests.Session.request


def telling(request):
    yield from (
        attrs.evolve(page, cursor={**page.cursor, "token": request.options.token.reveal()})
        for page in deals.read_deals(request)
    )


def chatty(question, reply):
    return f"{question}: {reply.body}", f"{question}：{reply.body}"


def chained(request):
    """The error of the library as the cause."""
    try:
        yield from deals.read_deals(request)
    except SourceError as error:
        cause = ValueError(f"Authorization: Bearer {request.options.token.reveal()}")
        raise error from cause


def first_company(account, found):
    named = RIGHT_COMPANIES(account, found)
    return dict.fromkeys(named, "someone else")


RIGHT_COMPANIES = Account.companies


def one_page(account, *given, **params):
    yield from account_results(account.get(*given, limit=100, **params))


account_results = account.results


def only_present(account):
    return {
        each["id"]: " ".join(filter(None, (each["firstName"], each["lastName"])))
        or each["email"]
        for each in account.listed("owners")
    }


def client(**more):
    return case((deals, "JsonClient", partial(JsonClient, **more)))


def again(*statuses):
    return lambda reply: Verdict.AGAIN if reply.status in statuses else deals_judge(reply)


deals_judge = deals.judge


def denied(reply):
    return Verdict.DENIED if reply.status >= 500 else None


def deleted_for_ever(row):
    late_by = timedelta(days=365 if row.deleted else 0)
    return attrs.evolve(row, revision=row.revision + late_by)


def twice(page):
    rows = tuple(attrs.evolve(row, values=(*row.values, "")) for row in page.rows)
    return attrs.evolve(page, columns=(*page.columns, page.columns[0]), rows=rows)


def start_unsorted(run):
    """The list of deleted deals in its own order, with a cursor on each page."""
    start, until = run.start("archived"), run.request.until
    for deal in run.account.listed("objects", "/deals", archived="true"):
        moment = deals.instant(deal["archivedAt"])
        if start <= moment <= until:
            run.cursor["archived"] = moment.isoformat()
            rows = (run.gone(deal["id"], moment),)
            yield Page(rows, run.columns, dict(run.cursor))


MUTANTS = {
    "no lookback": case((Run, "start", plain_start)),
    "> and no lookback": case((Run, "start", beyond_start)),
    "no lookback for deleted deals": case((Run, "start", modified_only)),
    "won deals only": case((deals, "filters", won_only)),
    "deleted deals not asked for": case((Run, "deleted", lambda _: iter(()))),
    "one page of deleted deals": case((Account, "listed", one_page)),
    "deleted deals in the order of the list": case((Run, "deleted", start_unsorted)),
    "merged deals not looked for": case((deals, "MERGED", "hs_other")),
    "deleted deals as living ones": each_row(lambda row: attrs.evolve(row, deleted=False)),
    "offset paging": case((Run, "changed", offsets)),
    "no walk through ties, from the last instant": case((Run, "changed", tieless(0 * TICK))),
    "no walk through ties, behind the last instant": case((Run, "changed", tieless(TICK))),
    "one page of ties": case((Run, "tied", first_of_tied)),
    "cursor at the end of the run from the first page": case(read=hasty),
    "cursor on the last page alone": case(read=late),
    "no cursor": each_page(lambda page: attrs.evolve(page, cursor=None)),
    "outage is the end": ending(SourceError),
    "HTML is the end": ending(BadResponse),
    "refusal is the end": ending(AuthError),
    "another order": case((Run, "search", unsorted_search), (deals, "sorted", list)),
    "more is what a full page has": case((Run, "search", counted)),
    "until is not kept": case((deals, "filters", endless)),
    "amounts are floats": amount(as_float),
    "amounts went through floats": amount(through_float),
    "no amount is zero": amount(lambda held: held or "0"),
    "amounts in fen": amount(lambda held: held and str(int(Decimal(held) * 100))),
    "deals without an amount left out": keep_rows(lambda row: row.deleted or row.values[1]),
    "deals without a customer left out": keep_rows(lambda row: row.deleted or row.values[-3]),
    "no key": each_row(lambda row: attrs.evolve(row, key=None)),
    "no place": each_row(
        lambda row: attrs.evolve(row, where=attrs.evolve(row.where, key=None))
    ),
    "no revision": each_row(lambda row: attrs.evolve(row, revision=None)),
    "revision without a zone": each_row(
        lambda row: attrs.evolve(row, revision=row.revision.replace(tzinfo=None))
    ),
    "revision a day off": each_row(
        lambda row: attrs.evolve(row, revision=row.revision - timedelta(days=1))
    ),
    "everything, always": case(read=forgetful),
    "cursor of all keys": case(read=full_cursor),
    "secret in the cursor": case(read=telling),
    "body in the error": case((http, "_told", chatty)),
    "secret in the cause": case(read=chained),
    "one try": client(tries=1),
    "tries without end": client(tries=10**6),
    "Retry-After unread": case((Reply, "wait", None)),
    "Retry-After of a day": case((http, "LONGEST_WAIT", 10.0**9)),
    "own ways to be busy unknown": case((deals, "judge", lambda _: None)),
    "a refusal tried again": case((deals, "judge", again(401, 403))),
    "an outage is no reason to wait": case((deals, "judge", denied)),
    "a column twice": each_page(twice),
    "a value short": each_row(lambda row: attrs.evolve(row, values=row.values[:-1])),
    "any company": case((Account, "companies", first_company)),
    "owners who left unknown": case((Account, "owners", only_present)),
    "labels unknown": case((Account, "labels", lambda _: {})),
    "merged deals after their successor": case((Run, "pages", successors_first)),
    "one page of everything": case(read=heap),
    "redirects are followed with the token": case(
        (requests.Session, "request", following),
        (requests.Session, "should_strip_auth", lambda *_: False),
    ),
    "deleted for ever": each_row(deleted_for_ever),
    "no options": case(options=None),
    "no title": case(title=" "),
    "a skip without a name": attrs.evolve(RIGHT, skips={"test_everything": "no time"}),
}
EQUIVALENT = {
    "> with a lookback": (
        case((Run, "start", lambda run, what: RIGHT_START(run, what) + TICK)),
        "a millisecond of fifteen minutes",
    ),
}


def mutants():
    """Every mutant, with the checks that catch it."""
    found = [
        Mutant(name=name, case=broken, killed_by=KILLED_BY[name])
        for name, broken in MUTANTS.items()
    ]
    return found + [
        Mutant(name=name, case=broken, survives=why)
        for name, (broken, why) in EQUIVALENT.items()
    ]
