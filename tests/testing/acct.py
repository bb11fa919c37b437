"""A file format of our own making and its importer, importers of tables, and broken ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import attrs

from salesgoal.app.builtins import built_in_plugins
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused
from salesgoal.ports.importer import ImporterSpec, Page, RawRow
from salesgoal.testing import FileCase, Mutant

DOCUMENTS = Path(__file__).parent / "documents"
PLUGINS = built_in_plugins()
COLUMNS = ("on", "customer", "amount")


class Acct:
    """The right importer of ``day|customer|amount`` lines below a line ``#acct``."""

    def matches(self, head):
        return head.suffix == ".acct" and head.start.startswith(b"#acct")

    def read(self, request):
        place = Place(request.source.name)
        rows = []
        for number, cells in enumerate(self.lines(request, place), start=2):
            rows.append(RawRow(cells, self.place(place, number)))
            if len(rows) == request.page_size:
                yield Page(tuple(rows), COLUMNS)
                rows = []
        yield Page(tuple(rows), COLUMNS)

    def lines(self, request, place):
        try:
            head, *lines = self.text(request).splitlines()
            split = [tuple(line.split("|")) for line in lines]
        except (UnicodeDecodeError, ValueError):
            raise SourceRefused([problem("file-empty", place)]) from None
        if head != "#acct" or any(len(cells) != len(COLUMNS) for cells in split):
            raise SourceRefused([problem("no-rows", place)])
        return [self.cells(cells) for cells in split]

    def text(self, request):
        return request.source.read_bytes().decode()

    def cells(self, cells):
        return (*cells[:2], Decimal(cells[2]))

    def place(self, place, number):
        return attrs.evolve(place, row=number)


class ClaimsEverything(Acct):
    def matches(self, head):
        return head.suffix == ".acct"


class ClaimsNothing(Acct):
    def matches(self, _):
        return False


class SkipsBlankCustomers(Acct):
    def lines(self, *given):
        return [cells for cells in super().lines(*given) if cells[1]]


class LosesTheLastPage(Acct):
    def read(self, request):
        *pages, _ = super().read(request)
        yield from pages


class NoPlace(Acct):
    def place(self, place, _):
        return place


class OtherPlace(Acct):
    def place(self, _, number):
        return Place("acct", row=number)


class CrashesOnNoise(Acct):
    def lines(self, request, place):
        self.text(request)
        return super().lines(request, place)


class Floats(Acct):
    def cells(self, cells):
        return (*cells[:2], float(cells[2]))


class Tables:
    """The importer of a kind of table, with a fault in what it hands over."""

    def __init__(self, name):
        self.spec = PLUGINS.importer(name)

    def read(self, request):
        for page in self.spec.read(self.request(request)):
            yield page.with_values([self.cells(each) for each in page.values])

    def request(self, request):
        return request

    def cells(self, cells):
        return cells


class NormalisesDigits(Tables):
    def cells(self, cells):
        return tuple(
            each.replace("１，２００．５０", "1200.50") if isinstance(each, str) else each
            for each in cells
        )


class LeavesTotalsOut(Tables):
    def cells(self, cells):
        return () if cells and cells[0] == "合计" else cells


class NumbersAsTexts(Tables):
    def cells(self, cells):
        return tuple(f"{each:.0f}" if isinstance(each, Decimal) else each for each in cells)


class NeverHidden(Tables):
    def request(self, request):
        return attrs.evolve(request, every_sheet=False)


class AlwaysHidden(Tables):
    def request(self, request):
        return attrs.evolve(request, every_sheet=True)


def acct_case(reader, **changed):
    spec = ImporterSpec(name="acct", title="Acct", read=reader.read, matches=reader.matches)
    return FileCase(spec=attrs.evolve(spec, **changed), folder=DOCUMENTS / "acct")


def table_case(name, reader=None):
    spec = PLUGINS.importer(name)
    if reader is not None:
        spec = attrs.evolve(spec, read=reader(name).read)
    return FileCase(spec=spec, folder=DOCUMENTS / name)


def mutant(reader, *killed_by):
    return Mutant(name=reader.__name__, case=acct_case(reader()), killed_by=killed_by)


def table_mutant(reader, name, *killed_by):
    made = f"{reader.__name__} of {name}"
    return Mutant(name=made, case=table_case(name, reader), killed_by=killed_by)


GOLDEN = "documents_give_their_golden_rows"
MESSY = "a_messy_report_arrives_cell_by_cell"
BROKEN = "a_broken_file_is_refused"
PLACE = "rows_say_where_they_stand"
HIDDEN = "hidden_sheets_come_where_they_are_asked_for"

MUTANTS = [
    mutant(ClaimsEverything, GOLDEN),
    mutant(ClaimsNothing, GOLDEN),
    mutant(SkipsBlankCustomers, GOLDEN),
    mutant(LosesTheLastPage, GOLDEN),
    mutant(NoPlace, PLACE),
    mutant(OtherPlace, PLACE),
    mutant(CrashesOnNoise, BROKEN),
    mutant(Floats, GOLDEN, PLACE),
    table_mutant(NormalisesDigits, "csv", MESSY),
    table_mutant(NormalisesDigits, "xlsx", MESSY),
    table_mutant(LeavesTotalsOut, "csv", MESSY),
    table_mutant(NumbersAsTexts, "xlsx", MESSY),
    table_mutant(NeverHidden, "xlsx", HIDDEN),
    table_mutant(AlwaysHidden, "xlsx", MESSY),
    Mutant(
        name="ClaimsNoFiles",
        case=acct_case(Acct(), matches=None),
        killed_by=["the_spec_says_what_it_is"],
    ),
    Mutant(
        name="SkipsWithoutAReason",
        case=attrs.evolve(acct_case(Acct()), skips={f"test_{BROKEN}": ""}),
        killed_by=["skips_have_reasons_and_names"],
    ),
]
