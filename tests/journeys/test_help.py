"""Who reads Chinese is told in Chinese what a command does and what was wrong with a call."""

from __future__ import annotations

import re

import click
import pytest
from rich.cells import cell_len

from salesgoal.cli.help_text import COMMANDS, FRAME, OPTIONS, PLACEHOLDERS
from salesgoal.cli.main import run
from salesgoal.cli.options import command
from salesgoal.cli.spoken import language_of

HELPS = {
    each.help
    for one in command.commands.values()
    for each in one.params
    if isinstance(each, click.Option) and each.help
}


def said(capsys, *arguments):
    code = run(list(arguments))
    heard = capsys.readouterr()
    return int(code), heard.out, heard.err


def test_every_command_and_option_is_explained_in_chinese():
    assert set(command.commands) == set(COMMANDS) - {"command"}
    assert set(OPTIONS) == HELPS
    for text in (*COMMANDS.values(), *OPTIONS.values()):
        assert any("一" <= sign <= "鿿" for sign in text), text


def test_every_option_has_a_help():
    missing = [
        (name, each.name)
        for name, one in command.commands.items()
        for each in one.params
        if isinstance(each, click.Option) and not each.help
    ]
    assert not missing


@pytest.mark.parametrize("name", sorted(command.commands))
def test_the_help_of_a_command_has_no_english_sentence_in_it(capsys, name):
    code, out, _ = said(capsys, name, "--help")
    assert (code, out.startswith(f"用法：salesgoal {name}")) == (0, True)
    for english in (*HELPS, "Show this message", "default:", "required", "Options", "Usage"):
        assert english not in out


@pytest.mark.parametrize("columns", ["80", "70"])
@pytest.mark.parametrize("name", ["", *sorted(command.commands)])
def test_the_chinese_help_keeps_to_the_screen(capsys, monkeypatch, name, columns):
    monkeypatch.setenv("COLUMNS", columns)
    _, out, _ = said(capsys, *filter(None, [name]), "--help")
    wide = [line for line in out.splitlines() if cell_len(line) > int(columns)]
    assert wide == []
    assert not any(
        line.lstrip().startswith(tuple("，。；：、？！）")) for line in out.splitlines()
    )


@pytest.mark.parametrize("name", ["", *sorted(command.commands)])
def test_the_chinese_help_has_chinese_placeholders(capsys, name):
    _, out, _ = said(capsys, *filter(None, [name]), "--help")
    options = out.partition("选项：\n")[2]
    assert options
    for english in PLACEHOLDERS:
        assert not re.search(rf"\b{english}\b", f"{out.splitlines()[0]}\n{options}"), english


def test_every_placeholder_of_an_option_has_a_chinese_one():
    context = click.Context(click.Command("x"))
    shown = {
        word
        for one in command.commands.values()
        for each in one.params
        if isinstance(each, click.Option) and not each.is_flag
        for word in re.findall(r"\b[A-Z]{3,}\b", each.make_metavar(context))
    }
    kept = {"KEY", "RANGE"}
    assert shown - kept <= set(PLACEHOLDERS)


@pytest.mark.parametrize("name", sorted(command.commands))
def test_the_help_of_a_command_in_english_has_no_chinese_frame(capsys, monkeypatch, name):
    monkeypatch.setenv("SALESGOAL_LANG", "en")
    _, out, _ = said(capsys, name, "--help")
    assert out.startswith(f"Usage: salesgoal {name}")
    assert not any(text in out for text in FRAME.values())


def test_the_list_of_commands_is_in_the_language_of_the_call(capsys, monkeypatch):
    monkeypatch.delenv("SALESGOAL_LANG", raising=False)
    assert f"track       {COMMANDS['track']}" in said(capsys, "--help")[1]
    monkeypatch.setenv("SALESGOAL_LANG", "en")
    assert "track       Hold PLAN against its sources" in said(capsys, "--help")[1]


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (
            ["trak"],
            "没有命令 trak，是否指 track？",
            "No such command 'trak'. Did you mean track?",
        ),
        (["zzz"], "没有命令 zzz", "No such command 'zzz'."),
        (["track", "x", "--levl"], "没有选项 --levl，是否指 --level", "No such option"),
        (["track"], "缺少参数 PLAN", "Missing argument 'PLAN'"),
        (
            ["close", "x", "2023", "--by", "王"],
            "缺少选项 --reason",
            "Missing option '--reason'",
        ),
        (["track", "x", "--goal"], "选项 --goal 缺少值", "requires an argument"),
        (["track", "x", "--view", "no"], "--view 只能是 as_was、as_is", "is not one of"),
        (["explain", "x", "--rows", "ab"], "--rows 必须是整数", "not a valid integer"),
    ],
)
def test_a_wrong_call_is_told_in_the_language_of_the_call(
    capsys, tmp_path, monkeypatch, arguments, zh, en
):
    monkeypatch.chdir(tmp_path)
    said(capsys, "new", ".")
    monkeypatch.delenv("SALESGOAL_LANG", raising=False)
    code, _, heard = said(capsys, *arguments)
    assert code == 2
    assert f"用法错误：{zh}" in heard
    assert "--help" in heard
    monkeypatch.setenv("SALESGOAL_LANG", "en")
    code, _, heard = said(capsys, *arguments)
    assert code == 2
    assert en in heard


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "zh"),
        ([], {"SALESGOAL_LANG": "en"}, "en"),
        (["x", "--lang", "zh"], {"SALESGOAL_LANG": "en"}, "zh"),
        (["x", "--lang=en"], {}, "en"),
        (["x", "--lang"], {}, "zh"),
        (["x", "--lang", "fr"], {}, "zh"),
    ],
)
def test_the_option_says_the_language_then_the_environment(arguments, environment, expected):
    assert language_of(arguments, environment) == expected
