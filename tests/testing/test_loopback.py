"""The loopback server: real HTTP, faults by number, a budget."""

from __future__ import annotations

import json
from decimal import Decimal
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request as Call
from urllib.request import urlopen

import pytest

from salesgoal.testing import (
    Answer,
    Loopback,
    Request,
    broken_off,
    cut_short,
    drop,
    html_page,
    instead,
)


def echo(request):
    return Answer.of({"path": request.path, "query": dict(request.query)})


@pytest.fixture
def server():
    with Loopback(answer=echo) as made:
        yield made


def get(server, path="/"):
    with urlopen(server.base_url + path) as got:  # noqa: S310 - on 127.0.0.1
        return got.read()


def test_requests_are_kept_with_their_parts(server):
    call = Call(  # noqa: S310
        f"{server.base_url}/token?x=1&y=",
        data=b"grant=%E7%94%B2&empty=",
        headers={"Authorization": "Bearer abc"},
        method="POST",
    )
    with urlopen(call) as got:  # noqa: S310
        assert got.status == 200
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/token")
    assert request.query == {"x": "1", "y": ""}
    assert request.form == {"grant": "甲", "empty": ""}
    assert request.bearer == "abc"


def test_a_body_may_be_json_or_nothing():
    assert Request(method="POST", path="/", body=b'{"a": [1]}').json == {"a": [1]}
    assert Request(method="GET", path="/").json is None
    assert Request(method="GET", path="/", headers={"authorization": "Basic x"}).bearer is None


def test_decimals_are_numbers_with_all_their_digits():
    body = Answer.of({"a": Decimal("12345678901234.5600"), "b": ["x", None]}).body
    assert body == b'{"a": 12345678901234.5600, "b": ["x", null]}'
    assert json.loads(body, parse_float=str)["a"] == "12345678901234.5600"
    with pytest.raises(TypeError, match="no JSON"):
        Answer.of({"a": object()})


def test_one_connection_carries_many_requests(server):
    parts = urlsplit(server.base_url)
    connection = HTTPConnection(parts.hostname, parts.port)
    for number in range(3):
        connection.request("GET", f"/{number}")
        assert json.loads(connection.getresponse().read())["path"] == f"/{number}"
    connection.close()
    assert len(server.requests) == 3


def test_faults_come_at_their_request_and_pass(server):
    server.faults = {
        1: instead(429, {"message": "slow down"}, {"Retry-After": "7"}),
        2: drop,
        3: html_page,
        4: cut_short,
        5: broken_off,
    }
    with pytest.raises(HTTPError) as error:
        get(server)
    assert (error.value.code, error.value.headers["Retry-After"]) == (429, "7")
    error.value.close()
    with pytest.raises(RemoteDisconnected):
        get(server)
    assert get(server).startswith(b"<!doctype html>")
    whole = b'{"path": "/", "query": {}}'
    assert get(server) == whole[: len(whole) // 2]
    with pytest.raises(IncompleteRead):
        get(server)
    assert get(server) == whole


def test_what_lasts_stays_until_it_is_taken_away(server):
    server.lasting = instead(503)
    for _ in range(2):
        with pytest.raises(HTTPError) as error:
            get(server)
        error.value.close()
    server.rewind()
    assert get(server)
    assert len(server.requests) == 1


def test_the_world_can_change_before_a_request_is_answered(server):
    seen = []
    server.on_request = seen.append
    get(server)
    get(server)
    assert seen == [1, 2]


def test_requests_beyond_the_budget_are_dropped(server):
    server.budget = 2
    get(server)
    get(server)
    assert not server.is_overrun
    with pytest.raises(RemoteDisconnected):
        get(server)
    assert server.is_overrun


def test_a_fake_that_fails_is_seen():
    def fail(_):
        raise KeyError("deals")

    with Loopback(answer=fail) as server:
        with pytest.raises(HTTPError) as error:
            get(server)
        error.value.close()
        assert isinstance(server.failure, KeyError)


def test_a_client_that_goes_away_is_no_matter(server):
    parts = urlsplit(server.base_url)
    connection = HTTPConnection(parts.hostname, parts.port)
    connection.request("GET", "/")
    connection.close()
    assert get(server)


def test_it_stops_while_a_client_holds_its_connection():
    with Loopback(answer=echo) as server:
        parts = urlsplit(server.base_url)
        connection = HTTPConnection(parts.hostname, parts.port)
        connection.request("GET", "/")
        connection.getresponse().read()
    connection.close()
