"""A merged label says what the same label in every row would say; an amount never does."""

from __future__ import annotations

import io
from itertools import groupby

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.app.builtins import built_in_plugins
from salesgoal.domain.problem import Place
from salesgoal.intake.layout import LayoutForm, Vocabulary, lay_out
from salesgoal.intake.merged import fill_down, warn_of_merged
from salesgoal.ports.importer import Grid, ReadRequest

SPEC = built_in_plugins().importer("xlsx")
HEADER = ("日期", "区域", "产品", "金额")
labels = st.tuples(
    st.sampled_from(["2023-10-06", "2023-10-07"]),
    st.sampled_from(["华东", "华南"]),
    st.sampled_from(["A", "B"]),
)
tables = st.lists(st.tuples(labels, st.integers(1, 999)), min_size=1, max_size=12)


def written(path, rows, *, merge):
    """Writes rows of labels and an amount; runs of equal labels merged, or written out."""
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for said, amount in rows:
        book.active.append((*said, amount))
    if merge:
        for column in range(3):
            at = 2
            for _, run in groupby(said[column] for said, _ in rows):
                last = at + len(list(run)) - 1
                if last > at:
                    book.active.merge_cells(None, at, column + 1, last, column + 1)
                at = last + 1
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(stream.getvalue())
    return path


def read(path, amounts=(3,), page_size=5):
    request = ReadRequest(source=path, grid=True, page_size=page_size)
    words = Vocabulary(["日期", "区域", "产品", "金额"])
    laid = lay_out(SPEC.read(request), Place(path.name), Grid.CELLS, LayoutForm(), words)
    pages = list(warn_of_merged(fill_down(laid.pages, amounts), laid.place))
    rows = [(row.where.row, row.values) for page in pages for row in page.rows]
    return rows, [each.code for page in pages for each in page.warnings]


@given(rows=tables, page_size=st.integers(1, 6))
def test_merged_labels_read_like_labels_in_every_row(tmp_path_factory, rows, page_size):
    folder = tmp_path_factory.mktemp("merged")
    plain = read(written(folder / "plain.xlsx", rows, merge=False), page_size=page_size)
    assert read(written(folder / "merged.xlsx", rows, merge=True), page_size=page_size) == plain


@given(rows=tables)
def test_an_amount_is_never_repeated(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("merged") / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for said, amount in rows:
        book.active.append((*said, amount))
    book.active.merge_cells(None, 2, 4, len(rows) + 1, 4)
    book.save(path)
    found, warnings = read(path)
    assert [values[3] for _, values in found] == [rows[0][1], *[None] * (len(rows) - 1)]
    assert warnings == (["merged-cells"] if len(rows) > 1 else [])
