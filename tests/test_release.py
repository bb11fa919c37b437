"""What is released: the same bytes from the same commit, and a gate that sees what breaks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository"),
]


def git(*words, cwd):
    said = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *said, *words], cwd=cwd, check=True, capture_output=True)
    return done.stdout.decode()


def build(folder):
    """Builds the committed state in a folder of its own and returns what was made, by name."""
    git("clone", "-q", str(ROOT), str(folder), cwd=ROOT)
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": git("log", "-1", "--format=%ct", cwd=ROOT).strip(),
        "FLIT_NO_NETWORK": "1",
    }
    subprocess.run(
        [sys.executable, "-m", "flit", "build"],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
    )
    return {path.name: path for path in (folder / "dist").iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    pytest.importorskip("flit")
    return build(tmp_path_factory.mktemp("one") / "salesgoal")


def test_the_same_commit_gives_the_same_bytes(built, tmp_path):
    again = build(tmp_path / "elsewhere" / "salesgoal")
    assert built.keys() == again.keys()
    assert len(built) == 2
    for name, path in built.items():
        assert path.read_bytes() == again[name].read_bytes(), name


def test_the_wheel_holds_the_package_and_nothing_beside_it(built):
    (wheel,) = (path for name, path in built.items() if name.endswith(".whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"salesgoal"}
    assert "salesgoal/py.typed" in names
    assert [name for name in names if name.startswith("salesgoal/app/demo/")]
    assert not [name for name in names if "__pycache__" in name]


def test_the_sdist_can_be_tested_and_built_again(built):
    (sdist,) = (path for name, path in built.items() if name.endswith(".tar.gz"))
    with tarfile.open(sdist) as packed:
        names = [name.partition("/")[2] for name in packed.getnames()]
    for wanted in (
        "pyproject.toml",
        "LICENSE",
        "CHANGELOG.md",
        "Makefile",
        "tests/test_tidy.py",
    ):
        assert wanted in names, wanted


def test_the_gate_of_public_names_sees_what_breaks(tmp_path):
    pytest.importorskip("griffe")
    house = tmp_path / "house"
    shutil.copytree(ROOT / "src", house / "src", ignore=shutil.ignore_patterns("__pycache__"))
    git("init", "-q", ".", cwd=house)
    git("add", "-A", cwd=house)
    git("commit", "-qm", "one", cwd=house)
    git("tag", "v1", cwd=house)
    command = [sys.executable, "-m", "griffe", "check", "salesgoal", "--search", "src"]
    kept = subprocess.run(
        [*command, "--against", "v1"], cwd=house, capture_output=True, check=False
    )
    assert kept.returncode == 0, kept.stderr
    number = house / "src" / "salesgoal" / "domain" / "number.py"
    text = number.read_text(encoding="utf-8")
    assert "def to_units(amount: Decimal | int, decimals: int)" in text
    number.write_text(
        text.replace("def to_units(amount:", "def to_units(value:"), encoding="utf-8"
    )
    broken = subprocess.run(
        [*command, "--against", "v1"], cwd=house, capture_output=True, text=True, check=False
    )
    assert broken.returncode == 1
    assert "to_units(amount)" in broken.stdout + broken.stderr
