"""Where a run of changes stopped: the revision and the key of a row, as texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import attrs

from salesgoal.errors import BadResponse, ConfigError

__all__ = ["Position"]

_KINDS: dict[type, tuple[str, Any]] = {
    int: ("int", int),
    str: ("str", str),
    Decimal: ("decimal", Decimal),
    UUID: ("uuid", UUID),
    datetime: ("moment", datetime.fromisoformat),
    date: ("day", date.fromisoformat),
}
_READ = dict(_KINDS.values())


@attrs.frozen(order=False)
class Position:
    """A row in the order of revision and key.

    Attributes:
        moment: Its revision as the database compares it: a moment, or a text of SQLite.
        revision: The same as a moment with a zone.
        key: The values of its key.
    """

    moment: datetime | str
    revision: datetime
    key: tuple[object, ...]

    def cursor(self) -> dict[str, str]:
        """Returns it as a cursor.

        Raises:
            ConfigError: A value of the key is of a kind that is not compared exactly.
        """
        parts = []
        for value in self.key:
            if type(value) not in _KINDS:
                name = type(value).__name__
                en = f"a key of kind {name} cannot be resumed at; CAST it to text"
                raise ConfigError("sql", en, f"{name} 类型的 key 无法续读；请用 CAST 转为文本")
            parts.append([_KINDS[type(value)][0], _written(value)])
        moment = self.moment
        written = moment if isinstance(moment, str) else moment.isoformat()
        return {
            "moment": written,
            "kind": "text" if isinstance(moment, str) else "moment",
            "revision": self.revision.astimezone(UTC).isoformat(),
            "key": json.dumps(parts, ensure_ascii=False),
        }

    @classmethod
    def of(cls, cursor: Mapping[str, str]) -> Position:
        """Returns the position that a cursor names.

        Raises:
            BadResponse: It is no cursor of this importer.
        """
        try:
            written = cursor["moment"]
            moment = written if cursor["kind"] == "text" else datetime.fromisoformat(written)
            key = tuple(_READ[kind](value) for kind, value in json.loads(cursor["key"]))
            return cls(moment, datetime.fromisoformat(cursor["revision"]), key)
        except (KeyError, ValueError, TypeError, ArithmeticError) as error:
            en = f"the cursor cannot be read: {type(error).__name__}"
            raise BadResponse("sql", en, f"无法读取续读位置：{type(error).__name__}") from None


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
