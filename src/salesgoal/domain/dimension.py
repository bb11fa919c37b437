"""Dimensions: what a total is broken down by, and their members with aliases and parents.

Members are found by canonical name or alias. Width, zero-width characters and stray spaces do
not matter (``fold_name``); anything else does: an unknown name is never mapped by guess.

A member that moved has several seats (see `membership`); inside, each is a code of its own.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

import attrs

from salesgoal.domain.kind import a_text, all_of, in_order
from salesgoal.domain.membership import MAX_DEPTH, Member, Seats, arrange_seats, is_dated
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.role import Role
from salesgoal.errors import PlanRefused, UnknownName

__all__ = ["INVISIBLE", "Dimension", "Member", "fold_name", "nearest_names"]

SHORT = 2
INVISIBLE = "".join(
    map(
        chr,
        (
            *(0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810)),
            *(0x200B, 0x200C, 0x200D, *range(0x2060, 0x2065), *range(0x206A, 0x2070)),
            *(0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0),
        ),
    )
)
"""Characters that show nothing and mean nothing in a name: soft hyphens, joiners, fillers,
selectors of a glyph. Those that turn the direction of a text are refused instead.

Source: the property Default_Ignorable_Code_Point of Unicode.
"""
_NOTHING = dict.fromkeys(map(ord, INVISIBLE))
_CJK = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_SPACE_IN_CJK = re.compile(rf"(?<={_CJK})\s+(?={_CJK})")


def fold_name(text: str) -> str:
    """Returns a name with width, invisible characters and stray spaces evened out.

    >>> fold_name("温　进"), fold_name("甲乙（上海） "), fold_name("North  America")
    ('温进', '甲乙(上海)', 'North America')
    """
    plain = unicodedata.normalize("NFKC", text).translate(_NOTHING)
    return _SPACE_IN_CJK.sub("", re.sub(r"\s+", " ", plain).strip())


def nearest_names(name: str, known: Sequence[str], most: int = 3) -> tuple[str, ...]:
    """Returns up to ``most`` known names that look like this one, the likest first.

    >>> nearest_names("Columbia", ["Chile", "Colombia"])
    ('Colombia',)
    """
    alike = Fraction(1, 2) if len(name) <= SHORT else Fraction(3, 5)  # 华楠 is half of 华南
    found = difflib.get_close_matches(name, known, n=most, cutoff=alike)  # type: ignore[call-overload]
    return tuple(found)


def _members(members: Sequence[Member | str]) -> tuple[Member, ...]:
    given = in_order(members, "members")
    made = [Member(each) if isinstance(each, str) else each for each in given]
    return tuple(all_of(made, Member, "members"))


@attrs.frozen
class Dimension:
    """A named set of members, in the order that reports show them.

    Inside, a member is its position, ``code``; people see names. Who moved has a code a seat.

    Attributes:
        id: The name in files and code.
        given: The members, as `Member` or plain names.
        name: What people see, 区域.
        members: One a code: the members, seat by seat.
        codes: Name -> code; of who moved, the last seat's.
        chains: The codes from the top down to each one.
        seats: Who sat where, and when.

    >>> region = Dimension("region", [Member("华东"), Member("上海", ["沪"], "华东")])
    >>> region.code("沪"), region.chains[1]
    (1, (0, 1))
    """

    id: str = attrs.field(validator=a_text)
    given: tuple[Member, ...] = attrs.field(alias="members", converter=_members)
    name: str = attrs.field(
        default=attrs.Factory(lambda self: self.id, takes_self=True), validator=a_text
    )
    members: tuple[Member, ...] = attrs.field(init=False, eq=False, repr=False)
    codes: Mapping[str, int] = attrs.field(init=False, eq=False, repr=False)
    chains: tuple[tuple[int, ...], ...] = attrs.field(init=False, eq=False, repr=False)
    seats: Seats = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Builds the index of names and the chains of ancestors.

        Raises:
            PlanRefused: Names used twice, parents that are not there, a cycle, or seats of one
                member on the same day.
        """
        rows, people, problems = self._index()
        parents, missing = self._parents(rows)
        problems += missing
        seats = Seats(self.given, (), {})
        if not is_dated(self.given):
            chains, cycles = self._chains(parents)
            seats = Seats(self.given, tuple(chains), {})
            problems += cycles
        elif not problems:
            place = f"dimension {self.id}"
            seats, problems = arrange_seats(self.given, people, parents, place)
        object.__setattr__(self, "members", seats.members)
        object.__setattr__(self, "chains", seats.chains)
        object.__setattr__(self, "seats", seats)
        problems = problems or self._mixed_overlays()
        if problems:
            raise PlanRefused(problems)
        object.__setattr__(
            self, "codes", self._last_seats(rows) if is_dated(self.given) else rows
        )

    def _last_seats(self, rows: Mapping[str, int]) -> dict[str, int]:
        last: dict[str, int] = {}
        for code, member in enumerate(self.members):
            times = self.seats.timetable.get(code)
            last[fold_name(member.name)] = code if times is None else times[-1][2]
        return {text: last[fold_name(self.given[row].name)] for text, row in rows.items()}

    def _mixed_overlays(self) -> list[Problem]:
        """Members that are overlays on some days and not on others."""
        return [
            problem("mixed-overlay", self._place(member), value=member.name)
            for code, member in enumerate(self.members)
            if (code in self.overlays) != (self.seats.person(code) in self.overlays)
        ]

    @cached_property
    def overlays(self) -> frozenset[int]:
        """The members that are overlays, or below one."""
        heads = {code for code, member in enumerate(self.members) if member.overlay}
        return frozenset(
            code for code, chain in enumerate(self.chains) if not heads.isdisjoint(chain)
        )

    def is_overlay_head(self, code: int) -> bool:
        """Whether a member is an overlay and the one above it is not."""
        above = self.chains[code][-2:-1]
        return code in self.overlays and not (above and above[0] in self.overlays)

    def counts_on(self, code: int, day: date) -> bool:
        """Whether a code is its member's seat on a day, or nearest to it, and no overlay."""
        return code == self.seats.nearest(code, day) and code not in self.overlays

    def find(self, text: str) -> int | None:
        """Returns the code of the member with that name or alias, or None."""
        found = self.codes.get(text)
        return self.codes.get(fold_name(text)) if found is None else found

    def code(self, text: str, on: date | None = None) -> int:
        """Returns the code of the member with that name or alias.

        Args:
            text: The name.
            on: For who moved: the day whose seat is meant, or the one nearest to it; the last
                seat where it is left out.

        Raises:
            UnknownName: There is none; with up to three that look like it.
        """
        found = self.find(text)
        if found is None:
            raise UnknownName(self.name, text, self.nearest(text))
        return found if on is None else self.seats.nearest(found, on)

    def nearest(self, text: str) -> tuple[str, ...]:
        """Returns up to three canonical names that look like the text."""
        return nearest_names(
            fold_name(text), list(dict.fromkeys(member.name for member in self.given))
        )

    @property
    def leaves(self) -> list[int]:
        """The members with nobody below them."""
        above = {code for chain in self.chains for code in chain[:-1]}
        return [code for code in range(len(self.members)) if code not in above]

    def is_within(self, code: int, above: int) -> bool:
        """Whether a member is another one or below it."""
        return above in self.chains[code]

    def _place(self, member: Member) -> Place:
        return Place(f"dimension {self.id}", key=member.name)

    def _index(self) -> tuple[dict[str, int], list[int], list[Problem]]:
        """Name -> first row of the member; for each row, the first one of the same member."""
        rows: dict[str, int] = {}
        people: list[int] = []
        problems = [
            problem("blank-required", self._place(member))
            for member in self.given
            if not fold_name(member.name)
        ]
        for row, member in enumerate(self.given):
            person = row
            known = rows.get(fold_name(member.name), row)
            same = fold_name(self.given[known].name) == fold_name(member.name)
            if same and is_dated([member, self.given[known]]):
                person = known
            people.append(person)
            for name in (member.name, *member.aliases):
                if rows.setdefault(fold_name(name), person) != person:
                    other = self.given[rows[fold_name(name)]].name
                    place = self._place(member)
                    facts = {"other": other, "other_zh": other}
                    problems.append(problem("duplicate-name", place, value=name, **facts))
        return rows, people, problems

    def _parents(self, codes: Mapping[str, int]) -> tuple[list[int], list[Problem]]:
        parents, problems = [], []
        for member in self.given:
            parents.append(
                -1 if member.parent is None else codes.get(fold_name(member.parent), -1)
            )
            if member.parent is not None and parents[-1] < 0:
                problems.append(self.unknown(member.parent, self._place(member), Role.PARENT))
        return parents, problems

    def unknown(self, text: str, where: Place, column: str | None = None) -> Problem:
        """Returns the problem of a name that no member has, with suggestions."""
        nearest = self.nearest(text)
        shown = "、".join(nearest) or None
        return problem(
            "unknown-member",
            where,
            column=column,
            value=text,
            dimension=self.name,
            nearest=nearest,
            nearest_zh=f"；是否为 {shown}" if shown else "",
            nearest_en=f"; did you mean {shown}" if shown else "",
        )

    def _chains(self, parents: Sequence[int]) -> tuple[list[tuple[int, ...]], list[Problem]]:
        chains: list[tuple[int, ...]] = []
        problems = []
        for code, member in enumerate(self.given):
            path = list(self._upward(code, parents))
            if path[-1] == code and len(path) > 1:
                names = " > ".join(self.given[each].name for each in path)
                problems.append(problem("parent-cycle", self._place(member), path=names))
            elif len(path) > MAX_DEPTH:
                place = self._place(member)
                problems.append(problem("too-deep", place, depth=len(path), most=MAX_DEPTH))
            chains.append(tuple(reversed(path)))
        return chains, problems

    @staticmethod
    def _upward(code: int, parents: Sequence[int]) -> Iterator[int]:
        """A member and those above it; where it is its own ancestor, it closes the list."""
        seen = set()
        while code >= 0 and code not in seen:
            seen.add(code)
            yield code
            code = parents[code]
        if code >= 0:
            yield code
