from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from salesgoal.domain.calendar import parse_period
from salesgoal.domain.metric import Metric, Ratio
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.period import Level
from salesgoal.intake.parse import (
    UNITS,
    CellRefused,
    read_amount,
    read_day,
    read_flag,
    read_name,
    read_number,
    read_period,
    read_rate,
)

SALES = Metric(id="sales", name="销售额", unit="元", decimals=2)
RATE = Metric(id="rate", unit="%", decimals=2)
RATIO = Metric(id="share", unit="%", decimals=2, aggregation=Ratio("cash", "sales"))
DOLLARS = Metric(id="abroad", unit="USD", decimals=2)
CLIENTS = Metric(id="clients", name="新客户数", unit="家")
CALENDAR = MonthCalendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")


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
        ("--5", "not-a-number"),
        ("(-5)", "double-sign"),
        ("(5", "not-a-number"),
        ("5-", "trailing-sign"),
        ("1e5", "exponent"),
        ("1 234", "inner-space"),
        ("1200²", "not-a-number"),
        ("①", "not-a-number"),
        ("٣٤", "foreign-digit"),
        ("$5", "not-a-number"),
        ("nan", "not-a-number"),
        ("=1+1", "formula-text"),
        ("12%", "not-a-number"),
        ("1.2万", "not-a-number"),
        ("¥12美元", "foreign-currency"),
        ("12w", "unknown-unit"),
        ("####", "excel-overflow"),
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
    [
        *(("85%", 8500), ("８５.５％", 8550), ("85", 8500), (" -5% ", -500), ("", None)),
        *(("0.85%", 85), ("0.5 %", 50), (0, 0), ("0.00", 0), ("1.01", 101)),
        (Decimal("-1.5"), -150),
    ],
)
def test_a_metric_in_percent_takes_the_sign(raw, units):
    assert read_amount(raw, RATE) == units


@pytest.mark.parametrize("raw", ["0.85", "1", 1, Decimal("0.85"), "-0.05", "（0.5）", "1.00"])
@pytest.mark.parametrize("metric", [RATE, RATIO])
def test_a_number_that_may_be_a_ratio_needs_its_percent_sign(raw, metric):
    assert refusal(read_amount, raw, metric).code == "ambiguous-percent"


def test_a_number_that_is_known_to_be_percent_needs_no_sign():
    assert read_amount("0.85", RATE, in_percent=True) == 85


@pytest.mark.parametrize("metric", [SALES, CLIENTS, Metric(id="ratio", decimals=2)])
def test_other_metrics_take_small_numbers(metric):
    assert read_amount("1", metric) == 10**metric.decimals


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_what_is_no_finite_number_is_no_ratio(number):
    assert refusal(read_amount, Decimal(number), RATE).code == "not-a-number"


@pytest.mark.parametrize(
    ("raw", "metric", "code"),
    [
        ("85%", SALES, "percent-in-money"),
        ("85%%", RATE, "not-a-number"),
        ("85‰", RATE, "unknown-unit"),
        ("$5", SALES, "foreign-currency"),
        ("¥5", DOLLARS, "foreign-currency"),
        ("5元", CLIENTS, "foreign-currency"),
        ("5个", CLIENTS, "unknown-unit"),
    ],
)
def test_other_signs_and_other_metrics_do_not(raw, metric, code):
    assert refusal(read_amount, raw, metric).code == code


@pytest.mark.parametrize(
    ("raw", "metric", "units"),
    [
        ("1.2万", SALES, 1_200_000),
        ("1.2万元", SALES, 1_200_000),
        ("¥3.4亿", SALES, 34_000_000_000),
        ("5千", SALES, 500_000),
        ("2百万元", SALES, 200_000_000),
        ("$1,200.50", DOLLARS, 120_050),
        ("1200 USD", DOLLARS, 120_000),
        ("3家", CLIENTS, 3),
        ("1.2万", CLIENTS, 12_000),
        ("1.2万元", Metric(id="sales", unit="万元", decimals=2), 120),
        ("92.5%", Metric(id="paid", decimals=4, aggregation=Ratio("a", "b")), 9_250),
        ("—", SALES, None),
        ("n/a", SALES, None),
    ],
)
def test_a_unit_in_the_cell_counts(raw, metric, units):
    assert read_amount(raw, metric) == units


@pytest.mark.parametrize(("raw", "column"), [("1.2万", "亿元"), ("12元", "万元")])
def test_a_unit_in_the_cell_that_contradicts_the_column_is_refused(raw, column):
    assert refusal(read_amount, raw, SALES, UNITS[column]).code == "unit-conflict"


