"""Parts of a Feishu connector with one fault each, as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs

from salesgoal.errors import AuthError, SourceError, Unavailable
from salesgoal.ports.secret import Secret
from salesgoal_feishu import FeishuOptions, snapshot, table
from salesgoal_feishu.cells import cell_of, moment_of
from salesgoal_feishu.table import Scan

from .fake_feishu import FakeFeishu


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
