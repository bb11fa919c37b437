"""Runs the examples of the README and the docs like any other test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/**/*.md"],
).pytest()

os.environ["PYTHONIOENCODING"] = "utf-8"
"""What our command says to a test is UTF-8, whatever the terminal of whoever runs the tests."""

REAL = Path(__file__).parent / "tests" / "real"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests against the public data sets are slow ones."""
    for item in items:
        if REAL in item.path.parents:
            item.add_marker(pytest.mark.slow)
