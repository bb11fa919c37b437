"""The run on every Python says what it did not do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from . import versions
from .versions import LANES, Lane, find_python, look_round, main, others

OWN = "{}.{}".format(*sys.version_info[:2])
NONE = Lane(python="3.0", locale="C", zone="UTC", seed="0")
HERE = Lane(python=OWN, locale="C", zone="UTC", seed="0")


def test_each_of_three_values_is_met_once():
    for name in ("python", "locale", "zone", "seed"):
        assert len({getattr(each, name) for each in LANES}) == 3


def test_every_promised_python_has_its_lane():
    text = (versions.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    named = [
        each for each in LANES if f"Programming Language :: Python :: {each.python}" in text
    ]
    assert named == list(LANES)
    assert text.count("Programming Language :: Python :: 3.") == len(LANES)


def test_this_python_is_found_and_one_of_another_world_is_not():
    assert find_python("3.0") is None
    found = find_python(OWN)
    assert found is None or versions._version_of(str(found)) == OWN


def test_a_python_may_be_named(monkeypatch, tmp_path):
    named = tmp_path / "mine"
    named.write_text("#!/bin/sh\nprintf 3.0\n", encoding="utf-8")
    named.chmod(0o755)
    monkeypatch.setenv("PYTHONS", f"/nowhere/python:{named}")
    assert find_python("3.0") == named


def test_a_lane_keeps_no_place_of_whoever_runs_it(monkeypatch):
    for name in (
        "LANG",
        "LC_TIME",
        "PYTHONUTF8",
        "PYTHONPATH",
        "TZ",
        "LOCPATH",
        "SALESGOAL_LANG",
    ):
        monkeypatch.setenv(name, "x")
    environment = LANES[1].environment(Path("/nowhere"))
    assert environment["TZ"] == "America/St_Johns"
    assert environment["LC_ALL"] == "zh_CN.GB18030"
    left = {"LANG", "LC_TIME", "PYTHONUTF8", "PYTHONPATH", "SALESGOAL_LANG", "LOCPATH"}
    assert not left & environment.keys()


def test_a_locale_that_cannot_be_made_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(versions, "find_python", lambda _: Path(sys.executable))
    lane = Lane(python=OWN, locale="xx_XX.UTF-8", zone="UTC", seed="0")
    found, missing = look_round([lane], tmp_path)
    assert [each.locale for each in found] == ["C.UTF-8"]
    assert "xx_XX.UTF-8" in missing[0]


def test_without_another_python_this_one_runs():
    assert others({HERE: Path("a")}) == {HERE: Path("a")}
    assert others({HERE: Path("a"), NONE: Path("b")}) == {NONE: Path("b")}


@pytest.mark.parametrize(("options", "code"), [([], 1), (["--allow-missing"], 0)])
def test_a_missing_python_is_a_failure_unless_that_is_allowed(
    monkeypatch, capsys, options, code
):
    monkeypatch.setattr(versions, "LANES", [NONE, HERE])
    monkeypatch.setattr(versions, "find_python", {OWN: Path("a")}.get)
    monkeypatch.setattr(versions, "run_lanes", lambda *_, **__: [])
    assert main(options) == code
    assert "NOT HERE: Python 3.0" in capsys.readouterr().out


def test_where_nothing_ran_nothing_passed(monkeypatch, capsys):
    monkeypatch.setattr(versions, "LANES", [NONE])
    monkeypatch.setattr(versions, "run_lanes", lambda *_, **__: [])
    assert main(["--allow-missing"]) == 1
    assert "NOT HERE" in capsys.readouterr().out


def test_a_lane_that_fails_is_a_failure(monkeypatch, capsys):
    monkeypatch.setattr(versions, "LANES", [HERE])
    monkeypatch.setattr(versions, "find_python", {OWN: Path("a")}.get)
    monkeypatch.setattr(versions, "run_lanes", lambda *_, **__: ["Python 3.x"])
    assert main([]) == 1
    assert "FAILED: Python 3.x" in capsys.readouterr().out
