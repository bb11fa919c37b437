"""Questions over HTTP, asked of servers of this machine."""

from __future__ import annotations

import gzip
import json
import sys
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs
import pytest

from salesgoal.errors import AuthError, BadResponse, ConfigError, MissingExtra, Unavailable
from salesgoal.ports import http
from salesgoal.ports.http import JsonClient, Reply, Verdict
from salesgoal.ports.secret import Secret

TOKEN = "sentinel-4711"  # noqa: S105


@attrs.define
class Script:
    """A server that gives its answers one after the other, and the last one for ever."""

    answers: list = attrs.field(factory=list)
    seen: list = attrs.field(factory=list)
    waits: list = attrs.field(factory=list)
    url: str = ""

    def client(self, **more):
        more = {"token": Secret(TOKEN), "sleep": self.waits.append, **more}
        return JsonClient(source="crm", base_url=self.url, **more)


def answer(status=200, body=b"{}", **headers):
    return status, body if isinstance(body, bytes) else json.dumps(body).encode(), headers


@pytest.fixture
def script():
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            length = int(self.headers.get("Content-Length", 0))
            asked = (self.command, self.path, dict(self.headers), self.rfile.read(length))
            script.seen.append(asked)
            given = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            if given == "drop":
                self.close_connection = True
                return
            status, body, headers = given
            self.send_response_only(status)
            headers = {"Content_Length": str(len(body))} | headers
            for name, text in headers.items():
                self.send_header(name.replace("_", "-"), text)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = headers["Content_Length"] != str(len(body))

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        script.url = f"http://127.0.0.1:{server.server_port}"
        yield script
        server.shutdown()
        thread.join()


def ask(script, *answers, **more):
    script.answers[:] = answers
    with script.client(**more) as client:
        return client.get("/deals", {"q": TOKEN})


def refused(kind, script, *answers, **more):
    with pytest.raises(kind) as caught:
        ask(script, *answers, **more)
    assert_no_secret(caught.value)
    return str(caught.value)


def assert_no_secret(error):
    assert error.__cause__ is None
    assert error.__context__ is None
    for text in (str(error), repr(error), error.message("zh"), repr(vars(error))):
        assert TOKEN not in text
        assert "Widget" not in text


def test_numbers_are_exact_and_whole_ones_stay_whole(script):
    reply = ask(script, answer(body=b'{"amount": 9007199254740993.07, "n": 3}'))
    assert reply.body == {"amount": Decimal("9007199254740993.07"), "n": 3}
    assert type(reply.body["n"]) is int


def test_the_token_and_the_question_are_sent(script):
    ask(script, answer())
    method, path, headers, _ = script.seen[0]
    assert (method, path) == ("GET", f"/deals?q={TOKEN}")
    assert headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_token_may_have_a_header_of_its_own_or_be_missing(script):
    ask(script, answer(), header="X-Api-Key", scheme="")
    assert script.seen[-1][2]["X-Api-Key"] == TOKEN
    ask(script, answer(), token=None)
    assert "Authorization" not in script.seen[-1][2]


def test_a_netrc_file_does_not_replace_the_token(script, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(netrc))
    ask(script, answer())
    ask(script, answer(), token=None)
    sent = [headers.get("Authorization") for _, _, headers, _ in script.seen]
    assert sent == [f"Bearer {TOKEN}", None]


def test_json_and_forms_are_posted(script):
    script.answers[:] = [answer()]
    with script.client() as client:
        client.post("/search", {"limit": 2})
        client.post("/token", form={"grant_type": "client_credentials"})
    assert json.loads(script.seen[0][3]) == {"limit": 2}
    assert script.seen[1][3] == b"grant_type=client_credentials"


@pytest.mark.parametrize("fault", [408, 425, 429, 500, 502, 503, 504, 599])
def test_what_passes_is_asked_again(script, fault):
    reply = ask(script, answer(fault, b"<html>busy</html>"), answer(fault), answer(body=[1]))
    assert reply.body == [1]
    assert script.waits == [1, 2]


@pytest.mark.parametrize(
    "lost",
    [
        "drop",
        answer(body=b"[1", Content_Length="9"),
        answer(body=b"<html></html>", Content_Encoding="gzip"),
    ],
)
def test_a_lost_or_broken_connection_is_asked_again(script, lost):
    assert ask(script, lost, answer(body=[1])).body == [1]
    assert script.waits == [1]


