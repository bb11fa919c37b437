"""The contract of importers holds for HubSpot."""

from __future__ import annotations

from salesgoal.testing import Case, ImporterContract
from salesgoal_hubspot import HUBSPOT

from .fake_hubspot import FakeHubspot


class TestHubspot(ImporterContract):
    case = Case(spec=HUBSPOT, fake=FakeHubspot)
