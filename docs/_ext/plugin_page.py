"""Writes the page reference/plugins.md from the code; `make pages` runs it.

Every hook, every public name of `salesgoal.ports` and every field of their values stands there
because it is in the code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

import salesgoal.ports
from salesgoal import errors
from salesgoal.app.problem_pages import problem_page
from salesgoal.domain.problem_text import TEXTS
from salesgoal.ports import hookspecs

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "plugins.md"
PLUGIN_CODE = ("src/salesgoal/plugins", "src/salesgoal/ports", "connectors")
ABOUT_PLUGINS = ("no-importer", "plugin-failed", "two-importers")
_FIELD = re.compile(r"^ {4}(\w+): ((?:.|\n {8})*)", re.MULTILINE)
_SECTION = re.compile(r"\n\n\w+:\n")
_CODE = re.compile(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"')

HEAD = """\
# Plugins

Written by `make pages` from the code. How to go about it:
[a connector in 60 lines](../tutorial/write-a-connector.md),
[how to write a plugin](../how-to/write-a-plugin.md),
[test a plugin](../how-to/test-a-plugin.md),
[the five rules](../explanation/five-rules.md). The kit has [a page of its own](testing.md).

## Hooks

A plugin is a module, or any object, with one or both of these functions, each marked with
`hookimpl`. They take no arguments, do no work, and return specs. The entry-point group, and the
prefix of the hooks, is `salesgoal`.
"""
API_HISTORY = """\
## Changes of `api`

A spec says for which `api` it was written; one that asks for a later one than this `salesgoal`
knows is refused by name. New fields of specs, requests and rows get defaults, and do not change
it.

| `api` | since | what |
|---|---|---|
| 1 | 0.1 | the hooks and specs of this page |
"""


def page() -> str:
    """Returns the whole page."""
    return "\n".join([*_hooks(), *_words(), *_errors(), *_problems(), API_HISTORY])


def problem_codes() -> list[str]:
    """Returns the codes of problems that plugins make, or that are about plugins."""
    found = set(ABOUT_PLUGINS)
    for folder in PLUGIN_CODE:
        for path in (ROOT / folder).rglob("*.py"):
            if "tests" not in path.parts:
                found.update(_CODE.findall(path.read_text(encoding="utf-8")))
    return [code for code in TEXTS if code in found]


def _hooks() -> Iterator[str]:
    yield HEAD
    yield "| hook | gives |"
    yield "|---|---|"
    for name, hook in vars(hookspecs).items():
        if name.startswith("salesgoal_"):
            yield f"| `{name}{inspect.signature(hook)}` | {_summary(hook)} |"
    yield ""


def _words() -> Iterator[str]:
    yield "## Words\n"
    yield "Everything that a plugin needs is in `salesgoal.ports`; the errors are in"
    yield "`salesgoal.errors`.\n"
    yield from _names(salesgoal.ports)
    for name in salesgoal.ports.__all__:
        yield from _value(name, getattr(salesgoal.ports, name))


def _names(package: Any) -> Iterator[str]:  # noqa: ANN401 - a module
    yield "| name | what it is |"
    yield "|---|---|"
    for name in package.__all__:
        value = getattr(package, name)
        yield f"| `{name}` | {_of_constant(package, name) or _summary(value)} |"
    yield ""


def _value(name: str, kind: Any) -> Iterator[str]:  # noqa: ANN401 - anything public
    """A table of the fields of a value; nothing for what has none."""
    if not (inspect.isclass(kind) and attrs.has(kind)):
        return
    told = _told_fields(kind)
    fields = [each for each in attrs.fields(kind) if not each.name.startswith("_")]
    if not fields:
        return
    yield f"### {name}\n"
    yield "| field | type | default | meaning |"
    yield "|---|---|---|---|"
    for field in fields:
        cells = (f"`{field.name}`", _type(field), _default(field), told.get(field.name, ""))
        yield f"| {' | '.join(cells)} |"
    yield ""


def _errors() -> Iterator[str]:
    yield "## Errors of services\n"
    yield "A connector raises these, and nothing else by intent. Whatever else comes out"
    yield "becomes a `PluginError`.\n"
    yield "| error | when |"
    yield "|---|---|"
    for name in ("SourceError", "AuthError", "Unavailable", "BadResponse", "ConfigError"):
        yield f"| `{name}` | {_summary(getattr(errors, name))} |"
    yield ""


def _problems() -> Iterator[str]:
    yield "## Problems\n"
    yield "Codes that the readers of this repository give to `Unreadable` cells and to whole"
    yield "files, and those about plugins.\n"
    yield "| code | problem |"
    yield "|---|---|"
    for code in problem_codes():
        found = problem_page(code)
        yield f"| [`{code}`](problems/{found.family}.md#{code}) | {_cell(found.meaning.en)} |"
    yield ""


def _summary(value: Any) -> str:  # noqa: ANN401 - anything public
    """The first paragraph of what it says of itself."""
    text = inspect.getdoc(value) or ""
    return _cell(" ".join(text.partition("\n\n")[0].split()))


def _of_constant(package: Any, name: str) -> str:  # noqa: ANN401 - a module
    """What stands below a constant; empty for anything else."""
    if inspect.isclass(getattr(package, name)) or inspect.isroutine(getattr(package, name)):
        return ""
    room = inspect.getsource(import_module(_room(package, name)))
    match = re.search(rf'^{name}\b[^\n]*=(?:.|\n)*?\n"""((?:.|\n)*?)"""', room, re.MULTILINE)
    return _cell(" ".join(match[1].partition("\n\n")[0].split())) if match else ""


def _room(package: Any, name: str) -> str:  # noqa: ANN401 - a module
    rooms: Mapping[str, str] = getattr(package, "_ROOMS", {})
    if name in rooms:
        return rooms[name]
    source = inspect.getsource(package)
    match = re.search(rf"from (\S+) import (?:\([^)]*\b{name}\b|[^(\n]*\b{name}\b)", source)
    return match[1] if match else package.__name__


def _told_fields(kind: type) -> dict[str, str]:
    """Field -> meaning, from the section of attributes, or from the text below each field."""
    text = inspect.getdoc(kind) or ""
    section = text.partition("\nAttributes:\n")[2]
    section = _SECTION.split("\n" + section, maxsplit=1)[0]
    told = {
        name: _cell(" ".join(said.split("\n\n")[0].split()))
        for name, said in _FIELD.findall(section)
    }
    source = inspect.getsource(kind)
    for name, said in re.findall(
        r'^    (\w+): [^\n]+\n    """((?:.|\n)*?)"""', source, re.MULTILINE
    ):
        told.setdefault(name, _cell(" ".join(said.split())))
    return told


def _type(field: Any) -> str:  # noqa: ANN401 - an attribute of attrs
    kind = field.type
    text = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
    return f"`{text}`".replace("|", "\\|")


def _default(field: Any) -> str:  # noqa: ANN401 - an attribute of attrs
    default = field.default
    if default is attrs.NOTHING:
        return "required"
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return "empty" if default.factory in {dict, list} else "made anew"
    if inspect.isroutine(default):
        return f"`{default.__name__}`" if default.__name__ != "<lambda>" else "none"
    if isinstance(default, Mapping) or default == ():
        return "empty"
    return f"`{default!s}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
