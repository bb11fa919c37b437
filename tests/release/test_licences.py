"""What an installation brings is known, with its licence; no copyleft comes unremarked."""

from __future__ import annotations

import re
from importlib.metadata import PathDistribution
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reference" / "licences.md").read_text(encoding="utf-8")


def load():
    spec = spec_from_file_location("licence_page", ROOT / "docs" / "_ext" / "licence_page.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGE = load()
ASKED = [(extra, each) for extra, asked in PAGE.tables().items() for each in asked]


@pytest.mark.parametrize(("extra", "asked"), ASKED)
def test_every_requirement_stands_under_its_extra_as_it_is_asked_for(extra, asked):
    head = f"\n## `{extra}`: " if extra else "\n## Always\n"
    table = TEXT.split(head)[1].split("\n## ")[0]
    wanted = PAGE.Requirement(asked)
    name = asked.partition(">")[0]
    why = PAGE.WHY[PAGE.canonicalize_name(wanted.name)]
    form = rf"^\| {re.escape(f'{name} | `{wanted.specifier}`')} \| (.+) \| {why} \|"
    licence = re.search(form, table, re.MULTILINE).group(1)
    found = {PAGE.canonicalize_name(each.name): each for each in PAGE.found_with(wanted)}
    here = found.get(PAGE.canonicalize_name(wanted.name))
    if here is not None:
        said = PAGE.licence_of(here)
        assert PAGE.is_permissive(licence) is PAGE.is_permissive(said), said


def test_every_extra_is_of_users_or_of_those_who_work_on_it():
    extras = re.findall(r"^(\w+) = \[", section("project.optional-dependencies"), re.MULTILINE)
    assert set(extras) == {*PAGE.EXTRAS, "test", "docs", "bench", "dev"}


def section(name):
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return text.split(f"\n[{name}]\n")[1].split("\n[")[0]


def test_no_copyleft_comes_unremarked():
    found = {PAGE.canonicalize_name(name) for _, name, _ in PAGE.copyleft()}
    assert found <= PAGE.MEANING.keys()
    for _, name, licence in PAGE.copyleft():
        assert re.search(rf"^\| {name} \| .* \| {re.escape(licence)} \|", TEXT, re.MULTILINE)


def test_what_is_always_there_is_permissive():
    assert [name for extra, name, _ in PAGE.copyleft() if not extra] == []


@pytest.mark.parametrize(
    ("metadata", "licence", "free"),
    [
        ("License-Expression: MIT", "MIT", True),
        ("License-Expression: Apache-2.0 OR BSD-2-Clause", "Apache-2.0 OR BSD-2-Clause", True),
        ("License-Expression: MIT AND GPL-3.0-only", "MIT AND GPL-3.0-only", False),
        ("Classifier: License :: OSI Approved :: MIT License", "MIT", True),
        ("License: MIT\n  and more", "MIT", True),
        ("Summary: nothing is said", "?", False),
        (
            "Classifier: License :: OSI Approved :: GNU Affero General Public License v3",
            "GNU Affero General Public License v3",
            False,
        ),
    ],
)
def test_a_licence_is_read_however_it_is_said(tmp_path, metadata, licence, free):
    (tmp_path / "METADATA").write_text(f"Name: a\n{metadata}\n\n", encoding="utf-8")
    assert PAGE.licence_of(PathDistribution(tmp_path)) == licence
    assert PAGE.is_permissive(licence) is free
