"""Prints what `make mutants` found: killed, survived and score of each module.

A mutant that runs out of time is killed: it would hang the suite.
"""

from __future__ import annotations

import json
from pathlib import Path

FOUND = Path("mutants/src/salesgoal/domain")
SURVIVED, NO_TEST, UNTRIED = 0, 33, None


def main() -> None:
    print(f"{'module':<18}{'mutants':>8}{'killed':>8}{'survived':>9}{'untried':>8}{'score':>8}")
    survivors = []
    for path in sorted(FOUND.glob("*.py.meta")):
        found = json.loads(path.read_text())["exit_code_by_key"]
        untried = sum(code is UNTRIED for code in found.values())
        alive = [name for name, code in found.items() if code in {SURVIVED, NO_TEST}]
        killed, tried = len(found) - untried - len(alive), len(found) - untried
        score = f"{100 * killed / tried:.1f} %" if tried else "-"
        module = path.name.removesuffix(".py.meta")
        row = f"{module:<18}{len(found):>8}{killed:>8}{len(alive):>9}{untried:>8}{score:>8}"
        print(row)
        survivors += alive
    print("survivors: mutmut show NAME tells what each one changes")
    print("\n".join(f"  {name}" for name in survivors))


if __name__ == "__main__":
    main()
