"""The kit's contract of connectors, held by the importers of databases where it fits.

The fake is a file of SQLite, written anew from the world before every page: a real request to
the kit's server comes first, so that its checks can change deals between two pages.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import attrs
import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.plugins.sql import changes
from salesgoal.plugins.sql.options import SqlChangesOptions, SqlOptions
from salesgoal.ports.secret import Secret
from salesgoal.testing import Answer, Case, ImporterContract

PLUGINS = built_in_plugins()
SELECT = "SELECT id, amount, closed_on, won, customer, changed, gone FROM deals"
SERVERS = {}
"""URL of a file -> the kit's server, which is asked before every page."""
FOLDERS = []
NO_HTTP = "a database answers no HTTP; tests/plugins/test_sql.py breaks it in its own ways"
SKIPS = {
    "test_the_spec_says_what_it_is": "its url takes the place of base_url",
    **dict.fromkeys(
        (
            "test_a_passing_fault_is_waited_out",
            "test_it_waits_as_long_as_it_is_asked_to",
            "test_a_lasting_outage_is_an_error_and_never_an_end",
            "test_a_refusal_is_an_error_and_never_an_end",
            "test_what_is_not_the_protocol_is_an_error_and_never_an_end",
            "test_a_wrong_token_is_refused_at_once",
            "test_no_secret_follows_a_redirect",
        ),
        NO_HTTP,
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _folder(tmp_path_factory):
    FOLDERS.append(tmp_path_factory.mktemp("sql"))


class FakeFile:
    """Deals in a file whose place is the secret."""

    busy = ()
    keeps_deleted = True

    def __init__(self, world):
        self.world = world
        self.folder = Path(tempfile.mkdtemp(dir=FOLDERS[-1]))
        self.path = self.folder / f"{world.secret.reveal()}.db"
        with self.connected() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE deals (id TEXT PRIMARY KEY, amount TEXT, closed_on TEXT, won INT,"
                " customer TEXT, changed TEXT, gone INT)"
            )

    @contextmanager
    def connected(self):
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")
            yield connection

    def answer(self, _):
        with self.connected() as connection:
            connection.execute("DELETE FROM deals")
            connection.executemany(
                "INSERT INTO deals VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        deal.key,
                        None if deal.amount is None else str(deal.amount),
                        deal.on.isoformat(),
                        "true" if deal.won else "false",
                        deal.customer,
                        deal.modified_at.isoformat(),
                        deal.deleted,
                    )
                    for deal in self.world.found()
                    if self.keeps_deleted or not deal.deleted
                ),
            )
        connection.close()
        return Answer()

    def options(self, base_url, secret):
        url = f"sqlite:///{self.folder}/{secret.reveal()}.db"
        SERVERS[url] = base_url
        return self.options_of(Secret(url))

    def options_of(self, url):
        return SqlChangesOptions(
            url=url, select=SELECT, key="id", revision="changed", deleted="gone"
        )

    def expected(self, deal):
        return {
            "amount": deal.amount,
            "closed_on": deal.on,
            "won": deal.won,
            "customer": deal.customer,
        }


class FakeWhole(FakeFile):
    keeps_deleted = False

    def options_of(self, url):
        return SqlOptions(url=url, select=SELECT, key="id", revision="changed")


def disturbed(spec):
    """The importer, with a request to the kit's server before every page."""

    def read(request):
        server = SERVERS[request.options.url.reveal()]
        pages = spec.read(request)
        try:
            while True:
                with suppress(OSError):
                    urlopen(server).close()  # noqa: S310 - the kit's own, on this machine
                page = next(pages, None)
                if page is None:
                    return
                yield page
        finally:
            pages.close()

    return attrs.evolve(spec, read=read)


class TestChanges(ImporterContract):
    case = Case(spec=disturbed(PLUGINS.importer("sql-changes")), fake=FakeFile, skips=SKIPS)


class TestChangesByPages(TestChanges):
    """The same, with a question a page."""

    @pytest.fixture(autouse=True)
    def _small_questions(self, monkeypatch):
        monkeypatch.setattr(changes, "BATCH", 1)


class TestWhole(ImporterContract):
    case = Case(
        spec=disturbed(PLUGINS.importer("sql")),
        fake=FakeWhole,
        skips={
            **SKIPS,
            "test_nothing_beyond_the_end_is_read": "a whole table is read as it stands",
        },
    )
