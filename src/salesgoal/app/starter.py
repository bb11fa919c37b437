"""Plans to begin with: the demo's, and one to edit. Their files lie beside this module."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from salesgoal.app.output import write_file
from salesgoal.errors import OutputError

__all__ = ["DEMO_AS_OF", "copy_demo", "write_starter"]

DEMO_AS_OF = date(2023, 12, 31)
"""The day on which the figures of the demo's three tables hold."""

_HERE = Path(__file__).parent
_DEMO = ("personal_month", "team_quarter", "product_year")


def copy_demo(folder: Path) -> list[Path]:
    """Writes the plans of the three tables into a folder and returns their plan files.

    Files of an earlier demo are replaced.

    Raises:
        OutputError: The folder cannot be written to.
    """
    for name in _DEMO:
        for source in sorted((_HERE / "demo" / name).iterdir()):
            write_file(folder / name / source.name, source.read_bytes())
    return [folder / name / "plan.toml" for name in _DEMO]


def write_starter(folder: Path) -> list[Path]:
    """Writes a plan to edit and its tables into a folder, and returns their paths.

    Raises:
        OutputError: The folder already holds one of them, or cannot be written to.
    """
    sources = sorted((_HERE / "new").iterdir())
    for source in sources:
        if (folder / source.name).exists():
            en = "it is already there; name another folder, or edit it and run salesgoal check"
            zh = "文件已存在；请另给一个文件夹，或直接修改它并运行 salesgoal check"
            raise OutputError(str(folder / source.name), en, zh)
    for source in sources:
        write_file(folder / source.name, source.read_bytes())
    return [folder / source.name for source in sources]
