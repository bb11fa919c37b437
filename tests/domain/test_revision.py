from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.plan import make_plan
from salesgoal.domain.proposal import Over, RevisionRule
from salesgoal.domain.revision import propose, revise
from salesgoal.domain.target import Target
from salesgoal.errors import LabelRefused, NumberRefused, RevisionRefused, UnknownName
from salesgoal.sheets.revision_sheets import effect_sheet

SALES = Metric(id="sales", decimals=2)
REGIONS = Dimension("region", ["华东", "华南", "华北"])
PRODUCTS = Dimension("product", ["A", "B"])
MONTHS = ("2023-10", "2023-11", "2023-12")
NOVEMBER = date(2023, 11, 1)
FOUR = (("2023-10", 4), ("2023-11", 12))
TWO = (("2023-10", 2), ("2023-11", 6))


def typed(amount, period="2023Q4", measure="target", metric="sales", **scope):
    return Target(metric=metric, scope=scope, period=period, **{measure: amount})


def plan(*targets, **more):
    made = {
        "name": "Q4",
        "period": "2023Q4",
        "metrics": [SALES],
        "dimensions": [PRODUCTS, REGIONS],
        **more,
    }
    return make_plan(targets=targets, **made)


SPLIT = plan(
    typed(200, "2023-10", product="A"),
    typed(80, "2023-10", product="A", region="华东"),
    typed(70, "2023-10", product="A", region="华南"),
    typed(50, "2023-10", product="A", region="华北"),
)
YEARLY = plan(
    typed(2000),
    *(typed(amount, month) for amount, month in zip((600, 700, 700), MONTHS, strict=True)),
)


def changed(made, goal, period, to, **more):
    """Goal and period -> before and after, in yuan."""
    effect = revise(made, propose(made, goal, period=period, to=to, **more))
    return {
        (each.goal, each.period.label): (amount(each.before), amount(each.after))
        for each in effect.changes
    }


def amount(units):
    return None if units is None else Decimal(units) / 100


def codes(refused):
    assert all(each.text("zh") and each.text("en") for each in refused.problems)
    return [each.code for each in refused.problems]


def refusal(made, goal, period, to, **more):
    with pytest.raises(RevisionRefused) as caught:
        revise(made, propose(made, goal, period=period, to=to, **more))
    return codes(caught.value)


def test_restating_a_parent_gives_its_children_their_exact_shares():
    found = changed(SPLIT, "A", "2023-10", 100)
    assert found["A", "2023-10"] == (200, 100)
    assert found["A/华东", "2023-10"] == (80, 40)
    assert found["A/华南", "2023-10"] == (70, 35)
    assert found["A/华北", "2023-10"] == (50, 25)


def test_no_fen_is_lost_where_shares_do_not_come_out_even():
    found = changed(SPLIT, "A", "2023-10", Decimal("100.01"))
    shares = [found[f"A/{region}", "2023-10"][1] for region in ("华东", "华南", "华北")]
    assert shares == [Decimal("40.00"), Decimal("35.00"), Decimal("25.01")] or sum(
        shares
    ) == Decimal("100.01")


def test_restating_a_child_takes_the_parent_with_it_where_they_tied():
    assert changed(SPLIT, "A/华东", "2023-10", 70)["A", "2023-10"] == (200, 190)


def test_a_parent_that_differed_keeps_its_value():
    made = plan(typed(210, product="A"), typed(80, product="A", region="华东"))
    assert ("A", "2023Q4") not in changed(made, "A/华东", "2023Q4", 70)


def test_restating_a_parent_scales_what_differed_by_the_same_factor():
    made = plan(typed(200, product="A"), typed(80, product="A", region="华东"))
    assert changed(made, "A", "2023Q4", 100)["A/华东", "2023Q4"] == (80, 40)


def test_restating_a_quarter_rescales_its_months():
    found = changed(YEARLY, "", "2023Q4", 1000)
    assert [found["", month][1] for month in MONTHS] == [300, 350, 350]


def test_restating_a_month_takes_the_quarter_with_it():
    assert changed(YEARLY, "", "2023-10", 500) == {
        ("", "2023Q4"): (2000, 1900),
        ("", "2023-10"): (600, 500),
    }


