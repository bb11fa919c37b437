from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import empty_cells, hold_against
from salesgoal.domain.credit import Credit
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.plan import make_plan
from salesgoal.domain.review import Review
from salesgoal.domain.target import Ownership, Target
from salesgoal.domain.view import view_as_is
from salesgoal.errors import PlanRefused, UnknownName, UsageError

JUNE, JULY, DECEMBER = date(2023, 6, 30), date(2023, 7, 1), date(2023, 12, 31)
REP = Dimension(
    "rep",
    [
        "华东",
        "华南",
        Member("张三", parent="华东", until=JUNE),
        Member("张三", parent="华南", since=JULY),
        Member("李四", parent="华东", until=JUNE),
        Member("新人", parent="华南", since=date(2023, 9, 1)),
        Member("专家", parent="华东", overlay=True),
    ],
)
METRICS = [
    Metric(id="sales"),
    Metric(id="cash"),
    Metric(id="rate", aggregation=Ratio("cash", "sales")),
    Metric(id="debt", aggregation=Aggregation.LAST),
    Metric(id="mean", aggregation=Aggregation.AVERAGE),
    Metric(id="buyers", aggregation=Aggregation.DISTINCT),
]


def plan(*targets, reviews=(), **more):
    return make_plan(
        name="人员",
        period="2023",
        metrics=METRICS,
        dimensions=[REP],
        targets=targets,
        reviews=reviews,
        **more,
    )


def target(name, period="2023", amount=None, metric="sales", **more):
    return Target(scope={"rep": name}, metric=metric, period=period, target=amount, **more)


PLAN = plan(
    target("张三", amount=365),
    target("李四", amount=10),
    target("新人", amount=20),
    target("专家", amount=99),
    target("张三", metric="debt", amount=7),
    target("张三", metric="mean", amount=5),
)


def fact(name, on, **values):
    return Actual(on=on, members={"rep": name}, values=values)


FACTS = [
    fact("张三", JUNE, sales=100, cash=50, debt=8, mean=10, buyers="云帆"),
    fact("张三", JULY, sales=20, cash=20, debt=3, mean=40, buyers="云帆"),
    fact("李四", JUNE, sales=5, debt=2),
    fact("李四", JULY, sales=7),
]


def cards(facts=FACTS, of=PLAN, as_of=DECEMBER):
    return {view: hold_against(of, facts, as_of=as_of, view=view)[0] for view in View}


def shown(card, metric="sales", period="2023"):
    """Path -> target and actual, for the goals that have either."""
    rows = card.rows(metric=metric)
    return {
        row.goal: (row.target, row.actual)
        for row in rows
        if row.period.label == period and (row.target is not None or row.actual)
    }


def test_history_stays_where_it_was_made():
    assert shown(cards()[View.AS_WAS]) == {
        "": (395, 132),
        "华东": (191, 105),
        "华东/张三": (181, 100),
        "华东/李四": (10, 5),
        "华东/专家": (99, 0),
        "华南": (204, 20),
        "华南/张三": (184, 20),
        "华南/新人": (20, 0),
    }


def test_today_everything_is_where_people_are_now():
    assert shown(cards()[View.AS_IS]) == {
        "": (395, 132),
        "华东": (10, 5),
        "华东/李四": (10, 5),
        "华东/专家": (99, 0),
        "华南": (385, 120),
        "华南/张三": (365, 120),
        "华南/新人": (20, 0),
    }


def test_today_is_the_day_of_the_report():
    card = cards(FACTS[:1], as_of=JUNE)[View.AS_IS]
    assert shown(card)["华东/张三"] == (365, 100)
    assert shown(card)["华南/新人"] == (20, 0)


def test_what_has_no_seat_counts_above_in_both_views():
    for card in cards().values():
        assert card.row(metric="sales", period="2023").unassigned == 7


def test_a_balance_moves_along_with_the_person():
    then, now = cards().values()
    assert shown(then, "debt") == {"": (7, 5), "华东": (None, 2), "华东/李四": (None, 2)} | {
        "华南": (7, 3),
        "华南/张三": (7, 3),
    }
    assert shown(now, "debt")[""] == (7, 5)
    assert shown(then, "debt", "2023Q2")["华东/张三"] == (None, 8)


def test_readings_of_both_seats_are_one_today():
    then, now = cards().values()
    assert shown(then, "mean")["华东/张三"] == (5, 10)
    assert shown(now, "mean")["华南/张三"] == (5, 25)
    assert shown(then, "buyers")[""] == shown(now, "buyers")[""] == (None, 1)
    assert now.row("华南/张三", metric="rate", period="2023").actual == Fraction(70, 120)


