"""The documentation names everything there is, and nothing that is not."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import attrs
import click
import pytest

import salesgoal
from salesgoal import errors, frames, ports
from salesgoal.app.plan_file.schema import plan_schema
from salesgoal.app.problem_pages import FAMILIES, problem_page, write_pages
from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.main import command  # with the commands of every room
from salesgoal.domain.plan_check import RESERVED
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


def test_the_pages_of_problems_say_what_the_catalogue_says(tmp_path):
    """`make pages` writes them."""
    write_pages(tmp_path)
    written = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*.md")}
    kept = {Path("problems.md"), *(Path("problems") / f"{name}.md" for name in FAMILIES)}
    assert written.keys() == kept
    for name, path in written.items():
        assert page(f"reference/{name}") == path.read_text(encoding="utf-8"), name
    pages = {each.name for each in (DOCS / "reference" / "problems").iterdir()}
    assert pages == {f"{name}.md" for name in FAMILIES}


@pytest.mark.parametrize("code", TEXTS)
def test_every_problem_has_its_section_and_a_link_to_it(code):
    found = problem_page(code)
    assert f"(problems/{found.family}.md#{code})" in page("reference/problems.md")
    section = page(f"reference/problems/{found.family}.md").split(f"\n## {code}\n")[1]
    section = section.split("\n## ")[0]
    for lang in ("zh", "en"):
        assert found.example.text(lang) in section
        assert found.effect.of(lang) in section
        assert found.remedy.of(lang) in section
        assert found.note is None or found.note.of(lang) in section


@pytest.mark.parametrize("name", [*salesgoal.__all__, *errors.__all__])
def test_every_public_name_has_its_row(name):
    assert f"| `{name}` |" in page("reference/names.md")


@pytest.mark.parametrize("name", frames.__all__)
def test_every_name_of_frames_has_its_row(name):
    assert f"| `{name}` |" in page("reference/names.md")


def test_the_page_of_the_plan_file_says_what_the_classes_say():
    """`make pages` writes it; a key more or less in either is a fault here."""
    written = extension("plan_page")
    assert page("reference/plan-file.md") == written.page()
    assert page("reference/plan.schema.json") == written.schema()


@pytest.mark.parametrize("key", sorted(set(keys(plan_schema()))))
def test_every_key_of_a_plan_has_its_row(key):
    assert f"| `{key}` |" in page("reference/plan-file.md")


IMPORTS = re.compile(r"^from salesgoal\.(?:app|domain|sheets)[.\w]* import (.+)$", re.MULTILINE)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_the_front_door_offers_is_taken_from_it(path):
    rooms = IMPORTS.findall(path.read_text("utf-8"))
    taken = {name.strip() for names in rooms for name in names.split(",")}
    assert not taken & set(salesgoal.__all__)


def test_the_page_of_options_says_what_the_commands_say():
    assert page("reference/options.md") == extension("command_page").page()


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (name, option)
        for name, one in sorted(command.commands.items())
        for each in one.params
        if isinstance(each, click.Option)
        for option in each.opts
    ],
)
def test_every_option_has_its_row(name, option):
    section = page("reference/options.md").split(f"\n## `salesgoal {name}`\n")[1]
    assert re.search(rf"^\|[^|]*`{option}`", section.split("\n## ")[0], re.MULTILINE)


@pytest.mark.parametrize("name", sorted(command.commands))
def test_every_command_has_its_row(name):
    assert f"| `salesgoal {name}" in page("reference/commands.md")


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_has_its_row(code):
    assert f"| {int(code)} |" in page("reference/commands.md")


@pytest.mark.parametrize("hook", ["salesgoal_importers", "salesgoal_renderers"])
def test_every_hook_has_its_row(hook):
    assert f"| `{hook}()` |" in page("reference/names.md")


def extension(name):
    spec = spec_from_file_location(name, DOCS / "_ext" / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_plugins_says_what_the_code_says():
    """`make pages` writes it: hooks, specs, every public word, errors and problems."""
    assert page("reference/plugins.md") == extension("plugin_page").page()


@pytest.mark.parametrize("kind", ["ImporterSpec", "RendererSpec", "ReadRequest", "Page"])
def test_every_field_of_the_contract_has_its_meaning(kind):
    table = page("reference/plugins.md").split(f"\n### {kind}\n")[1].split("\n##")[0]
    for field in attrs.fields(getattr(ports, kind)):
        row = rf"^\| `{field.name}` \| .+ \| .+ \| \S.* \|$"
        assert re.search(row, table, re.MULTILINE), field.name


@pytest.mark.parametrize(
    "room", ["guard", "hookspecs", "http", "importer", "renderer", "secret"]
)
def test_every_word_of_plugins_is_offered_in_one_place(room):
    inner = {"PROJECT", "CURSOR_BYTES", "page_fault"}
    assert set(import_module(f"salesgoal.ports.{room}").__all__) - inner <= set(ports.__all__)
    assert [*ports.__all__] == sorted(ports.__all__)
    assert set(ports.__all__) <= set(dir(ports))
    for name in ports.__all__:
        assert getattr(ports, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = ports.nothing


def test_every_domain_module_stands_in_the_glossary():
    words = set(re.findall(r"`(\w+)`", page("glossary.md")))
    modules = {path.stem for path in (ROOT / "src/salesgoal/domain").glob("[!_]*.py")}
    catalogue = {name for name in modules if name.endswith("_text")}
    assert modules - catalogue <= words


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_leads_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_no_example_has_a_dimension_or_metric_whose_id_is_taken(path):
    shown = re.findall(
        r"^\[(?:dimensions|metrics)\.(\w+)", path.read_text("utf-8"), re.MULTILINE
    )
    assert not RESERVED.intersection(shown)
