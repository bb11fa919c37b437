"""What Salesforce alone has: sessions, queries, currencies, and calls that are counted."""

from __future__ import annotations

import re

import attrs
import pytest

import salesgoal_salesforce
from salesgoal.errors import BadResponse, ConfigError, Unavailable
from salesgoal.ports.plugins import Plugins
from salesgoal.testing import Answer, Bench, Case, World
from salesgoal_salesforce import SALESFORCE
from salesgoal_salesforce.opportunities import cell, quoted

from .fake_salesforce import CALLS_OF_A_SESSION, FakeSalesforce


def bench_with(*, world=None, fake=FakeSalesforce, **options):
    """The connector beside a fake, with some options of its own."""

    class Fake(fake):
        def options(self, base_url, secret):
            return attrs.evolve(super().options(base_url, secret), **options)

    if world is None:
        world = World()
        world.put_many("ABCDE")
    return Bench(Case(spec=SALESFORCE, fake=Fake), world)


def let_in(**given):
    """A fake that lets everybody in with these words."""

    class Fake(FakeSalesforce):
        def let_in(self, request):
            body = {"access_token": "t", "instance_url": f"http://{request.headers['host']}"}
            return Answer.of(body | given)

    return Fake


def test_the_plugin_offers_its_importer():
    plugins = Plugins().add(salesgoal_salesforce, "salesforce")
    assert not plugins.failures
    assert plugins.importer("salesforce") is SALESFORCE


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("api_version", "v62.0/../v1"),
        ("fields", ("Id FROM Account --",)),
        ("fields", ("(SELECT Id FROM Tasks)",)),
        ("fields", ("Owner.",)),
        ("fields", ("",)),
        ("lookback_minutes", -1),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_asked(name, wrong):
    with bench_with(**{name: wrong}) as bench:
        with pytest.raises(ConfigError, match=name) as refused:
            bench.run()
        assert f"{name} 不能是 {wrong!r}" in refused.value.message("zh")
        assert not bench.server.requests


def test_further_fields_are_columns_once():
    with bench_with(fields=("Region__c", "Amount", "Owner.Name")) as bench:
        page = bench.run()[0]
        assert page.columns[-1] == "Region__c"
        assert len(set(page.columns)) == len(page.columns)
        assert page.rows[0].values[-1] == "华东"


def test_a_field_that_is_not_there_is_an_error_and_no_blank():
    with bench_with(fields=("Regoin__c",)) as bench, pytest.raises(BadResponse, match="FIELD"):
        bench.run()
    with pytest.raises(BadResponse, match="no region__c"):
        cell({"Region__c": "华东"}, "region__c")


def test_currencies_are_asked_for_where_there_are_several():
    with bench_with(currency=True) as bench:
        with pytest.raises(BadResponse, match="INVALID_FIELD"):
            bench.run()
        bench.fake.is_multi = True
        page = bench.run()[0]
        assert page.rows[0].values[page.columns.index("CurrencyIsoCode")] == "CNY"


def test_an_answer_is_as_large_as_it_may_be_whatever_the_page():
    world = World(page_share=2000)
    for at in range(2003):
        world.put(f"D-{at:04d}")
    world.advance(60)
    with bench_with(world=world) as bench:
        pages = bench.run(page_size=500)
        bench.assert_true("2,003 rows of one instant")
        assert [len(page.rows) for page in pages] == [500, 500, 500, 500, 3]
        assert len(bench.server.requests) == 3


def test_ids_are_quoted():
    world = World()
    for key in ("o'brien", "back\\slash", "\\' OR Id != '", "plain"):
        world.put(key)
    world.advance(60)
    world.page_share = 1
    with bench_with(world=world) as bench:
        bench.run()
        bench.assert_true("ids with quotes")
    assert quoted("a'b\\") == r"'a\'b\\'"


