"""A manager asks in the middle of a quarter where it will end; a script reads the same."""

from __future__ import annotations

import json

import pytest

from .desk import PLAN, call, lay_out

HEAD = '[plan]\nname = "团队"\nperiod = "2023Q4"\n'
PACED = PLAN.replace(
    HEAD,
    '[plan]\nname = "团队"\nperiod = "2023Q4"\nworkdays = { kind = "weekdays" }\n',
)
TARGETS = """\
区域,产品,期间,目标
华东,A,2023-10,"2,200.00"
华东,A,2023-11,"2,200.00"
华东,A,2023-12,"2,100.00"
华南,B,2023Q4,"6,500.00"
"""


def records():
    """100 every day in the East from October 2022 on, 50 in the South."""
    lines = ["日期,区域,产品,销售额"]
    months = [(2022, month) for month in range(1, 13)] + [
        (2023, month) for month in range(1, 12)
    ]
    for year, month in months:
        for day in range(1, 29):
            lines.append(f"{year}-{month:02d}-{day:02d},华东,A,100")
            lines.append(f"{year}-{month:02d}-{day:02d},华南,B,50")
    return "\n".join(lines) + "\n"


def ask(capsys, folder, *arguments):
    code, printed, said = call(capsys, *arguments[:1], folder, *arguments[1:])
    assert code == 0, said
    return printed


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "desk", plan=PACED, targets=TARGETS, records=records())


def test_the_scorecard_says_the_pace_of_a_running_quarter(capsys, folder):
    arguments = ("--as-of", "2023-11-15", "--level", "quarter", "--format", "json")
    rows = json.loads(ask(capsys, folder, "track", *arguments))["rows"]
    east = next(row for row in rows if row["goal"] == "华东")
    assert east["expected"] == "3300.00"
    assert east["pace"] == "ahead"
    assert east["required_per_workday"] == "68.75"
    south = next(row for row in rows if row["goal"] == "华南/B")
    assert (south["expected"], south["pace"]) == ("3300.00", "behind")


def test_every_level_to_date_at_once(capsys, folder):
    arguments = ("--to-date", "--as-of", "2023-11-15", "--format", "json", "--goal", "华东/A")
    content = json.loads(ask(capsys, folder, "track", *arguments))
    assert content["meta"]["as_of"] == "2023-11-15"
    rows = {row["level"]: row for row in content["to_date"]}
    assert list(rows) == ["week", "month", "quarter", "half", "year"]
    month, quarter, year = (rows[level] for level in ("month", "quarter", "year"))
    assert (month["actual"], month["expected"]) == ("1500.00", "1100.00")
    assert month["before_change_pct"] == "-6.25"
    assert month["year_change_pct"] == "0.00"
    assert month["probability_pct"] is not None
    assert quarter["target"] == "6500.00"
    assert (year["target"], year["actual"]) == (None, "29500.00")
    assert year["nominal_pct"] is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_read_the_same_in_the_terminal(capsys, folder, lang):
    day = ("--as-of", "2023-11-15")
    printed = ask(
        capsys, folder, "track", "--to-date", *day, "--level", "month", "--lang", lang
    )
    assert ("本月累计" if lang == "zh" else "MTD") in printed
    assert "本季累计" not in printed
    printed = ask(capsys, folder, "backtest", *day, "--lang", lang)
    assert ("日均外推" if lang == "zh" else "run rate") in printed
    assert ("团队，销售额，月，" if lang == "zh" else "团队, 销售额, month, ") in printed


def test_to_date_is_cut_by_other_dimensions(capsys, folder):
    arguments = ("--to-date", "--as-of", "2023-11-15", "--by", "product", "--format", "json")
    rows = json.loads(ask(capsys, folder, "track", *arguments))["to_date"]
    assert list(dict.fromkeys(row["goal"] for row in rows)) == ["", "A", "B"]


