"""Workbooks written by hand: what no library would write, a test must be able to."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def rels(**targets):
    lines = [
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    ]
    return f'<Relationships xmlns="{PACKAGE}">{"".join(lines)}</Relationships>'


def styles(*formats):
    """Cell formats: ids of built-in number formats, or codes of own ones."""
    own = [each for each in formats if isinstance(each, str)]
    codes = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for at, code in enumerate(own)
    )
    ids = [164 + own.index(each) if isinstance(each, str) else each for each in formats]
    xfs = "".join(f'<xf numFmtId="{each}"/>' for each in ids)
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f"<cellXfs>{xfs}</cellXfs></styleSheet>"
    )


def parts(
    rows,
    *,
    texts=(),
    formats=(0,),
    sheets=("S",),
    is_1904=False,
    before="",
    after="",
    space=MAIN,
    states=(),
):
    """The parts of a workbook whose first sheet has this XML between its sheetData tags."""
    states = [*states, *[""] * len(sheets)]
    entries = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="r{at}" {states[at - 1]}/>'
        for at, name in enumerate(sheets, start=1)
    )
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    targets = {
        f"r{at}": ("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)
    }
    found = {
        "_rels/.rels": rels(r=("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{space}" xmlns:r="{OFFICE}">'
            f'<workbookPr date1904="{int(is_1904)}"/><sheets>{entries}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": rels(
            **targets,
            t=("sharedStrings", "sharedStrings.xml"),
            f=("styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{space}">{shared}</sst>',
        "xl/styles.xml": styles(*formats),
    }
    for at in range(1, len(sheets) + 1):
        found[f"xl/worksheets/sheet{at}.xml"] = (
            f'<worksheet xmlns="{space}">{before}<sheetData>{rows if at == 1 else ""}'
            f"</sheetData>{after}</worksheet>"
        )
    return found


def packed(found, method=zipfile.ZIP_DEFLATED):
    """The bytes of a package with these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as package:
        for name, content in found.items():
            package.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()
