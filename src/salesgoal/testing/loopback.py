"""A server on 127.0.0.1 for fakes of HTTP interfaces, with faults by the script.

It speaks real HTTP through real sockets, so that a connector is tested with the client that it
uses in earnest, and it needs neither network nor account.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import attrs

__all__ = [
    "BUDGET",
    "Answer",
    "Fault",
    "Loopback",
    "Request",
    "broken_off",
    "cut_short",
    "drop",
    "html_page",
    "instead",
]

BUDGET = 800
"""How many requests a connector has, so that one that loops fails instead of hanging."""

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_NUMBER = re.compile(r'"\\ue000([^"]*)\\ue000"')


@attrs.frozen(kw_only=True)
class Request:
    """What arrived; names of headers are in lower case.

    ``query`` and ``form`` keep the last value of a name that comes twice.
    """

    method: str
    path: str
    query: Mapping[str, str] = _NO_HEADERS
    headers: Mapping[str, str] = _NO_HEADERS
    body: bytes = b""

    @property
    def json(self) -> Any:  # noqa: ANN401 - what JSON holds
        """The body as JSON; None where there is none."""
        return json.loads(self.body) if self.body else None

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def bearer(self) -> str | None:
        """The token of the header ``Authorization: Bearer``; None where there is none."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token if kind == "Bearer" else None


@attrs.frozen(kw_only=True)
class Answer:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = _NO_HEADERS
    content_type: str = "application/json; charset=utf-8"

    @classmethod
    def of(
        cls, value: object, status: int = 200, headers: Mapping[str, str] = _NO_HEADERS
    ) -> Answer:
        """Returns an answer of JSON, in which a `Decimal` is a number with all its digits.

        >>> Answer.of({"Amount": Decimal("12345678901234.50")}).body
        b'{"Amount": 12345678901234.50}'
        """
        text = json.dumps(value, default=_marked)
        return cls(status=status, body=_NUMBER.sub(r"\1", text).encode(), headers=headers)


def _marked(value: object) -> str:
    if isinstance(value, Decimal):
        return f"\ue000{value:f}\ue000"
    raise TypeError(f"{value!r} is no JSON")


Fault = Callable[[Answer], Answer | None]
"""What becomes of an answer on its way: another, or None where the connection is dropped."""


def drop(_: Answer) -> None:
    """The connection is closed without an answer."""


def html_page(_: Answer) -> Answer:
    """A page for people, with status 200, as proxies and maintenance windows send it."""
    page = "<!doctype html><html><title>维护中</title><p>Back soon</html>".encode()
    return Answer(body=page, content_type="text/html; charset=utf-8")


def cut_short(answer: Answer) -> Answer:
    """Half of the answer, declared as the whole."""
    return attrs.evolve(answer, body=answer.body[: len(answer.body) // 2])


def broken_off(answer: Answer) -> Answer:
    """The answer declared whole, of which half arrives before the connection is lost."""
    headers = {**answer.headers, "Content-Length": str(len(answer.body) or 100)}
    return attrs.evolve(cut_short(answer), headers=headers)


def instead(
    status: int, value: object = None, headers: Mapping[str, str] = _NO_HEADERS
) -> Fault:
    """Returns the fault by which another answer comes.

    >>> instead(429, {"message": "slow down"}, {"Retry-After": "7"})(Answer()).status
    429
    """
    answer = Answer.of({} if value is None else value, status, headers)
    return lambda _: answer


@attrs.define(kw_only=True)
class Loopback:
    """A server that answers by a function, in a thread of its own, as a context manager.

    Attributes:
        answer: What a request gets; called by one request at a time.
        faults: Number of the request -> what goes wrong with its answer.
        lasting: What goes wrong with every answer that no entry of ``faults`` is about.
        on_request: Called with the number of each request before it is answered.
        budget: How many requests are answered; those beyond it are dropped.
        requests: What arrived since the last `rewind`; the first request has number 1.
        failure: What ``answer`` or ``on_request`` raised, which the client sees as status 500.

    >>> from urllib.request import urlopen
    >>> with Loopback(answer=lambda request: Answer.of({"path": request.path})) as server:
    ...     with urlopen(f"{server.base_url}/deals?limit=2") as got:
    ...         print(got.read().decode(), server.requests[0].query)
    {"path": "/deals"} {'limit': '2'}
    """

    answer: Callable[[Request], Answer]
    faults: dict[int, Fault] = attrs.field(factory=dict)
    lasting: Fault | None = None
    on_request: Callable[[int], None] | None = None
    budget: int = BUDGET
    requests: list[Request] = attrs.field(factory=list)
    failure: Exception | None = None
    _server: _Server | None = attrs.field(default=None, init=False)
    _thread: Thread | None = attrs.field(default=None, init=False)
    _one_at_a_time: Any = attrs.field(factory=Lock, init=False)

    @property
    def base_url(self) -> str:
        """Where it listens, without a slash at the end."""
        assert self._server is not None, "the server runs inside its with block"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def is_overrun(self) -> bool:
        """Whether more requests came than the budget allows."""
        return len(self.requests) > self.budget

    def rewind(self) -> None:
        """Forgets the requests so far and takes away every fault and ``on_request``."""
        self.requests.clear()
        self.faults.clear()
        self.lasting = self.on_request = None

    def reply(self, request: Request) -> Answer | None:
        """Returns what a request gets after all faults; None where it is dropped."""
        with self._one_at_a_time:
            self.requests.append(request)
            number = len(self.requests)
            if self.is_overrun:
                return None
            if self.on_request is not None:
                self.on_request(number)
            fault = self.faults.get(number, self.lasting)
            answer = self.answer(request)
            return answer if fault is None else fault(answer)

    def __enter__(self) -> Self:
        """Starts listening on a free port."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.loopback = self
        self._thread = Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops, and closes connections that are still open."""
        assert self._server is not None and self._thread is not None  # noqa: PT018
        self._server.shutdown()
        self._thread.join()
        self._server.close_all()
        self._server = self._thread = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    loopback: Loopback

    def __init__(self, *given: Any) -> None:  # noqa: ANN401
        self._open: set[socket.socket] = set()
        super().__init__(*given)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        self._open.discard(request)
        super().shutdown_request(request)

    def close_all(self) -> None:
        """Ends the connections that clients keep open."""
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """A client that went away is no matter."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        try:
            answer = self.server.loopback.reply(request)
        except Exception as error:  # noqa: BLE001 - kept, and seen by whoever runs the fake
            self.server.loopback.failure = error
            answer = Answer(status=500)
        if answer is None:
            self.close_connection = True
            return
        headers = {
            "Content-Type": answer.content_type,
            "Content-Length": str(len(answer.body)),
            **answer.headers,
        }
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()
        self.close_connection |= headers["Content-Length"] != str(len(answer.body))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Says nothing; the requests are kept."""
