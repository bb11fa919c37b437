from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import attrs
import pytest

from salesgoal.app.load import load_plan
from salesgoal.app.reviews.changes import apply_review_changes, plan_review_changes
from salesgoal.app.reviews.entry import ActionRow, CauseRow
from salesgoal.app.reviews.review import add_review
from salesgoal.domain.action import ActionState
from salesgoal.domain.cause import CauseKind
from salesgoal.domain.problem import Place
from salesgoal.domain.review import Review
from salesgoal.domain.role import Role
from salesgoal.errors import OutputError, PlanRefused

PLAN = """\
[plan]
name = "十月"
period = "2023-10"

[metrics.sales]
name = "销售额"
decimals = 2

[metrics.orders]
name = "订单数"

[dimensions.region]
name = "区域"
members = ["华东", "华南"]

[[targets]]
path = "targets.csv"
"""
TARGETS = "区域,期间,指标,目标\n华东,2023-10,sales,600\n华南,2023-10,sales,500\n"
HERE = "华东 · 销售额 · 2023-10"
ENGLISH = "华东 · sales · 2023-10"
BUDGET = CauseRow(
    goal="华东",
    period="2023年10月",
    code="客户预算延迟",
    amount=Decimal(30000),
    note="推迟到11月",
    author="王",
)
OWN = CauseRow(goal="华东", period="2023-10", text="天气", kind=CauseKind.OBJECTIVE, amount=5)
VISIT = ActionRow(
    goal="华东",
    period="2023-10",
    text="二次拜访5家重点客户",
    owner="李",
    due_on=date(2023, 10, 15),
    recovery=40000,
)


def at(row, line):
    return attrs.evolve(row, where=Place("跟踪表.xlsx", sheet="偏差", row=line))


