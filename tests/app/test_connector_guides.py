"""The plans of the how-tos for connectors can be used as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import salesgoal_hubspot
import salesgoal_salesforce
from salesgoal.app.load import load_plan
from salesgoal.app.service import open_service
from salesgoal.app.sync.syncing import find_services
from salesgoal.ports.plugins import Plugins
from salesgoal_hubspot import HUBSPOT
from salesgoal_salesforce import SALESFORCE

GUIDES = Path(__file__).parent.parent.parent / "docs" / "how-to"


@pytest.mark.parametrize("suffix", [".md", ".zh.md"])
@pytest.mark.parametrize("spec", [HUBSPOT, SALESFORCE], ids=lambda spec: spec.name)
def test_the_plan_of_a_guide_reaches_its_service(tmp_path, monkeypatch, spec, suffix):
    monkeypatch.setenv("HUBSPOT_TOKEN", "sentinel")
    monkeypatch.setenv("SALESFORCE_SECRET", "sentinel")
    guide = (GUIDES / f"connect-{spec.name}{suffix}").read_text(encoding="utf-8")
    plan = re.search(r"```toml\n(.*?)```", guide, re.DOTALL)[1]
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    module = {HUBSPOT: salesgoal_hubspot, SALESFORCE: salesgoal_salesforce}[spec]
    plugins = Plugins().add(module, spec.name)
    loaded = load_plan(tmp_path, plugins)
    assert [metric.decimals for metric in loaded.plan.metrics] == [2], "fen are rejected"
    (source,) = find_services(loaded)
    found, options = open_service(source.service, plugins)
    assert found is spec
    assert isinstance(options, spec.options)
    assert "sentinel" not in repr(options)


@pytest.mark.parametrize("suffix", [".md", ".zh.md"])
@pytest.mark.parametrize("spec", [HUBSPOT, SALESFORCE], ids=lambda spec: spec.name)
def test_a_guide_names_every_option(spec, suffix):
    guide = (GUIDES / f"connect-{spec.name}{suffix}").read_text(encoding="utf-8")
    missing = [name for name in spec.options.__annotations__ if name not in guide]
    assert missing in ([], ["base_url"])
