"""Plans to begin with: the demo's, and one to edit. Their files lie beside this module."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from string import Template

from salesgoal.app.output import write_file
from salesgoal.errors import OutputError

__all__ = ["DEMO_AS_OF", "copy_demo", "write_starter"]

DEMO_AS_OF = date(2023, 12, 31)
"""The day on which the figures of the demo's three tables hold."""

_HERE = Path(__file__).parent
_STARTER = ("plan.toml", "records.csv", "targets.csv")
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


def write_starter(folder: Path, lang: str = "zh") -> list[Path]:
    """Writes a plan to edit and its tables into a folder, and returns their paths.

    Args:
        folder: Where to.
        lang: The language of its names, headers and comments: zh or en.

    Raises:
        OutputError: The folder already holds one of them, or cannot be written to.
    """
    paths = [folder / name for name in _STARTER]
    for path in paths:
        if path.exists():
            en = "it is already there; name another folder, or edit it and run salesgoal check"
            zh = "文件已存在；请另给一个文件夹，或直接修改它并运行 salesgoal check"
            raise OutputError(str(path), en, zh)
    words = tomllib.loads((_HERE / "new" / "words.toml").read_text(encoding="utf-8"))[lang]
    for path in paths:
        text = Template((_HERE / "new" / path.name).read_text(encoding="utf-8"))
        write_file(path, text.substitute(words).encode())
    return paths
