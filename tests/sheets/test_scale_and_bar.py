from __future__ import annotations

from fractions import Fraction

import pytest

from salesgoal.domain.metric import Aggregation, Metric, Ratio
from salesgoal.sheets.bar import bar_of, find_bullets, text_bar
from salesgoal.sheets.chart import Chart, ChartKind
from salesgoal.sheets.scale import Scale, scalable_unit, scale_amount
from salesgoal.sheets.sheet import Cell, Column, Kind, Line, Sheet, Words, is_money, shown

NAME = Words("表", "Sheet")
AMOUNTS = (
    Column(key="name", title=Words("名", "Name")),
    Column(key="actual", title=Words("实际", "Actual"), kind=Kind.AMOUNT, unit="元"),
    Column(key="target", title=Words("目标", "Target"), kind=Kind.AMOUNT, unit="元"),
    Column(key="count", title=Words("数", "Count"), kind=Kind.AMOUNT, decimals=0, unit="个"),
    Column(
        key="price", title=Words("单价", "Price"), kind=Kind.AMOUNT, unit="元", is_scaled=False
    ),
    Column(key="rate", title=Words("率(%)", "Rate (%)"), kind=Kind.PERCENT),
)


def sheet(*lines, charts=(), columns=AMOUNTS):
    return Sheet(id="s", title=NAME, columns=columns, lines=lines, charts=charts)


def line(actual=123_455_000, target=100_00, **settings):
    cells = (Cell("x"), Cell(actual), Cell(target), Cell(7), Cell(5_00), Cell(Fraction(1, 2)))
    return Line(cells, **settings)


@pytest.mark.parametrize(
    ("units", "scale", "expected"),
    [
        (123_455_000, Scale.WAN, "123.46"),
        (-123_455_000, Scale.WAN, "-123.46"),
        (49_99, Scale.WAN, "0.00"),
        (50_00, Scale.WAN, "0.01"),
        (Fraction(149_99, 1), Scale.WAN, "0.01"),
        (12_345_678_901_234, Scale.YI, "1234.57"),
        (5, Scale.YUAN, "0.05"),
    ],
)
def test_amounts_are_scaled_half_up_with_two_decimals(units, scale, expected):
    assert str(scale_amount(units, 2, scale)) == expected


def test_only_amounts_of_money_are_scaled_and_headers_say_so():
    table = sheet(line())
    texts = [shown(table, table.lines[0], at, "zh", Scale.WAN) for at in range(6)]
    assert texts == ["x", "123.46", "0.01", "7", "5.00", "50.00"]
    assert table.header("zh", Scale.WAN) == (
        "名",
        "实际(万元)",
        "目标(万元)",
        "数(个)",
        "单价(元)",
        "率(%)",
    )
    assert table.header("en")[1] == "Actual (元)"
    assert table.remarks("zh", Scale.WAN) == ()


def test_lines_of_several_metrics_say_the_scale_in_a_note():
    columns = (Column(key="a", title=Words("值", "Value"), kind=Kind.AMOUNT),)
    money = Line((Cell(123_455_000),), unit="元")
    count = Line((Cell(7),), unit="个", decimals=0)
    table = sheet(money, count, columns=columns)
    assert [shown(table, each, 0, "zh", Scale.WAN) for each in table.lines] == ["123.46", "7"]
    assert table.remarks("zh", Scale.WAN) == ("金额以万元计，单价和均值除外",)
    assert table.remarks("zh") == ()
    assert (is_money(table, money, 0), is_money(table, count, 0)) == (True, False)
    assert not is_money(sheet(line()), line(), 5)


def test_prices_and_means_have_no_unit_that_a_scale_makes_smaller():
    price = Metric(id="price", unit="元", aggregation=Ratio("sales", "orders"))
    mean = Metric(id="mean", unit="元", aggregation=Aggregation.AVERAGE)
    debt = Metric(id="debt", unit="元", aggregation=Aggregation.LAST)
    assert [scalable_unit(each) for each in (price, mean, debt)] == ["", "", "元"]


def bullets(series=("actual", "target"), lines=range(9)):
    return Chart(
        id="b", title=NAME, kind=ChartKind.BULLETS, labels="name", series=series, lines=lines
    )


@pytest.mark.parametrize(
    ("ratio", "expected", "bar"),
    [
        (Fraction(0), None, "░░░░░░░░░░░░ "),
        (Fraction(11, 12), None, "███████████░ "),
        (Fraction(119, 120), None, "███████████░ "),
        (Fraction(1), Fraction(1), "████████████ "),
        (Fraction(1, 2), Fraction(0), "│█████░░░░░░ "),
        (Fraction(-1), Fraction(-1, 2), "░░░░░░░░░░░░ "),
        (Fraction(5), Fraction(99, 100), "███████████│▶"),
    ],
)
def test_a_bar_never_looks_fuller_than_it_is(ratio, expected, bar):
    assert text_bar(ratio, expected) == bar


def test_lines_without_target_or_actual_have_no_bar():
    table = sheet(
        line(50_00),
        line(None),
        line(50_00, None),
        line(50_00, 0),
        line(50_00, -1),
        charts=(bullets(),),
    )
    found = find_bullets(table)
    assert [bar_of(table, found, at) for at in range(5)] == ["██████░░░░░░ ", *[""] * 4]
    assert bar_of(table, bullets(lines=range(0)), 0) == ""


def test_the_mark_is_what_is_expected_where_that_is_not_the_target():
    table = sheet(line(50_00), charts=(bullets(("actual", "target", "target")),))
    assert bar_of(table, find_bullets(table), 0) == "██████░░░░░░ "
    drawn = bullets(("target", "actual", "count"))
    assert bar_of(sheet(line(14, 7)), drawn, 0) == "██████│░░░░░ "
    words = bullets(("name", "target"))
    assert bar_of(sheet(line()), words, 0) == ""


def test_a_sheet_without_bullets_or_with_one_series_has_no_bars():
    curve = Chart(
        id="c",
        title=NAME,
        kind=ChartKind.CURVES,
        labels="name",
        series=("actual", "target"),
        lines=range(1),
    )
    assert find_bullets(sheet(line(), charts=(curve, bullets(("actual",))))) is None
