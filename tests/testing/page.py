"""Writes docs/reference/testing.md from the code; `make pages` runs it."""

from __future__ import annotations

import inspect
from pathlib import Path

import attrs

from salesgoal import testing
from salesgoal.testing import (
    Case,
    Fake,
    FileCase,
    FileContract,
    ImporterContract,
    Loopback,
    RenderCase,
    RendererContract,
    World,
    strategies,
)
from salesgoal.testing.contract import checks_of

from . import acct, acme_mutants, board

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "testing.md"
HEAD = """# The conformance kit

`pip install 'salesgoal[testing]'`, then `from salesgoal.testing import …` in your own tests;
nothing loads it by itself. How to use it: [test a plugin](../how-to/test-a-plugin.md). This
page is written from the code by `make pages`.
"""
CONTRACTS = (
    (ImporterContract, "importers of services", acme_mutants.MUTANTS),
    (RendererContract, "renderers", board.MUTANTS),
    (FileContract, "importers of files", acct.MUTANTS),
)


def page_text():
    parts = [HEAD, "## Names\n", table("name", "what it is", names(testing))]
    for contract, of, mutants in CONTRACTS:
        parts += [f"## `{contract.__name__}`: checks of {of}\n", checks(contract, mutants)]
    parts += [
        "## What a fake offers\n",
        paragraphs(Fake),
        table("member", "what it is", members(Fake)),
        "## What the kit does to it\n",
        *(f"{said(each)}\n\n{attributes(each)}" for each in (World, Loopback)),
        table("method of `World`", "what it does", members(World)),
        "## Cases\n",
        *(f"{said(each)}\n\n{attributes(each)}" for each in (Case, RenderCase, FileCase)),
        "## `salesgoal.testing.strategies`\n",
        table("name", "what it draws", names(strategies)),
        "## Golden rows\n",
        paragraphs(inspect.getmodule(testing.check)),
        COMMAND,
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


COMMAND = """PLUGIN is a module with the hook of importers, a spec in one
(`my_plugin:IMPORTER`), or one of several by its name (`my_plugin:name`). Exit codes: 0 all is
well, 1 differences, 2 wrong use.
"""


def table(first, second, rows):
    lines = [f"| {first} | {second} |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{name}` | {text} |" for name, text in rows)]) + "\n"


def names(module):
    for name in sorted(module.__all__, key=str.lower):
        yield name, CONSTANTS.get(name) or said(getattr(module, name))


CONSTANTS = {
    "SENTINEL": "The secret of a world; nothing that a connector gives out may contain it.",
    "START": "When the clock of a world starts, unless told otherwise.",
    "Expected": "What a cell must say, by its meaning: text, number, bool, date, moment, None.",
    "Fault": "What becomes of an answer on its way; None where the connection is dropped.",
}


def checks(contract, mutants):
    lines = ["| check | what holds | broken ones that it catches |", "|---|---|---|"]
    for name in checks_of(contract):
        short = name.removeprefix("test_")
        caught = [each.name for each in mutants if short in each.killed_by]
        lines.append(f"| `{name}` | {said(getattr(contract, name))} | {', '.join(caught)} |")
    return "\n".join(lines) + "\n"


def doc(value):
    return inspect.getdoc(value) or ""


def said(value):
    """The first paragraph of a docstring, in one line."""
    first = doc(value).split("\n\n")[0]
    return " ".join(first.split()).replace("``", "`").replace("|", "\\|").rstrip(":")


def paragraphs(value):
    return doc(value).replace("``", "`").replace("::\n", ":\n") + "\n"


def members(kind):
    for name, value in vars(kind).items():
        if not name.startswith("_") and (
            inspect.isfunction(value) or isinstance(value, property)
        ):
            yield name, said(value)
    if kind is Fake:
        yield "busy", "The service's own ways to say `later`, beside 429, 500 and 503."


def attributes(kind):
    text = doc(kind).split("Attributes:\n")[1].split("\n\n")[0]
    known = {each.name for each in attrs.fields(kind)}
    rows, name = {}, None
    for line in text.splitlines():
        head, colon, rest = line.strip().partition(": ")
        if colon and head in known:
            name, rows[head] = head, rest
        else:
            rows[name] += f" {line.strip()}"
    rows = ((name, said_text.replace("``", "`")) for name, said_text in rows.items())
    return table(f"attribute of `{kind.__name__}`", "what it is", rows)


if __name__ == "__main__":
    PAGE.write_text(page_text(), "utf-8")
