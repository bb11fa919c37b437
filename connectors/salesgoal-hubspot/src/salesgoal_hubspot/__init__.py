"""HubSpot deals for salesgoal: every change, also reopened, deleted and merged deals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import ImporterSpec, Page, ReadRequest
from salesgoal.ports.secret import Secret

__all__ = ["HUBSPOT", "HubspotOptions", "salesgoal_importers"]
__version__ = "0.1.0"


@attrs.frozen(kw_only=True)
class HubspotOptions:
    """How to reach an account.

    Attributes:
        token: Of a service key or private app that may read deals, owners and companies.
        properties: Names of further deal properties, each a column.
        owners: Whether to ask for the names of owners; else ``owner_name`` holds their id.
        companies: Whether to ask for the primary company of a deal; else ``company_name`` is
            blank.
        api_version: ``2026-09`` or another dated version; ``v3`` for the paths before them.
        lookback_minutes: How far before the last change to begin again; the search shows
            changes late.
        searches_per_second: HubSpot allows an account five.
        base_url: Of the interface.

    选项:
        token: service key 或 private app 的令牌，能读交易、负责人和公司。
        properties: 另外要读的交易属性（内部名称），每个一列。
        owners: 是否读取负责人姓名；否则 owner_name 中是其编号。
        companies: 是否读取交易的主要公司；否则 company_name 为空。
        api_version: 接口版本，如 2026-09；旧路径写 v3。
        lookback_minutes: 从上次最后的变动往回多读几分钟；搜索结果出现得晚。
        searches_per_second: 每秒搜索次数；HubSpot 允许每个账户 5 次。
        base_url: 接口地址。
    """

    token: Secret
    properties: tuple[str, ...] = ()
    owners: bool = True
    companies: bool = True
    api_version: str = "2026-09"
    lookback_minutes: int = 15
    searches_per_second: int = 5
    base_url: str = "https://api.hubapi.com"


def read(request: ReadRequest) -> Iterator[Page]:
    """Yields the deals that changed since the cursor, then those that were deleted."""
    from salesgoal_hubspot.deals import read_deals

    return read_deals(request)


HUBSPOT = ImporterSpec(
    name="hubspot",
    title="HubSpot",
    read=read,
    options=HubspotOptions,
    incremental=True,
)


@hookimpl
def salesgoal_importers() -> Iterable[ImporterSpec]:
    """The importer ``hubspot``."""
    return [HUBSPOT]
