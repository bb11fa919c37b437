"""Pace, projection and what is required per workday, in frames, are those of the rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoal import (
    Actual,
    Aggregation,
    Dimension,
    Direction,
    Metric,
    Ratio,
    Target,
    hold_against,
    make_plan,
)
from salesgoal.domain.pace import PaceBasis, PaceSettings
from salesgoal.domain.scorecard import score
from salesgoal.domain.work_calendar import Weekdays
from salesgoal.frames.array_cells import from_cells
from salesgoal.frames.kernel import ArrayKernel

from .oracle import shown

MINIMISE = Direction.MINIMISE
SUM = Metric(id="sum", decimals=2, negative=True)
STOCK = Metric(id="stock", aggregation=Aggregation.LAST, negative=True)
METRICS = [
    [
        SUM,
        Metric(id="cost", direction=MINIMISE, negative=True),
        Metric(id="buyers", aggregation=Aggregation.DISTINCT),
    ],
    [
        Metric(id="grown", baseline=7, negative=True),
        Metric(id="saved", baseline=40, direction=MINIMISE),
        Metric(id="stock_from", aggregation=Aggregation.LAST, baseline=9, negative=True),
    ],
    [
        SUM,
        STOCK,
        Metric(id="per_stock", aggregation=Ratio("sum", "stock"), negative=True),
        Metric(id="share", unit="%", aggregation=Ratio("stock", "sum"), negative=True),
    ],
    [
        Metric(id="best", aggregation=Aggregation.MAXIMUM, negative=True),
        Metric(id="worst", aggregation=Aggregation.MINIMUM, direction=MINIMISE, negative=True),
        Metric(id="mean", decimals=1, aggregation=Aggregation.AVERAGE),
    ],
]
"""Sums and counts, baselines, ratios, extremes."""
GOALS = ["甲", "乙"]
FIGURES = ("expected", "projected", "required")
HUGE = 9 * 10**12
amounts = st.integers(0, 9) | st.integers(-60, 60) | st.sampled_from([HUGE, 0])
days = st.dates(date(2023, 10, 2), date(2023, 12, 30))
ENDS = [
    *map(
        date.fromisoformat,
        ["2023-09-28", "2023-10-01", "2023-10-31", "2023-12-29", "2023-12-31"],
    )
]
"""All is to come, no workday is over yet, a month is, no workday is left, all is over."""
thresholds = st.builds(
    lambda basis, limits: PaceSettings(
        basis=basis, at_risk=limits[0], on_track=limits[1], ahead=limits[2]
    ),
    st.sampled_from([PaceBasis.TYPED, PaceBasis.WORKDAYS, PaceBasis.DAYS]),
    st.lists(st.fractions(0, 2, max_denominator=30), min_size=3, max_size=3).map(sorted),
)


@st.composite
def cards(draw, metrics):
    """A scorecard in lists and in arrays, of goals with and without targets and facts."""
    as_of = draw(days | st.sampled_from(ENDS))
    plan = make_plan(
        name="Q4",
        period="2023Q4",
        metrics=metrics,
        dimensions=[Dimension("product", GOALS)],
        workdays=draw(st.sampled_from([None, Weekdays()])),
        pace=draw(thresholds),
        targets=[
            Target(metric=metric.id, period=period, scope={"product": goal}, target=target)
            for goal in GOALS
            for metric in metrics
            for period in draw(st.sampled_from([["2023Q4"], ["2023-10", "2023-11"], []]))
            for target in [draw(amounts)]
            if target >= 0 or metric.negative
        ],
    )
    carried = [each for each in metrics if not isinstance(each.aggregation, Ratio)]
    facts = []
    for goal in GOALS:
        for metric in carried:
            found = draw(amounts | st.none())
            if found is None or (found < 0 and not metric.negative):
                continue
            value = f"客户{found}" if metric.id == "buyers" else found
            members = {"product": goal}
            facts.append(
                Actual(
                    on=draw(days.map(partial(min, as_of)) | days),
                    members=members,
                    values={metric.id: value},
                )
            )
    (lists,) = hold_against(plan, facts, as_of=as_of)
    (arrays,) = score(
        lists.plan, from_cells(lists.cells), lists.coverage, as_of, kernel=ArrayKernel()
    )
    return lists, arrays


@pytest.mark.parametrize("metrics", METRICS, ids=["sums", "baselines", "ratios", "extremes"])
@settings(max_examples=40)
@given(data=st.data())
def test_a_frame_says_of_progress_what_the_rows_say(metrics, data):
    lists, arrays = data.draw(cards(metrics))
    places = max(each.decimals for each in lists.plan.metrics) + 4
    wanted = [
        {
            "metric": row.metric.id,
            "goal": row.goal,
            "pace": row.progress.pace and str(row.progress.pace),
            **{
                name: shown(getattr(row.progress, name), row.metric.decimals, places)
                for name in FIGURES
            },
        }
        for row in lists.rows()
    ]
    for card in (lists, arrays):
        assert card.to_frame().select("metric", "goal", "pace", *FIGURES).to_dicts() == wanted


def test_a_month_half_over_on_workdays():
    plan = make_plan(
        name="10月",
        period="2023-10",
        metrics=[Metric(id="sales", name="销售额", unit="元", decimals=2)],
        dimensions=[Dimension("region", ["华东", "华南", "华北"])],
        workdays=Weekdays(),
        targets=[
            Target(metric="sales", period="2023-10", scope={"region": "华东"}, target=2_200),
            Target(metric="sales", period="2023-10", scope={"region": "华南"}, target=2_200),
            Target(metric="sales", period="2023-10", scope={"region": "华北"}, target=2_200),
        ],
    )
    sold = [("华东", 1_200), ("华南", 800), ("华北", Decimal("2199.99"))]
    facts = [
        Actual(on=date(2023, 10, 9), members={"region": region}, values={"sales": amount})
        for region, amount in sold
    ]
    # October 2023 has 22 weekdays; the 16th is the eleventh.
    (card,) = hold_against(plan, facts, as_of=date(2023, 10, 16))
    frame = card.to_frame(level="month").filter(card.to_frame(level="month")["leaf"])
    assert frame["expected"].to_list() == [1100, 1100, 1100]
    assert frame["pace"].to_list() == ["ahead", "behind", "ahead"]
    assert frame["projected"].to_list() == [2400, 1600, Decimal("4399.98")]
    assert frame["required"].to_list() == [
        Decimal("90.909091"),
        Decimal("127.272727"),
        Decimal("0.000909"),
    ]
