from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesgoal.domain.action import ActionState
from salesgoal.domain.calendar import parse_period
from salesgoal.domain.cause import DEFAULT_CAUSES, Cause, CauseKind
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.problem import Place
from salesgoal.domain.review import Review
from salesgoal.domain.review_book import book_reviews

METRICS = (Metric(id="sales", name="销售额", decimals=2), Metric(id="orders", name="订单数"))
REGION = Dimension("region", ["华东", "华南"])
GREGORIAN = MonthCalendar()
QUARTER = parse_period(GREGORIAN, "2023Q4")
OCTOBER = parse_period(GREGORIAN, "2023-10")


def said(row=2, **more):
    given = {"scope": {"region": "华东"}, "period": "2023-10", **more}
    return Review(**given, where=Place("r.csv", row=row))


def book(*reviews, causes=DEFAULT_CAUSES):
    return book_reviews(
        reviews,
        lambda asked: parse_period(GREGORIAN, asked) if isinstance(asked, str) else asked,
        own=QUARTER,
        metrics=METRICS,
        dimensions=[REGION],
        causes=causes,
    )


def faults(problems):
    return [(each.code, each.where.row, each.column) for each in problems]


def test_a_cause_with_an_amount_becomes_an_explanation_in_smallest_units():
    found, problems = book(said(code="budget_delay", amount=Decimal("60000.50"), note="推迟"))
    assert not problems
    (one,) = found.explanations
    assert (one.codes, one.metric, one.period) == ((0,), "sales", OCTOBER)
    assert (one.cause.name, one.kind) == ("客户预算延迟", CauseKind.OBJECTIVE)
    assert (one.amount_units, one.note) == (6_000_050, "推迟")


def test_a_text_that_is_the_name_of_a_cause_means_it_and_others_stay_unclassified():
    found, _ = book(said(cause="谈判能力不足"), said(cause="天气", amount=5))
    assert [each.kind for each in found.explanations] == [CauseKind.SUBJECTIVE, None]
    assert [each.amount_units for each in found.explanations] == [None, 500]
    assert [each.text for each in found.explanations] == ["谈判能力不足", "天气"]


def test_a_dash_says_nothing():
    found, problems = book(said(cause="-", action="-", hint="好"))
    assert not problems
    assert not found.explanations
    assert not found.actions
    assert [each.hint for each in found.of((0,), OCTOBER, "orders")] == ["好"]


def test_reviews_of_one_goal_and_period_stand_side_by_side():
    found, _ = book(
        said(code="price_cut"), said(cause="天气"), said(metric="订单数", hint="少")
    )
    assert len(found.of((0,), OCTOBER, "sales")) == 2
    assert len(found.of((0,), OCTOBER, "orders")) == 3
    assert found.of((1,), OCTOBER, "sales") == ()


def test_an_own_catalogue_replaces_the_built_in_one():
    rain = Cause("rain", CauseKind.OBJECTIVE, "下雨", "rain")
    found, problems = book(said(code="下雨"), causes=[rain])
    assert not problems
    assert found.explanations[0].cause == rain
    _, problems = book(said(code="budget_delay"), causes=[rain])
    assert faults(problems) == [("unknown-cause", 2, "code")]
    assert "可用的代码：rain" in problems[0].message("zh")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"code": "buget_delay"}, [("unknown-cause", 2, "code")]),
        ({"code": "price_cut", "amount": Decimal("1.005")}, [("excess-decimals", 2, "amount")]),
        ({"amount": 5}, [("blank-required", 2, "code")]),
        ({"action": "拜访", "recovery": 10**14}, [("out-of-range", 2, "recovery")]),
        ({"metric": "cash", "cause": "天气", "amount": 5}, [("unknown-metric", 2, "metric")]),
        ({"scope": {"area": "x"}}, [("bad-value", 2, None)]),
        ({"period": "someday"}, [("bad-value", 2, None)]),
        ({"outcome": "完成"}, [("blank-required", 2, "action")]),
        ({"number": 3, "state": ActionState.DONE}, [("unknown-action", 2, "number")]),
        ({"period": "2024-01", "code": "price_cut"}, [("review-outside-plan", 2, "period")]),
    ],
)
def test_what_a_review_cannot_say_is_a_problem(more, expected):
    _, problems = book(said(**more))
    assert faults(problems) == expected


def test_a_misspelt_cause_is_answered_with_the_nearest():
    _, (one,) = book(said(code="客户预算延后"))
    assert "是否为 客户预算延迟" in one.message("zh")


def test_actions_without_a_number_take_the_smallest_left():
    found, _ = book(
        said(action="拜访"), said(action="报价", number=1), said(action="试用装", number=3)
    )
    numbers = {each.what: each.number for each in found.actions}
    assert numbers == {"报价": 1, "拜访": 2, "试用装": 3}


