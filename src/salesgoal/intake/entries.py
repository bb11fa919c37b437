"""Entries of a ledger from pages of raw rows, each row with one outcome.

An entry keeps the canonical names of members, not where they sat: that is looked up when the
ledger is read. A list of several members is kept as its text, ``张三:3/5;李四:2/5``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from salesgoal.domain.dimension import Dimension, fold_name
from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import EntryPage
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.scope import ANY
from salesgoal.errors import SourceRefused
from salesgoal.intake.cell_text import CellRefused, is_writable
from salesgoal.intake.name_text import refuse_damaged
from salesgoal.intake.readable import readable, whole
from salesgoal.intake.row_reader import RowReader, is_row
from salesgoal.intake.source_map import SourceMap, missing_columns
from salesgoal.ports.importer import Page, RawRow, RawValue

__all__ = ["Entries", "credit_text", "read_credits", "read_key"]

_PARTS = re.compile(r"((?:[^;:\\]|\\.)*)(?::([0-9/]*))?(?:;|$)")
_REMEMBERED = 20_000

Share = tuple[int, Fraction | None]
"""A member code and the share that is credited to it; None where none is said."""


def credit_text(dimension: Dimension, named: Sequence[Share]) -> str | None:
    r"""Returns the names of a row as the ledger keeps them; None where it names nobody.

    The signs of a list that stand in a name get a backslash.

    >>> rep = Dimension("rep", ["张三", "李四", "A;B"])
    >>> credit_text(rep, [(0, Fraction(3, 5)), (1, Fraction(2, 5))])
    '张三:3/5;李四:2/5'
    >>> credit_text(rep, [(2, None)])
    'A\\;B'
    """
    if not named or named[0][0] == ANY:
        return None
    parts = []
    for code, share in named:
        name = re.sub(r"([;:\\])", r"\\\1", dimension.members[code].name)
        alone = len(named) == 1 and share in {None, 1}
        parts.append(name if alone else f"{name}:{'' if share is None else share}")
    return ";".join(parts)


def read_credits(text: str) -> list[tuple[str, Fraction | None]]:
    """Returns the names of `credit_text`, each with its share.

    >>> read_credits("张三:3/5;李四:2/5")
    [('张三', Fraction(3, 5)), ('李四', Fraction(2, 5))]
    """
    found = []
    for match in _PARTS.finditer(text):
        if match[0]:
            name = re.sub(r"\\(.)", r"\1", match[1])
            found.append((name, Fraction(match[2]) if match[2] else None))
    return found


def read_key(raw: RawValue) -> str | None:
    """Returns a cell of a key as text; None for a blank one.

    A number is the same key in a workbook and in a text file.

    Raises:
        CellRefused: It is a fault of the file, or a spreadsheet program has spoilt it.

    >>> read_key(Decimal("1001.0")), read_key(" 1001 "), read_key("")
    ('1001', '1001', None)
    """
    refuse_damaged(readable(raw))
    raw = whole(raw)
    if isinstance(raw, Decimal) and is_writable(raw):
        raw = raw.normalize()
    return None if raw is None else fold_name(str(raw)) or None


@attrs.define
class Entries:
    """The rows of one file on their way into a ledger.

    Attributes:
        plan: Whose names and metrics.
        source: Which column is what.
        header: The columns of the file's pages.
        identity: The columns that tell its facts apart; empty where they have no key. Where
            rows give a period and no day, the period is a part of the key: a row of a wide
            table speaks of many.
        by_key: Whether every row needs a key of its own, as records of a service do.
        problems: Every fault found.
        control: `SUM` metric -> units read, added up apart from the ledger.
        refused: `SUM` metric -> units of rejected rows, as far as they can be read.
        rejected: The faulty rows as they came, with their problems.
    """

    plan: Plan
    source: SourceMap
    header: Sequence[str]
    identity: Sequence[str] = ()
    by_key: bool = False
    problems: list[Problem] = attrs.field(factory=list, init=False)
    control: dict[str, int] = attrs.field(init=False)
    refused: dict[str, int] = attrs.field(init=False)
    rejected: list[tuple[RawRow, tuple[Problem, ...]]] = attrs.field(factory=list, init=False)
    _reader: RowReader = attrs.field(init=False)
    _keys: list[int] = attrs.field(init=False)
    _names: dict[tuple[Sequence[Share], ...], dict[str, str]] = attrs.field(
        factory=dict, init=False
    )

    def __attrs_post_init__(self) -> None:
        """Looks up the columns of the key.

        Raises:
            SourceRefused: The header lacks a column, or has it twice.
        """
        reader = self._reader = RowReader(self.plan, self.source, self.header)
        header = list(self.header)
        faults = list(missing_columns(tuple(self.identity), header, Place(self.source.name)))
        if faults:
            raise SourceRefused(faults)
        self._keys = [header.index(column) for column in self.identity]
        if self._keys and self.source.on is None:
            self._keys.append(reader.time)
        metrics = [*(column.metric for column in reader.columns)]
        metrics += [metric for metric, _ in reader.constants]
        self.control = {metric.id: 0 for metric in metrics if metric.is_additive}
        self.refused = dict(self.control)

    def take(self, page: Page) -> EntryPage:
        """Returns the entries of a page; rows without any text are ignored."""
        self.problems += page.warnings
        rows = [row for row in page.rows if row.deleted or is_row(row)]
        entries = [entry for entry in map(self._entry, rows) if entry is not None]
        return EntryPage(
            entries=entries,
            read=len(page.rows),
            rejected=len(rows) - len(entries),
            ignored=len(page.rows) - len(rows),
            cursor=page.cursor,
        )

    def synced(self, row: RawRow) -> Entry | None:
        """The entry of a record of a service, by the service's own key.

        One that cannot be read empties its fact; it is among the rejected ones. None for one
        without a key.
        """
        entry = self._entry(row)
        if entry is not None or row.key is None:
            return entry
        return Entry(
            on=None,
            where=row.where,
            key=row.key,
            revision=row.revision,
            deleted=True,
            rejected=True,
        )

    def _entry(self, row: RawRow) -> Entry | None:
        """The entry of a row; None where the row is rejected."""
        faults: list[Problem] = []
        key = self._key(row, faults)
        if row.deleted and key is not None:
            return Entry(on=None, where=row.where, key=key, revision=row.revision, deleted=True)
        read = self._reader.read(row)
        for metric, units in read.amounts:
            if metric.is_additive and isinstance(units, int):
                self.control[metric.id] += units
        if self.by_key and row.key is None:
            faults.append(problem("no-record-key", row.where))
        problems = (*read.problems, *faults)
        self.problems += problems
        if read.is_faulty or faults:
            self.rejected.append((row, problems))
            for metric, units in read.amounts:
                if metric.is_additive and isinstance(units, int):
                    self.refused[metric.id] += units
            return None
        return Entry(
            on=read.on,
            members=self._members(read.named),
            values={metric.id: units for metric, units in read.amounts},
            where=row.where,
            key=key,
            revision=row.revision,
        )

    def _key(self, row: RawRow, faults: list[Problem]) -> str | None:
        if not self._keys:
            return row.key
        parts = []
        for at in self._keys:
            raw = row.values[at] if at < len(row.values) else None
            column = self.header[at]
            try:
                part = read_key(raw)
            except CellRefused as refused:
                faults.append(
                    problem(refused.code, row.where, column=column, value=raw, **refused.facts)
                )
                continue
            if part is None:
                faults.append(problem("blank-required", row.where, column=column))
            parts.append(part or "")
        return " | ".join(part.replace("|", "||") for part in parts)

    def _members(self, named: tuple[Sequence[Share], ...]) -> dict[str, str]:
        """The names of a row; rows that name the same share one mapping."""
        key = tuple(tuple(each) for each in named)
        known = self._names.get(key)
        if known is None:
            if len(self._names) > _REMEMBERED:
                self._names.clear()
            pairs = zip(self.plan.dimensions, key, strict=True)
            texts = ((each.id, credit_text(each, shares)) for each, shares in pairs)
            known = self._names[key] = {name: text for name, text in texts if text is not None}
        return known
