"""What statements say, in Chinese and English: one table of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salesgoal.domain.metric import Metric
from salesgoal.domain.number import Exact, amount_text, percent
from salesgoal.domain.problem import Place
from salesgoal.domain.statement import Figure, Rule, Statement, StatementKind
from salesgoal.domain.workday_count import DayBasis
from salesgoal.sheets.sheet import Words
from salesgoal.sheets.words import PACE_WORDS, STATUS_WORDS

__all__ = ["say_statement"]

_K = StatementKind
_DAYS = {
    str(DayBasis.WORKDAYS): Words("工作日", "workdays"),
    str(DayBasis.CALENDAR_DAYS): Words("日历日", "calendar days"),
}
_RULES = {
    Rule.SUM: Words("之和", "the sum of"),
    Rule.LATEST: Words("中最后一个", "the last of"),
    Rule.LARGEST: Words("中最大的", "the largest of"),
    Rule.SMALLEST: Words("中最小的", "the smallest of"),
}
_CODES: Mapping[str, Mapping[str, Words]] = {
    "basis": _DAYS,
    "pace": {str(pace): words for pace, words in PACE_WORDS.items()},
    "status": {str(status): words for status, words in STATUS_WORDS.items()},
}

_TEXTS: Mapping[StatementKind, Words] = {
    _K.NO_TARGET: Words("没有目标值", "no target"),
    _K.TYPED: Words("目标值 {figure}：直接填写{where}", "target {figure}: typed{where}"),
    _K.CASCADED: Words(
        "目标值 {figure}：由逐级分解或目标调整得出",
        "target {figure}: made by a cascade or a revision",
    ),
    _K.SUB_PERIODS: Words(
        "目标值 {figure} = 本目标 {count} 个已填期间{rule}",
        "target {figure} = {rule} {count} typed periods of the goal",
    ),
    _K.SUB_PERIOD: Words("{period}：{figure}{where}", "{period}: {figure}{where}"),
    _K.CHILD_TARGETS: Words(
        "目标值 {figure} = {count} 个下级目标{rule}",
        "target {figure} = {rule} the targets of {count} goals below",
    ),
    _K.CHILD: Words("{goal}：{figure}", "{goal}: {figure}"),
    _K.RATIO_OF_TARGETS: Words(
        "目标值 {figure} = {over} 的目标 ÷ {under} 的目标",
        "target {figure} = target of {over} / target of {under}",
    ),
    _K.METRIC: Words("{name}：{figure}", "{name}: {figure}"),
    _K.ORIGINAL: Words("原目标值 {figure}", "original target {figure}"),
    _K.REVISED: Words(
        "第 {number} 号调整：{before} → {figure}，{by} 提出（{reason}），{approved_by} "
        "于 {recorded_at} 批准，规则 {code}",
        "revision {number}: {before} -> {figure}, proposed by {by} ({reason}), approved by "
        "{approved_by} at {recorded_at}, rule {code}",
    ),
    _K.MISMATCH: Words(
        "分解差额 {figure} = 目标值 − 下级目标", "mismatch {figure} = target less those below"
    ),
    _K.NOT_STARTED: Words("期间未开始，没有实际值", "the period has not begun: no actual"),
    _K.NO_DATA: Words(
        "没有实际值：没有来源说到这一期间", "no actual: no source speaks of the period"
    ),
    _K.FACTS: Words(
        "实际值 {figure}：来自本目标的数据行", "actual {figure}: from rows of the goal"
    ),
    _K.CHILD_ACTUALS: Words(
        "实际值 {figure} = {count} 个下级目标 + 未分配",
        "actual {figure} = {count} goals below + unassigned",
    ),
    _K.MERGED_ACTUALS: Words(
        "实际值 {figure}：由数据行得出，下级目标不相加",
        "actual {figure}: from the rows; the goals below do not add up to it",
    ),
    _K.RATIO_OF_ACTUALS: Words(
        "实际值 {figure} = {over} ÷ {under}", "actual {figure} = {over} / {under}"
    ),
    _K.UNASSIGNED: Words("未分配：{figure}", "unassigned: {figure}"),
    _K.ATTAINMENT: Words(
        "达成率 {figure} = {over} ÷ {under}", "attainment {figure} = {over} / {under}"
    ),
    _K.NO_ATTAINMENT: Words("没有达成率：{status}", "no attainment: {status}"),
    _K.TARGET: Words("目标值：{figure}", "target: {figure}"),
    _K.ACTUAL: Words("实际值：{figure}", "actual: {figure}"),
    _K.MADE: Words("距基线已完成：{figure}", "made from the baseline: {figure}"),
    _K.TO_MAKE: Words("基线到目标：{figure}", "from the baseline to the target: {figure}"),
    _K.GAP: Words("缺口 {figure}", "gap {figure}"),
    _K.EXPECTED_WHOLE: Words(
        "应完成 {figure}：期间已结束，即全部目标",
        "expected {figure}: the period is over, so the target",
    ),
    _K.EXPECTED_LEVEL: Words(
        "应完成 {figure}：水平类指标应保持的值", "expected {figure}: a level to hold"
    ),
    _K.EXPECTED_PARTS: Words("应完成 {figure}，按时间进度", "expected {figure} by now"),
    _K.EXPECTED_CHILDREN: Words(
        "应完成 {figure} = {count} 个下级目标应完成之和（按本目标折算）",
        "expected {figure} = what {count} goals below expect, scaled to this target",
    ),
    _K.OVER: Words("{period} 已结束：{figure}", "{period} is over: {figure}"),
    _K.RUNNING: Words(
        "{period}：{allotted} × {elapsed}/{total} 个{basis} = {figure}",
        "{period}: {allotted} x {elapsed}/{total} {basis} = {figure}",
    ),
    _K.PACE: Words(
        "进度：{pace}，实际 ÷ 应完成 = {figure}", "pace: {pace}, actual / expected = {figure}"
    ),
    _K.EXPECTED: Words("应完成：{figure}", "expected: {figure}"),
    _K.PROJECTED: Words(
        "预计完成 {figure} = 实际值 ÷ 已过天数 × 全部天数",
        "projected {figure} = actual / days over x all days",
    ),
    _K.PROJECTED_AS_IS: Words(
        "预计完成 {figure}：维持现值", "projected {figure}: it stays as it is"
    ),
    _K.PROJECTED_ALIKE: Words(
        "预计完成 {figure}：分子、分母同步增长",
        "projected {figure}: numerator and denominator grow alike",
    ),
    _K.PROJECTED_DOWN: Words(
        "预计完成 {figure} = 实际值 × 已过天数 ÷ 全部天数（分母仍在增加）",
        "projected {figure} = actual x days over / all days, as its denominator still grows",
    ),
    _K.REQUIRED: Words(
        "所需日均 {figure} = 尚缺 ÷ 剩余工作日",
        "required a day {figure} = short / workdays left",
    ),
    _K.SHORT: Words("尚缺：{figure}", "short: {figure}"),
    _K.DAYS_OVER: Words(
        "已过 {figure} / {total} 个{basis}", "{figure} of {total} {basis} over"
    ),
    _K.DAYS_LEFT: Words("剩余 {figure} 个工作日", "{figure} workdays left"),
}
_REVISED = Words(
    "；原目标值 {original}（版本 {version}）", "; originally {original} (version {version})"
)


def say_statement(one: Statement, root: str) -> Words:
    """Returns what a statement says.

    Args:
        one: The statement; its parts say what they are themselves.
        root: What the root goal is called.

    >>> sales = Metric(id="sales", name="销售额", decimals=2)
    >>> say_statement(Statement(_K.GAP, sales, 110_000_00), "").zh
    '缺口 110,000.00'
    """
    return Words(*(_said(one, root, lang) for lang in ("zh", "en")))


def _said(one: Statement, root: str, lang: str) -> str:
    facts = {name: _fact(name, value, one.metric, lang) for name, value in one.facts.items()}
    facts["figure"] = _figure(one.figure, one)
    facts["name"] = Words(one.metric.name, one.metric.id).of(lang)
    facts["count"] = str(sum(each.kind is not _K.UNASSIGNED for each in one.parts))
    facts["rule"] = _RULES[one.rule].of(lang) if one.rule in _RULES else facts.get("rule", "")
    facts["code"] = str(one.facts.get("rule", ""))
    if one.rule is Rule.QUOTIENT:
        over, under = one.parts
        facts |= {"over": _over(over, lang), "under": _over(under, lang)}
    if "goal" in facts:
        facts["goal"] = facts["goal"] or root
    text = _TEXTS[one.kind].of(lang).format_map(facts)
    return text + (_REVISED.of(lang).format_map(facts) if "version" in facts else "")


def _over(part: Statement, lang: str) -> str:
    if part.kind is _K.METRIC:
        return Words(part.metric.name, part.metric.id).of(lang)
    return _figure(part.figure, part)


def _figure(figure: Exact | None, one: Statement) -> str:
    if figure is None:
        return "–"
    if one.shown is Figure.RATIO:
        return f"{percent(figure):,f}%"
    if one.shown is Figure.DAYS:
        return str(figure)
    return _amount(figure, one.metric)


def _amount(figure: Exact, metric: Metric) -> str:
    return amount_text(figure, metric.decimals)


def _fact(name: str, value: Any, metric: Metric, lang: str) -> str:  # noqa: ANN401 - any fact
    if name == "where":
        shown = isinstance(value, Place) and value.row is not None
        left, right = ("（", "）") if lang == "zh" else (" (", ")")
        return f"{left}{value.text(lang)}{right}" if shown else ""
    if name in {"before", "original", "allotted"}:
        return "–" if value is None else _amount(value, metric)
    if name in _CODES:
        return _CODES[name][value].of(lang)
    return str(value)
