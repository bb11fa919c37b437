"""Whoever asks for Chinese reads Chinese: no English sentence stands in any message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from salesgoal.domain.problem_text import TEXTS
from salesgoal.domain.tracking_text import TRACKING_TEXTS

from .desk import call
from .faults import FAULTS, lay_out_fault

ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three words in a row. What a stranger's program says itself stands in 「…」."""

FRAME_CODES = (
    *("column-type", "frame-changed", "rows-excess-decimals", "rows-no-amount"),
    *("rows-no-date", "rows-no-member", "rows-no-seat", "rows-out-of-range", "rows-shared"),
    *("rows-unknown-goal", "rows-unknown-member"),
)
"""Of frames, which the command does not read."""

# Codes that no single desk provokes; the tests named say them.
ELSEWHERE = {
    "alias-taken": "intake/test_alias_rows.py",
    "child-without-target": "domain/test_cover_findings.py",
    "duplicate-entry": "store/test_ledger_store.py",
    "encoding-unclear": "plugins/test_csv_reader.py",
    "file-unreadable": "app/test_sources.py",
    "file-changing": "journeys/test_import_journey.py",
    "importer-missing": "journeys/test_sync.py",
    "no-record-key": "app/test_syncing.py",
    "nothing-withdrawn": "app/test_syncing.py",
    "record-emptied": "journeys/test_sync.py",
    "records-unread": "journeys/test_sync.py",
    "synced-otherwise": "journeys/test_sync.py",
    "history-drift": "domain/test_history.py",
    "history-stale": "domain/test_history.py",
    "kind-differs": "domain/test_review_book.py",
    "ledger-damaged": "store/test_check.py",
    "missing-extra": "app/test_work_calendars.py",
    "mixed-overlay": "domain/test_membership.py",
    "over-explained": "journeys/test_review_command.py",
    "no-correction": "journeys/test_import_journey.py",
    "plugin-failed": "journeys/test_plugins_command.py",
    "read-otherwise": "journeys/test_import_journey.py",
    "revert-blocked": "domain/test_replay.py",
    "revision-crosses": "domain/test_revision.py",
    "revision-stale": "domain/test_revision.py",
    "stale-entry": "store/test_ledger_store.py",
    "too-deep": "domain/test_membership.py",
    "two-importers": "app/test_load.py",
    "unknown-remark": "domain/test_review_book.py",
    "no-cell-value": "plugins/test_sql.py",
    "not-a-parquet": "plugins/test_parquet.py",
    "single-precision": "plugins/test_sql.py",
    "unreadable-type": "plugins/test_parquet.py",
    "period-not-over": "journeys/test_running_totals.py",
    "unreadable-header": "intake/test_layout.py",
    **dict.fromkeys(FRAME_CODES, "frames/test_faults.py"),
    **dict.fromkeys(TRACKING_TEXTS, "journeys/test_tracking_refusals.py"),
    "changed-meanwhile": "journeys/test_tracking_import.py",
    "known-elsewhere": "journeys/test_tracking_import.py",
    "line-without-names": "journeys/test_tracking_import.py",
}


@pytest.fixture(scope="module")
def said():
    """The codes that were said; the last test looks at them."""
    return set()


def fault_id(fault):
    return fault[1][0]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=fault_id)
def test_no_english_sentence_stands_in_a_chinese_message(tmp_path, capsys, said, fault):
    files, *commands = fault
    desk = lay_out_fault(tmp_path / "desk", files)
    for name, *rest in commands:
        options = [each.format(desk=desk) for each in rest]
        code, printed, heard = call(capsys, name, desk, *options, "--lang", "zh")
        assert code != 70, heard
        own = re.sub("「[^」]*」", "", printed + heard)
        assert not ENGLISH.search(own), ENGLISH.search(own)
        said |= set(re.findall(r"\[([a-z-]+)\]", heard))


@pytest.mark.slow
def test_nearly_every_code_was_said(said):
    assert sorted(TEXTS.keys() - said - ELSEWHERE.keys()) == []


@pytest.mark.parametrize("code", sorted(ELSEWHERE))
def test_the_other_codes_are_said_by_tests_of_their_own(code):
    path = Path(__file__).parent.parent / ELSEWHERE[code]
    assert re.search(rf'["\[]{code}["\]]', path.read_text(encoding="utf-8"))
