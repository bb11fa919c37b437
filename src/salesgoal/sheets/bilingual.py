"""What people read, in Chinese and English side by side."""

from __future__ import annotations

import attrs

__all__ = ["Words"]


@attrs.frozen
class Words:
    """What people read, in Chinese and English.

    >>> Words("目标", "Target").of("zh")
    '目标'
    """

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """Returns the words of a language, ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en