def test_a_later_remark_carries_an_action_on_and_leaves_the_rest_as_it_was():
    begun = said(
        action="二次拜访", owner="李", due_on=date(2023, 10, 15), recovery=Decimal(40000)
    )
    found, problems = book(
        begun,
        said(3, number=1, state=ActionState.DOING),
        said(4, number=1, due_on=date(2023, 10, 20), recovery=0),
        said(5, number=1, state=ActionState.DONE, outcome="拜访了5家"),
    )
    assert not problems
    (action,) = found.actions
    assert (action.owner, action.due_on) == ("李", date(2023, 10, 20))
    assert (action.state, action.recovery_units) == (ActionState.DONE, 0)
    assert (action.outcome, action.where.row) == ("拜访了5家", 2)


def test_a_number_is_of_one_action_and_one_goal():
    _, problems = book(said(action="拜访", number=1), said(3, action="报价", number=1))
    assert faults(problems) == [("duplicate-name", 3, "number")]
    _, problems = book(
        said(action="拜访"), said(3, scope={"region": "华南"}, number=1, outcome="好")
    )
    assert faults(problems) == [("unknown-action", 3, "number")]


def keys(found):
    return [each.key for each in found.explanations]


def test_a_cause_keeps_its_key_whatever_is_said_around_it():
    one, other = said(code="price_cut", amount=5), said(3, cause="天气", amount=7, note="雨")
    found, _ = book(one, other)
    assert keys(book(said(4, cause="其他"), other, one)[0])[1:] == keys(found)[::-1]
    assert len(set(keys(book(one, one, one)[0]))) == 3


def test_a_correction_takes_the_place_of_a_cause_and_keeps_its_key():
    one, other = said(code="price_cut", amount=5, hint="急"), said(3, cause="天气", amount=7)
    first, second = keys(book(one, other)[0])
    found, problems = book(
        said(4, corrects=first, code="competition", amount=4),
        one,
        said(5, corrects=first, code="competition", amount=3, author="王"),
        other,
    )
    assert not problems
    assert keys(found) == [first, second]
    assert [each.amount_units for each in found.explanations] == [300, 700]
    assert [each.where.row for each in found.explanations] == [5, 3]
    said_now = found.of((0,), OCTOBER, "sales")
    assert [each.code or each.cause for each in said_now if each.code or each.cause] == [
        *("competition", "天气"),
    ]
    assert [each.hint for each in said_now if each.hint] == ["急"]


def test_a_correction_that_names_no_cause_withdraws_it():
    one = said(code="price_cut", amount=5)
    (key,) = keys(book(one)[0])
    found, problems = book(one, said(3, corrects=key), said(4, corrects=key))
    assert not problems
    assert not found.explanations
    found, _ = book(one, said(3, corrects=key), said(4, corrects=key, cause="天气"))
    assert keys(found) == [key]


def test_a_correction_of_nothing_is_a_problem_and_counts_nowhere():
    found, problems = book(said(3, corrects="c0000", cause="天气", amount=5))
    assert faults(problems) == [("unknown-remark", 3, "corrects")]
    assert not found.explanations
    assert [each.cause for each in found.of((0,), OCTOBER, "sales")] == [None]


def test_people_may_say_of_what_kind_their_own_words_are():
    found, problems = book(said(cause="天气", kind=CauseKind.OBJECTIVE))
    assert not problems
    assert found.explanations[0].kind is CauseKind.OBJECTIVE
    for cause in ({"code": "price_cut"}, {"cause": "竞品降价"}):
        _, problems = book(said(**cause, kind=CauseKind.SUBJECTIVE))
        assert faults(problems) == [("kind-differs", 2, "kind")]
        assert "客观原因" in problems[0].message("zh")
    _, (one,) = book(said(code="few_new_customers", kind=CauseKind.OBJECTIVE))
    assert "主观原因" in one.message("zh")


def test_what_is_said_of_an_action_is_how_it_goes_now():
    found, problems = book(
        said(action="拜访", due_on=date(2023, 10, 15)),
        said(3, number=1, due_on=date(2023, 10, 31)),
        said(4, corrects="1", action="拜访6家"),
    )
    assert not problems
    assert [each.what for each in found.actions] == ["拜访6家"]
    now = [(each.action, each.due_on) for each in found.of((0,), OCTOBER, "sales")]
    assert now == [("拜访6家", date(2023, 10, 31)), (None, None), (None, None)]


def test_an_action_is_carried_on_in_its_own_metric():
    begun = said(metric="订单数", action="拜访", recovery=5)
    found, problems = book(begun, said(3, number=1, recovery=4))
    assert not problems
    assert found.actions[0].recovery_units == 4
    _, problems = book(begun, said(3, metric="sales", number=1, recovery=4))
    assert faults(problems) == [("unknown-action", 3, "number")]


