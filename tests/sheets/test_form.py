"""Forms: tables that people fill in, with formulas that say what follows from entries."""

from __future__ import annotations

import io
from datetime import date
from fractions import Fraction

import attrs
import openpyxl
import pytest

import salesgoal as sg
from salesgoal.app.builtins import built_in_plugins
from salesgoal.domain.calendar import subdivide
from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.period import Level
from salesgoal.ports.renderer import RenderOptions
from salesgoal.sheets.form import (
    Form,
    Slot,
    read_scope_key,
    running_total,
    scope_key,
    total_value,
)
from salesgoal.sheets.form_formula import Extreme, Latest, Quotient, TotalLike
from salesgoal.sheets.kpi_tables import kpi_sheet, kpi_tables, ratio_sheet
from salesgoal.sheets.sheet import Add, Book, Less, Percent, Role, Total, Words
from salesgoal.sheets.three_tables import personal_table

AS_OF = date(2023, 10, 31)
SALES = Metric(id="sales", name="销售额", unit="元", decimals=2)
DEBT = Metric(id="debt", aggregation=Aggregation.LAST)
BEST = Metric(id="best", aggregation=Aggregation.MAXIMUM)
MEAN = Metric(id="mean", aggregation=Aggregation.AVERAGE)
COST = Metric(id="cost", direction=Direction.MINIMISE)
SHARE = Metric(id="share", unit="%", decimals=2, aggregation=Ratio("cost", "sales"))
WASTE = Metric(id="waste", aggregation=Ratio("cost", "sales"), direction=Direction.MINIMISE)
METRICS = (SALES, DEBT, BEST, MEAN, COST, SHARE, WASTE)
FACTS = [
    sg.Actual(
        on=date(2023, 10, 3), members={"region": "华东"}, values={"sales": 300, "debt": 9}
    ),
    sg.Actual(
        on=date(2023, 10, 9), members={"region": "华东"}, values={"sales": 100, "debt": 7}
    ),
    sg.Actual(on=date(2023, 10, 4), members={"region": "华南"}, values={"debt": 5, "cost": 30}),
    sg.Actual(on=date(2023, 10, 5), values={"sales": 1, "cost": 4}),
    sg.Actual(on=date(2023, 10, 6), members={"region": "华南"}, values={"best": 8, "mean": 2}),
]


def card_of(*leading, facts=FACTS):
    metrics = sorted(METRICS, key=lambda each: each not in leading)
    targets = [
        sg.Target(scope={"region": region}, metric=each.id, period="2023-10", target=10)
        for region in ("华东", "华南")
        for each in (*leading, SHARE)
    ]
    plan = sg.make_plan(
        name="十月",
        period="2023-10",
        metrics=metrics,
        dimensions=[sg.Dimension("region", ["华东", "华南"], name="区域")],
        targets=targets,
    )
    (card,) = sg.hold_against(plan, facts, as_of=AS_OF)
    return card


def form_of(card, *, weeks=None, blank_lines=1):
    month = card.plan.period
    found = subdivide(card.plan.calendar, month, Level.WEEK)[:weeks]
    slots = tuple(
        Slot(key=f"w{at}", title=Words(f"第{at}周", f"Week {at}"), period=each)
        for at, each in enumerate(found, start=1)
    )

    def filled(scope, metric, period):
        path = scope.get("region", "")
        return card.row(path, metric=metric, period=period).actual or None

    return Form(
        slots=slots,
        filled=filled,
        open_metrics=frozenset(each.id for each in METRICS if each is not MEAN),
        blank_lines=blank_lines,
    )


def table_of(metric, **settings):
    card = card_of(metric)
    return personal_table(card, metric, card.plan.period, form_of(card, **settings))


def column(sheet, key):
    return [line.cells[sheet.position(key)] for line in sheet.lines]


def values(sheet, key):
    return [cell.value for cell in column(sheet, key)]


