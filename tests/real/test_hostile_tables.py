"""Texts that people and programs really write: ``../shared/hostile/tables``, every row of it.

Each row is read by the one public function for its kind; the code column is our problem code,
but for the words that the tables use for forms of ours.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from salesgoal.cli.main import run
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


PLAN = """
[plan]
name = "表"
period = "2026"
[metrics.sales]
name = "金额"
unit = "元"
decimals = 2
[metrics.customers]
name = "客户"
aggregation = "distinct"
[[actuals]]
path = "{file}"
"""


@pytest.fixture
def csv_file(shared, tmp_path, capsys):
    """A hostile CSV file tracked by a plan of two metrics: exit code, what is said, figures."""

    def track(name, extra=""):
        path = shared / "hostile" / "csv" / name
        text = PLAN.format(file=path) + extra
        (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
        arguments = ["track", str(tmp_path), "--as-of", "2026-12-31", "--format", "json"]
        code = run([*arguments, "--lang", "en"])
        heard = capsys.readouterr()
        figures = {}
        for row in json.loads(heard.out)["rows"] if heard.out else ():
            figures.setdefault(row["metric"], row["actual"])
        return int(code), heard.err, figures

    return track


@pytest.mark.parametrize(
    ("name", "code", "said", "sales", "customers"),
    [
        (
            "subtotal_wrong.csv",
            1,
            "states 9,999.00, and its rows sum to 1,134.56",
            "1134.56",
            "2",
        ),
        ("dup_header.csv", 3, "客户: the header has this column 2 times", None, None),
        ("blank_header.csv", 0, "2 rows read = accepted 2", "1134.56", "2"),
        ("ragged_long.csv", 4, "row 3: the row has 6 cells, the header 5", "1234.56", "1"),
        ("ragged_short.csv", 4, "row 4: the row has 2 cells, the header 5", "1134.56", "2"),
        ("nl_in_cell.csv", 4, "[control-char]", "-100.00", "1"),
        # ＝1+1 and =1+1 after a tab are one name: width and outer spaces do not matter.
        ("formula_names.csv", 0, "5 rows read = accepted 5", "15.00", "4"),
        ("header_only.csv", 0, "0 rows read", None, None),
    ],
)
def test_hostile_files_are_right_or_say_why(csv_file, name, code, said, sales, customers):
    found, heard, figures = csv_file(name)
    assert found == code, heard
    assert said in heard
    assert (figures.get("sales"), figures.get("customers")) == (sales, customers)


def test_a_missing_column_of_amounts_is_refused(csv_file):
    code, heard, _ = csv_file("missing_col.csv", 'columns = { sales = "金额" }\n')
    assert (code, "金额: the header has no such column" in heard) == (3, True)
