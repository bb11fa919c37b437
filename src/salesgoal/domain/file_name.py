"""File names: of names of people, safe on every system; and as people read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["readable_name", "safe_names"]

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_MOST_BYTES = 120


def readable_name(name: str) -> str:
    r"""Returns the name of a file as people wrote it; most are as the system gives them.

    Archives made on a Chinese Windows unpack, on other systems, to names that are bytes of
    GB18030 there; what is of no encoding is shown with a ``?`` for each byte.

    >>> readable_name("\udcca\udcae\udcd4\udcc2.csv")
    '十月.csv'
    >>> readable_name("十月.csv"), readable_name("\udcff.csv")
    ('十月.csv', '?.csv')
    """
    return name if _is_text(name) else "/".join(map(_readable, name.split("/")))


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _readable(part: str) -> str:
    """A folder may be of one encoding and the file in it of another."""
    if _is_text(part):
        return part
    try:
        return part.encode(errors="surrogateescape").decode("gb18030")
    except UnicodeError:
        return part.encode(errors="replace").decode()


def safe_names(names: Iterable[str]) -> list[str]:
    """Returns a file name, without its ending, for each name, in their order.

    What a file system forbids or takes for something else becomes ``_``; names are at most 120
    bytes long, so that they fit with whatever is set before and after them. Names that would
    be one file, also where upper and lower case are the same, are numbered.

    >>> safe_names(["张三", "a/b", "A:B", "..", "con"])
    ['张三', 'a_b', 'A_B-2', '_', '_con']
    """
    found: list[str] = []
    taken: set[str] = set()
    for each in names:
        plain = _safe(each)
        name, number = plain, 2
        while name.casefold() in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name.casefold())
        found.append(name)
    return found


def _safe(name: str) -> str:
    plain = "".join(
        "_" if unicodedata.category(sign) in {"Cf", "Cc"} else sign
        for sign in _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name))
    )
    cut = plain.encode()[:_MOST_BYTES].decode(errors="ignore").strip(" .-~")
    return f"_{cut}" if not cut or _RESERVED.fullmatch(cut) else cut
