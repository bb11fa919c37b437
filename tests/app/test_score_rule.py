from __future__ import annotations

from fractions import Fraction

import pytest

from salesgoal.app.load import load_plan
from salesgoal.app.score_rule import make_score_rule
from salesgoal.domain.composite import MissingRule
from salesgoal.errors import PlanRefused

PLAN = """\
[plan]
name = "十月"
period = "2023-10"

[metrics.sales]
decimals = 2

[metrics.visits]

[dimensions.rep]
members = ["张三"]

"""


def load(tmp_path, more):
    (tmp_path / "plan.toml").write_text(PLAN + more, encoding="utf-8")
    return load_plan(tmp_path)


def test_weights_caps_and_floors_are_percent(tmp_path):
    loaded = load(
        tmp_path,
        '[score]\nmissing = "reweigh"\nby = ["rep"]\n'
        "[score.metrics.sales]\nweight = 66.6\ncap = 120\nfloor = 50\n"
        "[score.metrics.visits]\nweight = 33.4\n",
    )
    rule = make_score_rule(loaded.document.score)
    sales, visits = rule.weights
    assert (sales.share, sales.cap, sales.floor) == (
        *(Fraction(666, 1000), Fraction(6, 5), Fraction(1, 2)),
    )
    assert (visits.share, visits.cap, visits.floor) == (Fraction(334, 1000), None, None)
    assert rule.missing is MissingRule.REWEIGH


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("sales = { weight = 60 }", ["percent-total"]),
        ("sales = { weight = 99.99 }", ["percent-total"]),
        ("sals = { weight = 100 }", ["unknown-reference"]),
        ("sales = { weight = 120 }\nvisits = { weight = -20 }", ["bad-value"]),
        ("sales = { weight = 100, cap = 80, floor = 90 }", ["bad-value"]),
        ('sales = { weight = 100 }\n[score]\nby = ["area"]', ["unknown-reference"]),
    ],
)
def test_a_score_that_cannot_be_is_refused(tmp_path, more, expected):
    with pytest.raises(PlanRefused) as refused:
        load(tmp_path, f"[score.metrics]\n{more}\n")
    assert [each.code for each in refused.value.problems] == expected


def test_weights_say_what_they_come_to(tmp_path):
    with pytest.raises(PlanRefused, match=r"come to 99\.99, not to 100"):
        load(tmp_path, "[score.metrics]\nsales = { weight = 99.99 }\n")


def test_a_plan_may_bring_its_own_causes(tmp_path):
    own = '[causes.rain]\nkind = "objective"\nname = "下雨"\n'
    (cause,) = load(tmp_path, own).plan.reviews.causes
    assert (cause.code, cause.name, cause.name_en) == ("rain", "下雨", "rain")
    with pytest.raises(PlanRefused, match="subjective, objective"):
        load(tmp_path, own.replace("objective", "weather"))
