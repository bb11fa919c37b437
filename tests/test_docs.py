"""The documentation names everything there is, and nothing that is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import salesgoal
from salesgoal import errors
from salesgoal.app.schema import plan_schema
from salesgoal.cli.commands import command
from salesgoal.cli.exit_code import ExitCode
from salesgoal.domain.problem_text import TEXTS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def keys(schema):
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from keys(inner)
    parts = [*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")]
    for inner in filter(None, parts):
        yield from keys(inner)


@pytest.mark.parametrize("code", TEXTS)
def test_every_problem_has_its_row_with_its_texts(code):
    text = TEXTS[code]
    said = (
        text.severity,
        text.message["zh"],
        text.remedy["zh"],
        text.message["en"],
        text.remedy["en"],
    )
    assert f"| `{code}` | {' | '.join(said)} |" in page("reference/problems.md")


@pytest.mark.parametrize("name", [*salesgoal.__all__, *errors.__all__])
def test_every_public_name_has_its_row(name):
    assert f"| `{name}` |" in page("reference/names.md")


@pytest.mark.parametrize("key", sorted(set(keys(plan_schema()))))
def test_every_key_of_a_plan_has_its_row(key):
    assert f"| `{key}` |" in page("reference/plan-file.md")


@pytest.mark.parametrize("name", sorted(command.commands))
def test_every_command_has_its_row(name):
    assert f"| `salesgoal {name}" in page("reference/commands.md")


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_has_its_row(code):
    assert f"| {int(code)} |" in page("reference/commands.md")


@pytest.mark.parametrize("hook", ["salesgoal_importers", "salesgoal_renderers"])
def test_every_hook_has_its_row(hook):
    assert f"| `{hook}()` |" in page("reference/names.md")


def test_every_domain_module_stands_in_the_glossary():
    words = set(re.findall(r"`(\w+)`", page("glossary.md")))
    modules = {path.stem for path in (ROOT / "src/salesgoal/domain").glob("[!_]*.py")}
    catalogue = {name for name in modules if name.endswith("_text")}
    assert modules - catalogue <= words


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_leads_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
