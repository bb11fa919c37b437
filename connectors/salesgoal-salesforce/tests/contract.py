"""The contract, and what Salesforce asks for beyond it."""

from __future__ import annotations

from salesgoal.testing import Case, ImporterContract
from salesgoal_salesforce import SALESFORCE

from .fake_salesforce import FakeSalesforce


class SalesforceContract(ImporterContract):
    case = Case(spec=SALESFORCE, fake=FakeSalesforce)
