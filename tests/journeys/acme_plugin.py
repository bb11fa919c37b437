"""A connector to a made-up CRM, as its author would write it; tests install copies of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import attrs

from salesgoal.domain.problem import Place
from salesgoal.errors import AuthError, BadResponse, Unavailable
from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import ImporterSpec, Page, RawRow, ReadRequest
from salesgoal.ports.secret import Secret

COLUMNS = ("day", "region", "product", "amount", "won")


@attrs.frozen(kw_only=True)
class Options:
    """What a plan says to it."""

    token: Secret
    base_url: str = "https://acme.invalid"
    lookback_minutes: int = 15
    page_size: int = 3
    pipeline: str | None = None


def ask(options: Options, query: dict[str, str]) -> list[dict[str, object]]:
    """Returns the deals of one page."""
    headers = {"Authorization": f"Bearer {options.token.reveal()}"}
    url = f"{options.base_url}/deals?{urlencode(query)}"
    try:
        with urlopen(Request(url, headers=headers), timeout=20) as answer:  # noqa: S310
            content = json.loads(answer.read(), parse_float=Decimal)
    except HTTPError as error:
        kind = AuthError if error.code == 401 else Unavailable
        raise kind("acme", f"HTTP {error.code}") from error
    except URLError as error:
        raise Unavailable("acme", str(error.reason)) from error
    except ValueError as error:
        raise BadResponse("acme", "no JSON") from error
    return content["deals"]


def read(request: ReadRequest) -> Iterator[Page]:
    """Reads what changed since the cursor, in order of change, and walks by key."""
    options: Options = request.options
    at, last = "", ""
    if request.since is not None:
        since = datetime.fromisoformat(request.since["at"])
        at = (since - timedelta(minutes=options.lookback_minutes)).isoformat()
    while True:
        query = {"at": at, "id": last, "until": request.until.isoformat()}
        deals = ask(options, query | {"limit": str(options.page_size)})
        if deals:
            at, last = deals[-1]["modified"], deals[-1]["id"]
        cursor = {"at": at} if at and deals else None
        yield Page(tuple(map(row, deals)), COLUMNS, cursor)
        if len(deals) < options.page_size:
            return


def row(deal: dict[str, object]) -> RawRow:
    """A deal as a row."""
    return RawRow(
        tuple(deal[name] for name in COLUMNS),
        Place("acme", key=deal["id"]),
        key=deal["id"],
        revision=datetime.fromisoformat(deal["modified"]),
        deleted=deal["deleted"],
    )


@hookimpl
def salesgoal_importers() -> list[ImporterSpec]:
    """Offers it."""
    return [
        ImporterSpec(name="acme", title="Acme", read=read, options=Options, incremental=True)
    ]
