"""A page for every problem: what it means, what counts, how it is printed, what to do.

The texts come from the catalogue; the tables in `problems/`, one a family, add what counts, an
example, and a note where there is more to say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from salesgoal.domain.dimension import nearest_names
from salesgoal.domain.problem import Place, Problem, Severity, problem
from salesgoal.domain.problem_text import TEXTS
from salesgoal.domain.role import Role
from salesgoal.errors import UnknownName
from salesgoal.sheets.sheet import Words

__all__ = ["FAMILIES", "ProblemPage", "page_text", "problem_page", "write_pages"]

_HERE = Path(__file__).parent / "problems"
_GAP = re.compile(r"(?<!\{)\{\w+\}(?!\})")
_SEVERITY: Mapping[Severity, Words] = {
    Severity.ERROR: Words("错误", "error"),
    Severity.WARNING: Words("警告", "warning"),
}
_COUNTS, _TO_DO = Words("计入", "What counts"), Words("办法", "What to do")
_NOTE, _EXAMPLE = Words("说明", "Note"), Words("例", "Example")

FAMILIES = (
    *("file", "table", "cell", "name", "plan", "calendar", "target", "allocation"),
    *("people", "review", "revision", "ledger", "tracking", "finding", "frame"),
)
"""In the order of the index."""


@attrs.frozen(kw_only=True)
class ProblemPage:
    """What there is to say about one code.

    Attributes:
        code: The code.
        family: Which of `FAMILIES`.
        effect: What counts and what does not.
        example: One such problem.
        note: What else one should know; None where the texts say it all.
    """

    code: str
    family: str
    effect: Words
    example: Problem
    note: Words | None = None

    @property
    def severity(self) -> Words:
        """How much it weighs."""
        return _SEVERITY[self.example.severity]

    @property
    def meaning(self) -> Words:
        """What it says, an ellipsis for every fact; the example's words where that is all."""
        return Words(*(self._opened("message", lang) for lang in ("zh", "en")))

    @property
    def remedy(self) -> Words:
        """What to do, likewise."""
        return Words(*(self._opened("remedy", lang) for lang in ("zh", "en")))

    def _opened(self, part: str, lang: str) -> str:
        text: str = getattr(TEXTS[self.code], part)[lang]
        if _GAP.fullmatch(text):
            filled: str = getattr(self.example, part)(lang)
            return filled
        return _GAP.sub("…", text).replace("{{", "{").replace("}}", "}")


def problem_page(code: str) -> ProblemPage:
    """Returns the page of a code; brackets around it, as it is printed, do not matter.

    Raises:
        UnknownName: There is no such code.

    >>> problem_page("[excess-decimals]").remedy.en
    'correct the cell, or set decimals or excess_decimals = "round"'
    """
    plain = code.strip().strip("[]").lower()
    pages = _pages()
    if plain not in pages:
        raise UnknownName("problem", code, nearest_names(plain, list(pages)))
    return pages[plain]


def page_text(page: ProblemPage, lang: str) -> str:
    """Returns a page for a terminal, in ``zh`` or ``en``."""
    colon = "：" if lang == "zh" else ": "
    lines = [
        f"{page.code} ({page.severity.of(lang)})",
        page.meaning.of(lang),
        "",
        f"{_EXAMPLE.of(lang)}{colon}{page.example.text(lang)}",
        *(f"{head.of(lang)}{colon}{said.of(lang)}" for head, said in _said(page)),
    ]
    return "\n".join(lines)


def write_pages(folder: Path) -> None:
    """Writes the index, problems.md, and a page a family into a folder."""
    (folder / "problems").mkdir(parents=True, exist_ok=True)
    (folder / "problems.md").write_text(_index(), encoding="utf-8")
    for family in FAMILIES:
        path = folder / "problems" / f"{family}.md"
        path.write_text(_family(family), encoding="utf-8")


def _said(page: ProblemPage) -> Iterator[tuple[Words, Words]]:
    yield _COUNTS, page.effect
    yield _TO_DO, page.remedy
    if page.note is not None:
        yield _NOTE, page.note


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return {
        family: tomllib.loads((_HERE / f"{family}.toml").read_text(encoding="utf-8"))
        for family in ("effects", *FAMILIES)
    }


@cache
def _pages() -> dict[str, ProblemPage]:
    tables = _tables()
    effects = {name: Words(each["zh"], each["en"]) for name, each in tables["effects"].items()}
    return {
        code: _page(code, family, entry, effects[entry["effect"]])
        for family in FAMILIES
        for code, entry in tables[family].items()
        if isinstance(entry, dict)
    }


def _page(code: str, family: str, entry: Mapping[str, Any], effect: Words) -> ProblemPage:
    facts = {
        name: Place(**fact) if isinstance(fact, dict) else fact
        for name, fact in entry.get("facts", {}).items()
    }
    example = problem(
        code,
        Place(**entry["where"]),
        column=Role(entry["role"]) if "role" in entry else entry.get("column"),
        value=entry.get("value"),
        **facts,
    )
    note = Words(entry["note_zh"], entry["note_en"]) if "note_zh" in entry else None
    return ProblemPage(code=code, family=family, effect=effect, example=example, note=note)


def _title(family: str) -> Words:
    table = _tables()[family]
    return Words(table["title_zh"], table["title_en"])


def _index() -> str:
    lines = [
        "# Problems",
        "",
        "Codes are stable; scripts may match on them. An *error* means that the thing it",
        "stands on does not count; a *warning* that it counts, but look at it. Each code links",
        "to what counts, how it is printed and what to do, in Chinese and English.",
        "`salesgoal problem CODE` prints the same.",
        "",
        "代码不变，脚本可以据此判断。“错误”所在之处不计入；“警告”所在之处照常计入，但请看一眼。",
        "每个代码都有一节：计入什么、打印成什么样、怎么办。",
        "`salesgoal problem 代码` 打印同样的内容。",
    ]
    for family in FAMILIES:
        title = _title(family)
        lines += [
            "",
            f"## {title.zh} {title.en}",
            "",
            "| code | | 问题 | problem |",
            "|---|---|---|---|",
            *(_row(page) for page in _pages().values() if page.family == family),
        ]
    return "\n".join([*lines, ""])


def _row(page: ProblemPage) -> str:
    link = f"[`{page.code}`](problems/{page.family}.md#{page.code})"
    severity = f"{page.severity.zh} {page.severity.en}"
    return f"| {link} | {severity} | {page.meaning.zh} | {page.meaning.en} |"


def _family(family: str) -> str:
    title = _title(family)
    pages = (page for page in _pages().values() if page.family == family)
    head = [f"# {title.zh} {title.en}", "", "[问题代码 Problems](../problems.md)", ""]
    return "\n".join([*head, *(line for page in pages for line in _section(page))])


def _section(page: ProblemPage) -> Iterator[str]:
    yield from (f"## {page.code}", "")
    for lang in ("zh", "en"):
        colon = "：" if lang == "zh" else ": "
        yield from (f"**{page.severity.of(lang)}**{colon}{page.meaning.of(lang)}", "")
        yield from ("```text", page.example.text(lang), "```", "")
        yield from (f"- {head.of(lang)}{colon}{said.of(lang)}" for head, said in _said(page))
        yield ""
