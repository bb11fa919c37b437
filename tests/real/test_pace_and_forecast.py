"""Forecasts of real periods that are over: what docs/explanation/pace-and-forecast.md says."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal

import pytest

pytestmark = pytest.mark.slow

RUN_RATE, LAST_YEAR, YEARS, RECENT = (
    *("run_rate", "share_of_last_year", "share_of_years", "share_of_recent"),
)
SUPERSTORE = ("packt_superstore", "plan_countries_2014.toml", "2016-12-31")
ADVENTURE = ("adventureworks_dw", "plan_territory.toml", "2013-11-30")
DAILY = ("datawhale_cn", "plan_daily.toml", "2021-12-31")
SHOP = ("ecommerce_in", "plan_weeks.toml", "2019-03-31")


def ask(path, *arguments):
    command = [sys.executable, "-m", "salesgoal", *arguments[:1], str(path), *arguments[1:]]
    done = subprocess.run(
        [*command, "--format", "json", "--lang", "en"],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def backtests(prepared):
    """Data set and level -> (percent of the days over, method) -> its line, in numbers."""
    known = {}

    def run(source, level):
        if (source, level) not in known:
            name, plan, day = source
            path = prepared(name) / plan
            content = ask(path, "backtest", "--as-of", day, "--level", level)
            known[source, level] = {
                (int(Decimal(line["share_pct"])), line["method"]): {
                    key: value if key in {"method", "coverage"} else value and Decimal(value)
                    for key, value in line.items()
                }
                for line in content["backtest"]
            }
        return known[source, level]

    return run


@pytest.mark.parametrize("method", [LAST_YEAR, YEARS])
def test_half_way_through_a_seasonal_quarter_the_shape_of_past_years_is_better(
    backtests, method
):
    line = backtests(SUPERSTORE, "quarter")[50, method]
    assert line["periods"] == 11
    assert line["mape_pct"] < Decimal("0.7") * line["run_rate_pct"]
    assert abs(line["bias_pct"]) < 5
    assert backtests(SUPERSTORE, "quarter")[50, RUN_RATE]["bias_pct"] < -15


def test_the_share_of_one_past_week_is_no_forecast(backtests):
    line = backtests(SUPERSTORE, "week")[50, LAST_YEAR]
    assert line["periods"] > 100
    assert line["mape_pct"] > 2 * line["run_rate_pct"]


def test_before_the_sales_of_a_quarter_come_no_method_knows_them(backtests):
    lines = backtests(ADVENTURE, "quarter")
    assert all(
        lines[25, each]["mape_pct"] > 90 for each in (RUN_RATE, LAST_YEAR, YEARS, RECENT)
    )
    assert lines[50, LAST_YEAR]["mape_pct"] < lines[50, LAST_YEAR]["run_rate_pct"]


@pytest.mark.parametrize("source", [SUPERSTORE, DAILY, SHOP], ids=lambda source: source[0])
@pytest.mark.parametrize("share", [25, 50, 75])
@pytest.mark.parametrize("method", [RUN_RATE, RECENT])
def test_intervals_of_weeks_hold_about_what_they_promise(backtests, source, share, method):
    line = backtests(source, "week")[share, method]
    assert line["intervals"] >= 39
    assert line["nominal_pct"] - 5 < line["covered_pct"] < line["nominal_pct"] + 15


@pytest.mark.parametrize("level", ["week", "month", "quarter"])
@pytest.mark.parametrize("source", [SUPERSTORE, ADVENTURE], ids=lambda source: source[0])
def test_intervals_hold_within_ten_points_or_are_said_not_to(backtests, source, level):
    for line in backtests(source, level).values():
        if line["covered_pct"] is None:
            assert line["coverage"] is None
            continue
        off = line["covered_pct"] - line["nominal_pct"]
        said = "holds" if abs(off) <= 10 else "too_wide" if off > 0 else "too_narrow"
        assert line["coverage"] == (said if line["intervals"] >= 20 else "too_few")


def test_the_naive_error_stands_beside_ours_and_is_larger_once_half_is_over(backtests):
    for source, level in ((SUPERSTORE, "quarter"), (SUPERSTORE, "month"), (SUPERSTORE, "week")):
        for share in (50, 75):
            line = backtests(source, level)[share, RUN_RATE]
            assert line["mape_pct"] < line["naive_pct"]
    assert backtests(ADVENTURE, "quarter")[50, LAST_YEAR]["naive_pct"] > 20


def test_before_much_is_over_the_naive_forecast_may_be_better(backtests):
    for source, level in ((SUPERSTORE, "quarter"), (ADVENTURE, "quarter")):
        lines = backtests(source, level)
        found = [lines[25, each] for each in (LAST_YEAR, YEARS)]
        assert all(each["naive_pct"] < each["mape_pct"] for each in found)


def test_errors_shrink_as_the_period_goes_on(backtests):
    for source in (SUPERSTORE, DAILY, SHOP):
        errors = [
            backtests(source, "week")[share, RUN_RATE]["mape_pct"] for share in (25, 50, 75)
        ]
        assert errors == sorted(errors, reverse=True)


def test_the_fiscal_year_so_far_is_its_quarters(prepared):
    path = prepared("ecommerce_in") / "plan.toml"
    content = ask(path, "track", "--to-date", "--as-of", "2018-11-14", "--goal", "")
    rows = {row["level"]: row for row in content["to_date"] if not row["goal"]}
    assert list(rows) == ["week", "month", "quarter", "half", "year"]
    assert [row["period"] for row in rows.values()][2:] == ["FY2019Q3", "FY2019H2", "FY2019"]
    assert (rows["year"]["target"], rows["year"]["actual"]) == ("435900.00", "213681.00")
    assert rows["quarter"]["actual"] == rows["half"]["actual"] == "58259.00"
    assert rows["year"]["expected"] == "249240.00"
    assert {rows["year"][key] for key in ("low", "high", "probability_pct")} == {None}
