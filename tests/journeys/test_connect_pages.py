"""What the pages about connecting say goes into a plan as it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

import salesgoal_feishu
from salesgoal.app.builtins import built_in_plugins
from salesgoal.app.plan_file.reading import read_options
from salesgoal.domain.problem import Place
from salesgoal.ports import Secret

DOCS = Path(__file__).parents[2] / "docs" / "how-to"
PLUGINS = built_in_plugins().add(
    SimpleNamespace(salesgoal_importers=salesgoal_feishu.salesgoal_importers), "feishu"
)
PAGES = ("connect-a-database", "connect-feishu")


def plans(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    return re.findall(r"```toml\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_the_options_of_a_page_are_taken(name, monkeypatch, tmp_path):
    monkeypatch.setenv("SHOP_PASSWORD", "x")
    monkeypatch.setenv("FEISHU_APP_SECRET", "x")
    (text,) = plans(f"{name}.md")
    (source,) = tomllib.loads(text)["actuals"]
    spec = PLUGINS.importer(source["importer"])
    options = read_options(source["options"], spec.options, Place("plan"), (), tmp_path)
    assert isinstance(options, spec.options)
    held = {field: getattr(options, field) for field in source["options"]}
    assert any(isinstance(value, Secret) for value in held.values())


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_show_the_same_plan(name):
    assert plans(f"{name}.md") == plans(f"{name}.zh.md")
