"""What `import salesgoal` promises."""

from __future__ import annotations

import subprocess
import sys

import pytest

import salesgoal

HEAVY = {
    *("openpyxl", "xlsxwriter", "jinja2", "narwhals", "polars", "pandas", "numpy", "click"),
    *("rich", "cattrs", "pluggy", "dateutil", "salesgoal.plugins", "salesgoal.app"),
    *("salesgoal.intake", "salesgoal.cli", "salesgoal.ports"),
    *("sqlalchemy", "salesgoal.store"),
}


def loaded_by(code):
    code = f"import sys; {code}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return set(done.stdout.split())


def test_names_are_sorted_and_at_most_fifty():
    assert list(salesgoal.__all__) == sorted(salesgoal.__all__)
    assert len(salesgoal.__all__) <= 50


@pytest.mark.parametrize("name", salesgoal.__all__)
def test_every_public_name_is_there_and_documented(name):
    assert getattr(salesgoal, name).__doc__
    assert name in dir(salesgoal)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing"):
        _ = salesgoal.nothing


def test_importing_it_loads_nothing_heavy_and_no_plugin():
    loaded = loaded_by("import salesgoal")
    assert "salesgoal" in loaded
    assert not loaded & HEAVY


def test_using_the_domain_loads_nothing_heavy():
    loaded = loaded_by("import salesgoal; salesgoal.hold_against")
    assert "salesgoal.domain.scorecard" in loaded
    assert not loaded & HEAVY
