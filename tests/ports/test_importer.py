from __future__ import annotations

import pytest

from salesgoal.domain.problem import Place
from salesgoal.errors import UsageError
from salesgoal.ports.importer import FileRows, Page, RawRow

SHEET = Place("目标.xlsx", sheet="10月")
CELLS = [("华东", 90), ("华北", 75), ("华南", 60)]
NUMBERS = [2, 3, 7]
ROWS = [
    RawRow(cells, Place("目标.xlsx", "10月", number))
    for cells, number in zip(CELLS, NUMBERS, strict=True)
]


def test_rows_of_a_file_are_the_raw_rows_that_they_stand_for():
    rows = FileRows(CELLS, SHEET, NUMBERS)
    assert [*rows] == ROWS
    assert [rows[at] for at in range(-3, 3)] == [*ROWS, *ROWS]
    assert (len(rows), ROWS[1] in rows) == (3, True)
    assert [*rows[1:]] == ROWS[1:]
    assert isinstance(rows[1:], FileRows)
    with pytest.raises(IndexError):
        rows[3]


@pytest.mark.parametrize("numbers", [range(2, 4), range(2, 6)])
def test_every_row_of_a_file_has_its_number(numbers):
    with pytest.raises(UsageError, match="3 rows with"):
        FileRows(CELLS, SHEET, numbers)


@pytest.mark.parametrize("rows", [tuple(ROWS), FileRows(CELLS, SHEET, NUMBERS)])
def test_a_page_is_made_of_either_kind_of_rows(rows):
    page = Page(rows, ("区域", "目标"), warnings=("w",))
    assert [*page.values] == CELLS
    assert [*page.places] == [row.where for row in ROWS]
    other = page.with_values([(name,) for name, _ in CELLS])
    assert [*other.values] == [("华东",), ("华北",), ("华南",)]
    assert [*other.places] == [*page.places]
    assert (other.columns, other.warnings) == (page.columns, page.warnings)


def test_other_cells_leave_the_key_of_a_record_alone():
    row = RawRow(("1",), Place("crm"), key="D-1", deleted=True)
    (other,) = Page((row,)).with_values([("2",)]).rows
    assert other == RawRow(("2",), Place("crm"), key="D-1", deleted=True)