def test_zero_is_shared_and_from_zero_the_parts_are_even():
    zero = revise(YEARLY, propose(YEARLY, "", period="2023Q4", to=0)).plan
    assert zero.targets.of("sales")[zero.period] == {(-1, -1): 0}
    assert changed(zero, "", "2023Q4", 3) == {
        ("", "2023Q4"): (0, 3),
        **{("", month): (0, 1) for month in MONTHS},
    }


def test_what_adds_up_to_zero_but_differs_cannot_be_scaled_and_stays():
    made = plan(typed(0), *(typed(10, month) for month in MONTHS))
    assert changed(made, "", "2023Q4", 30) == {("", "2023Q4"): (0, 30)}


def test_where_nothing_is_typed_below_the_target_itself_is_typed():
    assert changed(SPLIT, "A/华东", "2023-11", 5)["A/华东", "2023-11"] == (None, 5)


def test_a_first_month_of_its_own_does_not_hide_what_the_children_have():
    made = plan(typed(80, product="A"), typed(20, product="B"))
    assert changed(made, "", "2023-10", 30) == {
        ("", "2023Q4"): (100, 130),
        ("", "2023-10"): (None, 30),
    }


def test_from_now_keeps_the_periods_that_had_begun():
    found = changed(
        YEARLY, "", "2023Q4", 1000, rule=RevisionRule.FROM_NOW, effective_on=NOVEMBER
    )
    assert found == {
        ("", "2023Q4"): (2000, 1300),
        ("", "2023-11"): (700, 350),
        ("", "2023-12"): (700, 350),
    }


def test_from_now_of_a_new_target_is_allowed_only_ahead():
    rule = {"rule": RevisionRule.FROM_NOW, "effective_on": NOVEMBER}
    assert changed(SPLIT, "A/华东", "2023-11", 5, **rule)["A/华东", "2023-11"] == (None, 5)
    late = {**rule, "effective_on": date(2023, 11, 2)}
    assert refusal(SPLIT, "A/华东", "2023-11", 5, **late) == ["nothing-takes-it"]


def test_from_now_without_anything_ahead_is_refused():
    rule = {"rule": RevisionRule.FROM_NOW}
    assert refusal(SPLIT, "A", "2023-10", 5, **rule, effective_on=NOVEMBER) == [
        "nothing-takes-it"
    ]
    assert refusal(SPLIT, "A", "2023-10", 5, **rule) == ["no-effective-day"]


def test_from_now_to_the_same_value_changes_nothing():
    rule = {"rule": RevisionRule.FROM_NOW, "effective_on": NOVEMBER}
    assert changed(YEARLY, "", "2023Q4", 2000, **rule) == {}


def test_keeping_the_total_moves_the_difference_to_later_months_by_weight():
    made = plan(typed(300), typed(100, MONTHS[0]), typed(50, MONTHS[1]), typed(150, MONTHS[2]))
    found = changed(made, "", "2023-10", 60, rule=RevisionRule.KEEP_TOTAL)
    assert found == {
        ("", "2023-10"): (100, 60),
        ("", "2023-11"): (50, 60),
        ("", "2023-12"): (150, 180),
    }


def test_keeping_the_total_over_siblings_keeps_the_parent():
    over = {"rule": RevisionRule.KEEP_TOTAL, "over": Over.SIBLINGS}
    found = changed(SPLIT, "A/华东", "2023-10", 68, **over)
    assert ("A", "2023-10") not in found
    assert (found["A/华南", "2023-10"], found["A/华北", "2023-10"]) == ((70, 77), (50, 55))


def test_the_path_says_whose_siblings_are_meant():
    made = plan(
        *(typed(10, product=p, region=r) for p in "AB" for r in ("华东", "华南")),
        breakdowns=[["product", "region"], ["region", "product"]],
    )
    over = {"rule": RevisionRule.KEEP_TOTAL, "over": Over.SIBLINGS}
    assert ("A/华南", "2023Q4") in changed(made, "A/华东", "2023Q4", 8, **over)
    assert ("B/华东", "2023Q4") in changed(made, "华东/A", "2023Q4", 8, **over)


