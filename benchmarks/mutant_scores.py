"""Says what `make mutants` found: a row a module, and what survived, with its reason.

A mutant that runs out of time is killed: it would hang the suite. One that was not tried is not
killed. Survivors whose change is of a kind that is reasoned as a whole are counted by it.

Usage: mutant_scores.py [MODULE ...] [--write docs/mutants.md] [--fail-under PERCENT]
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import attrs
from mutmut.mutation.data import MutantLineSpans, SourceFileMutationData

DOMAIN = Path("src/salesgoal/domain")
ALIVE = frozenset({0, 5, 33})
UNTRIED = frozenset({None, 2, 35})
AROUND = 60
"""How many characters stand before and after a change."""

WORD = re.compile(r"\w+|\s+|[<>=!*/+-]+|.")

KINDS = {
    "strict": "`strict=True` of a `zip` taken away: both are of one length by construction",
    "text": "the wording of a text: facts ask for the code and the figures, not for every word",
    "refusal": "an argument of a refusal: facts ask for its class and what must be in it",
    "warning": "the stack level of a warning",
}


@attrs.frozen
class Survivor:
    """A mutant that nothing noticed."""

    module: str
    name: str
    change: str
    kind: str | None


@attrs.frozen
class Score:
    """What became of the mutants of a module, or of all."""

    module: str
    mutants: int
    alive: int
    untried: int

    @property
    def killed(self) -> int:
        """How many the tests noticed."""
        return self.mutants - self.alive - self.untried

    @property
    def percent(self) -> str:
        """The killed of all, to a tenth of a percent, rounded down."""
        tenths = 1000 * self.killed // self.mutants
        return f"{tenths // 10}.{tenths % 10} %"

    @property
    def row(self) -> str:
        """Its row of the table."""
        cells = (self.mutants, self.killed, self.alive, self.untried, self.percent)
        return f"| {self.module} | {' | '.join(map(str, cells))} |"


def scores(paths: Sequence[Path]) -> Iterator[Score]:
    """Yields the score of every module that has mutants."""
    for path in paths:
        found = SourceFileMutationData(path=path)
        found.load()
        codes = list(found.exit_code_by_key.values())
        if codes:
            alive = sum(code in ALIVE for code in codes)
            untried = sum(code in UNTRIED for code in codes)
            yield Score(f"`{path.stem}`", len(codes), alive, untried)


def survivors(paths: Sequence[Path]) -> Iterator[Survivor]:
    """Yields every survivor, in the order of the sources."""
    for path in paths:
        found = SourceFileMutationData(path=path)
        found.load()
        names = [name for name, code in found.exit_code_by_key.items() if code in ALIVE]
        index = MutantLineSpans.load(path) if names else None
        for name in names:
            yield read_survivor(path.stem, name.rpartition(".")[2], index)


def read_survivor(module: str, name: str, index: MutantLineSpans) -> Survivor:
    """Returns what one mutant changes, and of which kind that is."""
    own, _, number = name.partition("__mutmut_")
    before = index.read_function_sources([f"{own}__mutmut_orig"])[0]
    after = index.read_function_sources([name])[0].replace(name, f"{own}__mutmut_orig")
    shown = own.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return Survivor(module, f"{shown} {number}", show(before, after), kind_of(before, after))


def kind_of(before: str, after: str) -> str | None:
    """Returns the kind of a change; None where it is reasoned by itself, or not at all."""
    one, other = cut(before, after)
    line = before[: common(before, after)].count("\n")
    there = before.splitlines()[line]
    if _lax(before) == _lax(after):
        return "strict"
    if "XX" in other or (one != other and one.lower() == other.lower()):
        return "text"
    if "stacklevel" in there or "warnings.warn" in there:
        return "warning"
    tree = ast.parse(textwrap.dedent(before))
    raised = (node for node in ast.walk(tree) if isinstance(node, ast.Raise))
    return "refusal" if any(n.lineno <= line + 1 <= n.end_lineno for n in raised) else None


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """Returns how many items two sequences begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def cut(before: str, after: str) -> tuple[str, str]:
    """Returns the parts of two texts that are not common to both."""
    start = common(before, after)
    end = common(before[start:][::-1], after[start:][::-1])
    return before[start : len(before) - end], after[start : len(after) - end]


def _lax(text: str) -> str:
    """A text without the strictness of its zips."""
    return re.sub(r",\s*\)", ")", re.sub(r"strict=\w+", "", text))


def show(before: str, after: str) -> str:
    """Returns one line: what stands around a change, and ``[what was → what is]``."""
    one, other = WORD.findall(before), WORD.findall(after)
    start = common(one, other)
    end = common(one[start:][::-1], other[start:][::-1])
    left = "".join(one[:start]).rpartition("\n")[2]
    right = "".join(one[len(one) - end :]).partition("\n")[0]
    was = " ".join("".join(one[start : len(one) - end]).split())
    new = " ".join("".join(other[start : len(other) - end]).split())
    return f"{left.lstrip()[-AROUND:]}[{was} → {new}]{right[:AROUND]}"


def tables(found: Sequence[Score], total: Score) -> Iterator[str]:
    """Yields the lines of the table of scores."""
    yield "| module | mutants | killed | survived | not tried | score |"
    yield "|---|---|---|---|---|---|"
    yield from (each.row for each in found)
    yield total.row


def lists(alive: Sequence[Survivor]) -> Iterator[str]:
    """Yields the kinds that are reasoned as a whole, and all other survivors by module."""
    counted = Counter(each.kind for each in alive)
    yield "| survivors | kind |"
    yield "|---|---|"
    yield from (f"| {counted[kind]} | {why} |" for kind, why in KINDS.items())
    yield f"| {counted[None]} | the rest, below |"
    rest = [each for each in alive if each.kind is None]
    for module, group in groupby(rest, key=lambda each: each.module):
        yield ""
        yield f"`{module}`"
        yield ""
        yield "```text"
        yield from (f"{each.name}: {each.change}" for each in group)
        yield "```"


def write(path: Path, name: str, lines: Iterator[str]) -> None:
    """Puts lines between the two marks of a page."""
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    head, _, rest = path.read_text(encoding="utf-8").partition(start)
    _, _, tail = rest.partition(end)
    path.write_text(f"{head}{start}\n{chr(10).join(lines)}\n\n{end}{tail}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*", help="all where none is named")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--fail-under", type=float, default=0)
    asked = parser.parse_args()
    paths = [DOMAIN / f"{name}.py" for name in asked.modules] or sorted(DOMAIN.glob("*.py"))
    found, alive = list(scores(paths)), list(survivors(paths))
    total = Score(
        "all",
        sum(each.mutants for each in found),
        sum(each.alive for each in found),
        sum(each.untried for each in found),
    )
    print("\n".join(tables(found, total)))
    if asked.write and not asked.modules:
        write(asked.write, "scores", tables(found, total))
        write(asked.write, "survivors", lists(alive))
    if 100 * total.killed < asked.fail_under * total.mutants:
        sys.exit(f"killed {total.percent}, wanted {asked.fail_under:g} %")


if __name__ == "__main__":
    main()