def test_the_backtest_names_what_it_is_of(capsys, folder):
    arguments = ("--as-of", "2023-11-30", "--goal", "华南", "--format", "json")
    content = json.loads(ask(capsys, folder, "backtest", *arguments))
    meta = content["meta"]
    assert (meta["goal"], meta["metric"], meta["level"]) == ("华南", "sales", "month")
    assert (meta["first"], meta["last"]) == ("2022-01", "2023-10")
    shares = {row["share_pct"] for row in content["backtest"]}
    assert shares == {"25.00", "50.00", "75.00"}
    assert len(content["backtest"]) == 3 * 4
    rate = content["backtest"][0]
    assert (rate["method"], rate["periods"], rate["intervals"]) == ("run_rate", "22", "14")


def test_a_source_too_short_for_any_period_makes_an_empty_backtest(capsys, tmp_path):
    folder = lay_out(tmp_path / "desk")
    content = json.loads(
        ask(
            capsys,
            folder,
            "backtest",
            "--as-of",
            "2023-12-31",
            "--level",
            "year",
            "--format",
            "json",
        )
    )
    assert content["meta"]["first"] is None
    assert {row["mape_pct"] for row in content["backtest"]} == {None}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("backtest", "--metric", "profit"), "profit"),
        (("backtest", "--level", "tenyears"), "tenyears"),
        (("backtest", "--goal", "西北"), "西北"),
        (("track", "--to-date", "--goal", "西北"), "西北"),
        (("track", "--to-date", "--as-of", "2024-01-01"), "2024-01-01"),
    ],
)
def test_what_the_plan_lacks_is_a_wrong_usage(capsys, folder, arguments, said):
    name, *rest = arguments
    code, _, heard = call(capsys, name, folder, "--as-of", "2023-11-15", *rest)
    assert code == 2
    assert said in heard


def test_the_method_is_the_plans(capsys, tmp_path):
    plan = PACED + '\n[pace]\nforecast = "share_of_recent"\nahead = 1.5\nbasis = "days"\n'
    folder = lay_out(tmp_path / "desk", plan=plan, targets=TARGETS, records=records())
    day = ("--as-of", "2023-11-15", "--format", "json", "--goal", "华东/A", "--level", "month")
    (row,) = json.loads(ask(capsys, folder, "track", "--to-date", *day))["to_date"]
    assert (row["method"], row["expected"], row["pace"]) == (
        "share_of_recent",
        "1100.00",
        "on_track",
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("ahead = 0.5", "ahead >= on_track"),
        ('basis = "profile"', "profile"),
        ("profile = [1, 2, 3]", "profile"),
        ('basis = "months"', "typed, workdays, days, profile"),
        ('forecast = "guess"', "run_rate"),
    ],
)
def test_a_wrong_pace_is_a_problem_with_its_key(capsys, tmp_path, table, said):
    folder = lay_out(tmp_path / "desk", plan=f"{PLAN}\n[pace]\n{table}\n")
    code, _, heard = call(capsys, "check", folder)
    assert code == 3
    assert said in heard
    assert "pace" in heard


def test_rejected_rows_make_a_backtest_partial(capsys, tmp_path):
    folder = lay_out(tmp_path / "desk", records="日期,区域,产品,销售额\n2023-10-06,西北,A,9\n")
    code, _, _ = call(capsys, "backtest", folder, "--as-of", "2023-12-31")
    assert code == 4
    code, _, _ = call(capsys, "track", folder, "--to-date", "--as-of", "2023-12-31")
    assert code == 4


def test_a_cross_cut_expects_by_the_same_months(capsys, folder):
    arguments = ("--to-date", "--as-of", "2023-11-15", "--format", "json", "--level", "quarter")
    rows = json.loads(ask(capsys, folder, "track", *arguments, "--by", "product"))["to_date"]
    assert [row["expected"] for row in rows if row["goal"] == "A"] == ["3300.00"]