@pytest.mark.parametrize(
    ("goal", "period", "to", "over", "code"),
    [
        ("", "2023-12", 1, Over.PERIODS, "nothing-takes-it"),
        ("", "2023-10", 2001, Over.PERIODS, "below-zero"),
        ("", "2023-10", 1, Over.SIBLINGS, "nothing-takes-it"),
    ],
)
def test_nobody_takes_more_than_there_is(goal, period, to, over, code):
    assert refusal(YEARLY, goal, period, to, rule=RevisionRule.KEEP_TOTAL, over=over) == [code]


def test_keeping_a_total_that_is_not_there_is_refused():
    rule = {"rule": RevisionRule.KEEP_TOTAL}
    assert refusal(SPLIT, "A", "2023-11", 5, **rule) == ["nothing-takes-it"]


def test_targets_below_zero_need_the_metrics_leave():
    assert refusal(YEARLY, "", "2023Q4", -1) == ["below-zero"]
    loss = Metric(id="sales", decimals=2, negative=True)
    made = plan(typed(-80, product="A"), typed(20, product="B"), typed(-60), metrics=[loss])
    found = changed(made, "", "2023Q4", -120)
    assert found == {
        ("", "2023Q4"): (-60, -120),
        ("A", "2023Q4"): (-80, -160),
        ("B", "2023Q4"): (20, 40),
    }


def test_a_closed_period_refuses_and_later_ones_do_not():
    closed = attrs.evolve(YEARLY, closed=(YEARLY.parse("2023-10"),))
    assert refusal(closed, "", "2023-10", 5) == ["period-closed"]
    assert refusal(closed, "", "2023Q4", 5) == ["period-closed"]
    rule = {"rule": RevisionRule.FROM_NOW, "effective_on": date(2023, 10, 1)}
    assert ("", "2023-10") not in changed(closed, "", "2023Q4", 1000, **rule)


def test_keeping_the_total_passes_over_closed_months():
    closed = attrs.evolve(YEARLY, closed=(YEARLY.parse("2023-11"),))
    found = changed(closed, "", "2023-10", 500, rule=RevisionRule.KEEP_TOTAL)
    assert found == {("", "2023-10"): (600, 500), ("", "2023-12"): (700, 800)}


def test_a_proposal_is_stale_once_its_value_has_changed():
    first = propose(YEARLY, "", period="2023-10", to=500)
    after = revise(YEARLY, first).plan
    with pytest.raises(RevisionRefused) as caught:
        revise(after, first)
    assert codes(caught.value) == ["revision-stale"]


def test_no_target_and_a_target_of_zero_are_different_starts():
    absent = propose(SPLIT, "A", period="2023-11", to=5)
    assert absent.before is None
    with pytest.raises(RevisionRefused) as caught:
        revise(SPLIT, attrs.evolve(absent, before=0))
    assert codes(caught.value) == ["revision-stale"]
    zero = revise(SPLIT, propose(SPLIT, "A", period="2023-11", to=0)).plan
    assert propose(zero, "A", period="2023-11", to=5).before == 0


def test_the_plan_itself_stays_as_it_was_and_the_copy_keeps_the_original():
    effect = revise(YEARLY, propose(YEARLY, "", period="2023-10", to=500))
    assert YEARLY.original is None
    assert effect.plan.original == YEARLY.targets
    again = revise(effect.plan, propose(effect.plan, "", period="2023-10", to=400))
    assert again.plan.original == YEARLY.targets


@pytest.mark.parametrize("measure", ["floor", "stretch", "commit"])
def test_each_measure_is_revised_alone(measure):
    made = plan(typed(9, measure=measure), typed(8))
    effect = revise(made, propose(made, "", period="2023Q4", to=5, measure=measure))
    assert [(each.measure, each.after) for each in effect.changes] == [(measure, 500)]
    assert effect.untied == ()


def test_a_metric_that_does_not_add_is_set_alone():
    debt = Metric(id="debt", aggregation=Aggregation.LAST)
    made = plan(
        *(typed(10, month, metric="debt") for month in MONTHS),
        typed(10, metric="debt"),
        metrics=[debt],
    )
    effect = revise(made, propose(made, "", period="2023Q4", to=5))
    assert [(each.period.label, each.after) for each in effect.changes] == [("2023Q4", 5)]
    assert revise(made, propose(made, "", period="2023Q4", to=10)).changes == ()
    for rule, code in (("keep-total", "nothing-takes-it"), ("from-now", "nothing-takes-it")):
        assert refusal(made, "", "2023Q4", 5, rule=rule, effective_on=NOVEMBER) == [code]
    ahead = {"rule": "from-now", "effective_on": NOVEMBER}
    effect = revise(made, propose(made, "", period="2023-12", to=5, **ahead))
    assert [each.period.label for each in effect.changes] == ["2023-12"]


