"""A fake of Salesforce: queries are parsed, sessions run out, locators expire."""

from __future__ import annotations

import operator
import re
from datetime import UTC, datetime, timedelta

from salesgoal.testing import Answer
from salesgoal_salesforce import SalesforceOptions

CLIENT_ID = "3MVG9-client"
CALLS_OF_A_SESSION = 9
LOCATORS_LIVE = timedelta(hours=1)
PARENTS = {"Owner": "User", "Account": "Account"}
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z)"
    r"|(?P<word>[A-Za-z][\w.]*)|(?P<number>\d+)|(?P<sign>>=|<=|!=|[<>=(),]))"
)
COMPARED = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}


def error(status, code, **headers):
    return Answer.of([{"message": "no", "errorCode": code}], status, headers)


class Refused(Exception):
    """A query that the service refuses with a code."""


class FakeSalesforce:
    """One org; ``is_multi``: it has several currencies; ``usage``: calls today, and allowed."""

    busy = (error(403, "REQUEST_LIMIT_EXCEEDED"), error(400, "QUERY_TIMEOUT"))

    def __init__(self, world):
        self.world = world
        self.is_multi = False
        self.usage = (18, 15_000)
        self.sessions = {}
        self.locators = {}

    def options(self, base_url, secret):
        return SalesforceOptions(base_url=base_url, client_id=CLIENT_ID, client_secret=secret)

    def expected(self, deal):
        return {
            "Name": deal.key,
            "Amount": deal.amount,
            "CloseDate": deal.on,
            "IsWon": deal.won,
            "Account.Name": deal.customer,
            "Owner.Name": "王丽",
        }

    def answer(self, request):
        if request.path == "/services/oauth2/token":
            return self.let_in(request)
        left = self.sessions.get(request.bearer, 0)
        if not left:
            return error(401, "INVALID_SESSION_ID")
        self.sessions[request.bearer] = left - 1
        path = re.fullmatch(r"/services/data/v\d\d\.0/(queryAll|query)/?(.*)", request.path)
        if path is None:
            return error(404, "NOT_FOUND")
        try:
            if path[2]:
                return self.go_on(path[2])
            return self.query(request.query["q"], with_deleted=path[1] == "queryAll")
        except Refused as refused:
            return error(400, str(refused))

    def let_in(self, request):
        given = request.form
        known = given.get("client_id"), given.get("client_secret")
        if known != (CLIENT_ID, self.world.secret.reveal()):
            return Answer.of({"error": "invalid_client", "error_description": "no"}, 400)
        if given.get("grant_type") != "client_credentials":
            return Answer.of({"error": "unsupported_grant_type"}, 400)
        token = f"00D!session-{len(self.sessions)}"
        self.sessions[token] = CALLS_OF_A_SESSION
        here = f"http://{request.headers['host']}"
        return Answer.of({"access_token": token, "instance_url": here, "token_type": "Bearer"})

    def query(self, text, *, with_deleted):
        asked = Query(text)
        unknown = {*asked.fields, *asked.named} - self.record(None).keys()
        if unknown:
            raise Refused("INVALID_FIELD")
        found = [
            record
            for record in map(self.record, self.world.found())
            if (with_deleted or not record["IsDeleted"]) and asked.fits(record)
        ]
        for field in reversed(asked.order):
            found.sort(key=lambda record: record[field])
        if asked.offset > (self.world.result_cap or 2000):
            raise Refused("NUMBER_OUTSIDE_VALID_RANGE")
        found = found[asked.offset :][: asked.limit]
        return self.batch([nested(record, asked.fields) for record in found], 0)

    def batch(self, records, at):
        """A batch holds as many as the service likes; the rest waits under a locator."""
        end = at + min(2000, self.world.page_share)
        body = {"totalSize": len(records), "done": end >= len(records)}
        if end < len(records):
            locator = f"01g{len(self.locators):012d}-{end}"
            self.locators[locator] = self.world.now + LOCATORS_LIVE, records, end
            body["nextRecordsUrl"] = f"/services/data/v62.0/query/{locator}"
        used = "api-usage={}/{}".format(*self.usage)
        return Answer.of(body | {"records": records[at:end]}, 200, {"Sforce-Limit-Info": used})

    def go_on(self, locator):
        until, records, at = self.locators.get(locator, (None, None, None))
        if until is None or until < self.world.now:
            raise Refused("INVALID_QUERY_LOCATOR")
        return self.batch(records, at)

    def record(self, deal):
        """Field -> value; those of parents with their path."""
        shown = {
            "Id": deal and deal.key,
            "Name": deal and deal.key,
            "Amount": deal and deal.amount,
            "CloseDate": deal and deal.on.isoformat(),
            "StageName": "Closed Won" if deal and deal.won else "Negotiation",
            "IsWon": bool(deal and deal.won),
            "IsClosed": bool(deal and deal.won),
            "IsDeleted": bool(deal and deal.deleted),
            "Owner.Name": "王丽",
            "Account.Name": deal and deal.customer,
            "SystemModstamp": deal and stamp(deal.modified_at),
            "Region__c": "华东",
        }
        return shown | ({"CurrencyIsoCode": "CNY"} if self.is_multi else {})


