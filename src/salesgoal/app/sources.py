"""Opening files through importers: exactly one claims a file, and every step is guarded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from glob import glob
from pathlib import Path
from typing import Any

import attrs

from salesgoal.app.plan_file.reading import read_options
from salesgoal.domain.foreign_text import os_zh
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import PluginError, SalesgoalError, SourceRefused, UnknownName
from salesgoal.intake.columns import ROLE_NAMES
from salesgoal.intake.layout import LaidOut, LayoutForm, Vocabulary, lay_out, plain_layout
from salesgoal.intake.merged import warn_of_merged
from salesgoal.intake.table import Table, make_table
from salesgoal.ports.guard import guarded_pages
from salesgoal.ports.importer import (
    FileHead,
    Grid,
    ImporterSpec,
    NotPlain,
    Page,
    ReadRequest,
    WholeColumns,
)
from salesgoal.ports.plugins import Plugins

__all__ = [
    "FileSource",
    "find_files",
    "find_importer",
    "is_lock",
    "open_columns",
    "open_layout",
    "open_pages",
    "open_sheets",
    "read_table",
]

_HEAD = 64 * 1024
_SAVED_OTHERWISE = {".xls", ".xlsb", ".et", ".ods", ".numbers"}
"""Tables that people keep and nobody here reads."""


@attrs.frozen(kw_only=True)
class FileSource:
    """A file that a plan names.

    Attributes:
        path: The file.
        importer: The name of its importer; None for the one that claims it.
        options: What the plan says to the importer, not yet checked.
        hint: What to do where the file is missing.
        hint_zh: The same in Chinese.
        keys: Where in the plan file the options stand.
        plan: The name of the plan file.
        folder: Where the plan lies; None for beside the file.
    """

    path: Path
    importer: str | None = None
    options: Any = None
    hint: str = ""
    hint_zh: str = ""
    keys: tuple[str, ...] = ()
    plan: str = "plan"
    folder: Path | None = None


def find_files(folder: Path, pattern: str) -> list[Path]:
    """Returns the files that a path or pattern of a plan names, in order of name.

    A pattern passes over what a spreadsheet program lays beside a workbook that is open, such
    as ``~$日报.xlsx``. Without a match the path itself is returned, so that opening it says
    what is missing.
    """
    if not any(sign in pattern for sign in "*?["):
        return [folder / pattern]
    # Path.glob refuses patterns that begin at the root of the disk.
    found = glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207
    kept = (path for each in found if not is_lock(path := folder / each))
    return sorted(kept) or [folder / pattern]


def is_lock(path: Path) -> bool:
    """Whether a file only says that somebody has a workbook open; it holds no rows.

    >>> is_lock(Path("~$日报.xlsx")), is_lock(Path("日报.xlsx"))
    (True, False)
    """
    return path.name.startswith(("~$", ".~lock."))


def open_pages(source: FileSource, plugins: Plugins) -> Iterator[Page]:
    """Yields the pages of a file.

    Raises:
        SourceRefused: The file is missing, nobody or several claim it, or it cannot be read;
            also for whatever else the importer raises.
        PlanRefused: The options of the plan are wrong.
    """
    spec, options = _prepare(source, plugins)
    yield from _pages(spec, ReadRequest(options=options, source=source.path))


def open_sheets(source: FileSource, plugins: Plugins) -> Iterator[Page] | None:
    """Returns the rows of every sheet of a workbook, hidden ones first; None for other files.

    Raises:
        SourceRefused: As `open_pages`, also while the pages are read.
    """
    spec, options = _prepare(source, plugins)
    if spec.grid is not Grid.CELLS:
        return None
    request = ReadRequest(options=options, source=source.path, grid=True, every_sheet=True)
    return _pages(spec, request)


def open_layout(
    source: FileSource, plugins: Plugins, form: LayoutForm, words: Vocabulary
) -> LaidOut:
    """Returns the table that a file holds, its header found where the importer leaves it open.

    Raises:
        SourceRefused, PlanRefused: As `open_pages` and `lay_out`.
    """
    spec, options = _prepare(source, plugins)
    place = Place(source.path.name)
    request = ReadRequest(options=options, source=source.path, grid=spec.grid is not None)
    pages = _pages(spec, request)
    if spec.grid is None:
        return plain_layout(pages, place)
    row = (source.options or {}).get("header_row")
    if row is not None and form.header_row is None:
        form = attrs.evolve(form, header_row=row)
    return lay_out(pages, place, spec.grid, form, words)


def find_importer(source: FileSource, plugins: Plugins) -> ImporterSpec:
    """Returns the importer of a file.

    Raises:
        SourceRefused, PlanRefused: As `open_pages`.
    """
    return _prepare(source, plugins)[0]


def open_columns(source: FileSource, plugins: Plugins) -> WholeColumns | NotPlain:
    """Returns the rows of a file by whole columns, or why its importer does not give them.

    Raises:
        SourceRefused, PlanRefused: As `open_pages`.
    """
    spec, options = _prepare(source, plugins)
    assert spec.columns is not None
    request = ReadRequest(options=options, source=source.path, grid=spec.grid is not None)
    try:
        return spec.columns(request)
    except SalesgoalError:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        place = Place(source.path.name)
        fault = problem("plugin-failed", place, plugin=spec.name, detail=detail)
        raise SourceRefused([fault]) from error


def _prepare(source: FileSource, plugins: Plugins) -> tuple[ImporterSpec, Any]:
    """The importer of a file, and its options."""
    place = Place(source.path.name)
    if not source.path.is_file():
        facts = {"hint": source.hint, "hint_zh": source.hint_zh}
        raise SourceRefused([problem("file-missing", place, **facts)])
    spec = _choose(source, plugins, place)
    where, folder = Place(source.plan), source.folder or source.path.parent
    return spec, read_options(source.options or {}, spec.options, where, source.keys, folder)


def _pages(spec: ImporterSpec, request: ReadRequest) -> Iterator[Page]:
    """The pages of a file; whatever else its importer raises is a problem of the file."""
    assert request.source is not None
    pages = guarded_pages(spec, request)
    try:
        yield from pages
    except PluginError as error:
        place, detail = Place(request.source.name), error.detail
        fault = problem("plugin-failed", place, plugin=spec.name, detail=detail)
        raise SourceRefused([fault]) from error
    finally:
        pages.close()


def read_table(
    source: FileSource, plugins: Plugins, explicit: Mapping[str, str], names: Iterable[str] = ()
) -> Table:
    """Returns the rows of a table of the plan, without the blank ones.

    Args:
        source: The file.
        plugins: Whose importers may read it.
        explicit: Role -> column, as the plan says.
        names: Headers to look for beside those of the roles.

    Raises:
        SourceRefused, PlanRefused: As `open_layout`.
    """
    roles = (name for names in ROLE_NAMES.values() for name in names)
    words = Vocabulary([*roles, *names, *explicit.values()])
    laid = open_layout(source, plugins, LayoutForm(), words)
    told = warn_of_merged(laid.pages, laid.place)
    pages = [attrs.evolve(page, columns=laid.columns) for page in told]
    table = make_table(pages, laid.place, explicit, laid.lines)
    return attrs.evolve(table, warnings=(*laid.warnings, *table.warnings))


def _choose(source: FileSource, plugins: Plugins, place: Place) -> ImporterSpec:
    head = FileHead(source.path.name, _first_bytes(source.path, place))
    if source.importer is not None:
        try:
            return plugins.importer(source.importer)
        except UnknownName as error:
            raise SourceRefused([_no_importer(place, plugins)]) from error
    claims = [spec for spec in plugins.importers.values() if _claims(spec, head, place)]
    if not claims:
        raise SourceRefused([_no_importer(place, plugins)])
    if len(claims) > 1:
        names = ", ".join(spec.name for spec in claims)
        raise SourceRefused([problem("two-importers", place, names=names)])
    return claims[0]


def _first_bytes(path: Path, place: Place) -> bytes:
    """The beginning of a file; one that the system does not let be read is a problem."""
    try:
        with path.open("rb") as stream:
            return stream.read(_HEAD)
    except OSError as error:
        facts = {"detail": error.strerror or str(error), "detail_zh": os_zh(error)}
        raise SourceRefused([problem("file-unreadable", place, **facts)]) from error


def _no_importer(place: Place, plugins: Plugins) -> Problem:
    """That nobody reads a file, and what to do with those that are often met."""
    suffix = Path(place.source).suffix.lower()
    kind = suffix if suffix in _SAVED_OTHERWISE else ""
    return problem(
        "no-importer",
        place,
        known=", ".join(plugins.importers),
        hint=f", or save the {kind} file as .xlsx" if kind else "",
        hint_zh=f"，或把 {kind} 文件另存为 .xlsx" if kind else "",
    )


def _claims(spec: ImporterSpec, head: FileHead, place: Place) -> bool:
    """Whether an importer claims a file; one that raises is named."""
    try:
        return spec.matches is not None and bool(spec.matches(head))
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        fault = problem("plugin-failed", place, plugin=spec.name, detail=detail)
        raise SourceRefused([fault]) from error
