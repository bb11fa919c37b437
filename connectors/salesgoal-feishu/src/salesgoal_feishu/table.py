"""What can be asked of a table: its token, its fields, and one pass through its records.

Feishu says what went wrong by a code in the body, often with HTTP status 200; an answer counts
only where its code is 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from salesgoal.errors import BadResponse, ConfigError
from salesgoal.ports.http import JsonClient, Reply, Verdict
from salesgoal.ports.secret import Secret
from salesgoal_feishu import FeishuOptions

__all__ = ["SOURCE", "Field", "Record", "Scan", "Table", "open_client"]

SOURCE = "feishu"
MOST = 500
"""Records in one answer."""
MOST_FIELDS = 100
FINE = 300
CODES = {
    **dict.fromkeys(
        ("99991661", "99991663", "99991664", "99991665", "99991668", "99991671", "99991677"),
        Verdict.RENEW,
    ),
    **dict.fromkeys(("99991400", "1254290", "1254291", "1254607", "1254608"), Verdict.AGAIN),
    **dict.fromkeys(("1254002", "1254036", "1255001", "1255002", "1255040"), Verdict.AGAIN),
    **dict.fromkeys(("10003", "10012", "10013", "10014", "99991672"), Verdict.DENIED),
    **dict.fromkeys(("91403", "1254302", "1254304", "1254306"), Verdict.DENIED),
}
"""What a code means, where its HTTP status does not say it."""
OPTIONS = {
    **dict.fromkeys(("1254003", "1254040", "91402"), "app_token"),
    **dict.fromkeys(("1254004", "1254041"), "table_id"),
    **dict.fromkeys(("1254005", "1254042"), "view_id"),
    **dict.fromkeys(("1254009", "1254044", "1254045"), "columns"),
}
"""Codes that blame an option."""

Record = Mapping[str, Any]


def judge(reply: Reply) -> Verdict | None:
    """Returns what an answer means by its code; None where its HTTP status says it."""
    code = code_of(reply)
    if code in CODES:
        return CODES[code]
    if code in OPTIONS:
        return Verdict.TAKE  # The reader says which option it is.
    is_wrong = code != "0" and reply.status < FINE
    return Verdict.WRONG if is_wrong else None


def code_of(reply: Reply) -> str | None:
    """Returns the code of an answer; None where it has none."""
    code = reply.body.get("code") if isinstance(reply.body, dict) else None
    return str(code) if isinstance(code, int) else None


@attrs.frozen
class Field:
    """A field of the table: its name, and the number of its type."""

    name: str
    kind: int


@attrs.frozen
class Scan:
    """One pass through the records, page by page.

    Attributes:
        records: Id -> record, in the order in which they came.
        is_straight: Whether no record came twice, the number of records never fell, and as
            many came as there are by Feishu's own count, where it gives one.
    """

    records: Mapping[str, Record]
    is_straight: bool


@attrs.define
class Table:
    """A table behind its client."""

    client: JsonClient
    options: FeishuOptions

    def fields(self) -> list[Field]:
        """Returns the fields to read, in the order of the options or of the table.

        Raises:
            ConfigError: A field that an option names is not there.
        """
        found = [Field(each["field_name"], each["type"]) for each in self._listed_fields()]
        kinds = {field.name: field.kind for field in found}
        wanted = self.options.columns or tuple(kinds)
        absent = [name for name in (*wanted, self.options.key) if name and name not in kinds]
        if absent:
            known = ", ".join(kinds)
            en = f"the table has no field {absent[0]}; its fields are {known}"
            raise ConfigError(SOURCE, en, f"表中没有字段 {absent[0]}；字段有 {known}")
        return [Field(name, kinds[name]) for name in wanted]

    def scan(self, names: Sequence[str]) -> Scan:
        """Goes through the records once; of each come the fields that are named.

        Raises:
            BadResponse: A page holds something else than records.
        """
        body: dict[str, object] = {"field_names": list(names), "automatic_fields": True}
        if self.options.view_id is not None:
            body["view_id"] = self.options.view_id
        records: dict[str, Record] = {}
        straight, total = True, 0
        for answer in self._pages("/records/search", MOST, body):
            items = [] if answer.get("items") is None else answer["items"]
            said = answer.get("total", total)
            if not isinstance(items, list) or not isinstance(said, int):
                raise _wrong("no list of records")
            straight &= said >= total
            total = said
            for item in items:
                key = item.get("record_id") if isinstance(item, dict) else None
                if not isinstance(key, str) or not isinstance(item.get("fields"), dict):
                    raise _wrong("a record without id or fields")
                straight &= key not in records
                records[key] = item
        # Of a view, nobody says whether the total counts what its filter leaves out.
        as_many = self.options.view_id is not None or total in {0, len(records)}
        return Scan(records, straight and as_many)

    def _listed_fields(self) -> Iterator[Record]:
        for answer in self._pages("/fields", MOST_FIELDS):
            for each in answer.get("items") or []:
                named = isinstance(each, dict) and isinstance(each.get("field_name"), str)
                if not named or not isinstance(each.get("type"), int):
                    raise _wrong("a field without name or type")
                yield each

    def _pages(self, rest: str, size: int, body: object = None) -> Iterator[Record]:
        options = self.options
        path = f"/open-apis/bitable/v1/apps/{options.app_token}/tables/{options.table_id}"
        params: dict[str, str | int] = {"page_size": size}
        seen = set()
        while True:
            if body is None:
                reply = self.client.get(path + rest, params)
            else:
                reply = self.client.post(path + rest, body, params=params)
            answer = _content(reply)
            yield answer
            if answer.get("has_more") is False:
                return
            token = answer.get("page_token")
            if not isinstance(token, str) or not token or token in seen:
                raise _wrong("no way to the next page")
            seen.add(token)
            params["page_token"] = token


def open_client(options: FeishuOptions, **settings: Any) -> JsonClient:  # noqa: ANN401
    """Returns a client that asks for a token when it needs one."""
    shared = {"source": SOURCE, "base_url": options.base_url, "judge": judge, **settings}

    def token() -> Secret:
        asked = {"app_id": options.app_id, "app_secret": options.app_secret.reveal()}
        with JsonClient(**shared) as client:
            reply = client.post("/open-apis/auth/v3/tenant_access_token/internal", asked)
        found = reply.body.get("tenant_access_token")
        if not isinstance(found, str) or not re.fullmatch(r"[\w.~+/=-]+", found, re.ASCII):
            raise _wrong("no token")
        return Secret(found)

    return JsonClient(token=token, **shared)


def _content(reply: Reply) -> Record:
    code = code_of(reply)
    if code in OPTIONS:
        name = OPTIONS[code]
        raise ConfigError(SOURCE, f"{name} is not there ({code})", f"{name} 不存在（{code}）")
    content = reply.body.get("data")
    if not isinstance(content, dict) or not isinstance(content.get("has_more"), bool):
        raise _wrong("no content")
    return content


def _wrong(detail: str) -> BadResponse:
    return BadResponse(SOURCE, f"{detail} in the answer", "应答内容不完整")
