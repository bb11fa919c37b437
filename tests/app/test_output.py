from __future__ import annotations

import errno
import os

import pytest

from salesgoal.app.builtins import BUILT_IN, built_in_plugins
from salesgoal.app.output import render, write_file
from salesgoal.errors import OutputError, PluginError, UnknownName
from salesgoal.ports.renderer import RendererSpec, RenderOptions
from salesgoal.sheets.sheet import Book, Words

BOOK = Book(title=Words("书", "Book"), sheets=())


def renderer(write):
    return RendererSpec(name="r", title="R", suffix=".r", media_type="x/y", write=write)


def test_a_renderer_that_raises_is_named():
    def write(*_):
        raise KeyError("ink")

    with pytest.raises(PluginError) as raised:
        render(BOOK, renderer(write), RenderOptions())
    assert (raised.value.plugin, raised.value.stage) == ("r", "write")
    assert raised.value.detail == "KeyError: 'ink'"


def test_an_error_of_ours_is_passed_on():
    def write(*_):
        raise UnknownName("sheet", "x")

    with pytest.raises(UnknownName):
        render(BOOK, renderer(write), RenderOptions())


def test_a_file_is_replaced_whole_in_folders_that_are_made(tmp_path):
    path = tmp_path / "new" / "out.txt"
    write_file(path, b"one")
    write_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["out.txt"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_what_a_crash_left_an_hour_ago_is_removed_and_nothing_else(tmp_path):
    path = tmp_path / "out.txt"
    names = (
        ".out.txt.old.salesgoal",
        ".out.txt.new.salesgoal",
        ".out.txt.original",
        ".b.salesgoal",
    )
    for name in names:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1, 1))
    os.utime(tmp_path / ".out.txt.new.salesgoal")
    write_file(path, b"one")
    assert {each.name for each in tmp_path.iterdir()} == {"out.txt", *names[1:]}


def test_what_cannot_be_replaced_leaves_no_temporary_file(tmp_path):
    folder = tmp_path / "out.txt"
    folder.mkdir()
    with pytest.raises(OutputError) as raised:
        write_file(folder, b"one")
    assert raised.value.target == str(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_workbook_that_is_open_elsewhere_is_to_be_closed_there(tmp_path, monkeypatch):
    def held(temporary, _):
        raise PermissionError(errno.EACCES, "Permission denied", temporary)

    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(OutputError) as refused:
        write_file(tmp_path / "report.xlsx", b"x")
    assert refused.value.zh == (
        f"{tmp_path / 'report.xlsx'} 没有写入：没有权限；若正在表格软件中打开，请先关闭"
    )
    assert "close it there" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_every_built_in_plugin_works():
    plugins = built_in_plugins()
    assert not plugins.failures
    assert set(plugins.importers) | set(plugins.renderers) == {*BUILT_IN, "sql-changes"}
