"""A renderer of plain text, CSV and a page, and what may be wrong with it."""

from __future__ import annotations

import csv
import html
import io
from datetime import UTC, datetime
from decimal import Decimal

import attrs

from salesgoal.ports.renderer import RendererSpec
from salesgoal.sheets.sheet import Flag, Role, shown
from salesgoal.testing import Mutant, RenderCase


class Board:
    """Draws every sheet as a table of text."""

    def write(self, book, stream, options):
        lines = [self.safe(book.title.of(options.lang))]
        for sheet in book.sheets:
            lines.append(self.row(sheet.header(options.lang)))
            lines += [self.line(sheet, each, options) for each in sheet.lines]
        stream.write(self.whole(lines).encode())

    def line(self, sheet, line, options):
        return self.row([self.cell(sheet, line, at, options) for at in sheet.shown])

    def row(self, cells):
        return " | ".join(map(self.safe, cells))

    def cell(self, sheet, line, at, options):
        return shown(sheet, line, at, options.lang)

    def safe(self, text):
        return text

    def whole(self, lines):
        return "\n".join(lines)


class Csv(Board):
    suffix = ".csv"

    def row(self, cells):
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(map(self.safe, cells))
        return text.getvalue()

    def safe(self, text):
        return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


class Page(Board):
    suffix = ".html"

    def safe(self, text):
        return html.escape(text)

    def whole(self, lines):
        return f"<pre>{super().whole(lines)}</pre>"


class WritesTheTime(Board):
    def whole(self, lines):
        return super().whole([*lines, str(datetime.now(UTC))])


class WritesTheLocalHour(Board):
    def whole(self, lines):
        return super().whole([*lines, f"{datetime.now().astimezone():%H:%M}"])


class ClosesTheStream(Board):
    def write(self, book, stream, options):
        super().write(book, stream, options)
        stream.close()


class WritesNothing(Board):
    def write(self, book, stream, options):
        """Draws nothing at all."""


class Rounds(Board):
    def cell(self, sheet, line, at, options):
        text = super().cell(sheet, line, at, options)
        return text.partition(".")[0] if "%" not in text and "." in text else text


class AddsUpAnew(Board):
    def cell(self, sheet, line, at, options):
        if line.role is Role.TOTAL and sheet.columns[at].key == "actual":
            units = sum(each.cells[at].value or 0 for each in sheet.lines[:-1])
            return f"{Decimal(units) / 100:,}"
        return super().cell(sheet, line, at, options)


class LeavesTheLastColumnsOut(Board):
    def row(self, cells):
        return super().row(list(cells)[:4])


class Latin(Board):
    def whole(self, lines):
        return super().whole(lines).encode("gbk", "replace").decode("gbk")


class OnlyChinese(Board):
    def write(self, book, stream, options):
        super().write(book, stream, attrs.evolve(options, lang="zh"))


class ColourAlone(Board):
    def cell(self, sheet, line, at, options):
        text = super().cell(sheet, line, at, options).replace(" ▼", "").replace(" ✓", "")
        red = options.colour and line.cells[at].flag is Flag.UNMET
        return f"\x1b[31m{text}\x1b[0m" if red else text


class AlwaysInColour(Board):
    def cell(self, sheet, line, at, options):
        return f"\x1b[1m{super().cell(sheet, line, at, options)}\x1b[0m"


class AbsentAsZero(Board):
    def cell(self, sheet, line, at, options):
        return super().cell(sheet, line, at, options) or "0.00"


class AbsentAsNought(Board):
    def cell(self, sheet, line, at, options):
        return super().cell(sheet, line, at, options) or "0"


class CsvOfFormulas(Csv):
    def safe(self, text):
        return text


class CsvWithoutTheSign(Csv):
    def safe(self, text):
        return text.lstrip("=+-@\t")


class PageOfTags(Page):
    def safe(self, text):
        return text


class FailsWithoutLines(Board):
    def write(self, book, stream, options):
        assert max(len(sheet.lines) for sheet in book.sheets)
        super().write(book, stream, options)


def case_of(board, **changed):
    spec = RendererSpec(
        name="board",
        title="Board",
        suffix=getattr(board, "suffix", ".txt"),
        media_type="text/plain",
        write=board.write,
        text=True,
    )
    return RenderCase(spec=attrs.evolve(spec, **changed))


def mutant(board, *killed_by, **changed):
    return Mutant(name=board.__name__, case=case_of(board(), **changed), killed_by=killed_by)


TWICE = "writing_twice_gives_the_same_bytes"
STREAM = "it_leaves_the_stream_open"
NUMBERS = "every_number_is_found"
FORMULAS = "texts_that_look_like_formulas_stay_texts"

MUTANTS = [
    mutant(WritesTheTime, TWICE),
    mutant(WritesTheLocalHour, TWICE),
    mutant(ClosesTheStream, STREAM),
    mutant(WritesNothing, STREAM),
    mutant(Rounds, NUMBERS),
    mutant(AddsUpAnew, NUMBERS),
    mutant(LeavesTheLastColumnsOut, NUMBERS),
    mutant(Latin, "every_text_is_intact"),
    mutant(OnlyChinese, "it_speaks_the_language_asked_for"),
    mutant(ColourAlone, "unmet_is_marked_by_more_than_colour"),
    mutant(AlwaysInColour, "colours_come_only_where_they_are_allowed"),
    mutant(AbsentAsZero, "absent_is_not_zero"),
    mutant(AbsentAsNought, "absent_is_not_zero"),
    mutant(CsvOfFormulas, FORMULAS),
    mutant(CsvWithoutTheSign, FORMULAS),
    mutant(PageOfTags, "markup_stays_text"),
    mutant(FailsWithoutLines, "an_empty_book_is_written"),
    Mutant(
        name="TypeOfNothing",
        case=case_of(Board(), media_type="txt"),
        killed_by=["the_spec_says_what_it_is"],
    ),
    Mutant(
        name="SkipsWhatIsNot",
        case=attrs.evolve(case_of(Board()), skips={"test_everything": "no time"}),
        killed_by=["skips_have_reasons_and_names"],
    ),
]
