"""What HubSpot alone has: versions, batches, names, and a limit of searches."""

from __future__ import annotations

import attrs
import pytest

import salesgoal_hubspot
from salesgoal.errors import BadResponse, ConfigError
from salesgoal.ports.plugins import Plugins
from salesgoal.ports.secret import Secret
from salesgoal.testing import Answer, Bench, Case, World
from salesgoal_hubspot import HUBSPOT, HubspotOptions

from .fake_hubspot import FakeHubspot


def bench_with(*, world=None, fake=FakeHubspot, **options):
    """The connector beside a fake, with some options of its own."""

    class Fake(fake):
        def options(self, base_url, secret):
            return attrs.evolve(super().options(base_url, secret), **options)

    if world is None:
        world = World()
        world.put_many("ABCDE")
    return Bench(Case(spec=HUBSPOT, fake=Fake), world)


def replaced(part, answer):
    """A fake that answers one path otherwise."""

    class Fake(FakeHubspot):
        def answer(self, request):
            return answer if request.path.endswith(part) else super().answer(request)

    return Fake


def paths(bench):
    return [request.path for request in bench.server.requests]


def test_the_plugin_offers_its_importer():
    plugins = Plugins().add(salesgoal_hubspot, "hubspot")
    assert not plugins.failures
    assert plugins.importer("hubspot") is HUBSPOT


@pytest.mark.parametrize(
    ("version", "search"),
    [
        ("2026-09", "/crm/objects/2026-09/deals/search"),
        ("2026-03", "/crm/objects/2026-03/deals/search"),
        ("v3", "/crm/v3/objects/deals/search"),
    ],
)
def test_every_version_has_its_paths(version, search):
    with bench_with(api_version=version) as bench:
        bench.run()
        bench.assert_true(version)
        assert search in paths(bench)


def test_a_version_that_the_service_does_not_know_is_an_error():
    with bench_with(api_version="2031-03") as bench, pytest.raises(BadResponse, match="404"):
        bench.run()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("api_version", "v3/../../v1"),
        ("properties", ("amount; drop",)),
        ("properties", ("owner_name",)),
        ("lookback_minutes", -1),
        ("searches_per_second", 0),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_asked(name, wrong):
    with bench_with(**{name: wrong}) as bench:
        with pytest.raises(ConfigError, match=name) as refused:
            bench.run()
        assert f"{name} 不能是 {wrong!r}" in refused.value.message("zh")
        assert not bench.server.requests


def test_further_properties_are_columns_once():
    with bench_with(properties=("region", "amount")) as bench:
        page = bench.run()[0]
        assert page.columns.count("amount") == 1
        assert page.rows[0].values[page.columns.index("region")] == "华东"


def test_names_that_are_not_wanted_are_not_asked_for():
    with bench_with(owners=False, companies=False) as bench:
        page = bench.run()[0]
        assert not [each for each in paths(bench) if "owners" in each or "compan" in each]
        row = dict(zip(page.columns, page.rows[0].values, strict=True))
        assert row["owner_name"] == row["hubspot_owner_id"]
        assert row["company_name"] is None


def test_searches_keep_their_distance():
    with bench_with(searches_per_second=5) as bench:
        bench.run(page_size=2)
        assert len(bench.waits) == len(bench.server.requests) - 1
        assert all(0.1 < each <= 0.2 * len(bench.waits) for each in bench.waits)


def test_hubspot_allows_five_searches_unless_told_otherwise():
    assert HubspotOptions(token=Secret("x")).searches_per_second == 5


def test_companies_are_asked_for_once_a_run_and_a_hundred_at_a_time():
    world = World()
    for at in range(250):
        world.put(f"D-{at:03d}", customer=f"客户 {chr(0x4E00 + at)}")
    world.advance(3600)
    with bench_with(world=world) as bench:
        bench.run()
        bench.assert_true("250 deals with a company each")
        asked = [
            {each["id"] for each in request.json["inputs"]}
            for request in bench.server.requests
            if request.path.endswith("/companies/batch/read") and "objects" in request.path
        ]
        assert max(map(len, asked)) == 100
        assert sum(map(len, asked)) == len(set().union(*asked))


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("deals/companies/batch/read", {"results": [], "errors": [{"category": "INTERNAL"}]}),
        ("deals/companies/batch/read", {"results": [], "errors": ["?"]}),
        ("/deals/search", {"results": "none"}),
        ("/deals/search", {"results": [], "paging": {"next": {"after": "1"}}}),
        ("/deals/search", {"results": [{"id": "1", "properties": {}}]}),
        (
            "/deals/search",
            {
                "results": [
                    {
                        "id": "1",
                        "properties": {"hs_lastmodifieddate": f"2026-01-0{day}T00:00:00Z"},
                    }
                    for day in (2, 1)
                ]
            },
        ),
        (
            "/deals/search",
            {
                "results": [
                    {"id": "1", "properties": {"hs_lastmodifieddate": "2026-01-02T00:00"}}
                ]
            },
        ),
        ("/deals", {"results": [{"id": "1"}]}),
    ],
)
def test_an_answer_with_a_hole_is_an_error(part, body):
    with bench_with(fake=replaced(part, Answer.of(body, 207))) as bench:
        with pytest.raises(BadResponse):
            bench.run()
        assert not bench.settled.rows or part == "/deals"


def test_a_tie_that_is_gone_before_it_is_walked_is_no_fault():
    class Fake(FakeHubspot):
        def search(self, body):
            by_id = body["sorts"][0]["propertyName"] == "hs_object_id"
            return Answer.of({"results": []}) if by_id else super().search(body)

    world = World(page_share=2)
    for key in "ABC":
        world.put(key)
    world.advance(60)
    world.put("D")
    with bench_with(world=world, fake=Fake) as bench:
        bench.run(page_size=2)
        assert bench.settled.rows.keys() == {"D"}


def test_a_deal_that_was_merged_into_itself_stays():
    with bench_with() as bench:
        bench.fake.merged["A"] = ("A",)
        bench.fake.found = bench.world.found
        bench.run()
        bench.assert_true("merged into itself")


def test_a_run_without_an_end_reads_everything():
    with bench_with() as bench:
        request = attrs.evolve(bench.request(), until=type(bench.request())().until)
        rows = [row for page in bench.pages(request) for row in page.rows]
        assert len(rows) == 5
