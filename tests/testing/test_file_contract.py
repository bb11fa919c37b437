"""Importers of files: ours and a made-up one hold the contract; golden rows are kept."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, date, datetime

import attrs
import pytest

from salesgoal.domain.problem import Place
from salesgoal.errors import UnknownName, UsageError
from salesgoal.ports.importer import Page, RawRow, Unreadable
from salesgoal.testing import FileContract, accept, check
from salesgoal.testing.__main__ import find_importer, main
from salesgoal.testing.golden import golden_text

from .acct import DOCUMENTS, Acct, ClaimsNothing, acct_case, table_case

ACCT = acct_case(Acct()).spec


class TestAcct(FileContract):
    case = acct_case(Acct())


class TestCsv(FileContract):
    case = table_case("csv")


class TestWorkbooks(FileContract):
    case = table_case("xlsx")


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DOCUMENTS / "acct", tmp_path / "acct")


def test_golden_rows_are_a_line_a_row():
    golden = (DOCUMENTS / "acct" / "10月.acct.golden").read_text("utf-8").splitlines()
    assert golden[1] == (
        '{"at": "10月.acct, row 2", "cells": ["2023-10-06", "华东电子", '
        '{"Decimal": "1200.50"}]}'
    )


def test_what_is_accepted_holds_and_is_written_once(folder):
    for path in folder.glob("*.golden"):
        path.unlink()
    assert [path.name for path in accept(ACCT, folder)] == [
        "10月.acct.golden",
        "坏.acct.golden",
    ]
    assert not accept(ACCT, folder)
    assert not check(ACCT, folder)


def test_a_changed_row_is_shown_as_a_difference(folder):
    path = folder / "10月.acct"
    path.write_text(path.read_text("utf-8").replace("-300", "-301"), "utf-8")
    (fault,) = check(ACCT, folder)
    assert (
        '-{"at": "10月.acct, row 3", "cells": ["2023-10-07", "", {"Decimal": "-300"}]}' in fault
    )
    assert "+" in fault


def test_all_and_only_documents_with_golden_rows_are_claimed(folder):
    (folder / "11月.acct").write_text("#acct\n", "utf-8")
    (folder / "别家.acct.golden").write_text("", "utf-8")
    (folder / "old.golden").write_text("", "utf-8")
    (folder / ".hidden.acct").write_text("#acct\n", "utf-8")
    assert check(ACCT, folder) == [
        "11月.acct is claimed and has no golden rows - accept them, or leave it",
        "别家.acct has golden rows and is not claimed",
        "old.golden has no document",
    ]
    nothing = acct_case(ClaimsNothing()).spec
    assert not accept(nothing, folder)


def test_a_folder_without_documents_is_a_fault(tmp_path):
    assert check(ACCT, tmp_path) == [f"{tmp_path} has no documents"]


def test_the_command_accepts_and_checks(folder, capsys, monkeypatch, tmp_path):
    module = tmp_path / "acct_plugin.py"
    module.write_text(
        "from tests.testing.acct import Acct, acct_case\nIMPORTER = acct_case(Acct()).spec\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    (folder / "坏.acct.golden").unlink()
    asked = ["acct_plugin:IMPORTER", str(folder)]
    assert main(["check", *asked]) == 1
    assert "坏.acct is claimed" in capsys.readouterr().out
    assert main(["accept", *asked]) == 0
    assert "坏.acct.golden - read it" in capsys.readouterr().out
    assert main(["check", *asked]) == 0
    sys.modules.pop("acct_plugin")


def test_wrong_use_of_the_command_says_so(capsys, tmp_path):
    assert main([]) == 2
    assert "accept|check PLUGIN FOLDER" in capsys.readouterr().err
    assert main(["check", "no_such_module", str(tmp_path)]) == 2
    assert "no_such_module" in capsys.readouterr().err
    assert main(["check", "salesgoal.plugins.csv", str(tmp_path / "none")]) == 2
    assert "is no folder" in capsys.readouterr().err


def test_a_plugin_is_found_by_module_and_name():
    assert find_importer("salesgoal.plugins.csv").name == "csv"
    assert find_importer("salesgoal.plugins.csv:csv").name == "csv"
    with pytest.raises(UnknownName):
        find_importer("salesgoal.plugins.csv:excel")
    with pytest.raises(UsageError, match="no importer"):
        find_importer("salesgoal.plugins.json")
    with pytest.raises(UsageError, match="no hook"):
        find_importer("salesgoal.errors")


def test_golden_rows_tell_what_else_a_row_says(tmp_path):
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    gone = RawRow((date(2026, 3, 2), True), Place("a.acct", row=1), "D-1", moment, deleted=True)
    broken = RawRow((Unreadable("#N/A", "excel-error"), None), Place("a.acct", row=2))
    spec = attrs.evolve(ACCT, read=lambda _: iter([Page((gone, broken), ("a", "b"))]))
    assert golden_text(spec, tmp_path / "a.acct").splitlines() == [
        '{"columns": ["a", "b"]}',
        (
            '{"at": "a.acct, row 1", "cells": [{"date": "2026-03-02"}, true], "key": "D-1", '
            '"revision": "2026-03-02T00:00:00+00:00", "deleted": true}'
        ),
        '{"at": "a.acct, row 2", "cells": [{"excel-error": "#N/A"}, null]}',
    ]
