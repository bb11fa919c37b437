"""Runs the tests against the installed wheel, on every promised Python; `make versions`.

The wheel and the sdist are built; each Python gets an environment of its own with the wheel,
and runs the tests of the unpacked sdist, whose package it cannot see. Each Python is met in
another locale, time zone and hash seed, so that each of the nine is met for the price of three:

=========  ===================  ===================  ====
Python     locale               time zone            seed
=========  ===================  ===================  ====
3.11       C                    Asia/Shanghai        0
3.12       zh_CN.GB18030        America/St_Johns     1
3.13       tr_TR.UTF-8          Pacific/Kiritimati   42
=========  ===================  ===================  ====

A Python or a locale that is not here is a failure; with ``--allow-missing`` it is said.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[2]
EXTRAS = "test,docs,testing,bench,cn,duckdb,fast,holidays,http,png,postgres"
QUICK_EXTRAS = "test,testing,cn,fast,holidays,http"
WHOLE = ("--pyargs", "salesgoal", "./tests", "./connectors", "./examples", "README.md", "docs")
QUICK = (
    *("--pyargs", "salesgoal.domain", "salesgoal.sheets", "salesgoal.intake", "salesgoal.cli"),
    *("./tests/domain", "./tests/sheets", "./tests/intake", "README.md"),
    *("./tests/laws/test_allocation_laws.py", "./tests/laws/test_calendar_laws.py"),
    *("./tests/laws/test_roll_up_laws.py", "./tests/laws/test_ledger_laws.py"),
    *("./tests/journeys/test_encodings.py", "./tests/journeys/test_new_and_check.py"),
    *("./tests/journeys/test_machine_output.py", "./tests/release/test_installed.py"),
)
"""What tells Pythons, locales, zones and seeds apart: numbers, days, texts, order, files."""
MARKS = "not slow and not office and not browser and not engines"


@attrs.frozen(kw_only=True)
class Lane:
    """One Python, and where in the world it runs."""

    python: str
    locale: str
    zone: str
    seed: str

    def environment(self, locales: Path) -> dict[str, str]:
        """Returns the variables of the process; nothing of ours but where things are."""
        ours = (
            "LC_",
            "LANG",
            "LOCPATH",
            "TZ",
            "PYTHON",
            "VIRTUAL_ENV",
            "COVERAGE",
            "PYTEST",
            "SALESGOAL",
        )
        kept = {key: each for key, each in os.environ.items() if not key.startswith(ours)}
        told = {"LC_ALL": self.locale, "TZ": self.zone, "PYTHONHASHSEED": self.seed}
        made = {"LOCPATH": str(locales)} if (locales / self.locale).exists() else {}
        lane = f"{self.python} {self.locale} {self.zone} {self.seed}"
        return {**kept, **told, **made, "SALESGOAL_LANE": lane, "PYTHONDONTWRITEBYTECODE": "1"}


LANES = (
    Lane(python="3.11", locale="C", zone="Asia/Shanghai", seed="0"),
    Lane(python="3.12", locale="zh_CN.GB18030", zone="America/St_Johns", seed="1"),
    Lane(python="3.13", locale="tr_TR.UTF-8", zone="Pacific/Kiritimati", seed="42"),
)


def find_python(version: str) -> Path | None:
    """Returns an interpreter of a version that can make environments; None where there is none.

    ``$PYTHONS`` names interpreters; then the path is looked through, then those of pyenv.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    named = os.environ.get("PYTHONS", "").split(os.pathsep)
    for each in (
        *filter(None, named),
        getattr(sys, "_base_executable", sys.executable),
        shutil.which(f"python{version}") or "",
        *sorted(map(str, pyenv.glob(f"versions/{version}*/bin/python")), reverse=True),
    ):
        if each and _version_of(each) == version:
            return Path(each)
    return None


def _version_of(python: str) -> str | None:
    told = "import ensurepip, sys, venv; sys.stdout.write('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            [python, "-c", told], capture_output=True, text=True, check=False, cwd="/"
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def make_locale(name: str, folder: Path) -> bool:
    """Makes a locale of the system's sources; whether the system then knows it."""
    language, _, charset = name.partition(".")
    if not charset:
        return True
    folder.mkdir(exist_ok=True)
    command = ["localedef", "-i", language, "-f", charset, str(folder / name)]
    try:
        subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return False
    return (folder / name / "LC_CTYPE").exists()


def build(folder: Path) -> tuple[Path, Path]:
    """Builds the wheel and the sdist of the working tree; returns both."""
    house = folder / "house"
    for name in _names():
        target = house / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target, follow_symlinks=False)
    run(
        [sys.executable, "-m", "flit", "build"],
        cwd=house,
        env={**os.environ, "FLIT_NO_NETWORK": "1"},
    )
    (wheel,) = (house / "dist").glob("*.whl")
    (sdist,) = (house / "dist").glob("*.tar.gz")
    return wheel, sdist


def _names() -> Iterator[str]:
    """The files of the project, also those that are not committed yet."""
    told = run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT)
    yield from (name for name in told.split("\0") if name and os.path.lexists(ROOT / name))


