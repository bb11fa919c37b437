from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import SourceRefused
from salesgoal.plugins.csv.options import CsvLimits, CsvOptions
from salesgoal.ports.importer import NotPlain, ReadRequest

SPEC = built_in_plugins().importer("csv")


def both(path, options=None):
    """The rows of the strict reader, and those of whole columns; None where either refuses."""
    request = ReadRequest(source=path, options=options, grid=True)
    try:
        strict = [row.values for page in SPEC.read(request) for row in page.rows]
    except SourceRefused:
        strict = None
    try:
        whole = SPEC.columns(request)
    except SourceRefused:
        whole = None
    if whole is None or isinstance(whole, NotPlain):
        return strict, None
    assert whole.first == 1
    return strict, whole.frame.rows()


def same(path, options=None):
    strict, whole = both(path, options)
    assert whole is None or whole == strict
    return whole is not None


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text("a1., ;\t|\"'\n\r\x00\x0b\x85\u2028\ufeff华=-#", min_size=1),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-8-sig"]),
)
@example("a,b\n1,2\n", "utf-8")
@example("a,b\n1,2,3\n4\n", "utf-8")
@example("a,b\n1\n\n,\n", "utf-8")
@example("a,b\n,\n,", "utf-8")
@example(",\n,\n", "utf-8")
@example("sep=,\na,b\n", "utf-8")
@example("#a,b\nNA,null\n", "utf-8")
@example('"a","b"\n"1",""\n', "utf-8")
@example('a,b\nx,"a\nb,c"\n', "utf-8")
@example('a,b\n"x,",y\n', "utf-8")
@example('a,b\n"x""y",z\n"",""\n', "utf-8")
@example('a,b\n",x\ny,"\n', "utf-8")
def test_whole_columns_hold_what_the_strict_reader_reads(tmp_path, text, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    same(path)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(
                st.text("a1. 华\x85\u3000NA#'", max_size=4), min_size=width, max_size=width
            ),
            min_size=1,
        )
    ),
    last=st.booleans(),
    quoted=st.booleans(),
)
def test_an_even_table_is_plain_with_quotes_around_cells_and_without(
    tmp_path, rows, last, quoted
):
    path = tmp_path / "a.csv"
    cells = [[f'"{each}"' for each in row] for row in rows] if quoted else rows
    path.write_text("\n".join(map(",".join, cells)) + "\n" * last, "utf-8")
    if path.stat().st_size:
        assert same(path, CsvOptions(delimiter=",")) == (len(rows[0]) > 1)


@pytest.mark.parametrize(("most", "plain"), [(12, True), (8, False)])
def test_a_row_that_may_pass_its_limit_is_left_to_the_reader(tmp_path, most, plain):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1234,5678\n", "utf-8")
    assert same(path, CsvOptions(limits=CsvLimits(row_chars=most))) == plain
