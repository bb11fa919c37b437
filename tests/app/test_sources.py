"""Which files a path or pattern of a plan names, and who reads them."""

import errno
from pathlib import Path

import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.app.sources import FileSource, find_files, find_importer
from salesgoal.errors import SourceRefused


@pytest.fixture
def folder(tmp_path):
    for name in ("日报-2.xlsx", "日报-1.xlsx", "~$日报-1.xlsx", ".~lock.日报-2.xlsx#"):
        (tmp_path / name).write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize("pattern", ["*", "*.xlsx", "**/*", "*日报*.xlsx"])
def test_a_pattern_passes_over_what_marks_a_workbook_as_open(folder, pattern):
    assert [each.name for each in find_files(folder, pattern)] == ["日报-1.xlsx", "日报-2.xlsx"]


def test_a_pattern_that_only_finds_marks_names_itself(folder):
    assert find_files(folder, "~$*") == [folder / "~$*"]


def test_a_file_that_is_named_is_taken_as_it_is_named(folder):
    assert find_files(folder, "~$日报-1.xlsx") == [folder / "~$日报-1.xlsx"]


@pytest.mark.parametrize(
    ("name", "told"), [("a.xls", "把 .xls 文件另存为 .xlsx"), ("a.txt2", "")]
)
def test_a_workbook_of_another_format_is_to_be_saved_as_xlsx(tmp_path, name, told):
    path = tmp_path / name
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(SourceRefused) as refused:
        find_importer(FileSource(path=path), built_in_plugins())
    (fault,) = refused.value.problems
    assert (fault.code, told in fault.remedy("zh")) == ("no-importer", True)
    assert ("另存为" in fault.remedy("zh")) is bool(told)


@pytest.mark.parametrize("importer", [None, "csv"])
def test_a_file_that_another_program_holds_is_to_be_closed_there(
    tmp_path, monkeypatch, importer
):
    def held(path, *_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    path = tmp_path / "a.csv"
    path.write_text("x\n", encoding="utf-8")
    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(SourceRefused) as refused:
        find_importer(FileSource(path=path, importer=importer), built_in_plugins())
    (fault,) = refused.value.problems
    assert fault.code == "file-unreadable"
    assert "没有权限" in fault.message("zh")
    assert "请先关闭" in fault.remedy("zh")
