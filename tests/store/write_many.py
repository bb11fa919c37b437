"""Records documents whose rows overlap: ``write_many.py LEDGER DOCUMENTS ROWS``."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Document, EntryPage
from salesgoal.domain.problem import Place
from salesgoal.store import open_ledger


def main(target: str, documents: int, rows: int) -> None:
    now = datetime(2023, 10, 7, tzinfo=UTC)
    with open_ledger(target, wait=120) as ledger:
        for at in range(documents):
            name = f"日报-{at:02}.xlsx"
            document = Document(
                source="orders", name=name, digest=name, as_of=now + timedelta(hours=at)
            )
            first = at * (rows // 2)
            entries = [
                Entry(
                    on=date(2023, 10, 6),
                    values={"sales": amount},
                    where=Place(name, row=amount - first + 2),
                )
                for amount in range(first, first + rows)
            ]
            pages = [
                EntryPage(entries=entries[start : start + 5], read=5)
                for start in range(0, rows, 5)
            ]
            ledger.record(document, pages, recorded_at=now)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
