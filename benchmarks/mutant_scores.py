"""Says what `make mutants` found: a row a module, and what survived, with its reason.

A mutant that runs out of time is killed: it would hang the suite. One that was not tried is not
killed. Survivors whose change is of a kind that is reasoned as a whole are counted by it.

Usage: mutant_scores.py [MODULE ...] [--write docs/mutants.md] [--fail-under PERCENT]
"""

from __future__ import annotations

import argparse
import ast
import json
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
REFUSED = Path("mutants/refused.json")
"""What `mutant_types.py` found."""
ALIVE = frozenset({0, 5, 33})
UNTRIED = frozenset({None, 2, 35})
AROUND = 60
"""How many characters stand before and after a change."""

WORD = re.compile(r"\w+|\s+|[<>=!*/+-]+|.")

KINDS = {
    "types": "what the type checker refuses: `make check` finds it, so no fact has to",
    "strict": "`strict=True` of a `zip` taken away: both are of one length by construction",
    "text": "the wording of a text: facts ask for the code and the figures, not for every word",
    "refusal": "an argument of a refusal: facts ask for its class and what must be in it",
    "warning": "the stack level of a warning",
}

LISTED = {
    "branch": "one branch for both: the other comes to the same, only slower",
    "border": "a border or a start value moved by one: both sides come to the same there, or "
    "nothing in the facts stands on it",
    "left out": "a value put to None or left out: what stands there without it is the same, "
    "or no fact looks at it",
    "other": "no fact tells them apart yet",
}


@attrs.frozen
class Survivor:
    """A mutant that nothing noticed."""

    module: str
    name: str
    change: str
    kind: str


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
    refused = frozenset(
        json.loads(REFUSED.read_text(encoding="utf-8")) if REFUSED.exists() else ()
    )
    for path in paths:
        found = SourceFileMutationData(path=path)
        found.load()
        names = [name for name, code in found.exit_code_by_key.items() if code in ALIVE]
        index = MutantLineSpans.load(path) if names else None
        for name in names:
            one = read_survivor(path.stem, name.rpartition(".")[2], index)
            yield attrs.evolve(one, kind="types") if name in refused else one


def read_survivor(module: str, name: str, index: MutantLineSpans) -> Survivor:
    """Returns what one mutant changes, and of which kind that is."""
    own, _, number = name.partition("__mutmut_")
    before = index.read_function_sources([f"{own}__mutmut_orig"])[0]
    after = index.read_function_sources([name])[0].replace(name, f"{own}__mutmut_orig")
    shown = own.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return Survivor(module, f"{shown} {number}", show(before, after), kind_of(before, after))


def kind_of(before: str, after: str) -> str:
    """Returns the kind of a change, of `KINDS` or `LISTED`."""
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
    if any(n.lineno <= line + 1 <= n.end_lineno for n in raised):
        return "refusal"
    was, new = changed_words(before, after)
    if re.search(r"\) (and False|or True)", new):
        return "branch"
    if re.fullmatch(r"[<>=!]+|[-+]?\d+|[-+]", was.strip()):
        return "border"
    return "left out" if new.strip() in {"None", ""} else "other"


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


def changed_words(before: str, after: str) -> tuple[str, str]:
    """Returns the words of two texts that are not common to both."""
    one, other, start, end = _parted(before, after)
    return "".join(one[start : len(one) - end]), "".join(other[start : len(other) - end])


def _parted(before: str, after: str) -> tuple[list[str], list[str], int, int]:
    """Two texts as words, and how many of those at their start and at their end are common."""
    one, other = WORD.findall(before), WORD.findall(after)
    start = common(one, other)
    return one, other, start, common(one[start:][::-1], other[start:][::-1])


def show(before: str, after: str) -> str:
    """Returns one line: what stands around a change, and ``«what was → what is»``."""
    one, _, start, end = _parted(before, after)
    was, new = (" ".join(each.split()) for each in changed_words(before, after))
    left = "".join(one[:start]).rpartition("\n")[2]
    right = "".join(one[len(one) - end :]).partition("\n")[0]
    return f"{left.lstrip()[-AROUND:]}«{was} → {new}»{right[:AROUND]}"


def tables(found: Sequence[Score], total: Score) -> Iterator[str]:
    """Yields the lines of the table of scores."""
    yield "| module | mutants | killed | survived | not tried | score |"
    yield "|---|---|---|---|---|---|"
    yield from (each.row for each in found)
    yield total.row


def lists(alive: Sequence[Survivor]) -> Iterator[str]:
    """Yields the kinds with their reasons, and the survivors of those that are listed."""
    counted = Counter(each.kind for each in alive)
    yield "| kind | survivors | why |"
    yield "|---|---|---|"
    yield from (f"| {kind} | {counted[kind]} | {why} |" for kind, why in KINDS.items())
    yield from (f"| {kind} | {counted[kind]}, below | {why} |" for kind, why in LISTED.items())
    rest = [each for each in alive if each.kind in LISTED]
    for module, group in groupby(rest, key=lambda each: each.module):
        yield ""
        yield f"`{module}`"
        yield ""
        yield "```text"
        yield from (f"{each.name} ({each.kind}): {each.change}" for each in group)
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
    if not total.mutants:
        sys.exit("nothing was tried yet: run benchmarks/mutants.py first")
    print("\n".join(tables(found, total)))
    if asked.write and not asked.modules:
        write(asked.write, "scores", tables(found, total))
        write(asked.write, "survivors", lists(alive))
    if 100 * total.killed < asked.fail_under * total.mutants:
        sys.exit(f"killed {total.percent}, wanted {asked.fail_under:g} %")


if __name__ == "__main__":
    main()
