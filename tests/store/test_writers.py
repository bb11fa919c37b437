"""Several writers at once, and writers that die."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import event

from salesgoal.store import open_ledger

from .sales import amounts, document, moment, page, sale

SCRIPT = Path(__file__).parent / "write_many.py"


def writer(target, documents, *, rows=20):
    command = [sys.executable, str(SCRIPT), target, str(documents), str(rows)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def expected(documents, rows=20):
    """Each document's rows overlap by half with the next one's."""
    half = rows // 2
    return Counter(range(documents * half + half)) if documents else Counter()


def finish(process):
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said.decode()


def test_two_writers_of_the_same_documents_record_each_once(target):
    both = [writer(target, 50), writer(target, 50)]
    for each in both:
        finish(each)
    with open_ledger(target) as ledger:
        assert len(ledger.documents()) == 50
        assert Counter(amounts(ledger)) == expected(50)
        assert not ledger.check()


class Stop(Exception):
    """The machine stops here."""


def test_a_stop_at_any_call_of_the_database_leaves_the_ledger_as_it_was(target):
    weekly = [page(*(sale(row, row) for row in range(at, at + 3))) for at in range(0, 9, 3)]
    with open_ledger(target) as ledger:
        ledger.record(document(), [page(sale(1), sale(99))], recorded_at=moment(0))
        before = ledger.documents()
        left = [0]

        def count_call(*_):
            left[0] -= 1
            if left[0] < 0:
                raise Stop

        engine = ledger._database.engine
        for name in ("before_cursor_execute", "commit"):
            event.listen(engine, name, count_call)
        for calls in range(100):
            left[0] = calls
            try:
                ledger.record(document("周报", hour=1), weekly, recorded_at=moment(1))
            except Stop:
                left[0] = 10**9
                assert ledger.documents() == before
                assert amounts(ledger) == [1, 99]
            else:
                break
        left[0] = 10**9
        assert 15 < calls < 99
        assert sorted(amounts(ledger)) == [*range(9), 99]
        assert not ledger.check()


def kill_and_look(target, kills, seed):
    """Starts a writer again and again, kills it at any moment, and looks at what it left."""
    draw = random.Random(seed)  # noqa: S311 - moments to stop at, not secrets
    before = 0
    for _ in range(kills):
        process = writer(target, 40)
        time.sleep(draw.uniform(0.25, 0.75))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with open_ledger(target) as ledger:
            done = len(ledger.documents())
            assert done >= before
            assert Counter(amounts(ledger)) == expected(done)
            assert not ledger.check()
        before = done
        if done == 40:
            if "://" in target:
                break
            Path(target).unlink()
            before = 0
    finish(writer(target, 40))
    with open_ledger(target) as ledger:
        assert Counter(amounts(ledger)) == expected(40)


def test_a_killed_writer_leaves_whole_documents(target):
    kill_and_look(target, kills=3, seed=1)


@pytest.mark.slow
def test_two_hundred_killed_writers_lose_and_double_nothing(tmp_path):
    kill_and_look(str(tmp_path / "plan.ledger"), kills=200, seed=2)
