"""simple-salesforce reads the fake, so that the fake is checked by code that is not ours.

It knows https alone, which the fake has not, so its requests are sent on over http. ``make
oracles`` installs it; elsewhere these tests are skipped.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
import requests
from requests.adapters import HTTPAdapter

from salesgoal.testing import SENTINEL, Loopback, World

from .fake_salesforce import CALLS_OF_A_SESSION, CLIENT_ID, FakeSalesforce

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

GONE = {"D-003", "D-004"}
QUERY = (
    "SELECT Id, Amount, CloseDate, IsWon, IsDeleted, Owner.Name, Account.Name, SystemModstamp"
    " FROM Opportunity WHERE SystemModstamp >= 2026-01-01T00:00:00Z ORDER BY SystemModstamp, Id"
)


class InClear(HTTPAdapter):
    def send(self, request, **more):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **more)


@pytest.fixture
def world():
    world = World(page_share=7)
    world.put_many([f"D-{at:03d}" for at in range(23)])
    for key in GONE:
        world.delete(key)
    world.put("nobody", None, customer=None)
    return world


@pytest.fixture
def theirs(world):
    library = pytest.importorskip(
        "simple_salesforce", reason="simple-salesforce is not installed"
    )
    with Loopback(answer=FakeSalesforce(world).answer) as server, requests.Session() as session:
        session.mount("https://", InClear())
        host = server.base_url.removeprefix("http://")
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": SENTINEL,
        }
        given = session.post(f"https://{host}/services/oauth2/token", data=form).json()
        yield library.Salesforce(
            instance=host,
            session_id=given["access_token"],
            session=session,
            version="62.0",
            parse_float=Decimal,
        )


def test_they_page_through_every_row(theirs, world):
    found = theirs.query_all(QUERY)["records"]
    truth = world.truth()
    assert {each["Id"]: each["Amount"] for each in found} == {
        key: deal.amount for key, deal in truth.items()
    }
    assert [each["SystemModstamp"] for each in found] == sorted(
        each["SystemModstamp"] for each in found
    )
    nobody = next(each for each in found if each["Id"] == "nobody")
    assert nobody["Account"] is None
    assert nobody["Owner"]["attributes"]["type"] == "User"
    assert theirs.api_usage["api-usage"].total == 15_000


def test_deleted_rows_come_where_they_are_asked_for(theirs, world):
    found = theirs.query_all(QUERY, include_deleted=True)["records"]
    assert {each["Id"] for each in found if each["IsDeleted"]} == GONE
    assert len(found) == len(world.truth()) + len(GONE)


def test_a_query_says_how_many_there_are_and_where_the_rest_is(theirs):
    first = theirs.query(QUERY + " LIMIT 8")
    assert (first["totalSize"], first["done"], len(first["records"])) == (8, False, 7)
    second = theirs.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    assert (second["done"], len(second["records"])) == (True, 1)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT Id FROM", "MALFORMED_QUERY"),
        ("SELECT Id FROM Opportunity WHERE IsWon", "MALFORMED_QUERY"),
        ("SELECT Nothing FROM Opportunity", "INVALID_FIELD"),
        ("SELECT Id FROM Opportunity WHERE Nothing = 'x'", "INVALID_FIELD"),
        ("SELECT Id, Id FROM Opportunity", "DUPLICATE_FIELD"),
        ("SELECT Id FROM Opportunity LIMIT 1 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
    ],
)
def test_a_wrong_query_is_refused_by_its_code(theirs, query, code):
    from simple_salesforce.exceptions import SalesforceMalformedRequest

    with pytest.raises(SalesforceMalformedRequest) as refused:
        theirs.query(query)
    assert refused.value.content[0]["errorCode"] == code


def test_a_locator_expires(theirs, world):
    from simple_salesforce.exceptions import SalesforceMalformedRequest

    first = theirs.query(QUERY)
    world.advance(7200)
    with pytest.raises(SalesforceMalformedRequest) as refused:
        theirs.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    assert refused.value.content[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_a_session_runs_out(theirs):
    from simple_salesforce.exceptions import SalesforceExpiredSession

    for _ in range(CALLS_OF_A_SESSION):
        theirs.query("SELECT Id FROM Opportunity LIMIT 1")
    with pytest.raises(SalesforceExpiredSession):
        theirs.query("SELECT Id FROM Opportunity LIMIT 1")