def test_a_lasting_outage_ends_after_five_tries(script):
    told = refused(Unavailable, script, answer(503, {"message": f"Widget {TOKEN}"}))
    assert "GET /deals: 503; tried 5 times" in told
    assert len(script.seen) == 5
    assert script.waits == [1, 2, 4, 8]


def test_a_service_that_is_not_there_is_unavailable(script):
    script.url = "http://127.0.0.1:9"
    assert "no answer (ConnectionError)" in refused(Unavailable, script)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("7", 7),
        ("0", 0),
        ("3600", 60),
        ("9" * 400, 60),
        ("Sat, 28 Nov 2026 08:00:05 GMT", 5),
        ("Sat, 28 Nov 2026 08:00:05 -0000", 5),
        ("Sat, 28 Nov 2026 09:00:00 GMT", 60),
        ("Sat, 28 Nov 2026 07:00:00 GMT", 0),
        ("soon", 1),
        ("-5", 1),
        ("Mon, 01 Jan 99999 00:00:00 GMT", 1),
    ],
)
def test_retry_after_is_honoured_up_to_a_minute(script, asked, waited):
    busy = answer(429, Retry_After=asked, Date="Sat, 28 Nov 2026 08:00:00 GMT")
    ask(script, busy, answer())
    assert script.waits == [waited]


def test_a_date_to_wait_for_goes_by_our_clock_where_the_service_shows_none():
    assert Reply(429, headers={"retry-after": "Sat, 01 Jan 2000 00:00:00 GMT"}).wait == 0
    assert Reply(429, headers={"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}).wait > 60


@pytest.mark.parametrize("status", [401, 403])
def test_who_is_not_let_in_does_not_try_again(script, status):
    told = refused(AuthError, script, answer(status, {"category": "MISSING_SCOPES"}))
    assert f"{status} (MISSING_SCOPES)" in told
    assert len(script.seen) == 1
    assert not script.waits


def test_a_token_that_ran_out_is_renewed_once(script):
    given = iter([Secret("old"), Secret("new"), Secret("newer")])
    ask(script, answer(401), answer(), token=lambda: next(given))
    assert [seen[2]["Authorization"] for seen in script.seen] == ["Bearer old", "Bearer new"]
    assert not script.waits


def test_a_token_is_not_renewed_twice_for_one_question(script):
    refused(AuthError, script, answer(401), token=lambda: Secret(TOKEN))
    assert len(script.seen) == 2


def test_a_renewal_is_one_of_the_tries(script):
    told = refused(Unavailable, script, answer(401), token=lambda: Secret(TOKEN), tries=1)
    assert "401; tried 1 times" in told


def test_a_token_is_kept_between_questions(script):
    given = iter([Secret("first")])
    script.answers[:] = [answer()]
    with script.client(token=lambda: next(given)) as client:
        client.get("/a")
        client.get("/b")
    assert [seen[2]["Authorization"] for seen in script.seen] == ["Bearer first"] * 2


@pytest.mark.parametrize(
    ("verdict", "then"),
    [
        (Verdict.AGAIN, Unavailable),
        (Verdict.RENEW, AuthError),
        (Verdict.DENIED, AuthError),
        (Verdict.WRONG, BadResponse),
    ],
)
def test_a_connector_judges_first(script, verdict, then):
    refused(then, script, answer(200, {"code": 99991663}), judge=lambda _: verdict)


def test_a_connector_may_take_what_is_no_success(script):
    body = [{"errorCode": "INVALID_QUERY_LOCATOR", "message": "Widget"}]
    taken = ask(script, answer(400, body), judge=lambda _: Verdict.TAKE)
    assert (taken.status, taken.code, taken.body) == (400, "INVALID_QUERY_LOCATOR", body)
    assert "Widget" not in repr(taken)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"category": "VALIDATION_ERROR"}, "VALIDATION_ERROR"),
        ({"error": "invalid_client"}, "invalid_client"),
        ({"code": 99991663}, "99991663"),
        ({"error": TOKEN, "code": 7}, "7"),
        ({"error": {"inner": 1}}, None),
        ([{"errorCode": "REQUEST_LIMIT_EXCEEDED"}], "REQUEST_LIMIT_EXCEEDED"),
        ([], None),
        ("text", None),
    ],
)
def test_the_word_of_the_service_is_found_and_nothing_else(body, code):
    assert Reply(400, body).code == code


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Sign in, Widget</html>",
        b'{"results": [',
        b"",
        b"\xff\xfe\xff",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": 1e99999999999999999999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
    ],
)
def test_what_is_no_clean_json_is_never_the_end_of_the_rows(script, body):
    assert "200 (not JSON)" in refused(BadResponse, script, answer(body=body))
    assert len(script.seen) == 1