class Query:
    """A query in SOQL, as far as connectors need it."""

    def __init__(self, text):
        self.tokens = [match.groupdict() for match in TOKEN.finditer(text)]
        if re.sub(r"\s", "", TOKEN.sub("", text)):
            raise Refused("MALFORMED_QUERY")
        self.at, self.named, self.order, self.limit, self.offset = 0, set(), [], 50_000, 0
        self.expect("SELECT")
        self.fields = self.names()
        self.expect("FROM")
        self.expect("Opportunity")
        self.fits = self.either() if self.took("WHERE") else lambda _: True
        if self.took("ORDER"):
            self.expect("BY")
            self.order = self.names()
            self.named |= {*self.order}
        if self.took("LIMIT"):
            self.limit = int(self.take()["number"])
        if self.took("OFFSET"):
            self.offset = int(self.take()["number"])
        if self.at < len(self.tokens):
            raise Refused("MALFORMED_QUERY")

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else {}

    def take(self):
        self.at += 1
        if self.at > len(self.tokens):
            raise Refused("MALFORMED_QUERY")
        return self.tokens[self.at - 1]

    def took(self, word):
        is_next = word in {self.peek().get("word"), self.peek().get("sign")}
        self.at += is_next
        return is_next

    def expect(self, word):
        if not self.took(word):
            raise Refused("MALFORMED_QUERY")

    def names(self):
        found = [self.take()["word"]]
        while self.took(","):
            found.append(self.take()["word"])
        if len(set(found)) < len(found):
            raise Refused("DUPLICATE_FIELD")
        return found

    def either(self):
        parts = [self.both()]
        while self.took("OR"):
            parts.append(self.both())
        return lambda record: any(part(record) for part in parts)

    def both(self):
        parts = [self.one()]
        while self.took("AND"):
            parts.append(self.one())
        return lambda record: all(part(record) for part in parts)

    def one(self):
        if self.took("("):
            inner = self.either()
            self.expect(")")
            return inner
        field, sign, value = self.take()["word"], self.take()["sign"], self.value()
        self.named.add(field)
        compare = COMPARED[sign]
        return lambda record: compare(held(record, field), value)

    def value(self):
        token = self.take()
        if token["text"]:
            return re.sub(r"\\(.)", r"\1", token["text"][1:-1])
        if token["moment"]:
            return datetime.fromisoformat(token["moment"])
        if token["word"] in {"true", "false"}:
            return token["word"] == "true"
        raise Refused("MALFORMED_QUERY")


def held(record, field):
    value = record[field]
    return datetime.fromisoformat(value) if field == "SystemModstamp" else value


def nested(record, fields):
    """Parents are objects of their own, and null where there is none."""
    found = {"attributes": {"type": "Opportunity", "url": f"/x/{record['Id']}"}}
    for field in fields:
        parent, _, name = field.rpartition(".")
        if not parent:
            found[name] = record[field]
        else:
            value = record[field]
            there = {"attributes": {"type": PARENTS[parent], "url": "/x"}, name: value}
            found[parent] = None if value is None else there
    return found


def stamp(moment):
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
