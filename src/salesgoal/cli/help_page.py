"""Pages of help in Chinese: its placeholders, and columns as wide as a screen shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click

from salesgoal.cli.help_text import PLACEHOLDERS

__all__ = ["chinese_placeholders", "write_rows", "write_text"]

_PLACEHOLDER = re.compile(r"\b(?:INTEGER RANGE|[A-Z]+)\b")
_PIECE = re.compile(r"[!-~]+|[^!-~]", re.ASCII)
_MOST = 30
_GAP = 2
_NOT_FIRST = "，。；：、？！）》”’"
"""Signs that never begin a line."""


def chinese_placeholders(text: str) -> str:
    """Returns the names of an option, or how a command is called, with Chinese placeholders.

    >>> chinese_placeholders("--as-of DAY"), chinese_placeholders("[OPTIONS] PLAN")
    ('--as-of 日期', '[选项] PLAN')
    """
    return _PLACEHOLDER.sub(lambda found: PLACEHOLDERS.get(found[0], found[0]), text)


def write_rows(formatter: click.HelpFormatter, rows: Sequence[tuple[str, str]]) -> None:
    """Writes names and what they mean; a wide sign takes two columns, as on a screen."""
    from rich.cells import cell_len

    indent = " " * formatter.current_indent
    first = min(max(cell_len(name) for name, _ in rows), _MOST) + _GAP
    room = max(formatter.width - len(indent) - first, _MOST)
    for name, text in rows:
        pad = first - cell_len(name)
        formatter.write(f"{indent}{name}{' ' * pad}" if pad >= _GAP else f"{indent}{name}\n")
        for number, line in enumerate(_lines(text, room)):
            bare = number or pad < _GAP
            formatter.write(f"{indent}{' ' * first}{line}\n" if bare else f"{line}\n")


def write_text(formatter: click.HelpFormatter, text: str) -> None:
    """Writes a paragraph, in lines that fit the screen."""
    indent = " " * formatter.current_indent
    for line in _lines(text, max(formatter.width - len(indent), _MOST)):
        formatter.write(f"{indent}{line}\n")


def _lines(text: str, room: int) -> Iterator[str]:
    """A text in lines of so many columns; English words and numbers stay whole."""
    from rich.cells import cell_len

    line = ""
    for piece in _PIECE.findall(text):
        if cell_len(line + piece) > room and piece not in _NOT_FIRST:
            yield line.rstrip()
            line = ""
        line += piece if line or piece != " " else ""
    yield line