def test_a_first_balance_of_its_own_does_not_hide_the_childrens():
    debt = Metric(id="debt", aggregation=Aggregation.LAST)
    made = plan(typed(10, metric="debt", product="A"), metrics=[debt])
    effect = revise(made, propose(made, "", period="2023-10", to=5))
    assert [(each.period.label, each.after) for each in effect.changes] == [("2023-10", 5)]


def test_a_rate_follows_its_parts():
    cash = Metric(id="cash", decimals=2)
    rate = Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales"))
    made = plan(typed(100), typed(50, metric="cash"), metrics=[SALES, cash, rate])
    effect = revise(made, propose(made, "", period="2023Q4", to=80, metric="cash"))
    assert [(each.metric.id, each.after) for each in effect.changes] == [
        ("cash", 8000),
        ("rate", 80),
    ]


def test_a_breakdown_that_no_longer_ties_is_named():
    made = plan(
        *(typed(10, product=each) for each in "AB"),
        *(typed(10, region=each) for each in ("华东", "华南")),
        typed(20),
        breakdowns=[["product"], ["region"]],
    )
    effect = revise(made, propose(made, "A", period="2023Q4", to=8))
    (untied,) = effect.untied
    assert (untied.goal, untied.breakdown, untied.mismatch) == ("", "region", -200)


def test_two_breakdowns_of_the_same_leaves_stay_tied():
    leaves = [(p, r) for p in "AB" for r in ("华东", "华南")]
    made = plan(
        *(typed(10, product=p, region=r) for p, r in leaves),
        *(typed(20, product=p) for p in "AB"),
        *(typed(20, region=r) for r in ("华东", "华南")),
        typed(40),
        breakdowns=[["product", "region"], ["region", "product"]],
    )
    for goal in ("", "A", "华东", "华东/A"):
        assert revise(made, propose(made, goal, period="2023Q4", to=7)).untied == ()


def test_a_period_that_crosses_the_goals_own_is_refused():
    weekly = plan(typed(10, "2023-10w2"), typed(9, "2023-11"))
    assert refusal(weekly, "", "2023-10t1", 5) == ["revision-crosses"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"goal": "C"}, UnknownName),
        ({"goal": {"region": "华东"}}, UnknownName),
        ({"period": "2024-01"}, UnknownName),
        ({"period": "soon"}, LabelRefused),
        ({"metric": "cash"}, UnknownName),
        ({"measure": "wish"}, UnknownName),
    ],
)
def test_unknown_names_are_refused(change, error):
    wanted = {"goal": "A", "period": "2023-10", "to": 5, **change}
    goal = wanted.pop("goal")
    with pytest.raises(error):
        propose(SPLIT, goal, **wanted)


def test_a_value_that_the_metric_cannot_hold_is_refused():
    with pytest.raises(NumberRefused):
        revise(SPLIT, propose(SPLIT, "A", period="2023-10", to=Decimal("1.001")))


def test_the_original_target_stands_beside_in_every_cut():
    after = revise(SPLIT, propose(SPLIT, "A/华东", period="2023-10", to=70)).plan
    (card,) = hold_against(after, [], as_of=NOVEMBER)
    row = card.row("A/华东", metric="sales", period="2023-10")
    assert (row.original, row.target) == (8000, 7000)
    cut = card.by("region").row("华东", metric="sales", period="2023-10")
    assert (cut.original, cut.target) == (8000, 7000)


def test_the_effect_of_a_first_target_has_no_difference():
    effect = revise(SPLIT, propose(SPLIT, "A/华东", period="2023-11", to=5))
    line = next(
        each for each in effect_sheet(effect, {}, {}).lines if each.cells[4].value is None
    )
    assert [line.cells[at].value for at in (5, 6)] == [500, None]


