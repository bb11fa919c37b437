"""Problems: faults in people's data, as values with an address, a rule and a remedy.

The texts stand once, in Chinese and English, in `problem_text`; a problem carries only its code
and its facts, so the same value can be shown in either language.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import attrs

from salesgoal.domain.file_name import readable_name
from salesgoal.domain.problem_text import TEXTS
from salesgoal.domain.role import Role

__all__ = ["Place", "Problem", "Severity", "problem", "shorten"]


class Severity(StrEnum):
    """How much a problem weighs.

    ``ERROR``: the thing it stands on does not count. ``WARNING``: it counts, but look at it.
    """

    ERROR = "error"
    WARNING = "warning"


@attrs.frozen
class Place:
    """Where something stands: a file or source, a sheet, a row (1-based, as Excel shows it).

    ``key`` is the table and key of a plan file, or the id of a record in a CRM; ``cell`` the
    one cell of a sheet that is meant, as people look it up. A file's name is made readable.

    >>> str(Place("日报.xlsx", sheet="10月", row=17))
    '日报.xlsx, 10月, row 17'
    >>> str(Place("10月跟踪表.xlsx", sheet="个人版", row=7, cell="E7"))
    '10月跟踪表.xlsx 个人版!E7'
    """

    source: str = attrs.field(converter=readable_name)
    sheet: str | None = None
    row: int | None = None
    key: str | None = None
    cell: str | None = None

    def text(self, lang: str = "en") -> str:
        """Returns the address in one line, in ``zh`` or ``en``."""
        if self.cell is not None:
            return f"{self.source} {self.sheet}!{self.cell}"
        row = self.row and (f"第{self.row}行" if lang == "zh" else f"row {self.row}")
        source = _OURS_ZH.get(self.source, self.source) if lang == "zh" else self.source
        parts = [source, self.sheet, row, self.key]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        """The address in English."""
        return self.text()


@attrs.frozen(kw_only=True)
class Problem:
    """One fault: what arrived, where, which rule, what to do.

    ``column`` is the header or key it stands under, a `Role` where no header names it;
    ``value`` the text as it arrived; both are None where the problem has no single cell.

    >>> print(problem("blank-required", Place("a.csv", row=7), column="金额"))
    a.csv, row 7, 金额: must not be blank - fill in the cell [blank-required]
    """

    code: str
    where: Place
    column: str | None = None
    value: str | None = None
    facts: Mapping[str, object] = attrs.field(factory=dict, hash=False)

    @property
    def severity(self) -> Severity:
        """Whether the thing it stands on counts."""
        return Severity(TEXTS[self.code].severity)

    def message(self, lang: str = "en") -> str:
        """Returns what is wrong, in ``zh`` or ``en``."""
        return TEXTS[self.code].message[lang].format_map(self._facts(lang))

    def remedy(self, lang: str = "en") -> str:
        """Returns what to do about it, in ``zh`` or ``en``."""
        return TEXTS[self.code].remedy[lang].format_map(self._facts(lang))

    def column_text(self, lang: str = "en") -> str | None:
        """Returns the header or key as people read it; a role in ``zh`` or ``en``."""
        return self.column.text(lang) if isinstance(self.column, Role) else self.column

    def text(self, lang: str = "en") -> str:
        """Returns the whole problem in one line, in ``zh`` or ``en``."""
        address = self.where.text(lang)
        if self.column:
            address = f"{address}, {self.column_text(lang)}"
        shown = "" if self.value is None else f"{shorten(self.value)!r} "
        return f"{address}: {shown}{self.message(lang)} - {self.remedy(lang)} [{self.code}]"

    def __str__(self) -> str:
        """The problem in English, in one line."""
        return self.text()

    def _facts(self, lang: str) -> dict[str, object]:
        """The facts, an address among them in the language of the text around it."""
        return {
            name: fact.text(lang) if isinstance(fact, Place) else fact
            for name, fact in self.facts.items()
        }


_OURS_ZH = {"code": "代码", "review": "偏差记录", "history": "调整记录"}
"""What is read from no file, in Chinese."""


def problem(
    code: str,
    where: Place,
    *,
    column: str | None = None,
    value: object = None,
    **facts: object,
) -> Problem:
    """Returns a problem of the catalogue; ``facts`` fill the gaps of its texts.

    Raises:
        KeyError: The catalogue has no such code.
    """
    assert code in TEXTS, code
    text = None if value is None else str(value)
    return Problem(code=code, where=where, column=column, value=text, facts=facts)


def shorten(text: str, limit: int = 60) -> str:
    """Returns the text, cut in the middle where it is longer than ``limit`` characters.

    >>> shorten("x" * 99, limit=4)
    'xx…xx'
    """
    keep = limit // 2
    return text if len(text) <= limit else f"{text[:keep]}…{text[-keep:]}"
