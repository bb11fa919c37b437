"""Syncs that are killed, that run at once, and a source that changes under their hands."""

from __future__ import annotations

import pytest
from tests.servers import ON_A_SERVER

from .crm_desk import Crm, facts, install, kill_at, lay_out, start_sync

pytestmark = pytest.mark.slow
PAGES = 4
"""Ten deals, three a page; the last page is not full."""


@pytest.fixture
def crm():
    made = Crm(10)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=ON_A_SERVER)])
def make_desk(request, tmp_path, crm):
    """Makes desks, each with a ledger of its own; gives the folder and its ledger."""

    def make(name):
        if request.param == "sqlite":
            return lay_out(tmp_path / name, crm), str(tmp_path / name / "plan.ledger.db")
        url = request.getfixturevalue("new_database")()
        return lay_out(tmp_path / name, crm, ledger=f'url = "{url}"'), url

    return make


@pytest.fixture
def path(tmp_path):
    return install(tmp_path / "site")


def run(folder, path, *arguments):
    process = start_sync(folder, path, *arguments)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def expected(crm):
    """The keys and amounts that count by the final state of the source."""
    return sorted(
        (key, round(float(each["amount"]) * 100))
        for key, each in crm.deals.items()
        if each["won"] == "true" and not each["deleted"]
    )


def counted(target):
    return sorted((fact[0], fact[-2][1]) for fact in facts(target))


def edit(crm):
    """What salespeople do meanwhile: edits, a reopening, a deletion, a new deal."""
    crm.put("D-1", amount="111.25")
    crm.put("D-4", won="false")
    crm.put("D-7", deleted=True)
    crm.put("D-11", amount="5")


def test_a_sync_killed_at_any_page_leaves_the_ledger_of_an_undisturbed_one(
    crm, make_desk, path
):
    whole, ledger = make_desk("whole")
    assert run(whole, path)[0] == 0
    undisturbed = facts(ledger)
    assert len(undisturbed) == 10
    for number in range(1, PAGES + 1):
        folder, target = make_desk(f"killed{number}")
        assert kill_at(crm, number, folder, path)
        if number > 1:
            assert len(facts(target)) == 3 * (number - 1)
        code, said = run(folder, path)
        assert code == 0, said
        assert facts(target) == undisturbed


def test_a_sync_killed_at_every_page_comes_to_its_end_all_the_same(crm, make_desk, path):
    folder, target = make_desk("killed")
    for _ in range(PAGES):
        kill_at(crm, 2, folder, path)
    assert run(folder, path)[0] == 0
    assert counted(target) == expected(crm)


@pytest.mark.parametrize("number", range(1, PAGES + 1))
def test_edits_while_it_reads_come_out_as_the_source_ends(crm, make_desk, path, number):
    folder, target = make_desk("edited")
    crm.on_request = lambda asked: edit(crm) if asked == number else None
    assert run(folder, path)[0] == 0
    crm.on_request = lambda _: None
    assert run(folder, path)[0] == 0
    assert counted(target) == expected(crm)
    assert run(folder, path, "--full")[0] == 0
    assert counted(target) == expected(crm)


def test_edits_and_a_kill_together_come_out_as_the_source_ends(crm, make_desk, path):
    folder, target = make_desk("both")
    kill_at(crm, 3, folder, path)
    edit(crm)
    kill_at(crm, 2, folder, path)
    crm.put("D-4", won="true", amount="44")
    assert run(folder, path)[0] == 0
    assert counted(target) == expected(crm)


@pytest.mark.parametrize("arguments", [(), ("--full",)])
def test_two_syncs_at_once_leave_the_ledger_of_one(crm, make_desk, path, arguments):
    folder, target = make_desk("twice")
    for _ in range(2):
        started = [start_sync(folder, path, *arguments) for _ in range(2)]
        said = [each.communicate(timeout=120)[1] for each in started]
        codes = sorted(each.returncode for each in started)
        assert codes[0] == 0, said
        assert codes[1] in {0, 3, 4}, said
        edit(crm)
    assert run(folder, path)[0] == 0
    assert counted(target) == expected(crm)
