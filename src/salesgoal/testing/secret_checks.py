"""Checks that a secret shows nowhere and goes nowhere, whatever goes well or wrong."""

from __future__ import annotations

import io
import logging
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from salesgoal.errors import SourceError
from salesgoal.ports.importer import Page
from salesgoal.ports.secret import Secret
from salesgoal.testing.bench import Bench
from salesgoal.testing.checks import Checks, settled_world
from salesgoal.testing.loopback import (
    Answer,
    Fault,
    Loopback,
    Request,
    drop,
    html_page,
    instead,
)
from salesgoal.testing.world import SENTINEL

__all__ = ["SecretChecks"]


class SecretChecks(Checks):
    """Checks of secrets."""

    def test_no_secret_shows(self) -> None:
        """Not in options, rows, cursors, logs, output, warnings, errors or their causes."""
        with self.bench(settled_world(5)) as bench, _overheard() as heard:
            heard.append(f"options: {bench.request().options!r}")
            for name, fault in _FAULTS.items():
                for place in (1, 2):
                    bench.server.rewind()
                    self._echo(bench, fault, place)
                    heard.extend(f"{name}: {each}" for each in _run(bench))
            bench.server.rewind()
            heard.extend(f"wrong token: {each}" for each in _run(bench, "x" + SENTINEL))
        leaks = sorted({each.split(SENTINEL)[0][-200:] for each in heard if SENTINEL in each})
        assert not leaks, "the secret shows after:\n  " + "\n  ".join(leaks)

    def test_no_secret_follows_a_redirect(self) -> None:
        """A 302, 307 or 308 to another host brings that host no token, and is no end."""
        with self.bench(settled_world(5)) as bench, Loopback(answer=_nothing) as stranger:
            elsewhere = stranger.base_url.replace("127.0.0.1", "localhost")
            for status in (302, 307, 308):
                for place in (1, 2):
                    bench.server.rewind()
                    to = {"Location": f"{elsewhere}/deals"}
                    self._echo(bench, instead(status, {}, to), place)
                    ended = _ends(bench)
                    assert not ended, f"{status} at request {place} was read as an end"
            for request in stranger.requests:
                told = f"{request.headers} {request.query} {request.body!r}"
                assert SENTINEL not in told, f"{request.path} of another host got the secret"

    def _echo(self, bench: Bench, fault: Fault | None, place: int) -> None:
        if fault is not None:
            bench.server.on_request = lambda number: (
                setattr(bench.server, "lasting", fault) if number == place else None
            )


def _nothing(_: Request) -> Answer:
    return Answer.of({})


def _ends(bench: Bench) -> bool:
    """Whether a run ends without an error."""
    try:
        list(bench.pages(bench.request(page_size=2)))
    except SourceError:
        return False
    return True


def _told(status: int) -> Fault:
    """An answer that repeats the secret, as careless services and proxies do."""
    return instead(status, {"message": f"bad token {SENTINEL}", "errors": [SENTINEL]})


_FAULTS: dict[str, Fault | None] = {
    "all went well": None,
    "400 that repeats the secret": _told(400),
    "401 that repeats the secret": _told(401),
    "403 that repeats the secret": _told(403),
    "500 that repeats the secret": _told(500),
    "200 that repeats the secret": _told(200),
    "dropped connection": drop,
    "HTML": html_page,
}


def _run(bench: Bench, secret: str = SENTINEL) -> Iterator[str]:
    """Everything that a run gives out, as text."""
    request = bench.request(page_size=2, secret=Secret(secret))
    try:
        for page in bench.pages(request):
            yield from _page_texts(page)
    except Exception as error:  # noqa: BLE001 - whatever comes out is searched
        yield from _error_texts(error)


def _page_texts(page: Page) -> Iterator[str]:
    yield f"cursor {page.cursor!r}"
    yield from (f"row {row!r}" for row in page.rows)
    yield from (f"warning {each!r}" for each in page.warnings)


def _error_texts(error: BaseException) -> Iterator[str]:
    """What an error says, what it keeps, and the same of what it came from."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield f"{type(each).__name__} {each!s} {each!r}"
        yield f"{type(each).__name__} keeps {each.args!r} {vars(each)!r}"
        yield f"message {getattr(each, 'zh', None)}, notes {getattr(each, '__notes__', ())}"
        waiting += [each.__cause__, each.__context__]
    yield "".join(traceback.format_exception(error))


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(f"log of {record.name}: {record.getMessage()} {record.args!r}")


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """Everything that is logged, warned of and printed inside."""
    heard: list[str] = []
    ear, root = _Ear(heard), logging.getLogger()
    level, printed = root.level, io.StringIO()
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        with (
            warnings.catch_warnings(record=True) as warned,
            redirect_stdout(printed),
            redirect_stderr(printed),
        ):
            warnings.simplefilter("always")
            yield heard
        heard.extend(f"warning: {each.message}" for each in warned)
        heard.append(f"printed: {printed.getvalue()}")
    finally:
        root.removeHandler(ear)
        root.setLevel(level)
