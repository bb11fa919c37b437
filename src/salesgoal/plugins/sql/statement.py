"""One SELECT, and nothing else: it is looked at before it is sent, and sent as a subquery."""

from __future__ import annotations

import re

from sqlalchemy import Subquery, text

from salesgoal.errors import ConfigError

__all__ = ["as_table", "checked_select"]

_QUOTED = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | (\$\w*\$).*?\1
      | --[^\n]* | /\*.*?\*/""",
    re.VERBOSE | re.DOTALL,
)
_FIRST = re.compile(r"\s*\(*\s*(\w+)")


def checked_select(statement: str) -> str:
    """Returns a SELECT without a semicolon at its end.

    Raises:
        ConfigError: It is no SELECT, or more than one statement.

    >>> checked_select("SELECT * FROM orders;")
    'SELECT * FROM orders'
    """
    bare = _QUOTED.sub(_blanked, statement)
    end = len(bare.rstrip().rstrip(";").rstrip())
    first = _FIRST.match(bare)
    if first is None or first[1].upper() not in {"SELECT", "WITH"}:
        found = "" if first is None else first[1].upper()
        en, zh = (
            f"select begins with {found!r}, not SELECT",
            f"select 以 {found!r} 开头，不是 SELECT",
        )
        raise ConfigError("sql", en, zh)
    if ";" in bare[:end]:
        en, zh = "select has more than one statement", "select 中有不止一条语句"
        raise ConfigError("sql", en, zh)
    return statement[:end]


def as_table(statement: str) -> Subquery:
    """Returns a checked SELECT as a table to select from.

    No sign in it is a parameter, and a comment at its end covers nothing that follows.
    """
    return text(statement.replace(":", "\\:") + "\n").columns().subquery("source_rows")


def _blanked(match: re.Match[str]) -> str:
    """As many signs without a meaning as a quoted text has; blanks for a comment."""
    return (" " if match[0][:2] in {"--", "/*"} else "q") * len(match[0])
