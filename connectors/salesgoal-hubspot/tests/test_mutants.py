"""Every broken connector is caught, and every check catches one."""

from __future__ import annotations

import pytest

from salesgoal.testing import try_mutants

from .contract import HubspotContract
from .mutants import mutants

OF_WHOLE_READINGS = ("what_is_there_all_along_is_in_a_disturbed_reading",)
"""Checks that do not apply where changes are read."""


@pytest.mark.slow
def test_every_mutant_is_caught_and_every_check_catches_one():
    found = mutants()
    assert len(found) >= 40
    matrix = try_mutants(HubspotContract, found, besides=OF_WHOLE_READINGS)
    print(f"\n{matrix}")  # noqa: T201 - pytest shows it where it fails
    assert not matrix.faults()
