"""Fills in a workbook through LibreOffice, as its own program: open, type, save.

Run by a Python that has LibreOffice's bridge, which the tests' own Python need not have:
fill_in_office.py OFFICE PROFILE WORKBOOK TARGET [SHEET CELL TEXT]...
A text is typed as people type it; one that begins with an apostrophe stays text.
"""

import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

LATEST = 60


def main():
    office, profile, workbook, target, *entries = sys.argv[1:]
    pipe = (
        f"salesgoal{Path(profile).stat().st_ino if Path(profile).exists() else time.time_ns()}"
    )
    server = subprocess.Popen(
        [
            office,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--invisible",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ]
    )
    try:
        desktop = connect(pipe)
        hidden = (setting("Hidden", value=True),)
        document = desktop.loadComponentFromURL(Path(workbook).as_uri(), "_blank", 0, hidden)
        for at in range(0, len(entries), 3):
            sheet, cell, text = entries[at : at + 3]
            place = document.getSheets().getByName(sheet).getCellRangeByName(cell)
            if text.startswith("'"):
                place.setString(text[1:])
            else:
                place.setFormula(text)
        document.calculateAll()
        document.storeToURL(
            Path(target).as_uri(), (setting("FilterName", "Calc MS Excel 2007 XML"),)
        )
        document.close(True)  # noqa: FBT003 - LibreOffice has no names for it
        desktop.terminate()
    finally:
        server.wait(timeout=LATEST)


def connect(pipe):
    """The desktop of the program, once it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(LATEST * 2):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.5)
        else:
            return context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )
    raise TimeoutError("LibreOffice does not listen")


def setting(name, value):
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


if __name__ == "__main__":
    main()
