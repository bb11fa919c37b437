from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.condense import hold_against
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.plan import make_plan
from salesgoal.domain.target import Target
from salesgoal.errors import UnknownName

OCT_6 = date(2023, 10, 6)
PRODUCT = Dimension("product", ["A", "B"])
REGION = Dimension("region", ["华东", Member("上海", parent="华东"), "华南"])
CHANNEL = Dimension("channel", ["web"])


def target(amount, metric="sales", **scope):
    return Target(metric=metric, scope=scope, period="2023-10", target=amount)


SALES = (Metric(id="sales"),)


def hold(*targets, metrics=SALES, facts=(), as_of=date(2023, 10, 31)):
    plan = make_plan(
        name="10月",
        period="2023-10",
        metrics=metrics,
        dimensions=[PRODUCT, REGION, CHANNEL],
        breakdowns=[["product", "region"]],
        targets=targets,
    )
    actuals = [Actual(on=OCT_6, members=members, values=values) for members, values in facts]
    return hold_against(plan, actuals, as_of=as_of)[0]


def shown(card, field="target", metric="sales"):
    rows = card.rows(metric=metric, level="month")
    return {row.goal: getattr(row, field) for row in rows}


CARD = hold(
    target(5, product="A", region="华东"),
    target(3, product="A", region="上海"),
    target(7, product="B", region="上海"),
    target(1, product="B", region="华南"),
    facts=[
        ({"product": "A", "region": "上海"}, {"sales": 2}),
        ({"product": "B", "region": "上海"}, {"sales": 4}),
        ({"product": "B"}, {"sales": 8}),
        ({"region": "华南", "channel": "web"}, {"sales": 16}),
    ],
)


def test_targets_and_facts_add_up_along_another_dimension():
    by_region = CARD.by("region")
    assert shown(by_region) == {"": 13, "华东": 12, "华东/上海": 10, "华南": 1}
    assert shown(by_region, "actual") == {"": 30, "华东": 6, "华东/上海": 6, "华南": 16}
    assert shown(by_region, "unassigned") == {"": 8, "华东": 0, "华东/上海": 0, "华南": 0}


def test_dimensions_may_stand_in_another_order():
    found = shown(CARD.by("region", "product"))
    assert found["华东/上海/B"] == 7
    assert found["华东/上海/A"] == 3
    assert found["华南/B"] == 1


def test_a_member_and_one_below_it_never_overlap():
    card = hold(
        target(3, product="A", region="上海"),
        facts=[
            ({"product": "A", "region": "华东"}, {"sales": 2}),
            ({"product": "A", "region": "上海"}, {"sales": 4}),
            ({"product": "B", "region": "华南"}, {"sales": 8}),
        ],
    ).by("region", "product")
    assert shown(card, "actual") == {
        "": 14,
        "华东": 6,
        "华东/上海": 4,
        "华东/上海/A": 4,
        "华南": 8,
        "华南/B": 8,
    }
    assert shown(card, "unassigned")["华东"] == 2


def test_every_cut_has_the_same_root():
    roots = {shown(CARD.by(*names), "actual")[""] for names in (["product"], ["channel"], [])}
    assert roots == {30}


def test_a_dimension_of_no_breakdown_has_no_targets_and_the_root_keeps_its_own():
    by_channel = CARD.by("channel")
    assert shown(by_channel) == {"": 13, "web": None}
    rows = by_channel.rows(metric="sales", level="month")
    assert [each.progress.expected for each in rows] == [13, None]
    assert shown(by_channel, "mismatch") == {"": None, "web": None}
    assert shown(by_channel, "actual") == {"": 30, "web": 16}


def test_goals_of_a_breakdown_keep_their_targets_where_a_cut_goes_on_below_them():
    found = shown(CARD.by("region", "channel"))
    assert found == {"": 13, "华东": 12, "华东/上海": 10, "华南": 1, "华南/web": None}


def test_a_parent_target_is_counted_once():
    card = hold(target(100, product="A"), target(60, product="A", region="华东"))
    assert shown(card.by("region")) == {"": 100, "华东": 60}
    assert shown(card.by("product")) == {"": 100, "A": 100}


def test_members_without_targets_appear_when_facts_name_them():
    card = hold(
        target(5, product="A", region="华东"),
        facts=[({"product": "B", "region": "华南"}, {"sales": 2})],
    )
    assert shown(card.by("region")) == {"": 5, "华东": 5, "华南": None}


@pytest.mark.parametrize(
    ("aggregation", "merged"),
    [
        (Aggregation.SUM, 170),
        (Aggregation.LAST, 170),
        (Aggregation.MAXIMUM, 90),
        (Aggregation.MINIMUM, 80),
        (Aggregation.AVERAGE, None),
        (Ratio("cash", "sales"), None),
    ],
)
def test_targets_of_several_goals_merge_by_the_metrics_rule(aggregation, merged):
    metrics = [Metric(id="sales"), Metric(id="cash"), Metric(id="m", aggregation=aggregation)]
    card = hold(
        target(90, "m", product="A", region="华东"),
        target(80, "m", product="B", region="华东"),
        metrics=metrics,
    )
    assert shown(card.by("region"), metric="m")["华东"] == merged
    assert shown(card.by("product"), metric="m")["A"] == (None if merged is None else 90)


def test_an_unknown_dimension_is_refused():
    with pytest.raises(UnknownName, match="no dimension is called 'area'"):
        CARD.by("area")


@pytest.mark.parametrize("by", [("region",), ("product",), ("region", "product")])
def test_what_is_expected_of_a_cut_is_what_its_targets_come_to_by_the_day(by):
    card = hold(
        target(5, product="A", region="华东"),
        target(3, product="A", region="上海"),
        target(7, product="B", region="上海"),
        target(1, product="B", region="华南"),
        as_of=OCT_6,
    )
    rows = list(card.by(*by).rows(metric="sales", level="month"))
    assert [each.progress.expected for each in rows] == [
        None if each.target is None else Fraction(each.target * 6, 31) for each in rows
    ]
    assert rows[0].progress.expected == Fraction(13 * 6, 31)
    assert sum(each.target is not None for each in rows) > 2


@pytest.mark.parametrize(
    ("as_of", "column"),
    [
        (date(2023, 10, 1), [Fraction(90, 31) + 1, Fraction(90, 31), 1]),
        (date(2023, 10, 31), [90 + 31, 90, 31]),
        (date(2023, 11, 15), [95 + 46, 95, 46]),
        (date(2023, 12, 31), [192, 100, 92]),
    ],
)
def test_a_cut_expects_what_the_goals_expect_that_it_is_made_of(as_of, column):
    typed = [
        ({"product": "A", "region": "华东"}, "2023-10", 90),
        ({"product": "A", "region": "华东"}, "2023-11", 10),
        ({"product": "B", "region": "华南"}, "2023Q4", 92),
    ]
    plan = make_plan(
        name="第四季度",
        period="2023Q4",
        metrics=SALES,
        dimensions=[PRODUCT, REGION],
        targets=[
            Target(metric="sales", scope=scope, period=label, target=units)
            for scope, label, units in typed
        ],
    )
    (card,) = hold_against(plan, [], as_of=as_of)
    cut = card.by("region")
    found = [cut.row(path, metric="sales", period="2023Q4") for path in ("", "华东", "华南")]
    assert [each.progress.expected for each in found] == column
    assert [each.target for each in found] == [192, 100, 92]
