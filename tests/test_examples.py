"""The examples run, and say what they promise."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from salesgoal.app.starter import write_starter

EXAMPLES = Path(__file__).parent.parent / "examples"


def load(name):
    path = EXAMPLES / name
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "shown"),
    [("calculations.py", "差一分：显示 100.00 %，结论 unmet"), ("tour.py", "是否为 华南")],
)
def test_an_example_script_runs(name, shown):
    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(EXAMPLES / name)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert shown in done.stdout


@pytest.fixture
def ask(tmp_path):
    write_starter(tmp_path / "team")
    service = load("service/service.py")
    application = validator(
        service.make_application(tmp_path / "team", lambda: date(2026, 2, 28))
    )

    def ask(path="/goals", **query):
        environ = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": urlencode(query)}
        setup_testing_defaults(environ)
        answered = []
        body = application(
            environ, lambda status, _headers, _error=None: answered.append(status)
        )
        try:
            return int(answered[0][:3]), json.loads(b"".join(body))
        finally:
            body.close()

    ask.folder = tmp_path / "team"
    return ask


def test_the_service_answers_for_a_goal(ask):
    assert ask(goal="华东/张三", metric="sales", period="2026Q1") == (
        200,
        {
            "goal": "华东/张三",
            "metric": "sales",
            "period": "2026Q1",
            "as_of": "2026-02-28",
            "target": "900000.00",
            "actual": "203000.00",
            "gap": "697000.00",
            "attainment_pct": "22.56",
            "status": "unmet",
        },
    )


def test_the_service_says_absent_where_there_is_no_target(ask):
    _, body = ask(metric="customers")
    assert (body["target"], body["status"]) == (None, "no_target")


def test_the_service_follows_the_files(ask):
    records = ask.folder / "records.csv"
    before = ask()[1]["actual"]
    text = records.read_text(encoding="utf-8")
    records.write_text(text + "2026-02-09,华东,张三,云帆科技,0.01\n", encoding="utf-8")
    assert float(ask()[1]["actual"]) - float(before) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("query", "status"),
    [({"goal": "华中"}, 404), ({"metric": "profit"}, 404), ({"period": "soon"}, 400)],
)
def test_the_service_refuses_what_is_not_there(ask, query, status):
    found, body = ask(**query)
    assert (found, list(body)) == (status, ["error"])


def test_the_service_has_one_address(ask):
    assert ask("/")[0] == 404


def test_a_plan_that_cannot_stand_is_no_answer(ask):
    (ask.folder / "targets.csv").write_text("区域\n", encoding="utf-8")
    assert ask()[0] == 503
