"""The same input gives the same bytes: in any time zone, language, place and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from salesgoal.app.builtins import built_in_plugins

from .workbooks import lay_out_ratio

pytestmark = pytest.mark.slow

PLACES = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4242"},
)
FORMS = sorted(built_in_plugins().renderers)


def written(folder, place, arguments):
    """What the command writes when it is run somewhere of its own."""
    path = folder / f"out-{place['PYTHONHASHSEED']}"
    environment = {**os.environ, "PYTHONUTF8": "1", **place, "COLUMNS": "80"}
    made = subprocess.run(
        [sys.executable, "-m", "salesgoal", *map(str, arguments), "-o", str(path)],
        env=environment,
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert made.returncode in {0, 4}, made.stderr.decode()
    if path.is_dir():
        return {each.name: each.read_bytes() for each in path.iterdir()}
    return path.read_bytes()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", ["report", "track"])
def test_a_renderer_writes_the_same_bytes_everywhere(tmp_path, form, command):
    plan = lay_out_ratio(tmp_path / "plan")
    arguments = [command, plan, "--as-of", "2023-11-15", "--format", form]
    if form == "png":
        if command == "track":
            pytest.skip("a track draws no single chart")
        arguments += ["--chart", "cumulative/curve_sales"]
    first, *others = [written(tmp_path, place, arguments) for place in PLACES]
    assert first
    assert all(other == first for other in others)


def test_the_files_of_all_owners_are_the_same_bytes_everywhere(tmp_path):
    plan = lay_out_ratio(tmp_path / "plan")
    arguments = ["report", plan, "--as-of", "2023-11-15", "--split-by", "owner"]
    first, *others = [written(tmp_path, place, arguments) for place in PLACES]
    assert len(first) == 5
    assert all(other == first for other in others)
