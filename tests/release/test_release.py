"""What is released: the same bytes from the same commit, and a gate that sees what breaks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import salesgoal

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository"),
]


def git(*words, cwd, umask=-1):
    said = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *said, *words], cwd=cwd, check=True, capture_output=True, umask=umask
    )
    return done.stdout.decode()


def target(name, house, **more):
    """Runs a target of the Makefile in a checkout, with the tools of this environment."""
    bin_folder = Path(sys.executable).parent
    return subprocess.run(
        ["make", "--no-print-directory", "-o", ".venv/ready", f"BIN={bin_folder}", name],
        cwd=house,
        capture_output=True,
        encoding="utf-8",
        check=False,
        **more,
    )


def build(folder, umask=0o022):
    """Builds the committed state in a folder of its own and returns what was made, by name."""
    git("clone", "-q", str(ROOT), str(folder), cwd=ROOT, umask=umask)
    done = target("dist", folder, umask=umask)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.name: path for path in (folder / "dist").iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    pytest.importorskip("flit")
    return build(tmp_path_factory.mktemp("one") / "salesgoal")


@pytest.fixture(scope="module")
def wheel(built):
    return next(path for name, path in built.items() if re.match(r"salesgoal-.*whl", name))


@pytest.fixture(scope="module")
def unpacked(built, tmp_path_factory):
    """The folder of the sdist, as people unpack it."""
    sdist = next(path for name, path in built.items() if re.match(r"salesgoal-.*gz", name))
    folder = tmp_path_factory.mktemp("sdist")
    shutil.unpack_archive(sdist, folder, filter="data")
    (inside,) = folder.iterdir()
    return inside


def test_the_same_commit_gives_the_same_bytes_in_any_folder_under_any_umask(built, tmp_path):
    again = build(tmp_path / "another name", umask=0o077)
    assert built.keys() == again.keys()
    assert len(built) == 2 * 4
    for name, path in built.items():
        assert path.read_bytes() == again[name].read_bytes(), name


def test_the_wheel_holds_the_package_and_nothing_beside_it(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"salesgoal"}
    for wanted in ("py.typed", "plugins/html/page.html.j2", "plugins/html/page.js"):
        assert f"salesgoal/{wanted}" in names
    assert [name for name in names if name.startswith("salesgoal/app/demo/")]
    kinds = {name.rpartition(".")[2] for name in names if name.startswith("salesgoal/")}
    assert kinds <= {"py", "typed", "j2", "js", "css", "csv", "toml", "txt"}
    assert not [name for name in names if "test_" in name or "conftest" in name]


def test_what_is_released_stays_small(built):
    """Two megabytes a wheel and four an sdist: a forgotten file of data is seen."""
    for name, path in built.items():
        assert path.stat().st_size < (2 if name.endswith(".whl") else 4) * 2**20, name


def test_the_sdist_holds_all_that_is_kept_but_what_belongs_to_git(unpacked):
    kept = {
        name
        for name in git("ls-files", "-z", cwd=ROOT).split("\0")
        if name and not (ROOT / name).is_symlink()
    }
    there = {
        path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()
    }
    assert kept - there == {".gitignore"}
    assert there - kept == {"PKG-INFO"}


def test_the_sdist_builds_the_same_wheel(unpacked, wheel, tmp_path):
    house = shutil.copytree(unpacked, tmp_path / "house")
    moment = git("log", "-1", "--format=%ct", cwd=ROOT).strip()
    subprocess.run(
        [sys.executable, "-m", "flit", "build", "--format", "wheel"],
        cwd=house,
        env={**os.environ, "SOURCE_DATE_EPOCH": moment, "FLIT_NO_NETWORK": "1"},
        check=True,
        capture_output=True,
    )
    (again,) = (house / "dist").iterdir()
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_the_tests_of_the_sdist_pass_in_its_folder(unpacked):
    """With its own package, not that of this checkout."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-o", "pythonpath=src", "tests/domain", "src/salesgoal/domain/number.py"),
        ],
        cwd=unpacked,
        env={**os.environ, "PYTHONPATH": str(unpacked / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert " passed" in done.stdout


def test_the_changelog_leads_with_what_is_not_released_or_with_this_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, *released = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert first == "Unreleased"
    assert released[:1] in ([], [salesgoal.__version__])
    tags = git("tag", "-l", "v*", cwd=ROOT).split()
    assert {f"v{each}" for each in released} >= set(tags)


def test_the_gate_of_public_names_sees_what_breaks(tmp_path):
    pytest.importorskip("griffe")
    house = tmp_path / "house"
    git("clone", "-q", str(ROOT), str(house), cwd=ROOT)
    for tag in git("tag", cwd=house).split():
        git("tag", "-d", tag, cwd=house)
    first = target("api", house)
    assert (first.returncode, first.stdout) == (0, "no tag yet: nothing to compare with\n")
    git("tag", "v0.0.1", cwd=house)
    kept = target("api", house)
    assert kept.returncode == 0, kept.stdout + kept.stderr
    number = house / "src" / "salesgoal" / "domain" / "number.py"
    text = number.read_text(encoding="utf-8")
    assert "def to_units(amount: Decimal | int, decimals: int)" in text
    text = text.replace("def to_units(amount:", "def to_units(value:")
    number.write_text(text, encoding="utf-8")
    broken = target("api", house)
    assert broken.returncode != 0
    assert "to_units(amount)" in broken.stdout + broken.stderr
