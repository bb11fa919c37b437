"""What a plan says about a database."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from salesgoal.errors import UsageError
from salesgoal.ports.secret import Secret

__all__ = ["SqlChangesOptions", "SqlOptions", "key_columns"]


def _no_password(_: object, __: object, url: str | Secret) -> None:
    """A password stands in a Secret: the whole URL, or the password apart."""
    if not isinstance(url, str):
        return
    address = url.partition("://")[2]
    named = address.partition("?")[0].rpartition("@")[0]
    if not address:
        zh = "sqlite:///文件 或 postgresql://用户@主机/数据库 这样的 url"
        raise UsageError("a url such as postgresql://name@host/database", zh)
    if ":" in named or "password=" in address.lower():
        en = 'a url without a password, and password = { env = "NAME" }'
        raise UsageError(en, '不含密码的 url，并写 password = { env = "变量名" }')


def _zone(_: object, __: object, name: str | None) -> None:
    try:
        if name is not None:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        zh = "Asia/Shanghai 这样的时区"
        raise UsageError("a zone such as Asia/Shanghai", zh) from error


def _named(_: object, __: object, columns: str | list[str]) -> None:
    if not all(each.strip() for each in key_columns(columns)) or not columns:
        raise UsageError("the name of a column", "列名")


def _minutes(_: object, __: object, value: int) -> None:
    if value < 0:
        raise UsageError("a number of minutes from 0 up", "从 0 开始的分钟数")


def key_columns(key: str | list[str] | None) -> tuple[str, ...]:
    """Returns the columns of a key, one or several.

    >>> key_columns("order_id"), key_columns(["shop", "order_id"]), key_columns(None)
    (('order_id',), ('shop', 'order_id'), ())
    """
    return (key,) if isinstance(key, str) else tuple(key or ())


@attrs.frozen(kw_only=True)
class SqlOptions:
    """A database that is read whole at every run.

    Attributes:
        url: Of SQLAlchemy, such as ``sqlite:///sales.db``; one with a password is a secret.
        password: Of the database, where the url has none.
        select: One SELECT; its columns are those of the source.
        key: The column that tells rows apart, or several; rows without one are known again by
            what they say.
        deleted: The column that says whether a row is gone: yes and no, 1 and 0, or the moment
            of its deletion.
        revision: The column with the moment of the last change, where there is one.
        zone: Of revisions that are written without one, such as Asia/Shanghai.

    选项:
        url: SQLAlchemy 的地址，如 sqlite:///sales.db；含密码的地址须写作密钥。
        password: 数据库密码；地址中没有密码时用。
        select: 一条 SELECT；它的列就是来源的列。
        key: 区分各行的列，可写多个；没有时按内容辨认各行。
        deleted: 说明该行是否已删除的列：是/否、1/0，或删除的时刻。
        revision: 最近修改时刻所在的列，如果有。
        zone: 修改时刻没有时区时所用的时区，如 Asia/Shanghai。
    """

    url: str | Secret = attrs.field(validator=_no_password)
    password: Secret | None = None
    select: str
    key: str | list[str] | None = attrs.field(
        default=None, validator=attrs.validators.optional(_named)
    )
    deleted: str | None = None
    revision: str | None = None
    zone: str | None = attrs.field(default=None, validator=_zone)

    def __attrs_post_init__(self) -> None:
        """Refuses deleted rows that nothing names.

        Raises:
            UsageError: ``deleted`` without ``key``.
        """
        if self.deleted is not None and self.key is None:
            raise UsageError(
                "a key, by which deleted rows are known", "key，用来认出被删除的行"
            )


@attrs.frozen(kw_only=True)
class SqlChangesOptions:
    """A database of which only what changed since the last run is read.

    Attributes:
        url: Of SQLAlchemy; one with a password is a secret.
        password: Of the database, where the url has none.
        select: One SELECT, without a condition on when rows changed.
        key: The column that tells rows apart, or several; unique and never NULL.
        revision: The column with the moment of the last change; never NULL.
        deleted: The column that says whether a row is gone. Rows that are removed from the
            table are not seen; where that happens, read it whole.
        zone: Of revisions that are written without one, such as Asia/Shanghai.
        lookback_minutes: How far before the last revision to read again: a row may become
            visible later than the moment it carries.

    选项:
        url: SQLAlchemy 的地址；含密码的地址须写作密钥。
        password: 数据库密码；地址中没有密码时用。
        select: 一条 SELECT，不要写修改时间的条件。
        key: 区分各行的列，可写多个；不得重复或为空。
        revision: 最近修改时刻所在的列；不得为空。
        deleted: 说明该行是否已删除的列。直接从表中删去的行看不到；
            有这种情况时请用 sql 读取全表。
        zone: 修改时刻没有时区时所用的时区，如 Asia/Shanghai。
        lookback_minutes: 从上次最后的修改时刻往回多读几分钟；有些行出现得比其修改时刻晚。
    """

    url: str | Secret = attrs.field(validator=_no_password)
    password: Secret | None = None
    select: str
    key: str | list[str] = attrs.field(validator=_named)
    revision: str
    deleted: str | None = None
    zone: str | None = attrs.field(default=None, validator=_zone)
    lookback_minutes: int = attrs.field(default=15, validator=_minutes)

    @property
    def lookback(self) -> timedelta:
        """How far before the last revision to read again."""
        return timedelta(minutes=self.lookback_minutes)
