"""Records of Feishu and Lark bases (飞书多维表格) for salesgoal: a whole table at every run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import ImporterSpec, Page, ReadRequest
from salesgoal.ports.secret import Secret

__all__ = ["FEISHU", "FeishuOptions", "salesgoal_importers"]
__version__ = "0.1.0"


@attrs.frozen(kw_only=True)
class FeishuOptions:
    """How to reach a table of a base.

    Attributes:
        app_id: Of the custom app, ``cli_…``; it must be able to manage the base.
        app_secret: Of the app.
        app_token: Of the base: what stands behind ``/base/`` in its address.
        table_id: Of the table: ``tbl…`` in its address.
        view_id: Of a view, ``vew…``, whose filter then counts; a record that leaves the view
            is gone.
        columns: The names of the fields to read; all of them where empty.
        key: The field with a key of your own, such as the number of an order; the id of the
            record without it, or where it is blank.
        may_be_empty: Whether a table without a record is to be believed. Feishu answers so,
            too, where the app may not see the records.
        base_url: Of the interface; https://open.larksuite.com for Lark.

    选项:
        app_id: 自建应用的 App ID，cli_…；应用须有该多维表格的管理权限。
        app_secret: 该应用的 App Secret。
        app_token: 多维表格的标识：其网址中 /base/ 之后的部分。
        table_id: 数据表的标识：网址中的 tbl…。
        view_id: 视图的标识，vew…；写了就只取其筛选结果，离开视图的记录算作删除。
        columns: 要读取的字段名；不写时读取全部。
        key: 存放自有编号（如订单号）的字段；不写或为空时用记录编号。
        may_be_empty: 空表是否可信。应用看不到记录时，飞书也回答“没有记录”。
        base_url: 接口地址；Lark 用 https://open.larksuite.com。
    """

    app_id: str
    app_secret: Secret
    app_token: str
    table_id: str
    view_id: str | None = None
    columns: tuple[str, ...] = ()
    key: str | None = None
    may_be_empty: bool = False
    base_url: str = "https://open.feishu.cn"


def read(request: ReadRequest) -> Iterator[Page]:
    """Yields every record of a table."""
    from salesgoal_feishu.snapshot import read_records

    return read_records(request)


FEISHU = ImporterSpec(
    name="feishu",
    title="飞书多维表格 Feishu Base",
    read=read,
    options=FeishuOptions,
)


@hookimpl
def salesgoal_importers() -> Iterable[ImporterSpec]:
    """The importer ``feishu``."""
    return [FEISHU]
