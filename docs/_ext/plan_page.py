"""Writes reference/plan-file.md and reference/plan.schema.json; `make pages` runs it.

Every key of a plan file stands there because a class of `app.plan_file.document` has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs

from salesgoal.app.plan_file.document import PlanDocument
from salesgoal.app.plan_file.examples import EXAMPLES, FIRST_VERSION, SINCE, UNITS
from salesgoal.app.plan_file.schema import plan_schema

REFERENCE = Path(__file__).parents[1] / "reference"
KINDS = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    Decimal: "number",
    date: "date",
    Any: "any value",
}
NUMBERS = "whole number or number"

HEAD = f"""\
# The plan file

`plan.toml`, key by key; written by `make pages` from the classes that load it. Keys that are
not listed are refused, with the nearest known one. *Default* is what counts where a key is left
out; – means nothing, or what its meaning says. Every key is there since {FIRST_VERSION} unless
its row says otherwise.

An editor that knows TOML (VS Code with *Even Better TOML*, for one) completes and checks a plan
by [plan.schema.json](plan.schema.json), which `salesgoal schema` prints:
[how to](../how-to/write-a-plan.md#let-the-editor-help).
"""
INTROS = {
    "[[cascades]]": "[How to](../how-to/split-a-goal.md).",
    "[[actuals]]": """\
A service is [synced into the ledger](../how-to/sync-a-crm.md). The `options` of the importers
for workbooks and text files stand under [files](../how-to/files.md); `salesgoal plugins` lists
those of all.

Any option may be `{ env = "NAME" }` or `{ file = "PATH" }`: its value then stands in that
environment variable, or in that file without its last newline. A secret must; in the plan file
itself it is refused.""",
    "[[reviews]]": "Its columns stand in [how to explain a gap](../how-to/explain-a-gap.md).",
    "[causes.NAME]": "NAME is its code. Without any, the built-in catalogue counts.",
    "[ledger]": "[How to](../how-to/import-and-ledger.md).",
    "[[expected]]": "[How to](../how-to/import-and-ledger.md).",
}


def page() -> str:
    """Returns the page as it should be."""
    return "\n".join([HEAD, *_sections()]).rstrip() + "\n"


def schema() -> str:
    """Returns the JSON Schema as it is published."""
    return json.dumps(plan_schema(), ensure_ascii=False, indent=2) + "\n"


def _sections() -> Iterator[str]:
    """A section a table, each once, in the order in which a file is read."""
    titles: dict[type, str] = {}
    waiting: list[tuple[type, str]] = [(PlanDocument, "")]
    while waiting:
        kind, title = waiting.pop(0)
        attrs.resolve_types(kind)
        inner = []
        for field in attrs.fields(kind):
            inner += [
                (table, _title(field.name, field.type, title)) for table in _tables(field.type)
            ]
        waiting = inner + waiting
        yield from _section(kind, title, titles)


def _section(kind: type, title: str, titles: dict[type, str]) -> Iterator[str]:
    yield f"## {f'`{title}`' if title else 'The file'}\n"
    if kind in titles:
        yield f"The keys of [`{titles[kind]}`](#{_anchor(titles[kind])}).\n"
        return
    titles[kind] = title
    yield (kind.__doc__ or "").strip().partition("\n")[0]
    yield INTROS.get(title, "") and f"\n{INTROS[title]}"
    yield "| key | holds | default | example | since | meaning |\n|---|---|---|---|---|---|"
    for field in attrs.fields(kind):
        key = f"{kind.__name__}.{field.name}"
        holds = _holds(field.type).replace("|", "\\|")
        if key in UNITS:
            holds = f"{holds}: {UNITS[key]}"
        example = EXAMPLES.get(kind.__name__, {}).get(field.name)
        shown = f"`{example}`" if example is not None else "its own table below"
        since = SINCE.get(key, FIRST_VERSION)
        row = (f"`{field.name}`", holds, _default(field.default), shown, since)
        yield f"| {' | '.join(row)} | {field.metadata['doc']} |"
    any_of = getattr(kind, "ANY_OF", ())
    if any_of:
        yield f"\nAt least one of {' and '.join(f'`{name}`' for name in any_of)} is needed."
    yield ""


def _title(name: str, kind: Any, above: str) -> str:  # noqa: ANN401 - a type
    inner = above.strip("[]")
    path = f"{inner}.{name}" if inner else name
    if _is(kind, Mapping):
        return f"[{path}.NAME]"
    return f"[[{path}]]" if _is(kind, list) else f"[{path}]"


def _anchor(title: str) -> str:
    """The anchor that a heading gets: its letters, digits and underscores."""
    return "".join(sign for sign in title.lower() if sign.isalnum() or sign == "_")


def _is(kind: Any, wanted: type) -> bool:  # noqa: ANN401 - a type
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return any(_is(each, wanted) for each in get_args(kind))
    return origin is wanted


def _tables(kind: Any) -> list[type]:  # noqa: ANN401 - a type
    """The classes of tables that a type holds, however deep."""
    if isinstance(kind, type) and attrs.has(kind):
        return [kind]
    return [table for each in get_args(kind) for table in _tables(each)]


def _holds(kind: Any) -> str:  # noqa: ANN401 - a type
    if kind in KINDS:
        return KINDS[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        texts = [_holds(each) for each in inner if each is not type(None)]
        return " or ".join(texts).replace(NUMBERS, "number")
    if origin is list:
        return f"list of {_holds(inner[0])}"
    if origin is not None:
        return f"table of {_holds(inner[1])}"
    if issubclass(kind, StrEnum):
        return " | ".join(f"`{each}`" for each in kind)
    return "table"


def _default(value: Any) -> str:  # noqa: ANN401 - a type
    if value is attrs.NOTHING:
        return "**required**"
    if value is None or isinstance(value, attrs.Factory) or value == "":  # type: ignore[arg-type]
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def main() -> None:
    """Writes both files."""
    (REFERENCE / "plan-file.md").write_text(page(), encoding="utf-8")
    (REFERENCE / "plan.schema.json").write_text(schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