def but(row, **more):
    return attrs.evolve(row, **more)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "plan.toml").write_bytes(PLAN.encode())
    (tmp_path / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return tmp_path


def enter(folder, *rows):
    loaded = load_plan(folder)
    changes = plan_review_changes(loaded, rows)
    assert not changes.problems, list(map(str, changes.problems))
    return apply_review_changes(loaded, changes)


def book(folder):
    return load_plan(folder).plan.reviews


def amounts(folder):
    return [each.amount_units for each in book(folder).explanations]


def said(changes):
    return [each.text("zh") for each in changes.lines()]


def test_causes_and_actions_are_added_in_one_step_and_shown_first(folder):
    loaded = load_plan(folder)
    changes = plan_review_changes(loaded, [BUDGET, OWN, VISIT])
    assert said(changes) == [
        f"新增原因：{HERE} · 客户预算延迟：类别 客观；金额 30,000.00；备注 推迟到11月",
        f"新增原因：{HERE} · 天气：类别 客观；金额 5.00",
        (
            f"新增措施 1：{HERE} · 二次拜访5家重点客户：责任人 李；完成时限 2023-10-15；"
            "状态 未开始；预计挽回 40,000.00"
        ),
    ]
    assert not (folder / "reviews.csv").exists()
    applied = apply_review_changes(loaded, changes)
    assert (applied.path.name, applied.is_new, len(applied.changes)) == ("reviews.csv", True, 3)
    found = book(folder)
    assert [each.kind for each in found.explanations] == [CauseKind.OBJECTIVE] * 2
    assert [each.author for each in found.explanations] == ["王", None]
    assert [(each.number, each.owner) for each in found.actions] == [(1, "李")]


def test_what_was_entered_already_changes_nothing(folder):
    enter(folder, BUDGET, OWN, VISIT)
    before = (folder / "reviews.csv").read_bytes()
    assert not plan_review_changes(load_plan(folder), [BUDGET, OWN, VISIT])
    applied = enter(folder, but(BUDGET, author="赵"), OWN, VISIT)
    assert (applied.path, applied.changes) == (None, ())
    assert (folder / "reviews.csv").read_bytes() == before


def test_the_same_cause_given_twice_counts_once(folder):
    enter(folder, BUDGET, but(BUDGET, code="budget_delay", author="赵"), VISIT, VISIT)
    assert amounts(folder) == [30000_00]
    assert len(book(folder).actions) == 1


def test_a_cause_with_another_amount_is_corrected_not_added(folder):
    enter(folder, BUDGET, OWN)
    (key, _) = (each.key for each in book(folder).explanations)
    loaded = load_plan(folder)
    changes = plan_review_changes(loaded, [but(BUDGET, amount=25000), OWN])
    assert said(changes) == [
        f"修改原因 {key}：华东 · 销售额 · 2023-10 · 客户预算延迟：金额 30,000.00 → 25,000.00"
    ]
    before = (folder / "reviews.csv").read_bytes()
    apply_review_changes(loaded, changes)
    assert (folder / "reviews.csv").read_bytes().startswith(before)
    assert amounts(folder) == [25000_00, 500]
    assert book(folder).explanations[0].key == key


def test_a_row_without_an_amount_takes_none_away(folder):
    enter(folder, BUDGET)
    assert not plan_review_changes(load_plan(folder), [but(BUDGET, amount=None)])


def test_another_note_is_another_cause_unless_the_key_says_otherwise(folder):
    enter(folder, BUDGET, but(BUDGET, note="另一家客户", amount=10000))
    assert amounts(folder) == [30000_00, 10000_00]
    key = book(folder).explanations[1].key
    enter(folder, but(BUDGET, key=key, note="客户乙", amount=9000))
    enter(folder, but(OWN, key=key, text="合同推迟", amount=8000))
    assert amounts(folder) == [30000_00, 8000_00]
    assert [each.key for each in book(folder).explanations][1] == key
    changes = plan_review_changes(load_plan(folder), [but(OWN, key=key, goal="华南")])
    assert [each.field for each in next(changes.lines()).fields] == ["goal", "text", "amount"]


def test_a_keyed_row_that_says_nothing_withdraws_its_cause(folder):
    enter(folder, BUDGET, OWN)
    key = book(folder).explanations[0].key
    loaded = load_plan(folder)
    changes = plan_review_changes(
        loaded, [CauseRow(goal="华东", period="2023-10", key=key), CauseRow(period="2023-10")]
    )
    assert said(changes) == [f"撤回原因 {key}：华东 · 销售额 · 2023-10 · 客户预算延迟"]
    apply_review_changes(loaded, changes)
    assert amounts(folder) == [500]
    assert not plan_review_changes(
        load_plan(folder), [CauseRow(goal="华东", period="2023-10", key=key)]
    )


def test_an_action_changed_carries_its_number_on(folder):
    enter(folder, VISIT, but(VISIT, text="复盘会", owner=None))
    row = ActionRow(
        goal="华东",
        period="2023-10",
        number=1,
        text="二次拜访6家重点客户",
        due_on=date(2023, 10, 20),
        state=ActionState.DOING,
    )
    loaded = load_plan(folder)
    changes = plan_review_changes(loaded, [row])
    (only,) = said(changes)
    assert only == (
        f"修改措施 1：{HERE} · 二次拜访6家重点客户：内容 {VISIT.text} → {row.text}；"
        "完成时限 2023-10-15 → 2023-10-20；状态 未开始 → 进行中"
    )
    apply_review_changes(loaded, changes)
    enter(folder, row, but(VISIT, text="复盘会", state=ActionState.DONE, outcome="完成"))
    first, second = book(folder).actions
    assert (first.number, first.what, first.owner) == (1, "二次拜访6家重点客户", "李")
    assert (first.due_on, first.recovery_units) == (date(2023, 10, 20), 40000_00)
    assert (second.number, second.state, second.outcome) == (2, ActionState.DONE, "完成")


def test_new_actions_take_numbers_that_nobody_uses(folder):
    enter(folder, VISIT, ActionRow(period="2023-10", number=7, text="复盘会"))
    enter(folder, ActionRow(period="2023-10", text="报价"))
    assert [each.number for each in book(folder).actions] == [1, 7, 8]


def test_actions_of_another_metric_are_found_by_their_number(folder):
    enter(folder, but(VISIT, metric="订单数", recovery=4))
    row = ActionRow(goal="华东", period="2023-10", number=1, recovery=5)
    (change,) = plan_review_changes(load_plan(folder), [row]).lines()
    assert (change.metric.id, change.fields[0].after) == ("orders", Decimal(5))


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (but(BUDGET, goal="华中"), "unknown-reference", "goal"),
        (but(BUDGET, period="2023-11"), "unknown-reference", "period"),
        (but(BUDGET, period="上个月"), "no-such-period", "period"),
        (but(BUDGET, metric="利润"), "unknown-metric", "metric"),
        (but(BUDGET, code="budget"), "unknown-cause", "code"),
        (but(BUDGET, kind=CauseKind.SUBJECTIVE), "kind-differs", "kind"),
        (but(BUDGET, amount=Decimal("0.001")), "excess-decimals", "amount"),
        (but(BUDGET, key="c00000000"), "unknown-remark", "key"),
        (CauseRow(period="2023-10", amount=5), "blank-required", "code"),
        (ActionRow(period="2023-10", owner="李"), "blank-required", "action"),
        (ActionRow(period="2023-10", number=9, owner="李"), "unknown-action", "number"),
        (ActionRow(period="2023-10", number=1, owner="李"), "unknown-action", "number"),
    ],
)
def test_a_faulty_row_is_a_problem_with_its_address_and_nothing_is_written(
    folder, row, code, column
):
    enter(folder, VISIT)
    before = (folder / "reviews.csv").read_bytes()
    loaded = load_plan(folder)
    changes = plan_review_changes(loaded, [OWN, at(row, 7)])
    assert [(each.code, each.column, each.where.row) for each in changes.problems] == [
        (code, column, 7)
    ]
    said = changes.problems[0].text("zh")
    assert said.startswith(f"跟踪表.xlsx, 偏差, 第7行, {Role(column).zh}: ")
    with pytest.raises(PlanRefused):
        apply_review_changes(loaded, changes)
    assert (folder / "reviews.csv").read_bytes() == before


