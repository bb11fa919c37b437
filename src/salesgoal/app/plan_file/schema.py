"""The JSON Schema of a plan file, made from the classes that load it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs

from salesgoal.app.plan_file.document import PlanDocument
from salesgoal.app.plan_file.examples import EXAMPLES

__all__ = ["plan_schema", "table_schema", "tables_of"]

_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    date: {"type": "string", "format": "date"},
    Any: {},
}


def plan_schema() -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of ``plan.toml``."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "salesgoal plan",
    }
    return head | table_schema(PlanDocument)


def tables_of(kind: Any) -> Iterator[type]:  # noqa: ANN401 - a type
    """Yields the classes of the tables that a type holds, however deep; each once a place."""
    inner: list[Any] = list(get_args(kind))
    if isinstance(kind, type) and attrs.has(kind):
        yield kind
        inner = [field.type for field in attrs.fields(attrs.resolve_types(kind))]
    for each in inner:
        yield from tables_of(each)


def table_schema(kind: type) -> dict[str, Any]:
    """Returns the schema of one table."""
    kinds = attrs.resolve_types(kind)
    properties = {}
    for field in attrs.fields(kinds):
        said = {"description": field.metadata["doc"]} | _default(field.default)
        example = EXAMPLES.get(kind.__name__, {}).get(field.name)
        if example is not None:
            value = tomllib.loads(f"x = {example}")["x"]
            said["examples"] = [str(value) if isinstance(value, date) else value]
        properties[field.name] = _schema(field.type) | said
    required = [each.name for each in attrs.fields(kinds) if each.default is attrs.NOTHING]
    any_of = [{"required": [name]} for name in getattr(kind, "ANY_OF", ())]
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip().partition("\n")[0],
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **({"anyOf": any_of} if any_of else {}),
    }


def _default(value: Any) -> dict[str, Any]:  # noqa: ANN401 - of any type
    """What a key is where it is left out, if that is a value that one could write."""
    if value in (None, attrs.NOTHING) or isinstance(value, attrs.Factory):  # type: ignore[arg-type]
        return {}
    return {"default": json.loads(str(value)) if isinstance(value, Decimal) else value}


def _schema(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a type
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        kinds = [_schema(each) for each in inner if each is not type(None)]
        return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if origin is list:
        return {"type": "array", "items": _schema(inner[0])}
    if origin is not None:
        return {"type": "object", "additionalProperties": _schema(inner[1])}
    if issubclass(kind, StrEnum):
        return {"enum": [str(each) for each in kind]}
    return table_schema(kind)
