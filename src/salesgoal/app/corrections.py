"""Corrected rows on their way back: a workbook of rejected rows whose cells were put right.

Each row says which file it came from. What the ledger has of that file is recorded once more,
with the corrected rows at the end, as a new version of the same document: so a row without a
key stays a row of its own beside its equals, and the file itself, corrected later, says nothing
new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import PurePath

import attrs

from salesgoal.app.rejected import REASONS, surplus_title
from salesgoal.app.source_rows import SourceRows
from salesgoal.app.sources import FileSource, open_sheets
from salesgoal.domain.ledger import Document, EntryPage, Outcome, Receipt, standing
from salesgoal.domain.problem import Place
from salesgoal.intake.cell_text import is_filled
from salesgoal.intake.entries import Entries
from salesgoal.ports.importer import Page, RawRow, RawValue
from salesgoal.ports.plugins import Plugins
from salesgoal.store import LedgerStore

__all__ = [
    "Correction",
    "correction_pages",
    "correction_sheets",
    "is_correction",
    "read_corrections",
]

_WIDTH = len(REASONS)
_HEADERS = {tuple(words.of(lang) for _, words in REASONS) for lang in ("zh", "en")}
_TICK = timedelta(microseconds=1)
_AT_ONCE = 1000
_SEVERAL = 2
_SURPLUS = {surplus_title(n).of(lang) for n in range(1, 1000) for lang in ("zh", "en")}


def is_correction(columns: Sequence[str]) -> bool:
    """Whether a header is that of rejected rows that were written back."""
    return tuple(columns[-_WIDTH:]) in _HEADERS


def correction_sheets(file: FileSource, plugins: Plugins) -> Iterator[tuple[str, FileSource]]:
    """Yields the sheets of a workbook of rejected rows, each as a file of its own.

    The first is called by the name of the workbook alone, the others with ``#`` and their own.
    A sheet that the plan names is the only one.

    Raises:
        SourceRefused: The workbook cannot be read.
    """
    options = dict(file.options or {})
    pages = None if "sheet" in options else open_sheets(file, plugins)
    rows = (row for page in pages or () for row in page.rows)
    names = list(dict.fromkeys(row.where.sheet for row in rows))
    if len(names) < _SEVERAL:
        yield "", file
        return
    for number, name in enumerate(names):
        own = attrs.evolve(file, options={**options, "sheet": name})
        yield f"#{name}" if number else "", own


@attrs.define
class Correction:
    """The corrected rows of one document.

    Attributes:
        prior: The version of the document that the ledger has; None where it has none.
        entries: How the rows are read.
        pages: The rows that can be read now.
    """

    prior: Receipt | None
    entries: Entries
    pages: list[EntryPage] = attrs.field(factory=list)

    def document(self, delivered: Document) -> Document:
        """Returns the version of the document that has the corrected rows."""
        if self.prior is None:
            return delivered
        held = self.prior.document
        as_of = max(delivered.as_of, held.as_of + _TICK)
        return attrs.evolve(delivered, name=held.name, as_of=as_of)


def read_corrections(
    rows: SourceRows, entries: Entries, receipts: Sequence[Receipt], source: str
) -> list[Correction]:
    """Returns the rows by the document that they came from.

    Args:
        rows: The workbook.
        entries: How its rows are read; gets every fault.
        receipts: What the ledger has.
        source: The feed.
    """
    stand = {
        PurePath(each.document.name).name: each
        for each in standing(receipts)
        if each.document.source == source
    }
    groups: dict[int, Correction] = {}
    surplus = [at for at, name in enumerate(rows.columns) if name in _SURPLUS]
    for page in rows.pages:
        parts: dict[int, list[RawRow]] = {}
        for row in page.rows:
            file = str(row.values[-3]) if len(row.values) == len(rows.columns) else ""
            prior = stand.get(file)
            number = 0 if prior is None else prior.id
            if number not in groups:
                own = Entries(
                    entries.plan,
                    entries.source,
                    entries.header,
                    identity=entries.identity,
                )
                groups[number] = Correction(prior, own)
            placed = _placed(row) if prior else row
            parts.setdefault(number, []).append(_widened(placed, surplus))
        for number, some in parts.items():
            group = groups[number]
            group.pages.append(group.entries.take(Page(tuple(some), page.columns)))
        entries.problems += page.warnings
    for group in groups.values():
        entries.problems += group.entries.problems
        entries.rejected += group.entries.rejected
    return list(groups.values())


def correction_pages(ledger: LedgerStore, group: Correction) -> Iterator[EntryPage]:
    """Yields what the ledger has of the document, then the corrected rows.

    Rows that are correct now are no longer among the rejected ones.
    """
    prior = group.prior
    good = sum(len(page.entries) for page in group.pages)
    if prior is not None:
        some = []
        for entry in ledger.entries_of(prior.id):
            for name, value in entry.values.items():
                if name in group.entries.control and isinstance(value, int):
                    group.entries.control[name] += value
            some.append(entry)
            if len(some) == _AT_ONCE:
                yield EntryPage(entries=tuple(some), read=len(some))
                some = []
        ignored = prior.counts.get(Outcome.IGNORED, 0)
        rejected = max(0, prior.counts.get(Outcome.REJECTED, 0) - good)
        rejected = max(0, rejected - sum(page.rejected for page in group.pages))
        yield EntryPage(
            entries=tuple(some),
            read=len(some) + ignored + rejected,
            ignored=ignored,
            rejected=rejected,
        )
    yield from group.pages


def _placed(row: RawRow) -> RawRow:
    """The row where it stood in its own file."""
    file, sheet, number = row.values[-3:]
    where = Place(str(file), _text(sheet), _number(number))
    return attrs.evolve(row, where=where)


def _widened(row: RawRow, surplus: Sequence[int]) -> RawRow:
    """The row as wide as it came, so that it is refused as long as it has surplus cells."""
    left = tuple(
        row.values[at] for at in surplus if at < len(row.values) and is_filled(row.values[at])
    )
    return attrs.evolve(row, values=(*row.values, *left)) if left else row


def _text(cell: RawValue) -> str | None:
    return None if cell is None or not str(cell).strip() else str(cell)


def _number(cell: RawValue) -> int | None:
    text = str(cell).partition(".")[0]
    return int(text) if text.isdecimal() else None
