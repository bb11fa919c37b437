"""A CRM that does not exist: a fake of its service, and the right connector."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, build_opener
from urllib.request import Request as Call

import attrs

from salesgoal.domain.problem import Place
from salesgoal.errors import AuthError, BadResponse, SourceError, Unavailable
from salesgoal.ports.importer import ImporterSpec, Page, RawRow
from salesgoal.ports.secret import Secret
from salesgoal.testing import Answer, Case

COLUMNS = ("amount", "closed_on", "won", "customer")


class FakeAcme:
    """GET /deals?since&after_id&until&limit&offset&won&deleted&sort; sorted by changed, id."""

    busy = (Answer.of({"message": "later"}, 418),)

    def __init__(self, world):
        self.world = world

    def options(self, base_url, secret):
        return AcmeOptions(base_url=base_url, token=secret)

    def expected(self, deal):
        return {
            "amount": deal.amount,
            "closed_on": deal.on,
            "won": deal.won,
            "customer": deal.customer,
        }

    def answer(self, request):
        query, world = request.query, self.world
        if request.bearer != world.secret.reveal():
            return Answer.of({"message": "who are you"}, 401)
        since, until = query.get("since", ""), query.get("until", "9")
        found = [
            deal
            for deal in world.found()
            if since <= stamp(deal) <= until
            and (stamp(deal), deal.key) > (since, query.get("after_id", ""))
            and ("won" not in query or deal.won)
            and ("deleted" in query or not deal.deleted)
        ]
        if "sort" in query:
            found.sort(key=lambda deal: (stamp(deal), deal.key))
        start = int(query.get("offset", 0))
        share = min(int(query["limit"]), world.page_share)
        if world.result_cap is not None and start + share > world.result_cap:
            return Answer.of({"message": "too far"}, 400)
        some = found[start : start + share]
        deals = [
            {
                "id": deal.key,
                "amount": deal.amount,
                "closed_on": deal.on.isoformat(),
                "won": deal.won,
                "customer": deal.customer,
                "changed": stamp(deal),
                "deleted": deal.deleted,
            }
            for deal in some
        ]
        return Answer.of({"deals": deals, "more": len(found) > start + share})


def stamp(deal):
    return deal.modified_at.isoformat()


@attrs.frozen(kw_only=True)
class AcmeOptions:
    token: Secret
    base_url: str = "https://api.acme.example"


class NoRedirects(HTTPRedirectHandler):
    """A redirect is an answer with a status of its own; urllib would send the token along."""

    def redirect_request(self, *_):
        return None


class Acme:
    """The connector; mutants override a part of it."""

    look_back = timedelta(minutes=15)
    tries = 5
    wrong_codes = (401,)
    late_codes = (418, 429, 500, 503)
    longest_wait = 60
    error_detail = "{status}"
    opener = build_opener(NoRedirects)

    def read(self, request) -> Iterator[Page]:
        since, after_id = self.start(request.since), ""
        while True:
            answer = self.ask(request, self.query(request, since, after_id))
            deals, more = self.unpack(answer)
            rows = tuple(map(self.row, deals))
            if deals:
                last = deals[-1]
                since, after_id = self.step(last)
            cursor = self.cursor(since, request=request, more=more)
            yield Page(rows, COLUMNS, cursor)
            if not more:
                return

    def start(self, cursor):
        if cursor is None:
            return ""
        return (datetime.fromisoformat(cursor["since"]) - self.look_back).isoformat()

    def query(self, request, since, after_id):
        return {
            "since": since,
            "after_id": after_id,
            "until": request.until.isoformat(),
            "limit": request.page_size,
            "deleted": 1,
            "sort": 1,
        }

    def step(self, last):
        return last["changed"], last["id"]

    def cursor(self, since, **_):
        return {"since": since} if since else None

    def unpack(self, answer):
        try:
            parsed = json.loads(answer, parse_float=Decimal)
            return parsed["deals"], parsed["more"]
        except (ValueError, TypeError, KeyError):
            raise BadResponse("acme", "no list of deals") from None

    def row(self, deal):
        return RawRow(
            values=(deal["amount"], deal["closed_on"], deal["won"], deal["customer"]),
            where=Place("acme", key=deal["id"]),
            key=deal["id"],
            revision=datetime.fromisoformat(deal["changed"]),
            deleted=deal["deleted"],
        )

    def ask(self, request, query):
        for turn in range(self.tries):
            try:
                return self.fetch(request, query)
            except HTTPError as error:
                status, asked = error.code, error.headers.get("Retry-After")
                body = error.read().decode()
                error.close()
                if status in self.wrong_codes:
                    failure = AuthError("acme", self.detail(status, body, request))
                    break
                failure = Unavailable("acme", self.detail(status, body, request))
                if status not in self.late_codes:
                    failure = SourceError("acme", self.detail(status, body, request))
                    break
                wait = self.wait(turn, asked)
            except (OSError, HTTPException):
                failure, wait = Unavailable("acme", "no connection"), self.wait(turn, None)
            if turn + 1 < self.tries:
                request.sleep(wait)
        raise failure from None

    def detail(self, status, body, request):
        return self.error_detail.format(
            status=status, body=body, token=request.options.token.reveal()
        )

    def wait(self, turn, asked):
        is_number = asked is not None and asked.isdecimal()
        return min(int(asked) if is_number else 2**turn, self.longest_wait)

    def fetch(self, request, query):
        options = request.options
        headers = {"Authorization": f"Bearer {options.token.reveal()}"}
        url = f"{options.base_url}/deals?{urlencode(query)}"
        call = Call(url, headers=headers)  # noqa: S310 - on 127.0.0.1
        with self.opener.open(call, timeout=20) as got:
            return got.read()


def case_of(reader, **changed):
    given = {"incremental": True, "options": AcmeOptions, **changed}
    spec = ImporterSpec(name="acme", title="Acme", read=reader.read, **given)
    return Case(spec=spec, fake=FakeAcme)


ACME = case_of(Acme())
