"""Somebody follows the tutorial of connectors, in an empty folder and a fresh environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial"
PAGE = (TUTORIAL / "write-a-connector.md").read_text(encoding="utf-8")
CHINESE = (TUTORIAL / "write-a-connector.zh.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"<!-- write: (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
CHECKS = ("-q", "-p", "no:cacheprovider", "--show-capture=no")


@pytest.fixture
def folder(tmp_path):
    """What somebody has written by the end of the tutorial."""
    for name, content in BLOCKS:
        path = tmp_path / "acme-goals" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path / "acme-goals"


def call(folder, *command, **environment):
    return subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_connector_has_sixty_lines():
    files = dict(BLOCKS)
    assert len(files["acme_goals.py"].splitlines()) <= 60
    assert [*files] == [
        "acme_goals.py",
        "tests/fake_acme.py",
        "tests/test_contract.py",
        "pyproject.toml",
    ]


def test_the_chinese_page_shows_the_same_files():
    marks = re.findall(r':(?:start-after|end-before): "(.+)"', CHINESE)
    assert len(marks) == 2 * len(BLOCKS)
    places = [PAGE.index(mark) for mark in marks]
    assert places == sorted(places)
    assert re.findall(r"```toml\n(\[\[actuals.*?)```", PAGE, re.DOTALL) == re.findall(
        r"```toml\n(\[\[actuals.*?)```", CHINESE, re.DOTALL
    )


@pytest.mark.slow
def test_the_kit_holds_and_says_what_is_lost_when_it_is_broken(folder):
    right = call(folder, sys.executable, "-m", "pytest", *CHECKS, PYTHONPATH=str(folder))
    assert right.returncode == 0, right.stdout
    connector = folder / "acme_goals.py"
    text = connector.read_text(encoding="utf-8")
    broken = text.replace("LOOK_BACK = timedelta(minutes=15)", "LOOK_BACK = timedelta(0)")
    assert broken != text
    connector.write_text(broken, encoding="utf-8")
    wrong = call(
        folder,
        *(sys.executable, "-m", "pytest", *CHECKS, "-k", "shown_late"),
        PYTHONPATH=str(folder),
    )
    assert wrong.returncode == 1
    for line in re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)[1].splitlines():
        assert line in wrong.stdout


@pytest.mark.slow
def test_a_new_author_gets_to_the_end(folder, tmp_path):
    """In a fresh environment; what others made is taken from ours: no network is needed."""
    pytest.importorskip("flit_core")
    packed = tmp_path / "wheel"
    packed.mkdir()
    build = (
        "import sys; from flit_core import buildapi; print(buildapi.build_wheel(sys.argv[1]))"
    )
    done = call(ROOT, sys.executable, "-c", build, packed)
    assert done.returncode == 0, done.stderr
    environment = folder / ".venv"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    ours = sysconfig.get_path("purelib")
    theirs = call(
        folder, python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"
    )
    Path(theirs.stdout.strip(), "others.pth").write_text(ours, encoding="utf-8")
    pip = (python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    made = call(folder, *pip, *packed.iterdir())
    assert made.returncode == 0, made.stderr
    made = call(folder, *pip, "--no-build-isolation", "--editable", ".")
    assert made.returncode == 0, made.stderr
    where = call(folder, python, "-c", "import salesgoal; print(salesgoal.__file__)")
    assert str(environment) in where.stdout
    kit = call(folder, python, "-m", "pytest", *CHECKS)
    assert kit.returncode == 0, kit.stdout
    listed = call(folder, python, "-m", "salesgoal", "plugins", "--lang", "en")
    assert "acme" in listed.stdout, listed.stdout + listed.stderr
