"""What importers hand over: cells, raw rows and pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from salesgoal.domain.problem import Place
from salesgoal.ports.importer import Page, RawRow, RawValue, Unreadable
from salesgoal.testing.strategies.values import amounts, names

__all__ = ["cells", "pages", "raw_rows"]

_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_MOMENTS = st.integers(0, 10**7).map(lambda after: _FIRST + timedelta(seconds=after))


def cells() -> st.SearchStrategy[RawValue]:
    """Every type that a raw cell may have."""
    return st.one_of(
        st.none(),
        names(),
        st.text(max_size=5),
        amounts(),
        st.integers(-10, 10**6),
        st.booleans(),
        st.dates(date(2023, 12, 1), date(2024, 12, 31)),
        st.just(Unreadable("#DIV/0!", "excel-error")),
    )


@st.composite
def raw_rows(draw: st.DrawFn, width: int = 3) -> RawRow:
    """Rows of a service: with a key, a revision, deleted or not."""
    key = f"D-{draw(st.integers(0, 9))}"
    return RawRow(
        values=tuple(draw(st.lists(cells(), min_size=width, max_size=width))),
        where=Place("crm", key=key),
        key=key,
        revision=draw(_MOMENTS),
        deleted=draw(st.booleans()),
    )


@st.composite
def pages(draw: st.DrawFn, columns: Sequence[str] = ("日期", "客户", "金额")) -> Page:
    """Pages of a service, with a cursor or without."""
    rows = draw(st.lists(raw_rows(len(columns)), max_size=5))
    cursor = draw(st.none() | _MOMENTS.map(lambda moment: {"since": moment.isoformat()}))
    return Page(tuple(rows), tuple(columns), cursor)
