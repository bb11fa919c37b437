from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from salesgoal.domain.action import ActionState
from salesgoal.domain.cause import CauseKind
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.problem import Place
from salesgoal.intake.plan_rows import PlanRows
from salesgoal.intake.review_rows import read_reviews
from salesgoal.intake.table import make_table
from salesgoal.ports.importer import Page, RawRow

METRICS = (Metric(id="sales", name="销售额", decimals=2), Metric(id="orders", name="订单数"))
REGION = Dimension("region", ["华东", "华南"], name="区域")
PLACE = Place("复盘.csv")


def read(header, *rows, **explicit):
    columns = header.split(",")
    cut = [row if isinstance(row, tuple) else tuple(row.split(",")) for row in rows]
    raw = [RawRow(row, Place("复盘.csv", row=at)) for at, row in enumerate(cut, start=2)]
    table = attrs.evolve(
        make_table([Page(tuple(raw), tuple(columns))], PLACE, explicit), place=PLACE
    )
    reader = PlanRows()
    return list(read_reviews(reader, table, [REGION], METRICS)), reader


def faults(reader):
    return [(each.code, each.where.row, each.column) for each in reader.problems]


def test_a_table_of_causes_and_hints_is_read_as_it_always_was():
    header = "区域,期间,主要偏差原因,改进措施,完成时限,关键问题提示"
    (one, other), reader = read(
        header, "华东,2023-10,延迟,沟通,2023-10-30,不足", ",2023-10,-,,soon,"
    )
    assert (one.scope, one.period, one.cause, one.action, one.due_on, one.hint) == (
        *({"region": "华东"}, "2023-10", "延迟", "沟通", date(2023, 10, 30), "不足"),
    )
    assert (other.scope, other.cause, other.action, other.due_on) == ({}, "-", None, None)
    assert (one.amount, one.number, one.state) == (None, None, None)
    assert faults(reader) == [("no-such-date", 3, "完成时限")]


def test_causes_have_amounts_and_actions_have_states():
    header = "区域,期间,指标,原因代码,归因金额,备注,填写人,措施编号,改进措施,措施责任人"
    header += ",措施状态,预计挽回,措施结果"
    row = "华东|2023-10|销售额|budget_delay|60,000.50|推迟|王|2|拜访|李|进行中|40000|好"
    (one,), reader = read(header, tuple(row.split("|")))
    assert not reader.problems
    assert (one.metric, one.code, one.amount) == ("销售额", "budget_delay", Decimal("60000.50"))
    assert (one.note, one.author, one.number, one.action) == ("推迟", "王", 2, "拜访")
    assert (one.owner, one.state) == ("李", ActionState.DOING)
    assert (one.recovery, one.outcome) == (Decimal(40000), "好")


def test_amounts_have_the_decimals_of_their_metric():
    _, reader = read("期间,指标,原因代码,归因金额", "2023-10,订单数,price_cut,1.5")
    assert faults(reader) == [("excess-decimals", 2, "归因金额")]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [("措施编号", "二", "not-a-number"), ("措施状态", "快了", "bad-value")],
)
def test_numbers_and_states_that_are_none_are_problems(column, cell, code):
    _, reader = read(f"期间,{column}", f"2023-10,{cell}")
    assert faults(reader) == [(code, 2, column)]


def test_blank_numbers_and_states_are_not_said():
    (one,), reader = read("期间,措施编号,措施状态,归因金额", ("2023-10", None, None, "-"))
    assert (one.number, one.state, one.amount) == (None, None, None)
    (one,), _ = read("期间,措施编号", ("2023-10", "3.0"))
    assert one.number == 3
    assert not reader.problems


def test_a_plan_may_name_the_columns_and_call_an_action_a_measure():
    (one,), _ = read("周期月,对策", "2023-10,拜访", period="周期月", measure="对策")
    assert (one.period, one.action) == ("2023-10", "拜访")


def test_reviews_need_a_period():
    found, reader = read("区域", "华东")
    assert not found
    assert faults(reader) == [("missing-column", None, "period")]
    (one,), _ = read("期间,区域", ("", "华东"))
    assert one.period == ""


def test_a_dimension_may_be_called_like_a_state_of_a_country():
    state = Dimension("state", ["Goa"])
    table = make_table(
        [Page((RawRow(("2023-10", "Goa"), PLACE),), ("period", "state"))], PLACE, {}
    )
    (one,) = read_reviews(PlanRows(), table, [state], METRICS)
    assert (one.scope, one.state) == ({"state": "Goa"}, None)


def test_own_words_have_a_kind_and_corrections_a_key():
    header = "期间,主要偏差原因,原因类别,更正"
    found, reader = read(
        header,
        "2023-10,天气,客观,c1a2b3c4",
        "2023-10,-,Subjective,",
        ("2023-10", None, None, "3.0"),
    )
    assert not reader.problems
    assert [each.kind for each in found] == [CauseKind.OBJECTIVE, CauseKind.SUBJECTIVE, None]
    assert [each.corrects for each in found] == ["c1a2b3c4", None, "3"]
    _, reader = read(header, "2023-10,天气,都有,")
    assert faults(reader) == [("bad-value", 2, "原因类别")]
