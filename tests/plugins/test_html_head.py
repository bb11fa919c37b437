"""The head of the page: what the book speaks of, and that nothing of it was lost."""

from __future__ import annotations

import re

import attrs
import pytest

from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import Book, Words, shown

from .page_books import RECONCILIATION, SMALL, draw


def test_the_head_says_what_the_book_speaks_of_and_that_it_balances():
    page = draw(SMALL)
    assert '<html lang="zh-CN">' in page
    assert "<title>四季度销售目标</title>" in page
    assert "<dt>截至</dt><dd>2026-11-30</dd>" in page
    assert "已知时点" not in page
    assert "销售额：读入合计 3,400,000.00 = 计入总目标 3,295,000.00 + 被拒绝 105,000.00" in page
    english = draw(SMALL, "en")
    assert '<html lang="en">' in english
    assert "<dt>As of</dt><dd>2026-11-30</dd>" in english


def test_the_head_says_of_every_plan_that_it_balances():
    (line,) = RECONCILIATION.lines
    at = RECONCILIATION.position("read")
    hidden = attrs.evolve(RECONCILIATION, id="reconciliation_3", is_hidden=True)
    second = attrs.evolve(
        RECONCILIATION, id="reconciliation_2", title=Words("对账 · 乙队", "B")
    )
    meta = {"plan": "甲队、乙队", "target_version": "original、v2"}
    sheets = (RECONCILIATION, second, hidden)
    page = draw(Book(title=Words("书", "Book"), sheets=sheets, meta=meta))
    read = shown(RECONCILIATION, line, at)
    assert re.findall(r'class="balance">(.*?)：读入合计 ([\d,.]+) =', page) == [
        ("对账 · 销售额", read),
        ("对账 · 乙队 · 销售额", read),
    ]
    assert "<dt>目标版本</dt><dd>原始、v2</dd>" in page


@pytest.mark.parametrize(("lang", "head"), [("zh", "销售额(元)："), ("en", "销售额 (元): ")])
def test_in_another_scale_the_head_still_balances_exactly(lang, head):
    (line,) = RECONCILIATION.lines
    money = attrs.evolve(RECONCILIATION, lines=(attrs.evolve(line, unit="元", decimals=2),))
    page = draw(Book(title=Words("书", "B"), sheets=(money,)), lang, Scale.WAN)
    assert head in page
    assert "3,400,000.00 = " in page
    assert ">340.00<" in page
