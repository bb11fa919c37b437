from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesgoal.domain.problem import Place
from salesgoal.intake.date_text import read_day
from salesgoal.intake.epoch import count_from_1900
from salesgoal.ports.importer import FileRows, Page


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (43_743, date(2023, 10, 6)),
        (Decimal("43743.75"), date(2023, 10, 6)),
        (20_231_006, date(2023, 10, 6)),
        ("2023-10-06", date(2023, 10, 6)),
        (date(2023, 10, 6), date(2023, 10, 6)),
        (None, None),
    ],
)
def test_days_that_count_from_1904_are_those_that_people_see(cell, day):
    (page,) = count_from_1900(iter([Page(FileRows([(7, cell)], Place("a.xlsx"), [2]))]), {1})
    ((amount, moved),) = page.values
    assert (amount, read_day(moved)) == (7, day)


@pytest.mark.parametrize("cell", [True, Decimal("NaN"), Decimal("1E+999"), -1])
def test_what_is_no_serial_number_stays(cell):
    (page,) = count_from_1900(iter([Page(FileRows([(cell,)], Place("a.xlsx"), [2]))]), {0})
    assert str(page.values[0][0]) == str(cell)
