"""The contract of importers of services, as a class of tests to inherit from.

class TestAcme(ImporterContract):
    case = Case(spec=ACME, fake=FakeAcme)
"""

from __future__ import annotations

import pytest

from salesgoal.testing.change_checks import ChangeChecks
from salesgoal.testing.checks import Checks
from salesgoal.testing.fault_checks import FaultChecks
from salesgoal.testing.reading_checks import ReadingChecks
from salesgoal.testing.secret_checks import SecretChecks
from salesgoal.testing.skipping import note_skip

__all__ = ["ImporterContract", "checks_of"]


class ImporterContract(ReadingChecks, ChangeChecks, FaultChecks, SecretChecks):
    """Every check that a connector has to hold; inherit from it and set ``case``.

    Each check runs the real connector against its fake on 127.0.0.1, and compares what its
    pages come to with everything that the service has, values and all.
    """

    @pytest.fixture(autouse=True)
    def _skips(self, request: pytest.FixtureRequest) -> None:
        name = request.function.__name__
        why = why_skipped(self, name)
        if why is not None:
            note_skip(request.config, f"{self.case.spec.name} {name}: {why}")
            pytest.skip(why)

    def test_skips_have_reasons_and_names(self) -> None:
        """What is skipped is a check of this contract, says why, and is nothing declared."""
        known = checks_of(type(self))
        for name, reason in self.case.skips.items():
            assert name in known, f"no check is called {name}"
            assert reason.strip(), f"{name} is skipped without a reason"
            declared = getattr(getattr(self, name), "needs_increments", False)
            assert not declared, f"{name} cannot be skipped: `incremental` in the spec decides"


def checks_of(contract: type[Checks]) -> list[str]:
    """Returns the names of the checks of a contract, in alphabetical order."""
    return sorted(name for name in dir(contract) if name.startswith("test_"))


def why_skipped(contract: Checks, name: str) -> str | None:
    """Returns why a check does not run; None where it does."""
    case = contract.case
    if (
        getattr(getattr(contract, name), "needs_increments", False)
        and not case.spec.incremental
    ):
        return "its spec says that it is not incremental"
    return case.skips.get(name)
