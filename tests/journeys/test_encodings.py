"""Terminals and systems of other encodings: what is said is readable, and nothing crashes."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys

import pytest

from salesgoal.cli.main import run as run_here
from salesgoal.cli.streams import make_ready

from .desk import AS_OF, call, lay_out

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names of files are bytes elsewhere")

STRICT_C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""The C locale as it was before Python made it one of UTF-8."""
SIGNS = "华东 ✓ 86.37 ▼ ███░░│▶ − – 𠮷 ￥1 ² 完成"


def run(*arguments, **environment):
    kept = {name: each for name, each in os.environ.items() if name != "PYTHONIOENCODING"}
    command = [sys.executable, "-m", "salesgoal", *arguments]
    return subprocess.run(
        command, capture_output=True, check=False, env={**kept, **environment}
    )


def utf_8(folder, name):
    """The path of a name that is UTF-8 on the disk, as nearly all are, whatever the locale."""
    return os.fsencode(folder) + b"/" + name.encode()


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return lay_out(tmp_path_factory.mktemp("desk") / "plan")


@pytest.fixture(scope="module")
def told(plan):
    done = run("track", plan, *AS_OF, PYTHONUTF8="1")
    assert done.returncode == 0
    return done.stdout.decode()


def written(text, encoding):
    whole = io.BytesIO()
    stream = io.TextIOWrapper(whole, encoding=encoding)
    make_ready(stream)
    stream.write(text)
    stream.flush()
    return whole.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_terminal_that_has_every_sign_reads_every_sign(encoding):
    assert written(SIGNS, encoding).decode(encoding) == SIGNS


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "koi8-r"])
def test_where_no_chinese_can_be_written_it_is_utf_8(encoding):
    assert written(SIGNS, encoding) == SIGNS.encode()


@pytest.mark.parametrize("encoding", ["gbk", "cp936", "gb2312"])
def test_signs_that_an_encoding_of_china_lacks_are_shown_as_their_like(encoding):
    shown = written(SIGNS, encoding).decode(encoding)
    assert shown.startswith("华东 √ 86.37 ")
    assert len(shown) == len(SIGNS)
    assert shown.count("?") == 1


def test_gbk_lacks_five_signs_of_ours():
    shown = written(SIGNS, "gbk").decode("gbk")
    assert shown == "华东 √ 86.37 ▼ ███··│> - – ? ￥1 2 完成"


def test_a_name_that_could_not_be_read_is_shown_as_it_is_on_the_disk():
    name = "十月.csv".encode().decode("ascii", "surrogateescape")
    assert written(name, "utf-8").decode() == "十月.csv"
    assert written("\udcca\ud800.csv", "utf-8") == b"??.csv"


def test_a_terminal_of_gbk_reads_gbk(plan, told):
    done = run("track", plan, *AS_OF, PYTHONIOENCODING="gbk")
    assert done.returncode == 0
    assert "░" in told
    assert done.stdout.decode("gbk") == told.replace("✓", "√").replace("░", "·").replace(
        "▶", ">"
    )
    assert "读入" in done.stderr.decode("gbk")


def test_the_strict_c_locale_reads_utf_8(plan, told):
    assert run("track", plan, *AS_OF, **STRICT_C).stdout.decode() == told


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_programs_read_is_utf_8_everywhere(capsys, plan, form):
    code, usual, _ = call(capsys, "track", plan, *AS_OF, "--format", form)
    assert code == 0
    assert "华东" in usual
    done = run("track", plan, *AS_OF, "--format", form, PYTHONIOENCODING="gbk")
    assert (done.returncode, done.stdout) == (0, usual.encode())


def test_a_person_at_a_terminal_reads_what_is_for_programs_too(monkeypatch):
    whole = io.BytesIO()
    terminal = io.TextIOWrapper(whole, encoding="gbk")
    terminal.isatty = lambda: True
    make_ready(terminal)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert run_here(["schema"]) == 0
    terminal.flush()
    assert "销售" in json.dumps(json.loads(whole.getvalue().decode("gbk")), ensure_ascii=False)


def test_a_chinese_name_is_found_and_said_even_in_the_strict_c_locale(plan, tmp_path):
    folder = utf_8(tmp_path, "华东团队")
    shutil.copytree(os.fsencode(plan), folder)
    os.rename(folder + b"/records.csv", utf_8(folder, "十月.csv"))  # noqa: PTH104 - bytes
    with open(folder + b"/plan.toml", "r+", encoding="utf-8") as file:  # noqa: PTH123
        text = file.read().replace("records.csv", "十月.csv")
        file.seek(0)
        file.write(text)
        file.truncate()
    book = utf_8(tmp_path, "十月.md")
    done = run("report", folder, *AS_OF, "--format", "markdown", "-o", book, **STRICT_C)
    said = done.stderr.decode()
    assert done.returncode == 0, said
    assert f"已写入 {tmp_path}/十月.md" in said
    with open(book, encoding="utf-8") as report:  # noqa: PTH123
        assert "900.50" in report.read()


def test_a_file_with_a_name_of_gbk_is_imported_reported_and_listed(capsys, plan, tmp_path):
    """Archives made on a Chinese Windows unpack to such names."""
    folder = shutil.copytree(plan, tmp_path / "plan")
    (folder / "day").mkdir()
    (folder / "records.csv").unlink()
    records = "日期,区域,产品,销售额\n2023-10-06,华东,A,900.50\n2023-10-06,华东,A,x\n"
    (folder / "day" / "a.csv").write_text(records, encoding="utf-8")
    name = os.fsencode(folder / "day") + "/十月.csv".encode("gbk")
    os.rename(os.fsencode(folder / "day" / "a.csv"), name)  # noqa: PTH104
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace("records.csv", "day/*.csv")
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    for form in ("json", "markdown", "csv", "xlsx", "html"):
        path = tmp_path / f"out.{form}"
        code, _, said = call(capsys, "report", folder, *AS_OF, "-o", path, "--format", form)
        assert code in {0, 4}, said
        assert path.stat().st_size
    assert "十月.csv" in (tmp_path / "out.html").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text + "\n[ledger]\n", encoding="utf-8")
    code, _, said = call(capsys, "import", folder, "--partial")
    assert code == 4, said
    assert "十月.csv" in said
    _, listed, _ = call(capsys, "ledger", folder)
    assert "day/十月.csv" in listed
