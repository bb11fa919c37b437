"""Sheets of pace and forecast: the periods so far, and how the methods did in the past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import attrs

from salesgoal.domain.backtest import BacktestResult, Coverage
from salesgoal.domain.comparison import Change
from salesgoal.domain.forecast import ForecastMethod, Why
from salesgoal.domain.metric import Metric
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
    ForecastMethod.SO_FAR: Words("维持现值", "as it stands"),
}
_WHY_WORDS = {
    Why.OVER: Words("期间已结束", "period is over"),
    Why.LONGER_THAN_PLAN: Words("期间超出计划", "longer than the plan"),
    Why.NO_DATA: Words("无数据", "no data"),
    Why.NO_DAYS: Words("尚无工作日", "no workday over yet"),
    Why.NO_PAST: Words("无历史同期", "no past period to go by"),
    Why.NO_DENOMINATOR: Words("分母为零", "denominator is zero"),
    Why.NOT_POSITIVE: Words("预计不大于零", "not above zero"),
    Why.FEW_ERRORS: Words("历史不足8期", "fewer than 8 past periods"),
}
_METHOD = Column(
    key="method",
    title=Words("预测方法", "Method"),
    kind=Kind.WORD,
    words={str(method): words for method, words in _METHOD_WORDS.items()},
)
_WHY = Column(
    key="why",
    title=Words("预测说明", "Forecast note"),
    kind=Kind.WORD,
    words={str(why): words for why, words in _WHY_WORDS.items()},
)
_COVERAGE_WORDS = {
    Coverage.HOLDS: Words("与承诺相符", "holds what it promises"),
    Coverage.TOO_NARROW: Words("偏窄", "too narrow"),
    Coverage.TOO_WIDE: Words("偏宽", "too wide"),
    Coverage.TOO_FEW: Words("区间太少，无法评价", "too few to say"),
}
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
    _amount("before_change_pp", "环比(百分点)", "On period before (pp)"),
    Column(key="year", title=None, kind=Kind.AMOUNT),
    Column(key="year_change", title=None, kind=Kind.AMOUNT),
    _percent("year_change_pct", "同比(%)", "On year before (%)"),
    _amount("year_change_pp", "同比(百分点)", "On year before (pp)"),
    _METHOD,
    _amount("projected", "预计完成", "Projected"),
    _amount("low", "预计下限", "Low"),
    _amount("high", "预计上限", "High"),
    _percent("nominal_pct", "区间把握(%)", "Interval holds (%)"),
    _percent("probability_pct", "达成概率(%)", "Chance to meet (%)"),
    Column(key="errors", title=None),
    _WHY,
)

_BACKTEST = (
    _percent("share_pct", "已过天数(%)", "Days over (%)"),
    _METHOD,
    Column(key="periods", title=Words("期数", "Periods"), kind=Kind.AMOUNT, decimals=0),
    _percent("mape_pct", "平均绝对误差(%)", "Mean absolute error (%)"),
    _percent("naive_pct", "照搬去年同期误差(%)", "As a year before (%)"),
    _percent("run_rate_pct", "同期日均外推误差(%)", "Run rate, same periods (%)"),
    _percent("bias_pct", "平均偏差(%)", "Bias (%)"),
    Column(key="intervals", title=Words("区间数", "Intervals"), kind=Kind.AMOUNT, decimals=0),
    _percent("covered_pct", "区间命中(%)", "Covered (%)"),
    _percent("nominal_pct", "应命中(%)", "Promised (%)"),
    Column(
        key="coverage",
        title=Words("区间评价", "Verdict"),
        kind=Kind.WORD,
        words={str(each): words for each, words in _COVERAGE_WORDS.items()},
    ),
)


def to_date_sheet(rows: Iterable[ToDateRow], root: str) -> Sheet:
    """Returns the periods so far as a sheet, one line a goal, metric and level.

    Intervals and chances have no columns where no line has one.

    Args:
        rows: From `to_date_rows`.
        root: What the root goal is called.
    """
    shown = list(rows)
    provisional = any(each.row.progress.provisional for each in shown)
    blank = set() if any(each.why is not None for each in shown) else {"why"}
    if not any(each.row.metric.is_percent for each in shown):
        blank |= {"before_change_pp", "year_change_pp"}
    forecasts = [each.forecast for each in shown if each.forecast is not None]
    if not any(each.interval for each in forecasts):
        blank |= {"low", "high", "nominal_pct"}
    if all(each.probability is None for each in forecasts):
        blank.add("probability_pct")
    columns = (
        attrs.evolve(each, title=None) if each.key in blank else each for each in _TO_DATE
    )
    return Sheet(
        id="to_date",
        title=Words("各期累计", "To date"),
        columns=tuple(columns),
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
        "naive_pct": result.naive,
        "run_rate_pct": result.run_rate,
        "bias_pct": result.bias,
        "intervals": result.intervals,
        "covered_pct": result.covered,
        "nominal_pct": result.nominal,
        "coverage": None if result.coverage is None else str(result.coverage),
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
        **_changes("before", each.before, each.before_change, row.metric),
        **_changes("year", each.year, each.year_change, row.metric),
        "why": Cell(None if each.why is None else str(each.why)),
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


def _changes(
    key: str, value: Exact | None, found: Change | None, metric: Metric
) -> dict[str, Cell]:
    return {
        key: Cell(value),
        f"{key}_change": Cell(found.units if found else None),
        f"{key}_change_pct": Cell(found.ratio if found else None),
        f"{key}_change_pp": Cell(found.units if found and metric.is_percent else None),
    }
