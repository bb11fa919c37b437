"""A private PostgreSQL server to test with, where the system's package is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import pytest

NUMBERS = count(1)
ON_A_SERVER = [pytest.mark.postgres, pytest.mark.slow]


def server_programs():
    """Where initdb and pg_ctl lie: on the path, or where Debian puts the newest version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def as_owner(*command):
    """A server refuses to run as root; Debian's package brings a user for it."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *map(str, command)], check=True, capture_output=True, cwd="/")


@pytest.fixture(scope="session")
def server():
    """The URL of a private server without databases, reached through a socket in its folder."""
    programs = server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed")
    pytest.importorskip("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    stored = folder / "data"
    try:
        as_owner(programs / "initdb", "-D", stored, "-A", "trust", "-U", "postgres", "-N")
        options = f"-k {folder} -c listen_addresses='' -F"
        log = folder / "log"
        as_owner(programs / "pg_ctl", "start", "-w", "-D", stored, "-l", log, "-o", options)
        yield f"postgresql://postgres@/{{}}?host={folder}"
        as_owner(programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", stored)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_database(server):
    """Makes an empty database in the server and returns its URL."""
    import psycopg

    def make():
        name = f"ledger{next(NUMBERS)}"
        where = server.format("postgres")
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return server.format(name)

    return make
