"""Golden rows of importers of files: what each document gives, kept beside it and compared.

Beside ``report.xlsx`` stands ``report.xlsx.golden``, a line a row. All documents with golden
rows must be claimed by the importer, and only those; so a folder also holds documents that it
must leave alone. `accept` writes golden rows, which people read before they keep them;
`check` compares::

    python -m salesgoal.testing accept my_plugin tests/documents
    python -m salesgoal.testing check my_plugin tests/documents
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from salesgoal.domain.problem import Problem
from salesgoal.errors import SourceRefused
from salesgoal.ports.guard import guarded_pages
from salesgoal.ports.importer import (
    FileHead,
    ImporterSpec,
    RawRow,
    RawValue,
    ReadRequest,
    Unreadable,
)

__all__ = ["GOLDEN", "accept", "check", "claims", "documents", "golden_text"]

GOLDEN = ".golden"
_HEAD_BYTES = 64 * 1024
_PAGE_SIZES = (200, 3, 1)


def documents(folder: Path) -> list[Path]:
    """Returns the documents of a folder and of those below, without golden and hidden files."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        path
        for path in found
        if path.suffix != GOLDEN
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def claims(spec: ImporterSpec, path: Path) -> bool:
    """Returns whether the importer claims a document."""
    with path.open("rb") as stream:
        start = stream.read(_HEAD_BYTES)
    return spec.matches is not None and spec.matches(FileHead(path.name, start))


def golden_text(
    spec: ImporterSpec, path: Path, options: object = None, *, page_size: int = 200
) -> str:
    """Returns what a document gives: columns, rows with their place, warnings, a refusal.

    Cells say their type beside their value where it is not text: ``1200.50`` as a `Decimal`
    is ``{"Decimal": "1200.50"}``. An importer that can hand over sheets as they are is asked
    for all of them.

    Raises:
        PluginError: The importer broke its contract, or raised what it should not.
    """
    grid = spec.grid is not None
    request = ReadRequest(
        options=options, source=path, page_size=page_size, grid=grid, every_sheet=grid
    )
    return "".join(f"{_json(line)}\n" for line in _lines(spec, request))


def accept(spec: ImporterSpec, folder: Path, options: object = None) -> list[Path]:
    """Writes golden rows beside every document that the importer claims.

    Returns:
        The golden files that are new or have changed: read them before you keep them.
    """
    changed = []
    for path in documents(folder):
        if claims(spec, path):
            golden, text = _golden(path), golden_text(spec, path, options)
            if not golden.exists() or golden.read_text("utf-8") != text:
                golden.write_text(text, "utf-8", newline="\n")
                changed.append(golden)
    return changed


def check(spec: ImporterSpec, folder: Path, options: object = None) -> list[str]:
    """Returns every way in which the importer and the golden rows differ; none if all is well.

    Pages of any size must give the same rows.
    """
    found = documents(folder)
    if not found:
        return [f"{folder} has no documents"]
    faults = []
    for path in found:
        golden, is_claimed = _golden(path), claims(spec, path)
        name = str(path.relative_to(folder))
        if golden.exists() and not is_claimed:
            faults.append(f"{name} has golden rows and is not claimed")
        elif is_claimed and not golden.exists():
            faults.append(
                f"{name} is claimed and has no golden rows - accept them, or leave it"
            )
        elif is_claimed:
            faults += _differences(spec, path, options, name)
    kept = {_golden(path) for path in found}
    faults += [
        f"{path.relative_to(folder)} has no document"
        for path in sorted(folder.rglob(f"*{GOLDEN}"))
        if path not in kept
    ]
    return faults


def _differences(spec: ImporterSpec, path: Path, options: object, name: str) -> Iterator[str]:
    expected = _golden(path).read_text("utf-8")
    for size in _PAGE_SIZES:
        got = golden_text(spec, path, options, page_size=size)
        if got != expected:
            before, after = expected.splitlines(), got.splitlines()
            shown = f"{name}, in pages of {size}"
            lines = difflib.unified_diff(
                before, after, f"{name}{GOLDEN}", shown, lineterm="", n=1
            )
            yield "\n".join(lines)
            return


def _golden(path: Path) -> Path:
    return path.with_name(path.name + GOLDEN)


def _lines(spec: ImporterSpec, request: ReadRequest) -> Iterator[dict[str, Any]]:
    columns: tuple[str, ...] | None = None
    warnings: list[Problem] = []
    try:
        with closing(guarded_pages(spec, request)) as pages:
            for page in pages:
                if page.columns != columns:
                    columns = page.columns
                    yield {"columns": list(columns)}
                yield from map(_row, page.rows)
                warnings += page.warnings
    except SourceRefused as error:
        yield {"refused": [each.text("en") for each in error.problems]}
    # Behind the rows: with which page a warning comes depends on the size of the pages.
    yield from ({"warning": each.text("en")} for each in warnings)


def _row(row: RawRow) -> dict[str, Any]:
    line: dict[str, Any] = {"at": str(row.where), "cells": list(map(_cell, row.values))}
    if row.key is not None:
        line["key"] = row.key
    if row.revision is not None:
        line["revision"] = row.revision.isoformat()
    if row.deleted:
        line["deleted"] = True
    if row.merged:
        line["merged"] = {str(at): each.span for at, each in row.merged.items()}
    return line


def _cell(value: RawValue) -> object:
    """A cell that can be read in a diff; its type where it is no text."""
    match value:
        case None | str() | bool():
            return value
        case Unreadable():
            return {value.code: value.text}
        case int() | Decimal() | date():
            return {type(value).__name__: str(value)}


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False)
