from __future__ import annotations

import pytest

from salesgoal.domain.problem import Place, Severity, problem, shorten

PLACE = Place("日报.xlsx", sheet="10月", row=17, key="rec-9")


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        (PLACE, "日报.xlsx, 10月, 第17行, rec-9", "日报.xlsx, 10月, row 17, rec-9"),
        (Place("crm"), "crm", "crm"),
        (Place("history", key="#1"), "调整记录, #1", "history, #1"),
    ],
)
def test_an_address_stands_in_one_line(place, zh, en):
    assert place.text("zh") == zh
    assert str(place) == en


def test_a_problem_shows_address_value_rule_and_remedy():
    found = problem("row-width", PLACE, column="金额", value=12, found=3, expected=4)
    assert str(found) == (
        "日报.xlsx, 10月, row 17, rec-9, 金额: '12' the row has 3 cells, the header 4 - "
        "complete it or remove the surplus (a comma inside a text needs quotes) [row-width]"
    )
    assert found.message("zh") == "此行有 3 个单元格，表头有 4 列"
    assert found.remedy("zh").startswith("补齐")


def test_a_problem_without_a_cell_shows_only_its_place():
    assert str(problem("file-empty", Place("a.csv"))).startswith("a.csv: the file is empty")


def test_severity_comes_from_the_catalogue():
    assert problem("file-empty", PLACE).severity is Severity.ERROR
    assert problem("no-target", PLACE).severity is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "shown"),
    [("x" * 60, "x" * 60), ("x" * 61, "x" * 30 + "…" + "x" * 30), ("", "")],
)
def test_long_texts_are_cut_in_the_middle(text, shown):
    assert shorten(text) == shown
