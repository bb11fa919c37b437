"""The contract of importers of files, as a class of tests to inherit from."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import attrs

from salesgoal.errors import SourceRefused
from salesgoal.ports.guard import page_fault
from salesgoal.ports.importer import API, Grid, ImporterSpec, RawRow, RawValue, ReadRequest
from salesgoal.testing.bench import says
from salesgoal.testing.case import Expected
from salesgoal.testing.contract import Contract
from salesgoal.testing.golden import check, documents
from salesgoal.testing.messy import HIDDEN, MESSY, messy_csv, messy_workbook

__all__ = ["FileCase", "FileContract"]

Check = TypeVar("Check", bound=Callable[..., Any])
_SIZES = (1, 3, 200)
_SHORTEST = 20


@attrs.frozen(kw_only=True)
class FileCase:
    """An importer of files under test.

    Attributes:
        spec: As the plugin offers it.
        folder: Documents with their golden rows beside them, and documents to leave alone.
        options: An instance of the spec's options; None for its defaults.
        suffix: Of the messy report that importers of whole sheets are given.
        skips: Name of a check -> why it cannot hold; the reasons are printed at the end.
    """

    spec: ImporterSpec
    folder: Path
    options: object = None
    suffix: str = ""
    skips: Mapping[str, str] = attrs.field(factory=dict)


def _of_sheets(check: Check) -> Check:
    check.lacks = _lacks_grid  # type: ignore[attr-defined]
    return check


def _lacks_grid(spec: ImporterSpec) -> str | None:
    return None if spec.grid else "its spec says that it knows its columns: no `grid`"


class FileContract(Contract):
    """Every check that an importer of files has to hold; inherit from it and set ``case``.

    Importers that hand over whole sheets (``grid``) are also given a messy report of ours::

        class TestBankStatement(FileContract):
            case = FileCase(spec=STATEMENT, folder=Path(__file__).parent / "documents")
    """

    case: ClassVar[FileCase]

    def test_the_spec_says_what_it_is(self) -> None:
        """A title, this version, and by what it claims its files."""
        spec = self.case.spec
        assert spec.title.strip(), "it has no title"
        assert 1 <= spec.api <= API, f"api {spec.api}; this salesgoal has {API}"
        assert spec.matches is not None, "it claims no files: no `matches`"
        assert not spec.incremental, "a file has no increments"

    def test_documents_give_their_golden_rows(self) -> None:
        """All and only the documents with golden rows are claimed; pages of any size agree."""
        faults = check(self.case.spec, self.case.folder, self.case.options)
        assert not faults, "\n" + "\n".join(faults)

    def test_rows_say_where_they_stand(self) -> None:
        """By the file's name and a row, so that people find them."""
        for path in documents(self.case.folder):
            if Path(f"{path}.golden").exists():
                for row in self._read(path, page_size=3, refusable=True):
                    assert row.where.source == path.name, f"{row.where} is not {path.name}"
                    found = row.where.row or row.where.key
                    assert found, f"{row.where} has neither a row nor a key"

    def test_a_broken_file_is_refused(self) -> None:
        """Empty, cut short, or noise: rows or a `SourceRefused`, and no other error."""
        for path in documents(self.case.folder):
            if Path(f"{path}.golden").exists():
                content = path.read_bytes()
                half = content[: len(content) // 2]
                for broken in (b"", half, content[:_SHORTEST], bytes(range(256)) * 4):
                    with _file(path.name, broken) as place:
                        list(self._read(place, refusable=True))

    @_of_sheets
    def test_a_messy_report_arrives_cell_by_cell(self) -> None:
        """Merged headers, totals, full-width digits, texts and numbers: as they stand."""
        for size in _SIZES:
            found = self._messy(size, every_sheet=False)
            faults = list(_faults(found, MESSY))
            assert not faults, f"pages of {size}:\n" + "\n".join(faults)

    @_of_sheets
    def test_hidden_sheets_come_where_they_are_asked_for(self) -> None:
        """And stay away where they are not."""
        if self.case.spec.grid is Grid.CELLS:
            found = self._messy(200, every_sheet=True)
            hidden = [row for row in found if row.where.sheet == "旧数据"]
            shown = [row for row in found if row.where.sheet == "10月"]
            faults = [*_faults(hidden, HIDDEN), *_faults(shown, MESSY)]
            assert not faults, "\n".join(faults)
            assert len(hidden) + len(shown) == len(found), "rows of no sheet"

    def _messy(self, page_size: int, *, every_sheet: bool) -> list[RawRow]:
        cells = self.case.spec.grid is Grid.CELLS
        name, content = ("日报.xlsx", messy_workbook()) if cells else ("日报.csv", messy_csv())
        name = Path(name).stem + (self.case.suffix or Path(name).suffix)
        with _file(name, content) as path:
            return list(self._read(path, page_size=page_size, every_sheet=every_sheet))

    def _read(
        self,
        path: Path,
        *,
        page_size: int = 200,
        every_sheet: bool = False,
        refusable: bool = False,
    ) -> Iterator[RawRow]:
        spec = self.case.spec
        request = ReadRequest(
            options=self.case.options,
            source=path,
            page_size=page_size,
            grid=spec.grid is not None,
            every_sheet=every_sheet,
        )
        refusal: SourceRefused | None = None
        pages = spec.read(request)
        try:
            for page in pages:
                fault = page_fault(page, incremental=False)
                assert fault is None, f"{path.name}: {fault}"
                yield from page.rows
        except SourceRefused as error:
            refusal = error
        finally:
            getattr(pages, "close", int)()
        if refusal is not None:
            assert refusable, f"{path.name} was refused: {refusal}"
            assert refusal.problems, f"{path.name} was refused without a problem"


def _faults(rows: list[RawRow], expected: Mapping[int, tuple[Expected, ...]]) -> Iterator[str]:
    """What differs from the cells that stand in a sheet; blank rows may be left out."""
    left: dict[int | None, Sequence[RawValue]] = {}
    for row in rows:
        if row.where.row in left:
            yield f"row {row.where.row} comes twice: {left[row.where.row]} and {row.values}"
        left[row.where.row] = row.values
    for number, cells in expected.items():
        values = left.pop(number, ())
        width = max(len(values), len(cells))
        for at in range(width):
            raw = values[at] if at < len(values) else None
            cell = cells[at] if at < len(cells) else None
            if not says(raw, cell):
                yield f"row {number}, cell {at + 1}: {raw!r}, and the file has {cell!r}"
    for other, values in left.items():
        if any(value not in {None, ""} for value in values):
            yield f"row {other} is not in the file: {values}"


@contextmanager
def _file(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path
