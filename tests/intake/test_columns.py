from __future__ import annotations

from fractions import Fraction

import pytest

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.plan import make_plan
from salesgoal.domain.problem import Place
from salesgoal.errors import SourceRefused
from salesgoal.intake.columns import find_columns, map_source
from salesgoal.intake.source_map import SourceMap, missing_columns

PLAN = make_plan(
    name="团队",
    period="2023Q4",
    metrics=[
        Metric(id="sales", name="销售额", unit="元", decimals=2),
        Metric(id="orders", name="订单数"),
        Metric(id="mean", name="客单价", aggregation=Ratio("sales", "orders")),
    ],
    dimensions=[Dimension("region", ["华东"], name="区域"), Dimension("product", ["A"])],
)
PLACE = Place("日报.csv")


@pytest.mark.parametrize(
    ("names", "header", "found"),
    [
        (["date", "日期"], ["金额", "日期"], "日期"),
        (["date"], ["DATE"], "DATE"),
        (["date"], [" ｄａｔｅ "], " ｄａｔｅ "),
        (["date"], ["dates"], None),
        (["date"], [], None),
        (["日期"], ["成交日期", "客户"], "成交日期"),
        (["日期"], ["成交日期", "日期"], "日期"),
        (["sales", "销售额"], ["金额"], "金额"),
        (["sales", "销售额"], ["Amount"], "Amount"),
        (["sales", "销售额"], ["成交金额（万元）"], "成交金额（万元）"),
        (["sales", "销售额"], ["金额（含税）"], None),
        (["region", "区域"], ["大区"], "大区"),
    ],
)
def test_a_column_is_found_by_its_own_names_and_then_by_synonyms(names, header, found):
    wanted = {"role": names}
    assert find_columns(wanted, {}, header, PLACE) == ({} if found is None else {"role": found})


@pytest.mark.parametrize(
    ("wanted", "header", "role", "columns"),
    [
        ({"on": ["date", "日期"]}, ["日期", "date"], "日期", "日期、date"),
        ({"on": ["日期"]}, ["成交日期", "下单日期"], "日期", "成交日期、下单日期"),
        ({"sales": ["销售额"]}, ["金额", "成交金额"], "销售额", "金额、成交金额"),
        ({"a": ["业绩"], "b": ["营业额"]}, ["金额"], "业绩 / 营业额", "金额"),
    ],
)
def test_a_column_in_doubt_is_refused_and_never_chosen(wanted, header, role, columns):
    with pytest.raises(SourceRefused) as refused:
        find_columns(wanted, {}, header, PLACE)
    found = {
        (each.code, each.facts["role"], each.facts["columns"])
        for each in refused.value.problems
    }
    assert ("ambiguous-column", role, columns) in found


def test_a_column_with_a_roles_own_name_is_left_to_that_role():
    wanted = {"seller": ["销售员"], "owner": ["负责人"]}
    assert find_columns(wanted, {}, ["负责人"], PLACE) == {"owner": "负责人"}


def test_an_explicit_name_wins():
    wanted = {"on": ("日期",), "region": ("区域",), "product": ("产品",)}
    found = find_columns(wanted, {"on": "成交日"}, ["日期", "成交日", "区域"], PLACE)
    assert found == {"on": "成交日", "region": "区域"}


def test_an_explicit_name_may_leave_out_the_unit():
    header = ["金额（万元）", "金额(元)"]
    assert find_columns({}, {"sales": "金额"}, header[:1], PLACE) == {"sales": "金额（万元）"}
    assert find_columns({}, {"sales": "金额"}, header, PLACE) == {"sales": "金额"}


def test_actual_alone_means_the_leading_metric():
    mapped = map_source(SourceMap(name="s"), PLAN, {}, ["日期", "实际"], PLACE)
    assert mapped.metrics == {"sales": "实际"}


@pytest.mark.parametrize(
    ("header", "lines", "unit", "factors"),
    [
        ("销售额（万元）", (), "", {"sales": Fraction(10_000)}),
        ("销售额", ("万元",), "", {"sales": Fraction(10_000)}),
        ("销售额（元）", (), "", {}),
        ("销售额（万元）", ("万元",), "万元", {"sales": Fraction(10_000)}),
        ("销售额（元）", ("万元",), "元", {}),
    ],
)
def test_the_unit_that_a_sheet_states_counts(header, lines, unit, factors):
    source = SourceMap(name="s", unit=unit)
    mapped = map_source(source, PLAN, {}, ["日期", header], PLACE, lines)
    assert mapped.factors == factors


