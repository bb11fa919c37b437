"""What can be asked of an account, by dated paths or those of v3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from salesgoal.errors import BadResponse
from salesgoal.ports.http import JsonClient

__all__ = ["SOURCE", "Account", "Record", "needed", "next_after", "results"]

Record = Mapping[str, Any]

SOURCE = "hubspot"
PRIMARY = 5
"""The type of the association of a deal with its primary company."""
HOLES = {"OBJECT_NOT_FOUND"}
MOST_ASKED = 100
"""Companies in one request."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


@attrs.define
class Account:
    """An account behind its client; names are asked for once a run.

    Attributes:
        client: With the token of the account.
        version: ``v3`` or a date, which stand in other places of a path.
    """

    client: JsonClient
    version: str
    _companies: dict[str, str | None] = attrs.field(factory=dict)

    def get(self, family: str, rest: str = "", **params: str | int) -> Record:
        """What a GET gives."""
        return record(self.client.get(self._path(family, rest), params).body)

    def post(self, family: str, rest: str, body: object) -> Record:
        """What a POST gives."""
        return record(self.client.post(self._path(family, rest), body).body)

    def owners(self) -> dict[str | None, str]:
        """Id -> name of every owner, those who left among them."""
        return {
            needed(owner, "id"): _full_name(owner) or owner.get("email") or owner["id"]
            for archived in ("false", "true")
            for owner in self.listed("owners", archived=archived)
        }

    def labels(self) -> dict[tuple[str | None, str | None], str]:
        """Pipeline and stage -> label of the stage; with None, of the pipeline itself."""
        found: dict[tuple[str | None, str | None], str] = {}
        for pipeline in results(self.get("pipelines", "/deals")):
            key = needed(pipeline, "id")
            found[key, None] = needed(pipeline, "label")
            for stage in pipeline.get("stages") or ():
                found[key, needed(stage, "id")] = needed(stage, "label")
        return found

    def companies(self, deals: Sequence[Record]) -> dict[str, str | None]:
        """Id of a deal -> name of its primary company, or of the first; others are left out."""
        asked = {"inputs": [{"id": needed(deal, "id")} for deal in deals]}
        found = self.post("associations", "/deals/companies/batch/read", asked)
        company = {
            needed(each.get("from") or {}, "id"): needed(
                min(each["to"], key=_rank), "toObjectId"
            )
            for each in results(found)
            if each.get("to")
        }
        self._ask_names(set(company.values()) - self._companies.keys())
        return {deal: self._companies.get(each) for deal, each in company.items()}

    def listed(self, family: str, rest: str = "", **params: str | int) -> Iterator[Record]:
        """Every record of a list, page by page."""
        after: str | None = ""
        while after is not None:
            more = {"after": after} if after else {}
            found = self.get(family, rest, limit=100, **params, **more)
            yield from results(found)
            after = next_after(found)

    def _ask_names(self, wanted: Iterable[str]) -> None:
        ids = sorted(wanted)
        for start in range(0, len(ids), MOST_ASKED):
            inputs = [{"id": each} for each in ids[start : start + MOST_ASKED]]
            asked = {"properties": ["name"], "inputs": inputs}
            for each in results(self.post("objects", "/companies/batch/read", asked)):
                self._companies[needed(each, "id")] = (each.get("properties") or {}).get("name")

    def _path(self, family: str, rest: str) -> str:
        if self.version != "v3":
            return f"/crm/{family}/{self.version}{rest}"
        version = "v4" if family == "associations" else "v3"
        return f"/crm/{version}/{family}{rest}"


def record(body: object) -> Record:
    """Returns an answer that is an object.

    Raises:
        BadResponse: It is none, or tells of errors beside what it found.
    """
    if not isinstance(body, dict):
        raise BadResponse(SOURCE, "the answer is no object", "应答不是对象")
    # A batch tells of what is not there as of an error; any other one would be a hole.
    errors = body.get("errors") or ()
    if not all(isinstance(each, dict) and each.get("category") in HOLES for each in errors):
        raise BadResponse(SOURCE, "a batch was answered in part", "批量请求只得到部分应答")
    return body


def results(found: Record) -> list[Record]:
    """Returns the records of an answer.

    Raises:
        BadResponse: It has none, not even an empty list.
    """
    listed = found.get("results")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise BadResponse(SOURCE, "the answer has no results", "应答中没有 results")
    return listed


def needed(found: Record, name: str) -> str:
    """Returns what a record cannot be without, as text.

    Raises:
        BadResponse: It has none.
    """
    held = found.get(name)
    if held is None:
        raise BadResponse(SOURCE, f"a record has no {name}", f"记录中没有 {name}")
    return str(held)


def next_after(found: Record) -> str | None:
    """Returns where the next page begins; None at the end."""
    after = ((found.get("paging") or {}).get("next") or {}).get("after")
    return None if after is None else str(after)


def _full_name(owner: Record) -> str:
    """The name as it is written: 王丽 has the family name first and no space."""
    given, family = owner.get("firstName") or "", owner.get("lastName") or ""
    if _HAN.fullmatch(given) and _HAN.fullmatch(family):
        return family + given
    return f"{given} {family}".strip()


def _rank(association: Record) -> bool:
    types = [each.get("typeId") for each in association.get("associationTypes") or ()]
    return PRIMARY not in types
