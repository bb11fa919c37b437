"""The shared texts of a workbook."""

from __future__ import annotations

import re

from salesgoal.plugins.xlsx.markup import feed, make_parser, wrong_root
from salesgoal.plugins.xlsx.package import Package, over

__all__ = ["read_texts", "unescape"]

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Returns a text with the signs that XML cannot hold: ``_x000D_`` is a line break."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def read_texts(package: Package, part: str | None) -> list[str] | None:
    """Returns the shared texts, in order; None where there are none.

    Raises:
        SourceRefused: The part is broken, or holds too much.
    """
    if part is None or part not in package:
        return None
    reader = _Texts(package, part)
    parser = make_parser(package, part)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.take
    for _ in feed(parser, package, part):
        pass
    return reader.texts


class _Texts:
    """Collects ``<t>`` and ``<r><t>`` of every ``<si>``; readings aloud are left out."""

    def __init__(self, package: Package, part: str) -> None:
        self.texts: list[str] = []
        self._package = package
        self._part = part
        self._path: list[str] = []
        self._pieces: list[str] = []
        self._size = self._chars = 0
        self._inside = False

    def start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        limits = self._package.limits
        if not self._path and local != "sst":
            raise wrong_root(self._package.place, self._part, local, "sst")
        if len(self._path) >= limits.depth:
            raise over(self._package.place, limits, "depth")
        self._inside = local == "t" and "rPh" not in self._path
        self._path.append(local)

    def end(self, _: str) -> None:
        local = self._path.pop()
        self._inside = False
        if local == "si":
            text = "".join(self._pieces)
            self._pieces, self._size = [], 0
            self._add(text)

    def take(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)
            self._size += len(text)
            if self._size > self._package.limits.text_chars:
                raise over(self._package.place, self._package.limits, "text_chars")

    def _add(self, text: str) -> None:
        limits, place = self._package.limits, self._package.place
        self._chars += len(text)
        self.texts.append(unescape(text))
        if len(self.texts) > limits.strings:
            raise over(place, limits, "strings")
        if self._chars > limits.string_chars:
            raise over(place, limits, "string_chars")
