"""Salesforce connectors with one fault each, as people write them."""

from __future__ import annotations

import re
from contextlib import contextmanager
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
from salesgoal_salesforce import SALESFORCE, opportunities, org
from salesgoal_salesforce.opportunities import columns, row

from .contract import SalesforceContract
from .killers import KILLED_BY

RIGHT = SalesforceContract.case
READ = opportunities.read_opportunities
SOQL, BEGIN, UNPACK, GET = (
    opportunities.soql,
    opportunities.begin,
    opportunities.unpack,
    JsonClient.get,
)


def case(*changes, read=READ, **spec):
    """The connector with some of its functions or constants replaced."""

    def broken(request):
        with pytest.MonkeyPatch.context() as patch:
            for owner, name, value in changes:
                patch.setattr(owner, name, value, raising=False)
            yield from read(request)

    return attrs.evolve(RIGHT, spec=attrs.evolve(SALESFORCE, read=broken, **spec))


def each_page(change):
    """The reading, with every page changed."""
    return case(read=lambda request: map(change, READ(request)))


def each_row(change):
    return each_page(lambda page: attrs.evolve(page, rows=tuple(map(change, page.rows))))


def keep_rows(is_kept):
    return each_page(lambda page: attrs.evolve(page, rows=tuple(filter(is_kept, page.rows))))


def value(at, change):
    """One value of every row changed."""
    return each_row(
        lambda row: attrs.evolve(
            row, values=(*row.values[:at], change(row.values[at]), *row.values[at + 1 :])
        )
    )


def ending(*errors):
    """The reading, for which some errors are the end."""

    def read(request):
        try:
            yield from READ(request)
        except errors:
            return

    return case(read=read)


def begun(shift):
    """A start without lookback, moved by something."""

    def begin(cursor, _):
        return BEGIN(cursor, 0) + shift if cursor else BEGIN(None, 0)

    return case((opportunities, "begin", begin))


def asked(change):
    """The query changed."""
    return case((opportunities, "soql", lambda *given: change(SOQL(*given), *given)))


def cut(text, start, stop):
    """A query without what stands between two words."""
    head, tail = text.split(start, 1)
    return f"{head} {stop}{tail.split(stop, 1)[1]}"


def no_order(text, *_):
    return cut(text, "ORDER BY", "LIMIT")


def behind_moment(_, fields, start, after, *rest):
    found = SOQL(fields, start, "", *rest)
    return found.replace("SystemModstamp >=", "SystemModstamp >", 1) if after else found


def by_offset(request):
    """Pages by OFFSET."""
    start, offset = BEGIN(request.since, 15), 0
    fields = columns(request.options)
    with org.open_org(request.options, request.sleep) as client:
        while True:
            query = SOQL(fields, start, "", request.until).split("LIMIT")[0]
            query += f"LIMIT {request.page_size} OFFSET {offset}"
            records = client.get("/services/data/v62.0/queryAll/", {"q": query}).body["records"]
            if not records:
                return
            last = opportunities.modified_at(records[-1]).isoformat()
            rows = tuple(row(record, fields) for record in records)
            yield Page(rows, fields, {"modified": last})
            offset += len(records)


def by_locator(request):
    """Pages by the locator, kept in the cursor; where it is lost, that is the end."""
    fields, since = columns(request.options), dict(request.since or {})
    with org.open_org(request.options, request.sleep) as client:
        client.judge = lambda reply: (
            Verdict.TAKE if reply.code == "INVALID_QUERY_LOCATOR" else None
        )
        path = since.get("next")
        query = SOQL(fields, BEGIN(request.since, 15), "", request.until)
        while True:
            given = {} if path else {"q": query}
            body = client.get(path or "/services/data/v62.0/queryAll/", given).body
            if isinstance(body, list) or not body["records"]:
                return
            path = body.get("nextRecordsUrl")
            last = opportunities.modified_at(body["records"][-1]).isoformat()
            cursor = {"modified": last} | ({"next": path} if path else {})
            yield Page(tuple(row(each, fields) for each in body["records"]), fields, cursor)
            if path is None:
                return


@contextmanager
def one_session(options, sleep):
    """No new token when the session has run out."""
    with JsonClient(source="salesforce", base_url=options.base_url, sleep=sleep) as door:
        token, url = org.log_in(door, options)
        with JsonClient(source="salesforce", base_url=url, token=token, sleep=sleep) as client:
            yield client


def hasty(request):
    """A cursor at the end of the run from the first page."""
    for page in READ(request):
        yield attrs.evolve(page, cursor={"modified": request.until.isoformat()})


def late(request):
    """A cursor at the end alone."""
    last = None
    for page in READ(request):
        last = page.cursor or last
        yield attrs.evolve(page, cursor=None)
    yield Page((), (), last)


def forgetful(request):
    """Everything, always."""
    yield from READ(attrs.evolve(request, since=None))


def full_cursor(request):
    seen = []
    for page in READ(request):
        seen += [each.key for each in page.rows]
        yield attrs.evolve(page, cursor={**page.cursor, "seen": " ".join(seen)})


def heap(request):
    """One page of everything."""
    pages = list(READ(request))
    if pages:
        rows = tuple(each for page in pages for each in page.rows)
        yield attrs.evolve(pages[-1], rows=rows)


