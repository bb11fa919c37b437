from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level
from salesgoal.intake.parse import (
    UNITS,
    CellRefused,
    read_amount,
    read_day,
    read_flag,
    read_number,
    read_period,
)

SALES = Metric(id="sales", name="销售额", unit="元", decimals=2)
RATE = Metric(id="rate", unit="%", decimals=2)
CALENDAR = MonthCalendar()
HOSTILE = Path(__file__).parents[2].parent / "shared" / "hostile" / "tables"


def refusal(read, *arguments, **settings):
    with pytest.raises(CellRefused) as refused:
        read(*arguments, **settings)
    return refused.value


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (None, None),
        ("", None),
        (" \u3000\t", None),
        (7, 7),
        (Decimal("1.50"), Decimal("1.50")),
        ("0", 0),
        ("-0", 0),
        ("+5", 5),
        ("1234.50", Decimal("1234.50")),
        ("1,234,567.89", Decimal("1234567.89")),
        ("１，２３４．５０", Decimal("1234.50")),
        ("￥12", 12),
        ("¥12", 12),
        ("12元", 12),
        ("-¥12.30元", Decimal("-12.30")),
        ("(12)", -12),
        ("（1,200.05）", Decimal("-1200.05")),
        ("\u00a012\u00a0", 12),
        ("007", 7),
    ],
)
def test_a_number_reads_as_it_stands(raw, number):
    assert read_number(raw) == number


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (True, "not-a-number"),
        (date(2023, 10, 6), "not-a-number"),
        ("abc", "not-a-number"),
        ("-", "not-a-number"),
        ("--5", "not-a-number"),
        ("(-5)", "not-a-number"),
        ("(5", "not-a-number"),
        ("5-", "not-a-number"),
        ("1e5", "not-a-number"),
        ("1 234", "not-a-number"),
        ("1200²", "not-a-number"),
        ("①", "not-a-number"),
        ("٣٤", "not-a-number"),
        ("$5", "not-a-number"),
        ("nan", "not-a-number"),
        ("=1+1", "not-a-number"),
        ("12,34", "bad-grouping"),
        ("1,2345", "bad-grouping"),
        ("1,,234", "bad-grouping"),
        ("1234,567", "bad-grouping"),
        ("#DIV/0!", "excel-error"),
        ("#N/A", "excel-error"),
    ],
)
def test_what_is_no_number_is_refused_and_never_guessed(raw, code):
    assert refusal(read_number, raw).code == code


@pytest.mark.parametrize(
    ("raw", "unit", "units"),
    [
        ("1.5", "", 150),
        ("1.5", "元", 150),
        ("150", "分", 150),
        ("1.5", "千元", 150_000),
        ("1.2", "万元", 1_200_000),
        ("0.123456", "万", 123_456),
        ("1", "百万元", 100_000_000),
        ("-0.5", "亿元", -5_000_000_000),
        (None, "万元", None),
    ],
)
def test_amounts_come_in_the_smallest_unit(raw, unit, units):
    assert read_amount(raw, SALES, UNITS[unit]) == units


@pytest.mark.parametrize(
    ("raw", "factor", "units"),
    [
        ("1.005", Fraction(1), 101),
        ("-1.005", Fraction(1), -101),
        ("1.0049", Fraction(1), 100),
        ("0.0000005", UNITS["万元"], 1),
        ("1.5", UNITS["分"], 2),
        ("1.25", Fraction(1), 125),
    ],
)
def test_surplus_decimals_round_half_up_where_that_is_asked_for(raw, factor, units):
    assert read_amount(raw, SALES, factor, round_excess=True) == units


@pytest.mark.parametrize(
    ("raw", "factor", "code", "found"),
    [
        ("1200.505", Fraction(1), "excess-decimals", 3),
        ("1.5", UNITS["分"], "excess-decimals", 3),
        ("0.0000005", UNITS["万元"], "excess-decimals", 3),
        ("0.00000025", UNITS["万元"], "excess-decimals", 4),
        ("10000000000000", Fraction(1), "out-of-range", 0),
        ("-10000000000000", Fraction(1), "out-of-range", 0),
        ("100000", UNITS["亿元"], "out-of-range", 0),
        (Decimal("Infinity"), Fraction(1), "not-a-number", 0),
        (Decimal("Infinity"), UNITS["万元"], "not-a-number", 0),
        (Decimal("NaN"), Fraction(1), "not-a-number", 0),
        (Decimal("NaN"), UNITS["万元"], "not-a-number", 0),
    ],
)
def test_amounts_that_the_metric_cannot_hold_are_refused(raw, factor, code, found):
    refused = refusal(read_amount, raw, SALES, factor)
    assert refused.code == code
    assert refused.facts == {"found": found, "decimals": 2, "metric": "销售额"}


