from __future__ import annotations

from datetime import date

import attrs
import pytest

from salesgoal.app.books import Selection, report_book, tables_book, track_book
from salesgoal.app.load import load_plan
from salesgoal.app.track import track
from salesgoal.errors import UnknownName

PLAN = """\
[plan]
name = "团队"
period = "{period}"
{levels}
[metrics.sales]
[metrics.cash]
[dimensions.region]
members = ["华东", "华南"]
[dimensions.product]
members = ["A", "B"]
[[breakdowns]]
by = ["region", "product"]
[[breakdowns]]
by = ["product"]
[[targets]]
path = "targets.csv"
"""


@pytest.fixture
def tracked(tmp_path):
    def made(reports="", period="2023Q4", levels="", as_of=date(2023, 11, 15)):
        (tmp_path / "plan.toml").write_text(
            PLAN.format(period=period, levels=levels) + reports, encoding="utf-8"
        )
        rows = f"region,product,period,target\n华东,A,{period},3\n,B,{period},4\n"
        (tmp_path / "targets.csv").write_text(rows, encoding="utf-8")
        return track(load_plan(tmp_path), as_of=as_of)

    return made


def tables(tracking):
    return [sheet.id for sheet in tables_book([tracking]).sheets]


@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("2023-10", ["personal_month"]),
        ("2023Q4", ["team_quarter"]),
        ("2023", ["product_year"]),
        ("2023H2", []),
    ],
)
def test_the_table_that_suits_the_period_is_shown(tracked, period, names):
    assert tables(tracked(period=period)) == names


def test_the_tables_that_the_plan_asks_for_are_shown(tracked):
    reports = (
        '[reports.personal_month]\nperiod = "2023-10"\nmetric = "cash"\n'
        '[reports.team_quarter]\nby = ["product"]\n'
    )
    levels = 'levels = ["quarter", "month", "week"]'
    book = tables_book([tracked(reports, levels=levels)])
    assert [sheet.id for sheet in book.sheets] == ["personal_month", "team_quarter"]
    assert book.sheets[1].columns[0].key == "product"
    assert book.title.zh == "团队"


def test_a_cross_cut_is_made_where_no_breakdown_has_it(tracked):
    book = tables_book([tracked('[reports.team_quarter]\nby = ["product", "region"]\n')])
    keys = [column.key for column in book.sheets[0].columns]
    assert (keys[0], "region" in keys) == ("product", False)  # lines are of products alone


@pytest.mark.parametrize(
    ("reports", "as_of", "month"),
    [
        ("", date(2023, 11, 15), "month2_actual"),
        ("", date(2023, 9, 1), "month1_actual"),
        ("", date(2024, 5, 1), "month3_actual"),
        ('[reports.team_quarter]\ndetail = "2023-10"\n', date(2024, 5, 1), "month1_actual"),
    ],
)
def test_the_last_month_begun_stands_in_detail(tracked, reports, as_of, month):
    (sheet,) = tables_book([tracked(reports, as_of=as_of)]).sheets
    assert [column.key for column in sheet.columns if column.key.startswith("month")].count(
        month
    ) == 1


def test_a_quarter_without_months_has_no_table_of_months(tracked):
    tracking = tracked(levels='levels = ["quarter"]')
    with pytest.raises(UnknownName, match="no level of this plan is called 'month'"):
        tables(tracking)


def test_a_report_has_tables_first_and_accounts_for_every_plan(tracked):
    tracking = tracked()
    book = report_book([tracking, tracking])
    rest = ["children", "cumulative", "rows", "reconciliation", "row_counts", "problems"]
    first = ["overview", "behind", "team_quarter", "team_quarter_2"]
    second = [f"{name}_2" for name in rest]
    assert [sheet.id for sheet in book.sheets] == [*first, *rest, *second]
    assert book.title.zh == "团队、团队"
    assert all(sheet.title.zh.endswith(" · 团队") for sheet in book.sheets[2:])


def test_a_report_of_one_plan_does_not_repeat_its_name(tracked):
    book = report_book([tracked()])
    assert [sheet.title.zh for sheet in book.sheets[:3]] == [
        "总览",
        "落后目标",
        "季度销售目标汇总表(团队版)",
    ]


def test_a_book_says_what_it_speaks_of(tracked):
    book = track_book([tracked()], Selection())
    assert book.meta == {
        "plan": "团队",
        "as_of": "2023-11-15",
        "known_at": None,
        "calendar": "gregorian",
        "target_version": "original",
        "view": "as_was",
    }


def test_a_book_of_several_plans_says_what_it_speaks_of_plan_by_plan(tracked):
    one, other = tracked(), tracked()
    plan = attrs.evolve(other.plan, name="乙队", version="v2")
    other = attrs.evolve(other, loaded=attrs.evolve(other.loaded, plan=plan), portion="张三")
    meta = report_book([one, other]).meta
    assert meta["plan"] == "团队、乙队"
    assert meta["target_version"] == "original、v2"
    assert (meta["as_of"], meta["known_at"]) == ("2023-11-15", None)
    assert report_book([other, one]).meta["portion"] == "张三、-"


def test_a_goal_is_looked_for_in_every_breakdown(tracked):
    def goals(name):
        sheet = track_book([tracked()], Selection(goal=name, level="quarter")).sheet("rows")
        at = sheet.position("goal")
        return list(dict.fromkeys(line.cells[at].value for line in sheet.lines))

    assert goals("B") == ["B"]
    assert goals("华东") == ["华东", "华东/A"]
    with pytest.raises(UnknownName):
        goals("华北")
