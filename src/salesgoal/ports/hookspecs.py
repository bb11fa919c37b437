"""The two hooks. They register and do no work, so they take no arguments."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from salesgoal.ports.importer import ImporterSpec
from salesgoal.ports.renderer import RendererSpec

__all__ = ["PROJECT", "hookimpl"]

PROJECT = "salesgoal"
"""The hook prefix and the entry-point group are one word."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def salesgoal_importers() -> Iterable[ImporterSpec]:  # type: ignore[empty-body]
    """Returns the importers that the plugin offers."""


@hookspec
def salesgoal_renderers() -> Iterable[RendererSpec]:  # type: ignore[empty-body]
    """Returns the renderers that the plugin offers."""
