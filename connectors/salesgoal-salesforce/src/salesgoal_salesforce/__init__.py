"""Salesforce opportunities for salesgoal: every change, also reopened and deleted ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import ImporterSpec, Page, ReadRequest
from salesgoal.ports.secret import Secret

__all__ = ["SALESFORCE", "SalesforceOptions", "salesgoal_importers"]
__version__ = "0.1.0"


@attrs.frozen(kw_only=True)
class SalesforceOptions:
    """How to reach an org.

    Attributes:
        base_url: Of the org: ``https://<domain>.my.salesforce.com``.
        client_id: Of an external client app that may use the client credentials flow.
        client_secret: Of that app.
        fields: Further fields, each a column, such as ``Region__c`` or ``Owner.Department``.
            What a formula calculates does not change an opportunity, so its cell may be old.
        currency: Whether to ask for ``CurrencyIsoCode``, which an org with one currency lacks.
        api_version: Of the REST interface.
        lookback_minutes: How far before the last change to begin again; a change that takes
            long to be saved is seen late.
        most_usage_pct: At how much of the day's calls of the org to stop, so that others can
            go on; what was read stays.

    选项:
        base_url: 组织的地址：https://<域名>.my.salesforce.com。
        client_id: 外部客户端应用的编号；该应用须启用 client credentials 流程。
        client_secret: 该应用的密钥。
        fields: 另外要读的字段，每个一列，如 Region__c、Owner.Department。
            公式的结果变了不算商机变动，单元格可能是旧值。
        currency: 是否读取 CurrencyIsoCode；单一币种的组织没有这个字段。
        api_version: REST 接口的版本。
        lookback_minutes: 从上次最后的变动往回多读几分钟；保存耗时的变动出现得晚。
        most_usage_pct: 当日调用次数用到百分之几时停下，留给其他程序；已读的保留。
    """

    base_url: str
    client_id: str
    client_secret: Secret
    fields: tuple[str, ...] = ()
    currency: bool = False
    api_version: str = "v62.0"
    lookback_minutes: int = 15
    most_usage_pct: int = 95


def read(request: ReadRequest) -> Iterator[Page]:
    """Yields the opportunities that changed since the cursor, those deleted among them."""
    from salesgoal_salesforce.opportunities import read_opportunities

    return read_opportunities(request)


SALESFORCE = ImporterSpec(
    name="salesforce",
    title="Salesforce",
    read=read,
    options=SalesforceOptions,
    incremental=True,
)


@hookimpl
def salesgoal_importers() -> Iterable[ImporterSpec]:
    """The importer ``salesforce``."""
    return [SALESFORCE]
