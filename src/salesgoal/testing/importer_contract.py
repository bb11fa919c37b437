"""The contract of importers of services, as a class of tests to inherit from."""

from __future__ import annotations

from salesgoal.testing.change_checks import ChangeChecks
from salesgoal.testing.contract import Contract
from salesgoal.testing.fault_checks import FaultChecks
from salesgoal.testing.reading_checks import ReadingChecks
from salesgoal.testing.secret_checks import SecretChecks
from salesgoal.testing.whole_checks import WholeChecks

__all__ = ["ImporterContract"]


class ImporterContract(
    ReadingChecks, ChangeChecks, WholeChecks, FaultChecks, SecretChecks, Contract
):
    """Every check that a connector has to hold; inherit from it and set ``case``.

    Each check runs the real connector against its fake on 127.0.0.1, and compares what its
    pages come to with everything that the service has, values and all. It takes a few seconds::

        class TestAcme(ImporterContract):
            case = Case(spec=ACME, fake=FakeAcme)
    """
