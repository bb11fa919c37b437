"""Checks of a service that fails: what passes is waited out, what lasts is an error.

All waiting goes through ``ReadRequest.sleep``, so nothing here takes the time that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping

from salesgoal.errors import AuthError, BadResponse, ConfigError, SourceError
from salesgoal.ports.secret import Secret
from salesgoal.testing.bench import Bench
from salesgoal.testing.checks import Checks, settled_world
from salesgoal.testing.loopback import (
    Answer,
    Fault,
    broken_off,
    cut_short,
    drop,
    html_page,
    instead,
)
from salesgoal.testing.world import World

__all__ = ["FaultChecks"]

_LONGEST_WAIT = 120
_LONGEST_WAITS = 600
_MOST_TRIES = 12
_RETRY_AFTER = 7
_PLACES = (1, 2, 3)
_PASSING: Mapping[str, Fault] = {
    "429": instead(429, {"message": "slow down"}, {"Retry-After": str(_RETRY_AFTER)}),
    "429 until a date": instead(429, {}, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    "500": instead(500, {"message": "oops"}),
    "503": instead(503),
    "dropped connection": drop,
    "answer broken off": broken_off,
}
_REFUSING: Mapping[str, Fault] = {
    "400": instead(400, {"message": "no"}),
    "401": instead(401, {"message": "who are you"}),
    "403": instead(403, {"message": "not yours"}),
    "404": instead(404, {"message": "nothing here"}),
}
_SENSELESS: Mapping[str, Fault] = {
    "a page of HTML": html_page,
    "truncated JSON": cut_short,
    "an empty object": instead(200, {}),
    "an empty list": instead(200, []),
    "null": lambda _: Answer(body=b"null"),
    "no body": instead(204),
}


class FaultChecks(Checks):
    """Checks of a service that fails."""

    def test_a_passing_fault_is_waited_out(self) -> None:
        """429, 500, 503, lost connections, and the service's own ways, at requests 1 to 3."""
        with self.bench(_pages_of_two()) as bench:
            busy = {f"busy {at}": _given(each) for at, each in enumerate(bench.fake.busy, 1)}
            for name, fault in {**_PASSING, **busy}.items():
                for place in _PLACES:
                    _start(bench)
                    bench.server.faults[place] = fault
                    bench.run(page_size=2)
                    bench.assert_true(f"{name} at request {place}")
                    _check_waits(bench, f"{name} at request {place}")

    def test_it_waits_as_long_as_it_is_asked_to(self) -> None:
        """A header ``Retry-After`` in seconds is kept, and one of a day is not."""
        with self.bench(_pages_of_two()) as bench:
            _start(bench)
            bench.server.faults[2] = _PASSING["429"]
            bench.run(page_size=2)
            waited = sum(bench.waits)
            assert waited >= _RETRY_AFTER, f"asked to wait {_RETRY_AFTER} s, waited {waited} s"
            _start(bench)
            bench.server.faults[2] = instead(429, {}, {"Retry-After": "86400"})
            self._run_or_fail(bench, "429 with Retry-After of a day at request 2")

    def test_a_lasting_outage_is_an_error_and_never_an_end(self) -> None:
        """After a bounded number of tries; the next run goes on from the last cursor."""
        for name in ("503", "dropped connection", "429"):
            for place in _PLACES:
                with self.bench(_pages_of_two()) as bench:
                    self._last(bench, name, _PASSING[name], place)

    def test_a_refusal_is_an_error_and_never_an_end(self) -> None:
        """400, 401, 403 and 404 at requests 1 to 3, passing or lasting."""
        with self.bench(_pages_of_two()) as bench:
            for name, fault in _REFUSING.items():
                for place in _PLACES:
                    _start(bench)
                    bench.server.faults[place] = fault
                    self._run_or_fail(bench, f"{name} at request {place}")
            _start(bench)
            self._last(bench, "403", _REFUSING["403"], 2)

    def test_what_is_not_the_protocol_is_an_error_and_never_an_end(self) -> None:
        """HTML, truncated JSON and JSON of another shape, all with status 200."""
        with self.bench(_pages_of_two()) as bench:
            for name, fault in _SENSELESS.items():
                for place in _PLACES:
                    _start(bench)
                    bench.server.faults[place] = fault
                    self._run_or_fail(bench, f"{name} at request {place}")
            _start(bench)
            error = self._last(bench, "a page of HTML", html_page, 2)
            assert isinstance(error, BadResponse), f"HTML is {type(error).__name__}"

    def test_a_wrong_token_is_refused_at_once(self) -> None:
        """An `AuthError`, without waiting and without trying again and again."""
        with self.bench(_pages_of_two()) as bench:
            request = bench.request(secret=Secret("another-token"))
            refused = False
            try:
                list(bench.pages(request))
            except AuthError:
                refused = True
            assert refused, "a wrong token gave pages and no error"
            tried = len(bench.server.requests)
            assert tried <= 2, f"it tried {tried} times"  # noqa: PLR2004 - a token, a page
            assert sum(bench.waits) < 1, f"it waited: {bench.waits}"

    def _last(self, bench: Bench, name: str, fault: Fault, place: int) -> SourceError:
        """Runs against a fault from a request on; then without it, to the truth."""
        bench.server.on_request = lambda number: _break(bench, fault, number, place)
        told = f"{name} from request {place} on"
        try:
            bench.run(page_size=2)
        except SourceError as error:
            found = error
        else:
            raise AssertionError(f"{told}: the run ended as if all were read")
        assert not isinstance(found, ConfigError), f"{told} is no fault of an option"
        _check_waits(bench, told)
        tried = len(bench.server.requests) - place
        assert tried <= _MOST_TRIES, f"{told}: {tried} tries more"
        bench.rest(60)
        bench.run(page_size=2)
        bench.assert_true(f"{told}, then a run in quiet")
        return found

    def _run_or_fail(self, bench: Bench, told: str) -> None:
        """Either the run reads everything, or it raises a `SourceError`."""
        try:
            bench.run(page_size=2)
        except SourceError:
            pass
        else:
            bench.assert_true(told)
        _check_waits(bench, told)


def _pages_of_two() -> World:
    """A world of which a run of pages of two takes several requests."""
    world = settled_world(7)
    world.page_share = 2
    return world


def _start(bench: Bench) -> None:
    """Forgets what was read, so that a run begins anew."""
    bench.server.rewind()
    bench.settled = type(bench.settled)()


def _given(answer: object) -> Fault:
    return lambda _: answer  # type: ignore[return-value]


def _break(bench: Bench, fault: Fault, number: int, place: int) -> None:
    if number == place:
        bench.server.lasting = fault


def _check_waits(bench: Bench, told: str) -> None:
    waits = bench.waits
    assert all(0 <= each <= _LONGEST_WAIT for each in waits), f"{told}: waited {waits} s"
    assert sum(waits) <= _LONGEST_WAITS, f"{told}: waited {sum(waits)} s in all"
