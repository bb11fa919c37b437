"""Names that the plan does not know: gathered, and proposed for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from salesgoal.app.load import LoadedPlan, load_plan
from salesgoal.app.sources import FileSource, read_table
from salesgoal.app.track import track
from salesgoal.domain.dimension import fold_name
from salesgoal.domain.problem import Place, Problem
from salesgoal.errors import PlanRefused
from salesgoal.ports.plugins import Plugins
from salesgoal.sheets.sheet import Book, Cell, Column, Kind, Line, Sheet, Words

__all__ = ["GatheredName", "find_unknown_names", "kept_rows", "names_book"]

_CODE = "unknown-member"
_MOST = 3
_COLUMNS = (
    ("dimension", Words("维度", "dimension")),
    ("name", Words("名称", "name")),
    ("count", Words("次数", "count")),
    ("first", Words("首次出现", "first")),
    *((f"suggestion{n}", Words(f"建议{n}", f"suggestion{n}")) for n in range(1, _MOST + 1)),
    ("confirmed", Words("确认", "confirmed")),
)


@attrs.frozen(kw_only=True)
class GatheredName:
    """One unknown name of one dimension.

    Attributes:
        dimension: What people call the dimension.
        name: As it was found.
        count: How many rows bear it.
        first: Where it stands first.
        suggestions: Up to three members that look like it; none is ever taken by itself.
    """

    dimension: str
    name: str
    count: int
    first: Place
    suggestions: tuple[str, ...] = ()


def find_unknown_names(path: Path, plugins: Plugins) -> list[GatheredName]:
    """Returns the names in a plan's tables and sources that are no member and no alias.

    Where a table of the plan itself has such names, the plan cannot be loaded; then those are
    returned, and the sources are looked at when they are settled.

    Raises:
        PlanRefused: The plan has other faults.
        SourceRefused: A source cannot be read.
    """
    try:
        loaded: LoadedPlan = load_plan(path, plugins)
    except PlanRefused as refused:
        if {each.code for each in refused.problems} != {_CODE}:
            raise
        return _gathered(refused.problems)
    # What the ledger holds has known names; new files may have others.
    sources = tuple(attrs.evolve(each, in_ledger=False) for each in loaded.sources)
    loaded = attrs.evolve(loaded, sources=sources)
    return _gathered(track(loaded, as_of=loaded.plan.period.last).problems)


def _gathered(problems: Iterable[Problem]) -> list[GatheredName]:
    found: dict[tuple[str, str], list[Problem]] = {}
    for each in problems:
        if each.code == _CODE:
            key = str(each.facts["dimension"]), fold_name(each.value or "")
            found.setdefault(key, []).append(each)
    return [
        GatheredName(
            dimension=dimension,
            name=(same[0].value or "").strip(),
            count=len(same),
            first=same[0].where,
            suggestions=_suggestions(same[0]),
        )
        for (dimension, _), same in found.items()
    ]


def _suggestions(one: Problem) -> tuple[str, ...]:
    nearest = one.facts.get("nearest", ())
    assert isinstance(nearest, tuple)
    return tuple(map(str, nearest))[:_MOST]


def names_book(names: Sequence[GatheredName], kept: Sequence[Mapping[str, str]] = ()) -> Book:
    """Returns the table for a person to confirm, below the rows that were there already.

    In the last column goes a member's name, or 是 for the first suggestion; blank leaves the
    name unknown.
    """
    lines = [Line(tuple(Cell(row.get(key)) for key, _ in _COLUMNS), decimals=0) for row in kept]
    known = {(row.get("dimension"), fold_name(row.get("name") or "")) for row in kept}
    for each in names:
        if (each.dimension, fold_name(each.name)) in known:
            continue
        blanks = (None,) * (_MOST - len(each.suggestions))
        first = Words(each.first.text("zh"), each.first.text("en"))
        values = (each.dimension, each.name, each.count, first)
        lines.append(
            Line(
                tuple(map(Cell, (*values, *each.suggestions, *blanks, None))),
                decimals=0,
            )
        )
    columns = tuple(Column(key=key, title=title, kind=Kind.TEXT) for key, title in _COLUMNS)
    title = Words("名称确认", "Names to confirm")
    sheet = Sheet(id="names", title=title, columns=columns, lines=tuple(lines))
    return Book(title=title, sheets=(sheet,))


def kept_rows(path: Path, plugins: Plugins) -> list[dict[str, str]]:
    """Returns the rows of a table that is there already, so that no confirmation is lost.

    Raises:
        SourceRefused: It is not such a table.
    """
    if not path.is_file():
        return []
    names = {key: (title.zh, title.en) for key, title in _COLUMNS}
    words = [name for pair in names.values() for name in pair]
    table = read_table(FileSource(path=path), plugins, {}, words)
    rows = []
    for record in table.rows:
        cells = {column: value for column, value in record.values.items() if value is not None}
        row = {
            key: str(cells[name]).strip()
            for key, pair in names.items()
            for name in pair
            if name in cells
        }
        rows.append(row)
    return rows
