"""Hypothesis profiles: ``--hypothesis-profile=long`` for the long run of `make laws`.

``default`` draws the same examples every time, so that the suite says the same of the same
code; `make laws` is the search for new ones. ``quick`` is for `make quick` and for measuring
coverage: the first of the same examples; `make test` holds every law to all of them afterwards.
``mutants`` is for `make mutants`: the same few examples every time, and never shrunk.
"""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from tests.servers import new_database, server

__all__ = ["new_database", "server"]

collect_ignore = ["journeys/fill_in_office.py"]
"""Run by the Python of LibreOffice, not by ours."""

settings.register_profile("default", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("quick", max_examples=20, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=2000, deadline=None)
settings.register_profile(
    "mutants",
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
)
settings.load_profile("default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick facts come before tables, journeys and laws: what is wrong is said sooner.

    That the laws bite is proved by planted faults, once, with the slow tests.
    """
    items.sort(key=_is_long)
    for item in items:
        if item.path.stem.endswith("_bite"):
            item.add_marker(pytest.mark.slow)


def _is_long(item: pytest.Item) -> bool:
    return item.path.parent.name != "domain" or item.path.stem.endswith("_table")
