"""Entries: what a document says about one fact, and the keys by which facts are known again.

A source with an identity of its own (an order number) gives its key. Without one, the key is
derived from everything that the entry says, and from its ordinal among the equal rows of its
document: two equal sales in one sheet stay two, and the same sheet read again stays two.
Nothing here depends on the process, so keys are the same everywhere and for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

import attrs

from salesgoal.domain.period import Period
from salesgoal.domain.problem import Place
from salesgoal.errors import UsageError

__all__ = ["Entry", "content_digest", "derived_fact", "keyed_fact", "moment_of", "to_ticks"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_DIGEST = 16


@attrs.frozen(kw_only=True)
class Entry:
    """One row of a document, read and mapped.

    Attributes:
        on: The business day, or the period of a report that gives only a total; None only for
            a deleted row.
        members: Dimension id -> canonical name, or a credited list as its text.
        values: Metric id -> amount in smallest units, or the key of a `DISTINCT` metric.
        where: Where it stands.
        key: The source's own identity; None where it has none and the key is derived.
        revision: When the source last changed it, aware; None where it does not say.
        deleted: Whether the source says it is gone, or it no longer counts.
        rejected: Whether it is gone because the row cannot be read: nothing counts of the fact
            until it can. Only with ``deleted``.

    >>> sale = Entry(on=date(2023, 10, 6), members={"region": "华东"},
    ...     values={"sales": 150_000_00}, where=Place("日报.xlsx", row=2), key="SO-1001")
    >>> content_digest(sale) == content_digest(attrs.evolve(sale, where=Place("周报.xlsx")))
    True
    """

    on: date | Period | None
    members: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    values: Mapping[str, int | str] = attrs.field(factory=dict, hash=False)
    where: Place
    key: str | None = None
    revision: datetime | None = None
    deleted: bool = False
    rejected: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuses what cannot be known again.

        Raises:
            UsageError: A deleted row without a key, a row that counts without a day, or a
                revision without a zone.
        """
        if self.deleted and self.key is None:
            en = f"{self.where} is deleted and has no key - give the source's key"
            zh = f"{self.where.text('zh')} 已删除而没有编号 - 给出来源的编号"
            raise UsageError(en, zh)
        if self.on is None and not self.deleted:
            zh = f"{self.where.text('zh')} 没有日期 - 给出 on"
            raise UsageError(f"{self.where} has no day - give `on`", zh)
        if self.revision is not None and self.revision.utcoffset() is None:
            raise UsageError(
                f"{self.revision} of {self.where} has no zone - give an aware moment",
                f"{self.where.text('zh')} 的 {self.revision} 没有时区 - 给出带时区的时刻",
            )


def content_digest(entry: Entry) -> bytes:
    """Returns 16 bytes of SHA-256 over what the entry says.

    That is its day, members, values and whether it is deleted or rejected; not where it
    stands, its key or its revision.
    """
    values = entry.values
    words = [_when(entry.on), _state(entry)]
    for name in sorted(values):
        value = values[name]
        words += name, f"'{value}" if isinstance(value, str) else f"#{value}"
    return _digest(_members_text(tuple(entry.members.items())) + _text(words))


def keyed_fact(source: str, key: str) -> bytes:
    """Returns the identity of a fact that the source itself has a key for.

    >>> keyed_fact("orders", "SO-1001").hex()
    'd2d0086c3dd7c825b2ecde6e5ce834fc'
    """
    return _digest(_text((source, "key", key)))


def derived_fact(source: str, content: bytes, ordinal: int) -> bytes:
    """Returns the identity of a fact without a key: the ``ordinal``-th row that says this."""
    return _digest(_text((source, "row", content.hex(), str(ordinal))))


def to_ticks(moment: datetime) -> int:
    """Returns an aware moment as microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _TICK


def moment_of(ticks: int) -> datetime:
    """Returns the moment, in UTC.

    >>> moment_of(to_ticks(datetime(2023, 10, 6, 8, tzinfo=UTC)))
    datetime.datetime(2023, 10, 6, 8, 0, tzinfo=datetime.timezone.utc)
    """
    return _EPOCH + ticks * _TICK


def _state(entry: Entry) -> str:
    if entry.rejected:
        return "rejected"
    return "deleted" if entry.deleted else ""


def _when(on: date | Period | None) -> str:
    if isinstance(on, Period):
        return f"{on.start}/{on.stop}/{on.level}"
    return "" if on is None else on.isoformat()


@lru_cache(maxsize=20_000)
def _members_text(members: tuple[tuple[str, str], ...]) -> str:
    """Many rows have the same members; they count however they are ordered."""
    words = [word for member in sorted(members) for word in member]
    return _text([str(len(members)), *words])


def _text(words: Iterable[str]) -> str:
    """Each word with its length, so that no two lists of words make the same text."""
    return "".join([f"{len(word)}:{word}" for word in words])


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:_DIGEST]