def test_what_follows_from_entries_is_sparse_and_true():
    sheet = table_of(SALES).sheet()
    assert [line.role for line in sheet.lines] == [
        Role.BODY,
        Role.BODY,
        Role.BODY,
        Role.REST,
        Role.TOTAL,
    ]
    assert values(sheet, "row_key") == ["region=华东", "region=华南", None, "-", "*"]
    assert values(sheet, "w1") == [30000, None, None, 100, 30100]
    assert values(sheet, "actual") == [40000, None, None, 100, 40100]
    assert values(sheet, "attainment") == [40, None, None, None, Fraction(401, 20)]
    assert values(sheet, "gap") == [-39000, None, None, None, -38100]
    live = [cell.formula for cell in column(sheet, "actual")]
    weeks = Add(("w1", "w2", "w3", "w4"), is_sparse=True)
    assert live == [weeks, weeks, weeks, weeks, Total(is_sparse=True)]
    assert column(sheet, "attainment")[2].formula == Percent("actual", "target", is_sparse=True)
    assert column(sheet, "gap")[0].formula == Less("target", "actual", is_sparse=True)


def test_what_no_column_shows_has_a_column_of_its_own():
    sheet = table_of(SALES, weeks=1).sheet()
    assert values(sheet, "beyond") == [10000, None, None, None, 10000]
    assert column(sheet, "actual")[0].formula == Add(("w1", "beyond"), is_sparse=True)
    assert values(sheet, "actual")[-1] == 40100
    with pytest.raises(ValueError, match="beyond"):
        table_of(SALES).sheet().position("beyond")


def test_a_balance_takes_the_last_and_adds_over_goals():
    sheet = table_of(DEBT).sheet()
    assert values(sheet, "actual") == [7, 5, None, 12]
    assert column(sheet, "actual")[0].formula == Latest(("w1", "w2", "w3", "w4"))
    assert column(sheet, "actual")[-1].formula == Total(is_sparse=True)


def test_extremes_and_means_have_no_total():
    best = table_of(BEST).sheet()
    assert values(best, "actual") == [None, 8, None, None]
    assert column(best, "actual")[0].formula == Extreme(
        ("w1", "w2", "w3", "w4"), is_largest=True
    )
    assert column(best, "actual")[-1].formula is None
    mean = table_of(MEAN).sheet()
    assert {cell.formula for cell in column(mean, "actual")} == {None}
    assert [cell.is_locked for cell in column(mean, "w1")[:2]] == [True, True]


def test_where_less_is_better_the_gap_turns_round():
    sheet = table_of(COST).sheet()
    assert column(sheet, "gap")[0].formula == Less("actual", "target", is_sparse=True)
    assert values(sheet, "gap")[1] == 20
    assert column(sheet, "attainment")[1].formula == Percent("target", "actual", is_sparse=True)


def test_without_a_quotient_there_is_no_rate():
    odd = Metric(id="cost", direction=Direction.MINIMISE, baseline=100)
    card = card_of()
    table = personal_table(card, odd, card.plan.period, form_of(card))
    assert values(table.sheet(), "attainment") == [None] * 4


def test_a_share_of_the_goals_adds_up_only_itself():
    table = attrs.evolve(table_of(SALES), only=frozenset({"华南"}), is_whole=False)
    sheet = table.sheet()
    assert values(sheet, "target") == [1000, None, 1000]
    assert values(sheet, "actual") == [None, None, None]
    choices = sheet.columns[sheet.position("region")].entry.choices
    assert [each.zh for each in choices] == ["华南"]


def test_kpi_lines_stand_goal_by_goal_with_totals_by_metric():
    card = card_of(SALES)
    tables = kpi_tables(
        card,
        [COST, DEBT],
        card.plan.period,
        form_of(card),
        leaves=True,
        only=None,
        also=["华东"],
        is_whole=True,
    )
    sheet = kpi_sheet(tables)
    assert values(sheet, "metric") == ["cost", "debt", "cost", "debt", "cost", "cost", "debt"]
    assert values(sheet, "actual") == [None, 7, 30, 5, 4, 34, 12]
    assert column(sheet, "actual")[-1].formula == TotalLike("metric")
    chosen = kpi_tables(
        card,
        [COST],
        card.plan.period,
        form_of(card, weeks=1),
        leaves=True,
        only=frozenset({"华南"}),
        also=(),
        is_whole=False,
    )
    assert values(kpi_sheet(chosen), "metric") == ["cost", "cost"]


