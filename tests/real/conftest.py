"""Real data: public files in ``../shared/data``, tracked by the command as a user would.

Every plan is copied beside a link to the data, so that its relative paths hold and nothing is
written into the project; its prepare.py runs there, as its first comment says.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import SimpleNamespace

import pytest

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared"

Row = dict[str, str]
Columns = Mapping[str, str | None]


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "data").is_dir():
        pytest.skip("the public data of ../shared/data is not here")
    return SHARED


@pytest.fixture(scope="session")
def plans(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of tests/real, its data where its plans look for them, nothing prepared yet."""
    house = tmp_path_factory.mktemp("house")
    (house / "shared").symlink_to(shared, target_is_directory=True)
    leave_out = shutil.ignore_patterns("prepared", "__pycache__", "test_*.py", "conftest.py")
    return shutil.copytree(HERE, house / "main" / "tests" / "real", ignore=leave_out)


@pytest.fixture(scope="session")
def prepared(plans: Path, shared: Path) -> Callable[[str], Path]:
    """Data set -> the folder of its plans, with what its prepare.py makes."""
    ready: set[str] = set()

    def prepare(name: str) -> Path:
        script = plans / name / "prepare.py"
        if name not in ready and script.exists():
            command = [sys.executable, str(script), str(shared / "data" / name)]
            subprocess.run(command, check=True, capture_output=True)
        ready.add(name)
        return plans / name

    return prepare


@pytest.fixture(scope="session")
def tracked(prepared: Callable[[str], Path]) -> Callable[..., SimpleNamespace]:
    """Data set, plan, day and cross-cut -> what ``salesgoal track`` answers; each asked once.

    The answer has ``rows``, (goal, metric, period) -> row; ``goals``, the last name of a path
    -> path; ``whole``, the label of the plan's own period; ``reconciliation``.
    """
    known: dict[tuple[str, str, str, str], SimpleNamespace] = {}

    def track(
        name: str, plan: str = "plan.toml", *, as_of: str, by: str = ""
    ) -> SimpleNamespace:
        key = (name, plan, as_of, by)
        if key not in known:
            path = str(prepared(name) / plan)
            command = [sys.executable, "-m", "salesgoal", "track", path, "--as-of", as_of]
            command += ["--by", by] if by else []
            done = subprocess.run(
                [*command, "--format", "json", "--lang", "en"],
                check=False,
                capture_output=True,
                encoding="utf-8",
            )
            assert not done.returncode, done.stderr
            known[key] = _answer(json.loads(done.stdout))
        return known[key]

    return track


@pytest.fixture(scope="session")
def expected(shared: Path) -> Callable[[str, str], list[Row]]:
    """Data set and file -> every row of what should come out."""

    def read(name: str, file: str) -> list[Row]:
        path = shared / "data" / name / "expected" / file
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    return read


@pytest.fixture(scope="session")
def compare(shared: Path, expected: Callable[[str, str], list[Row]]) -> Callable[..., None]:
    """Holds every row of an expected file against what was found for it, exactly.

    ``find`` returns our columns for a row; those and ``keys`` are all columns of the file, so
    that nothing is passed over in silence.
    """

    def check(
        name: str, file: str, find: Callable[[Row], Columns], *, keys: Collection[str]
    ) -> None:
        path = shared / "data" / name / "expected" / file
        compared, figures, differences = 0, 0, []
        for row in expected(name, file):
            found = find(row)
            assert {*found, *keys} == set(row), f"{file} has other columns: {list(row)}"
            wrong = {key: ours for key, ours in found.items() if not _same(ours, row[key])}
            differences += [(row, wrong)] if wrong else []
            compared += 1
            figures += len(found)
        assert not differences, f"{len(differences)} rows differ, first: {differences[:2]}"
        print(f"{file}: {compared} rows, {figures} figures")  # noqa: T201 - shown by -s
        assert compared > 0
        assert compared == len(path.read_text("utf-8").splitlines()) - 1

    return check


def _same(ours: str | None, theirs: str) -> bool:
    """Whether two texts are one number, or the same text; absent is blank, and never zero."""
    if ours is None or not theirs:
        return ours is None and not theirs
    try:
        return Decimal(ours) == Decimal(theirs)
    except InvalidOperation:
        return ours == theirs


def _answer(content: dict) -> SimpleNamespace:
    rows = {(row["goal"], row["metric"], row["period"]): row for row in content["rows"]}
    assert len(rows) == len(content["rows"])
    goals = {goal.rpartition("/")[2]: goal for goal, _, _ in rows}
    assert len(goals) == len({goal for goal, _, _ in rows})
    return SimpleNamespace(
        rows=rows,
        goals=goals,
        whole=next(iter(rows))[2],
        reconciliation=content["reconciliation"],
    )


@pytest.fixture(scope="session")
def variance() -> Callable[[Row], str | None]:
    """What actual is above the target, the other way round than a gap."""

    def turn(row: Row) -> str | None:
        return None if row["gap"] is None else f"{0 - Decimal(row['gap']):f}"

    return turn
