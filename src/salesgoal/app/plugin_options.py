"""What the options of an importer are, as its class says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any, get_type_hints

import attrs

from salesgoal.ports.secret import Secret

__all__ = ["PluginOption", "list_options"]

_ENTRY = re.compile(r"    (\w+): +(.*)")


@attrs.frozen(kw_only=True)
class PluginOption:
    """One option.

    Attributes:
        name: The key in a plan file.
        kind: What it holds.
        default: What it is where it is left out; blank where it must be given, or is a secret.
        required: Whether it must be given.
        secret: Whether it is one, so that a plan file only says where it stands.
        doc: What it means; blank where its author says nothing.
        doc_zh: The same in Chinese; blank likewise.
    """

    name: str
    kind: str
    default: str
    required: bool
    secret: bool
    doc: str
    doc_zh: str


def list_options(options: type | None) -> Iterator[PluginOption]:
    """Yields the options of a class, of a table in it as ``table.option``; none without one."""
    return iter(()) if options is None else _listed(options, "")


def _listed(options: Any, above: str) -> Iterator[PluginOption]:  # noqa: ANN401 - an attrs class
    hints, text = get_type_hints(options), cleandoc(options.__doc__ or "")
    said, said_zh = _documented(text, "Attributes"), _documented(text, "选项")
    for field in attrs.fields(options):
        hint = hints.get(field.name, Any)
        name = f"{above}{field.alias or field.name}"
        if not field.init:
            continue
        if isinstance(hint, type) and attrs.has(hint):
            yield from _listed(hint, f"{name}.")
            continue
        secret = _is_secret(hint)
        yield PluginOption(
            name=name,
            kind=_kind_text(hint),
            default="" if secret else _default_text(field.default),
            required=field.default is attrs.NOTHING,
            secret=secret,
            doc=field.metadata.get("doc") or said.get(field.name, ""),
            doc_zh=field.metadata.get("doc_zh") or said_zh.get(field.name, ""),
        )


def _is_secret(hint: Any) -> bool:  # noqa: ANN401 - a type
    return hint is Secret or Secret in getattr(hint, "__args__", ())


def _kind_text(hint: Any) -> str:  # noqa: ANN401 - a type
    if isinstance(hint, type) and not getattr(hint, "__args__", None):
        return hint.__name__
    # Without the modules: tuple[str, ...], Secret | None.
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(hint))


def _default_text(default: Any) -> str:  # noqa: ANN401 - whatever it is
    if default is attrs.NOTHING:
        return ""
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # a class at run time
        return "" if default.takes_self else _default_text(default.factory())
    if default is None or default in ((), [], {}):
        return "-"
    if isinstance(default, bool):
        return str(default).lower()
    return str(default)


def _documented(doc: str, title: str) -> dict[str, str]:
    """Name -> text of a section of a docstring, as people without Python read it."""
    _, _, section = doc.replace("``", "").partition(f"{title}:\n")
    found: dict[str, str] = {}
    name = ""
    for line in section.splitlines():
        match = _ENTRY.fullmatch(line)
        if match:
            name, found[match[1]] = match[1], match[2]
        elif line.startswith("     ") and name:
            found[name] = _joined(found[name], line.strip())
        elif line.strip():
            break
    return found


def _joined(before: str, after: str) -> str:
    """Two lines of one text; where Chinese goes on there is no space."""
    is_open = before.isascii() or before[-1].isascii() or after[0].isascii()
    return f"{before} {after}" if is_open else before + after
