"""References in a plan file: an option whose value stands in the environment or in a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from salesgoal.errors import UsageError
from salesgoal.ports.secret import Secret

__all__ = ["NotSet", "is_reference", "read_reference", "read_secret", "text_as"]

_WORDS = {"true": True, "false": False}


class NotSet(UsageError):
    """What a reference names is not there now; the plan itself may be right."""


def is_reference(raw: object) -> bool:
    """Whether a value of a plan file is ``{ env = "NAME" }`` or ``{ file = "PATH" }``."""
    if not isinstance(raw, Mapping) or len(raw) != 1:
        return False
    ((key, value),) = raw.items()
    return key in {"env", "file"} and isinstance(value, str)


def read_reference(raw: Mapping[str, str], folder: Path) -> str:
    """Returns what a reference names: a variable, or a file without its last newline.

    Args:
        raw: The reference.
        folder: Where the plan lies; a file may be named from there.

    Raises:
        NotSet: The variable is not set, or the file cannot be read.
    """
    ((key, name),) = raw.items()
    if key == "env":
        if name not in os.environ:
            en = f"the environment variable {name} is not set"
            raise NotSet(en, f"环境变量 {name} 没有设置")
        return os.environ[name]
    text = None
    # Said below, outside: the error would hold what the file holds.
    with suppress(OSError, UnicodeDecodeError):
        text = (folder / name).read_bytes().decode("utf-8-sig")
    if text is None:
        raise NotSet(f"the file {name} cannot be read", f"文件 {name} 无法读取")
    return text.removesuffix("\n").removesuffix("\r")


def read_secret(raw: object, folder: Path) -> Secret:
    """Returns a secret of a plan file.

    Raises:
        UsageError: It stands in the plan file itself.
        NotSet: As `read_reference`.
    """
    if not is_reference(raw):
        en = 'a secret as { env = "NAME" } or { file = "PATH" }, not in the plan file itself'
        zh = '{ env = "变量名" } 或 { file = "路径" } 所指的密钥，不写在计划文件中'
        raise UsageError(en, zh)
    assert isinstance(raw, Mapping)
    return Secret(read_reference(raw, folder))


def text_as(text: str, kind: Any) -> Any:  # noqa: ANN401 - a plain value
    """Returns a text of the environment as what an option holds.

    Raises:
        UsageError: It is none; the text itself is not said, for it may be a secret.
    """
    # Said below, outside: the error would hold the text.
    with suppress(KeyError, ValueError, InvalidOperation):
        if kind is bool:
            return _WORDS[text.strip().lower()]
        if kind in {int, Decimal} or issubclass(kind, StrEnum):
            return kind(text)
        return date.fromisoformat(text.strip()) if kind is date else text
    en = f"a reference to a text that is {_SAID[kind][0]}" if kind in _SAID else "another text"
    zh = f"所指内容为{_SAID[kind][1]}" if kind in _SAID else "其他文本"
    raise UsageError(en, zh)


_SAID: Mapping[Any, tuple[str, str]] = {
    int: ("a whole number", "整数"),
    bool: ("true or false", " true 或 false"),
    Decimal: ("a number", "数字"),
    date: ("a date such as 2023-10-01", " 2023-10-01 这样的日期"),
}
