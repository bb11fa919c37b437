"""Sheets of pace and forecast: the periods so far, and how the methods did in the past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from salesgoal.domain.backtest import BacktestResult
from salesgoal.domain.comparison import Change
from salesgoal.domain.forecast import ForecastMethod
from salesgoal.domain.number import Exact
from salesgoal.domain.period import Level
from salesgoal.domain.to_date import ToDateRow
from salesgoal.sheets.scale import scalable_unit
from salesgoal.sheets.score_sheet import FLAGS
from salesgoal.sheets.sheet import Cell, Column, Flag, Kind, Line, Sheet, Words
from salesgoal.sheets.words import PACE_WORDS, PROVISIONAL_NOTE, STATUS_WORDS

__all__ = ["backtest_sheet", "to_date_sheet"]

_METHOD_WORDS = {
    ForecastMethod.RUN_RATE: Words("日均外推", "run rate"),
    ForecastMethod.SHARE_OF_LAST_YEAR: Words("去年同期进度", "share of last year"),
    ForecastMethod.SHARE_OF_YEARS: Words("近三年同期进度", "share of three years"),
    ForecastMethod.SHARE_OF_RECENT: Words("近12期进度", "share of recent periods"),
}
_METHOD = Column(
    key="method",
    title=Words("预测方法", "Method"),
    kind=Kind.WORD,
    words={str(method): words for method, words in _METHOD_WORDS.items()},
)
_LEVEL_WORDS = {
    Level.WEEK: Words("本周累计", "WTD"),
    Level.MONTH: Words("本月累计", "MTD"),
    Level.QUARTER: Words("本季累计", "QTD"),
    Level.HALF: Words("半年累计", "HTD"),
    Level.YEAR: Words("本年累计", "YTD"),
    Level.SPAN: Words("全期累计", "plan to date"),
}


def _amount(key: str, zh: str, en: str) -> Column:
    return Column(key=key, title=Words(zh, en), kind=Kind.AMOUNT)


def _percent(key: str, zh: str, en: str) -> Column:
    return Column(key=key, title=Words(zh, en), kind=Kind.PERCENT)


_TO_DATE = (
    Column(key="name", title=Words("目标", "Goal"), tree=True, machine=False),
    Column(key="goal", title=None),
    Column(key="metric_name", title=Words("指标", "Metric"), machine=False),
    Column(key="metric", title=None),
    Column(
        key="level",
        title=Words("累计", "To date"),
        kind=Kind.WORD,
        words={str(level): words for level, words in _LEVEL_WORDS.items()},
    ),
    Column(key="period", title=Words("期间", "Period")),
    Column(key="start", title=None, kind=Kind.DATE),
    Column(key="last", title=None, kind=Kind.DATE),
    _amount("target", "目标值", "Target"),
    _amount("actual", "累计实际", "Actual"),
    _amount("expected", "应完成", "Expected"),
    Column(
        key="pace",
        title=Words("进度", "Pace"),
        kind=Kind.WORD,
        words={str(pace): words for pace, words in PACE_WORDS.items()},
    ),
    _percent("pace_pct", "实际÷应完成(%)", "Of expected (%)"),
    Column(
        key="status",
        title=None,
        kind=Kind.WORD,
        words={str(status): words for status, words in STATUS_WORDS.items()},
    ),
    Column(
        key="required_per_workday", title=Words("所需日均", "Required a day"), kind=Kind.RATE
    ),
    Column(key="before", title=None, kind=Kind.AMOUNT),
    Column(key="before_change", title=None, kind=Kind.AMOUNT),
    _percent("before_change_pct", "环比(%)", "On period before (%)"),
    Column(key="year", title=None, kind=Kind.AMOUNT),
    Column(key="year_change", title=None, kind=Kind.AMOUNT),
    _percent("year_change_pct", "同比(%)", "On year before (%)"),
    _METHOD,
    _amount("projected", "预计完成", "Projected"),
    _amount("low", "预计下限", "Low"),
    _amount("high", "预计上限", "High"),
    _percent("nominal_pct", "区间把握(%)", "Interval holds (%)"),
    _percent("probability_pct", "达成概率(%)", "Chance to meet (%)"),
    Column(key="errors", title=None),
)

_BACKTEST = (
    _percent("share_pct", "已过天数(%)", "Days over (%)"),
    _METHOD,
    Column(key="periods", title=Words("期数", "Periods"), kind=Kind.AMOUNT, decimals=0),
    _percent("mape_pct", "平均绝对误差(%)", "Mean absolute error (%)"),
    _percent("run_rate_pct", "同期日均外推误差(%)", "Run rate, same periods (%)"),
    _percent("bias_pct", "平均偏差(%)", "Bias (%)"),
    Column(key="intervals", title=Words("区间数", "Intervals"), kind=Kind.AMOUNT, decimals=0),
    _percent("covered_pct", "区间命中(%)", "Covered (%)"),
    _percent("nominal_pct", "应命中(%)", "Promised (%)"),
)


def to_date_sheet(rows: Iterable[ToDateRow], root: str) -> Sheet:
    """Returns the periods so far as a sheet, one line a goal, metric and level.

    Args:
        rows: From `to_date_rows`.
        root: What the root goal is called.
    """
    shown = list(rows)
    provisional = any(each.row.progress.provisional for each in shown)
    return Sheet(
        id="to_date",
        title=Words("各期累计", "To date"),
        columns=_TO_DATE,
        lines=tuple(_to_date_line(each, root) for each in shown),
        notes=(PROVISIONAL_NOTE,) if provisional else (),
    )


def backtest_sheet(
    results: Mapping[Fraction, Sequence[BacktestResult]], notes: Sequence[Words] = ()
) -> Sheet:
    """Returns how the methods did, one line a cut and method.

    Args:
        results: Share of the days over -> one result a method.
        notes: What they are of.
    """
    return Sheet(
        id="backtest",
        title=Words("预测回测", "Backtest"),
        columns=_BACKTEST,
        lines=tuple(
            _backtest_line(share, one) for share, each in results.items() for one in each
        ),
        notes=tuple(notes),
    )


def _backtest_line(share: Fraction, result: BacktestResult) -> Line:
    values: dict[str, Fraction | int | str | None] = {
        "share_pct": share,
        "method": str(result.method),
        "periods": result.periods,
        "mape_pct": result.mape,
        "run_rate_pct": result.run_rate,
        "bias_pct": result.bias,
        "intervals": result.intervals,
        "covered_pct": result.covered,
        "nominal_pct": result.nominal,
    }
    return Line(tuple(Cell(values[column.key]) for column in _BACKTEST))


def _to_date_line(each: ToDateRow, root: str) -> Line:
    row, found, stands = each.row, each.forecast, each.row.progress
    values: dict[str, Cell] = {
        "name": Cell(row.goal.rpartition("/")[2] or root),
        "goal": Cell(row.goal),
        "metric_name": Cell(row.metric.name),
        "metric": Cell(row.metric.id),
        "level": Cell(str(row.period.level)),
        "period": Cell(row.period.label),
        "start": Cell(row.period.start),
        "last": Cell(row.period.last),
        "target": Cell(row.target),
        "actual": Cell(row.actual),
        "expected": Cell(stands.expected),
        "pace": Cell(None if stands.pace is None else str(stands.pace)),
        "pace_pct": Cell(stands.ratio),
        "status": Cell(str(row.status), FLAGS.get(row.status, Flag.NONE)),
        "required_per_workday": Cell(stands.required),
        **_changes("before", each.before, each.before_change),
        **_changes("year", each.year, each.year_change),
    }
    if found is not None:
        span = found.interval
        values |= {
            "method": Cell(str(found.method)),
            "projected": Cell(found.projected),
            "low": Cell(span.low if span else None),
            "high": Cell(span.high if span else None),
            "nominal_pct": Cell(span.nominal if span else None),
            "probability_pct": Cell(found.probability),
            "errors": Cell(str(found.errors)),
        }
    cells = tuple(values.get(column.key, Cell()) for column in _TO_DATE)
    return Line(
        cells, depth=row.depth, decimals=row.metric.decimals, unit=scalable_unit(row.metric)
    )


def _changes(key: str, value: Exact | None, found: Change | None) -> dict[str, Cell]:
    return {
        key: Cell(value),
        f"{key}_change": Cell(found.units if found else None),
        f"{key}_change_pct": Cell(found.ratio if found else None),
    }
