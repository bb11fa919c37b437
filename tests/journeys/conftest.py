"""The desk whose actuals come from a CRM, as several journeys find it."""

from __future__ import annotations

import sys

import pytest

from .crm_desk import TOKEN, Crm, install, lay_out


@pytest.fixture
def crm():
    """A CRM of seven deals."""
    made = Crm(7)
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path, monkeypatch, crm):
    """A plan that syncs with it, through a plugin that is installed for the test."""
    monkeypatch.syspath_prepend(install(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "salesgoal_acme", raising=False)
    monkeypatch.setenv("ACME_TOKEN", TOKEN)
    return lay_out(tmp_path / "desk", crm)
