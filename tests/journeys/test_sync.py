"""Deals of a CRM in the ledger: what changed is taken over, once, and stays true."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest

from salesgoal import load_plan
from salesgoal.store import open_ledger

from .crm_desk import TOKEN, facts, rewrite, synced, total
from .desk import AS_OF, call

DONE = {"result": "complete", "scope": "changes"}


def ledger_of(desk):
    return desk / "plan.ledger.db"


def documents(desk):
    with open_ledger(ledger_of(desk), create=False) as ledger:
        return [each.document for each in ledger.documents()]


def test_the_first_sync_reads_everything_and_the_next_only_what_changed(capsys, desk, crm):
    code, (line,), said = synced(capsys, desk)
    assert code == 0, said
    assert line == {"read": 7, "added": 7, "pages": 3, **DONE, "scope": "first"}
    assert total(capsys, desk) == crm.total == "283.50"
    assert {fact[1] for fact in facts(ledger_of(desk))} == {date(2023, 10, 10)}
    crm.put("D-3", amount="1000")
    crm.put("D-9", amount="5")
    code, (line,), _ = synced(capsys, desk)
    assert code == 0
    assert line == {"read": 3, "added": 1, "corrected": 1, "unchanged": 1, "pages": 2, **DONE}
    assert total(capsys, desk) == crm.total


def test_runs_without_news_leave_the_ledger_as_it_is(capsys, desk):
    synced(capsys, desk)
    before = ledger_of(desk).stat().st_size
    found = documents(desk)
    for _ in range(5):
        code, (line,), _ = synced(capsys, desk)
        assert (code, line) == (0, {"read": 1, "unchanged": 1, "pages": 1, **DONE})
    assert documents(desk) == found
    assert ledger_of(desk).stat().st_size == before
    code, (line,), _ = synced(capsys, desk, "--full")
    assert (line["unchanged"], line["scope"]) == (line["read"], "asked")
    assert documents(desk) == found


STOPPED = [
    {"won": "false"},
    {"deleted": True},
    {"amount": None, "won": "false"},
    dict.fromkeys(("day", "region", "product", "amount", "won")),
]


@pytest.mark.parametrize("change", STOPPED)
def test_a_deal_that_no_longer_counts_is_taken_out_and_may_come_back(capsys, desk, crm, change):
    synced(capsys, desk)
    before = dict(crm.deals["D-2"])
    crm.put("D-2", **change)
    _, (line,), said = synced(capsys, desk)
    assert (line["retired"], line.get("rejected")) == (1, None), said
    assert total(capsys, desk) == "263.00"
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["ignored"], line.get("retired")) == (0, 1, None)
    crm.put("D-2", **before)
    assert synced(capsys, desk)[1][0]["corrected"] == 1
    assert total(capsys, desk) == crm.total == "283.50"


def test_a_deal_that_never_counted_leaves_no_trace(capsys, desk, crm):
    crm.put("D-8", won="false")
    crm.put("D-9", deleted=True)
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["added"], line["ignored"]) == (0, 7, 2)
    assert len(facts(ledger_of(desk))) == 7
    crm.put("D-8", won="true")
    assert synced(capsys, desk)[1][0]["added"] == 1
    assert total(capsys, desk) == crm.total


def test_a_deal_that_a_rule_leaves_out_is_taken_out(capsys, desk, crm):
    rule = 'ignore = [{ column = "product", equals = ["B"] }]\ncounts ='
    rewrite(desk, "counts =", rule)
    synced(capsys, desk)
    crm.put("D-2", product="B")
    assert synced(capsys, desk)[1][0]["retired"] == 1
    assert total(capsys, desk) == "263.00"


def test_a_deal_that_cannot_be_read_counts_neither_as_it_was_nor_as_it_is(capsys, desk, crm):
    synced(capsys, desk)
    crm.put("D-2", region="火星")
    code, (line,), said = synced(capsys, desk)
    assert (code, line["rejected"]) == (4, 1)
    assert "[unknown-member]" in said
    assert "acme, D-2: cannot be read now, so what it said before no longer" in said
    assert total(capsys, desk) == crm.total == "263.00"
    found = documents(desk)
    code, (line,), said = synced(capsys, desk)
    assert (code, line["rejected"]) == (4, 1)
    assert "[unknown-member]" in said
    assert "[record-emptied]" not in said
    assert documents(desk) == found
    code, _, said = call(capsys, "track", desk, *AS_OF, "--lang", "en")
    assert code == 4
    assert "crm: 1 records cannot be read and do not count" in said
    assert "[records-unread]" in said
    assert "7 rows read = accepted 6 + outside period 0 + rejected 1" in said
    printed = call(capsys, "track", desk, *AS_OF)[1]
    assert "另有 1 行被拒绝、金额不明，不在上述金额中" in printed
    crm.put("D-2", region="华南")
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["corrected"]) == (0, 1)
    assert total(capsys, desk) == crm.total == "283.50"


def test_all_problems_are_listed_and_each_once(capsys, desk, crm):
    for number in range(25):
        crm.put(f"M-{number:02}", region="火星")
    asked = ("sync", desk, "--dry-run", "--full", "--lang", "en")
    _, printed, said = call(capsys, *asked, "--format", "json")
    listed = [each["where"] for each in json.loads(printed)["problems"]]
    assert len(listed) == len(set(listed)) == 25
    assert "20 of 25 problems shown; --format markdown lists them all" in said
    _, printed, _ = call(capsys, *asked)
    assert "Problems" not in printed
    _, printed, _ = call(capsys, *asked, "--format", "markdown")
    assert printed.count("unknown-member") == 25


def test_a_deal_that_never_could_be_read_is_forgotten_when_it_is_lost(capsys, desk, crm):
    crm.put("D-8", amount="many")
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["rejected"]) == (4, 1)
    crm.put("D-8", won="false")
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["retired"]) == (0, 1)
    code, _, said = call(capsys, "track", desk, *AS_OF, "--lang", "en")
    assert "7 rows read = accepted 7" in said


def test_a_whole_reading_takes_out_what_vanished_without_a_word(capsys, desk, crm):
    synced(capsys, desk)
    crm.vanish("D-4")
    assert "withdrawn" not in synced(capsys, desk)[1][0]
    assert total(capsys, desk) == "283.50"
    code, (line,), _ = synced(capsys, desk, "--full", "--dry-run")
    assert (line["withdrawn"], line["result"]) == (1, "trial")
    assert total(capsys, desk) == "283.50"
    code, (line,), _ = synced(capsys, desk, "--full")
    assert (code, line["withdrawn"]) == (0, 1)
    assert total(capsys, desk) == crm.total == "243.00"
    crm.put("D-4", amount="40.5")
    synced(capsys, desk)
    assert total(capsys, desk) == "283.50"


def test_what_comes_back_of_the_same_revision_counts_again(capsys, desk, crm):
    synced(capsys, desk)
    hidden = crm.deals.pop("D-4")
    synced(capsys, desk, "--full")
    crm.deals["D-4"] = hidden
    code, (line,), _ = synced(capsys, desk, "--full")
    assert (code, line["corrected"], line.get("conflict")) == (0, 1, None)
    assert total(capsys, desk) == "283.50"


def test_nothing_is_taken_out_where_nothing_at_all_was_seen(capsys, desk, crm):
    synced(capsys, desk)
    crm.deals = {}
    code, (line,), said = synced(capsys, desk, "--full")
    assert (code, line.get("read", 0)) == (1, 0)
    assert "[nothing-withdrawn]" in said
    assert total(capsys, desk) == "283.50"


def test_a_deal_edited_while_everything_is_read_is_not_taken_out(capsys, desk, crm):
    synced(capsys, desk)
    crm.now = datetime.now(UTC)

    def edit(number):
        if number == 2:
            crm.put("D-7", minutes=0, amount="7000")
            crm.put("D-6", minutes=1, amount="6000")

    crm.requests, crm.on_request = 0, edit
    code, (line,), _ = synced(capsys, desk, "--full")
    assert (code, line.get("withdrawn"), line["corrected"]) == (0, None, 2)
    assert total(capsys, desk) == crm.total


def test_another_reading_of_the_plan_corrects_every_deal_once(capsys, desk):
    synced(capsys, desk)
    rewrite(desk, "counts =", 'unit = "万元"\ncounts =')
    _, _, said = call(capsys, "track", desk, *AS_OF, "--lang", "en")
    assert "the plan was changed after the last sync" in said
    assert "[synced-otherwise]" in said
    code, (line,), said = synced(capsys, desk)
    assert (code, line["corrected"], line["scope"]) == (0, 7, "other_reading"), said
    assert total(capsys, desk) == "2835000.00"
    _, _, said = call(capsys, "track", desk, *AS_OF, "--lang", "en")
    assert "the plan was changed" not in said
    assert synced(capsys, desk)[1][0]["scope"] == "changes"


def test_another_pipeline_is_another_source(capsys, desk, crm):
    synced(capsys, desk)
    rewrite(desk, "[actuals.options]", '[actuals.options]\npipeline = "b"')
    crm.vanish("D-4")
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["scope"], line["withdrawn"]) == (0, "other_source", 1)
    assert synced(capsys, desk)[1][0]["scope"] == "changes"


def test_another_source_is_read_again_until_it_was_read_to_its_end(capsys, desk, crm):
    synced(capsys, desk)
    rewrite(desk, "[actuals.options]", '[actuals.options]\npipeline = "b"')
    crm.vanish("D-1")
    crm.put("D-2", amount="22")
    crm.requests, crm.faults = 0, {3: 503}
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["result"]) == (4, "partial")
    crm.faults = {}
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["scope"], line["withdrawn"]) == (0, "other_source", 1)
    assert total(capsys, desk) == crm.total


def test_a_new_token_goes_on_where_the_old_one_was(capsys, desk):
    synced(capsys, desk)
    (desk / "token").write_text(TOKEN + "\n", encoding="utf-8")
    rewrite(desk, '{ env = "ACME_TOKEN" }', '{ file = "token" }')
    assert synced(capsys, desk)[1][0]["scope"] == "changes"


REFUSALS = [
    (401, "acme does not let us in: HTTP 401 - check the token"),
    (503, "acme is out of reach: HTTP 503"),
    ("html", "acme gave an answer that is not by its protocol"),
    ("drop", "plugin acme failed at read"),
]


@pytest.mark.parametrize(("fault", "expected"), REFUSALS)
def test_an_outage_keeps_what_was_taken_over_and_the_next_run_goes_on(
    capsys, desk, crm, fault, expected
):
    crm.faults = {1: fault}
    code, (line,), said = synced(capsys, desk)
    assert (code, line) == (3, {"result": "failed", "scope": "first"})
    assert expected in said
    crm.requests, crm.faults = 0, {3: fault}
    code, (line,), said = synced(capsys, desk)
    assert (code, line["result"], line["added"]) == (4, "partial", 6)
    assert "what was taken over stays" in said
    assert len(facts(ledger_of(desk))) == 6
    crm.faults = {}
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["scope"], line["added"]) == (0, "changes", 1)
    assert total(capsys, desk) == crm.total


def test_refusals_are_said_in_chinese(capsys, desk, crm):
    crm.faults = {1: 401}
    code, printed, said = call(capsys, "sync", desk)
    assert code == 3
    assert "crm：acme 拒绝访问：HTTP 401 - 检查令牌及其权限（什么也没有入账）" in said
    assert "失败" in printed
    assert TOKEN not in printed + said


def test_a_missing_token_is_named_before_anything_is_asked(capsys, desk, crm, monkeypatch):
    monkeypatch.delenv("ACME_TOKEN")
    code, _, said = synced(capsys, desk)
    assert code == 3
    expected = "actuals#1.options.token: the environment variable ACME_TOKEN is not set"
    assert expected in said
    assert crm.requests == 0
    assert call(capsys, "check", desk)[0] != 3
    assert total(capsys, desk) is None


def test_a_token_in_the_plan_file_is_refused_with_all_other_faults(capsys, desk):
    rewrite(desk, '{ env = "ACME_TOKEN" }', f'"{TOKEN}"\npage_szie = 3')
    code, _, said = synced(capsys, desk)
    assert code == 3
    assert 'actuals#1.options.token: give a secret as { env = "NAME" }' in said
    assert "page_szie" in said
    assert TOKEN not in said


def test_a_dry_run_shows_what_would_change_and_writes_nothing(capsys, desk, crm):
    code, (line,), _ = synced(capsys, desk, "--dry-run")
    assert (code, line["added"], line["result"]) == (0, 7, "trial")
    assert not ledger_of(desk).exists()
    synced(capsys, desk)
    crm.put("D-3", amount="1000")
    crm.put("D-4", won="false")
    before = ledger_of(desk).read_bytes()
    code, printed, _ = call(capsys, "sync", desk, "--dry-run")
    assert code == 0
    assert "2023-10-10，华东，A，销售额 30.50" in printed
    assert "2023-10-10，华东，A，销售额 1000.00" in printed
    assert ledger_of(desk).read_bytes() == before


def test_one_source_that_fails_does_not_stop_the_others(capsys, desk):
    text = (desk / "plan.toml").read_text(encoding="utf-8")
    table = text[text.index("[[actuals]]") : text.index("[ledger]")]
    other = table.replace('"crm"', '"old"').replace("ACME_TOKEN", "OLD_TOKEN")
    rewrite(desk, "[[actuals]]", other + "[[actuals]]")
    code, lines, said = synced(capsys, desk)
    assert (code, [line["result"] for line in lines]) == (4, ["failed", "complete"])
    assert "old: plan.toml is not set up" in said
    code, lines, _ = synced(capsys, desk, "--source", "crm")
    assert (code, len(lines)) == (0, 1)
    code, _, said = synced(capsys, desk, "--source", "crn")
    assert (code, "no source of the ledger is called 'crn'" in said) == (2, True)


def test_a_record_taken_back_comes_again_with_everything(capsys, desk, crm):
    synced(capsys, desk)
    undo = ("--undo", "1", "--by", "王", "--reason", "试")
    assert call(capsys, "ledger", desk, *undo)[0] == 0
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["scope"]) == (0, "undone")
    assert total(capsys, desk) == crm.total


def test_a_run_is_listed_and_taken_back_as_one(capsys, desk, crm):
    synced(capsys, desk)
    crm.put("D-3", amount="1000")
    synced(capsys, desk)
    code, printed, _ = call(capsys, "ledger", desk, "--format", "json")
    first, second = json.loads(printed)["documents"]
    assert (code, first["id"], first["added"], second["id"]) == (0, "1", "7", "4")
    assert (first["document"], second["document"]) == ("sync #1-3", "sync #4")
    assert call(capsys, "ledger", desk, "--check")[0] == 0
    undo = ("--undo", "2", "--by", "王", "--reason", "试", "--lang", "en")
    code, _, said = call(capsys, "ledger", desk, *undo)
    assert (code, re.findall(r"took back (\d)", said)) == (0, ["1", "2", "3"])
    assert total(capsys, desk) == "1000.00"
    assert call(capsys, "ledger", desk, *undo)[0] == 2
    code, (line,), _ = synced(capsys, desk)
    assert (code, line["scope"], line["added"], line["unchanged"]) == (0, "undone", 6, 1)
    assert total(capsys, desk) == crm.total


def test_who_entered_deals_has_reported(capsys, desk):
    synced(capsys, desk)
    with (desk / "plan.toml").open("a", encoding="utf-8") as stream:
        stream.write(
            '\n[[expected]]\ndimension = "region"\nsource = "crm"\n'
            'cadence = "FREQ=MONTHLY;BYMONTHDAY=-1"\nsince = 2023-10-01\n'
        )
    code, printed, _ = call(
        capsys, "missing", desk, "--as-of", "2030-01-31", "--format", "json", "--all"
    )
    october = [
        (each["member"], each["state"])
        for each in json.loads(printed)["missing"]
        if each["due_on"] == "2023-10-31"
    ]
    assert (code, october) == (1, [("华东", "late"), ("华南", "missing")])


def test_a_service_speaks_of_all_days_until_it_was_last_read(capsys, desk):
    def status():
        _, printed, _ = call(capsys, "track", desk, "--as-of", "2023-12-31", "--format", "json")
        return {
            (each["goal"], each["period"]): each["status"]
            for each in json.loads(printed)["rows"]
            if each["goal"] in {"", "华南/B"}
        }

    assert set(status().values()) == {"no_data", "no_target"}
    synced(capsys, desk)
    assert status()["华南/B", "2023Q4"] == "unmet"


def test_a_plan_whose_connector_is_not_here_still_tracks(capsys, desk):
    synced(capsys, desk)
    rewrite(desk, 'importer = "acme"', 'importer = "acmee"')
    assert total(capsys, desk) == "283.50"
    code, _, said = call(capsys, "check", desk, "--lang", "en")
    assert code == 1
    assert "the importer acmee is not installed" in said
    assert "[importer-missing]" in said
    code, _, said = synced(capsys, desk)
    assert (code, "no importer is called 'acmee'" in said) == (3, True)
    assert load_plan(desk).plan.name == "团队"


def test_a_file_importer_is_no_service(capsys, desk):
    rewrite(desk, 'importer = "acme"', 'importer = "csv"')
    code, _, said = call(capsys, "check", desk, "--lang", "en")
    assert (code, "give a path: csv reads files" in said) == (3, True)


def test_there_is_nothing_to_import_where_all_is_synced(capsys, desk):
    for arguments in ((), (desk / "targets.csv",)):
        code, _, said = call(capsys, "import", desk, *arguments, "--lang", "en")
        assert (code, "has no files to import - run salesgoal sync" in said) == (2, True)
    assert "没有要导入的文件 - 运行 salesgoal sync" in call(capsys, "import", desk)[2]


def test_a_service_needs_a_ledger(capsys, desk):
    rewrite(desk, "[ledger]\n", "")
    code, _, said = call(capsys, "check", desk, "--lang", "en")
    assert (code, "add a table [ledger]" in said) == (3, True)