def test_a_key_or_number_stands_in_one_row_only(folder):
    enter(folder, BUDGET, VISIT)
    key = book(folder).explanations[0].key
    copied = [
        at(but(BUDGET, key=key), 2),
        at(but(BUDGET, key=key, amount=5), 3),
        at(but(VISIT, number=1), 4),
        at(but(VISIT, number=1, owner="赵"), 5),
    ]
    changes = plan_review_changes(load_plan(folder), copied)
    assert [(each.code, each.where.row) for each in changes.problems] == [
        ("duplicate-name", 3),
        ("duplicate-name", 5),
    ]
    assert "跟踪表.xlsx, 偏差, row 2" in str(changes.problems[0])
    assert "已被 跟踪表.xlsx, 偏差, 第2行 使用" in changes.problems[0].text("zh")
    assert not changes


def test_changes_that_were_entered_meanwhile_are_not_entered_again(folder):
    loaded = load_plan(folder)
    changes = plan_review_changes(loaded, [BUDGET])
    enter(folder, BUDGET)
    assert apply_review_changes(loaded, changes).path is None
    assert amounts(folder) == [30000_00]


def test_changes_that_would_be_others_by_now_are_refused(folder):
    loaded = load_plan(folder)
    changes = plan_review_changes(loaded, [BUDGET])
    add_review(
        loaded,
        Review(
            scope={"region": "华东"},
            period="2023-10",
            code="budget_delay",
            amount=1,
            note="推迟到11月",
        ),
    )
    with pytest.raises(OutputError, match="meanwhile"):
        apply_review_changes(loaded, changes)
    assert amounts(folder) == [100]


