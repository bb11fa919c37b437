from __future__ import annotations

import sys
from datetime import date

import pytest

from salesgoal.app.load import load_plan
from salesgoal.app.plan_file.schema import plan_schema
from salesgoal.app.track import track
from salesgoal.domain.work_calendar import Overlay, Provisional, Weekdays, WorkdayTable
from salesgoal.domain.workday_count import count_workdays
from salesgoal.errors import PlanRefused

HEAD = '[plan]\nname = "团队"\nperiod = "{period}"\n{table}[metrics.sales]\n'
OCTOBER = "".join(f"2023-10-{day:02},{int(day > 7)}\n" for day in range(1, 32))
TABLE = 'kind = "table"\npath = "days.csv"\n'


@pytest.fixture
def write(tmp_path):
    """Writes a plan with a work calendar and the tables beside it; returns its path."""

    def written(table, period="2023-10", days=None, overlay=None):
        files = {"days.csv": days, "overlay.csv": overlay}
        for name, rows in files.items():
            if rows is not None:
                text = rows if "is_workday" in rows else f"date,is_workday\n{rows}"
                (tmp_path / name).write_text(text, encoding="utf-8")
        path = tmp_path / "plan.toml"
        table = table and f"[plan.workdays]\n{table}"
        path.write_text(HEAD.format(period=period, table=table), encoding="utf-8")
        return path

    return written


def refusal(path):
    with pytest.raises(PlanRefused) as refused:
        load_plan(path)
    return [str(each) for each in refused.value.problems]


def october(plan):
    return count_workdays(plan.workdays, plan.parse("2023-10")).workdays


def test_a_plan_that_does_not_say_has_no_work_calendar(write):
    assert load_plan(write("")).plan.workdays is None


def test_monday_to_friday_are_worked_unless_the_plan_names_others(write):
    assert load_plan(write('kind = "weekdays"\n')).plan.workdays == Weekdays()
    six = 'days = ["mon", "tue", "wed", "thu", "fri", "sat"]\n'
    found = load_plan(write(six)).plan
    assert october(found) == 26
    assert found.warnings == ()


def test_a_table_and_an_overlay_give_days(write):
    found = load_plan(write(TABLE, days=OCTOBER)).plan
    assert isinstance(found.workdays, WorkdayTable)
    assert (found.workdays.name, october(found)) == ("days", 24)
    more = TABLE + 'overlay = "overlay.csv"\n'
    overlay = "日期,is_workday\n2023年10月31日,休\n2023/10/1,班\n2023-10-30,false\n"
    found = load_plan(write(more, days=OCTOBER, overlay=overlay)).plan
    assert isinstance(found.workdays, Overlay)
    assert october(found) == 23


def test_china_knows_its_make_up_days(write):
    pytest.importorskip("chinese_calendar", reason="the extra cn is not installed")
    found = load_plan(write('kind = "china"\n')).plan
    assert (october(found), found.warnings) == (19, ())


def test_a_country_knows_its_holidays(write):
    pytest.importorskip("holidays", reason="the extra holidays is not installed")
    text = 'kind = "country"\ncountry = "DE"\nsubdivision = "BY"\n'
    assert october(load_plan(write(text)).plan) == 21


def test_days_that_are_not_known_refuse_the_plan(write):
    (gap,) = refusal(write(TABLE, period="2023Q4", days=OCTOBER))
    assert gap == (
        "plan.toml, workdays: 61 days from 2023-11-01 on are not known to the work calendar; "
        "it covers days until 2023-10-31 - give them in the table of overlay or path, or set "
        "provisional = true [unknown-workdays]"
    )


def test_estimated_days_are_a_warning(write):
    text = TABLE + "provisional = true\n"
    found = load_plan(write(text, period="2023Q4", days=OCTOBER)).plan
    (warning,) = found.warnings
    assert warning.code == "provisional-workdays"
    assert "61 天的工作日是估计的，从 2023-11-01 起" in warning.text("zh")
    assert found.workdays == Provisional(found.workdays.official, Weekdays())
    assert load_plan(write(text, days=OCTOBER)).plan.warnings == ()


def test_next_year_in_china_is_estimated_by_its_statutory_holidays_or_by_weekdays(write):
    pytest.importorskip("chinese_calendar", reason="the extra cn is not installed")
    pytest.importorskip("holidays", reason="the extra holidays is not installed")
    text = 'kind = "china"\n'
    assert "[unknown-workdays]" in refusal(write(text, period="2090"))[0]
    text += "provisional = true\n"
    year = load_plan(write(text, period="2090")).plan
    statutory = count_workdays(year.workdays, year.period)
    year = load_plan(write(text + 'days = ["mon"]\n', period="2090")).plan
    mondays = count_workdays(year.workdays, year.period)
    assert (statutory.estimated, mondays.estimated) == (365, 365)
    assert 240 <= statutory.workdays <= 255
    assert mondays.workdays == 52


