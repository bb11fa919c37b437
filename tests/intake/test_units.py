from __future__ import annotations

from fractions import Fraction

import pytest

from salesgoal.domain.metric import Metric
from salesgoal.intake.cell_text import CellRefused
from salesgoal.intake.units import column_factor, find_unit_line, split_unit

SALES = Metric(id="sales", name="销售额", unit="元", decimals=2)
IN_WAN = Metric(id="sales", unit="万元", decimals=2)
CLIENTS = Metric(id="clients", name="客户数", unit="家")
DOLLARS = Metric(id="abroad", unit="USD", decimals=2)
PLAIN = Metric(id="plain", name="数")
RATE = Metric(id="rate", unit="%", decimals=2)


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("金额（万元）", "金额", "万元"),
        ("金额(元)", "金额", "元"),
        ("金额[单位：千元]", "金额", "千元"),
        ("金额/万元", "金额", "万元"),
        ("Amount (USD)", "Amount", "USD"),
        ("Amount (CNY)", "Amount", "元"),
        ("达成率(%)", "达成率", "%"),
        ("金额（含税）", "金额（含税）", ""),
        ("金额", "金额", ""),
        ("进/销", "进/销", ""),
    ],
)
def test_a_header_may_state_its_unit(header, name, unit):
    assert split_unit(header) == (name, unit)


@pytest.mark.parametrize(
    ("texts", "units"),
    [
        (["单位：万元"], ("万元",)),
        (["销售日报（单位: 人民币千元）"], ("千元",)),
        (["单位：万元", "单位：万元"], ("万元",)),
        (["单位：万元、单位：个"], ("万元", "个")),
        (["单位：华东分公司", "万元"], ()),
    ],
)
def test_a_line_above_the_table_may_state_a_unit(texts, units):
    assert find_unit_line(texts) == units


@pytest.mark.parametrize(
    ("metric", "header", "lines", "declared", "factor"),
    [
        (SALES, "金额", (), "", 1),
        (SALES, "金额（万元）", (), "", 10_000),
        (SALES, "金额", ("万元",), "", 10_000),
        (SALES, "金额（分）", (), "", Fraction(1, 100)),
        (SALES, "金额（千）", (), "", 1_000),
        (SALES, "金额", (), "亿元", 100_000_000),
        (SALES, "金额（元）", ("万元",), "万元", 10_000),
        (SALES, "金额", ("个", "万元"), "", 10_000),
        (IN_WAN, "金额（万元）", (), "", 1),
        (IN_WAN, "金额", (), "元", Fraction(1, 10_000)),
        (CLIENTS, "客户数（个）", ("万元",), "", 1),
        (CLIENTS, "客户数（万）", (), "", 10_000),
        (CLIENTS, "客户数", (), "万元", 1),
        (CLIENTS, "客户数", (), "千", 1_000),
        (DOLLARS, "Amount (USD)", (), "", 1),
        (DOLLARS, "Amount（美元）", ("万元",), "", 1),
        (RATE, "达成率(%)", (), "", 1),
        (PLAIN, "数（万元）", (), "", 10_000),
        (PLAIN, "数（个）", ("万元",), "", 1),
        (PLAIN, "数", ("元",), "", 1),
        (PLAIN, "数", ("万元",), "万元", 10_000),
    ],
)
def test_a_column_has_one_factor(metric, header, lines, declared, factor):
    assert column_factor(metric, header, lines, declared) == factor


@pytest.mark.parametrize(
    ("metric", "header", "lines", "declared", "code"),
    [
        (SALES, "金额（万元）", (), "元", "unit-conflict"),
        (SALES, "金额（元）", ("万元",), "", "unit-conflict"),
        (SALES, "金额（元）", ("万元",), "亿元", "unit-conflict"),
        (SALES, "金额（个）", (), "", "unit-conflict"),
        (SALES, "金额", ("美元",), "", "unit-conflict"),
        (CLIENTS, "客户数（万元）", (), "", "unit-conflict"),
        (CLIENTS, "客户数(%)", (), "", "unit-conflict"),
        (DOLLARS, "金额（元）", (), "", "unit-conflict"),
        (RATE, "达成率(个)", (), "", "unit-conflict"),
        (PLAIN, "数", ("万元",), "", "unit-unclear"),
    ],
)
def test_units_in_doubt_are_refused(metric, header, lines, declared, code):
    with pytest.raises(CellRefused) as refused:
        column_factor(metric, header, lines, declared)
    assert refused.value.code == code
