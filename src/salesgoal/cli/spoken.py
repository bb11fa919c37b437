"""Commands whose help and refusals are said in the language of the call."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise

import click

from salesgoal.cli.help_page import chinese_placeholders, write_rows, write_text
from salesgoal.cli.help_text import COMMANDS, FRAME, OPTIONS

__all__ = ["NoSuchCommand", "SpokenCommand", "SpokenGroup", "language_of", "refusal_words"]


def language_of(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Returns ``zh`` or ``en``: what ``--lang`` says, else the environment, else Chinese.

    It is known before the arguments are parsed, since help and refusals come before that.

    >>> language_of(["track", "plan", "--lang", "en"], {}), language_of(["--help"], {})
    ('en', 'zh')
    """
    asked = [environment.get("SALESGOAL_LANG", "zh")]
    for option, value in pairwise([*arguments, ""]):
        name, sign, joined = option.partition("=")
        if name == "--lang":
            asked.append(joined if sign else value)
    return "en" if asked[-1] == "en" else "zh"


class SpokenCommand(click.Command):
    """A command whose help is in the language that its context carries."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes how the command is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        pieces = chinese_placeholders(pieces) if _is_chinese(ctx) else pieces
        formatter.write_usage(ctx.command_path, pieces, prefix=_frame("Usage: ", ctx))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes every option with what it means."""
        options = (each for each in self.get_params(ctx) if isinstance(each, click.Option))
        records = [each.get_help_record(ctx) for each in options]
        found = [(name, _option(text, ctx)) for name, text in filter(None, records)]
        if found:
            _write_section("Options:", found, ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Returns the line of the command in the list of commands."""
        context = click.get_current_context(silent=True)
        if context is not None and _is_chinese(context):
            return COMMANDS.get(self.name or "", "") or super().get_short_help_str(limit)
        return super().get_short_help_str(limit)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes what the command does."""
        text = COMMANDS.get(self.name or "") if _is_chinese(ctx) else None
        if text is None:
            super().format_help_text(ctx, formatter)
            return
        formatter.write_paragraph()
        with formatter.indentation():
            write_text(formatter, text)


class NoSuchCommand(click.UsageError):
    """A command that there is not, with those that are alike."""

    def __init__(self, name: str, near: Sequence[str], ctx: click.Context) -> None:
        self.name = name
        self.near = tuple(near)
        hint = f" Did you mean {', '.join(self.near)}?" if near else ""
        super().__init__(f"No such command {name!r}.{hint}", ctx)


class SpokenGroup(SpokenCommand, click.Group):
    """The group of all commands."""

    command_class = SpokenCommand

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Returns the command that is meant.

        Raises:
            NoSuchCommand: There is none of that name.
        """
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], get_close_matches(args[0], self.commands), ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the options of the group, then the commands."""
        super().format_options(ctx, formatter)
        commands = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        limit = formatter.width - 6 - max(len(name) for name, _ in commands)
        rows = [(name, each.get_short_help_str(limit)) for name, each in commands]
        _write_section("Commands:", rows, ctx, formatter)


def refusal_words(error: click.ClickException, lang: str) -> str:
    """Returns what is wrong with a call, and where to read how it is made."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "salesgoal"
    if lang != "zh":
        return f"Error: {error.format_message()}\nTry '{path} --help'."
    return f"用法错误：{_chinese(error)}\n用法见：{path} --help"


def _chinese(error: click.ClickException) -> str:
    match error:
        case NoSuchCommand(name=name, near=near):
            return f"没有命令 {name}{_near(near)}"
        case click.NoSuchOption(option_name=name, possibilities=near):
            return f"没有选项 {name}{_near(near)}"
        case click.MissingParameter(param=param) if param is not None:
            kind = "选项" if isinstance(param, click.Option) else "参数"
            return f"缺少{kind} {_name(param)}"
        case click.BadOptionUsage(option_name=name):
            return f"选项 {name} 缺少值"
        case click.BadParameter(param=param) if param and isinstance(param.type, click.Choice):
            return f"{_name(param)} 只能是 {'、'.join(map(str, param.type.choices))}"
        case click.BadParameter(param=param) if param and _takes_number(param):
            return f"{_name(param)} 必须是整数"
    return error.format_message()


def _near(possibilities: Sequence[str] | None) -> str:
    return f"，是否指 {'、'.join(possibilities)}？" if possibilities else ""


def _takes_number(param: click.Parameter) -> bool:
    return isinstance(param.type, click.types.IntParamType)


def _name(param: click.Parameter) -> str:
    long = [each for each in param.opts if each.startswith("--")]
    return long[0] if long else param.make_metavar(click.Context(click.Command(None)))


def _is_chinese(ctx: click.Context) -> bool:
    return bool(ctx.find_root().obj == "zh")


def _frame(text: str, ctx: click.Context) -> str:
    return FRAME[text] if _is_chinese(ctx) else text


def _write_section(
    title: str,
    rows: Sequence[tuple[str, str]],
    ctx: click.Context,
    formatter: click.HelpFormatter,
) -> None:
    formatter.write_paragraph()
    formatter.write(f"{_frame(title, ctx)}\n")
    with formatter.indentation():
        if _is_chinese(ctx):
            write_rows(formatter, [(chinese_placeholders(name), text) for name, text in rows])
        else:
            formatter.write_dl(rows)


def _option(text: str, ctx: click.Context) -> str:
    if not _is_chinese(ctx):
        return text
    plain, sign, rest = text.partition("  [")
    plain = OPTIONS.get(plain, FRAME.get(plain, plain))
    for english in ("default: ", "env var: ", "required"):
        rest = rest.replace(english, FRAME[english])
    return f"{plain}{sign}{rest}"
