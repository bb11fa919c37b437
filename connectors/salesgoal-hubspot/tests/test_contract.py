"""The contract of importers holds for HubSpot."""

from __future__ import annotations

from .contract import HubspotContract


class TestHubspot(HubspotContract):
    pass
