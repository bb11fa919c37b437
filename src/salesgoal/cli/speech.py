"""What the command says to people, beside the results: always on stderr."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import attrs
import click

from salesgoal.domain.problem import Problem
from salesgoal.domain.reconciliation import RowCounts

if TYPE_CHECKING:
    from salesgoal.app.column_reading import FileReading

__all__ = [
    "confirmed",
    "progress",
    "say",
    "say_codes",
    "say_problems",
    "say_readings",
    "say_rows",
]

MOST_SHOWN = 20
_IN_THE_REPORT = ("report 的“问题”表列出全部", "the report lists them all")

_OUTCOMES = {
    "accepted": ("接受", "accepted"),
    "outside_period": ("期间外", "outside period"),
    "rejected": ("拒绝", "rejected"),
    "duplicate": ("重复", "duplicate"),
    "ignored": ("忽略", "ignored"),
}


def say(lang: str, zh: str, en: str) -> None:
    """Says one line."""
    click.echo(zh if lang == "zh" else en, err=True)


def confirmed(lang: str, zh: str, en: str) -> bool:
    """Returns whether a person at the terminal agrees; elsewhere nobody does.

    Who does not agree is told that nothing was written, and how to go on without a terminal.
    """
    if not sys.stdin.isatty():
        say(
            lang,
            "未写入：请核对以上变更，再加 --yes 重新运行",
            "nothing was written: look at the changes, then run it again with --yes",
        )
        return False
    agreed = click.confirm(zh if lang == "zh" else en, err=True)
    if not agreed:
        say(lang, "未写入", "nothing was written")
    return agreed


def say_problems(
    problems: Sequence[Problem],
    lang: str,
    *,
    most: int | None = MOST_SHOWN,
    rest: tuple[str, str] = _IN_THE_REPORT,
) -> None:
    """Says the problems, numbered; beyond ``most`` how many, and where they all are."""
    for number, one in enumerate(problems[:most], start=1):
        click.echo(f"{number}. {one.text(lang)}", err=True)
    if most is not None and len(problems) > most:
        zh = f"共 {len(problems):,} 个问题，以上为前 {most} 个；{rest[0]}"
        say(lang, zh, f"{most} of {len(problems):,} problems shown; {rest[1]}")


def say_codes(problems: Sequence[Problem], lang: str) -> None:
    """Says how many problems there are of each code, where there are too many to count."""
    if len(problems) > MOST_SHOWN:
        counts = Counter(one.code for one in problems)
        text = ", ".join(f"{code} {count:,}" for code, count in counts.items())
        say(lang, f"按代码：{text}", f"by code: {text}")


def say_rows(rows: RowCounts, lang: str) -> None:
    """Says the law of rows: read = the sum of the outcomes."""
    from salesgoal.sheets.account_sheets import by_rule_words

    counts = attrs.asdict(rows)
    parts = [
        f"{zh if lang == 'zh' else en} {counts[name]:,}" for name, (zh, en) in _OUTCOMES.items()
    ]
    total = " + ".join(parts)
    rules = by_rule_words(rows)
    zh, en = (f"（{rules.zh}）", f" ({rules.en})") if rules else ("", "")
    say(lang, f"读入 {rows.read:,} 行 = {total}{zh}", f"{rows.read:,} rows read = {total}{en}")


def say_readings(readings: Sequence[FileReading], lang: str) -> None:
    """Says once which way the large files were read; nothing where there is none."""
    zh, en = [], []
    together = [each for each in readings if each.why is None]
    if together:
        rows, files = sum(each.together for each in together), len(together)
        zh.append(f"整列读取 {files:,} 个文件，{rows:,} 行")
        en.append(f"{rows:,} rows of {files:,} file{'s'[: files > 1]} read by whole columns")
    alone = [each for each in readings if each.why is not None]
    for each in alone[:1]:
        assert each.why is not None
        more = len(alone) - 1
        zh.append(
            f"逐行读取 {each.name}：{each.why.zh}" + (f"；另有 {more} 个" if more else "")
        )
        en.append(
            f"{each.name} read row by row: {each.why.en}" + (f"; {more} more" * (more > 0))
        )
    if zh:
        say(lang, "；".join(zh), "; ".join(en))


@contextmanager
def progress(zh: str, en: str, lang: str) -> Iterator[None]:
    """Shows that something is going on; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(zh if lang == "zh" else en):
        yield
