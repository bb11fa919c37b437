"""Recording sales into a ledger and streaming back what counts: time, size, peak memory.

    python benchmarks/bench_ledger.py [ROWS] [URL]

Run it under ``ulimit -v`` to see that memory does not grow with the rows.
"""

from __future__ import annotations

import random
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from salesgoal.domain.entry import Entry
from salesgoal.domain.ledger import Document, EntryPage
from salesgoal.domain.problem import Place
from salesgoal.store import open_ledger

FIRST = date(2023, 1, 1)
NOW = datetime(2024, 1, 1, tzinfo=UTC)
REGIONS = ("华东", "华南", "华北", "西南")
PAGE = 1000


def pages(rows: int, *, keyed: bool) -> Iterator[EntryPage]:
    draw = random.Random(rows)
    for start in range(0, rows, PAGE):
        entries = [
            Entry(
                on=FIRST + timedelta(days=draw.randrange(365)),
                members={
                    "region": draw.choice(REGIONS),
                    "product": f"产品{draw.randrange(40)}",
                    "rep": f"销售{draw.randrange(200)}",
                },
                values={"sales": draw.randrange(100, 1_000_000), "orders": 1},
                where=Place("sales.csv", row=row + 2),
                key=f"SO-{row}" if keyed else None,
            )
            for row in range(start, min(start + PAGE, rows))
        ]
        yield EntryPage(entries=entries, read=len(entries))


def timed(what: str, rows: int, work: Callable[[], object]) -> None:
    began, cpu = perf_counter(), process_time()
    work()
    took, cpu = perf_counter() - began, process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{what:42} {took:7.2f} s (cpu {cpu:6.2f} s) "
        f"{rows / took:10,.0f} rows/s   peak {peak} MB",
        flush=True,
    )


def main(rows: int, url: str | None) -> None:
    timed("making the rows", rows, lambda: [None for _ in pages(rows, keyed=True)])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.ledger"
        with open_ledger(url or path) as ledger:

            def record(name: str, *, keyed: bool, day: int) -> Callable[[], object]:
                document = Document(
                    source=f"orders {keyed}",
                    name=name,
                    digest=name,
                    as_of=NOW + timedelta(days=day),
                )
                return lambda: ledger.record(
                    document, pages(rows, keyed=keyed), recorded_at=NOW
                )

            timed("recording, keys of the source", rows, record("a", keyed=True, day=0))
            timed("streaming what counts", rows, lambda: [None for _ in ledger.entries()])
            timed(
                "recording the same in another document", rows, record("b", keyed=True, day=1)
            )
            timed(
                "streaming what counts, all claimed twice",
                rows,
                lambda: [None for _ in ledger.entries()],
            )
            timed("recording, derived keys", rows, record("c", keyed=False, day=2))
            timed("check of all three", 3 * rows, lambda: print(ledger.check()))
        if not url:
            print(f"{path.stat().st_size / 3 / rows:.0f} bytes a row")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 100_000,
        sys.argv[2] if len(sys.argv) > 2 else None,
    )
