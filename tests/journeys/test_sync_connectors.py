"""The three connectors that come with salesgoal, really installed, through `salesgoal sync`."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.servers import ON_A_SERVER

from salesgoal.store import open_ledger
from salesgoal.testing import Loopback, World

from .crm_desk import PLAN
from .desk import TARGETS

pytestmark = pytest.mark.slow
CONNECTORS = Path(__file__).parents[2] / "connectors"
SECRET = "SYNC_TEST_SECRET"  # noqa: S105 - the name of a variable
START = datetime(2024, 3, 2, 8, tzinfo=UTC)
TABLES = {
    "hubspot": """\
importer = "hubspot"
source = "crm"
zone = "UTC"
members = {{ region = "华东", product = "A" }}
counts = {{ column = "hs_is_closed_won", equals = ["true"] }}
columns = {{ on = "closedate", sales = "amount" }}

[actuals.options]
token = {{ env = "SYNC_TEST_SECRET" }}
searches_per_second = 100000
base_url = "{url}"
""",
    "salesforce": """\
importer = "salesforce"
source = "crm"
members = {{ region = "华东", product = "A" }}
counts = {{ column = "IsWon", equals = ["true"] }}
columns = {{ on = "CloseDate", sales = "Amount" }}

[actuals.options]
client_id = "{client}"
client_secret = {{ env = "SYNC_TEST_SECRET" }}
base_url = "{url}"
""",
    "feishu": """\
importer = "feishu"
source = "crm"
members = {{ region = "华东", product = "A" }}
counts = {{ column = "赢单", equals = ["true"] }}
columns = {{ on = "成交日", sales = "金额" }}

[actuals.options]
app_id = "cli_a1"
app_secret = {{ env = "SYNC_TEST_SECRET" }}
app_token = "{app}"
table_id = "{table}"
may_be_empty = true
base_url = "{url}"
""",
}
HEAD, _, _ = PLAN.partition("[[actuals]]")
MOST_REQUESTS = 40


def fake_of(name):
    """The module of a connector's fake."""
    path = CONNECTORS / f"salesgoal-{name}" / "tests" / f"fake_{name}.py"
    spec = importlib.util.spec_from_file_location(f"sync_fake_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Desk:
    """A plan with one connector, its world and its ledger."""

    def __init__(self, folder, name, server, module, ledger):
        self.folder, self.target = folder, ledger or str(folder / "plan.ledger.db")
        self.server = server
        self.path = folder.parent / "site"
        folder.mkdir(parents=True)
        facts = {
            "url": server.base_url,
            "client": getattr(module, "CLIENT_ID", ""),
            "app": getattr(module, "APP", ""),
            "table": getattr(module, "TABLE", ""),
        }
        text = HEAD.format(url="", ledger="").replace("2023Q4", "2024Q1")
        text += "[[actuals]]\n" + TABLES[name].format(**facts) + "\n[ledger]\n"
        text += f'url = "{ledger}"\n' if ledger else ""
        (folder / "plan.toml").write_text(text, encoding="utf-8")
        (folder / "targets.csv").write_text(TARGETS.replace("2023", "2024"), encoding="utf-8")
        module_name = f"salesgoal_{name}"
        about = self.path / f"{module_name}-1.0.dist-info"
        about.mkdir(parents=True, exist_ok=True)
        (about / "METADATA").write_text(
            f"Name: salesgoal-{name}\nVersion: 1.0\n", encoding="utf-8"
        )
        (about / "entry_points.txt").write_text(
            f"[salesgoal]\n{name} = {module_name}\n", encoding="utf-8"
        )
        self.paths = os.pathsep.join(
            (str(self.path), str(CONNECTORS / f"salesgoal-{name}" / "src"))
        )

    def start(self, secret, *arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "salesgoal", "sync", str(self.folder), *arguments],
            env=os.environ | {"PYTHONPATH": self.paths, SECRET: secret},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def sync(self, world, *arguments):
        process = self.start(world.secret.reveal(), *arguments)
        printed, said = process.communicate(timeout=120)
        assert world.secret.reveal() not in printed + said
        return process.returncode, said

    def kill_at(self, world, number):
        """Kills a sync at that request; returns whether it came so far."""
        running, killed = [], []

        def on_request(asked):
            if asked == number:
                while not running:
                    pass
                killed.append(asked)
                running[0].send_signal(signal.SIGKILL)
                running[0].wait()

        self.server.rewind()
        self.server.on_request = on_request
        running.append(self.start(world.secret.reveal()))
        running[0].communicate(timeout=120)
        self.server.rewind()
        return bool(killed)

    def counted(self):
        with open_ledger(self.target, create=False) as ledger:
            assert ledger.check() == ()
            return sorted(each.values["sales"] for each in ledger.entries())


def truth(world):
    return sorted(int(each.amount * 100) for each in world.truth().values() if each.won)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=ON_A_SERVER)])
def make_ledger(request):
    if request.param == "sqlite":
        return lambda: None
    return request.getfixturevalue("new_database")


@pytest.fixture(params=sorted(TABLES))
def make_desk(request, tmp_path, make_ledger):
    """Makes a world with ten deals, three a page, and desks on it."""
    module = fake_of(request.param)
    world = World(now=START, page_share=3)
    world.put_many([f"D-{at:02d}" for at in range(10)])
    world.advance(86_400)
    made = getattr(module, f"Fake{request.param.capitalize()}")(world)
    with Loopback(answer=made.answer) as server:
        yield (
            world,
            lambda name: Desk(tmp_path / name, request.param, server, module, make_ledger()),
        )
        assert server.failure is None


def test_a_sync_killed_at_any_request_comes_out_as_an_undisturbed_one(make_desk):
    world, make = make_desk
    whole = make("whole")
    assert whole.sync(world)[0] == 0
    undisturbed = whole.counted()
    assert undisturbed == truth(world)
    desk = make("killed")
    for number in range(2, MOST_REQUESTS):
        if not desk.kill_at(world, number):
            break
    code, said = desk.sync(world)
    assert code == 0, said
    assert desk.counted() == undisturbed


def test_edits_deletions_and_reopenings_come_out_as_the_source_ends(make_desk):
    world, make = make_desk
    desk = make("edited")

    def edit(number):
        if number == 3:
            world.advance(60)
            world.edit("D-01", amount="111.25")
            world.reopen("D-04")
            world.delete("D-07")
            world.put("N-1", "5.00")
            world.advance(60)

    desk.server.on_request = edit
    assert desk.sync(world)[0] in {0, 3, 4}
    desk.server.rewind()
    code, said = desk.sync(world)
    assert code == 0, said
    assert desk.counted() == truth(world)
    world.advance(60)
    world.reopen("D-02")
    world.delete("D-03")
    world.advance(60)
    assert desk.sync(world)[0] == 0
    assert desk.counted() == truth(world)
    assert desk.sync(world, "--full")[0] == 0
    assert desk.counted() == truth(world)


def test_runs_without_news_leave_the_ledger_as_it_is(make_desk):
    world, make = make_desk
    desk = make("quiet")
    assert desk.sync(world)[0] == 0

    def documents():
        with open_ledger(desk.target, create=False) as ledger:
            return ledger.documents()

    before = documents()
    assert desk.sync(world)[0] == 0
    assert documents() == before


def test_a_wrong_secret_is_refused_without_being_said(make_desk):
    _, make = make_desk
    desk = make("wrong")
    process = desk.start("sentinel-wrong-4711", "--lang", "en")
    printed, said = process.communicate(timeout=120)
    assert process.returncode == 3
    assert "does not let us in" in said
    assert "sentinel-wrong" not in printed + said
