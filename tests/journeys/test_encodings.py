"""Terminals and systems of other encodings: what is said is readable, and nothing crashes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from .desk import AS_OF, lay_out

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names of files are bytes elsewhere")

STRICT_C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""The C locale as it was before Python made it one of UTF-8."""


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


def test_a_terminal_of_gbk_reads_gbk_and_signs_it_lacks_as_their_like(plan, told):
    done = run("track", plan, *AS_OF, PYTHONIOENCODING="gbk")
    assert done.returncode == 0
    shown = done.stdout.decode("gbk")
    assert "✓" in told or "▼" in told
    assert "░" in told
    assert "?" not in shown
    assert shown == told.replace("✓", "√").replace("░", "·").replace("▶", ">")


def test_a_terminal_of_gb18030_reads_every_sign(plan, told):
    done = run("track", plan, *AS_OF, PYTHONIOENCODING="gb18030")
    assert done.stdout.decode("gb18030") == told


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437"])
def test_where_no_chinese_can_be_written_it_is_utf_8(plan, told, encoding):
    done = run("track", plan, *AS_OF, PYTHONIOENCODING=encoding)
    assert done.stdout.decode("utf-8") == told


@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
def test_what_programs_read_is_utf_8_everywhere(plan, form):
    usual = run("track", plan, *AS_OF, "--format", form, PYTHONUTF8="1")
    assert usual.returncode == 0
    assert "华东".encode() in usual.stdout
    for place in ({"PYTHONIOENCODING": "gbk"}, STRICT_C):
        done = run("track", plan, *AS_OF, "--format", form, **place)
        assert (done.returncode, done.stdout) == (0, usual.stdout)


def test_the_schema_is_utf_8_everywhere():
    usual = run("schema", PYTHONUTF8="1")
    assert json.loads(usual.stdout)
    assert run("schema", PYTHONIOENCODING="gbk").stdout == usual.stdout


def test_a_chinese_name_that_is_given_is_read_and_said_even_in_the_c_locale(plan, tmp_path):
    folder = shutil.copytree(os.fsencode(plan), utf_8(tmp_path, "华东团队"))
    book = utf_8(tmp_path, "十月.md")
    done = run("report", folder, *AS_OF, "--format", "markdown", "-o", book, **STRICT_C)
    assert done.returncode == 0, done.stderr.decode()
    assert f"已写入 {tmp_path}/十月.md" in done.stderr.decode("utf-8")
    with open(book, encoding="utf-8") as written:  # noqa: PTH123 - a name of bytes
        assert "华东" in written.read()


def test_a_chinese_name_in_a_plan_is_found_even_in_the_c_locale(plan, told, tmp_path):
    folder = shutil.copytree(plan, tmp_path / "plan")
    os.rename(folder / "records.csv", utf_8(folder, "十月.csv"))  # noqa: PTH104 - likewise
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace("records.csv", "十月.csv")
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    done = run("track", folder, *AS_OF, **STRICT_C)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == told


def test_a_file_with_a_name_of_gbk_is_read_reported_and_imported(plan, tmp_path):
    """Archives made on a Chinese Windows unpack to such names."""
    folder = shutil.copytree(plan, tmp_path / "plan")
    (folder / "day").mkdir()
    (folder / "records.csv").unlink()
    records = "日期,区域,产品,销售额\n2023-10-06,华东,A,900.50\n2023-10-06,华东,A,x\n"
    (folder / "day" / "a.csv").write_text(records, encoding="utf-8")
    name = os.fsencode(folder / "day") + "/十月.csv".encode("gbk")
    os.rename(os.fsencode(folder / "day" / "a.csv"), name)  # noqa: PTH104 - likewise
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace("records.csv", "day/*.csv") + "\n[ledger]\n"
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    imported = run("import", folder, "--partial", PYTHONUTF8="1")
    said = imported.stderr.decode()
    assert imported.returncode == 4, said
    assert "十月.csv" in said
    for form in ("json", "markdown", "csv", "xlsx", "html"):
        path = tmp_path / f"out.{form}"
        done = run("report", folder, *AS_OF, "-o", path, "--format", form, PYTHONUTF8="1")
        assert done.returncode in {0, 1, 4}, done.stderr.decode()
        assert path.stat().st_size
    assert "十月.csv" in (tmp_path / "out.html").read_text(encoding="utf-8")
    listed = run("ledger", folder, PYTHONUTF8="1")
    assert "十月.csv" in listed.stdout.decode()
    assert run("import", folder, "--partial", PYTHONUTF8="1").returncode in {0, 4}
