"""Asks the type checker about the mutants that the tests left alive, all at once.

Each survivor is set beside the function that it changes, in a copy of the sources; mypy then
says which of them it would refuse. `make check` finds these, so no fact has to. The function
itself is set there too: where mypy refuses even that, it says nothing of its mutants.

Usage: mutant_types.py
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from mutant_scores import ALIVE, DOMAIN, REFUSED
from mutmut.mutation.data import MutantLineSpans, SourceFileMutationData
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

COPY = Path("mutants/typed")
ERROR = re.compile(r"^(?P<path>.*?):(?P<line>\d+): error:")


def set_beside(path: Path) -> tuple[str, dict[int, str]]:
    """Returns a module with its survivors in it, and the name that stands at each line."""
    lines, owner = path.read_text(encoding="utf-8").splitlines(), dict[int, str]()
    found = SourceFileMutationData(path=path)
    found.load()
    alive = [name for name, code in found.exit_code_by_key.items() if code in ALIVE]
    names = [*dict.fromkeys(map(itself, alive)), *alive]
    index = MutantLineSpans.load(path) if names else None
    ends = class_ends("\n".join(lines))
    blocks: dict[int, list[tuple[str, str]]] = {}
    for name in names:
        _, holder = orig_function_and_class_names_from_key(name)
        text = index.read_function_sources([name.rpartition(".")[2]])[0]
        blocks.setdefault(ends[holder] if holder else len(lines), []).append((name, text))
    made: list[str] = []
    for number, line in enumerate(lines, start=1):
        made.append(line)
        for name, text in blocks.get(number, ()):
            for each in ("", *text.splitlines()):
                made.append(each)
                owner[len(made)] = name
    return "\n".join(made) + "\n", owner


def itself(name: str) -> str:
    """Returns the name under which mutmut keeps the function of a mutant."""
    return f"{name.partition('__mutmut_')[0]}__mutmut_orig"


def class_ends(source: str) -> dict[str, int]:
    """Returns the last line of every class."""
    nodes = ast.parse(source).body
    return {each.name: each.end_lineno or 0 for each in nodes if isinstance(each, ast.ClassDef)}


def refused() -> Iterator[str]:
    """Yields the survivors that mypy refuses."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree("src", COPY / "src", ignore=shutil.ignore_patterns("__pycache__"))
    owners = {}
    for path in sorted(DOMAIN.glob("*.py")):
        text, owners[str(path)] = set_beside(path)
        (COPY / path).write_text(text, "utf-8")
    shutil.copy("pyproject.toml", COPY)
    command = [sys.executable, "-m", "mypy", "--cache-dir=.mypy_cache", "src/salesgoal/domain"]
    said = subprocess.run(command, cwd=COPY, capture_output=True, text=True, check=False)
    if said.stderr:
        sys.exit(said.stderr)
    for line in said.stdout.splitlines():
        error = ERROR.match(line)
        if error and (name := owners.get(error["path"], {}).get(int(error["line"]))):
            yield name


def main() -> None:
    said = set(refused())
    found = sorted(name for name in said if itself(name) not in said)
    REFUSED.write_text(json.dumps(found, indent=1), "utf-8")
    print(f"mypy refuses {len(found)} of the survivors")


if __name__ == "__main__":
    main()
