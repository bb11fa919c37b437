from __future__ import annotations

from datetime import date

import pytest

from salesgoal.app.load import load_plan
from salesgoal.app.reviews.report import over_explained, review_book, review_sheets
from salesgoal.app.track import track

PLAN = """\
[plan]
name = "十月"
period = "2023-10"

[metrics.first]
aggregation = "average"

[metrics.sales]

[metrics.orders]

[metrics.price]
aggregation = "ratio"
numerator = "sales"
denominator = "orders"

[dimensions.rep]
members = ["张三", "李四"]

[[actuals]]
path = "records.csv"

[[reviews]]
path = "said.csv"
"""
RECORDS = "date,rep,first,sales,orders\n2023-10-06,张三,1,10,1\n2023-10-31,李四,1,10,1\n"


@pytest.fixture
def sheets(tmp_path):
    def make(plan=PLAN, said="period,hint\n2023-10,好\n"):
        contents = {"plan.toml": plan, "records.csv": RECORDS, "said.csv": said}
        for name, content in contents.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        return track(load_plan(tmp_path), as_of=date(2023, 10, 31))

    return make


def ids(tracking):
    return [each.id for each in review_sheets(tracking)]


def test_a_plan_without_targets_has_nothing_to_split(sheets):
    tracking = sheets()
    assert ids(tracking) == ["gaps"]
    assert [each.id for each in review_book(tracking).sheets] == ["gaps"]
    assert over_explained(tracking) == []
    assert ids(sheets(PLAN.replace('[metrics.first]\naggregation = "average"\n', ""))) == [
        "gaps"
    ]


def test_without_reviews_a_report_has_only_the_ranking_that_the_plan_asks_for(sheets):
    assert ids(sheets(said="period,hint\n")) == []
    score = '[score]\nby = ["rep"]\n[score.metrics]\nsales = { weight = 100 }\n'
    (found,) = review_sheets(sheets(PLAN + score, said="period,hint\n"))
    assert [line.cells[1].value for line in found.lines] == ["张三", "李四"]


TARGETED = PLAN.replace('[metrics.first]\naggregation = "average"\n', "") + (
    '\n[[targets]]\npath = "targets.csv"\n'
)


def test_causes_are_listed_and_the_total_gap_is_split_by_them(sheets, tmp_path):
    (tmp_path / "targets.csv").write_text("rep,period,target\n张三,2023-10,50\n", "utf-8")
    said = "rep,period,cause,amount\n张三,2023-10,天气,5\n"
    tracking = sheets(TARGETED, said=said)
    assert ids(tracking) == ["gaps", "variance_by_child", "variance_by_cause"]
    assert [each.id for each in review_book(tracking).sheets] == ["gaps", "causes"]
