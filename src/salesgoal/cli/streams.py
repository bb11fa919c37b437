"""What the command writes to: in the encoding of the terminal, and never stopped by a sign."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TextIO

import click

__all__ = [
    "PLAIN",
    "make_ready",
    "name_files_in_chinese",
    "plain_signs",
    "put_out",
    "speaks_chinese",
]

PLAIN = "salesgoal.plain"
"""The name of the way to write what an encoding lacks."""

_CHINESE = "目标达成"
_SIGNS = {
    "✓": "√",
    "░": "·",
    "▶": ">",
    "▼": "v",
    "█": "#",
    "│": "|",
    "─": "-",
    "━": "-",
    "−": "-",
    "–": "-",
    "—": "-",
    "²": "2",
    "¥": "￥",
    "·": ".",
    "…": ".",
}


def make_ready(stream: TextIO) -> None:
    """Lets a stream write Chinese in its own encoding, and signs that this lacks as others.

    A stream of an encoding without Chinese, as in the C locale, becomes one of UTF-8: whoever
    reads Chinese reads that, and for others it is a matter of signs.
    """
    codecs.register_error(PLAIN, plain_signs)
    encoding = stream.encoding if speaks_chinese(stream.encoding) else "utf-8"
    stream.reconfigure(encoding=encoding, errors=PLAIN)  # type: ignore[attr-defined]


def put_out(whole: bytes, *, people: bool) -> None:
    """Writes a text of UTF-8 to stdout: for people as the stream writes, else byte by byte.

    What programs read is the same through a pipe and in a file, wherever it is made; on a
    terminal it is people who read it.
    """
    if people or sys.stdout.isatty():
        click.echo(whole.decode(), nl=False)
    else:
        click.echo(whole, nl=False)


def name_files_in_chinese() -> None:
    """Starts the process again in UTF-8 mode, where the names of the system have no Chinese.

    A locale of Latin letters, or the C locale as it was before Python 3.7, would otherwise say
    of every file with a Chinese name that there is none.
    """
    if not speaks_chinese(sys.getfilesystemencoding()) and not sys.flags.utf8_mode:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


def speaks_chinese(encoding: str) -> bool:
    """Returns whether texts of people can be written in an encoding.

    >>> speaks_chinese("gbk"), speaks_chinese("iso8859-1")
    (True, False)
    """
    return _fits(_CHINESE, encoding)


def plain_signs(error: UnicodeError) -> tuple[bytes, int]:
    """Returns what stands for the signs that an encoding lacks: their like, or a "?".

    The bytes of a file's name that the system could not read are read in this encoding.

    >>> codecs.register_error(PLAIN, plain_signs)
    >>> "达成 ✓ 𠮷".encode("gbk", PLAIN).decode("gbk")
    '达成 √ ?'

    Raises:
        UnicodeError: Something was read, not written.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    try:
        named = lacking.encode("ascii", "surrogateescape").decode(error.encoding)
    except UnicodeError:
        named = "".join(_like(sign, error.encoding) for sign in lacking)
    return named.encode(error.encoding), error.end


def _like(sign: str, encoding: str) -> str:
    while sign in _SIGNS and not _fits(sign, encoding):
        sign = _SIGNS[sign]
    return sign if _fits(sign, encoding) else "?"


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