def run(command: Sequence[str | Path], **more: object) -> str:
    """Runs a command and returns what it prints.

    Raises:
        SystemExit: It failed; with all it said.
    """
    done = subprocess.run(  # type: ignore[call-overload]
        [*map(str, command)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **more,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return str(done.stdout)


def prepare(
    python: Path,
    folder: Path,
    wheel: Path,
    sdist: Path,
    extras: str,
    environment: Mapping[str, str],
) -> Path:
    """Makes an environment with the wheel beside the unpacked sdist; returns its Python.

    The sdist is unpacked in the locale of the tests, so that names are what they are there.
    """
    folder.mkdir()
    run([python, "-m", "venv", folder / "env"])
    own = folder / "env" / "bin" / "python"
    pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    more = ["pyarrow>=18"] if extras == EXTRAS else []
    run([*pip, f"{wheel}[{extras}]", *more], cwd=folder)
    unpack = "import shutil, sys; shutil.unpack_archive(*sys.argv[1:], filter='data')"
    run([own, "-c", unpack, sdist, folder / "sdist"], env=environment)
    return own


def say(line: str) -> None:
    """Says one line, before what is run next says its own."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Runs the lanes; 0 where all passed and, unless that is allowed, none was missing."""
    parser = argparse.ArgumentParser(description="the tests on every Python, from the wheel")
    parser.add_argument("--quick", action="store_true", help="a selection, for each commit")
    parser.add_argument("--others", action="store_true", help="those that do not run this")
    parser.add_argument("--only", action="append", choices=[each.python for each in LANES])
    parser.add_argument("--allow-missing", action="store_true", help="say it, do not fail")
    given = parser.parse_args(arguments)
    lanes = [each for each in LANES if not given.only or each.python in given.only]
    with tempfile.TemporaryDirectory(prefix="versions-") as name:
        found, missing = look_round(lanes, Path(name))
        if given.others:
            found = others(found)
        for each in missing:
            say(f"NOT HERE: {each}")
        if missing and not given.allow_missing:
            return 1
        failed = run_lanes(found, Path(name), quick=given.quick)
    for each in missing:
        say(f"NOT TRIED: {each}")
    for each in failed:
        say(f"FAILED: {each}")
    return 1 if failed or not found else 0


def look_round(lanes: Sequence[Lane], folder: Path) -> tuple[dict[Lane, Path], list[str]]:
    """Returns the interpreters of the lanes that can run here, and what is missing.

    A lane whose locale cannot be made runs in C.UTF-8.
    """
    found, missing = {}, []
    for lane in lanes:
        python = find_python(lane.python)
        if python is None:
            missing.append(f"Python {lane.python} (its path may stand in $PYTHONS)")
        elif make_locale(lane.locale, folder / "locales"):
            found[lane] = python
        else:
            missing.append(
                f"locale {lane.locale} (localedef, and its sources: package locales)"
            )
            found[attrs.evolve(lane, locale="C.UTF-8")] = python
    return found, missing


def others(found: Mapping[Lane, Path]) -> dict[Lane, Path]:
    """Returns the lanes of other Pythons than this one; all where there is no other."""
    own = "{}.{}".format(*sys.version_info[:2])
    return {lane: each for lane, each in found.items() if lane.python != own} or dict(found)


def run_lanes(found: Mapping[Lane, Path], folder: Path, *, quick: bool) -> list[str]:
    """Returns the lanes that failed."""
    wheel, sdist = build(folder)
    say(f"{wheel.name}: {wheel.stat().st_size:,} bytes; {sdist.name}: {sdist.stat().st_size:,}")
    extras = QUICK_EXTRAS if quick else EXTRAS
    start = now()
    with ThreadPoolExecutor() as pool:
        waiting = {
            lane: pool.submit(
                prepare,
                python,
                folder / lane.python,
                wheel,
                sdist,
                extras,
                lane.environment(folder / "locales"),
            )
            for lane, python in found.items()
        }
        pythons = {lane: each.result() for lane, each in waiting.items()}
    say(f"installed: {taken(start)}")
    failed = []
    for lane, python in pythons.items():
        start = now()
        say(f"Python {lane.python} · {lane.locale} · {lane.zone} · seed {lane.seed}")
        code = run_tests(lane, python, folder, QUICK if quick else WHOLE)
        say(f"Python {lane.python}: {taken(start)}")
        if code:
            failed.append(f"Python {lane.python}, {lane.locale}, {lane.zone}, seed {lane.seed}")
    return failed


def now() -> tuple[float, float]:
    """Returns the clock, and the processor time of what has ended, in seconds."""
    spent = os.times()
    return spent.elapsed, spent.children_user + spent.children_system


def taken(start: tuple[float, float]) -> str:
    """Returns how long something took; on a busy machine the second figure says more."""
    elapsed, spent = (end - begin for end, begin in zip(now(), start, strict=True))
    return f"{elapsed:.0f} s, of processors {spent:.0f} s"


def run_tests(lane: Lane, python: Path, folder: Path, what: Sequence[str]) -> int:
    """Runs pytest in the unpacked sdist; returns its exit code."""
    (unpacked,) = (folder / lane.python / "sdist").iterdir()
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", MARKS]
    spread = ["-n", "auto", "--dist", "loadfile"]
    return subprocess.run(
        [*command, *spread, *what],
        cwd=unpacked,
        env=lane.environment(folder / "locales"),
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
