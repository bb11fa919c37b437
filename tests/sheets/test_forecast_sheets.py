"""Sheets of pace and forecast, and the pace of a running scorecard."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from salesgoal.domain.actual import Actual
from salesgoal.domain.backtest import backtest
from salesgoal.domain.comparison import change
from salesgoal.domain.condense import hold_against
from salesgoal.domain.forecast import Cut, Forecast, ForecastMethod, Interval
from salesgoal.domain.metric import Metric
from salesgoal.domain.plan import make_plan
from salesgoal.domain.target import Target
from salesgoal.domain.to_date import ToDateRow
from salesgoal.domain.work_calendar import Provisional, Weekdays, WorkdayTable
from salesgoal.sheets.forecast_sheets import backtest_sheet, to_date_sheet
from salesgoal.sheets.score_sheet import score_sheet
from salesgoal.sheets.sheet import (
    Cell,
    Column,
    Kind,
    Line,
    Sheet,
    Words,
    shown,
    worded,
    written,
)
from salesgoal.sheets.words import PROVISIONAL_NOTE

WEEKDAYS = Weekdays()


def card(as_of, *, decimals=2, workdays=WEEKDAYS):
    plan = make_plan(
        name="10月",
        period="2023-10",
        metrics=[Metric(id="sales", decimals=decimals)],
        targets=[Target(metric="sales", period="2023-10", target=2_200)],
        workdays=workdays,
    )
    actual = Actual(on=date(2023, 10, 6), values={"sales": 900})
    return hold_against(plan, [actual], as_of=as_of)[0]


def cell(sheet, key, *, lang="zh"):
    return shown(sheet, sheet.lines[0], sheet.position(key), lang)


def test_the_pace_of_what_runs_is_shown():
    sheet = score_sheet(card(date(2023, 10, 13)).rows(level="month"), "10月")
    assert {"应完成", "进度", "预计完成", "所需日均"} <= set(sheet.header("zh"))
    keys = ("expected", "pace", "projected", "required_per_workday")
    assert [cell(sheet, key) for key in keys] == ["1,000.00", "有风险", "1,980.00", "108.33"]
    assert cell(sheet, "pace", lang="en") == "at risk"


def test_what_is_over_hides_its_pace_from_people():
    sheet = score_sheet(card(date(2023, 10, 31)).rows(level="month"), "10月")
    assert "进度" not in sheet.header("zh")
    assert cell(sheet, "expected") == "2,200.00"
    assert cell(sheet, "pace") == "落后"


def test_a_rate_of_whole_pieces_shows_two_decimals():
    sheet = score_sheet(card(date(2023, 10, 13), decimals=0).rows(level="month"), "10月")
    assert cell(sheet, "required_per_workday") == "108.33"
    assert cell(sheet, "expected") == "1,000"
    rate = Column(key="rate", title=None, kind=Kind.RATE)
    fine = Sheet(id="s", title=Words("", ""), columns=(rate,), lines=())
    assert written(fine, Line((Cell(Fraction(5, 2)),), decimals=4), 0) == Decimal("0.0003")


def test_periods_so_far_with_and_without_a_forecast():
    row = card(date(2023, 10, 13)).row(metric="sales", period="2023-10")
    nothing = ToDateRow(
        row=row, before=None, before_change=None, year=None, year_change=None, forecast=None
    )
    found = Forecast(
        method=ForecastMethod.RUN_RATE,
        projected=Fraction(198_000),
        interval=Interval(low=Fraction(1), high=Fraction(300_050), nominal=Fraction(7, 9)),
        probability=Fraction(2, 5),
        errors=8,
    )
    bare = Forecast(
        method=ForecastMethod.RUN_RATE,
        projected=None,
        interval=None,
        probability=None,
        errors=3,
    )
    rows = [
        nothing,
        *(
            ToDateRow(
                row=row,
                before=None,
                before_change=None,
                year=None,
                year_change=None,
                forecast=each,
            )
            for each in (found, bare)
        ),
    ]
    sheet = to_date_sheet(rows, "10月")
    keys = ("level", "method", "projected", "high", "nominal_pct", "probability_pct", "errors")
    lines = [
        [worded(sheet, line, sheet.position(key), "zh") for key in keys] for line in sheet.lines
    ]
    assert lines == [
        ["本月累计", None, None, None, None, None, None],
        [
            *("本月累计", "日均外推", Decimal("1980.00"), Decimal("3000.50")),
            *(Decimal("77.78"), Decimal("40.00"), "8"),
        ],
        ["本月累计", "日均外推", None, None, None, None, "3"],
    ]
    blank = {"预计下限", "预计上限", "区间把握(%)", "达成概率(%)"}
    assert blank <= set(sheet.header("zh"))
    assert not blank & set(to_date_sheet([rows[0], rows[2]], "10月").header("zh"))


def test_days_that_are_estimated_are_said():
    announced = WorkdayTable("announced", {date(2023, 10, 1): False})
    provisional = Provisional(announced, WEEKDAYS)
    running = card(date(2023, 10, 13), workdays=provisional)
    row = running.row(metric="sales", period="2023-10")
    so_far = ToDateRow(
        row=row, before=None, before_change=None, year=None, year_change=None, forecast=None
    )
    for sheet in (score_sheet([row], "10月"), to_date_sheet([so_far], "10月")):
        assert sheet.notes == (PROVISIONAL_NOTE,)
    over = card(date(2023, 10, 31), workdays=provisional)
    assert score_sheet(over.rows(), "10月").notes == ()


def test_a_backtest_has_a_line_a_cut_and_method():
    past = [Cut(key=at, actual=50, elapsed=5, total=10, whole=80) for at in range(10)]
    results = {Fraction(1, 2): [backtest(ForecastMethod.RUN_RATE, past)]}
    sheet = backtest_sheet(results, [Words("销售额", "Sales")])
    (line,) = sheet.lines
    assert [written(sheet, line, at) for at in range(len(sheet.columns))] == [
        Decimal("50.00"),
        "run_rate",
        Decimal(10),
        Decimal("25.00"),
        Decimal("0.00"),
        Decimal("25.00"),
        Decimal("25.00"),
        Decimal(2),
        Decimal("100.00"),
        Decimal("78.89"),
        "too_few",
    ]
    assert sheet.notes[0].en == "Sales"


def test_percentages_show_points_and_other_metrics_have_no_column_for_them():
    metrics = [Metric(id="sales"), Metric(id="margin", unit="%", decimals=1)]
    plan = make_plan(name="10月", period="2023-10", metrics=metrics)
    fact = Actual(on=date(2023, 10, 6), values={"sales": 120, "margin": Decimal("20.0")})
    (found,) = hold_against(plan, [fact], as_of=date(2023, 10, 31))
    rows = [
        ToDateRow(
            row=found.row(metric=name, period="2023-10"),
            before=before,
            before_change=change(after, before, points=name == "margin"),
            year=None,
            year_change=None,
            forecast=None,
        )
        for name, before, after in (("sales", 100, 120), ("margin", 250, 200))
    ]
    both, plain = to_date_sheet(rows, "10月"), to_date_sheet(rows[:1], "10月")
    assert "环比(百分点)" in both.header("zh")
    assert "环比(百分点)" not in plain.header("zh")
    figures = [
        [shown(both, line, both.position(f"before_change_{each}")) for each in ("pct", "pp")]
        for line in both.lines
    ]
    assert figures == [["20.00", ""], ["", "-5.0"]]
