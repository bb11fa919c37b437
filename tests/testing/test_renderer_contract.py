"""Our own renderers hold the contract; what cannot hold for a kind of file says why."""

from __future__ import annotations

import io

import openpyxl
import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.testing import RenderCase, RendererContract

from .board import Board, Csv, Page, case_of

PLUGINS = built_in_plugins()
MACHINES = "machines read it: the column of the status says it"
PICTURE = "a picture, whose texts cannot be read back"


def workbook_text(content):
    """The cells with their formats, whose signs are what people see beside colour."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    told = (f"{each.value} {each.number_format}" for each in cells if each.value is not None)
    return "\n".join(told)


def case(name, *, saying=None, **skips):
    return RenderCase(
        spec=PLUGINS.renderer(name),
        saying=saying,
        skips={f"test_{check}": why for check, why in skips.items()},
    )


class TestTerminal(RendererContract):
    case = case("terminal")


class TestMarkdown(RendererContract):
    case = case("markdown")


class TestPage(RendererContract):
    case = case("html")


class TestWorkbook(RendererContract):
    case = case("xlsx", saying=workbook_text)


class TestCsv(RendererContract):
    case = case("csv", unmet_is_marked_by_more_than_colour=MACHINES)


class TestJson(RendererContract):
    case = case(
        "json",
        unmet_is_marked_by_more_than_colour=MACHINES,
        it_speaks_the_language_asked_for="one form for machines, whatever the language",
    )


class TestPicture(RendererContract):
    case = case(
        "png",
        every_number_is_found=PICTURE,
        every_text_is_intact=PICTURE,
        it_speaks_the_language_asked_for=PICTURE,
        unmet_is_marked_by_more_than_colour=PICTURE,
        absent_is_not_zero=PICTURE,
        texts_that_look_like_formulas_stay_texts=PICTURE,
        markup_stays_text=PICTURE,
        an_empty_book_is_written="there is no picture without a chart",
    )


@pytest.mark.parametrize("kind", [Board, Csv, Page])
class TestBoard(RendererContract):
    @pytest.fixture(autouse=True)
    def _kind(self, kind):
        self.case = case_of(kind())
