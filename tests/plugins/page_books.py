"""Books to draw pages of: small, hostile, large."""

from __future__ import annotations

import io
import random
from datetime import date
from fractions import Fraction
from operator import add

import attrs

from salesgoal.app.builtins import built_in_plugins
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import (
    Add,
    Book,
    Cell,
    Column,
    Flag,
    Kind,
    Layout,
    Less,
    Line,
    Percent,
    Role,
    Sheet,
    Words,
)

HTML = built_in_plugins().renderer("html")
FLAGS = {True: Flag.MET, False: Flag.UNMET, None: Flag.NONE}
STATUSES = {
    "met": Words("达成", "met"),
    "unmet": Words("未达成", "unmet"),
    "not_started": Words("未开始", "not started"),
}


def draw(book, lang="zh", scale=Scale.YUAN):
    stream = io.BytesIO()
    HTML.write(book, stream, RenderOptions(lang=lang, scale=scale))
    return stream.getvalue().decode()


def amount(key, zh, en, **more):
    return Column(key=key, title=Words(zh, en), kind=Kind.AMOUNT, **more)


SCORE_COLUMNS = (
    Column(key="name", title=Words("目标", "Goal"), tree=True),
    Column(key="goal", title=None),
    Column(key="owner", title=Words("责任人", "Owner"), is_filter=True),
    Column(key="metric_name", title=Words("指标", "Metric"), is_filter=True),
    Column(key="period", title=Words("期间", "Period"), is_filter=True),
    amount("target", "目标值", "Target"),
    amount("actual", "实际值", "Actual"),
    Column(key="rate", title=Words("达成率(%)", "Attainment (%)"), kind=Kind.PERCENT),
    Column(
        key="status",
        title=Words("状态", "Status"),
        kind=Kind.WORD,
        words=STATUSES,
        is_filter=True,
    ),
    amount("gap", "缺口", "Gap"),
    amount("expected", "应完成", "Expected"),
)


