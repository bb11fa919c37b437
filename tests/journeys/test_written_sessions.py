"""The terminal sessions of the README and the tutorials, typed as they stand.

A block ``console`` is typed line by line, and what it shows below a command is what must come;
``...`` stands for any lines. ``<!-- write: path -->`` before a block writes it into a file.
Commands of other programs (make, pip) are for the reader's machine and are passed over.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "tutorial").glob("first-*.md"))]
BLOCK = re.compile(r"(?:<!-- write: (\S+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)


def sessions(text):
    """What is to be done, in order: (path, content) or (command, lines shown)."""
    for path, kind, content in BLOCK.findall(text):
        if path:
            yield "write", path, content
        elif kind == "console":
            for typed in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
                command, _, shown = typed.partition("\n")
                yield "type", command.partition(" #")[0].strip(), shown


def matches(shown, printed):
    """Whether the lines shown came in this order, with ``...`` for any in between."""
    wanted, have = [each.rstrip() for each in shown.splitlines()], printed.splitlines()
    at, free = 0, False
    for line in wanted:
        if line == "...":
            free = True
            continue
        while free and at < len(have) and have[at].rstrip() != line:
            at += 1
        if at >= len(have) or have[at].rstrip() != line:
            return False
        at, free = at + 1, False
    return free or at == len(have)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_written_session_goes_as_written(page, tmp_path):
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
    environment.pop("SALESGOAL_LANG", None)
    typed = 0
    for what, name, content in sessions(page.read_text(encoding="utf-8")):
        if what == "write":
            (tmp_path / name).write_text(content, encoding="utf-8")
            continue
        words = shlex.split(name)
        if words[0] == "export":
            key, _, value = words[1].partition("=")
            environment[key] = value
        elif words[0] == "salesgoal":
            typed += 1
            done = subprocess.run(
                [sys.executable, "-m", *words],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            assert done.returncode in {0, 1, 3, 4}, done.stderr
            printed = done.stdout + done.stderr
            assert not content.strip() or matches(content, printed), (name, printed)
    assert typed > 5