def test_a_table_of_before_stays_in_use_until_somebody_corrects(folder):
    old = "区域,期间,指标,原因代码,主要偏差原因,归因金额,备注,填写人,措施编号,改进措施,"
    old += "措施责任人,完成时限,措施状态,预计挽回,措施结果,关键问题提示\n"
    (folder / "reviews.csv").write_text(old, encoding="utf-8")
    (folder / "plan.toml").write_text(f'{PLAN}\n[[reviews]]\npath = "reviews.csv"\n', "utf-8")
    assert enter(folder, BUDGET).path.name == "reviews.csv"
    assert enter(folder, but(BUDGET, amount=7)).path.name == "reviews-2.csv"
    assert amounts(folder) == [700]
    assert enter(folder, but(BUDGET, amount=8)).path.name == "reviews-2.csv"
    assert amounts(folder) == [800]
    assert not plan_review_changes(load_plan(folder), [but(BUDGET, amount=8)])


def test_changes_read_in_english_too(folder):
    enter(folder, VISIT)
    rows = [OWN, ActionRow(goal="华东", period="2023-10", number=1, outcome="done")]
    changes = plan_review_changes(load_plan(folder), rows)
    assert [each.text("en") for each in changes.lines()] == [
        f"cause added: {ENGLISH} · 天气: kind objective; amount 5.00",
        f"action 1 changed: {ENGLISH} · {VISIT.text}: outcome (blank) → done",
    ]


def test_two_amounts_of_one_cause_in_one_go_are_refused(folder):
    rows = [at(BUDGET, 2), at(but(BUDGET, amount=7), 3), at(BUDGET, 4)]
    changes = plan_review_changes(load_plan(folder), rows)
    assert [(each.code, each.where.row) for each in changes.problems] == [("duplicate-name", 3)]
    assert len(changes.reviews) == 1


def test_a_withdrawn_cause_may_be_named_again_under_its_key(folder):
    enter(folder, BUDGET)
    key = book(folder).explanations[0].key
    enter(folder, CauseRow(goal="华东", period="2023-10", key=key))
    enter(folder, but(OWN, key=key))
    assert [(each.key, each.text) for each in book(folder).explanations] == [(key, "天气")]
    enter(folder, BUDGET)
    assert amounts(folder) == [30000_00, 500]
    assert not plan_review_changes(load_plan(folder), [BUDGET, but(OWN, key=key)])


def test_a_reworded_action_is_known_by_both_wordings_in_one_go(folder):
    enter(folder, VISIT)
    row = ActionRow(goal="华东", period="2023-10", number=1, text="拜访6家")
    again = ActionRow(goal="华东", period="2023-10", text="拜访6家", outcome="好")
    changes = plan_review_changes(load_plan(folder), [row, again])
    assert [each.handle for each in changes.lines()] == ["1", "1"]
    apply_review_changes(load_plan(folder), changes)
    assert [(each.what, each.outcome) for each in book(folder).actions] == [("拜访6家", "好")]


def test_rows_that_say_nothing_and_words_that_name_a_cause_change_nothing(folder):
    enter(folder, BUDGET)
    nothing = [
        ActionRow(period="2023-10"),
        ActionRow(period="2023-10", text="-"),
        CauseRow(period="2023-10", text="-"),
        but(BUDGET, text="客户预算延迟"),
        but(BUDGET, code=None, text="客户预算延迟"),
    ]
    changes = plan_review_changes(load_plan(folder), nothing)
    assert not changes
    assert not changes.problems


@pytest.mark.slow
def test_a_thousand_rows_are_planned_in_seconds(folder):
    rows = [but(BUDGET, note=f"客户{number}") for number in range(1000)]
    enter(folder, *rows)
    loaded = load_plan(folder)
    start = time.perf_counter()
    assert not plan_review_changes(loaded, rows)
    assert (
        len(plan_review_changes(loaded, [but(each, amount=1) for each in rows]).reviews) == 1000
    )
    assert time.perf_counter() - start < 10