def test_a_session_that_ran_out_is_opened_again_once():
    world = World()
    world.put_many([f"D-{at:02d}" for at in range(2 * CALLS_OF_A_SESSION + 3)])
    world.page_share = 1
    with bench_with(world=world) as bench:
        bench.run()
        bench.assert_true("a run of three sessions")
        assert len(bench.fake.sessions) == 3
        assert not bench.waits


def test_the_instance_is_asked_and_not_the_door():
    class Fake(FakeSalesforce):
        def let_in(self, request):
            answer = super().let_in(request)
            return attrs.evolve(answer, body=answer.body.replace(b"127.0.0.1", b"localhost"))

    with bench_with(fake=Fake) as bench:
        bench.run()
        bench.assert_true("another host for queries")
        hosts = [request.headers["host"].partition(":")[0] for request in bench.server.requests]
        assert hosts[0] == "127.0.0.1"
        assert set(hosts[1:]) == {"localhost"}


@pytest.mark.parametrize("given", [{"access_token": None}, {"instance_url": 7}])
def test_a_login_without_a_token_is_an_error(given):
    with bench_with(fake=let_in(**given)) as bench, pytest.raises(BadResponse, match="access"):
        bench.run()


def test_no_token_goes_to_an_instance_in_clear():
    fake = let_in(instance_url="http://elsewhere.example")
    with bench_with(fake=fake) as bench:
        with pytest.raises(ConfigError, match="https"):
            bench.run()
        assert len(bench.server.requests) == 1


def test_it_stops_before_the_calls_of_the_day_are_used_up():
    with bench_with() as bench:
        bench.world.page_share = 2
        bench.fake.usage = (14_250, 15_000)
        with pytest.raises(Unavailable, match="14250/15000"):
            bench.run()
        assert len(bench.settled.rows) == 2
        bench.fake.usage = (14_249, 15_000)
        bench.run()
        bench.assert_true("the day after")


def test_a_run_that_has_read_everything_ends_well_however_many_calls_are_used():
    with bench_with() as bench:
        bench.fake.usage = (15_000, 15_000)
        bench.run()
        bench.assert_true("one answer is enough")


def test_calls_may_be_left_uncounted():
    class Fake(FakeSalesforce):
        def answer(self, request):
            return attrs.evolve(super().answer(request), headers={})

    with bench_with(fake=Fake) as bench:
        bench.run()
        bench.assert_true("no header")


@pytest.mark.parametrize(
    "body",
    [
        {"records": [], "done": None},
        {"records": {}, "done": True},
        {"done": True},
        {"records": [{"Id": "1", "SystemModstamp": "yesterday"}], "done": True},
        {"records": [{"Id": "1", "SystemModstamp": "2026-01-01T00:00:00"}], "done": True},
        {"records": ["1"], "done": True},
        {
            "records": [
                {"Id": day, "SystemModstamp": f"2026-01-0{day}T00:00:00.000+0000"}
                for day in "21"
            ],
            "done": True,
        },
    ],
)
def test_an_answer_with_a_hole_is_an_error(body):
    class Fake(FakeSalesforce):
        def query(self, *_, **__):
            return Answer.of(body)

    with bench_with(fake=Fake) as bench:
        with pytest.raises(BadResponse):
            bench.run()
        assert not bench.settled.rows


def test_the_same_page_again_is_an_error_and_no_loop():
    class Fake(FakeSalesforce):
        def query(self, text, **named):
            return super().query(re.sub(r" AND \(.*?\)", "", text), **named)

    with bench_with(fake=Fake) as bench:
        bench.world.page_share = 1
        with pytest.raises(BadResponse, match="order"):
            bench.run()


def test_a_run_without_an_end_reads_everything():
    with bench_with() as bench:
        request = attrs.evolve(bench.request(), until=type(bench.request())().until)
        rows = [row for page in bench.pages(request) for row in page.rows]
        assert len(rows) == 5
        assert "4000-12-31T00:00:00.000Z" in bench.server.requests[1].query["q"]
