"""The contract of importers holds for Salesforce."""

from __future__ import annotations

from salesgoal.testing import Case, ImporterContract
from salesgoal_salesforce import SALESFORCE

from .fake_salesforce import FakeSalesforce


class TestSalesforce(ImporterContract):
    case = Case(spec=SALESFORCE, fake=FakeSalesforce)