def shown(problems):
    return [(each.code, each.column, each.value) for each in problems]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"code": "buget_delay"}, ("unknown-cause", "code", "buget_delay")),
        (
            {"code": "price_cut", "amount": Decimal("1.005")},
            ("excess-decimals", "amount", "1.005"),
        ),
        (
            {"metric": "cash", "cause": "天气", "amount": 5},
            ("unknown-metric", "metric", "cash"),
        ),
        ({"number": 3, "state": ActionState.DONE}, ("unknown-action", "number", "3")),
        (
            {"period": "2024-01", "code": "price_cut"},
            ("review-outside-plan", "period", "2024-01"),
        ),
        ({"corrects": "c0", "cause": "天气"}, ("unknown-remark", "corrects", "c0")),
        (
            {"code": "price_cut", "kind": CauseKind.SUBJECTIVE},
            ("kind-differs", "kind", CauseKind.SUBJECTIVE),
        ),
    ],
)
def test_a_problem_shows_what_was_written(more, expected):
    _, problems = book(said(**more))
    assert shown(problems) == [expected]


def test_what_is_there_instead_is_named():
    first = said(row=2, number=1, action="拜访")
    other = said(row=3, number=4, action="电话")
    _, (unknown,) = book(first, other, said(row=4, number=9, outcome="完成"))
    assert unknown.facts["known"] == "1, 4"
    _, (none,) = book(said(number=9, outcome="完成"))
    assert none.facts["known"] == "-"
    _, (twice,) = book(first, said(row=3, number=1, action="电话"))
    assert (twice.code, twice.value) == ("duplicate-name", "1")
    assert "r.csv, 第2行" in twice.text("zh")
    _, (remark,) = book(said(corrects="c0", cause="天气"))
    assert remark.facts["known"] == "-"


def test_a_faulty_remark_does_not_keep_those_after_it_from_counting():
    found, problems = book(
        said(row=2, number=1, action="拜访"),
        said(row=3, number=1, action="电话"),
        said(row=4, number=9, outcome="完成"),
        said(row=5, number=1, outcome="约到"),
        said(row=6, number=2, action="邮件"),
    )
    assert len(problems) == 2
    assert [(each.number, each.what, each.outcome) for each in found.actions] == [
        (1, "拜访", "约到"),
        (2, "邮件", None),
    ]


def test_an_action_and_a_cause_keep_everything_that_was_said_of_them():
    found, _ = book(
        said(
            cause="天气",
            author="王",
            action="拜访",
            owner="李",
            due_on=date(2023, 11, 1),
            state=ActionState.DOING,
            outcome="约到",
        ),
        said(row=3, action="电话"),
        said(row=4, number=2, author="赵", action=None, outcome="接通"),
    )
    visit, call = found.actions
    assert (visit.what, visit.owner, visit.due_on) == ("拜访", "李", date(2023, 11, 1))
    assert (visit.state, visit.outcome, visit.author) == (ActionState.DOING, "约到", "王")
    assert (call.state, call.outcome, call.owner) == (ActionState.OPEN, "接通", None)
    assert [(each.author, each.text) for each in found.explanations] == [("王", "天气")]


def test_a_book_keeps_what_it_was_given_its_keys_and_its_catalogue():
    reviews = [said(cause="天气"), said(row=3, code="price_cut")]
    found, _ = book(*reviews)
    assert found.given == tuple(reviews)
    assert found.keys == {each.key for each in found.explanations}
    assert found.causes == tuple(DEFAULT_CAUSES)
    assert all(len(key) == 9 for key in found.keys)


def test_a_book_moves_as_a_whole_and_what_falls_together_stands_together():
    found, _ = book(
        said(cause="天气", action="拜访"),
        said(row=3, scope={"region": "华南"}, cause="价格"),
        said(row=4, scope={"region": "华南"}, period="2023-11", cause="物流"),
    )
    moved = found.moved(lambda codes: (codes[0] * 0 + 7,))
    assert [each.codes for each in moved.explanations] == [(7,)] * 3
    assert [each.codes for each in moved.actions] == [(7,)]
    assert [each.cause for each in moved.of((7,), OCTOBER, "sales")] == ["天气", "价格"]
    assert (moved.given, moved.keys) == (found.given, found.keys)


def test_a_withdrawn_cause_is_gone_from_all_that_was_said():
    first, _ = book(said(cause="天气", amount=5, note="雨", author="王"))
    (key,) = first.keys
    found, problems = book(
        said(cause="天气", amount=5, note="雨", author="王"), said(row=3, corrects=key)
    )
    assert not problems
    assert found.explanations == ()
    (left,) = [each for each in found.of((0,), OCTOBER, "sales") if each.where.row == 2]
    assert (left.cause, left.code, left.amount, left.note) == (None, None, None, None)


def test_the_key_of_a_cause_tells_goal_metric_period_words_amount_and_note_apart():
    base = {"cause": "天气", "amount": 5, "note": "雨"}
    other = [
        {},
        {"scope": {"region": "华南"}},
        {"metric": "orders"},
        {"period": "2023-11"},
        {"cause": "物流"},
        {"amount": 6},
        {"note": "雪"},
        {"cause": None, "code": "price_cut"},
        {"cause": None, "code": "budget_delay"},
    ]
    found = {book(said(**base | more))[0].explanations[0].key for more in other}
    assert len(found) == len(other)
