"""Reports that keep coming: imported again, overlapping, corrected, taken back."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial

import openpyxl
import pytest

from salesgoal.app.deliveries import find_deliveries
from salesgoal.app.importing import Importing
from salesgoal.app.load import load_plan
from salesgoal.store import open_ledger

from .desk import call
from .ledger_desk import (
    EAST,
    KEYED,
    PLAN,
    SOUTH,
    WRONG,
    imported,
    lay_out,
    put,
    put_keyed,
    total,
)

LEDGER = "plan.ledger.db"


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "desk")


@pytest.fixture
def keyed(tmp_path):
    return lay_out(tmp_path / "desk", KEYED)


def test_the_same_files_again_change_nothing(folder, capsys):
    put(folder, "日报/1006.csv", EAST, EAST)
    put(folder, "日报/1009.csv", SOUTH, at=72)
    code, found, said = imported(capsys, folder)
    assert (code, found) == (
        0,
        {
            "日报/1006.csv": {"added": 2, "result": "recorded"},
            "日报/1009.csv": {"added": 1, "result": "recorded"},
        },
    )
    assert "3 rows read = added 3 + unchanged 0" in said
    before = digest(folder / LEDGER)
    code, found, said = imported(capsys, folder)
    assert (code, found["日报/1006.csv"]) == (0, {"unchanged": 2, "result": "known"})
    assert "3 rows read = added 0 + unchanged 3" in said
    assert digest(folder / LEDGER) == before
    assert total(capsys, folder) == (0, "2301.00")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_in_the_folder_of_a_plan_files_alone_are_enough(folder, capsys, monkeypatch):
    put(folder, "日报/1006.csv", EAST, EAST)
    monkeypatch.chdir(folder)
    code, printed, said = call(capsys, "import", "日报/1006.csv")
    assert (code, "日报/1006.csv" in printed) == (0, True), said
    alone = call(capsys, "import", "日报/1006.csv")
    assert alone == call(capsys, "import", ".", "日报/1006.csv")
    assert total(capsys, folder) == (0, "1801.00")
    monkeypatch.chdir(folder.parent)
    code, _, said = call(capsys, "import", "desk/日报/1006.csv")
    assert (code, "[file-missing]" in said) == (3, True)


def test_a_file_copied_at_another_time_changes_nothing(folder, capsys):
    put(folder, "日报/1006.csv", EAST)
    imported(capsys, folder)
    put(folder, "日报/1006.csv", EAST, at=99)
    assert imported(capsys, folder)[1]["日报/1006.csv"]["result"] == "known"


def test_daily_and_weekly_reports_of_the_same_sales_count_once(folder, capsys):
    put(folder, "日报/1006.csv", EAST, EAST)
    put(folder, "日报/1009.csv", SOUTH, at=72)
    put(folder, "周报/41.csv", EAST, EAST, SOUTH, ("2023-10-10", "华南", "B", "1"), at=99)
    code, found, _ = imported(capsys, folder)
    assert (code, found["周报/41.csv"]) == (
        0,
        {"added": 1, "duplicate": 3, "result": "recorded"},
    )
    assert total(capsys, folder) == (0, "2302.00")


def test_a_corrected_report_withdraws_and_corrects(keyed, capsys):
    put_keyed(keyed, "日报/1006.csv", ("SO-1", *EAST), ("SO-2", *SOUTH))
    imported(capsys, keyed)
    put_keyed(keyed, "日报/1006.csv", ("SO-1", *EAST[:3], "1000"), at=24)
    code, printed, _ = call(
        capsys, "import", keyed, "--dry-run", "--format", "json", "--lang", "en"
    )
    changes = [
        (each["change"], each["key"], each["before"], each["after"])
        for each in json.loads(printed)["changes"]
    ]
    assert (code, changes) == (
        0,
        [
            (
                "corrected",
                "SO-1",
                "2023-10-06，华东，A，销售额 900.50",
                "2023-10-06，华东，A，销售额 1000.00",
            ),
            ("withdrawn", "SO-2", "2023-10-09，华南，B，销售额 500.00", None),
        ],
    )
    assert total(capsys, keyed) == (0, "1400.50")
    code, found, _ = imported(capsys, keyed)
    line = {"corrected": 1, "withdrawn": 1, "result": "recorded"}
    assert (code, found) == (0, {"日报/1006.csv": line})
    assert total(capsys, keyed) == (0, "1000.00")


def test_an_older_version_that_comes_late_does_not_count(keyed, capsys):
    put_keyed(keyed, "日报/1006.csv", ("SO-1", *EAST), at=24)
    imported(capsys, keyed)
    put_keyed(keyed, "日报/1006.csv", ("SO-1", *EAST[:3], "1"), at=0)
    code, found, _ = imported(capsys, keyed)
    assert (code, found["日报/1006.csv"]["stale"]) == (1, 1)
    assert total(capsys, keyed) == (0, "900.50")


def test_reports_that_contradict_each_other_are_a_finding(keyed, capsys):
    put_keyed(keyed, "日报/1006.csv", ("SO-1", *EAST))
    put_keyed(keyed, "周报/41.csv", ("SO-1", *EAST[:3], "1"))
    code, found, said = imported(capsys, keyed)
    assert (code, found["周报/41.csv"]["conflict"]) == (1, 1)
    assert "[conflicting-entry]" in said


def test_a_dry_run_writes_nothing(folder, capsys):
    put(folder, "日报/1006.csv", EAST)
    code, found, _ = imported(capsys, folder, "--dry-run")
    assert (code, found["日报/1006.csv"]) == (0, {"added": 1, "result": "trial"})
    assert not (folder / LEDGER).exists()
    imported(capsys, folder)
    before = digest(folder / LEDGER)
    put(folder, "日报/1006.csv", SOUTH, at=5)
    put(folder, "日报/1009.csv", *[SOUTH] * 3000, at=5)
    assert imported(capsys, folder, "--dry-run")[1]["日报/1009.csv"]["added"] == 3000
    assert digest(folder / LEDGER) == before
    assert {each.name for each in folder.iterdir()} == {
        "plan.toml",
        "targets.csv",
        "日报",
        "周报",
        LEDGER,
    }


def test_a_faulty_file_is_refused_as_a_whole_and_the_others_are_not(folder, capsys):
    put(folder, "日报/1006.csv", EAST)
    put(folder, "日报/1009.csv", SOUTH, WRONG)
    code, found, said = imported(capsys, folder)
    assert (code, found["日报/1009.csv"]) == (4, {"result": "refused"})
    assert "[unknown-member]" in said
    assert total(capsys, folder) == (0, "900.50")
    assert imported(capsys, folder, folder / "日报" / "1009.csv")[0] == 3


def test_good_rows_of_a_faulty_file_are_recorded_when_asked_for(folder, capsys):
    put(folder, "日报/1009.csv", SOUTH, WRONG)
    code, found, said = imported(capsys, folder, "--partial")
    line = {"added": 1, "rejected": 1, "result": "recorded"}
    assert (code, found["日报/1009.csv"]) == (4, line)
    assert "2 rows read = added 1" in said
    again = imported(capsys, folder)
    assert (again[0], "[rejected-before]" in again[2]) == (4, True)
    assert total(capsys, folder) == (4, "500.00")


@pytest.mark.parametrize("has_key", [False, True])
def test_rejected_rows_come_back_corrected_under_the_same_keys(tmp_path, capsys, has_key):
    folder = lay_out(tmp_path / "desk", KEYED if has_key else PLAN)
    write = put_keyed if has_key else put
    keys = [(f"SO-{n}",) if has_key else () for n in range(9)]
    # The corrected row says the same as one that was good: they stay two.
    write(folder, "日报/1009.csv", (*keys[1], *SOUTH), (*keys[2], *WRONG), (*keys[3], *EAST))
    path = tmp_path / "rejected.xlsx"
    code, _, _ = imported(capsys, folder, "--partial", "--rejected", path)
    assert code == 4
    book = openpyxl.load_workbook(path)
    column = 3 if has_key else 2
    assert book.active.cell(4, column).value == "华楠"
    book.active.cell(4, column).value = "华南"
    book.save(path)
    code, found, _ = imported(capsys, folder, path, "--source", "orders")
    line = {"added": 1, "unchanged": 2, "result": "recorded"}
    assert (code, found) == (0, {"日报/1009.csv": line})
    assert total(capsys, folder) == (0, "1900.50")
    assert imported(capsys, folder, path, "--source", "orders")[:2] == (
        0,
        {"日报/1009.csv": {"unchanged": 3, "result": "known"}},
    )
    # The file as it was is known; the file put right says nothing new.
    assert imported(capsys, folder)[0] == 4
    assert total(capsys, folder) == (0, "1900.50")
    write(
        folder,
        "日报/1009.csv",
        (*keys[1], *SOUTH),
        (*keys[2], *SOUTH),
        (*keys[3], *EAST),
        at=10**6,
    )
    code, found, _ = imported(capsys, folder)
    assert (code, found["日报/1009.csv"]["unchanged"]) == (0, 3)
    assert total(capsys, folder) == (0, "1900.50")


@pytest.fixture
def two_headers(folder, capsys, tmp_path):
    """Rejected rows of two files with different headers, on a sheet each."""
    put(folder, "日报/1009.csv", SOUTH, WRONG)
    later = ("2023-10-10", *WRONG[1:])
    put(folder, "日报/1010.csv", later, EAST, header=("日期", "地区", "产品", "金额"))
    path = tmp_path / "rejected.xlsx"
    assert imported(capsys, folder, "--partial", "--rejected", path)[0] == 4
    book = openpyxl.load_workbook(path)
    assert len(book.worksheets) == 2
    book.worksheets[0]["B4"] = "华南"
    book.save(path)
    return path


def test_rejected_rows_of_files_with_different_headers_come_back_in_one_workbook(
    folder, capsys, two_headers
):
    book = openpyxl.load_workbook(two_headers)
    book.worksheets[1]["B4"] = "华南"
    book.save(two_headers)
    code, found, said = imported(capsys, folder, two_headers, "--source", "orders")
    line = {"added": 1, "unchanged": 1, "result": "recorded"}
    assert (code, found) == (0, {"日报/1009.csv": line, "日报/1010.csv": line})
    assert "sheet-assumed" not in said
    assert total(capsys, folder) == (0, "2400.50")
    again = imported(capsys, folder, two_headers, "--source", "orders")[1]
    assert {each["result"] for each in again.values()} == {"known"}


def test_nothing_is_taken_while_a_row_on_a_later_sheet_is_faulty(folder, capsys, two_headers):
    code, found, said = imported(capsys, folder, two_headers, "--source", "orders")
    assert (code, [each["result"] for each in found.values()]) == (3, ["refused"])
    assert next(iter(found)).endswith("rejected.xlsx#Rejected rows 2")
    assert said.count("[unknown-member]") == 1


def test_rejected_rows_of_new_files_are_documents_sheet_by_sheet(folder, capsys, two_headers):
    book = openpyxl.load_workbook(two_headers)
    for sheet in book.worksheets:
        sheet["B4"] = "华南"
        sheet.cell(4, sheet.max_column - 2).value = "elsewhere.csv"
    book.save(two_headers)
    code, found, _ = imported(capsys, folder, two_headers, "--source", "orders")
    first, second = found
    assert (code, second) == (0, f"{first}#Rejected rows 2")
    assert total(capsys, folder) == (4, "1900.50")  # the first says what 1009.csv says too


def test_a_sheet_of_something_else_beside_rejected_rows_is_refused(folder, capsys, two_headers):
    book = openpyxl.load_workbook(two_headers)
    other = book.create_sheet("其他")
    other.append(["日期", "区域", "产品", "销售额"])
    other.append(["2023-10-09", "华南", "B", 500])
    book.save(two_headers)
    code, _, said = imported(capsys, folder, two_headers, "--source", "orders")
    assert (code, "[no-correction]" in said) == (3, True)


def test_cells_that_fit_no_column_come_back_and_are_refused_until_they_are_removed(
    folder, capsys, tmp_path
):
    (folder / "日报/1009.csv").write_text(
        "日期,区域,产品,销售额\n2023-10-09,华南,B,500\n2023-10-09,华南,B,￥1,000\n",
        encoding="utf-8",
    )
    path = tmp_path / "rejected.xlsx"
    assert imported(capsys, folder, "--partial", "--rejected", path)[0] == 4
    code, _, said = imported(capsys, folder, path, "--source", "orders", "--partial")
    assert (code, "[row-width]" in said) == (4, True)
    assert total(capsys, folder)[1] == "500.00"
    book = openpyxl.load_workbook(path)
    row = book.active[4]
    assert [cell.value for cell in row[3:5]] == ["￥1", "000"]
    row[3].value, row[4].value = 1000, None
    book.save(path)
    assert imported(capsys, folder, path, "--source", "orders")[0] == 0
    assert total(capsys, folder) == (0, "1500.00")


def test_a_workbook_that_is_still_faulty_is_refused(folder, capsys, tmp_path):
    put(folder, "日报/1009.csv", SOUTH, WRONG, WRONG)
    path = tmp_path / "rejected.xlsx"
    imported(capsys, folder, "--partial", "--rejected", path)
    book = openpyxl.load_workbook(path)
    book.active["B4"] = "华南"
    book.save(path)
    assert imported(capsys, folder, path, "--source", "orders")[0] == 3
    code, found, _ = imported(capsys, folder, path, "--source", "orders", "--partial")
    line = {"added": 1, "unchanged": 1, "rejected": 1, "result": "recorded"}
    assert (code, found) == (4, {"日报/1009.csv": line})
    assert total(capsys, folder) == (4, "1000.00")


def test_a_file_is_read_again_when_the_plan_has_learned_a_name(folder, capsys):
    put(folder, "日报/1009.csv", SOUTH, WRONG)
    imported(capsys, folder, "--partial")
    text = PLAN.replace('"华南"]', '{ name = "华南", aliases = ["华楠"] }]')
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    _, _, said = call(capsys, "track", folder, "--lang", "en")
    assert "[read-otherwise]" in said
    code, found, _ = imported(capsys, folder)
    line = {"added": 1, "unchanged": 1, "result": "recorded"}
    assert (code, found["日报/1009.csv"]) == (0, line)
    assert total(capsys, folder) == (0, "1000.00")
    assert "[read-otherwise]" not in call(capsys, "track", folder, "--lang", "en")[2]


def test_an_undone_document_counts_no_more_and_may_come_again(folder, capsys):
    put(folder, "日报/1006.csv", EAST)
    put(folder, "日报/1009.csv", SOUTH)
    imported(capsys, folder)
    assert call(capsys, "ledger", folder, "--undo", "2")[0] == 2
    why = ("--by", "李雷", "--reason", "测试数据")
    assert call(capsys, "ledger", folder, "--undo", "2", *why)[0] == 0
    assert total(capsys, folder) == (0, "900.50")
    _, printed, _ = call(capsys, "ledger", folder, "--format", "json")
    last = json.loads(printed)["documents"][-1]
    assert (last["undone_by"], last["reason"]) == ("李雷", "测试数据")
    assert call(capsys, "ledger", folder, "--undo", "2", *why)[0] == 2
    assert call(capsys, "ledger", folder, "--undo", "9", *why)[0] == 2
    assert imported(capsys, folder)[1]["日报/1009.csv"]["result"] == "recorded"
    assert total(capsys, folder) == (0, "1400.50")


def test_the_ledger_is_checked(folder, capsys):
    put(folder, "日报/1006.csv", EAST)
    imported(capsys, folder)
    assert call(capsys, "ledger", folder, "--check")[0] == 0
    import sqlite3

    with sqlite3.connect(folder / LEDGER) as connection:
        connection.execute("UPDATE entries SET amounts = '{\"sales\":1}'")
    connection.close()
    code, _, said = call(capsys, "ledger", folder, "--check", "--lang", "en")
    assert (code, "[ledger-damaged]" in said) == (1, True)


def test_files_that_no_pattern_names_need_a_source_where_there_are_several(folder, capsys):
    path = put(folder, "x.csv", EAST)
    text = PLAN.replace('path = "周报/*.csv"\nsource = "orders"', 'path = "周报/*.csv"')
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    assert imported(capsys, folder, path)[0] == 2
    assert imported(capsys, folder, path, "--source", "nobody")[0] == 2
    text = PLAN.replace(
        'path = "周报/*.csv"\nsource = "orders"', 'path = "周报/*.csv"\nledger = false'
    )
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    put(folder, "周报/41.csv", SOUTH)
    assert imported(capsys, folder, path)[0] == 0
    assert total(capsys, folder) == (0, "1400.50")


@pytest.mark.parametrize("ledger", ["[ledger]\n", '[ledger]\npath = "台账.db"\n'])
def test_a_plan_can_be_tracked_and_revised_before_the_first_report(folder, capsys, ledger):
    (folder / "plan.toml").write_text(PLAN.replace("[ledger]\n", ledger), encoding="utf-8")
    assert total(capsys, folder)[1] in {"-", "0.00", None, ""}
    revision = ("--goal", "华东/A", "--period", "2023Q4", "--to", "1200")
    revision += ("--reason", "新客户", "--by", "张三", "--yes")
    for name, *rest in (("check",), ("explain", "--goal", "华东/A"), ("revise", *revision)):
        code, _, said = call(capsys, name, folder, *rest)
        assert (code in {0, 1}, "台账" in said) == (True, False), said
    assert not list(folder.glob("*.db"))


def test_a_ledger_that_is_not_there_is_said(folder, capsys):
    expected = '[[expected]]\ndimension = "region"\nsource = "orders"\n'
    expected += 'cadence = "FREQ=WEEKLY;BYDAY=FR"\nsince = 2023-12-25\n'
    (folder / "plan.toml").write_text(PLAN + expected, encoding="utf-8")
    for name in ("ledger", "missing"):
        code, _, said = call(capsys, name, folder)
        assert (code, "没有这个台账 - 请先导入" in said) == (3, True)
    (folder / LEDGER).write_text("not a ledger" * 99, encoding="utf-8")
    assert call(capsys, "ledger", folder)[0] == 3
    assert imported(capsys, folder)[0] == 3


def test_a_plan_without_a_ledger_refuses_to_import(folder, capsys):
    text = PLAN.replace("[ledger]\n", "")
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    code, _, said = call(capsys, "import", folder)
    assert (code, "[ledger]" in said) == (2, True)


@pytest.mark.slow
def test_without_room_on_the_disk_the_ledger_stays_as_it_was(folder, capsys):
    put(folder, "日报/1006.csv", EAST)
    imported(capsys, folder)
    before = digest(folder / LEDGER)
    put(folder, "日报/1009.csv", *[(*SOUTH[:3], str(n)) for n in range(20_000)])
    size = (folder / LEDGER).stat().st_size + 50_000

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    command = [sys.executable, "-m", "salesgoal", "import", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, preexec_fn=limit)
    assert done.returncode == 5, done.stderr.decode()
    assert total(capsys, folder) == (0, "900.50")
    assert digest(folder / LEDGER) == before
    assert imported(capsys, folder)[0] == 0


def test_without_room_on_the_disk_the_report_stays_the_old_one(folder, capsys):
    put(folder, "日报/1006.csv", EAST)
    imported(capsys, folder)
    report = folder / "report.xlsx"
    report.write_bytes(b"the old one")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))

    command = [sys.executable, "-m", "salesgoal", "report", str(folder), "-o", str(report)]
    done = subprocess.run(command, check=False, capture_output=True, preexec_fn=limit)
    assert done.returncode == 5, done.stderr.decode()
    assert report.read_bytes() == b"the old one"
    assert [each for each in folder.iterdir() if each.name.startswith(".report")] == []


def test_a_file_that_is_written_to_while_it_is_read_is_not_recorded(folder):
    path = put(folder, "日报/06.csv", EAST)
    loaded = load_plan(folder)

    def touch(_name, _rows):
        os.utime(path, (1, 1))

    with open_ledger(folder / LEDGER) as ledger:
        clock = partial(datetime.now, UTC)
        importing = Importing(loaded=loaded, ledger=ledger, clock=clock, step=touch)
        (found,) = importing.take(find_deliveries(loaded, [path])[0])
        assert [each.code for each in found.problems] == ["file-changing"]
        assert not ledger.documents()


def test_the_moment_that_the_list_of_documents_shows_is_one_at_which_it_is_known(
    folder, capsys
):
    put(folder, "日报/06.csv", EAST)
    imported(capsys, folder)
    _, printed, _ = call(capsys, "ledger", folder, "--format", "json")
    (document,) = json.loads(printed)["documents"]
    assert total(capsys, folder, "--known-at", document["recorded_at"])[1] == "900.50"