def test_a_body_is_not_read_without_end(script, monkeypatch):
    monkeypatch.setattr(http, "LARGEST", 2**17)
    packed = gzip.compress(b" " * 2**20)
    huge = answer(body=packed, Content_Encoding="gzip")
    assert "200 (larger than 64 MiB)" in refused(BadResponse, script, huge)


def test_a_wrong_question_is_not_asked_again(script):
    told = refused(BadResponse, script, answer(400, {"message": f"Widget {TOKEN}"}))
    assert "GET /deals: 400 - " in told
    assert len(script.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(script, status):
    told = refused(BadResponse, script, answer(status, Location="http://127.0.0.1:9/steal"))
    assert f"{status} (a redirect, which is not followed)" in told
    assert len(script.seen) == 1


@pytest.mark.parametrize("path", ["@127.0.0.1:9/steal", "deals", ""])
def test_a_path_that_would_change_the_host_is_refused(script, path):
    with script.client() as client, pytest.raises(BadResponse, match="without /"):
        client.get(path)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://crm.example", "must begin with https"),
        ("ftp://crm.example", "must begin with https"),
        ("https://user:sentinel-4711@crm.example", "holds a password"),
        ("https://crm.example?key=sentinel-4711", "no address"),
        ("crm.example", "no address"),
        ("https://crm .example", "no address"),
        ("https://crm.example:0", "no address"),
        ("https://crm.example:port", "no address"),
        ("https://[::1", "no address"),
    ],
)
def test_a_token_is_not_sent_in_clear_or_to_nowhere(script, url, why):
    script.url = url
    assert why in refused(ConfigError, script)


def test_an_address_may_have_letters_beyond_ascii():
    with JsonClient(source="crm", base_url="https://例子.中国/接口") as client:
        assert client.base_url == "https://例子.中国/接口"


def test_addresses_with_https_are_fine():
    with JsonClient(source="crm", base_url="https://crm.example/") as client:
        assert client.base_url == "https://crm.example"
        assert TOKEN not in repr(client)


@pytest.mark.parametrize(
    "token", [f"{TOKEN}\n", f"{TOKEN}中", f"{TOKEN}\r\nHost: evil", f" {TOKEN}", ""]
)
def test_a_token_that_no_header_holds_is_not_shown(script, token):
    told = refused(ConfigError, script, answer(), token=Secret(token))
    assert "the token holds what no header can" in told
    assert not script.seen


def test_questions_keep_their_distance(script):
    now = [100.0]

    def rest(seconds):
        script.waits.append(round(seconds, 6))
        now[0] += seconds

    script.answers[:] = [answer()]
    with script.client(gap=0.25, sleep=rest, clock=lambda: now[0]) as client:
        client.get("/a")
        client.get("/b")
        now[0] += 0.1
        client.get("/c")
        now[0] += 9
        client.get("/d")
    assert script.waits == [0.25, 0.15]


def test_without_requests_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(MissingExtra, match=r"salesgoal\[http\]"):
        JsonClient(source="crm", base_url="https://crm.example")


def test_a_post_may_have_a_query_that_no_error_shows(script):
    script.answers = [answer(body={"ok": 1}), answer(400)]
    with script.client() as client:
        client.post("/find", {"a": 1}, params={"page_token": "p 1"})
        with pytest.raises(BadResponse) as raised:
            client.post("/find", {"a": 1}, params={"page_token": "p 1"})
    assert "page_token" not in str(raised.value)
    assert script.seen[0][1] == "/find?page_token=p+1"
    assert script.seen[0][3] == b'{"a": 1}'
