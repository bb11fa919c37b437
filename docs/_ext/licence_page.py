"""Writes the page reference/licences.md from what is installed; `make pages` runs it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import attrs
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "licences.md"
EXTRAS = {
    "cn": "Chinese holidays and make-up days",
    "holidays": "holidays of other countries",
    "png": "charts as pictures",
    "postgres": "a ledger in PostgreSQL",
    "fast": "large files, and facts in frames",
    "duckdb": "facts in DuckDB",
    "http": "connectors to services",
    "testing": "the kit for authors of plugins",
    "engines": "facts in Ibis, Dask and Spark",
}
"""What users install; `test`, `docs`, `bench` and `dev` are for those who work on it."""

WHY = {
    "attrs": "values that cannot be changed",
    "cattrs": "plan files into values, with every fault at once",
    "charset-normalizer": "a second opinion on the encoding of a text file",
    "click": "the command",
    "jinja2": "the page for the browser",
    "pluggy": "plugins",
    "python-dateutil": "when reports are due",
    "rich": "tables in the terminal",
    "sqlalchemy": "the ledger, and databases as sources",
    "tomlkit": "changes to a plan file that keep its comments",
    "tzdata": "time zones where the system has none, as on Windows",
    "xlsxwriter": "workbooks",
    "chinesecalendar": "which days are worked in China, also make-up days",
    "holidays": "which days are worked elsewhere",
    "matplotlib": "charts as PNG",
    "psycopg": "the driver of PostgreSQL",
    "narwhals": "one language for all frames",
    "numpy": "the roll-up of large plans",
    "polars": "large files by whole columns; frames of a scorecard",
    "duckdb": "queries over files and tables",
    "requests": "HTTP",
    "hypothesis": "properties of plugins",
    "pytest": "the runner of the checks",
    "dask": "frames in pieces",
    "ibis-framework": "databases and warehouses as frames",
    "pyarrow": "frames of Arrow, and Parquet",
    "pyspark": "frames on a cluster",
}
ELSEWHERE = {"dask": "BSD-3-Clause", "ibis-framework": "Apache-2.0", "pyspark": "Apache-2.0"}
"""Licences of what `make setup` does not install; compared where they are installed."""

MEANING = {
    "psycopg": "a library that is used as it is asks nothing of your own code; whoever hands "
    "out a product with it inside adds its licence and lets it be replaced. Without the extra "
    "the ledger is a file of SQLite, and there is no LGPL",
    "psycopg-binary": "as psycopg; its wheels also carry libpq and OpenSSL",
    "certifi": "a list of certificates; only changes to its own files stay under the MPL",
    "hypothesis": "only changes to its own files stay under the MPL; it tests plugins, and no "
    "report needs it",
}
"""Copyleft that is known, and what it means for a user; any other is a failure of the tests."""

PERMISSIVE = {
    *("MIT", "MIT-CMU", "BSD", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Zlib", "CC0-1.0"),
    *("Apache-2.0", "PSF-2.0", "PSF", "HPND", "ISC", "Unlicense", "BSL-1.0"),
}
_SHORT = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Python Software Foundation License": "PSF",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "ISC License (ISCL)": "ISC",
}

HEAD = """\
# Licences

Written by `make pages` from what is installed. salesgoal and its connectors are under the
MIT licence.

What salesgoal stands on at run time is listed by the extra that brings it: the packages that
it asks for and, under "with it", those that these bring in turn; another Python or platform
may bring one more or less. Nothing of them is copied into salesgoal; each comes with its own
licence. What only those need who work on it (`test`, `docs`, `bench`, `dev`) is left out.

Nearly all of it is permissive (MIT, BSD, Apache, PSF and their like): use it, keep the notices.
Of what is not, this is what it means; the tests refuse any other.

"""
WHEELS = """
Wheels carry libraries under licences of their own, which stand in their `dist-info/licenses`.
Not permissive among them: in numpy the run time of GNU Fortran (GPL with the exception that
lets any program use it) and libquadmath (LGPL), in psycopg-binary libkeyutils (LGPL). Whoever
hands out a product with these wheels inside hands out their licences with it.
"""


@attrs.frozen(kw_only=True)
class Row:
    """A package that salesgoal asks for, and what comes with it."""

    name: str
    asked: str
    licence: str
    why: str
    brought: tuple[tuple[str, str], ...]


def tables() -> dict[str, list[str]]:
    """Returns the requirements of the core, under ``''``, and of each extra of users."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    more = project["optional-dependencies"]
    return {"": project["dependencies"], **{extra: more[extra] for extra in EXTRAS}}