@pytest.mark.parametrize(
    ("raw", "units"),
    [("85%", 8500), ("８５.5％", 8550), ("85", 8500), (" -5% ", -500), ("", None)],
)
def test_a_metric_in_percent_takes_the_sign(raw, units):
    assert read_amount(raw, RATE) == units


@pytest.mark.parametrize("raw", ["85%", "85%%", "85‰"])
def test_other_signs_and_other_metrics_do_not(raw):
    metric = SALES if raw == "85%" else RATE
    assert refusal(read_amount, raw, metric).code == "not-a-number"


@pytest.mark.parametrize(
    ("raw", "form", "day"),
    [
        (None, None, None),
        ("  ", None, None),
        (date(2023, 10, 6), None, date(2023, 10, 6)),
        (datetime(2023, 10, 6, 23, 59), None, date(2023, 10, 6)),  # noqa: DTZ001
        ("2023-10-06", None, date(2023, 10, 6)),
        ("2023-1-6", None, date(2023, 1, 6)),
        ("2023/10/6", None, date(2023, 10, 6)),
        ("2023.10.06", None, date(2023, 10, 6)),
        ("2023年10月6日", None, date(2023, 10, 6)),
        ("２０２３年１０月６日", None, date(2023, 10, 6)),
        ("2023-10-06 00:00:00", None, date(2023, 10, 6)),
        ("2023-10-06T00:00", None, date(2023, 10, 6)),
        ("2024-02-29", None, date(2024, 2, 29)),
        ("06/10/2023", "%d/%m/%Y", date(2023, 10, 6)),
        ("20231006", "%Y%m%d", date(2023, 10, 6)),
    ],
)
def test_a_day_reads_in_the_forms_that_mean_one_thing_only(raw, form, day):
    assert read_day(raw, form) == day


@pytest.mark.parametrize(
    ("raw", "form", "shown"),
    [
        ("昨天", None, "2023-10-06"),
        ("2023-02-29", None, "2023-10-06"),
        ("2023-13-01", None, "2023-10-06"),
        ("06/10/2023", None, "2023-10-06"),
        ("23-10-06", None, "2023-10-06"),
        ("2023-10/06", None, "2023-10-06"),
        ("2023-10-06 14:00", None, "2023-10-06"),
        ("45205", None, "2023-10-06"),
        (45205, None, "2023-10-06"),
        ("2023-10-06", "%d/%m/%Y", "%d/%m/%Y"),
    ],
)
def test_no_day_is_refused_with_the_form_that_is_wanted(raw, form, shown):
    refused = refusal(read_day, raw, form)
    assert (refused.code, refused.facts) == ("no-such-date", {"format": shown})


@pytest.mark.parametrize(
    ("raw", "form", "level", "label"),
    [
        (None, None, None, None),
        (" ", None, None, None),
        ("2023年10月", None, None, "2023-10"),
        ("2023Q4", None, None, "2023Q4"),
        (2023, None, None, "2023"),
        ("Oct-23", "%b-%y", Level.MONTH, "2023-10"),
        (date(2023, 10, 6), None, Level.QUARTER, "2023Q4"),
        ("", None, Level.MONTH, None),
    ],
)
def test_a_period_reads_as_a_label_or_as_a_day_in_it(raw, form, level, label):
    found = read_period(raw, CALENDAR, form, level)
    assert found == (None if label is None else parse_period(CALENDAR, label))


@pytest.mark.parametrize(
    ("raw", "level", "code"),
    [
        ("2023Q5", None, "no-such-period"),
        ("soon", None, "no-such-period"),
        ("soon", Level.MONTH, "no-such-date"),
    ],
)
def test_no_period_is_refused(raw, level, code):
    assert refusal(read_period, raw, CALENDAR, None, level).code == code


def table(name):
    path = HOSTILE / name
    if not path.exists():
        pytest.skip(f"{path} is not here: hostile inputs lie beside the project")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_hostile_amounts_are_right_or_refused():
    for row in table("amounts.csv"):
        try:
            found = read_amount(row["text"], SALES)
        except CellRefused:
            continue
        assert str("" if found is None else found) == row["cents"], row


def test_hostile_days_are_right_or_refused():
    for row in table("dates.csv"):
        try:
            found = read_day(row["text"])
        except CellRefused:
            continue
        assert row["code"] in {"ok", "out-of-range"}, row
        assert row["iso"] in {"", found.isoformat()}


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        (True, True),
        (0, False),
        (Decimal(1), True),
        ("１", True),
        (" TRUE ", True),
        ("休", False),
        ("上班", True),
        ("no", False),
        (None, None),
        (" ", None),
    ],
)
def test_a_flag_is_yes_or_no(raw, flag):
    assert read_flag(raw) is flag


@pytest.mark.parametrize("raw", ["2", "maybe", 5, Decimal("0.5"), date(2023, 10, 6)])
def test_what_is_neither_yes_nor_no_is_refused(raw):
    assert refusal(read_flag, raw).code == "not-a-flag"