def score_line(name, owner, depth, period, target, actual, *, metric="销售额", decimals=None):
    """A line of a scorecard; None for an actual is a period that has not begun."""
    ratio = Fraction(actual, target) if actual is not None and target > 0 else None
    met = None if actual is None else actual >= target
    status = {True: "met", False: "unmet", None: "not_started"}[met]
    return Line(
        (
            Cell(name),
            Cell(name),
            Cell(owner),
            Cell(metric),
            Cell(period),
            Cell(target),
            Cell(actual),
            Cell(
                ratio,
                FLAGS[met] if ratio is not None else Flag.NONE,
                Percent("actual", "target"),
            ),
            Cell(status),
            Cell(None if actual is None else target - actual, formula=Less("target", "actual")),
            Cell(target * 9 // 10 if target > 0 else None),
        ),
        depth=depth,
        decimals=decimals,
    )


def score_sheet(lines):
    bullets = Chart(
        id="bullets",
        title=Words("达成", "Attainment"),
        kind=ChartKind.BULLETS,
        labels="name",
        series=("actual", "target", "expected"),
        lines=range(len(lines)),
    )
    return Sheet(
        id="rows",
        title=Words("达成情况", "Scorecard"),
        columns=SCORE_COLUMNS,
        lines=tuple(lines),
        is_outline=True,
        charts=(bullets,),
    )


def tree_lines(goals, *, seed=1, width=8):
    """A tree of goals, each with up to `width` children: months, quarters and year add up.

    Targets and actuals are random to the fen at the leaves; December has not begun.
    """
    rng = random.Random(seed)  # noqa: S311 - figures, not secrets
    months = [([0] * 12, [0] * 12) for _ in range(goals)]
    for at in range(goals - 1, -1, -1):
        if at * width + 1 >= goals:
            base = rng.randrange(5_000_000, 40_000_000)
            for month in range(12):
                months[at][0][month] = rng.randrange(base * 3 // 4, base * 5 // 4)
                months[at][1][month] = (
                    rng.randrange(base // 2, base * 3 // 2) if month < 11 else 0
                )
        for each in range(2 if at else 0):
            above = months[(at - 1) // width][each]
            above[:] = map(add, above, months[at][each])
    lines, waiting = [], [(0, 0)]
    while waiting:
        at, depth = waiting.pop()
        owner = f"业务员{at % 37}" if at else None
        for period, first, stop in SPANS:
            target, actual = (sum(each[first:stop]) for each in months[at])
            begun = None if first == 11 else actual
            lines.append(score_line(f"目标{at}", owner, depth, period, target, begun))
        children = range(at * width + 1, min(at * width + width + 1, goals))
        waiting += [(each, depth + 1) for each in reversed(children)]
    return lines


SPANS = (
    ("2026", 0, 12),
    *((f"2026Q{at}", 3 * at - 3, 3 * at) for at in range(1, 5)),
    *((f"2026-{at:02d}", at - 1, at) for at in range(1, 13)),
)


def tree_book(goals, **more):
    sheet = score_sheet(tree_lines(goals, **more))
    meta = {"plan": "树", "as_of": "2026-11-30"}
    return Book(title=Words("树", "Tree"), sheets=(sheet,), meta=meta)


SMALL_LINES = (
    score_line("总目标", None, 0, "2026Q4", 400_000_000, 329_500_000),
    score_line("总目标", None, 0, "2026-10", 130_000_000, 133_000_000),
    score_line("华东", "张三", 1, "2026Q4", 220_000_000, 180_500_000),
    score_line("华东", "张三", 1, "2026-10", 70_000_000, 72_000_000),
    score_line("门店", "李四", 2, "2026Q4", 120_000_000, 90_500_000),
    score_line("门店", "李四", 2, "2026-10", 40_000_000, 42_000_000),
    score_line("电商", "王五", 2, "2026Q4", 100_000_000, 90_000_000),
    score_line("电商", "王五", 2, "2026-10", 30_000_000, 30_000_000),
    score_line("华南", "赵六", 1, "2026Q4", 180_000_000, 149_000_000),
    score_line("华南", "赵六", 1, "2026-10", 60_000_000, 61_000_000),
)

HEADLINES = Sheet(
    id="headlines",
    title=Words("总览", "Overview"),
    layout=Layout.CARDS,
    columns=(
        Column(key="metric_name", title=Words("指标", "Metric")),
        amount("target", "目标值", "Target"),
        amount("actual", "实际值", "Actual"),
        Column(key="rate", title=Words("达成率(%)", "Attainment (%)"), kind=Kind.PERCENT),
        amount("expected", "应完成", "Expected to date"),
        Column(key="pace", title=Words("进度", "Pace")),
    ),
    lines=(
        Line(
            (
                Cell("销售额"),
                Cell(400_000_000),
                Cell(329_500_000),
                Cell(Fraction(3295, 4000), Flag.UNMET),
                Cell(310_000_000),
                Cell("超前"),
            )
        ),
        Line(
            (
                Cell("新客户数"),
                Cell(120),
                Cell(131),
                Cell(Fraction(131, 120), Flag.MET),
                Cell(98),
                Cell("已完成"),
            ),
            decimals=0,
        ),
        Line((Cell("回款率"), Cell(), Cell(), Cell(Fraction(91, 100)), Cell(), Cell())),
    ),
    charts=(
        Chart(
            id="bullets",
            title=Words("达成", "Attainment"),
            kind=ChartKind.BULLETS,
            labels="metric_name",
            series=("actual", "target", "expected"),
            lines=range(3),
        ),
    ),
)

_ACTUALS = (9, 21, 38, 52, 60, 83, 101, 118, 149, 160, 184, None)


def course(kind=ChartKind.CURVES):
    lines = tuple(
        Line(
            (
                Cell(f"2026-{month:02d}"),
                Cell(None if done is None else done * 17_600_00),
                Cell(month * 33_000_000),
                Cell(month * 31_500_000 - month * (12 - month) * 900_000),
            )
        )
        for month, done in enumerate(_ACTUALS, 1)
    )
    return Sheet(
        id=f"course_{kind}",
        title=Words("累计", "Cumulative"),
        columns=(
            Column(key="period", title=Words("期间", "Period")),
            amount("actual", "累计实际", "Actual so far"),
            amount("target", "累计目标", "Target so far"),
            amount("expected", "应完成", "Expected"),
        ),
        lines=lines,
        charts=(
            Chart(
                id="course",
                title=Words("销售额累计", "Sales so far"),
                kind=kind,
                labels="period",
                series=("actual", "target", "expected"),
                lines=range(len(lines)),
            ),
        ),
    )


RECONCILIATION = Sheet(
    id="reconciliation",
    title=Words("对账", "Reconciliation"),
    columns=(
        Column(key="metric_name", title=Words("指标", "Metric")),
        amount("read", "读入合计", "Read"),
        amount("root", "计入总目标", "Root"),
        amount("outside_period", "期间外", "Outside period"),
        amount("rejected", "被拒绝", "Rejected"),
    ),
    lines=(
        Line(
            (
                Cell("销售额"),
                Cell(340_000_000, formula=Add(("root", "outside_period", "rejected"))),
                Cell(329_500_000),
                Cell(0),
                Cell(10_500_000),
            )
        ),
    ),
)

MEASURES = Sheet(
    id="measures",
    title=Words("措施", "Measures"),
    columns=(
        Column(key="goal", title=Words("目标", "Goal")),
        Column(key="what", title=Words("改进措施", "Action")),
        Column(key="due_on", title=Words("完成时限", "Due"), kind=Kind.DATE),
        Column(key="state", title=Words("状态", "State")),
        amount("recovery", "预计挽回", "Expected"),
    ),
    lines=(
        Line(
            (
                Cell("门店"),
                Cell("周末加开两场地推活动，并回访上季度流失的前二十家客户，逐家写明原因"),
                Cell(date(2026, 12, 5)),
                Cell("进行中"),
                Cell(12_000_000),
            )
        ),
        Line(
            (
                Cell("电商"),
                Cell("重谈平台扣点"),
                Cell(date(2026, 11, 20)),
                Cell("逾期", Flag.PROBLEM),
                Cell(4_500_000),
            )
        ),
        Line(
            (Cell(Words("合计", "Total")), Cell(), Cell(), Cell(), Cell(16_500_000)), Role.TOTAL
        ),
    ),
    notes=(Words("截至 2026-11-30", "as of 2026-11-30"),),
)

SMALL = Book(
    title=Words("四季度销售目标", "Sales goals of the fourth quarter"),
    sheets=(HEADLINES, course(), score_sheet(SMALL_LINES), MEASURES, RECONCILIATION),
    meta={
        "plan": "四季度",
        "as_of": "2026-11-30",
        "known_at": None,
        "calendar": "gregorian",
        "target_version": "original",
    },
)

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "</style><style>*{display:none}",
    "{{ 7*7 }}{% for x in y %}",
    "<!-- <![CDATA[ &lt; &amp;",
    "]]>\u2028\u2029\\u003c/script\\u003e\x00",
    "url(//evil.example/x)",
    "__proto__",
    "$& {shown} {column}",
)


def hostile_line(number):
    texts = [HOSTILE[(number + at) % len(HOSTILE)] for at in range(5)]
    cells = [
        *map(Cell, texts),
        Cell(texts[0]),
        Cell(texts[0] if number % 2 else number * 100),
        Cell(Fraction(number, 7), Flag.PROBLEM),
    ]
    return Line(tuple(cells), depth=number % 3)


def hostile_book(lines=20):
    """A book in which every text is hostile; long ones travel packed."""
    texts = [Words(each, each) for each in HOSTILE]

    def words(at):
        return texts[at % len(texts)]

    columns = tuple(
        Column(key=f"k{at}", title=words(at), tree=not at, is_filter=0 < at < 3)
        for at in range(5)
    )
    column_of_words = Column(
        key="w",
        title=words(5),
        kind=Kind.WORD,
        words={each: words(at) for at, each in enumerate(HOSTILE)},
        is_filter=True,
    )
    figures = amount("f", words(6).zh, words(6).en)
    number = Column(key="p", title=words(7), kind=Kind.PERCENT)
    made = tuple(map(hostile_line, range(lines)))
    charts = tuple(
        Chart(
            id=str(kind),
            title=words(8),
            kind=kind,
            labels="k0",
            series=("f", "p"),
            lines=range(8),
        )
        for kind in ChartKind
    )
    sheets = [
        Sheet(
            id=HOSTILE[at],
            title=words(at),
            columns=(*columns, column_of_words, figures, number),
            lines=made,
            notes=tuple(texts),
            is_outline=at == 1,
            layout=Layout.CARDS if at == 2 else Layout.TABLE,
            charts=charts,
        )
        for at in range(3)
    ]
    sheets.append(
        attrs.evolve(
            sheets[2],
            columns=columns,
            lines=tuple(attrs.evolve(each, cells=each.cells[:5]) for each in made[:13]),
            charts=(),
        )
    )
    meta = {each: each for each in HOSTILE}
    return Book(title=words(0), sheets=tuple(sheets), meta=meta)
