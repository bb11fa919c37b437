"""What users of other tools complain about when a target is shared out, as facts about ours.

Each test names the complaint; the figures are those that were reported or measured there.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest

from salesgoal.app.load import load_plan
from salesgoal.domain.basis import Profile, day_weights, percent_weights
from salesgoal.domain.calendar import parse_period, subdivide
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.number import apportion
from salesgoal.domain.period import Level
from salesgoal.domain.plan import whole_span
from salesgoal.domain.share_rule import ShareRule, distribute, split
from salesgoal.domain.target import derive_targets
from salesgoal.errors import AllocationRefused, PlanRefused

from .desk import call, lay_out

CALENDAR = MonthCalendar()
YEAR = parse_period(CALENDAR, "2023")
MONTHS = subdivide(CALENDAR, YEAR, Level.MONTH)
HEAD = """\
[plan]
name = "年度"
period = "{period}"
[metrics.sales]
unit = "元"
decimals = 2
[dimensions.rep]
path = "reps.csv"
[[breakdowns]]
by = ["rep"]
"""


def lay_plan(folder, tables, reps=("甲", "乙", "丙"), period="2023", targets=None):
    (folder / "plan.toml").write_text(HEAD.format(period=period) + tables, encoding="utf-8")
    (folder / "reps.csv").write_text("\n".join(["name", *reps, ""]), encoding="utf-8")
    if targets:
        (folder / "targets.csv").write_text(targets, encoding="utf-8")
    return folder


def figures(plan, label, path=""):
    period = plan.parse(label)
    found = derive_targets(plan.trees[0], plan.metrics[0], plan.targets.of("sales"), [period])
    return found[period][plan.trees[0].node(path)]


def test_100000_over_twelve_months_is_100000_not_99999_96():
    """ERPNext shows 12 x 8,333.33."""
    parts = distribute(100_000_00, MONTHS)
    assert sum(parts.values()) == 100_000_00
    assert set(parts.values()) == {8_333_33, 8_333_34}


def test_no_cent_is_lost_or_made_for_any_count_of_people():
    """beancount_interpolate#18, actual#1400, eAPD#788."""
    for count in range(1, 120):
        assert sum(apportion(100_01, [1] * count)) == 100_01


def test_the_order_of_members_does_not_decide_who_gets_the_cent():
    """rusty_money#103: unless two are exactly alike, where the earlier gets it."""
    weights = {"甲": 1, "乙": 2, "丙": 4}
    results = [
        split(100_00, {name: weights[name] for name in order})
        for order in permutations(weights)
    ]
    assert all(each == results[0] for each in results)


def test_percentages_of_99_996_are_refused_not_rounded():
    """ERPNext accepts them and moves a target of 100,000,000 by 4,000."""
    with pytest.raises(AllocationRefused, match=r"come to 99\.996, not to 100"):
        percent_weights([Decimal("8.333")] * 12)
    twelfths = percent_weights([Fraction(100, 12)] * 12)
    assert sum(apportion(100_000_000_00, twelfths)) == 100_000_000_00


def test_a_profile_of_99_996_percent_stops_the_plan(tmp_path):
    tables = "[profiles.flat]\npercents = [{}]\n".format(", ".join(["8.333"] * 12))
    with pytest.raises(PlanRefused) as caught:
        load_plan(lay_plan(tmp_path, tables))
    assert [each.code for each in caught.value.problems] == ["percent-total"]


def test_an_18_month_year_takes_no_12_month_profile_and_never_totals_150_percent():
    """ERPNext matches months by name, so that six of them come twice."""
    eighteen = whole_span(YEAR.start, parse_period(CALENDAR, "2024-06").last)
    months = subdivide(CALENDAR, eighteen, Level.MONTH)
    profile = Profile("淡旺季", [1] * 12)
    with pytest.raises(AllocationRefused, match="12 entries for 18 parts"):
        profile.of(len(months))
    longer = Profile("十八个月", list(range(1, 19)))
    parts = distribute(1_000_00, months, ShareRule(weights=longer.of(18)))
    assert sum(parts.values()) == 1_000_00


def test_a_profile_follows_the_position_so_a_year_from_april_begins_with_its_first_entry():
    fiscal = MonthCalendar(start_month=4, year_name="end")
    months = subdivide(fiscal, parse_period(fiscal, "FY2024"), Level.MONTH)
    parts = distribute(78, months, ShareRule(weights=Profile("p", range(1, 13)).of(12)))
    assert next(iter(parts)).label == "2023-04"
    assert list(parts.values()) == list(range(1, 13))


def test_equal_months_are_equal_and_days_are_only_used_where_they_are_asked_for():
    """mis-builder#280: 120,000 a year showed 10,191.78 in January and 9,205.48 in February."""
    equal = distribute(120_000_00, MONTHS)
    assert set(equal.values()) == {10_000_00}
    by_days = distribute(120_000_00, MONTHS, ShareRule(weights=day_weights(MONTHS)))
    assert list(by_days.values())[:2] == [10_191_78, 9_205_48]
    assert sum(by_days.values()) == 120_000_00


