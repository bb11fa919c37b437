"""Reads opportunities page by page, in the order in which they were changed.

Each answer is that to a query of its own, which begins behind the last row of the one before,
by the moment of its change and its id. So none needs a query locator, which may expire, and
none mixes what was and what is. ``queryAll`` gives deleted rows too, while the bin keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from salesgoal.domain.problem import Place
from salesgoal.errors import BadResponse, ConfigError, Unavailable
from salesgoal.ports.http import Reply
from salesgoal.ports.importer import Page, RawRow, ReadRequest
from salesgoal_salesforce import SalesforceOptions
from salesgoal_salesforce.org import SOURCE, open_org

__all__ = ["read_opportunities"]

FIELDS = (
    *("Name", "Amount", "CloseDate", "StageName", "IsWon", "IsClosed"),
    *("Owner.Name", "Account.Name"),
)
NEEDED = ("Id", "SystemModstamp", "IsDeleted")
MOST = 2000
"""Rows in one answer; each is one of the calls that an org has a day."""
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(4000, 12, 31, tzinfo=UTC)
"""The last moment that a query may name."""

Record = Mapping[str, Any]


def read_opportunities(request: ReadRequest) -> Iterator[Page]:
    """Yields the opportunities that changed since the cursor, those deleted among them.

    Raises:
        SourceError: Salesforce could not be read, or an option is wrong.
    """
    options: SalesforceOptions = request.options
    check_options(options)
    fields, size = columns(options), request.page_size
    start, after, more = begin(request.since, options.lookback_minutes), "", True
    with open_org(options, request.sleep) as org:
        while more:
            reply = org.get(
                f"/services/data/{options.api_version}/queryAll/",
                {"q": soql(fields, start, after, request.until)},
            )
            records, more = unpack(reply)
            for first in range(0, len(records), size):
                some = records[first : first + size]
                start, after = step(some, start, after)
                rows = tuple(row(record, fields) for record in some)
                yield Page(rows, fields, {"modified": start.isoformat()})
            if more:
                check_usage(reply, options.most_usage_pct)


def check_options(options: SalesforceOptions) -> None:
    """Refuses options that would ask for something else.

    Raises:
        ConfigError: One is wrong.
    """
    name = r"[A-Za-z][A-Za-z0-9_]*"
    faults = {
        "api_version": not re.fullmatch(r"v\d{1,3}\.0", options.api_version),
        "fields": not all(re.fullmatch(rf"{name}(\.{name})*", each) for each in options.fields),
        "lookback_minutes": options.lookback_minutes < 0,
    }
    for wrong in (name for name, is_wrong in faults.items() if is_wrong):
        held = repr(getattr(options, wrong))
        raise ConfigError(SOURCE, f"{wrong} cannot be {held}", f"{wrong} 不能是 {held}")


def columns(options: SalesforceOptions) -> tuple[str, ...]:
    """The fields that are columns."""
    currency = ("CurrencyIsoCode",) if options.currency else ()
    return tuple(dict.fromkeys((*FIELDS, *currency, *options.fields)))


def begin(cursor: Mapping[str, str] | None, lookback_minutes: int) -> datetime:
    """Where the run begins: the cursor less the lookback."""
    if cursor is None:
        return FIRST
    return datetime.fromisoformat(cursor["modified"]) - timedelta(minutes=lookback_minutes)


def soql(fields: tuple[str, ...], start: datetime, after: str, until: datetime) -> str:
    """The query: changed from ``start`` to ``until``, behind an id of the first moment."""
    wanted = ", ".join(dict.fromkeys((*NEEDED, *fields)))
    behind = (
        f" AND (SystemModstamp > {literal(start)} OR Id > {quoted(after)})" if after else ""
    )
    # Only checked names, moments and a quoted text come into it.
    return (
        f"SELECT {wanted} FROM Opportunity"  # noqa: S608
        f" WHERE SystemModstamp >= {literal(start)}"
        f" AND SystemModstamp <= {literal(min(until, LAST))}{behind}"
        f" ORDER BY SystemModstamp, Id LIMIT {MOST}"
    )


def literal(moment: datetime) -> str:
    """A moment as a query names it, in whole milliseconds."""
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{text}Z"


def quoted(text: str) -> str:
    r"""A text as a query names it.

    >>> print(quoted("it's"))
    'it\'s'
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def unpack(reply: Reply) -> tuple[list[Record], bool]:
    """The records of an answer, and whether there may be more.

    Raises:
        BadResponse: It has none, not even an empty list.
    """
    body = reply.body if isinstance(reply.body, dict) else {}
    records = body.get("records")
    if not isinstance(records, list) or not isinstance(body.get("done"), bool):
        raise BadResponse(SOURCE, "the answer has no records", "应答中没有 records")
    # The service may give fewer than it was asked for; the rest is asked for by key as well.
    return records, bool(records) and (not body["done"] or len(records) >= MOST)


def step(records: list[Record], start: datetime, after: str) -> tuple[datetime, str]:
    """Where the next page begins: behind the last record.

    Raises:
        BadResponse: The records are not in order, so some may be missing.
    """
    moments = [start, *(modified_at(record) for record in records)]
    last = moments[-1], str(cell(records[-1], "Id"))
    if moments != sorted(moments) or last == (start, after):
        raise BadResponse(SOURCE, "the records are not in order", "记录没有按序排列")
    return last


def row(record: Record, fields: tuple[str, ...]) -> RawRow:
    """An opportunity as Salesforce has it."""
    key = str(cell(record, "Id"))
    return RawRow(
        values=tuple(cell(record, field) for field in fields),
        where=Place(SOURCE, key=key),
        key=key,
        revision=modified_at(record),
        deleted=cell(record, "IsDeleted") is True,
    )


def cell(record: Record, field: str) -> Any:  # noqa: ANN401 - what JSON holds
    """The value of a field, through what it is a field of; None where that is none.

    Raises:
        BadResponse: The record has no such field, as where its name is written otherwise.
    """
    found: Any = record
    for name in field.split("."):
        if found is None:
            return None
        if not isinstance(found, dict) or name not in found:
            raise BadResponse(SOURCE, f"a record has no {field}", f"记录中没有 {field}")
        found = found[name]
    return found


def modified_at(record: Record) -> datetime:
    """When a record was changed last.

    Raises:
        BadResponse: It does not say.
    """
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(str(cell(record, "SystemModstamp")))
    if moment is None or moment.tzinfo is None:
        raise BadResponse(SOURCE, "SystemModstamp is no moment", "SystemModstamp 不是时间")
    return moment


def check_usage(reply: Reply, most_pct: int) -> None:
    """Stops before the calls of the day are used up.

    Raises:
        Unavailable: So much of them is used.
    """
    found = re.search(r"api-usage=(\d+)/(\d+)", reply.headers.get("sforce-limit-info", ""))
    if found and int(found[1]) * 100 >= int(found[2]) * most_pct:
        used = f"{found[1]}/{found[2]}"
        raise Unavailable(SOURCE, f"{used} calls of the day are used", f"当日调用已用 {used}")
