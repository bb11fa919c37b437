"""HubSpot's own client reads the fake, so that the fake is checked by code that is not ours.

It speaks v3 and v4 alone. ``make oracles`` installs it; elsewhere these tests are skipped.
"""

from __future__ import annotations

import pytest

from salesgoal.testing import SENTINEL, Loopback, World

from .fake_hubspot import OWNERS, PASSER_BY, FakeHubspot, zulu

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

KEYS = [f"D-{at:03d}" for at in range(23)]
GONE = KEYS[3:8]


@pytest.fixture
def world():
    world = World(page_share=7)
    world.put_many(KEYS)
    for key in GONE:
        world.delete(key)
        world.advance(60)
    return world


@pytest.fixture
def theirs(world):
    hubspot = pytest.importorskip("hubspot", reason="hubspot-api-client is not installed")
    with Loopback(answer=FakeHubspot(world).answer) as server:
        yield hubspot.HubSpot(access_token=SENTINEL, host=server.base_url)


def search(theirs, **asked):
    from hubspot.crm.deals import PublicObjectSearchRequest

    return theirs.crm.deals.search_api.do_search(PublicObjectSearchRequest(**asked))


def test_their_search_pages_through_every_deal(theirs, world):
    found, after = [], None
    while True:
        page = search(
            theirs,
            limit=10,
            after=after,
            properties=["dealname", "amount", "hs_is_closed_won"],
            sorts=[{"propertyName": "hs_lastmodifieddate", "direction": "ASCENDING"}],
        )
        found += page.results
        if page.paging is None:
            break
        after = page.paging.next.after
    truth = sorted(world.truth().values(), key=lambda deal: deal.modified_at)
    assert [each.id for each in found] == [deal.key for deal in truth]
    assert [each.properties["amount"] for each in found] == [f"{d.amount:f}" for d in truth]
    assert {each.properties["hs_is_closed_won"] for each in found} == {"true"}
    assert page.total == len(truth)


def test_their_filters_are_understood(theirs, world):
    one = world.truth()["D-020"]
    millis = str(int(one.modified_at.timestamp()) * 1000)
    moment = {"propertyName": "hs_lastmodifieddate", "value": millis}
    filters = [{**moment, "operator": "GTE"}, {**moment, "operator": "LTE"}]
    found = search(theirs, filter_groups=[{"filters": filters}], limit=1)
    assert [each.id for each in found.results] == ["D-020"]
    assert found.results[0].updated_at == one.modified_at


@pytest.mark.parametrize("more", [{"limit": 201}, {"sorts": [{"propertyName": "a"}] * 2}])
def test_what_the_service_refuses_is_refused(theirs, more):
    from hubspot.crm.deals import ApiException

    with pytest.raises(ApiException) as refused:
        search(theirs, **more)
    assert refused.value.status == 400


def test_they_list_deleted_deals_apart(theirs, world):
    listed = theirs.crm.deals.get_all(archived=True)
    assert [each.id for each in listed] == GONE
    moments = {zulu(deal.modified_at) for deal in world.found() if deal.deleted}
    assert {zulu(each.archived_at) for each in listed} == moments
    assert {each.id for each in theirs.crm.deals.get_all()} == world.truth().keys()


@pytest.mark.parametrize("archived", [False, True])
def test_they_list_owners(theirs, archived):
    found, after = [], None
    while True:
        page = theirs.crm.owners.owners_api.get_page(archived=archived, after=after)
        found += [(each.id, each.first_name) for each in page.results]
        if page.paging is None:
            break
        after = page.paging.next.after
    right = [each for each in OWNERS if each.get("archived", False) is archived]
    assert found == [(each["id"], each["firstName"]) for each in right]


def test_they_read_pipelines_with_their_stages(theirs):
    found = theirs.crm.pipelines.pipelines_api.get_all("deals").results
    labels = {each.label: [stage.label for stage in each.stages] for each in found}
    assert labels == {"销售管道": ["赢单", "洽谈"], "续约": ["已续约"]}


def test_they_read_companies_by_association(theirs, world):
    from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
    from hubspot.crm.companies import BatchReadInputSimplePublicObjectId

    world.put("nobody", customer=None)
    asked = BatchInputPublicFetchAssociationsBatchRequest([{"id": "D-000"}, {"id": "nobody"}])
    found = theirs.crm.associations.v4.batch_api.get_page("deals", "companies", asked)
    (one,) = found.results
    primary = [
        str(each.to_object_id)
        for each in one.to
        if 5 in [kind.type_id for kind in each.association_types]
    ]
    assert found.num_errors == 1
    assert primary != [PASSER_BY]
    batch = BatchReadInputSimplePublicObjectId(
        properties=["name"], properties_with_history=[], inputs=[{"id": primary[0]}]
    )
    company = theirs.crm.companies.batch_api.read(batch).results[0]
    assert company.properties["name"] == world.truth()["D-000"].customer