def test_the_weeks_of_a_month_add_up_to_it_and_the_months_to_the_year(tmp_path):
    """metasfresh: year / 12 / 4 is not year / 52."""
    tables = '[[cascades]]\ntotal = 100000\nsteps = [{ into = "month" }, { into = "week" }]\n'
    plan = load_plan(lay_plan(tmp_path, tables)).plan
    assert figures(plan, "2023") == 100_000_00
    weeks = [
        [figures(plan, week.label) for week in subdivide(CALENDAR, month, Level.WEEK)]
        for month in MONTHS
    ]
    assert [sum(each) for each in weeks] == [figures(plan, month.label) for month in MONTHS]
    assert sum(map(sum, weeks)) == 100_000_00


def test_december_is_what_is_left_and_is_checked_like_every_month(tmp_path):
    """悟空: 年目标 and the twelve months are never compared, December not even validated."""
    amounts = ", ".join(f'"2023-{month:02}" = 9000' for month in range(1, 12))
    tables = (
        '[[cascades]]\ntotal = 100000\nsteps = [{{ into = "month", amounts = {{ {} }} }}]\n'
    )
    plan = load_plan(lay_plan(tmp_path, tables.format(amounts))).plan
    assert figures(plan, "2023-12") == 1_000_00
    folder = lay_plan(tmp_path, tables.format(amounts + ', "2023-12" = 999'))
    with pytest.raises(PlanRefused) as caught:
        load_plan(folder)
    assert [each.code for each in caught.value.problems] == ["typed-unequal"]


def test_2100_targets_need_three_lines_not_2100(tmp_path):
    """frappe/hrms#3152: 1,250 to 2,100 manual assignments, 10 to 17 hours."""
    reps = [f"代表{number:03}" for number in range(175)]
    tables = '[[cascades]]\ntotal = 50000000\nsteps = [{ by = "rep" }, { into = "month" }]\n'
    plan = load_plan(lay_plan(tmp_path, tables, reps)).plan
    made = sum(len(column) for column in plan.targets.of("sales").values())
    assert made == 2_100
    assert figures(plan, "2023") == 50_000_000_00


def test_what_is_typed_for_one_is_kept_and_the_others_share_the_rest(tmp_path):
    """Copying a plan and correcting one line must not lose that line."""
    tables = (
        '[[targets]]\npath = "targets.csv"\n'
        '[[cascades]]\ntotal = 1000\nsteps = [{ by = "rep" }]\n'
    )
    folder = lay_plan(tmp_path, tables, targets="rep,期间,目标\n甲,2023,700\n")
    plan = load_plan(folder).plan
    assert [figures(plan, "2023", name) for name in ("甲", "乙", "丙", "")] == [
        700_00,
        150_00,
        150_00,
        1_000_00,
    ]


def test_over_assignment_is_seen_and_never_changes_the_total(tmp_path, capsys):
    tables = (
        '[[cascades]]\ntotal = 999.99\nsteps = [{ by = "rep", over_assignment_pct = 10 }]\n'
    )
    folder = lay_plan(tmp_path, tables)
    plan = load_plan(folder).plan
    assert figures(plan, "2023") == 999_99
    assert sum(figures(plan, "2023", name) for name in ("甲", "乙", "丙")) == 1_099_99
    code, _, said = call(capsys, "check", folder, "--lang", "en")
    assert code == 1
    assert "999.99 and the children's 1,099.99 differ by -100.00" in said


def test_round_figures_still_sum_exactly():
    """Targets in whole 万元; the odd rest goes to the largest."""
    rule = ShareRule(weights={"华东": 8, "华南": 7, "华北": 5}, step=10_000_00)
    parts = split(2_345_678_90, ["华东", "华南", "华北"], rule)
    assert sum(parts.values()) == 2_345_678_90
    assert {name: units % 10_000_00 for name, units in parts.items()} == {
        "华东": 5_678_90,
        "华南": 0,
        "华北": 0,
    }


def test_a_target_lands_in_the_period_that_it_names_whatever_the_fiscal_year(tmp_path):
    """QuotaEdit#54, #55: quotas in the wrong month or year."""
    tables = (
        '[[cascades]]\ntotal = 12\nsteps = [{ into = "quarter", weights = [0, 1, 0, 0] }]\n'
    )
    folder = lay_plan(tmp_path, tables, period="FY2024")
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    fiscal = '[plan.calendar]\nstart_month = 4\nyear_name = "end"\n[metrics.sales]'
    (folder / "plan.toml").write_text(text.replace("[metrics.sales]", fiscal), encoding="utf-8")
    plan = load_plan(folder).plan
    assert figures(plan, "FY2024Q2") == 12_00
    assert plan.parse("FY2024Q2").start.isoformat() == "2023-07-01"


def test_a_new_split_does_not_double_an_old_one(tmp_path, capsys):
    """QuotaEdit#82: duplicates on bulk upsert; here the second table is named."""
    folder = lay_out(tmp_path, targets="区域,产品,期间,目标\n,,2023Q4,1000\n")
    for name in ("one.csv", "two.csv"):
        assert call(capsys, "split", folder, "--by", "region", "-o", folder / name)[0] == 0
        with (folder / "plan.toml").open("a", encoding="utf-8") as stream:
            stream.write(f'[[targets]]\npath = "{name}"\n')
    code, _, said = call(capsys, "check", folder, "--lang", "en")
    assert code == 3
    assert "two.csv, row 2" in said
    assert "[duplicate-target]" in said
