"""The rows of a synced source: what each says, whether it counts, whether it can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import attrs

from salesgoal.app.plan_parts import Source
from salesgoal.domain.entry import Entry, content_digest
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import PluginError, SourceRefused
from salesgoal.intake.columns import map_source
from salesgoal.intake.entries import Entries
from salesgoal.intake.left_out import IgnoreRule
from salesgoal.intake.row_reader import is_row
from salesgoal.intake.synonyms import fold_header
from salesgoal.ports.importer import Page, RawRow

__all__ = ["SyncRows"]

_BLANK = "blank"


@attrs.define
class SyncRows:
    """The records of a service on their way into the ledger.

    A record that a rule leaves out, or that is blank, is gone like a deleted one: whatever it
    said before must not go on counting.

    Attributes:
        plan: Whose names and metrics.
        source: How the rows are read; the columns are those of the first page.
        derives: Whether a row without a key is known again by what it says, and by how many
            before it say the same; only where everything is read every time.
        rules: Rule -> rows left out by it.
        nameless: How many rows were rejected and have no key, so that they empty no fact.
        passed: How many rows were left out and have no key.
    """

    plan: Plan
    source: Source
    derives: bool = False
    rules: Counter[str] = attrs.field(factory=Counter, init=False)
    nameless: int = attrs.field(default=0, init=False)
    passed: int = attrs.field(default=0, init=False)
    _again: Counter[bytes] = attrs.field(factory=Counter, init=False)
    _header: tuple[str, ...] = attrs.field(default=(), init=False)
    _entries: Entries | None = attrs.field(default=None, init=False)
    _left_out: list[tuple[int, IgnoreRule]] = attrs.field(factory=list, init=False)

    @property
    def problems(self) -> Sequence[Problem]:
        """Every fault so far."""
        return self._entries.problems if self._entries else ()

    @property
    def control(self) -> Mapping[str, int]:
        """`SUM` metric -> units read, added up apart from the ledger."""
        return self._entries.control if self._entries else {}

    @property
    def refused(self) -> Mapping[str, int]:
        """`SUM` metric -> units of rejected rows, as far as they can be read."""
        return self._entries.refused if self._entries else {}

    def take(self, page: Page) -> list[Entry]:
        """Returns an entry for every row that has a key, or is given one.

        Raises:
            SourceRefused: The columns are not those that the plan needs.
            PluginError: They are others than on the page before.
        """
        if not page.rows and not page.columns:
            return []  # a last page that only says how far it came
        if self._entries is None:
            self._begin(page.columns)
        elif page.columns != self._header:
            detail = "the columns are others than on the page before"
            name = self.source.service.importer if self.source.service else ""
            raise PluginError(name, "page", detail)
        assert self._entries is not None
        self._entries.problems += page.warnings
        made = (self._entry(self._entries, row) for row in page.rows)
        return [entry for entry in made if entry is not None]

    def _begin(self, columns: tuple[str, ...]) -> None:
        source, place = self.source, Place(self.source.map.name)
        folded = [fold_header(each) for each in columns]
        missing = [each for each in source.rules if fold_header(each.column) not in folded]
        if missing:
            shown = ", ".join(columns) or "-"
            names = [each.column for each in missing]
            faults = [problem("missing-column", place, column=x, found=shown) for x in names]
            raise SourceRefused(faults)
        mapped = map_source(source.map, self.plan, source.columns, columns, place)
        self._header = columns
        self._entries = Entries(self.plan, mapped, columns, by_key=not self.derives)
        self._left_out = [
            (folded.index(fold_header(each.column)), each) for each in source.rules
        ]

    def _entry(self, entries: Entries, row: RawRow) -> Entry | None:
        rule = None if row.deleted else self._rule(row)
        if rule is not None:
            self.rules[rule] += 1
            self.passed += row.key is None
            return None if row.key is None else _gone(row)
        entry = entries.synced(row)
        if entry is None:
            self.nameless += 1
        elif entry.key is None:
            content = content_digest(entry)
            entry = attrs.evolve(entry, key=f"={content.hex()} {self._again[content]}")
            self._again[content] += 1
        return entry

    def _rule(self, row: RawRow) -> str | None:
        """The rule that leaves the row out, or None."""
        if not is_row(row):
            return _BLANK
        form = self.source.map.date_format
        for at, rule in self._left_out:
            if rule.matches(row.values[at] if at < len(row.values) else None, form):
                return rule.name
        return None


def _gone(row: RawRow) -> Entry:
    return Entry(on=None, where=row.where, key=row.key, revision=row.revision, deleted=True)