def row_of(asked: str) -> Row:
    """Returns the row of a requirement; `KeyError` where nobody says what it is for."""
    wanted = Requirement(asked)
    name = canonicalize_name(wanted.name)
    packages = [each for each in found_with(wanted) if canonicalize_name(each.name) != name]
    brought = {each.name: licence_of(each) for each in packages}
    return Row(
        name=f"{wanted.name}[{','.join(wanted.extras)}]" if wanted.extras else wanted.name,
        asked=str(wanted.specifier),
        licence=_licence(wanted.name),
        why=WHY[name],
        brought=tuple(sorted(brought.items(), key=lambda pair: pair[0].casefold())),
    )


def found_with(wanted: Requirement) -> list[Distribution]:
    """Returns what is installed of a requirement: itself, and all that it asks for."""
    found: dict[str, Distribution] = {}
    waiting = [wanted]
    while waiting:
        each = waiting.pop()
        try:
            here = distribution(each.name)
        except PackageNotFoundError:
            continue
        if canonicalize_name(here.name) in found and not each.extras:
            continue
        found[canonicalize_name(here.name)] = here
        waiting.extend(_asked_by(here, each))
    return list(found.values())


def _asked_by(here: Distribution, wanted: Requirement) -> Iterator[Requirement]:
    for line in here.requires or ():
        asked = Requirement(line)
        extras = wanted.extras or {""}
        if asked.marker is None or any(asked.marker.evaluate({"extra": e}) for e in extras):
            yield asked


def licence_of(package: Distribution) -> str:
    """Returns the licence as its metadata says it, in short names; ``?`` where it does not."""
    said = package.metadata.get("License-Expression")
    if said:
        return str(said)
    kinds = package.metadata.get_all("Classifier") or []
    kinds = [each.rpartition(" :: ")[2] for each in kinds if each.startswith("License :: ")]
    told = [_SHORT.get(each, each) for each in kinds if each != "OSI Approved"]
    if told:
        return " OR ".join(sorted(set(told)))
    text = str(package.metadata.get("License") or "?").strip().splitlines()[0]
    return _SHORT.get(text, text)


def is_permissive(licence: str) -> bool:
    """Returns whether every part of a licence asks for no more than a notice."""
    return set(re.split(r"\s+(?:AND|OR)\s+", licence.strip("()"))) <= PERMISSIVE


def _licence(name: str) -> str:
    try:
        return licence_of(distribution(name))
    except PackageNotFoundError:
        return ELSEWHERE[canonicalize_name(name)]


def write_row(row: Row) -> str:
    """Returns the line of a package in its table."""
    brought = ", ".join(f"{name} ({licence})" for name, licence in row.brought) or "-"
    return f"| {row.name} | `{row.asked}` | {row.licence} | {row.why} | {brought} |"


def write_table(rows: Sequence[Row]) -> str:
    """Returns a table of packages."""
    head = "| package | asked for | licence | what for | with it |\n|---|---|---|---|---|\n"
    return head + "".join(f"{write_row(each)}\n" for each in rows)


def copyleft() -> list[tuple[str, str, str]]:
    """Returns extra, package and licence of all that is not permissive."""
    return [
        (extra, package.name, licence_of(package))
        for extra, asked in tables().items()
        if extra != "engines"
        for each in asked
        for package in found_with(Requirement(each))
        if not is_permissive(licence_of(package))
    ]


def page() -> str:
    """Returns the whole page."""
    text = HEAD + "| package | extra | licence | what it means |\n|---|---|---|---|\n"
    seen: dict[tuple[str, str], list[str]] = {}
    for extra, name, licence in copyleft():
        seen.setdefault((name, licence), []).append(f"`{extra}`" if extra else "always")
    for (name, licence), extras in sorted(seen.items()):
        where = ", ".join(dict.fromkeys(extras))
        text += f"| {name} | {where} | {licence} | {MEANING[canonicalize_name(name)]} |\n"
    text += WHEELS
    for extra, asked in tables().items():
        title = f"`{extra}`: {EXTRAS[extra]}" if extra else "Always"
        rows = [row_of(each) for each in asked]
        if extra == "engines":
            rows = [attrs.evolve(each, brought=()) for each in rows]
        text += f"\n## {title}\n\n{write_table(rows)}"
        if extra == "engines":
            text += "\nEngines are the user's own, and bring what theirs is.\n"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
