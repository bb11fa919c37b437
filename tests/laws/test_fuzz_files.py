"""Broken files are read as they were, or refused; never read as something else in silence.

Every mutation is drawn from a seed. ``SALESGOAL_FUZZ=20000`` runs that many of each kind
(`make fuzz`).
"""

from __future__ import annotations

import os
import zipfile
from random import Random

import attrs
import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import SourceRefused
from salesgoal.plugins.csv.options import CsvOptions
from salesgoal.ports.importer import ReadRequest

from .packages import packed, parts

COUNT = int(os.environ.get("SALESGOAL_FUZZ", "400"))
PLUGINS = built_in_plugins()
ROWS = "".join(
    f'<row r="{at}"><c r="A{at}" s="1"><v>{45_000 + at}</v></c>'
    f'<c r="B{at}" t="s"><v>{at % 3}</v></c><c r="C{at}"><f>1*{at}</f><v>{at}.25</v></c></row>'
    for at in range(2, 12)
)
HEAD = '<row r="1"><c r="A1" t="s"><v>3</v></c><c r="B1" t="s"><v>4</v></c>'
HEAD += '<c r="C1" t="s"><v>5</v></c></row>'
PARTS = parts(
    HEAD + ROWS,
    texts=["甲", "乙", "丙", "日期", "客户", "金额"],
    formats=(0, 14),
    after='<mergeCells><mergeCell ref="E1:F1"/><mergeCell ref="B2:B4"/></mergeCells>',
)
TEXT = "日期,客户,金额\n" + "".join(
    f'2023-10-{at:02},"客户, {at}",{at}.25\n' for at in range(1, 29)
)
MARKS = [
    b"<",
    b">",
    b'"',
    b"&",
    b"\0",
    b"\xff",
    b"]]>",
    b"<!DOCTYPE a>",
    b"1e999",
    b"-1",
    b"A1",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


def outcome(importer, path, content, options=None):
    """The rows, or the code of the refusal; any other exception is a finding."""
    path.write_bytes(content)
    request = ReadRequest(source=path, options=options)
    try:
        # As a grid, merged ranges are looked at, too.
        list(PLUGINS.importer(importer).read(attrs.evolve(request, grid=True)))
        pages = list(PLUGINS.importer(importer).read(request))
    except SourceRefused as refused:
        return refused.problems[0].code
    rows = [(row.where.row, row.values) for page in pages for row in page.rows]
    return pages[0].columns, rows, [str(each) for page in pages for each in page.warnings]


def mutated(content, chance):
    """A few bytes flipped, cut out, doubled, or replaced by something that bites."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(found))
        match chance.randrange(5):
            case 0:
                found[at] = chance.randrange(256)
            case 1:
                del found[at : at + chance.randint(1, 9)]
            case 2:
                found[at:at] = found[at : at + chance.randint(1, 30)]
            case 3:
                found[at:at] = chance.choice(MARKS)
            case _:
                del found[at:]
        if not found:
            break
    return bytes(found)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_one_byte_of_a_workbook_changes_nothing_or_is_noticed(folder, method):
    content = packed(PARTS, method)
    path = folder / "a.xlsx"
    whole = outcome("xlsx", path, content)
    assert len(whole[1]) == 10
    chance = Random(f"byte {method}")  # noqa: S311 - seeded on purpose
    for _ in range(COUNT):
        at, byte = chance.randrange(len(content)), chance.randrange(256)
        found = outcome("xlsx", path, content[:at] + bytes([byte]) + content[at + 1 :])
        assert isinstance(found, str) or found == whole, (at, byte)


def test_a_broken_package_never_leaks_an_exception(folder):
    content = packed(PARTS, zipfile.ZIP_STORED)
    chance = Random("package")  # noqa: S311 - seeded on purpose
    for _ in range(COUNT):
        outcome("xlsx", folder / "b.xlsx", mutated(content, chance))


def test_broken_markup_never_leaks_an_exception(folder):
    """The checksums are made right, so that whatever is wrong reaches the parser."""
    chance = Random("markup")  # noqa: S311 - seeded on purpose
    names = sorted(PARTS)
    for _ in range(COUNT):
        name = chance.choice(names)
        found = {**PARTS, name: mutated(PARTS[name].encode(), chance)}
        outcome("xlsx", folder / "c.xlsx", packed(found, zipfile.ZIP_STORED))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_broken_text_file_never_leaks_an_exception(folder, encoding):
    content = TEXT.encode(encoding)
    chance = Random(encoding)  # noqa: S311 - seeded on purpose
    for _ in range(COUNT // 4):
        outcome("csv", folder / "d.csv", mutated(content, chance))
        outcome(
            "csv", folder / "e.csv", mutated(content, chance), CsvOptions(encoding=encoding)
        )