def test_a_total_of_several_days_is_shown_in_both_views():
    year = PLAN.parse("2023Q3")
    facts = [Actual(on=year, members={"rep": "张三"}, values={"sales": 9, "debt": 4})]
    for card in cards([*facts, *facts]).values():
        assert shown(card)["华南/张三"][1] == 18
        assert shown(card, "debt")["华南/张三"][1] == 8


def test_the_latest_target_of_a_balance_is_that_of_the_last_seat():
    months = [target("张三", f"2023-{number:02}", number, "debt") for number in (5, 6, 7, 8)]
    then, now = cards([], plan(*months)).values()
    assert shown(then, "debt") == dict.fromkeys(("", "华南", "华南/张三"), (8, None))
    assert shown(then, "debt", "2023Q2")["华东/张三"] == (6, None)
    assert shown(now, "debt")[""] == (8, None)


def test_a_target_after_the_last_day_goes_to_the_last_seat():
    card = cards([], plan(target("李四", "2023Q4", 40)))[View.AS_WAS]
    assert shown(card)["华东/李四"][0] == shown(card)[""][0] == 40


def test_a_target_typed_above_goes_along_with_who_moved():
    then, now = cards([], plan(target("华东", amount=500), target("张三", amount=365))).values()
    assert (shown(then)["华东"][0], shown(then)[""][0]) == (500, 684)
    assert then.row("华东", metric="sales", period="2023").mismatch == 500 - 181
    assert (shown(now)["华东"][0], shown(now)[""][0]) == (500 - 181, 684)


def test_the_same_target_twice_is_one_too_many():
    with pytest.raises(PlanRefused, match="duplicate-target"):
        plan(target("张三", amount=1), target("张三", amount=2))


def test_owners_change_with_the_period():
    owned = plan(
        target("张三", "2023Q2", 1, ownership=Ownership(owner="王经理")),
        target("张三", "2023Q3", 1, ownership=Ownership(owner="赵经理")),
    )
    then, now = cards([], owned).values()

    def owner(card, goal, period):
        return card.row(goal, metric="sales", period=period).ownership.owner

    assert owner(then, "华东/张三", "2023Q2") == "王经理"
    assert owner(then, "华南/张三", "2023Q3") == "赵经理"
    assert owner(now, "华南/张三", "2023Q2") == "王经理"
    assert owner(now, "华南/张三", "2023") == "赵经理"


def test_a_review_belongs_to_the_seat_at_the_end_of_its_period():
    review = Review(scope={"rep": "张三"}, period="2023", cause="换区")
    then, now = cards([], plan(target("张三", amount=1), reviews=[review])).values()
    said = {row.goal: row.reviews for row in then.rows(metric="sales", level="year")}
    assert [each.cause for each in said["华南/张三"]] == ["换区"]
    assert said["华东/张三"] == ()
    (one,) = now.row("华南/张三", metric="sales", period="2023").reviews
    assert one.cause == "换区"


def test_causes_and_actions_move_along_with_their_person():
    review = Review(
        scope={"rep": "张三"}, period="2023-01", code="price_cut", amount=5, action="拜访"
    )
    then, now = cards([], plan(target("张三", amount=1), reviews=[review])).values()
    for card, goal in ((then, "华东/张三"), (now, "华南/张三")):
        (cause,), (action,) = card.plan.reviews.explanations, card.plan.reviews.actions
        codes = card.tree.scope[card.tree.node(goal)]
        assert (cause.codes, action.codes) == (codes, codes)


def test_every_member_means_who_has_a_seat_in_the_period():
    every = make_plan(
        name="下半年",
        period="2023H2",
        metrics=METRICS[:1],
        dimensions=[REP],
        breakdowns=[Breakdown(["rep"], every_member=True)],
    )
    paths = ("", "华东", "华南", "华南/张三", "华南/新人", "华东/专家")
    assert set(every.trees[0].path) == set(paths)
    today, _ = view_as_is(every, empty_cells(every, DECEMBER), DECEMBER)
    assert set(today.trees[0].path) == set(paths)
    assert today.trees[0].breakdown.every_member


def test_without_moves_there_is_nothing_to_do():
    still = make_plan(name="p", period="2023", metrics=METRICS[:1])
    cells = empty_cells(still, DECEMBER)
    assert view_as_is(still, cells, DECEMBER) == (still, cells)


