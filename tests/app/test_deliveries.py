"""Where a plan's ledger lies, and its secrets."""

from __future__ import annotations

import pytest

from salesgoal.app.deliveries import ledger_target
from salesgoal.app.load import load_plan
from salesgoal.errors import PlanRefused, UsageError

PLAN = '[plan]\nname = "a"\nperiod = "2023"\n[metrics.sales]\n'


def target(tmp_path, ledger, name="2023.toml"):
    (tmp_path / name).write_text(PLAN + ledger, encoding="utf-8")
    return ledger_target(load_plan(tmp_path / name))


def test_it_lies_beside_the_plan(tmp_path):
    assert target(tmp_path, "[ledger]") == tmp_path / "2023.ledger.db"
    assert target(tmp_path, '[ledger]\npath = "x/y.db"') == tmp_path / "x" / "y.db"


def test_the_password_comes_from_the_environment_or_a_file(tmp_path, monkeypatch):
    url = '[ledger]\nurl = "postgresql://team@host/goals"\n'
    assert target(tmp_path, url) == "postgresql://team@host/goals"
    monkeypatch.setenv("GOALS_WORD", "a/b@c")
    found = target(tmp_path, url + 'password = { env = "GOALS_WORD" }')
    assert found == "postgresql://team:a%2Fb%40c@host/goals"
    (tmp_path / "word").write_text("xyz\n", encoding="utf-8")
    found = target(tmp_path, url + 'password = { file = "word" }')
    assert found == "postgresql://team:xyz@host/goals"


@pytest.mark.parametrize(
    "keys",
    [
        'url = "postgresql://team:word@host/goals"',
        'url = "postgresql://host/goals"\npath = "x"',
        'password = { env = "X" }',
        'url = "postgresql://a@host/goals"\npassword = { env = "X", file = "y" }',
    ],
)
def test_a_password_in_the_plan_and_unclear_places_are_refused(tmp_path, keys):
    with pytest.raises(PlanRefused):
        target(tmp_path, f"[ledger]\n{keys}")


@pytest.mark.parametrize("secret", ['{ env = "NOT_THERE_AT_ALL" }', '{ file = "nope" }'])
def test_a_secret_that_is_not_there_is_said(tmp_path, secret):
    with pytest.raises(UsageError):
        target(tmp_path, f'[ledger]\nurl = "postgresql://a@host/g"\npassword = {secret}')


def test_a_url_without_a_name_takes_no_password(tmp_path, monkeypatch):
    monkeypatch.setenv("WORD", "x")
    with pytest.raises(UsageError, match="names nobody"):
        target(tmp_path, '[ledger]\nurl = "postgresql://h/g"\npassword = { env = "WORD" }')
