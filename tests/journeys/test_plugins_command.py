"""Somebody installs a plugin: the command lists it, uses it, and says which one is broken."""

from __future__ import annotations

import importlib
import io
import json
import re
import subprocess
import sys

import click
import pytest

from salesgoal import __version__
from salesgoal.app.builtins import load_plugins
from salesgoal.app.plugin_options import list_options
from salesgoal.cli.commands import command
from salesgoal.cli.main import main
from salesgoal.cli.speech import progress
from salesgoal_feishu import FEISHU
from salesgoal_hubspot import HUBSPOT
from salesgoal_salesforce import SALESFORCE

from .desk import AS_OF, OWNED, PLAN, RECORDS, call, lay_out

GOOD = """
from decimal import Decimal
from salesgoal.domain.problem import Place
from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import ImporterSpec, Page, RawRow
from salesgoal.ports.renderer import RendererSpec


def read(request):
    where = Place(request.source.name, row=1)
    columns = ("日期", "区域", "产品", "销售额")
    values = ("2023-10-06", "华东", "A", Decimal("7.25"))
    yield Page((RawRow(values, where),), columns)


def write(book, stream, options):
    stream.write(f"{book.title.of(options.lang)}: {len(book.sheets)} sheets\\n".encode())


@hookimpl
def salesgoal_importers():
    return [ImporterSpec(name="crm-file", title="CRM", read=read,
                         matches=lambda head: head.suffix == ".crm")]


@hookimpl
def salesgoal_renderers():
    return [RendererSpec(name="count", title="Count", suffix=".txt",
                         media_type="text/plain", write=write, text=True)]
"""
RAISING = GOOD.replace(
    "    where = ", '    raise ValueError("no such table")\n    where = '
).replace("    stream.write", '    raise ValueError("no ink")\n    stream.write')
CRM_PLAN = PLAN.replace("records.csv", "deals.crm")


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a distribution with one entry point beside the installed ones."""

    def installed(source, name="crm"):
        site = tmp_path / "site"
        about = site / f"salesgoal_{name}-1.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(
            f"Name: salesgoal-{name}\nVersion: 1.0\n", encoding="utf-8"
        )
        (about / "entry_points.txt").write_text(
            f"[salesgoal]\n{name} = plug_{name}\n", encoding="utf-8"
        )
        (site / f"plug_{name}.py").write_text(source, encoding="utf-8")
        monkeypatch.syspath_prepend(site)
        monkeypatch.delitem(sys.modules, f"plug_{name}", raising=False)
        importlib.invalidate_caches()

    return installed


def listed(capsys):
    """The exit code, the sheets, and what is said."""
    code, printed, said = call(capsys, "plugins", "--format", "json", "--lang", "en")
    return code, json.loads(printed), said


def test_the_built_in_plugins_are_listed(capsys):
    code, sheets, said = listed(capsys)
    assert (code, said) == (0, "")
    assert {(each["kind"], each["name"]) for each in sheets["plugins"]} >= {
        *(("importer", name) for name in ("csv", "xlsx")),
        *(("renderer", name) for name in ("csv", "json", "markdown", "terminal", "xlsx")),
    }
    (csv,) = (each for each in sheets["plugins"] if each["reads"] and each["name"] == "csv")
    assert csv == {
        "kind": "importer",
        "name": "csv",
        "distribution": "salesgoal",
        "version": __version__,
        "title": "CSV",
        "reads": "files",
    }


OPTIONS = (
    GOOD.replace(
        "from salesgoal",
        "import attrs\nfrom salesgoal.ports.secret import Secret\nfrom salesgoal",
        1,
    ).replace(
        'name="crm-file"',
        'options=Options, name="crm-file"',
    )
    + '''

@attrs.frozen(kw_only=True)
class Limits:
    rows: int = attrs.field(default=5, metadata={"doc": "Rows at most."})


@attrs.frozen(kw_only=True)
class Options:
    """What it is told.

    Attributes:
        token: Of the account,
            whoever asks.
        old: Another token.
        names: Of columns.

    选项:
        token: 账户的令牌，
            谁都一样，见 API
            文档。

    More.
    """

    token: Secret
    old: Secret | None = Secret("sentinel-4711")
    names: tuple[str, ...] = ()
    deep: bool = True
    limits: Limits = Limits()
    made: list[str] = attrs.field(factory=list)
    own: str = attrs.field(init=False, default="")
'''
)


def test_options_are_told_in_chinese_where_their_author_did(capsys, install):
    install(OPTIONS)
    _, printed, _ = call(capsys, "plugins", "--format", "markdown", "--lang", "zh")
    lines = [line.strip("| ").split(" | ") for line in printed.splitlines()]
    told = {line[1]: (line[2], line[-1]) for line in lines if line[0] == "crm-file"}
    assert told["token"] == ("密钥", "账户的令牌，谁都一样，见 API 文档。")
    assert told["old"] == ("密钥", "Another token.")
    assert told["names"] == ("多个文本", "Of columns.")
    assert told["limits.rows"] == ("整数", "Rows at most.")


def test_every_option_of_ours_is_told_in_both_languages():
    plugins = load_plugins()
    for spec in (HUBSPOT, SALESFORCE, FEISHU, *plugins.importers.values()):
        for one in list_options(spec.options):
            named = f"{spec.name} {one.name}"
            assert one.doc, named
            assert re.search("[一-龥]", one.doc_zh), named


def test_the_options_of_an_importer_are_listed_and_no_secret_with_them(capsys, install):
    install(OPTIONS)
    code, sheets, said = listed(capsys)
    assert (code, said) == (0, "")
    found = [
        tuple(each.values())[1:] for each in sheets["options"] if each["importer"] == "crm-file"
    ]
    assert found == [
        ("token", "Secret", "", "yes", "yes", "Of the account, whoever asks."),
        ("old", "Secret | None", "", "no", "yes", "Another token."),
        ("names", "tuple[str, ...]", "-", "no", "no", "Of columns."),
        ("deep", "bool", "true", "no", "no", ""),
        ("limits.rows", "int", "5", "no", "no", "Rows at most."),
        ("made", "list[str]", "-", "no", "no", ""),
    ]
    for lang in ("zh", "en"):
        _, printed, said = call(capsys, "plugins", "--lang", lang)
        assert "sentinel" not in printed + said


def test_an_installed_plugin_is_listed_with_its_distribution(capsys, install):
    install(GOOD)
    code, sheets, _ = listed(capsys)
    assert code == 0
    (line,) = (each for each in sheets["plugins"] if each["name"] == "crm-file")
    assert (line["distribution"], line["version"], line["title"]) == (
        "salesgoal-crm",
        "1.0",
        "CRM",
    )


@pytest.mark.parametrize(
    ("name", "value", "there"),
    [
        ("SALESGOAL_BLOCK_PLUGINS", "other, crm", False),
        ("SALESGOAL_ONLY_PLUGINS", "crm", True),
        ("SALESGOAL_ONLY_PLUGINS", "", False),
    ],
)
def test_a_plugin_can_be_switched_off(capsys, install, monkeypatch, name, value, there):
    install(GOOD)
    monkeypatch.setenv(name, value)
    code, sheets, _ = listed(capsys)
    assert code == 0
    assert any(each["name"] == "crm-file" for each in sheets["plugins"]) is there


def test_an_installed_plugin_reads_and_draws(tmp_path, capsys, install):
    install(GOOD)
    folder = lay_out(tmp_path / "desk", plan=CRM_PLAN)
    (folder / "deals.crm").write_bytes(b"x")
    code, printed, said = call(capsys, "track", folder, *AS_OF, "--format", "count")
    assert (code, printed) == (0, "团队: 2 sheets\n")
    assert "读入 1 行 = 接受 1" in said


def test_a_broken_plugin_is_named_and_the_others_work(tmp_path, capsys, install):
    install("raise ImportError('no requests here')")
    code, printed, said = call(capsys, "plugins", "--lang", "en")
    assert code == 1
    assert "importer   csv" in printed
    expected = "crm (salesgoal-crm 1.0) failed at import: ImportError: no requests here"
    assert said == f"failed: {expected}\n"
    desk = lay_out(tmp_path / "desk", targets=OWNED)
    for command_name in ("check", "history"):
        code, _, said = call(capsys, command_name, desk, "--lang", "en")
        assert code == 0
        assert said.startswith(f"plugin failed: {expected}\n")


def test_an_importer_that_raises_is_refused_by_its_name(tmp_path, capsys, install):
    install(RAISING)
    folder = lay_out(tmp_path / "desk", plan=CRM_PLAN)
    (folder / "deals.crm").write_bytes(b"x")
    code, printed, said = call(capsys, "track", folder, *AS_OF, "--lang", "en")
    assert (code, printed) == (3, "")
    assert said.startswith(
        "1. deals.crm: importer crm-file failed: ValueError: no such table - "
        "update or block the plugin [plugin-failed]"
    )


def test_a_renderer_that_raises_leaves_the_old_report(tmp_path, capsys, install):
    install(RAISING)
    report = tmp_path / "out.txt"
    report.write_text("yesterday", encoding="utf-8")
    folder = lay_out(tmp_path / "desk")
    wanted = ("--format", "count", "-o", report, *AS_OF)
    code, _, said = call(capsys, "report", folder, *wanted)
    assert code == 3
    assert said == "salesgoal: 插件 count 在 write 一步出错：「ValueError: no ink」\n"
    assert report.read_text(encoding="utf-8") == "yesterday"


def test_two_importers_of_one_file_are_refused_until_the_plan_names_one(
    tmp_path, capsys, install
):
    install(GOOD.replace(".crm", ".csv"))
    plan = PLAN.replace('path = "targets.csv"', 'path = "targets.csv"\nimporter = "csv"')
    folder = lay_out(tmp_path / "desk", plan=plan)
    code, _, said = call(capsys, "track", folder, *AS_OF, "--lang", "en")
    assert code == 3
    assert "records.csv: several importers claim this file: csv, crm-file" in said
    lay_out(folder, plan=plan + 'importer = "crm-file"\n', records=RECORDS)
    assert call(capsys, "track", folder, *AS_OF)[0] == 0


def test_what_nobody_foresaw_is_called_our_bug(capsys, monkeypatch):
    def fail():
        raise ZeroDivisionError

    monkeypatch.setitem(command.commands, "boom", click.Command("boom", callback=fail))
    code, printed, said = call(capsys, "boom")
    assert (code, printed) == (70, "")
    assert "Traceback" in said
    assert said.endswith("salesgoal: this is a bug of salesgoal, not of your data\n")


def test_stopping_the_command_is_no_bug(capsys, monkeypatch):
    def stop():
        raise click.Abort

    monkeypatch.setitem(command.commands, "stop", click.Command("stop", callback=stop))
    assert call(capsys, "stop")[0] == 2


def test_a_reader_that_closes_the_pipe_is_no_bug():
    line = f"{sys.executable} -m salesgoal schema | head -c 1"
    done = subprocess.run(line, shell=True, capture_output=True, check=False)  # noqa: S602
    assert done.stdout == b"{"
    assert b"Traceback" not in done.stderr


def test_the_process_ends_with_the_code_of_the_command(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["salesgoal", "plugins", "--lang", "fr"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "--lang 只能是 zh、en" in capsys.readouterr().err


def test_progress_is_shown_on_a_terminal_only(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress("读取", "reading", "en"):
            pass
        assert bool(stream.getvalue()) is shown
