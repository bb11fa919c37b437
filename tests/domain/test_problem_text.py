from __future__ import annotations

from functools import partial
from string import Formatter

import pytest

from salesgoal.domain.allocation_text import ALLOCATION_TEXTS
from salesgoal.domain.cell_text import CELL_TEXTS
from salesgoal.domain.file_text import FILE_TEXTS
from salesgoal.domain.finding_text import FINDING_TEXTS
from salesgoal.domain.ledger_text import LEDGER_TEXTS
from salesgoal.domain.people_text import PEOPLE_TEXTS
from salesgoal.domain.problem import Place, Severity, problem
from salesgoal.domain.problem_text import TEXTS, ProblemText, _entry, _error, _warning
from salesgoal.domain.revision_text import REVISION_ERRORS, REVISION_WARNINGS

LANGUAGES = ("zh", "en")


def gaps(code, lang):
    """The facts that the texts of a code ask for, without the language at their end."""
    texts = TEXTS[code]
    whole = texts.message[lang] + texts.remedy[lang]
    return {name for _, name, _, _ in Formatter().parse(whole) if name}


@pytest.mark.parametrize("code", TEXTS)
def test_every_problem_reads_in_both_languages(code):
    facts = {name: f"<{name}>" for lang in LANGUAGES for name in gaps(code, lang)}
    found = problem(code, Place("a.csv", row=1), **facts)
    for lang in LANGUAGES:
        text = found.text(lang)
        assert text.endswith(f"[{code}]")
        assert all(facts[name] in text for name in gaps(code, lang))
        assert found.message(lang)
        assert found.remedy(lang)


@pytest.mark.parametrize("code", TEXTS)
def test_every_fact_of_the_chinese_text_is_there_in_english(code):
    zh = {name.removesuffix("_zh") for name in gaps(code, "zh")}
    en = {name.removesuffix("_en") for name in gaps(code, "en")}
    assert zh <= en


@pytest.mark.parametrize("code", TEXTS)
def test_a_code_is_stable_plain_and_of_a_known_severity(code):
    assert code == code.lower()
    assert code.replace("-", "").isalpha()
    assert Severity(TEXTS[code].severity)


@pytest.mark.parametrize("code", TEXTS)
def test_chinese_texts_are_chinese(code):
    texts = TEXTS[code]
    prose = "".join(
        literal for literal, *_ in Formatter().parse(texts.message["zh"] + texts.remedy["zh"])
    )
    assert any("\u4e00" <= letter <= "\u9fff" for letter in prose) or not prose.strip()
    english = texts.message["en"] + texts.remedy["en"].replace("2023年10月", "")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)


# Facts of the Chinese texts that are no prose: numbers, days, names and words of the user's own
# tables, keys of the plan file, addresses (which follow the language of the text).
NEUTRAL = frozenset(
    {
        "amount",
        "at",
        "base",
        "blocked",
        "bound",
        "breakdowns",
        "cause",
        "children",
        "closed",
        "column",
        "columns",
        "command",
        "computed",
        "confirmed",
        "count",
        "currency",
        "decimals",
        "depth",
        "difference",
        "dimension",
        "encoding",
        "expected",
        "explained",
        "first",
        "first_total",
        "format",
        "found",
        "gap",
        "goal",
        "held",
        "importer",
        "kind",
        "high",
        "known",
        "label",
        "last",
        "limit",
        "line",
        "low",
        "member",
        "metric",
        "mismatch",
        "most",
        "name",
        "names",
        "now",
        "number",
        "on",
        "other",
        "others",
        "ours",
        "package",
        "parent",
        "parts",
        "path",
        "period",
        "plan",
        "plugin",
        "rest",
        "revision",
        "role",
        "rows",
        "scope",
        "second",
        "second_total",
        "since",
        "start",
        "stated",
        "step",
        "theirs",
        "told",
        "total",
        "typed",
        "until",
        "whole",
    }
)
QUOTED = {"plugin-failed": {"detail"}, "not-a-parquet": {"detail"}}
"""What a stranger's program said itself; the Chinese text puts it into 「…」."""


@pytest.mark.parametrize("code", TEXTS)
def test_every_fact_of_a_chinese_text_is_chinese_or_no_prose(code):
    prose = {
        name
        for texts in (TEXTS[code].message["zh"], TEXTS[code].remedy["zh"])
        for _, name, _, _ in Formatter().parse(texts)
        if name and not name.endswith("_zh") and name not in NEUTRAL
    }
    assert prose == QUOTED.get(code, set())
    assert all(f"「{{{name}}}」" in TEXTS[code].message["zh"] for name in prose)


def test_an_address_among_the_facts_follows_the_language():
    found = problem("duplicate-target", Place("b.csv"), first=Place("a.csv", row=2))
    assert "a.csv, row 2" in found.message("en")
    assert "a.csv, 第2行" in found.message("zh")


def test_no_code_stands_in_two_parts_of_the_catalogue():
    parts = [
        ALLOCATION_TEXTS,
        CELL_TEXTS,
        FILE_TEXTS,
        FINDING_TEXTS,
        LEDGER_TEXTS,
        PEOPLE_TEXTS,
        REVISION_ERRORS,
        REVISION_WARNINGS,
    ]
    codes = [code for part in parts for code in part]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("make", "severity"),
    [(_error, "error"), (_warning, "warning"), (partial(_entry, "warning"), "warning")],
)
def test_a_text_stands_beside_its_remedy_in_both_languages(make, severity):
    said, remedy = {"zh": "错", "en": "wrong"}, {"zh": "改", "en": "mend"}
    assert make("错", "改", "wrong", "mend") == ProblemText(severity, said, remedy)
