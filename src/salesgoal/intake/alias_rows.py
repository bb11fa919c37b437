"""Tables of names that a person has confirmed: aliases of members, each a decision on paper."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from salesgoal.domain.dimension import Dimension, Member, fold_name, nearest_names
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.intake.columns import find_columns
from salesgoal.intake.source_map import missing_columns
from salesgoal.intake.table import Table

__all__ = ["ALIAS_NAMES", "add_aliases"]

ALIAS_NAMES = {
    "dimension": ("dimension", "维度"),
    "name": ("name", "名称"),
    "suggestion": ("suggestion1", "建议1", "建议"),
    "confirmed": ("confirmed", "确认"),
}
"""Role -> headers of a table of confirmed names."""

_YES = frozenset(("是", "y", "yes", "√", "✓", "ok"))
_NO = frozenset(("", "否", "n", "no", "×", "-"))


def add_aliases(
    dimension: Dimension, members: Sequence[Member], table: Table
) -> tuple[list[Member], list[Problem]]:
    """Returns the members with the names that a table confirms, and the rows that are wrong.

    A row counts where its dimension is this one, or it names none, and where a person has
    confirmed it: by a member's name, or by 是 for the first suggestion. A name that means
    another member already, by the plan or by an earlier row, is at fault.

    Args:
        dimension: With the members as the plan has them.
        members: The same members.
        table: Columns 维度, 名称, 建议1, 确认.
    """
    found = find_columns(ALIAS_NAMES, table.explicit, table.columns, table.place)
    needed = ("name", "confirmed")
    lacking = tuple(ALIAS_NAMES[role][1] for role in needed if role not in found)
    problems = list(missing_columns(lacking, table.columns, table.place))
    aliases: dict[int, list[str]] = {}
    given: dict[str, int] = {}
    for row in table.rows if not problems else ():
        texts = {role: _text(row.values.get(column)) for role, column in found.items()}
        if texts.get("dimension") not in {None, "", dimension.id, dimension.name}:
            continue
        confirmed = texts["confirmed"]
        if confirmed.casefold() in _NO:
            continue
        wanted = texts.get("suggestion", "") if confirmed.casefold() in _YES else confirmed
        code = dimension.find(wanted)
        if code is None:
            problems.append(_unconfirmed(dimension, wanted, row.where, found["confirmed"]))
            continue
        name = texts["name"]
        folded, known = fold_name(name), dimension.find(name)
        meant = given.get(folded) if known is None else known
        if folded and meant is None:
            given[folded] = code
            aliases.setdefault(code, []).append(name)
        elif folded and meant is not None and meant != code:
            taken = _taken(dimension, name, (code, meant), row.where, found["name"])
            problems.append(taken)
    return [
        attrs.evolve(member, aliases=(*member.aliases, *aliases.get(code, ())))
        for code, member in enumerate(members)
    ], problems


def _unconfirmed(dimension: Dimension, wanted: str, where: Place, column: str) -> Problem:
    near = "、".join(
        nearest_names(fold_name(wanted), [each.name for each in dimension.members])
    )
    return problem(
        "unconfirmed-name",
        where,
        column=column,
        value=wanted,
        confirmed=wanted or "-",
        dimension=dimension.name,
        nearest_zh=f"；是否为 {near}" if near else "",
        nearest_en=f"; did you mean {near}" if near else "",
    )


def _taken(
    dimension: Dimension, name: str, codes: tuple[int, int], where: Place, column: str
) -> Problem:
    """A name confirmed for one member that means another."""
    confirmed, member = (dimension.members[code].name for code in codes)
    facts = {"confirmed": confirmed, "member": member, "dimension": dimension.name}
    return problem("alias-taken", where, column=column, value=name, **facts)


def _text(raw: object) -> str:
    """A cell as text, without the apostrophe that keeps a text from being a formula."""
    text = "" if raw is None else str(raw).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text
