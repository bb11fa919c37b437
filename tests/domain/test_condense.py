from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesgoal.domain.actual import Actual
from salesgoal.domain.calendar import parse_period
from salesgoal.domain.condense import empty_cells, fact_metrics, hold_against
from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.plan import make_plan
from salesgoal.domain.target import Target
from salesgoal.errors import FloatRefused, NumberRefused, UnknownName, UsageError

OCTOBER = parse_period(MonthCalendar(), "2023-10")
OCT_6, OCT_31 = date(2023, 10, 6), date(2023, 10, 31)
PLAN = make_plan(
    name="10月",
    period="2023-10",
    metrics=[
        Metric(id="sales", decimals=2),
        Metric(id="cash", decimals=2),
        Metric(id="buyers", aggregation=Aggregation.DISTINCT),
        Metric(id="rate", unit="%", aggregation=Ratio("cash", "sales")),
    ],
    dimensions=[Dimension("region", ["华东", "华南"])],
    targets=[Target(metric="sales", scope={"region": "华东"}, period="2023-10", target=100)],
)


def fact(on=OCT_6, region="华东", **values):
    return Actual(on=on, members={"region": region}, values=values)


def hold(*actuals, as_of=OCT_31):
    (card,) = hold_against(PLAN, actuals, as_of=as_of)
    return card


def test_ratios_carry_no_facts():
    assert [each.id for each in fact_metrics(PLAN)] == ["sales", "cash", "buyers"]
    assert empty_cells(PLAN, OCT_31).metrics == fact_metrics(PLAN)


def test_values_become_units_and_keys_are_counted():
    card = hold(fact(sales=Decimal("60.50"), buyers="k1"), fact(sales=1, buyers="k1"))
    assert card.row(metric="sales", period=OCTOBER).actual == 6150
    assert card.row(metric="buyers", period=OCTOBER).actual == 1


def test_a_metric_is_covered_from_its_first_to_its_last_day():
    card = hold(fact(on=date(2023, 10, 3), sales=1), fact(on=OCT_6, sales=1), fact(cash=1))
    assert card.coverage == {
        "sales": [(date(2023, 10, 3), OCT_6)],
        "cash": [(OCT_6, OCT_6)],
    }


def test_a_period_total_covers_its_whole_period():
    card = hold(fact(on=OCTOBER, sales=60))
    assert card.coverage == {"sales": [(date(2023, 10, 1), OCT_31)]}
    assert card.row(metric="sales", period=OCTOBER).actual == 6000
    assert card.row(metric="sales", period="2023-10w1").actual == 0


def test_the_total_of_a_period_that_is_not_over_neither_counts_nor_covers():
    before = date(2023, 10, 30)
    card = hold(fact(on=OCTOBER, sales=60), fact(cash=1), as_of=before)
    row = card.row(metric="sales", period=OCTOBER)
    assert card.coverage == {"cash": [(OCT_6, OCT_6)]}
    assert (row.actual, row.status) == (None, "no_data")


def test_a_fact_may_name_no_member():
    card = hold(Actual(on=OCT_6, values={"sales": 5}))
    assert card.row(metric="sales", period=OCTOBER).unassigned == 500


@pytest.mark.parametrize(
    ("actual", "error"),
    [
        (fact(region="华北", sales=1), UnknownName),
        (Actual(on=OCT_6, members={"area": "x"}, values={}), UnknownName),
        (fact(profit=1), UnknownName),
        (fact(sales=0.5), FloatRefused),
        (fact(sales=Decimal("0.005")), NumberRefused),
        (fact(sales="12"), NumberRefused),
        (fact(rate=90), UsageError),
    ],
)
def test_a_value_that_the_plan_cannot_hold_is_refused(actual, error):
    with pytest.raises(error):
        hold(actual)


def test_a_text_is_no_number_and_says_which_metric_needs_one():
    with pytest.raises(NumberRefused) as refused:
        hold(fact(sales="12"))
    assert (refused.value.code, refused.value.value) == ("not-a-number", "12")
    assert "sales needs a number" in str(refused.value)
    assert refused.value.zh == "12 是文本 - sales 需要数字"
