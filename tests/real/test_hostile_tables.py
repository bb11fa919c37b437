"""Texts that people and programs really write: ``../shared/hostile/tables``, every row of it.

Each row is read by the one public function for its kind; the code column is our problem code,
but for the words that the tables use for forms of ours.
"""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from salesgoal.domain.metric import Metric
from salesgoal.domain.month_calendar import MonthCalendar
from salesgoal.domain.week_calendar import ISO
from salesgoal.intake.parse import (
    CellRefused,
    read_amount,
    read_day,
    read_name,
    read_period,
    read_rate,
)

SALES = Metric(id="sales", name="销售额", unit="元", decimals=2)
OURS = {
    "sub-cent": "excess-decimals",
    "not-a-date": "no-such-date",
    "no-such-week": "no-such-period",
    "no-such-quarter": "no-such-period",
}
ROWS = {"amounts.csv": 86, "rates.csv": 12, "dates.csv": 30, "names.csv": 18}


@pytest.fixture
def rows(shared):
    def read(name):
        path = shared / "hostile" / "tables" / name
        with path.open(encoding="utf-8-sig", newline="") as stream:
            found = list(csv.DictReader(stream))
        assert len(found) == ROWS[name]
        return found

    return read


def outcome(read, *arguments):
    """What a reader gives, and ``ok`` or the code of its refusal."""
    try:
        return read(*arguments), "ok"
    except CellRefused as refused:
        return None, refused.code


def expected_code(row):
    word = row["code"].split()[0].replace("ok-cleaned", "ok")
    return OURS.get(word, word)


def test_amounts_are_right_or_refused_with_their_code(rows):
    for row in rows("amounts.csv"):
        found, code = outcome(read_amount, row["text"], SALES)
        if row["code"] in {"blank", "blank-token"}:
            assert (found, code) == (None, "ok"), row
        else:
            cents = int(row["cents"]) if row["cents"] else None
            wanted = "out-of-range" if row["code"] == "out-of-range" else expected_code(row)
            assert (found, code) == (cents, wanted), row


def test_rates_are_right_or_refused_with_their_code(rows):
    for row in rows("rates.csv"):
        found, code = outcome(read_rate, row["text"])
        ratio = Fraction(row["ratio"]) if row["ratio"] else None
        wanted = "ok" if row["code"] == "blank" else expected_code(row)
        assert (found, code) == (ratio, wanted), row


def test_days_are_right_or_refused_with_their_code(rows):
    calendars = {"week": ISO, "no-such-week": ISO}
    for row in rows("dates.csv"):
        day = date.fromisoformat(row["iso"]) if row["iso"] else None
        word, _, rest = row["code"].partition(" ")
        if word in {"week", "quarter", "no-such-week", "no-such-quarter"}:
            calendar = calendars.get(word, MonthCalendar())
            found, code = outcome(read_period, row["text"], calendar)
            start = found.start if found else None
            wanted = "ok" if word in {"week", "quarter"} else "no-such-period"
            assert (start, code) == (day, wanted), row
            assert outcome(read_day, row["text"])[0] is None
            continue
        zone = ZoneInfo(rest.removeprefix("tz=")) if rest.startswith("tz=") else None
        wanted = "date-out-of-range" if word == "out-of-range" else expected_code(row)
        assert outcome(read_day, row["text"], None, zone) == (day, wanted), row


def test_names_are_canonical_or_refused_with_their_code(rows):
    for row in rows("names.csv"):
        found, code = outcome(read_name, row["text"])
        word = row["canonical"]
        if word == "ERROR blank-name":
            assert (found, code) == (None, "ok"), row
        elif word.startswith("ERROR "):
            assert code == word.removeprefix("ERROR "), row
        else:
            assert (found, code) == (word, "ok"), row