FAULTS = [
    ('kind = "moon"\n', "plan.workdays.kind: give one of weekdays, china, country, table"),
    ("knd = 1\n", "plan.workdays.knd: there is no such key; did you mean kind"),
    ('days = ["funday"]\n', "plan.workdays.days#1: give one of mon, tue"),
    ("days = []\n", "plan.workdays: no weekday is worked"),
    ("provisional = true\n", "plan.workdays: provisional does not go with kind weekdays"),
    ('country = "DE"\n', "country does not go with kind weekdays, which takes days, overlay"),
    ('kind = "table"\n', "plan.toml, plan.workdays.path: this key is required"),
    ('kind = "table"\npath = "no.csv"\n', "no.csv: there is no such file"),
    ('kind = "country"\n', "plan.toml, plan.workdays.country: this key is required"),
    ('kind = "country"\ncountry = "DE"\npath = "x"\n', "path does not go with kind country"),
    ('overlay = "no.csv"\n', "no.csv: there is no such file"),
]


@pytest.mark.parametrize(("text", "words"), FAULTS)
def test_a_wrong_key_is_said_with_its_path(write, text, words):
    found = refusal(write(text))
    assert len(found) == 1
    assert words in found[0]


def test_a_work_calendar_is_a_table(write):
    path = write("")
    text = path.read_text("utf-8").replace("[metrics", 'workdays = "china"\n[metrics')
    path.write_text(text, "utf-8")
    assert refusal(path) == [
        "plan.toml, plan.workdays: give a table - correct the value [bad-value]"
    ]


def test_an_unknown_country_is_refused(write):
    pytest.importorskip("holidays", reason="the extra holidays is not installed")
    (found,) = refusal(write('kind = "country"\ncountry = "XX"\n'))
    assert "plan.workdays: no country is called 'XX'" in found


ROWS = [
    ("2023-10-32,1\n", "days.csv, row 2, date: '2023-10-32' is not a date"),
    ("2023-10-01,maybe\n", "days.csv, row 2, is_workday: 'maybe' says neither yes nor no"),
    ("2023-10-01,\n", "days.csv, row 2, is_workday: must not be blank"),
    (",1\n", "days.csv, row 2, date: must not be blank"),
    (
        "2023-10-01,1\n2023-10-01,0\n",
        "row 3: '2023-10-01' this day already stands at days.csv, ",
    ),
    (
        "day,is_workday\n2023-10-01,1\n",
        "days.csv, on: the header has no such column; it has day",
    ),
]


@pytest.mark.parametrize(("rows", "words"), ROWS)
@pytest.mark.parametrize("table", [TABLE, 'overlay = "days.csv"\n'])
def test_a_wrong_row_is_said_with_its_address(write, table, rows, words):
    (found,) = refusal(write(table, days=rows))
    assert words in found


def test_a_table_without_a_day_is_refused_and_an_overlay_without_one_changes_nothing(write):
    (found,) = refusal(write(TABLE, days="date,is_workday\n"))
    assert "plan.toml, plan.workdays: days has no day" in found
    overlay = load_plan(write('overlay = "days.csv"\n', days="date,is_workday\n")).plan
    assert overlay.workdays == Overlay(Weekdays(), {})


@pytest.mark.parametrize(
    ("text", "module", "extra"),
    [
        ('kind = "china"\n', "chinese_calendar", "cn"),
        ('kind = "country"\ncountry = "DE"\n', "holidays", "holidays"),
    ],
)
def test_a_missing_package_is_said_with_the_command(write, monkeypatch, text, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    (found,) = refusal(write(text))
    assert found.startswith("plan.toml, plan.workdays: needs the package ")
    assert found.endswith(f"run pip install 'salesgoal[{extra}]' [missing-extra]")


def test_the_schema_has_the_work_calendar():
    schema = plan_schema()["properties"]["plan"]["properties"]["workdays"]
    assert schema["properties"]["kind"]["enum"] == ["weekdays", "china", "country", "table"]
    assert schema["properties"]["days"]["items"]["enum"][0] == "mon"


def test_a_work_calendar_changes_no_row_of_a_report(write, tmp_path):
    (tmp_path / "a.csv").write_text("date,sales\n2023-10-06,1\n", encoding="utf-8")
    actuals = '[[actuals]]\npath = "a.csv"\n'
    cards = []
    for table in ("", 'kind = "weekdays"\n'):
        path = write(table)
        path.write_text(path.read_text("utf-8") + actuals, encoding="utf-8")
        found = track(load_plan(path), as_of=date(2023, 10, 31))
        cards.append(found.scorecards[0].columns)
    assert cards[0] == cards[1]
