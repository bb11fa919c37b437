"""The words shared with plugins; a plugin needs no other room of the house but `errors`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesgoal.domain.problem import Place, Problem, problem
    from salesgoal.ports.guard import guarded_pages
    from salesgoal.ports.hookspecs import hookimpl
    from salesgoal.ports.http import JsonClient, Reply, Verdict
    from salesgoal.ports.importer import (
        API,
        Covered,
        FileHead,
        FileRows,
        Grid,
        ImporterSpec,
        NotPlain,
        Page,
        RawRow,
        RawValue,
        ReadRequest,
        Unreadable,
        WholeColumns,
    )
    from salesgoal.ports.plugins import Failure, Plugins
    from salesgoal.ports.renderer import RendererSpec, RenderOptions
    from salesgoal.ports.secret import Secret
    from salesgoal.sheets.sheet import (
        Book,
        Cell,
        Column,
        Flag,
        Kind,
        Line,
        Role,
        Sheet,
        shown,
        written,
    )

__all__ = [
    "API",
    "Book",
    "Cell",
    "Column",
    "Covered",
    "Failure",
    "FileHead",
    "FileRows",
    "Flag",
    "Grid",
    "ImporterSpec",
    "JsonClient",
    "Kind",
    "Line",
    "NotPlain",
    "Page",
    "Place",
    "Plugins",
    "Problem",
    "RawRow",
    "RawValue",
    "ReadRequest",
    "RenderOptions",
    "RendererSpec",
    "Reply",
    "Role",
    "Secret",
    "Sheet",
    "Unreadable",
    "Verdict",
    "WholeColumns",
    "guarded_pages",
    "hookimpl",
    "problem",
    "shown",
    "written",
]

_ROOMS = {
    "API": "salesgoal.ports.importer",
    "Book": "salesgoal.sheets.sheet",
    "Cell": "salesgoal.sheets.sheet",
    "Column": "salesgoal.sheets.sheet",
    "Covered": "salesgoal.ports.importer",
    "Failure": "salesgoal.ports.plugins",
    "FileHead": "salesgoal.ports.importer",
    "FileRows": "salesgoal.ports.importer",
    "Flag": "salesgoal.sheets.sheet",
    "Grid": "salesgoal.ports.importer",
    "ImporterSpec": "salesgoal.ports.importer",
    "JsonClient": "salesgoal.ports.http",
    "Kind": "salesgoal.sheets.sheet",
    "Line": "salesgoal.sheets.sheet",
    "NotPlain": "salesgoal.ports.importer",
    "Page": "salesgoal.ports.importer",
    "Place": "salesgoal.domain.problem",
    "Plugins": "salesgoal.ports.plugins",
    "Problem": "salesgoal.domain.problem",
    "RawRow": "salesgoal.ports.importer",
    "RawValue": "salesgoal.ports.importer",
    "ReadRequest": "salesgoal.ports.importer",
    "RenderOptions": "salesgoal.ports.renderer",
    "RendererSpec": "salesgoal.ports.renderer",
    "Reply": "salesgoal.ports.http",
    "Role": "salesgoal.sheets.sheet",
    "Secret": "salesgoal.ports.secret",
    "Sheet": "salesgoal.sheets.sheet",
    "Unreadable": "salesgoal.ports.importer",
    "Verdict": "salesgoal.ports.http",
    "WholeColumns": "salesgoal.ports.importer",
    "guarded_pages": "salesgoal.ports.guard",
    "hookimpl": "salesgoal.ports.hookspecs",
    "problem": "salesgoal.domain.problem",
    "shown": "salesgoal.sheets.sheet",
    "written": "salesgoal.sheets.sheet",
}
"""Public name -> where it is made; it is loaded at first use."""


def __getattr__(name: str) -> object:
    """Loads a public name from its room."""
    if name not in _ROOMS:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    """The public names, for completion."""
    return list(__all__)
