"""The contract holds for a right connector."""

from __future__ import annotations

from salesgoal.testing import ImporterContract

from .acme import ACME


class TestAcme(ImporterContract):
    case = ACME
