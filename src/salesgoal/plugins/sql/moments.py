"""The moments of a revision column: as the database compares them, and as they are meant.

SQLite has no moments, only texts, and ``2023-10-06 08:00`` and ``2023-10-06T08:00Z`` do not
compare as texts. So there they are compared as its own function writes them, to the
millisecond and, where the texts have a zone, in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Select,
    String,
    Subquery,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from salesgoal.errors import ConfigError
from salesgoal.plugins.sql.cursor import Position
from salesgoal.plugins.sql.options import SqlChangesOptions
from salesgoal.plugins.sql.rows import find_column

__all__ = ["Moments", "find_moments", "read_moment"]

_WRITTEN = "%Y-%m-%dT%H:%M:%f"
_ZONED = ("%Z", "%z", "%+__:__", "%-__:__")
_DAY = timedelta(days=1)


@attrs.frozen
class Moments:
    """The moments of one revision column.

    Attributes:
        column: What is compared and ordered by.
        kind: Of what is compared: moments, or texts of SQLite.
        zone: Of moments that are written without one; None where they have theirs.
    """

    column: ColumnElement[Any]
    kind: type
    zone: tzinfo | None

    def knows(self, since: Position) -> bool:
        """Whether a position is of the kind that is compared here."""
        moment = since.moment
        if not isinstance(moment, datetime) or self.kind is str:
            return type(moment) is self.kind
        return (moment.tzinfo is None) == (self.zone is not None)

    def bound(self, until: datetime) -> ColumnElement[Any] | None:
        """The end of a run as it is compared; None where it has none."""
        try:
            return self.literal(self._own(until))
        except OverflowError:  # The end of time has no later zone.
            return None

    def before(self, since: Position, lookback: timedelta) -> ColumnElement[Any]:
        """A moment before a position, by which nothing is missed that came in late.

        Where clocks were put back around it, an hour was written twice and is read twice.
        """
        again = timedelta()
        if self.zone is not None:
            at = since.revision
            offsets = [(at + each).astimezone(self.zone).utcoffset() for each in (-_DAY, _DAY)]
            early, late = (each or timedelta() for each in offsets)
            again = max(again, early - late)
        return self.literal(self._own(since.revision - lookback - again))

    def literal(self, moment: datetime | str) -> ColumnElement[Any]:
        """A moment as a value of a question."""
        if isinstance(moment, str):
            return literal(moment, String())
        return literal(moment, DateTime(timezone=moment.tzinfo is not None))

    def revision(self, value: object, name: str) -> datetime:
        """A value of the column as a moment with a zone.

        Raises:
            ConfigError: It is none.
        """
        found = read_moment(value, self.zone, name)
        assert found is not None
        return found

    def exact(self, value: Any) -> datetime | str:  # noqa: ANN401 - the driver's own
        """What was compared, as a cursor keeps it."""
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(UTC)
        found: datetime | str = value
        return found

    def _own(self, moment: datetime) -> datetime | str:
        if self.kind is str:
            local = moment.astimezone(self.zone or UTC)
            return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}"
        if self.zone is None:
            return moment
        return moment.astimezone(self.zone).replace(tzinfo=None)


def read_moment(value: object, zone: tzinfo | None, name: str) -> datetime | None:
    """Returns a value as a moment with a zone; None for NULL.

    Raises:
        ConfigError: It is no moment, or has no zone and none is given.
    """
    if value is None:
        return None
    found = value
    if isinstance(value, str):
        with suppress(ValueError):
            found = datetime.fromisoformat(value.strip())
    if not isinstance(found, datetime):
        en, zh = f"column {name} holds what is no moment", f"列 {name} 中有不是时刻的值"
        raise ConfigError("sql", en, zh)
    if found.tzinfo is not None:
        return found
    if zone is None:
        raise _no_zone(name)
    return found.replace(tzinfo=zone)


def find_moments(
    connection: Connection, table: Subquery, key: Sequence[str], options: SqlChangesOptions
) -> tuple[tuple[str, ...], Moments | None]:
    """Returns the columns of a SELECT and its moments; None where it has no row.

    Raises:
        ConfigError: A column is not there, is NULL somewhere or is no moment; or it has no
            zone and none is given, or only some of its moments have one.
    """
    own: ColumnElement[Any] = column(options.revision)
    everything: Select[Any] = select(literal_column("*")).select_from(table)
    columns = tuple(connection.execute(everything.limit(0)).keys())
    for name in (*key, options.revision, *([options.deleted] if options.deleted else ())):
        find_column(columns, name)
    absent = or_(*(column(each).is_(None) for each in (*key, options.revision)))
    if connection.execute(everything.where(absent).limit(1)).first() is not None:
        names = ", ".join((*key, options.revision))
        en = f"some rows have no {names}, and their changes would not be seen"
        raise ConfigError("sql", en, f"有些行没有 {names}，看不到它们的改动")
    sample = connection.execute(select(own).select_from(table).limit(1)).scalar()
    if sample is None:
        return columns, None
    zone = None if options.zone is None else ZoneInfo(options.zone)
    if isinstance(sample, str) and connection.dialect.name == "sqlite":
        return columns, _of_texts(connection, table, own, zone, options.revision)
    if not isinstance(sample, datetime):
        name = type(sample).__name__
        en = f"column {options.revision} is of kind {name}; CAST it to a moment"
        zh = f"列 {options.revision} 的类型是 {name}；请用 CAST 转为时刻"
        raise ConfigError("sql", en, zh)
    if sample.tzinfo is None and zone is None:
        raise _no_zone(options.revision)
    return columns, Moments(own, datetime, zone if sample.tzinfo is None else None)


def _of_texts(
    connection: Connection,
    table: Subquery,
    own: ColumnElement[Any],
    zone: tzinfo | None,
    name: str,
) -> Moments:
    written = func.strftime(_WRITTEN, own)
    zoned = or_(*(own.like(each) for each in _ZONED))
    odd = or_(written.is_(None), func.typeof(own) != "text", ~zoned if zone is None else zoned)
    found = connection.execute(select(own).select_from(table).where(odd).limit(1)).scalar()
    if found is None:
        return Moments(written, str, zone)
    if zone is None and isinstance(found, str) and _is_bare(found):
        raise _no_zone(name)
    en = f"column {name} holds moments of several forms, or what is no moment"
    raise ConfigError("sql", en, f"列 {name} 中的时刻写法不一，或有不是时刻的值")


def _is_bare(text: str) -> bool:
    try:
        return datetime.fromisoformat(text.strip()).tzinfo is None
    except ValueError:
        return False


def _no_zone(name: str) -> ConfigError:
    en = f"the moments of column {name} have no zone; set zone"
    return ConfigError("sql", en, f"列 {name} 的时刻没有时区；请设置 zone")
