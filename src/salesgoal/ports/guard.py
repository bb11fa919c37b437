"""The guard around an importer: what a stranger hands over is checked, what it raises is named.

A generator fails outside the call that made it, so every page is asked for under the guard.
Types are looked at once a page, by the set of those that stand there, not cell by cell.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from salesgoal.domain.problem import Place, Problem
from salesgoal.errors import MissingExtra, PluginError, SourceError, SourceRefused
from salesgoal.ports.importer import (
    FileRows,
    ImporterSpec,
    Page,
    RawRow,
    ReadRequest,
    Unreadable,
)
from salesgoal.ports.scrub import Scrub

__all__ = ["CURSOR_BYTES", "guarded_pages", "page_fault"]

CURSOR_BYTES = 1024
"""A cursor is shorter than this as JSON."""

_PASSED = (SourceError, SourceRefused, MissingExtra)
_CELLS = (str, Decimal, int, date, bool, Unreadable, type(None))
_PLAIN = frozenset(_CELLS)
_END = object()


def guarded_pages(spec: ImporterSpec, request: ReadRequest) -> Generator[Page, None, None]:
    """Yields the pages of an importer, each checked; the importer is closed at the end.

    Args:
        spec: The importer.
        request: What it is asked. The secrets among its options are replaced in the text of
            whatever is raised, which keeps no cause that may hold them.

    Raises:
        SourceError, SourceRefused, MissingExtra: As the importer raised them.
        PluginError: It raised anything else, or handed over what its contract does not allow.
    """
    scrub = Scrub.of(request.options)
    pages = _begun(spec, request, scrub)
    try:
        while not isinstance(page := _next(spec, pages, scrub), BaseException):
            if page is None:
                return
            yield page
        # Raised here, and not where it is found: there the variables hold what it must not.
        raise page
    finally:
        close = getattr(pages, "close", None)
        if close is not None:
            with suppress(Exception):
                close()


def page_fault(page: object, *, incremental: bool = True) -> str | None:
    """Returns what is wrong with a page by the contract of importers; None where nothing is.

    >>> page_fault(Page((RawRow((0.1,), Place("crm")),), ("金额",)))
    'it gave a float in column 金额 - hand over Decimal or text'
    """
    if not isinstance(page, Page):
        return f"it gave {type(page).__name__}, not Page"
    fault = _column_fault(page.columns) or _rows_fault(page)
    if fault is None:
        fault = _cursor_fault(page.cursor, incremental=incremental)
    if fault is None and set(map(type, page.warnings)) - {Problem}:
        fault = "its warnings are not Problems"
    return fault


def _begun(
    spec: ImporterSpec, request: ReadRequest, scrub: Scrub
) -> Iterator[object] | BaseException:
    """The importer's iterator, or what is raised instead of what it raised."""
    try:
        given: object = spec.read(request)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises is named
        raised: BaseException = error
    else:
        if isinstance(given, Iterable):
            return iter(given)
        raised = TypeError(f"it gave {type(given).__name__}, not pages")
    # Named outside of the except clause: else the error would be the context of its name.
    return _named(spec, raised, scrub)


def _next(
    spec: ImporterSpec, pages: Iterator[object] | BaseException, scrub: Scrub
) -> Page | BaseException | None:
    """The next page, None at the end, or what is raised instead of what it raised."""
    if isinstance(pages, BaseException):
        return pages
    try:
        page = next(pages, _END)
        if page is _END:
            return None
        fault = page_fault(page, incremental=spec.incremental)
        if fault is None and isinstance(page, Page):
            return page
        raised: BaseException = _Broken(fault)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises is named
        raised = error
    return _named(spec, raised, scrub)


class _Broken(Exception):
    """The contract is broken; the text says how."""


def _named(spec: ImporterSpec, error: BaseException, scrub: Scrub) -> BaseException:
    """What is raised instead: the error itself without its causes, or a PluginError."""
    if isinstance(error, _PASSED):
        return scrub.error(error)
    if isinstance(error, _Broken):
        return PluginError(spec.name, "page", scrub.text(str(error)))
    said = str(error)
    detail = type(error).__name__ + (f": {said}" if said else "")
    found = PluginError(spec.name, "read", scrub.text(detail))
    found.add_note(scrub.trace(error))
    return found


def _column_fault(columns: object) -> str | None:
    if not isinstance(columns, tuple) or set(map(type, columns)) - {str}:
        return "its columns are not a tuple of texts"
    return None


def _rows_fault(page: Page) -> str | None:
    rows: Any = page.rows
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return f"its rows are {type(rows).__name__}, not a sequence"
    if not isinstance(rows, FileRows):
        for row in rows:
            fault = _row_fault(row)
            if fault is not None:
                return fault
    values = page.values
    if set(map(type, values)) - {tuple}:
        return "the values of a row are not a tuple"
    kinds = set(map(type, chain.from_iterable(values)))
    if kinds <= _PLAIN:
        return None
    wrong = [each for each in kinds if not issubclass(each, _CELLS)]
    return _cell_fault(page, wrong[0]) if wrong else None


def _cell_fault(page: Page, kind: type) -> str:
    """Which column has a cell that no importer may hand over."""
    at = next(
        at for values in page.values for at, cell in enumerate(values) if type(cell) is kind
    )
    column = page.columns[at] if at < len(page.columns) else f"#{at + 1}"
    return f"it gave a {kind.__name__} in column {column} - hand over Decimal or text"


def _row_fault(row: object) -> str | None:
    if not isinstance(row, RawRow):
        return f"it gave {type(row).__name__}, not RawRow"
    if not isinstance(row.where, Place):
        return "a row does not say where it stands"
    key: Any = row.key
    if key is not None and (not isinstance(key, str) or not key.strip()):
        return f"{row.where}: the key is {key!r}, not a text"
    if row.deleted and key is None:
        return f"{row.where}: a deleted row has no key"
    if row.revision is not None and _is_unzoned(row.revision):
        return f"{row.where}: the revision {row.revision!r} is no moment with a zone"
    return None


def _is_unzoned(revision: object) -> bool:
    return getattr(revision, "utcoffset", lambda: None)() is None


def _cursor_fault(cursor: object, *, incremental: bool) -> str | None:
    if cursor is None:
        return None
    if not incremental:
        return "it sets a cursor and is not declared incremental"
    if not isinstance(cursor, Mapping):
        return f"its cursor is {type(cursor).__name__}, not a mapping"
    if {type(each) for pair in cursor.items() for each in pair} - {str}:
        return "its cursor has keys or values that are not texts"
    size = len(json.dumps(dict(cursor), ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return (
        f"its cursor has {size} bytes, {CURSOR_BYTES} at most" if size > CURSOR_BYTES else None
    )
