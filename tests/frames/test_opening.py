"""The room of frames opens only when it is used, and says what is missing."""

from __future__ import annotations

import sys

import pytest
from tests.test_public_api import loaded_by

import salesgoal.frames
from salesgoal.errors import MissingExtra


def test_its_names_are_sorted_and_documented():
    assert list(salesgoal.frames.__all__) == sorted(salesgoal.frames.__all__)
    for name in salesgoal.frames.__all__:
        assert getattr(salesgoal.frames, name).__doc__
        assert name in dir(salesgoal.frames)


def test_importing_it_loads_no_library():
    loaded = loaded_by("import salesgoal.frames")
    assert not loaded & {"narwhals", "numpy", "polars", "pandas", "pyarrow"}


def test_an_engine_that_is_not_used_is_not_loaded():
    code = (
        "import polars; from salesgoal import *; from salesgoal.frames import track;"
        "from datetime import date;"
        "plan = make_plan(name='x', period='2023-10', metrics=[Metric(id='sales')]);"
        "frame = polars.DataFrame({'on': [date(2023, 10, 6)], 'sales': [1]});"
        "day = date(2023, 10, 7); track(plan, frame, as_of=day);"
        "track(plan, frame.lazy(), as_of=day)"
    )
    assert not loaded_by(code) & {"pandas", "pyarrow", "duckdb"}


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing"):
        _ = salesgoal.frames.nothing


@pytest.mark.parametrize("package", ["narwhals.stable.v2", "numpy"])
def test_a_missing_package_names_its_extra(monkeypatch, package):
    for name in [each for each in sys.modules if each.startswith("salesgoal.frames.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=r"salesgoal\[fast\]"):
        _ = salesgoal.frames.track


def test_a_fault_of_our_own_is_not_said_to_be_an_extra(monkeypatch):
    for name in [each for each in sys.modules if each.startswith("salesgoal.frames.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "salesgoal.frames.query", None)
    with pytest.raises(ModuleNotFoundError, match="query") as refused:
        _ = salesgoal.frames.track
    assert not isinstance(refused.value, MissingExtra)
