"""What a workbook has: its sheets, where their parts are, and how its days are counted."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import dirname, join, normpath

import attrs

from salesgoal.domain.problem import problem
from salesgoal.errors import SourceRefused
from salesgoal.plugins.xlsx.markup import Attributes, walk
from salesgoal.plugins.xlsx.package import Package, corrupt, over

__all__ = ["SheetEntry", "Workbook", "choose_sheet", "read_workbook"]


@attrs.frozen
class SheetEntry:
    """One sheet: its name, its relation in the package, and whether people see it."""

    name: str
    relation: str
    is_hidden: bool


@attrs.frozen(kw_only=True)
class Workbook:
    """The parts of a workbook.

    Attributes:
        sheets: In order, charts left out.
        targets: Relation -> part; None for one outside the file.
        texts: The part of the shared texts.
        styles: The part of the formats.
        is_1904: Whether days are counted from 1904.
    """

    sheets: tuple[SheetEntry, ...]
    targets: Mapping[str, str | None]
    texts: str | None
    styles: str | None
    is_1904: bool


@attrs.frozen
class _Relation:
    kind: str
    target: str | None


def read_workbook(package: Package) -> Workbook:
    """Reads what a workbook says of itself.

    Raises:
        SourceRefused: A part is missing or broken, or two sheets have one name.
    """
    part = _main_part(package)
    sheets: list[SheetEntry] = []
    is_1904 = False

    def start(name: str, attributes: Attributes, around: tuple[str, ...]) -> None:
        nonlocal is_1904
        if name == "workbookPr":
            is_1904 = attributes.get("date1904", "0") in {"1", "true", "on"}
        elif name == "sheet" and around[-1:] == ("sheets",):
            sheets.append(_entry(attributes))
            if len(sheets) > package.limits.sheets:
                raise over(package.place, package.limits, "sheets")

    walk(package, part, "workbook", start)
    relations = _relations(package, part)
    names = [sheet.name for sheet in sheets]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise corrupt(
            package.place, f"两个工作表都叫 {twice!r}", f"two sheets are called {twice!r}"
        )
    by_kind = {each.kind: each.target for each in relations.values()}
    charts = {"chartsheet", "dialogsheet"}
    return Workbook(
        sheets=tuple(
            sheet
            for sheet in sheets
            if sheet.relation not in relations or relations[sheet.relation].kind not in charts
        ),
        targets={name: each.target for name, each in relations.items()},
        texts=by_kind.get("sharedStrings"),
        styles=by_kind.get("styles"),
        is_1904=is_1904,
    )


def choose_sheet(package: Package, book: Workbook, name: str | None) -> tuple[SheetEntry, str]:
    """Returns a sheet and its part: the one of that name, else the first that people see.

    Raises:
        SourceRefused: There is no such sheet, or its part is missing or outside the file.
    """
    sheets = {sheet.name: sheet for sheet in book.sheets}
    if not sheets or (name is not None and name not in sheets):
        found = ", ".join(sheets) or "-"
        raise SourceRefused([problem("missing-sheet", package.place, column=name, found=found)])
    seen = [sheet for sheet in book.sheets if not sheet.is_hidden] or list(book.sheets)
    sheet = sheets[name] if name is not None else seen[0]
    place = attrs.evolve(package.place, sheet=sheet.name)
    if sheet.relation not in book.targets:
        raise corrupt(place, "没有写明工作表在哪里", "nothing says where the sheet is")
    part = book.targets[sheet.relation]
    if part is None:
        facts = {"detail_zh": "工作表在文件之外", "detail": "the sheet lies outside the file"}
        raise SourceRefused([problem("hostile-file", place, **facts)])
    return sheet, part


def _entry(attributes: Attributes) -> SheetEntry:
    relation = next(
        (value for name, value in attributes.items() if name.endswith("relationships id")), ""
    )
    hidden = attributes.get("state", "visible") != "visible"
    return SheetEntry(attributes.get("name", ""), relation, hidden)


def _main_part(package: Package) -> str:
    """The workbook's own part; the usual name where nothing says another."""
    if "_rels/.rels" not in package:
        return "xl/workbook.xml"
    relations = _relations(package, "")
    found = [each.target for each in relations.values() if each.kind == "officeDocument"]
    return (found and found[0]) or "xl/workbook.xml"


def _relations(package: Package, part: str) -> dict[str, _Relation]:
    folder = dirname(part)
    rels = join(folder, "_rels", part.rpartition("/")[2] + ".rels")
    found: dict[str, _Relation] = {}

    def start(name: str, attributes: Attributes, _: tuple[str, ...]) -> None:
        if name == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            outside = attributes.get("TargetMode") == "External"
            target = attributes.get("Target", "").replace("\\", "/")
            whole = target.lstrip("/") if target.startswith("/") else join(folder, target)
            whole = normpath(whole)
            outside = outside or whole.startswith("..")
            found[attributes.get("Id", "")] = _Relation(kind, None if outside else whole)

    walk(package, rels, "Relationships", start)
    return found