def test_kpi_totals_show_what_no_column_shows():
    late = sg.Actual(on=date(2023, 10, 20), members={"region": "华南"}, values={"cost": 2})
    card = card_of(SALES, facts=[*FACTS, late])
    (table,) = kpi_tables(
        card,
        [COST],
        card.plan.period,
        form_of(card, weeks=1),
        leaves=True,
        only=None,
        also=(),
        is_whole=True,
    )
    sheet = kpi_sheet([table])
    assert values(sheet, "beyond") == [2, None, 2]
    assert values(sheet, "actual") == [32, 4, 36]


@pytest.fixture
def ratios():
    card = card_of(SALES)
    main = personal_table(card, SALES, card.plan.period, form_of(card)).trimmed()
    made = kpi_tables(
        card,
        [COST],
        card.plan.period,
        form_of(card),
        leaves=True,
        only=None,
        also=main.goals(),
        is_whole=True,
    )
    tables = {"sales": main, "cost": made[0]}
    sheet = ratio_sheet(card, [SHARE, WASTE], tables, many="kpi")
    return main.sheet(), kpi_sheet(made), sheet


def test_ratios_are_looked_up_in_the_sheets_of_their_parts(ratios):
    *_, sheet = ratios
    assert values(sheet, "row_key") == ["region=华东"] * 2 + ["region=华南"] * 2 + ["*"] * 2
    total = column(sheet, "actual")[4]
    assert total.value == Fraction(3400 * 10000, 40100)
    assert isinstance(total.formula, Quotient)
    assert (total.formula.over.like, total.formula.under.like) == (("metric", "cost"), None)
    rates = column(sheet, "attainment")
    assert (rates[0].formula.target, rates[1].formula) == ("target", None)


def test_a_workbook_writes_them_with_its_sheets_names(ratios):
    stream = io.BytesIO()
    book = Book(title=Words("书", "Book"), sheets=ratios)
    built_in_plugins().renderer("xlsx").write(book, stream, RenderOptions(lang="zh"))
    page = openpyxl.load_workbook(stream)["KPI比率"]
    formula = str(page["F8"].value)
    assert formula.startswith("=IF(OR(SUMPRODUCT(EXACT('KPI跟踪表'!$A$4:$A$")
    assert "EXACT('KPI跟踪表'!$C$4:$C$" in formula
    assert "'月度销售业绩跟踪表'!" in formula


def test_extremes_are_written_as_such():
    for metric, name in (
        (BEST, "MAX"),
        (Metric(id="best", aggregation=Aggregation.MINIMUM), "MIN"),
    ):
        card = card_of()
        table = personal_table(card, metric, card.plan.period, form_of(card))
        stream = io.BytesIO()
        book = Book(title=Words("书", "Book"), sheets=(table.sheet(),))
        built_in_plugins().renderer("xlsx").write(book, stream, RenderOptions(lang="en"))
        page = openpyxl.load_workbook(stream).active
        found = [cell.value for cell in page[4]]
        assert f'=IF(COUNT(D4,E4,F4,G4)=0,"",{name}(D4,E4,F4,G4))' in found


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (Add(("a", "b", "c")), 4),
        (Latest(("a", "b", "c")), 1),
        (Extreme(("a", "b", "c"), is_largest=True), 3),
        (Extreme(("a", "b", "c"), is_largest=False), 1),
        (Latest(("c",)), None),
        (Total(), None),
        (None, None),
    ],
)
def test_totals_are_worked_out_as_their_formulas_say(formula, expected):
    assert total_value(formula, {"a": 3, "b": 1, "c": None}) == expected


def test_means_and_counts_have_no_running_total():
    assert running_total(MEAN, ("a",)) is None
    assert running_total(Metric(id="n", aggregation=Aggregation.DISTINCT), ("a",)) is None


@pytest.mark.parametrize(
    "scope", [{}, {"a": "华东"}, {"a": "x=y;z", "b": "\\"}, {"a=b": "-", "c": "多 行\n"}]
)
def test_a_scope_key_is_read_back(scope):
    assert read_scope_key(scope_key(scope)) == scope


@pytest.mark.parametrize("text", ["", "-", "华东", "a=b=c", "a=b;c"])
def test_what_is_no_scope_key_is_none(text):
    assert read_scope_key(text) is None
