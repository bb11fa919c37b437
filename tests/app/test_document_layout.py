from __future__ import annotations

from datetime import date

import pytest

from salesgoal.app.plan_file.layout import IgnoreTable, LayoutTable
from salesgoal.errors import UsageError


@pytest.mark.parametrize("wrong", [{"header_row": 0}, {"table": 0}, {"header_rows": 3}])
def test_numbers_that_are_no_row_or_table_are_refused(wrong):
    with pytest.raises(UsageError):
        LayoutTable(**wrong)


def test_a_rule_that_leaves_nothing_out_is_refused():
    with pytest.raises(UsageError):
        IgnoreTable(column="客户")


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ({"equals": ["测试", "Test"]}, "客户: 测试、Test"),
        ({"since": date(2099, 1, 1)}, "客户: ≥2099-01-01"),
        ({"contains": "样", "until": date(2000, 1, 1)}, "客户: 样、≤2000-01-01"),
        ({"contains": "样", "name": "样品"}, "样品"),
    ],
)
def test_the_counts_call_a_rule_by_its_name_or_by_what_it_says(rule, name):
    assert IgnoreTable(column="客户", **rule).shown == name
