"""Imports and reports that are killed, that run at once, and that have little memory."""

from __future__ import annotations

import csv
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import time
import zipfile
from collections import Counter
from datetime import date, timedelta

import pytest
import xlsxwriter

from salesgoal.cli.main import run
from salesgoal.store import open_ledger

from .desk import call
from .ledger_desk import EAST, imported, lay_out, put, total

LEDGER = "plan.ledger.db"
KILLS = 200
FILES, ROWS = 50, 20
LOADED = (
    "salesgoal.app.books",
    "salesgoal.app.importing",
    "salesgoal.app.load",
    "salesgoal.cli.main",
    "salesgoal.plugins.xlsx.writer",
    "salesgoal.store",
    "sqlalchemy.dialects.sqlite",
)
"""What a command imports; a server that has done so forks the processes to be killed."""


@pytest.fixture
def folder(tmp_path):
    """Fifty daily reports; each repeats the second half of the one before."""
    folder = lay_out(tmp_path / "desk")
    for at in range(FILES):
        rows = [
            (*EAST[:3], str(amount)) for amount in range(at * ROWS // 2, at * ROWS // 2 + ROWS)
        ]
        put(folder, f"日报/{at:02}.csv", *rows, at=at)
    return folder


def command(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "salesgoal", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(process):
    _, said = process.communicate(timeout=600)
    assert process.returncode == 0, said.decode()


def look(folder):
    """Asserts that whole documents are there, no row lost or doubled; how many there are."""
    with open_ledger(folder / LEDGER) as ledger:
        documents = len(ledger.documents())
        held = Counter(entry.values["sales"] for entry in ledger.entries())
        rows = documents * ROWS // 2 + ROWS // 2 if documents else 0
        assert held == Counter(amount * 100 for amount in range(rows))
        assert not ledger.check()
    return documents


@pytest.fixture(scope="module")
def forked():
    """Starts the command in a process that is forked when its modules are there already."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(list(LOADED))

    def start(*arguments):
        process = server.Process(target=run, args=([str(each) for each in arguments],))
        process.start()
        return process

    return start


def kill_after(process, seconds):
    """Kills a process that may have ended; whether it had not."""
    time.sleep(seconds)
    was_alive = process.is_alive()
    process.kill()
    process.join()
    return was_alive


def kill_imports(folder, forked, kills, seed):
    draw, done = random.Random(seed), 0  # noqa: S311 - moments to stop at
    stopped = 0
    while stopped < kills:
        stopped += kill_after(forked("import", folder), draw.uniform(0.03, 0.4))
        found = look(folder) if (folder / LEDGER).exists() else 0
        assert found >= done
        done = found
        if done == FILES:
            (folder / LEDGER).unlink()
            done = 0
    finish(command("import", folder))
    assert look(folder) == FILES


@pytest.mark.slow
def test_a_killed_import_leaves_whole_documents(folder, forked):
    kill_imports(folder, forked, kills=4, seed=1)


@pytest.mark.slow
def test_many_killed_imports_lose_and_double_nothing(folder, forked):
    kill_imports(folder, forked, kills=KILLS, seed=2)


def left_behind(report):
    return len(list(report.parent.glob(f".{report.name}.*")))


def kill_reports(folder, forked, kills, seed):
    finish(command("import", folder))
    report = folder / "out" / "report.xlsx"
    finish(command("report", folder, "--as-of", "2023-12-31", "-o", report))
    draw = random.Random(seed)  # noqa: S311
    stopped = 0
    while stopped < kills:
        process = forked("report", folder, "--as-of", "2023-12-31", "-o", report)
        if stopped % 4:
            begun = left_behind(report)
            while process.is_alive() and left_behind(report) == begun:
                time.sleep(0.0005)
        # Three of four are killed while they write, the others at any moment.
        longest = 0.004 if stopped % 4 else 0.2
        stopped += kill_after(process, draw.uniform(0, longest))
        with zipfile.ZipFile(report) as book:
            assert book.testzip() is None
        assert look(folder) == FILES
    left = [*report.parent.glob(f".{report.name}.*")]
    assert left or kills < KILLS
    for each in left:
        os.utime(each, (1, 1))
    finish(command("report", folder, "--as-of", "2023-12-31", "-o", report))
    assert [*report.parent.iterdir()] == [report]


@pytest.mark.slow
def test_a_killed_report_leaves_a_whole_file(folder, forked):
    kill_reports(folder, forked, kills=4, seed=3)


@pytest.mark.slow
def test_many_killed_reports_leave_a_whole_file(folder, forked):
    kill_reports(folder, forked, kills=KILLS, seed=4)


@pytest.mark.slow
def test_two_imports_of_the_same_documents_record_each_once(folder):
    both = [command("import", folder), command("import", folder)]
    for each in both:
        finish(each)
    assert look(folder) == FILES


HEADER = ("订单号", "日期", "区域", "产品", "销售额", "客户", "备注", "渠道", "数量", "单价")


def orders(count):
    draw, first = random.Random(5), date(2023, 10, 1)  # noqa: S311 - made rows
    for at in range(count):
        yield (
            f"SO-{at:08}",
            str(first + timedelta(days=draw.randrange(92))),
            draw.choice(("华东", "华南")),
            draw.choice("AB"),
            f"{at % 1000}.25",
            f"客户{at % 5000}",
            "送货上门",
            "直销",
            str(at % 9),
            "1.5",
        )


def write_orders(path, count):
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEADER, *()])
            csv.writer(stream).writerows(orders(count))
        return
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for at, row in enumerate(orders(count), start=1):
        sheet.write_row(at, 0, row)
    book.close()


def import_within(folder, limit_mb):
    """Imports under a limit of the address space; returns what it says at the end."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (limit_mb << 20, limit_mb << 20))

    done = subprocess.run(
        [sys.executable, "-m", "salesgoal", "import", str(folder), "--lang", "en"],
        check=False,
        capture_output=True,
        preexec_fn=limit,
        env={**os.environ, "MALLOC_ARENA_MAX": "2"},
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stderr.decode()


@pytest.mark.slow
def test_a_workbook_of_two_hundred_thousand_rows_is_imported_in_400_mb(tmp_path, capsys):
    folder = lay_out(tmp_path / "desk", LARGE.replace("orders.csv", "orders.xlsx"))
    write_orders(folder / "orders.xlsx", 200_000)
    assert "200,000 rows read = added 200,000" in import_within(folder, 400)
    assert total(capsys, folder) == (0, "99950000.00")


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows_of_a_text_file(tmp_path, capsys):
    """Set SALESGOAL_LARGE=1 for the two million rows; else a tenth, under a tighter limit."""
    count, limit = (2_000_000, 400) if os.environ.get("SALESGOAL_LARGE") else (200_000, 250)
    folder = lay_out(tmp_path / "desk", LARGE)
    write_orders(folder / "orders.csv", count)
    assert f"{count:,} rows read = added {count:,}" in import_within(folder, limit)
    assert total(capsys, folder) == (0, f"{count // 1000 * 499_750}.00")


LARGE = """\
[plan]
name = "订单"
period = "2023Q4"

[metrics.sales]
name = "销售额"
decimals = 2

[dimensions.region]
name = "区域"
members = ["华东", "华南"]

[dimensions.product]
name = "产品"
members = ["A", "B"]

[[targets]]
path = "targets.csv"

[[actuals]]
path = "orders.csv"
key = ["订单号"]

[ledger]
"""


def test_what_was_known_at_an_earlier_moment_stays(folder, capsys):
    code, _, _ = imported(capsys, folder, folder / "日报" / "00.csv")
    assert code == 0
    with open_ledger(folder / LEDGER) as ledger:
        (first,) = ledger.documents()
    imported(capsys, folder)
    assert total(capsys, folder)[1] == "129795.00"
    moment = first.recorded_at.isoformat()
    assert total(capsys, folder, "--known-at", moment)[1] == "190.00"
    call(capsys, "ledger", folder, "--undo", "1", "--by", "a", "--reason", "b")
    assert total(capsys, folder, "--known-at", moment)[1] == "190.00"
