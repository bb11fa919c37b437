"""Reads deals page by page, in the order in which they were changed.

A search sorts by one property and shows no more than 10,000 deals, so each page is a search of
its own that begins at the last instant of the page before. Where more deals than a page share
an instant, that instant is walked by id. The search knows no deleted deals; they are listed
apart and by id, so that list is read to its end in every run, and what is older is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import attrs

from salesgoal.domain.problem import Place
from salesgoal.errors import BadResponse, ConfigError
from salesgoal.ports.http import JsonClient, Reply, Verdict
from salesgoal.ports.importer import Page, RawRow, ReadRequest
from salesgoal_hubspot import HubspotOptions
from salesgoal_hubspot.account import SOURCE, Account, Record, needed, next_after, results

__all__ = ["read_deals"]

MODIFIED = "hs_lastmodifieddate"
ID = "hs_object_id"
MERGED = "hs_merged_object_ids"
PROPERTIES = (
    *("dealname", "amount", "deal_currency_code", "closedate", "hs_is_closed_won"),
    *("hs_is_closed", "hubspot_owner_id", "pipeline", "dealstage"),
)
IDS = ("hubspot_owner_id", "pipeline", "dealstage")
NAMED = ("owner_name", "company_name", "pipeline_name", "stage_name")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
PASSING = {423, 477}
"""Statuses of its own: locked, and moving to another data centre."""
MOST = 200
"""Deals in one answer of a search."""


def read_deals(request: ReadRequest) -> Iterator[Page]:
    """Yields the deals that changed since the cursor, then those that were deleted.

    Raises:
        SourceError: HubSpot could not be read, or an option is wrong.
    """
    options: HubspotOptions = request.options
    check_options(options)
    with JsonClient(
        source=SOURCE,
        base_url=options.base_url,
        token=options.token,
        judge=judge,
        gap=1 / options.searches_per_second,
        sleep=request.sleep,
    ) as client:
        account = Account(client, options.api_version)
        owners = account.owners() if options.owners else {}
        run = Run(request, account, dict(request.since or {}), owners, account.labels())
        yield from run.changed()
        yield from run.deleted()


def check_options(options: HubspotOptions) -> None:
    """Refuses options that would ask for something else.

    Raises:
        ConfigError: One is wrong.
    """
    wrong = [name for name in options.properties if not re.fullmatch(r"[a-z][a-z0-9_]*", name)]
    faults = {
        "api_version": not re.fullmatch(r"v3|\d{4}-\d{2}", options.api_version),
        "properties": wrong or set(NAMED).intersection(options.properties),
        "lookback_minutes": options.lookback_minutes < 0,
        "searches_per_second": options.searches_per_second < 1,
    }
    for name in (name for name, is_wrong in faults.items() if is_wrong):
        raise ConfigError(
            SOURCE, f"{name} cannot be {getattr(options, name)!r}", f"{name} 有误"
        )


@attrs.define
class Run:
    """One run: what is asked, and the cursor as far as it has come."""

    request: ReadRequest
    account: Account
    cursor: dict[str, str]
    owners: Mapping[str | None, str]
    labels: Mapping[tuple[str | None, str | None], str]

    @property
    def options(self) -> HubspotOptions:
        """The options of the run."""
        options: HubspotOptions = self.request.options
        return options

    @property
    def properties(self) -> tuple[str, ...]:
        """The properties that are columns."""
        return tuple(dict.fromkeys((*PROPERTIES, *self.options.properties)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The header of every page."""
        return (*self.properties, *NAMED)

    def changed(self) -> Iterator[Page]:
        """The deals by the instant of their last change."""
        start, more = self.start("modified"), True
        while more:
            deals, more = self.search(MODIFIED, start, self.request.until)
            if not deals:
                return
            last = modified_at(deals[-1])
            if more and modified_at(deals[0]) == last:
                yield from self.tied(last)
                start = last + TICK
            else:
                yield from self.pages(deals)
                start = last

    def tied(self, instant: datetime) -> Iterator[Page]:
        """The deals of one instant by their id."""
        after, more = "", True
        while more:
            deals, more = self.search(ID, instant, instant, after)
            if deals:
                yield from self.pages(deals)
                after = needed(deals[-1], "id")

    def deleted(self) -> Iterator[Page]:
        """The deals that were deleted, by the instant; all of them are listed every time."""
        start, until = self.start("archived"), self.request.until
        listed = self.account.listed("objects", "/deals", archived="true")
        gone = sorted((instant(deal.get("archivedAt")), needed(deal, "id")) for deal in listed)
        gone = [each for each in gone if start <= each[0] <= until]
        size = self.request.page_size
        for first in range(0, len(gone), size):
            some = gone[first : first + size]
            self.cursor["archived"] = some[-1][0].isoformat()
            rows = tuple(self.gone(key, moment) for moment, key in some)
            yield Page(rows, self.columns, dict(self.cursor))

    def start(self, what: str) -> datetime:
        """Where the run begins: the cursor less the lookback."""
        if what not in self.cursor:
            return EPOCH
        return datetime.fromisoformat(self.cursor[what]) - timedelta(
            minutes=self.options.lookback_minutes
        )

    def search(
        self, sort: str, start: datetime, until: datetime, after: str = ""
    ) -> tuple[list[Record], bool]:
        """One page of deals, and whether there are more.

        Raises:
            BadResponse: They are not in order, so some may be missing.
        """
        body = {
            "filterGroups": [{"filters": list(filters(start, until, after))}],
            "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
            "properties": [*self.properties, MODIFIED, MERGED],
            "limit": min(self.request.page_size, MOST),
        }
        found = self.account.post("objects", "/deals/search", body)
        deals, more = results(found), next_after(found) is not None
        moments = [modified_at(deal) for deal in deals]
        if moments != sorted(moments) or (more and not deals):
            raise BadResponse(SOURCE, "the search is not in order", "搜索结果没有按序排列")
        return deals, more

    def pages(self, deals: Sequence[Record]) -> Iterator[Page]:
        """Some deals, and before them those that were merged into one of them.

        What was merged is neither found nor listed any more; only its successor tells of it.
        """
        gone = [
            self.gone(key, modified_at(deal))
            for deal in deals
            for key in (deal["properties"].get(MERGED) or "").split(";")
            if key not in {"", needed(deal, "id")}
        ]
        size = self.request.page_size
        for first in range(0, len(gone), size):
            yield Page(tuple(gone[first : first + size]), self.columns)
        companies = self.account.companies(deals) if self.options.companies else {}
        rows = tuple(self.row(deal, companies.get(needed(deal, "id"))) for deal in deals)
        self.cursor["modified"] = modified_at(deals[-1]).isoformat()
        yield Page(rows, self.columns, dict(self.cursor))

    def row(self, deal: Record, company: str | None) -> RawRow:
        """A deal as HubSpot has it, texts as they are, with names beside the ids."""
        held = deal["properties"]
        owner, pipeline, stage = (held.get(name) for name in IDS)
        values = [held.get(name) for name in self.properties]
        named = (
            self.owners.get(owner, owner),
            company,
            self.labels.get((pipeline, None), pipeline),
            self.labels.get((pipeline, stage), stage),
        )
        where = Place(SOURCE, key=deal["id"])
        return RawRow((*values, *named), where, deal["id"], modified_at(deal))

    def gone(self, key: str, moment: datetime) -> RawRow:
        """A deal that is no more."""
        values = (None,) * len(self.columns)
        return RawRow(values, Place(SOURCE, key=key), key, moment, deleted=True)


def judge(reply: Reply) -> Verdict | None:
    """What passes is told by statuses of its own, too."""
    return Verdict.AGAIN if reply.status in PASSING else None


def filters(start: datetime, until: datetime, after: str) -> Iterator[Record]:
    """What a search finds: changed from ``start`` to ``until``, both included, beyond an id."""
    yield {"propertyName": MODIFIED, "operator": "GTE", "value": millis(start)}
    yield {"propertyName": MODIFIED, "operator": "LTE", "value": millis(until)}
    if after:
        yield {"propertyName": ID, "operator": "GT", "value": after}


def modified_at(deal: Record) -> datetime:
    """When a deal was changed last."""
    return instant((deal.get("properties") or {}).get(MODIFIED))


def instant(text: object) -> datetime:
    """Returns a moment of the interface.

    Raises:
        BadResponse: It is none.
    """
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(str(text))
    if moment is None or moment.tzinfo is None:
        raise BadResponse(SOURCE, "a moment is none", "时间有误")
    return moment


def millis(moment: datetime) -> str:
    """A moment as filters want it."""
    return str((moment - EPOCH) // TICK)
