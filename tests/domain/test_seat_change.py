from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.condense import empty_cells
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.membership import View
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.scorecard import score
from salesgoal.domain.target import Target

MARCH = date(2025, 3, 31)
MEMBERS = (
    "华东队",
    "华南队",
    "华北队",
    Member("张三", parent="华东队", until=date(2025, 2, 14)),
    Member("张三", parent="华南队", since=date(2025, 2, 15)),
    Member("李四", parent="华东队"),
    Member("王五", parent="华南队"),
    Member("赵六", parent="华北队", until=date(2025, 1, 31)),
    Member("赵六", parent="华东队", since=date(2025, 2, 1)),
)
NAMES = ("华东队", "华南队", "华北队", "张三", "李四", "王五", "赵六")
PERIODS = ("2025Q1", "2025-01", "2025-02", "2025-03")


def plan(targets, metric=None):
    return make_plan(
        name="一季度",
        period="2025Q1",
        metrics=[metric or Metric(id="sales")],
        dimensions=[Dimension("rep", MEMBERS)],
        breakdowns=[["rep"]],
        targets=[
            Target(scope={"rep": name} if name else {}, metric="sales", period=period, **said)
            for (name, period), said in targets.items()
        ],
    )


def shown(made, measure="target"):
    """View -> goal and period -> target."""
    found = {}
    for view in View:
        (card,) = score(made, empty_cells(made, MARCH), {}, MARCH, view)
        found[view] = {
            (row.goal, row.period.label): getattr(row, measure) for row in card.rows()
        }
    return found


def test_a_typed_team_gives_up_what_its_mover_takes_along():
    made = plan(
        {
            ("华东队", "2025-01"): {"target": 1000, "commit": 900},
            ("张三", "2025-01"): {"target": 600, "commit": 550},
            ("李四", "2025-01"): {"target": 400, "commit": 350},
            ("王五", "2025-01"): {"target": 50, "commit": 40},
        }
    )
    found = shown(made)
    assert found[View.AS_WAS]["华东队", "2025Q1"] == 1000
    assert found[View.AS_IS]["华东队", "2025Q1"] == 400
    assert found[View.AS_IS]["华南队", "2025Q1"] == 650
    assert found[View.AS_IS]["", "2025Q1"] == found[View.AS_WAS]["", "2025Q1"] == 1050
    commits = shown(made, "commit")
    assert commits[View.AS_IS]["华东队", "2025-01"] == 350
    assert commits[View.AS_IS]["", "2025-01"] == commits[View.AS_WAS]["", "2025-01"] == 940


def test_a_team_whose_only_member_left_keeps_what_it_had_beyond_him():
    made = plan(
        {
            ("华北队", "2025-01"): {"target": 700},
            ("赵六", "2025-01"): {"target": 500},
            ("华东队", "2025-01"): {"target": 90},
        }
    )
    found = shown(made)[View.AS_IS]
    assert (found["华北队", "2025-01"], found["华东队", "2025-01"]) == (200, 590)
    assert found["", "2025-01"] == shown(made)[View.AS_WAS]["", "2025-01"] == 790


@pytest.mark.parametrize("aggregation", [Aggregation.AVERAGE, Aggregation.MAXIMUM])
def test_targets_that_do_not_add_stay_as_they_were_typed(aggregation):
    made = plan(
        {("华东队", "2025-01"): {"target": 10}, ("张三", "2025-01"): {"target": 6}},
        Metric(id="sales", aggregation=aggregation),
    )
    found = shown(made)
    assert found[View.AS_IS]["华东队", "2025-01"] == 10
    assert found[View.AS_IS]["华南队/张三", "2025-01"] == 6


def typed(periods):
    return st.dictionaries(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(periods)),
        st.integers(0, 500).map(lambda amount: {"target": amount}),
        min_size=1,
        max_size=14,
    )


@given(typed(PERIODS[1:]) | typed(PERIODS[:1]))
def test_the_views_have_one_root_where_tables_are_typed_at_one_level(targets):
    """A month of a team beside a quarter of its mover hides the one or the other."""
    found = shown(plan(targets))
    for _, period in targets:
        assert found[View.AS_IS]["", period] == found[View.AS_WAS]["", period]
