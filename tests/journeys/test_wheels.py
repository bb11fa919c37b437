"""Connectors as people get them: built as wheels, installed, found by their entry points."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDERS = sorted((ROOT / "connectors").glob("salesgoal-*"))
NAMES = [folder.name.removeprefix("salesgoal-") for folder in FOLDERS]

pytestmark = pytest.mark.slow

INSTALLED = '''
"""The contract, of the importer that the entry point gives."""

import sys
from pathlib import Path

import attrs
import salesgoal
import salesgoal_{name}
from salesgoal.ports.plugins import Plugins

from . import test_contract

(RIGHT,) = (each for at, each in vars(test_contract).items() if at.startswith("Test"))
PLUGINS = Plugins().discover()


class TestInstalled(RIGHT):
    case = attrs.evolve(RIGHT.case, spec=PLUGINS.importer("{name}"))


def test_it_is_the_installed_one():
    assert not PLUGINS.failures
    for module in (salesgoal, salesgoal_{name}):
        assert Path(sys.prefix) in Path(module.__file__).parents
'''

PLAN = """
[plan]
name = "华东团队"
period = "2026"
zone = "Asia/Shanghai"

[metrics.sales]
name = "销售额"
unit = "元"
decimals = 2

[dimensions.salesperson]
name = "销售"
members = {members}

[[breakdowns]]
by = ["salesperson"]

[[actuals]]
importer = "{name}"
columns = {columns}
counts = {{ column = "{won}", equals = ["true"] }}

[actuals.options]
{options}

[ledger]
"""

SYNC = '''
"""Syncs a fake service into a plan, before and after its deals change; prints what counts."""

import json, subprocess, sys
from pathlib import Path
from salesgoal.testing import Loopback, World
from tests.{fake} import {kind}

plan = Path("plan/plan.toml")


def run(*given):
    command = [Path(sys.executable).with_name("salesgoal"), *given]
    return subprocess.run(command, capture_output=True, encoding="utf-8")


world = World()
world.put_many([f"D-{{at:02d}}" for at in range(31)])
with Loopback(answer={kind}(world).answer) as server:
    text = plan.read_text("utf-8").replace("BASE_URL", server.base_url)
    plan.write_text(text, encoding="utf-8")
    for _ in range(2):
        synced = run("sync", plan, "--lang", "en")
        shown = run("track", plan, "--as-of", "2026-12-31", "--format", "json")
        root = next(
            row for row in json.loads(shown.stdout)["rows"]
            if row["goal"] == "" and row["period"] == "2026"
        )
        right = sum(deal.amount for deal in world.truth().values() if deal.won)
        told = synced.stdout + synced.stderr
        print(json.dumps([synced.returncode, told, root["actual"], f"{{right:f}}"]))
        world.advance(86_400)
        world.edit("D-03", amount="1000000.01")
        world.reopen("D-04")
        if "D-05" in world.truth():
            world.delete("D-05")
        world.advance(60)
'''

SERVICES = {
    "feishu": {
        "members": ["赢单", "洽谈"],
        "columns": '{ on = "成交日", sales = "金额", salesperson = "阶段" }',
        "won": "赢单",
        "options": (
            'base_url = "BASE_URL"\napp_id = "cli_a1"\napp_secret = { env = "CRM_SECRET" }\n'
            'app_token = "bascnAcme"\ntable_id = "tblDeals"\n'
            'columns = ["成交日", "阶段", "金额", "赢单"]'
        ),
    },
    "hubspot": {
        "members": ["王丽", "no-name@example.com", "Ada Left", "904"],
        "columns": '{ on = "closedate", sales = "amount", salesperson = "owner_name" }',
        "won": "hs_is_closed_won",
        "options": 'base_url = "BASE_URL"\ntoken = { env = "CRM_SECRET" }',
    },
    "salesforce": {
        "members": ["王丽"],
        "columns": '{ on = "CloseDate", sales = "Amount", salesperson = "Owner.Name" }',
        "won": "IsWon",
        "options": (
            'base_url = "BASE_URL"\nclient_id = "3MVG9-client"\n'
            'client_secret = { env = "CRM_SECRET" }'
        ),
    },
}


def run(*command, **more):
    done = subprocess.run(
        [*map(str, command)], capture_output=True, encoding="utf-8", check=False, **more
    )
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The Python of a fresh environment with every wheel."""
    folder = tmp_path_factory.mktemp("wheels")
    for source in (ROOT, *FOLDERS):
        copy = folder / "source" / source.name
        keep = ("src", "pyproject.toml", "README.md", "LICENSE")
        for name in keep:
            own = source / name
            copier = shutil.copytree if own.is_dir() else shutil.copy
            copy.mkdir(parents=True, exist_ok=True)
            copier(own, copy / name)
        flit = [Path(sys.executable).with_name("flit"), "build", "--format", "wheel"]
        run(*flit, cwd=copy, env=os.environ | {"FLIT_NO_NETWORK": "1"})
        shutil.copy(next((copy / "dist").glob("*.whl")), folder)
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    core = next(folder.glob("salesgoal-*.whl"))
    others = sorted(set(folder.glob("*.whl")) - {core})
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, f"{core}[http,testing]", *others)
    return python


def test_every_connector_is_here():
    assert NAMES == ["feishu", "hubspot", "salesforce"]


@pytest.mark.parametrize("name", NAMES)
def test_the_contract_holds_for_the_installed_connector(installed, tmp_path, name):
    shutil.copytree(ROOT / "connectors" / f"salesgoal-{name}" / "tests", tmp_path / "tests")
    test = tmp_path / "tests" / "test_installed.py"
    test.write_text(INSTALLED.format(name=name), encoding="utf-8")
    pytest_ = [
        installed,
        "-m",
        "pytest",
        "-q",
        "--import-mode=importlib",
        "--rootdir",
        tmp_path,
    ]
    told = run(*pytest_, test, cwd=tmp_path)
    assert " passed" in told


def test_the_command_lists_them(installed):
    told = run(installed.with_name("salesgoal"), "plugins", "--lang", "en")
    assert [name for name in NAMES if f"salesgoal-{name}" not in told] == []


@pytest.mark.parametrize("name", SERVICES)
def test_the_command_syncs_a_service_into_a_plan(installed, tmp_path, name):
    shutil.copytree(ROOT / "connectors" / f"salesgoal-{name}" / "tests", tmp_path / "tests")
    (tmp_path / "plan").mkdir()
    parts = SERVICES[name]
    plan = PLAN.format(
        name=name, **{**parts, "members": json.dumps(parts["members"], ensure_ascii=False)}
    )
    (tmp_path / "plan" / "plan.toml").write_text(plan, encoding="utf-8")
    script = SYNC.format(fake=f"fake_{name}", kind=f"Fake{name.capitalize()}")
    (tmp_path / "sync.py").write_text(script, encoding="utf-8")
    secret = run(installed, "-c", "import salesgoal.testing as t; print(t.SENTINEL)").strip()
    told = run(installed, "sync.py", cwd=tmp_path, env=os.environ | {"CRM_SECRET": secret})
    for line in told.splitlines():
        code, said, actual, right = json.loads(line)
        assert code == 0, said
        assert float(actual) == float(right), said
        assert secret not in said
    stored = [path.read_bytes() for path in (tmp_path / "plan").iterdir()]
    assert not [each for each in stored if secret.encode() in each]
