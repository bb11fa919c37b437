"""Reads a table whole, and believes a reading only where the next one sees no row less.

Feishu lists no deletions and its filter knows no moments, only days, so each run reads
everything, and what is not among it is gone. Pages are counted off by position: when a record
before the next page goes away, another one slips over the border and is missed. Such a reading
gives itself away, because the record that went was read in it and is missed by the next one:

- a reading counts where every record of the one before is in it, none came twice, and as many
  came as Feishu counts;
- otherwise it is read again, and held against this reading.

The first of the readings asks for one field only: it is a witness, and costs little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from salesgoal.domain.problem import Place
from salesgoal.errors import AuthError, BadResponse, ConfigError, Unavailable
from salesgoal.ports.importer import Page, RawRow, ReadRequest
from salesgoal_feishu import FeishuOptions
from salesgoal_feishu.cells import cell_of, moment_of
from salesgoal_feishu.table import SOURCE, Field, Record, Table, open_client

__all__ = ["read_records"]

READINGS = 8
"""After so many readings, each with a row less than the one before, it gives up."""


def read_records(request: ReadRequest) -> Iterator[Page]:
    """Yields every record of a table in pages; nothing before all of them were read.

    Raises:
        SourceError: Feishu could not be read, records went away all the while, there is none,
            or an option is wrong.
    """
    options: FeishuOptions = request.options
    check_options(options)
    with open_client(options, sleep=request.sleep) as client:
        table = Table(client, options)
        fields = table.fields()
        records = settled(table, fields, request.sleep)
    if not records and not options.may_be_empty:
        raise AuthError(
            SOURCE,
            "the table has no record, which Feishu also says to an app that may not see them;"
            " let the app manage the base, or set may_be_empty",
            "表中没有记录；应用无权查看记录时飞书也这样应答。"
            "请授予可管理权限，或设置 may_be_empty",
        )
    columns = tuple(field.name for field in fields)
    rows = [row_of(record, fields, options.key) for record in records]
    for first in range(0, len(rows) or 1, request.page_size):
        yield Page(tuple(rows[first : first + request.page_size]), columns)


def check_options(options: FeishuOptions) -> None:
    """Refuses what cannot stand in an address.

    Raises:
        ConfigError: An id has signs that none has.
    """
    for name in ("app_token", "table_id"):
        held = getattr(options, name)
        if not re.fullmatch(r"\w+", held, re.ASCII):
            raise ConfigError(SOURCE, f"{name} cannot be {held!r}", f"{name} 不能是 {held!r}")


def settled(
    table: Table, fields: Sequence[Field], sleep: Callable[[float], None]
) -> Sequence[Record]:
    """Returns the records of a reading in which none is missed.

    Raises:
        Unavailable: Records went away during every reading.
    """
    names = [field.name for field in fields]
    key = table.options.key
    if key is not None and key not in names:
        names.append(key)
    before = table.scan(names[:1])
    for turn in range(READINGS):
        found = table.scan(names)
        if found.is_straight and before.records.keys() <= found.records.keys():
            return list(found.records.values())
        before = found
        sleep(turn + 1.0)
    raise Unavailable(
        SOURCE,
        f"records went away during each of {READINGS} readings",
        f"连续 {READINGS} 次读取期间都有记录被删除",
    )


def row_of(record: Record, fields: Sequence[Field], key: str | None) -> RawRow:
    """Returns a record as a raw row.

    Raises:
        BadResponse: It does not say when it was changed last.
    """
    held, own = record["fields"], str(record["record_id"])
    revision = moment_of(record.get("last_modified_time"))
    if not isinstance(revision, datetime):
        raise BadResponse(SOURCE, "a record without last_modified_time", "记录没有最后更新时间")
    said = None if key is None else cell_of(held.get(key), 1)
    values = tuple(cell_of(held.get(field.name), field.kind) for field in fields)
    return RawRow(
        values, Place(SOURCE, key=own), own if said is None else str(said).strip(), revision
    )