def test_another_breakdown_takes_what_it_must_in_the_revised_month():
    """The quarter's leaves tie both breakdowns; only October may move in either of them."""
    grid = {("A", "华东"): 180, ("A", "华南"): 120, ("B", "华东"): 120, ("B", "华南"): 180}
    months = {"2023-10": 90, "2023-11": 120, "2023-12": 90}
    made = plan(
        *(typed(v, product=p, region=r) for (p, r), v in grid.items()),
        *(typed(v, month, product=p) for p in "AB" for month, v in months.items()),
        *(typed(v, month, region=r) for r in ("华东", "华南") for month, v in months.items()),
        *(typed(2 * v, month) for month, v in months.items()),
        breakdowns=[["product", "region"], ["region", "product"]],
    )
    effect = revise(made, propose(made, "华东", period="2023-10", to=150))
    moved = {each.period.label for each in effect.changes}
    assert moved == {"2023-10", "2023Q4"}
    assert effect.untied == ()
    found = changed(made, "华东", "2023-10", 150)
    assert (found["A", "2023-10"], found["B", "2023-10"]) == ((90, 126), (90, 114))


def test_a_refusal_says_the_amounts_as_people_read_them():
    first = propose(YEARLY, "", period="2023-10", to=500)
    after = revise(YEARLY, first).plan
    with pytest.raises(RevisionRefused) as caught:
        revise(after, attrs.evolve(first, before=1234))
    (stale,) = caught.value.problems
    assert dict(stale.facts) == {"stated": "1,234", "now": "500.00"}
    with pytest.raises(RevisionRefused) as caught:
        revise(SPLIT, attrs.evolve(propose(SPLIT, "A", period="2023-11", to=5), before=7))
    assert dict(caught.value.problems[0].facts) == {"stated": "7", "now": "-"}
    with pytest.raises(RevisionRefused) as caught:
        revise(YEARLY, attrs.evolve(first, before=None))
    assert dict(caught.value.problems[0].facts) == {"stated": "-", "now": "600.00"}


def test_what_begins_on_the_effective_day_itself_changes():
    ahead = {"rule": RevisionRule.FROM_NOW, "effective_on": NOVEMBER}
    assert changed(YEARLY, "", "2023-11", 600, **ahead)["", "2023-11"] == (700, 600)
    debt = Metric(id="debt", aggregation=Aggregation.LAST)
    made = plan(typed(10, "2023-11", metric="debt"), metrics=[debt])
    effect = revise(made, propose(made, "", period="2023-11", to=5, **ahead))
    assert [(each.before, each.after) for each in effect.changes] == [(10, 5)] * 2


def test_a_balance_that_is_typed_leaves_longer_periods_as_they_derive():
    debt = Metric(id="debt", aggregation=Aggregation.LAST)
    made = plan(
        typed(10, "2023-10", metric="debt"),
        typed(7, "2023-10", metric="debt", product="A"),
        metrics=[debt],
    )
    after = revise(made, propose(made, "A", period="2023-10", to=5)).plan
    assert {each.label for each in after.targets.of("debt")} == {"2023-10"}


def test_weeks_and_months_typed_beside_one_another_take_no_difference_for_another():
    made = plan(typed(90, "2023-10"), typed(60, "2023-11"), typed(20, "2023-11w1"))
    found = changed(made, "", "2023-10", 60, rule=RevisionRule.KEEP_TOTAL)
    assert found["", "2023-11"] == (60, 90)
    with pytest.raises(RevisionRefused):
        revise(made, propose(made, "", period="2023-11", to=5, rule=RevisionRule.KEEP_TOTAL))


def test_goals_that_are_not_typed_pass_on_what_their_shorter_periods_take():
    """华东 is typed nowhere: what 上海 takes in each month must still reach the total."""
    area = Dimension("region", ["华东", Member("上海", parent="华东"), "华南"])
    made = plan(
        typed(8, product="A", region="上海"),
        typed(8, product="A", region="华南"),
        *(typed(value, month, region=r) for r in ("上海", "华南") for month, value in TWO),
        *(typed(2 * value, month) for month, value in TWO),
        typed(16),
        dimensions=[PRODUCTS, area],
        breakdowns=[["product"], ["region", "product"]],
    )
    effect = revise(made, propose(made, "华东/上海/A", period="2023Q4", to=0))
    found = {(each.goal, each.period.label): each.after for each in effect.changes}
    assert (found["", "2023-10"], found["", "2023-11"]) == (200, 600)
    assert [each for each in effect.untied if each.breakdown != "product"] == []


