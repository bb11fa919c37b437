"""A desk whose actuals come from a made-up CRM behind a loopback server."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from salesgoal.store import open_ledger

from .desk import TARGETS, call
from .ledger_desk import ZONED

TOKEN = "sentinel-4711"  # noqa: S105 - made up
START = datetime(2023, 10, 6, 8, tzinfo=UTC)
PLAN = (
    ZONED.replace('"A", { name = "A1", parent = "A" }, "B"', '"A", "B"')
    + """
[[actuals]]
importer = "acme"
source = "crm"
counts = {{ column = "won", equals = ["true"] }}
columns = {{ on = "day", sales = "amount" }}

[actuals.options]
token = {{ env = "ACME_TOKEN" }}
base_url = "{url}"

[ledger]
{ledger}
"""
)
SHOWN = ("added", "unchanged", "corrected", "conflict", "stale", "retired", "rejected")


class Crm:
    """Deals by id, served in order of change; edits move a deal to the end of that order."""

    def __init__(self, count=0):
        self.deals = {}
        self.now = START
        self.requests = 0
        self.tokens = []
        self.faults = {}
        self.on_request = lambda _number: None
        for number in range(1, count + 1):
            self.put(f"D-{number}", amount=f"{number * 10}.5")
        crm = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                crm.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def put(self, key, *, minutes=60, **changed):
        """A deal made or edited, some minutes later."""
        self.now += timedelta(minutes=minutes)
        deal = self.deals.get(key) or {
            "day": "2023-10-09T16:30:00Z",
            "region": "华东",
            "product": "A",
            "amount": "1",
            "won": "true",
            "deleted": False,
        }
        self.deals[key] = {**deal, "id": key, **changed, "modified": self.now.isoformat()}

    def remove(self, key):
        self.put(key, deleted=True)

    def vanish(self, key):
        """Gone without a word."""
        del self.deals[key]

    @property
    def total(self):
        """What counts of them by now, as text; the plan's period is the fourth quarter."""
        cents = [
            int(float(each["amount"]) * 100)
            for each in self.deals.values()
            if each["won"] == "true" and not each["deleted"] and each["region"] != "火星"
        ]
        return f"{sum(cents) // 100}.{sum(cents) % 100:02}"

    def answer(self, handler):
        self.requests += 1
        self.on_request(self.requests)
        self.tokens.append(handler.headers.get("Authorization"))
        fault = self.faults.get(self.requests)
        if fault == "html":
            return _reply(handler, 200, b"<html>maintenance</html>")
        if fault == "drop":
            return handler.connection.close()
        if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
            fault = 401
        if fault is not None:
            return _reply(handler, fault, b"{}")
        asked = {key: value[0] for key, value in parse_qs(urlsplit(handler.path).query).items()}
        found = sorted(self.deals.values(), key=lambda each: (each["modified"], each["id"]))
        after = (asked.get("at", ""), asked.get("id", ""))
        found = [each for each in found if (each["modified"], each["id"]) > after]
        found = [each for each in found if each["modified"] <= asked["until"]]
        content = json.dumps({"deals": found[: int(asked["limit"])]})
        return _reply(handler, 200, content.encode())


def _reply(handler, code, content):
    with suppress(OSError):  # who asked may have been killed
        handler.send_response(code)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


def install(folder, names=("acme",)):
    """An installed distribution in a folder of its own, to be put on the path."""
    folder.mkdir(parents=True, exist_ok=True)
    source = Path(__file__).with_name("acme_plugin.py")
    for name in names:
        about = folder / f"salesgoal_{name}-1.0.dist-info"
        about.mkdir(exist_ok=True)
        (about / "METADATA").write_text(
            f"Name: salesgoal-{name}\nVersion: 1.0\n", encoding="utf-8"
        )
        (about / "entry_points.txt").write_text(
            f"[salesgoal]\n{name} = salesgoal_{name}\n", encoding="utf-8"
        )
        shutil.copy(source, folder / f"salesgoal_{name}.py")
    return folder


def lay_out(folder, crm, *, ledger="", plan=PLAN):
    folder.mkdir(parents=True, exist_ok=True)
    text = plan.format(url=crm.url, ledger=ledger)
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    (folder / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return folder


def rewrite(folder, old, new):
    path = folder / "plan.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def synced(capsys, folder, *arguments):
    """Syncs: the exit code, the line of the only source, and what is said."""
    code, printed, said = call(
        capsys, "sync", folder, *arguments, "--format", "json", "--lang", "en"
    )
    lines = json.loads(printed)["synced"] if printed else []
    return code, [figures(line) for line in lines], said


def figures(line):
    names = ("read", *SHOWN, "ignored", "duplicate", "withdrawn", "pages")
    counts = {name: int(line[name]) for name in names if line.get(name)}
    found = {name: rows for name, rows in counts.items() if rows}
    return {**found, "result": line["result"], "scope": line["scope"]}


def total(capsys, folder):
    """What the root reached by the ledger."""
    _, printed, said = call(
        capsys, "track", folder, "--as-of", "2023-12-31", "--format", "json"
    )
    assert printed, said
    content = json.loads(printed)
    (root,) = (row for row in content["rows"] if not row["goal"] and row["period"] == "2023Q4")
    return root["actual"]


def start_sync(folder, path, *arguments, token=TOKEN):
    """A sync as a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(path), "ACME_TOKEN": token}
    return subprocess.Popen(
        [sys.executable, "-m", "salesgoal", "sync", str(folder), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def kill_at(crm, number, folder, path):
    """Kills a sync when it asks for that page, so that those before were taken over.

    Returns whether it got so far.
    """
    killed = []
    running = []

    def on_request(asked):
        if asked == number:
            while not running:
                pass
            killed.append(True)
            running[0].send_signal(signal.SIGKILL)
            running[0].wait()

    crm.requests, crm.on_request = 0, on_request
    running.append(start_sync(folder, path))
    running[0].communicate(timeout=120)
    crm.requests, crm.on_request = 0, lambda _number: None
    return bool(killed)


def facts(target):
    """All that counts by a ledger: key, day, members, values, revision."""
    with open_ledger(target, create=False) as ledger:
        assert ledger.check() == ()
        return sorted(
            (each.key, each.on, *each.members.items(), *each.values.items(), each.revision)
            for each in ledger.entries()
        )
