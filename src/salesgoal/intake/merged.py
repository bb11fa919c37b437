"""Merged cells: a label that runs down over several rows is said once and holds for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs

from salesgoal.domain.problem import Place, problem
from salesgoal.intake.cell_text import is_blank, is_filled
from salesgoal.ports.importer import Page, RawRow

__all__ = ["fill_down", "warn_of_merged"]


def fill_down(pages: Iterator[Page], amounts: Collection[int]) -> Iterator[Page]:
    """Yields the pages with labels where a merged range runs down over a blank cell.

    Only the merge itself says so; a blank cell alone is never filled. An amount is not filled:
    it would count once a row. A row that holds nothing of its own stays blank.
    """
    for page in pages:
        yield page if not page.is_merged else _filled_page(page, amounts)


def warn_of_merged(pages: Iterator[Page], place: Place) -> Iterator[Page]:
    """Yields the pages, and one without rows that warns of merged cells that stay blank.

    No page is held back, since who checks totals counts on the rows before them.
    """
    spans: set[str] = set()
    columns: tuple[str, ...] = ()
    for page in pages:
        yield page
        columns = page.columns
        if page.is_merged:
            spans |= {each.span for row in page.rows for each in row.merged.values()}
    if spans:
        warning = problem("merged-cells", place, count=len(spans))
        yield Page((), columns, warnings=(warning,))


def _filled_page(page: Page, amounts: Collection[int]) -> Page:
    return attrs.evolve(page, rows=tuple(_filled(row, amounts) for row in page.rows))


def _filled(row: RawRow, amounts: Collection[int]) -> RawRow:
    blank = {
        at: each
        for at, each in row.merged.items()
        if at < len(row.values) and not is_filled(row.values[at])
    }
    if not blank or is_blank(row.values):
        return attrs.evolve(row, merged={})
    values, left = list(row.values), {}
    for at, each in blank.items():
        if each.value is None or at in amounts:
            left[at] = each
        else:
            values[at] = each.value
    return attrs.evolve(row, values=tuple(values), merged=left)
