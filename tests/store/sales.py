"""Documents of sales, in few words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Document, EntryPage
from salesgoal.domain.problem import Place

START = datetime(2023, 10, 7, tzinfo=UTC)


def moment(hours):
    return START + timedelta(hours=hours)


def sale(amount, row=2, *, name="日报.xlsx", on=date(2023, 10, 6), **changed):
    members = {"region": "华东"}
    return Entry(
        on=on,
        members=members,
        values={"sales": amount},
        where=Place(name, sheet="10月", row=row),
        **changed,
    )


def document(name="日报.xlsx", *, hour=0, digest=None, source="orders"):
    return Document(
        source=source, name=name, digest=digest or f"{name} {hour}", as_of=moment(hour)
    )


def page(*entries, rejected=0, ignored=0, cursor=None):
    return EntryPage(
        entries=entries,
        read=len(entries) + rejected + ignored,
        rejected=rejected,
        ignored=ignored,
        cursor=cursor,
    )


def amounts(ledger, **asked):
    return [entry.values["sales"] for entry in ledger.entries(**asked)]