def test_a_goal_of_several_breakdowns_changes_once_and_with_its_scope():
    made = plan(
        *(typed(10, product=p, region=r) for p in "AB" for r in ("华东", "华南")),
        breakdowns=[["product", "region"], ["region", "product"]],
    )
    effect = revise(made, propose(made, "A/华东", period="2023Q4", to=8))
    assert [(each.goal, each.scope) for each in effect.changes] == [
        ("", (-1, -1)),
        ("A", (0, -1)),
        ("A/华东", (0, 0)),
        ("华东", (-1, 0)),
    ]


def test_what_no_longer_ties_is_named_for_any_metric():
    cash, rate = (
        Metric(id="cash"),
        Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales")),
    )
    made = plan(
        *(typed(10, product=each, metric="cash") for each in "AB"),
        *(typed(10, region=each, metric="cash") for each in ("华东", "华南")),
        typed(20, metric="cash"),
        metrics=[rate, SALES, cash],
        breakdowns=[["product"], ["region"]],
    )
    effect = revise(made, propose(made, "A", period="2023Q4", to=8, metric="cash"))
    (untied,) = effect.untied
    assert (untied.breakdown, untied.period.label, untied.mismatch) == ("region", "2023Q4", -2)


def test_the_total_waits_for_what_every_breakdown_says_below_it():
    made = plan(
        *(typed(8, product=p, region=r) for p in "AB" for r in ("华东", "华南")),
        *(typed(value, month, region=r) for r in ("华东", "华南") for month, value in FOUR),
        *(typed(2 * value, month) for month, value in FOUR),
        breakdowns=[["product", "region"], ["region", "product"]],
    )
    effect = revise(made, propose(made, "A", period="2023Q4", to=0))
    found = {(each.goal, each.period.label): each.after for each in effect.changes}
    assert (found["", "2023-10"], found["", "2023-11"]) == (400, 1200)
    assert effect.untied == ()


def crossed(a_months, b_months):
    """A and B by month, 华东 and 华南 by month, their leaves by quarter alone."""
    grid = {("A", "华东"): 180, ("A", "华南"): 120, ("B", "华东"): 120, ("B", "华南"): 180}
    half = [sum(each) // 2 for each in zip(a_months, b_months, strict=True)]
    return plan(
        *(typed(v, product=p, region=r) for (p, r), v in grid.items()),
        *(typed(v, month, product="A") for month, v in zip(MONTHS, a_months, strict=True)),
        *(typed(v, month, product="B") for month, v in zip(MONTHS, b_months, strict=True)),
        *(
            typed(v, month, region=r)
            for r in ("华东", "华南")
            for month, v in zip(MONTHS, half, strict=True)
        ),
        *(typed(2 * v, month) for month, v in zip(MONTHS, half, strict=True)),
        breakdowns=[["product", "region"], ["region", "product"]],
    )


def test_a_month_that_comes_to_exactly_zero_still_takes_the_difference_alone():
    found = changed(crossed((12, 144, 144), (28, 136, 136)), "华东", "2023-10", 0)
    assert found["A", "2023-10"] == (12, 0)
    assert ("A", "2023-11") not in found


def test_where_the_revised_month_has_too_little_the_other_months_take_part():
    found = changed(crossed((10, 145, 145), (30, 135, 135)), "华东", "2023-10", 0)
    months = [found["A", month] for month in MONTHS]
    assert all(after > 0 for _, after in months)
    assert sum(after - before for before, after in months) == -12
    assert found["B", "2023-10"] == (30, 22)


def test_a_path_that_is_not_there_comes_with_those_that_end_like_it():
    with pytest.raises(UnknownName, match=r"no goal is called '华北'.*A/华北"):
        propose(SPLIT, "华北", period="2023-10", to=5)


def test_a_proposal_keeps_the_label_as_the_calendar_writes_it():
    assert propose(SPLIT, "A", period="2023年10月", to=5).period == "2023-10"