def following(session, *given, **named):
    return REQUEST(session, *given, **{**named, "allow_redirects": True})


REQUEST = requests.Session.request


def deleted_for_ever(row):
    late_by = timedelta(days=365 if row.deleted else 0)
    return attrs.evolve(row, revision=row.revision + late_by)


def telling(request):
    secret = request.options.client_secret.reveal()
    for page in READ(request):
        yield attrs.evolve(page, cursor={**page.cursor, "secret": secret})


def chained(request):
    """The request of the login as the cause."""
    try:
        yield from READ(request)
    except SourceError as error:
        cause = ValueError(f"client_secret={request.options.client_secret.reveal()}")
        raise error from cause


def chatty(question, reply):
    return f"{question}: {reply.body}", f"{question}：{reply.body}"


def client(**more):
    return case((org, "JsonClient", partial(JsonClient, **more)))


def impatient(*statuses):
    def judge(reply):
        return Verdict.AGAIN if reply.status in statuses else None

    return case((org, "judge", judge), (org, "judge_login", judge))


def twice(page):
    rows = tuple(attrs.evolve(each, values=(*each.values, "")) for each in page.rows)
    return attrs.evolve(page, columns=(*page.columns, page.columns[0]), rows=rows)


def day_before(text):
    return (datetime.fromisoformat(text) - timedelta(days=1)).date().isoformat()


def plain_query(self, path, params):
    return GET(self, path.replace("queryAll", "query"), params)


MUTANTS = {
    "no lookback": begun(timedelta()),
    "> and no lookback": begun(timedelta(milliseconds=1)),
    "won only": asked(lambda text, *_: text.replace("WHERE", "WHERE IsWon = true AND", 1)),
    "query, not queryAll": case((JsonClient, "get", plain_query)),
    "deleted rows as living ones": each_row(lambda row: attrs.evolve(row, deleted=False)),
    "no order": case(
        (opportunities, "soql", lambda *given: no_order(SOQL(*given))),
        (opportunities, "sorted", list),
    ),
    "order by the moment alone": asked(
        lambda text, *_: text.replace("Modstamp, Id", "Modstamp")
    ),
    "behind the last moment": asked(behind_moment),
    "from the last moment": asked(
        lambda _, fields, start, __, *rest: SOQL(fields, start, "", *rest)
    ),
    "offset paging": case(read=by_offset),
    "a locator in the cursor": case(read=by_locator),
    "more is what a full page has": case(
        (
            opportunities,
            "unpack",
            lambda reply: (UNPACK(reply)[0], len(UNPACK(reply)[0]) >= opportunities.MOST),
        )
    ),
    "until is not kept": asked(
        lambda text, *_: re.sub(r"AND SystemModstamp <= \S+ ", "", text)
    ),
    "one session": case((opportunities, "open_org", one_session)),
    "cursor at the end of the run from the first page": case(read=hasty),
    "cursor on the last page alone": case(read=late),
    "no cursor": each_page(lambda page: attrs.evolve(page, cursor=None)),
    "everything, always": case(read=forgetful),
    "cursor of all keys": case(read=full_cursor),
    "outage is the end": ending(SourceError),
    "HTML is the end": ending(BadResponse),
    "refusal is the end": ending(AuthError),
    "numbers are floats": case((http, "Decimal", float)),
    "amounts went through floats": value(1, lambda held: held and Decimal(str(float(held)))),
    "no amount is zero": value(1, lambda held: held or Decimal(0)),
    "the day before": value(2, day_before),
    "rows without an amount left out": keep_rows(lambda row: row.values[1] is not None),
    "rows without an account left out": keep_rows(lambda row: row.values[-1]),
    "no key": each_row(lambda row: attrs.evolve(row, key=None)),
    "no place": each_row(
        lambda row: attrs.evolve(row, where=attrs.evolve(row.where, key=None))
    ),
    "no revision": each_row(lambda row: attrs.evolve(row, revision=None)),
    "revision without a zone": each_row(
        lambda row: attrs.evolve(row, revision=row.revision.replace(tzinfo=None))
    ),
    "secret in the cursor": case(read=telling),
    "body in the error": case((http, "_told", chatty)),
    "secret in the cause": case(read=chained),
    "one try": client(tries=1),
    "tries without end": client(tries=10**6),
    "Retry-After unread": case((Reply, "wait", None)),
    "Retry-After of a day": case((http, "LONGEST_WAIT", 10.0**9)),
    "own ways to be busy unknown": case((org, "PASSING", ())),
    "a refusal tried again": impatient(400, 401, 403),
    "a column twice": each_page(twice),
    "a value short": each_row(lambda row: attrs.evolve(row, values=row.values[:-1])),
    "one page of everything": case(read=heap),
    "redirects are followed with the secret": case(
        (requests.Session, "request", following),
        (requests.Session, "should_strip_auth", lambda *_: False),
    ),
    "deleted for ever": each_row(deleted_for_ever),
    "no options": case(options=None),
    "a skip without a name": attrs.evolve(RIGHT, skips={"test_everything": "no time"}),
}
EQUIVALENT = {
    "> with a lookback": (
        case(
            (opportunities, "begin", lambda *given: BEGIN(*given) + timedelta(milliseconds=1))
        ),
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
