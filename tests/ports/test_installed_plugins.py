"""Every kind of broken plugin, really installed, on every pluggy that we work with."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from .broken_plugins import BROKEN, install

SCRIPT = """\
import json, pluggy
from salesgoal.ports.plugins import Plugins
found = Plugins().discover()
own = [each for each in found.failures if each.distribution.startswith("dist-")]
print(json.dumps({
    "pluggy": pluggy.__version__,
    "importers": sorted(found.importers),
    "failures": [[e.plugin, e.distribution, e.version, e.stage, e.detail] for e in own],
}))
"""


@pytest.fixture(scope="module", params=["1.6.0", "1.7.0"])
def pluggy_folder(request, tmp_path_factory):
    """A folder with that pluggy, and its version."""
    folder = tmp_path_factory.mktemp("pluggy")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--target", str(folder)]
    done = subprocess.run(
        [*command, f"pluggy=={request.param}"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    if done.returncode:
        pytest.skip(f"pluggy {request.param} cannot be installed: {done.stderr[-200:]}")
    return folder, request.param


@pytest.mark.slow
def test_each_is_named_by_distribution_and_stage_while_the_others_work(pluggy_folder, tmp_path):
    folder, version = pluggy_folder
    path = os.pathsep.join((str(folder), str(install(tmp_path / "site"))))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        check=False,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["pluggy"] == version
    assert {"a-good", "z-good"} <= set(found["importers"])
    assert "x" not in found["importers"]
    failures = {each[0]: each[1:] for each in found["failures"]}
    assert list(failures) == sorted(BROKEN)
    for name, (_, stage, said) in BROKEN.items():
        *whose, detail = failures[name]
        assert whose == [f"dist-{name}", "1.2", stage]
        assert said in detail
