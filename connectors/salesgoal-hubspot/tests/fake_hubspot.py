"""A fake of HubSpot: as strict, as unsorted and as roundabout as the service."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone

from salesgoal.testing import Answer
from salesgoal_hubspot import HubspotOptions

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
PATH = re.compile(
    r"/crm/(?:(v[34])/)?(objects|owners|pipelines|associations)(?:/(20\d\d-\d\d))?(.*)"
)
DATED = {"2026-03", "2026-09"}
CAP = 10_000
OPERATORS = {
    "GTE": lambda held, value: held >= value,
    "GT": lambda held, value: held > value,
    "LTE": lambda held, value: held <= value,
    "LT": lambda held, value: held < value,
    "EQ": lambda held, value: held == value,
}
OWNERS = [
    {"id": "901", "firstName": "丽", "lastName": "王", "email": "wang@example.com"},
    {"id": "902", "firstName": None, "lastName": "", "email": "no-name@example.com"},
    {
        "id": "903",
        "firstName": "Ada",
        "lastName": "Left",
        "email": "ada@example.com",
        "archived": True,
    },
]
OWNER_NAMES = {
    "901": "王丽",
    "902": "no-name@example.com",
    "903": "Ada Left",
    "904": "904",
    None: None,
}
PIPELINES = [
    {
        "id": "default",
        "label": "销售管道",
        "stages": [{"id": "won", "label": "赢单"}, {"id": "open", "label": "洽谈"}],
    },
    {"id": "77", "label": "续约", "stages": [{"id": "won", "label": "已续约"}]},
]
LABELS = {("default", "won"): "赢单", ("default", "open"): "洽谈", ("77", "won"): "已续约"}
PASSER_BY = "999"
"""The id of a company that is associated with every deal, and primary with none."""


def error(status, category, **more):
    body = {"status": "error", "message": "no", "category": category, **more}
    return Answer.of(body, status)


class FakeHubspot:
    """Searches, lists and batches of one account; ``merged`` is successor -> ids."""

    busy = (error(423, "LOCKED"), error(477, "MIGRATION_IN_PROGRESS"))

    def __init__(self, world):
        self.world = world
        self.merged = {}
        self.customers = {}

    def options(self, base_url, secret):
        return HubspotOptions(base_url=base_url, token=secret, searches_per_second=100_000)

    def expected(self, deal):
        held = self.properties(deal)
        pipeline, stage = held["pipeline"], held["dealstage"]
        return {
            "dealname": deal.key,
            "amount": deal.amount,
            "closedate": closed_at(deal),
            "hs_is_closed_won": deal.won,
            "company_name": deal.customer,
            "owner_name": OWNER_NAMES[held["hubspot_owner_id"]],
            "pipeline_name": {"default": "销售管道", "77": "续约", "lost": "lost"}[pipeline],
            "stage_name": LABELS.get((pipeline, stage), stage),
        }

    def found(self):
        """What is shown; deals that were merged into others are neither found nor listed."""
        gone = {key for keys in self.merged.values() for key in keys}
        return [deal for deal in self.world.found() if deal.key not in gone]

    def answer(self, request):
        if request.bearer != self.world.secret.reveal():
            return error(401, "INVALID_AUTHENTICATION")
        found = PATH.fullmatch(request.path)
        if found is None or not self.is_version(found[1], found[2], found[3]):
            return error(404, "OBJECT_NOT_FOUND")
        asked = request.method, found[2], found[4]
        if asked == ("POST", "objects", "/deals/search"):
            return self.search(request.json)
        if asked == ("GET", "objects", "/deals"):
            return self.listed(request.query)
        if asked[:2] == ("GET", "owners") and found[4] in {"", "/"}:
            is_gone = request.query.get("archived", "").lower() == "true"
            owners = [each for each in OWNERS if each.get("archived", False) is is_gone]
            return paged(owners, request.query.get("after"))
        if asked == ("GET", "pipelines", "/deals"):
            return Answer.of({"results": PIPELINES})
        if asked == ("POST", "associations", "/deals/companies/batch/read"):
            return self.associations(ids(request, most=1000), is_old=found[1] == "v4")
        if asked == ("POST", "objects", "/companies/batch/read"):
            return self.companies(ids(request, most=100), request.json["properties"])
        return error(404, "OBJECT_NOT_FOUND")

    def is_version(self, old, family, dated):
        if dated is None:
            return old == ("v4" if family == "associations" else "v3")
        return old is None and dated in DATED

    def properties(self, deal):
        """Every value is a text, or null."""
        at = sum(deal.key.encode())
        return {
            "dealname": deal.key,
            "amount": None if deal.amount is None else f"{deal.amount:f}",
            "deal_currency_code": "CNY",
            "closedate": zulu(closed_at(deal)),
            "hs_is_closed_won": "true" if deal.won else "false",
            "hs_is_closed": "true" if deal.won else "false",
            "hubspot_owner_id": ["901", "902", "903", "904", None][at % 5],
            "pipeline": ["default", "77", "lost"][at % 3],
            "dealstage": "won" if deal.won else "open",
            "hs_lastmodifieddate": zulu(deal.modified_at),
            "hs_object_id": deal.key,
            "hs_merged_object_ids": ";".join(self.merged.get(deal.key, ())) or None,
            "region": "华东",
        }

    def record(self, deal, names):
        held = self.properties(deal)
        always = ("hs_lastmodifieddate", "hs_object_id")
        found = {
            "id": deal.key,
            "properties": {name: held.get(name) for name in (*names, *always)},
            "createdAt": "2026-01-01T00:00:00Z",
            "updatedAt": zulu(deal.modified_at),
            "archived": deal.deleted,
        }
        return found | ({"archivedAt": zulu(deal.modified_at)} if deal.deleted else {})

    def search(self, body):
        groups, sorts = body.get("filterGroups", []), body.get("sorts", [])
        limit, after = body.get("limit", 10), int(body.get("after") or 0)
        cap = self.world.result_cap or CAP
        too_much = limit > 200 or len(sorts) > 1 or len(groups) > 5 or after + limit > cap + 200
        if too_much or after >= cap or any(len(each["filters"]) > 6 for each in groups):
            return error(400, "VALIDATION_ERROR")
        found = [
            deal
            for deal in self.found()
            if not deal.deleted
            and (not groups or any(self.fits(deal, each) for each in groups))
        ]
        for each in sorts:
            found.sort(
                key=lambda deal: self.comparable(deal, each["propertyName"]),
                reverse=each["direction"] == "DESCENDING",
            )
        some = found[after : after + min(limit, self.world.page_share)]
        more = {}
        if len(found) > after + len(some):
            more = {"paging": {"next": {"after": str(after + len(some)), "link": "?"}}}
        results = [self.record(deal, body.get("properties", ())) for deal in some]
        return Answer.of({"total": len(found), "results": results, **more})

    def fits(self, deal, group):
        return all(self.fits_one(deal, **each) for each in group["filters"])

    def fits_one(self, deal, propertyName, operator, value):  # noqa: N803
        held = self.comparable(deal, propertyName)
        return OPERATORS[operator](held, type(held)(value))

    def comparable(self, deal, name):
        """Moments are compared as milliseconds, everything else as text."""
        if name == "hs_lastmodifieddate":
            return (deal.modified_at - EPOCH) // timedelta(milliseconds=1)
        return self.properties(deal)[name] or ""

    def listed(self, query):
        limit, is_gone = (
            int(query.get("limit", 10)),
            query.get("archived", "").lower() == "true",
        )
        if limit > 100:
            return error(400, "VALIDATION_ERROR")
        found = sorted(
            (deal for deal in self.found() if deal.deleted is is_gone),
            key=lambda deal: deal.key,
        )
        found = [deal for deal in found if deal.key > query.get("after", "")]
        some = found[: min(limit, self.world.page_share)]
        more = {}
        if len(found) > len(some):
            more = {"paging": {"next": {"after": some[-1].key, "link": "?"}}}
        names = query.get("properties", "dealname,amount").split(",")
        return Answer.of({"results": [self.record(deal, names) for deal in some], **more})

    def associations(self, asked, *, is_old):
        known = {deal.key: deal for deal in self.world.found()}
        results, errors = [], []
        for each in asked:
            customer = known[each].customer if each in known else None
            if customer is None:
                errors.append({"status": "error", "category": "OBJECT_NOT_FOUND"})
                continue
            primary = self.customers.setdefault(customer, str(1000 + len(self.customers)))
            types = {PASSER_BY: 341, primary: 5}
            to = [
                {
                    "toObjectId": int(company) if is_old else company,
                    "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": kind}],
                }
                for company, kind in types.items()
            ]
            results.append({"from": {"id": each}, "to": to})
        body = {"status": "COMPLETE", "results": results}
        if errors:
            body |= {"numErrors": len(errors), "errors": errors}
        return Answer.of(body, 207 if errors else 200)

    def companies(self, asked, names):
        if names != ["name"]:
            return error(400, "VALIDATION_ERROR")
        names = {each: customer for customer, each in self.customers.items()}
        names[PASSER_BY] = "someone else"
        found = [{"id": each, "properties": {"name": names[each]}} for each in asked]
        return Answer.of({"status": "COMPLETE", "results": found})


def ids(request, *, most):
    inputs = request.json["inputs"]
    assert 0 < len(inputs) <= most
    return [each["id"] for each in inputs]


def paged(records, after):
    """One record a page, so that a second page is asked for."""
    at = int(after or 0)
    more = {"paging": {"next": {"after": str(at + 1)}}} if at + 1 < len(records) else {}
    return Answer.of({"results": records[at : at + 1], **more})


def closed_at(deal):
    """Midnight in Beijing, which is another day in UTC."""
    return datetime.combine(deal.on, time(0), BEIJING)


def zulu(moment):
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
