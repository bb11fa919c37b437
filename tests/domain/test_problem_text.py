from __future__ import annotations

from string import Formatter

import pytest

from salesgoal.domain.problem import Place, Severity, problem
from salesgoal.domain.problem_text import TEXTS

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
