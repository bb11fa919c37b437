"""The contract of importers holds for Salesforce."""

from __future__ import annotations

from .contract import SalesforceContract


class TestSalesforce(SalesforceContract):
    pass
