"""A connector on the bench: its service is a fake, its waiting a list, its ledger a dict.

The dict is the kit's own rule of settling, a pure join: of each key the newest revision counts.
It is kept apart from the real ledger, so that one does not excuse the other.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Self

import attrs

from salesgoal.ports.guard import page_fault
from salesgoal.ports.importer import (
    ImporterSpec,
    Page,
    RawRow,
    RawValue,
    ReadRequest,
)
from salesgoal.ports.secret import Secret
from salesgoal.testing.case import Case, Expected, Fake
from salesgoal.testing.loopback import Loopback
from salesgoal.testing.world import World

__all__ = ["Bench", "OverBudget", "Settled", "says"]

_MOST_WAITS = 60
_MOST_PAGES = 2000


class OverBudget(BaseException):
    """A connector that goes on and on; no ``except Exception`` of its own can hold it."""


def says(raw: RawValue, expected: Expected) -> bool:
    """Returns whether a cell says what is expected, whatever its form; see `Expected`.

    >>> says("1500.00", Decimal(1500)), says("True", True), says("1500.001", Decimal(1500))
    (True, True, False)
    """
    if expected is None:
        return raw is None or raw == ""
    if isinstance(expected, bool):
        return raw is expected or str(raw).lower() == str(expected).lower()
    if isinstance(expected, Decimal):
        return _number(raw) == expected
    if isinstance(expected, datetime):
        return _moment(raw) == expected
    if isinstance(expected, date):
        return not isinstance(raw, datetime) and str(raw) == expected.isoformat()
    return raw == expected


def _number(raw: RawValue) -> Decimal | None:
    try:
        exact = isinstance(raw, str | int | Decimal) and not isinstance(raw, bool)
        return Decimal(raw) if exact else None  # type: ignore[arg-type]
    except InvalidOperation:
        return None


def _moment(raw: RawValue) -> datetime | None:
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw)
        except ValueError:
            return None
    return raw if isinstance(raw, datetime) and raw.utcoffset() is not None else None


@attrs.define
class Settled:
    """What counts after some pages: of each key the newest revision, and the last cursor."""

    rows: dict[str, tuple[RawRow, tuple[str, ...]]] = attrs.field(factory=dict)
    cursor: Mapping[str, str] | None = None

    def take(self, page: Page) -> None:
        """Joins a page."""
        for row in page.rows:
            assert row.key is not None, f"a row without a key: {row}"
            stamp, held = _stamp(row), self.rows.get(row.key)
            if held is None or stamp >= _stamp(held[0]):
                self.rows[row.key] = row, page.columns
        if page.cursor is not None:
            self.cursor = page.cursor

    def cells(self) -> dict[str, dict[str, RawValue]]:
        """Returns key -> column -> value of what counts."""
        return {
            key: dict(zip(columns, row.values, strict=True))
            for key, (row, columns) in self.rows.items()
            if not row.deleted
        }


def _stamp(row: RawRow) -> datetime:
    assert row.revision is not None, f"a row without a revision: {row}"
    assert row.revision.utcoffset() is not None, f"a revision without a zone: {row}"
    return row.revision


@attrs.define
class Bench:
    """A connector beside a fake of its service, as a context manager.

    Attributes:
        case: The connector.
        world: What the service holds.
        settled: What the pages so far come to.
        waits: How long the connector asked to wait, each time.
    """

    case: Case
    world: World = attrs.field(factory=World)
    settled: Settled = attrs.field(factory=Settled)
    waits: list[float] = attrs.field(factory=list)
    fake: Fake = attrs.field(init=False)
    server: Loopback = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Makes the fake and its server."""
        self.fake = self.case.fake(self.world)
        self.server = Loopback(answer=self.fake.answer)

    def __enter__(self) -> Self:
        """Starts the server."""
        self.server.__enter__()
        return self

    def __exit__(self, *given: object) -> None:
        """Stops the server."""
        self.server.__exit__(*given)

    @property
    def spec(self) -> ImporterSpec:
        """The spec of the connector."""
        return self.case.spec

    def request(
        self,
        *,
        page_size: int = 200,
        until: datetime | None = None,
        since: Mapping[str, str] | None = None,
        secret: Secret | None = None,
    ) -> ReadRequest:
        """Returns a request to the fake, up to the world's own clock unless told otherwise."""
        return ReadRequest(
            options=self.fake.options(self.server.base_url, secret or self.world.secret),
            since=since,
            until=until or self.world.now,
            page_size=page_size,
            sleep=self._wait,
        )

    def pages(self, request: ReadRequest) -> Generator[Page, None, None]:
        """Yields the pages that the connector makes of a request, each with its types checked.

        Raises:
            OverBudget: It asks, waits or yields without end.
        """
        self.server.requests.clear()
        self.waits.clear()
        pages = self.spec.read(request)
        try:
            for number, page in enumerate(pages, start=1):
                self._check_budget(number)
                _check_page(page, self.spec)
                yield page
            self._check_budget(0)
        except Exception:
            self._check_fake()
            raise
        finally:
            getattr(pages, "close", int)()

    def run(
        self,
        *,
        page_size: int = 200,
        until: datetime | None = None,
        stop_after: int | None = None,
    ) -> list[Page]:
        """Runs the connector from where it stands, settles its pages and returns them.

        With ``stop_after`` the run is broken off after so many pages, like a process that dies.
        A connector without increments reads everything, and what a whole run lacks is gone.
        """
        incremental = self.spec.incremental
        into = self.settled if incremental else Settled()
        since = self.settled.cursor if incremental else None
        taken: list[Page] = []
        if stop_after == 0:
            return taken
        request = self.request(page_size=page_size, until=until, since=since)
        with closing(self.pages(request)) as found:
            for page in found:
                into.take(page)
                taken.append(page)
                if len(taken) == stop_after:
                    return taken
        self.settled = into
        return taken

    def rest(self, seconds: int = 86_400) -> None:
        """Lets a day pass, or so many seconds, and takes away every fault."""
        self.world.advance(seconds)
        self.server.rewind()

    def differences(self) -> list[str]:
        """Returns what is settled and not so, a line each; none where it is the whole truth."""
        cells, truth = self.settled.cells(), self.world.truth()
        found = [f"{key} is lost" for key in truth.keys() - cells.keys()]
        found += [f"{key} still counts and is gone" for key in cells.keys() - truth.keys()]
        for key in truth.keys() & cells.keys():
            for column, expected in self.fake.expected(truth[key]).items():
                raw = cells[key].get(column)
                if column not in cells[key]:
                    found.append(f"{key} has no column {column!r}")
                elif not says(raw, expected):
                    found.append(f"{key} {column}: {raw!r}, and the service has {expected!r}")
        return sorted(found)

    def assert_true(self, when: str) -> None:
        """Fails where what is settled is not what the service has.

        Raises:
            AssertionError: It is not.
        """
        wrong = self.differences()
        if wrong:
            raise AssertionError(f"{when}:\n  " + "\n  ".join(wrong[:20]))

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        # Shorter ones keep to a rate between requests, which have a budget of their own.
        long = sum(each >= 1 for each in self.waits)
        if long > _MOST_WAITS:
            raise OverBudget(f"it waited {long} times in one run, a second or longer")

    def _check_fake(self) -> None:
        if self.server.failure is not None:
            raise AssertionError("the fake itself failed") from self.server.failure

    def _check_budget(self, pages: int) -> None:
        self._check_fake()
        if self.server.is_overrun:
            raise OverBudget(f"it made more than {self.server.budget} requests in one run")
        if pages > _MOST_PAGES:
            raise OverBudget(f"it yielded more than {pages} pages in one run")


def _check_page(page: Page, spec: ImporterSpec) -> None:
    fault = page_fault(page, incremental=spec.incremental)
    assert fault is None, fault
    assert len(set(page.columns)) == len(page.columns), f"a column twice: {page.columns}"
    for row in page.rows:
        cells, columns = len(row.values), len(page.columns)
        assert row.deleted or cells == columns, f"{row.key}: {cells} cells, {columns} columns"
