"""Bytes as printable text: 13 bits in two signs, a fifth more than the bytes are."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["SIGNS", "to_text"]

SIGNS = "".join(map(chr, range(0x21, 0x7F))).translate({ord(sign): None for sign in '<&"'})
"""91 signs, in the order of their codes, without those that markup knows."""

_SIGNS = len(SIGNS)
_BITS = 13
_ROOM = _SIGNS * _SIGNS - 2**_BITS
"""How many pairs are left over: values below them take one bit more."""


def to_text(content: bytes) -> str:
    """Returns bytes as signs of `SIGNS`, after the scheme of basE91.

    >>> to_text(b"salesgoal")
    "*'%D1u`z.4Z"
    """
    return "".join(_pairs(content))


def _pairs(content: bytes) -> Iterator[str]:
    waiting, bits = 0, 0
    for byte in content:
        waiting |= byte << bits
        bits += 8
        if bits > _BITS:
            value, size = waiting & 2**_BITS - 1, _BITS
            if value < _ROOM:
                value, size = waiting & 2 ** (_BITS + 1) - 1, _BITS + 1
            waiting >>= size
            bits -= size
            yield SIGNS[value % _SIGNS] + SIGNS[value // _SIGNS]
    if bits:
        yield SIGNS[waiting % _SIGNS]
        if bits > 7 or waiting >= _SIGNS:  # noqa: PLR2004 - more than one sign can say
            yield SIGNS[waiting // _SIGNS]
