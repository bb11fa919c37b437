"""The plugins of a run: the built-in ones, then whatever is installed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module

from salesgoal.ports.plugins import Plugins

__all__ = ["BUILT_IN", "built_in_plugins", "load_plugins"]

BUILT_IN = ("csv", "html", "json", "markdown", "parquet", "png", "sql", "terminal", "xlsx")
"""Modules of `salesgoal.plugins`, registered like any other plugin."""


def built_in_plugins() -> Plugins:
    """Returns the built-in plugins alone; nothing installed is looked for."""
    plugins = Plugins()
    for name in BUILT_IN:
        plugins.add(import_module(f"salesgoal.plugins.{name}"), name, "salesgoal")
    return plugins


def load_plugins(environment: Mapping[str, str] = os.environ) -> Plugins:
    """Returns the built-in plugins and the installed ones.

    Args:
        environment: ``SALESGOAL_ONLY_PLUGINS`` names the only ones to load, by their entry
            points and joined by commas; ``SALESGOAL_BLOCK_PLUGINS`` those to leave out.
    """
    only = environment.get("SALESGOAL_ONLY_PLUGINS")
    block = environment.get("SALESGOAL_BLOCK_PLUGINS", "")
    return built_in_plugins().discover(
        only=None if only is None else _names(only), block=_names(block)
    )


def _names(text: str) -> list[str]:
    return [name for each in text.split(",") if (name := each.strip())]
