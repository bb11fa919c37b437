from __future__ import annotations

from datetime import UTC, date, datetime

import attrs
import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.problem import Place
from salesgoal.errors import UsageError


def test_a_fact_without_members_and_address_comes_from_code():
    fact = Actual(on=date(2023, 10, 6), values={"sales": 5})
    assert fact.members == {}
    assert fact.where == Place("code")


def test_a_fact_is_immutable():
    fact = Actual(on=date(2023, 10, 6), values={"sales": 5})
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        fact.on = date(2023, 10, 7)


def test_a_revision_needs_a_zone():
    moment = datetime.fromisoformat("2023-10-06T08:00")
    with pytest.raises(UsageError, match="no zone"):
        Actual(on=moment.date(), values={}, revision=moment)


@pytest.mark.parametrize("on", [datetime(2023, 10, 6, 8, tzinfo=UTC), "2023-10-06", None])
def test_a_fact_is_of_a_day_or_of_a_period(on):
    with pytest.raises(UsageError, match="give a date without a time, or a Period") as refused:
        Actual(on=on, values={"sales": 5})
    assert repr(on) in str(refused.value)
    assert refused.value.zh.startswith(f"on 为 {on!r}")