@pytest.mark.parametrize(
    ("header", "lines", "unit", "code"),
    [
        ("销售额（万元）", (), "元", "unit-conflict"),
        ("销售额", ("万元",), "元", "unit-conflict"),
        ("销售额（元）", ("万元",), "", "unit-conflict"),
        ("销售额", ("万元", "千元"), "", "unit-conflict"),
        ("销售额（个）", (), "", "unit-conflict"),
        ("销售额（美元）", (), "", "unit-conflict"),
        ("订单数", ("万元",), "", "unit-unclear"),
    ],
)
def test_units_that_contradict_each_other_are_refused(header, lines, unit, code):
    with pytest.raises(SourceRefused) as refused:
        map_source(SourceMap(name="s", unit=unit), PLAN, {}, ["日期", header], PLACE, lines)
    assert [each.code for each in refused.value.problems] == [code]


def test_a_source_is_mapped_by_its_header():
    mapped = map_source(SourceMap(name="s"), PLAN, {}, ["日期", "区域", "销售额(元)"], PLACE)
    assert (mapped.on, mapped.period) == ("日期", None)
    assert mapped.dimensions == {"region": "区域"}
    assert mapped.metrics == {"sales": "销售额(元)"}
    assert mapped.used == ("日期", "区域", "销售额(元)")
    assert mapped.time_column == "日期"


def test_what_the_source_says_of_itself_is_not_looked_for():
    source = SourceMap(name="s", members={"region": "华东"}, values={"orders": 1})
    header = ["月份", "区域", "订单数", "销售额"]
    mapped = map_source(source, PLAN, {}, header, PLACE)
    assert (mapped.on, mapped.period, mapped.time_column) == (None, "月份", "月份")
    assert mapped.dimensions == {}
    assert mapped.metrics == {"sales": "销售额"}


def test_values_alone_are_enough():
    mapped = map_source(SourceMap(name="s", values={"orders": 1}), PLAN, {}, ["日期"], PLACE)
    assert mapped.metrics == {}


def test_a_ratio_has_no_column():
    with pytest.raises(SourceRefused):
        map_source(SourceMap(name="s"), PLAN, {}, ["日期", "客单价"], PLACE)


@pytest.mark.parametrize(
    ("explicit", "header", "on", "period"),
    [
        ({}, ["日期", "期间", "销售额"], "日期", "期间"),
        ({"period": "期间"}, ["日期", "期间", "销售额"], None, "期间"),
        ({"on": "日期", "period": "期间"}, ["日期", "期间", "销售额"], "日期", "期间"),
    ],
)
def test_a_named_period_wins_over_a_day_that_nobody_named(explicit, header, on, period):
    mapped = map_source(SourceMap(name="s"), PLAN, explicit, header, PLACE)
    assert (mapped.on, mapped.period) == (on, period)


@pytest.mark.parametrize(
    ("explicit", "header", "columns"),
    [
        ({}, ["区域"], ["date", "销售额 / 订单数 / 客单价"]),
        ({}, [], ["date", "销售额 / 订单数 / 客单价"]),
        ({}, ["日期"], ["销售额 / 订单数 / 客单价"]),
        ({"sales": "金额"}, ["日期"], ["金额"]),
        ({"region": "大区", "on": "哪天"}, ["销售额"], ["哪天", "大区"]),
    ],
)
def test_what_the_header_lacks_is_named(explicit, header, columns):
    with pytest.raises(SourceRefused) as refused:
        map_source(SourceMap(name="s"), PLAN, explicit, header, PLACE)
    problems = refused.value.problems
    assert sorted(each.column for each in problems) == sorted(columns)
    assert {each.code for each in problems} == {"missing-column"}
    assert {each.facts["found"] for each in problems} == {", ".join(header) or "-"}


def test_a_column_that_stands_twice_is_a_problem_where_it_is_read():
    found = list(missing_columns(("a", "b"), ["a", "a", "c", "c", "b"], PLACE))
    assert [(each.code, each.column, each.facts["count"]) for each in found] == [
        ("duplicate-column", "a", 2)
    ]


def test_a_source_without_a_time_has_no_time_column():
    assert SourceMap(name="s").time_column == ""