def test_cross_cuts_follow_the_view():
    then, now = cards().values()
    assert shown(then.by("rep")) == shown(then)
    assert shown(now.by("rep")) == shown(now)


def test_credit_is_shared_and_an_overlay_stands_beside():
    shared = Actual(
        on=JUNE,
        values={"sales": 101, "mean": 9, "buyers": "云帆"},
        credits=[
            Credit("rep", "张三", Fraction(1, 2)),
            Credit("rep", "李四", Fraction(1, 2)),
            Credit("rep", "专家"),
        ],
    )
    card = cards([shared])[View.AS_WAS]
    assert shown(card) | {"": (395, 101)} == shown(card)
    assert shown(card)["华东"] == (191, 101)
    assert shown(card)["华东/张三"][1] + shown(card)["华东/李四"][1] == 101
    assert shown(card)["华东/专家"] == (99, 101)
    assert [shown(card, "mean")[goal][1] for goal in ("", "华东/张三", "华东/专家")] == [
        9,
        9,
        9,
    ]
    assert [shown(card, "buyers")[goal][1] for goal in ("", "华东/李四")] == [1, 1]
    paths = [row.goal for row in card.rows(level="year", metric="sales")]
    assert paths.index("华东/专家") > paths.index("华东/李四")


def test_an_average_weighs_by_the_share():
    facts = [
        Actual(
            on=JUNE,
            values={"mean": 10},
            credits=[
                Credit("rep", "张三", Fraction(1, 4)),
                Credit("rep", "李四", Fraction(3, 4)),
            ],
        ),
        fact("张三", JUNE, mean=20),
    ]
    card = cards(facts)[View.AS_WAS]
    assert shown(card, "mean")["华东/张三"][1] == Fraction(90, 5)
    assert shown(card, "mean")[""][1] == 15


def test_credits_name_what_the_plan_has_and_name_it_once():
    credit = Credit("rep", "张三")
    with pytest.raises(UsageError, match="members and in credits"):
        hold_against(
            PLAN,
            [Actual(on=JUNE, members={"rep": "李四"}, values={}, credits=[credit])],
            as_of=JUNE,
        )
    with pytest.raises(UnknownName):
        hold_against(
            PLAN, [Actual(on=JUNE, values={}, credits=[Credit("team", "A")])], as_of=JUNE
        )


def test_an_overlay_outside_the_tree_counts_nowhere():
    both = make_plan(
        name="p",
        period="2023",
        metrics=METRICS[:1],
        dimensions=[REP, Dimension("product", ["A"])],
        breakdowns=[["product", "rep"], ["rep"]],
        targets=[
            Target(scope={"rep": "专家"}, metric="sales", period="2023", target=9),
            Target(scope={"product": "A"}, metric="sales", period="2023", target=5),
        ],
    )
    booked = [Actual(on=JUNE, members={"rep": "专家", "product": "A"}, values={"sales": 3})]
    first, second = hold_against(both, booked, as_of=DECEMBER)
    assert shown(first) == {"": (5, 3), "A": (5, 3)}
    assert shown(second) == {"": (None, 3), "华东": (None, 3), "华东/专家": (9, 3)}
    assert shown(first.by("product")) == {"": (5, 3), "A": (5, 3)}


def test_today_a_revised_plan_keeps_its_original_targets_beside():
    original = plan(target("张三", amount=100), target("李四", amount=10)).targets
    revised = attrs.evolve(PLAN, original=original)
    today = cards(of=revised)[View.AS_IS]
    moved = today.row("华南/张三", metric="sales", period="2023")
    assert (moved.target, moved.original) == (365, 100)
    assert today.row(metric="sales", period="2023").original == 110
    assert cards()[View.AS_IS].plan.original is None


def test_today_dimensions_keep_their_names_and_every_member_its_goal():
    named = Dimension("rep", REP.members, name="员工")
    everybody = make_plan(
        name="人员",
        period="2023",
        metrics=METRICS,
        dimensions=[named],
        breakdowns=[Breakdown(["rep"], every_member=True)],
        targets=[target("张三", amount=365)],
    )
    today = cards(of=everybody)[View.AS_IS]
    assert today.plan.dimensions[0].name == "员工"
    assert today.tree.breakdown == Breakdown(["rep"], every_member=True)
    assert today.row("华南/新人", metric="sales", period="2023").target is None
