from __future__ import annotations

import tomllib
from pathlib import Path
from string import Formatter

import pytest

import salesgoal.app
from salesgoal.app.problem_pages import FAMILIES, page_text, problem_page
from salesgoal.domain.problem_text import TEXTS
from salesgoal.errors import UnknownName

FOLDER = Path(salesgoal.app.__file__).parent / "problems"


def test_every_code_stands_in_one_family():
    tables = [
        tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        for name in FAMILIES
    ]
    codes = [
        code for table in tables for code, entry in table.items() if isinstance(entry, dict)
    ]
    assert sorted(codes) == sorted(TEXTS)
    assert {path.stem for path in FOLDER.iterdir()} == {"effects", *FAMILIES}


def test_a_remedy_that_names_sync_can_be_typed():
    remedies = [(one.zh, one.en) for one in (problem_page(code).remedy for code in TEXTS)]
    told = [text for both in remedies for text in both if "salesgoal sync" in text]
    assert len(told) == 6
    assert [text for text in told if "salesgoal sync PLAN" not in text] == []


def test_every_effect_is_used():
    effects = tomllib.loads((FOLDER / "effects.toml").read_text(encoding="utf-8"))
    said = {problem_page(code).effect.zh for code in TEXTS}
    assert said == {each["zh"] for each in effects.values()}


@pytest.mark.parametrize("code", TEXTS)
def test_an_example_has_the_facts_that_its_texts_ask_for_and_no_others(code):
    texts = TEXTS[code]
    whole = "".join([*texts.message.values(), *texts.remedy.values()])
    asked = {name for _, name, _, _ in Formatter().parse(whole) if name}
    assert problem_page(code).example.facts.keys() == asked


@pytest.mark.parametrize("code", TEXTS)
def test_an_error_and_a_warning_do_not_have_the_same_effect(code):
    counts = problem_page(code).effect.zh.startswith(("照常计入", "计划照常使用"))
    assert not (TEXTS[code].severity == "error" and counts)


def test_a_page_has_meaning_example_effect_and_remedy_in_both_languages():
    page = problem_page("[Excess-Decimals]")
    zh, en = page_text(page, "zh"), page_text(page, "en")
    assert zh.startswith(
        "excess-decimals (错误)\n小数超过 … 位\n\n例：records.csv, 第4行, 销售额: "
    )
    assert "\n计入：在来源中：这一行被拒绝" in zh
    assert '\n办法：改正单元格，或设置 decimals 或 excess_decimals = "round"' in zh
    assert "\n说明：金额精确到分" in zh
    assert en.startswith("excess-decimals (error)\nhas … decimals; … keeps …\n\nExample: ")
    assert "\nWhat counts: In a source the row is rejected" in en
    assert "Note" not in page_text(problem_page("file-empty"), "en")


def test_a_text_that_is_all_fact_is_shown_by_its_example():
    assert problem_page("bad-value").meaning.zh == "应为整数"


def test_an_unknown_code_comes_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'excess-decimals'"):
        problem_page("excess-decimal")


def test_a_remedy_that_shows_what_to_write_has_its_own_braces():
    assert 'options = { encoding = "…" }' in problem_page("encoding-assumed").remedy.zh
    assert 'columns = { on = "成交日期" }' in problem_page("missing-column").remedy.zh
