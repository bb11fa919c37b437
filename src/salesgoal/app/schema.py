"""The JSON Schema of a plan file, made from the classes that load it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs

from salesgoal.app.document import PlanDocument

__all__ = ["plan_schema"]

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
    return head | _table(PlanDocument)


def _table(kind: type) -> dict[str, Any]:
    kinds = attrs.resolve_types(kind)
    properties = {}
    for field in attrs.fields(kinds):
        schema = _schema(field.type)
        properties[field.name] = schema | {"description": field.metadata["doc"]}
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
    return _table(kind)
