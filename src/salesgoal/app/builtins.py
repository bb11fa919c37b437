"""The plugins of a run: the built-in ones, then whatever is installed."""

from __future__ import annotations

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


def load_plugins() -> Plugins:
    """Returns the built-in plugins and all installed ones."""
    return built_in_plugins().discover()