def test_a_unit_in_the_cell_may_repeat_the_column():
    assert read_amount("1.2万", SALES, UNITS["万元"]) == 1_200_000


@pytest.mark.parametrize(
    ("raw", "rate"),
    [
        (None, None),
        ("无", None),
        ("85%", Fraction(17, 20)),
        ("-5%", Fraction(-1, 20)),
        (Decimal("0.85"), Fraction(17, 20)),
        ("1", Fraction(1)),
        (1, Fraction(1)),
        ("120%", Fraction(6, 5)),
    ],
)
def test_a_rate_reads_with_a_percent_sign_or_up_to_one(raw, rate):
    assert read_rate(raw) == rate


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("85", "ambiguous-percent"),
        (85, "ambiguous-percent"),
        ("¥1", "not-a-number"),
        (Decimal("NaN"), "not-a-number"),
        (True, "not-a-number"),
    ],
)
def test_what_is_no_rate_is_refused(raw, code):
    assert refusal(read_rate, raw).code == code


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
        ("2023-10-06 14:00", None, date(2023, 10, 6)),
        ("20231006", None, date(2023, 10, 6)),
        (20231006, None, date(2023, 10, 6)),
        (45205, None, date(2023, 10, 6)),
        (Decimal("45205.75"), None, date(2023, 10, 6)),
        (60, "%y", date(2060, 1, 1)),
        ("06/10/2023", "%d/%m/%Y", date(2023, 10, 6)),
        ("20231006", "%Y%m%d", date(2023, 10, 6)),
    ],
)
def test_a_day_reads_in_the_forms_that_mean_one_thing_only(raw, form, day):
    assert read_day(raw, form) == day


@pytest.mark.parametrize(
    ("raw", "form", "code"),
    [
        ("昨天", None, "no-such-date"),
        ("2023-02-29", None, "no-such-date"),
        ("2023-13-01", None, "no-such-date"),
        ("2023-10/06", None, "no-such-date"),
        ("2023-10-06abc", None, "no-such-date"),
        ("2023-10-06 soon", None, "no-such-date"),
        (True, None, "no-such-date"),
        (7, None, "no-such-date"),
        (Decimal("NaN"), None, "no-such-date"),
        (Decimal("sNaN"), None, "no-such-date"),
        (Decimal("1E+9999999"), None, "no-such-date"),
        (Decimal("1E+9999999"), "%Y%m%d", "no-such-date"),
        (Decimal("1E-9999999"), "%Y%m%d", "no-such-date"),
        ("2023-10-06", "%d/%m/%Y", "no-such-date"),
        ("06/10/2023", None, "ambiguous-date"),
        ("23-10-06", None, "two-digit-year"),
        ("2023-10", None, "no-day"),
        ("2023年", None, "no-day"),
        ("45205", None, "date-serial-as-text"),
        ("2023-10-06 24:00", None, "no-such-time"),
        ("1899-12-31", None, "date-out-of-range"),
        ("2023-10-06T16:00:00Z", None, "no-zone"),
    ],
)
def test_no_day_is_refused_with_its_reason(raw, form, code):
    assert refusal(read_day, raw, form).code == code


def test_a_refused_day_says_the_form_that_is_wanted():
    assert refusal(read_day, "昨天").facts == {"format": "2023-10-06"}
    assert refusal(read_day, "昨天", "%d/%m/%Y").facts == {"format": "%d/%m/%Y"}


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2023-10-31T15:59:59Z", date(2023, 10, 31)),
        ("2023-10-31T16:00:00Z", date(2023, 11, 1)),
        ("2023-10-31T23:59:59-02:00", date(2023, 11, 1)),
        ("2023-10-31 23:59:59-02", date(2023, 11, 1)),  # as PostgreSQL writes it
        ("2023-10-31 23:59", date(2023, 10, 31)),
        (datetime(2023, 10, 31, 16, tzinfo=UTC), date(2023, 11, 1)),
    ],
)
def test_a_moment_becomes_the_business_day_of_its_zone(raw, day):
    assert read_day(raw, None, SHANGHAI) == day


def test_a_moment_with_an_offset_keeps_its_own_day_where_no_zone_is_named():
    assert read_day("2023-10-31T23:59:59+08:00") == date(2023, 10, 31)


@pytest.mark.parametrize(
    ("raw", "code"),
    [("甲\u202e乙", "bidi-control"), ("甲\n乙", "control-char"), ("x" * 201, "name-too-long")],
)
def test_a_name_that_shows_one_thing_and_holds_another_is_refused(raw, code):
    assert refusal(read_name, raw).code == code


def test_a_name_is_evened_out():
    assert read_name("　甲乙（上海） ") == "甲乙(上海)"
    assert read_name(" \u200b ") is None


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
