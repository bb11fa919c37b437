"""A team whose ledger is a database on a server: all commands work as with a file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest
from tests.servers import ON_A_SERVER

from salesgoal.store import open_ledger

from .desk import call
from .ledger_desk import EAST, PLAN, SOUTH, WRONG, imported, lay_out, put, total

WORD = "geheim-4711"
EXPECTED = """
[[expected]]
dimension = "region"
source = "orders"
cadence = "FREQ=WEEKLY;BYDAY=FR"
since = 2023-12-25
"""
ON_SERVER = PLAN.replace("[ledger]", '[ledger]\nurl = { env = "GOALS_LEDGER" }') + EXPECTED


def with_word(url):
    """The same with a password, which a server that trusts everybody does not look at."""
    return url.replace("postgres@", f"postgres:{WORD}@")


@pytest.fixture
def url(new_database, monkeypatch):
    url = with_word(new_database())
    monkeypatch.setenv("GOALS_LEDGER", url)
    return url


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "desk", ON_SERVER)


class TestOnAServer:
    pytestmark = ON_A_SERVER

    @pytest.mark.usefixtures("url")
    def test_reports_are_imported_listed_missed_taken_back_and_known_at(self, folder, capsys):
        put(folder, "日报/06.csv", EAST)
        code, found, said = imported(capsys, folder)
        assert (code, found) == (0, {"日报/06.csv": {"added": 1, "result": "recorded"}}), said
        put(folder, "日报/09.csv", SOUTH, at=1)
        put(folder, "周报/41.csv", EAST, SOUTH, at=2)
        code, found, _ = imported(capsys, folder)
        assert code == 0
        assert found["日报/06.csv"] == {"unchanged": 1, "result": "known"}
        assert found["周报/41.csv"] == {"duplicate": 2, "result": "recorded"}
        assert total(capsys, folder) == (0, "1400.50")
        code, printed, _ = call(capsys, "ledger", folder, "--format", "json")
        first, *_ = documents = json.loads(printed)["documents"]
        assert (code, len(documents)) == (0, 3)
        assert total(capsys, folder, "--known-at", first["recorded_at"])[1] == "900.50"
        code, printed, _ = call(
            capsys, "missing", folder, "--as-of", "2023-12-31", "--format", "json"
        )
        assert code == 1
        assert {row["state"] for row in json.loads(printed)["missing"]} == {"missing"}
        undo = ("--undo", "3", "--by", "张三", "--reason", "重复")
        assert call(capsys, "ledger", folder, *undo)[0] == 0
        assert total(capsys, folder) == (0, "1400.50")
        assert call(capsys, "ledger", folder, "--check")[0] == 0

    @pytest.mark.usefixtures("url")
    def test_a_dry_run_changes_nothing(self, folder, capsys):
        put(folder, "日报/06.csv", EAST)
        code, found, _ = imported(capsys, folder, "--dry-run")
        assert (code, found["日报/06.csv"]["result"]) == (0, "trial")
        code, _, said = call(capsys, "track", folder, "--lang", "zh")
        assert (code, "没有" in said) == (3, True), said
        assert imported(capsys, folder)[0] == 0
        put(folder, "日报/06.csv", EAST, SOUTH, at=1)
        assert imported(capsys, folder, "--dry-run")[0] == 0
        assert total(capsys, folder) == (0, "900.50")

    @pytest.mark.usefixtures("url")
    def test_a_bad_row_keeps_its_document_out(self, folder, capsys):
        put(folder, "日报/06.csv", EAST, WRONG)
        assert imported(capsys, folder)[0] == 3
        assert imported(capsys, folder, "--partial")[0] == 4
        assert total(capsys, folder) == (4, "900.50")

    def test_two_imports_at_once_keep_one_copy_of_each_fact(self, folder, url):
        for at in range(50):
            rows = [(*EAST[:3], str(amount)) for amount in range(at * 10, at * 10 + 20)]
            put(folder, f"日报/{at:02}.csv", *rows, at=at)
        command = [sys.executable, "-m", "salesgoal", "import", str(folder)]
        both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
        for each in both:
            _, said = each.communicate(timeout=600)
            assert each.returncode == 0, said.decode()
        with open_ledger(url, create=False) as ledger:
            assert len(ledger.documents()) == 50
            held = Counter(entry.values["sales"] for entry in ledger.entries())
            assert held == Counter(amount * 100 for amount in range(510))
            assert not ledger.check()

    def test_no_message_shows_the_password(self, folder, capsys, url, monkeypatch):
        put(folder, "日报/06.csv", EAST)
        heard = []
        for bad in (
            url.replace("/ledger", "/nowhere"),
            url.replace("host=/", "host=/not/here/"),
            f"{url}&password={WORD}2",
            f"{url}&surprise={WORD}",
        ):
            monkeypatch.setenv("GOALS_LEDGER", bad)
            for command in ("import", "track", "ledger", "missing"):
                for lang in ("zh", "en"):
                    code, printed, said = call(capsys, command, folder, "--lang", lang)
                    heard.append(printed + said)
                    assert code != 70, said
        assert [each for each in heard if "Traceback" in each or WORD in each] == []
        assert any("nowhere" in each for each in heard)


@pytest.mark.parametrize(
    "value",
    [
        WORD,
        f"postgresql:/a:{WORD}@h/d",
        f"postgresql://a:x@{WORD}@h/d",
        f"postgresql://a:b@h:{WORD}/d",
        f"mysql://a:{WORD}@h/d",
        f"postgresql://a:{WORD}@[::1/d",
        f"postgresql://a:{WORD}@127.0.0.1:1/d",
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_url_that_leads_nowhere_is_refused_without_its_password(
    folder, capsys, monkeypatch, value, lang
):
    monkeypatch.setenv("GOALS_LEDGER", value)
    put(folder, "日报/06.csv", EAST)
    for command in ("import", "track"):
        code, printed, said = call(capsys, command, folder, "--lang", lang)
        assert code in {2, 3}, said
        assert WORD not in printed + said
        assert "Traceback" not in said
    assert not [each for each in folder.iterdir() if WORD in each.name]


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://a:{WORD}@h/d",
        f"postgresql://a@h/d?password={WORD}",
        WORD,
    ],
)
def test_a_password_in_the_plan_is_refused_and_not_repeated(folder, capsys, url):
    text = ON_SERVER.replace('{ env = "GOALS_LEDGER" }', f'"{url}"')
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    code, printed, said = call(capsys, "check", folder)
    assert (code, "[bad-value]" in said) == (3, True)
    assert WORD not in printed + said
