"""A key of a plan file: a field of a class, with what it means in its metadata."""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["plan_key"]


def plan_key(doc: str, **settings: Any) -> Any:  # noqa: ANN401 - as attrs.field
    """Returns a field of `attrs` that the schema and the reference page describe as ``doc``."""
    return attrs.field(metadata={"doc": doc}, **settings)
