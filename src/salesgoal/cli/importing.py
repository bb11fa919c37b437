"""The commands of the ledger: import documents, see who is missing, list and take back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.options import (
    command,
    day_of,
    deliver,
    find_plugins,
    format_option,
    lang_option,
    output_option,
    plan_argument,
)
from salesgoal.cli.speech import say, say_problems
from salesgoal.cli.tracking_workbooks import import_tracking
from salesgoal.domain.problem import Severity
from salesgoal.errors import UsageError

if TYPE_CHECKING:
    from salesgoal.app.importing import Imported, Step
    from salesgoal.app.load import LoadedPlan
    from salesgoal.ports.plugins import Plugins
    from salesgoal.sheets.sheet import Sheet, Words
    from salesgoal.store import LedgerStore

__all__ = ["import_", "ledger", "missing", "row_progress", "show_sheets"]

_FINDINGS = ("conflict", "stale")


@command.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PLAN] [FILES]...")
@click.option("--source", help="The source of files that no pattern of the plan names.")
@click.option("--as-of", metavar="MOMENT", help="When they were made; else the files' times.")
@click.option("--partial", is_flag=True, help="Record the good rows where some are faulty.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Import tracking workbooks without asking.")
@format_option
@click.option(
    "--rejected",
    type=click.Path(path_type=Path),
    help="Write the rejected rows to this workbook, with the reasons.",
)
@lang_option
def import_(
    paths: tuple[Path, ...],
    source: str | None,
    as_of: str | None,
    *,
    partial: bool,
    dry_run: bool,
    yes: bool,
    form: str,
    rejected: Path | None,
    lang: str,
) -> ExitCode:
    """Record FILES, or all of PLAN's, in its ledger; take tracking workbooks back.

    Without PLAN it is the one of this folder.
    """
    from salesgoal.app.load import load_plan
    from salesgoal.app.rejected import rejected_book
    from salesgoal.app.tracking.importing import find_tracking

    plugins = find_plugins(lang)
    plan, named = _plan_and_files(paths)
    files = _without_locks(named, lang)
    loaded = load_plan(plan, plugins)
    moment = None if as_of is None else read_moment(as_of, loaded)
    books, others = find_tracking(files, plugins)
    code = import_tracking(
        loaded,
        books,
        as_of=day_of(None) if moment is None else moment.date(),
        form=form,
        lang=lang,
        partial=partial,
        dry_run=dry_run,
        yes=yes,
    )
    if books and not others:
        return code
    done = _record(loaded, others, source, moment, lang, partial=partial, dry_run=dry_run)
    _print_imported(loaded, done, plugins, form, lang, dry_run=dry_run)
    found = [each.rejected for each in done if each.rejected is not None]
    if rejected is not None and found:
        deliver(rejected_book(found), "xlsx", plugins, rejected, lang)
    return max(code, _verdict(done, lang))


def _plan_and_files(paths: tuple[Path, ...]) -> tuple[Path, tuple[Path, ...]]:
    """The plan that comes first, or that of this folder; a plan is a folder or ``.toml``."""
    if paths and (paths[0].is_dir() or paths[0].suffix in {"", ".toml"}):
        return paths[0], paths[1:]
    return Path(), paths


def _without_locks(paths: tuple[Path, ...], lang: str) -> tuple[Path, ...]:
    """The files that hold rows: `日报/*` in a shell also names what marks a workbook as open.

    Raises:
        UsageError: None of them does.
    """
    from salesgoal.app.sources import is_lock

    locks = [each.name for each in paths if is_lock(each)]
    if locks:
        names = ", ".join(locks)
        zh, en = "只表示工作簿正被打开，不含数据", "only says that a workbook is open, no rows"
        if len(locks) == len(paths):
            raise UsageError(f"{names} {en}; name the workbook", f"{names} {zh}；请给出工作簿")
        say(lang, f"跳过 {names}：{zh}", f"passed over {names}: it {en}")
    return tuple(each for each in paths if each.name not in locks)


def _record(
    loaded: LoadedPlan,
    files: Sequence[Path],
    source: str | None,
    moment: datetime | None,
    lang: str,
    *,
    partial: bool,
    dry_run: bool,
) -> list[Imported]:
    """Records documents in the ledger, or tries to."""
    from salesgoal.app.deliveries import find_deliveries, writing_ledger
    from salesgoal.app.importing import Importing

    deliveries = find_deliveries(loaded, files, source)
    done: list[Imported] = []
    with row_progress(lang) as step, writing_ledger(loaded, dry_run=dry_run) as opened:
        run = Importing(
            loaded=loaded,
            ledger=opened,
            clock=lambda: datetime.now(UTC),
            as_of=moment,
            partial=partial,
            dry_run=dry_run,
            step=step,
        )
        for delivery in deliveries:
            done += run.take(delivery)
    return done


@command.command()
@plan_argument
@click.option("--as-of", metavar="DAY", help="Due until this day; by default today.")
@format_option
@output_option
@click.option("--all", "everything", is_flag=True, help="Show what was received in time, too.")
@lang_option
def missing(
    plan: Path,
    as_of: str | None,
    form: str,
    output: Path | None,
    lang: str,
    *,
    everything: bool,
) -> ExitCode:
    """Say who has not reported: expected, received, late, missing."""
    from salesgoal.app.load import load_plan
    from salesgoal.app.missing import ReportState, find_missing
    from salesgoal.sheets.ledger_sheets import STATE_WORDS, missing_sheet

    plugins = find_plugins(lang)
    loaded = load_plan(plan, plugins)
    found = find_missing(loaded, day_of(as_of))
    shown = [
        (
            each.source,
            each.dimension,
            each.member,
            each.due.first,
            each.due.last,
            each.due.on,
            each.due.deadline,
            each.state.value,
            each.received_on,
        )
        for each in found
        if everything or form not in {"terminal", "markdown"} or each.state != "received"
    ]
    show_sheets(loaded, [missing_sheet(shown)], plugins, form, lang, output)
    counts = Counter(each.state.value for each in found)
    words: dict[str, Words] = dict(STATE_WORDS)
    zh = "，".join(f"{one.zh} {counts[state]:,}" for state, one in words.items())
    en = ", ".join(f"{one.en} {counts[state]:,}" for state, one in words.items())
    say(lang, f"应交 {len(found):,} 份：{zh}", f"{len(found):,} reports due: {en}")
    return ExitCode.FINDINGS if counts[ReportState.MISSING] else ExitCode.FINE


@command.command()
@plan_argument
@click.option("--undo", type=int, metavar="ID", help="Take this document back.")
@click.option("--by", help="Who takes it back.")
@click.option("--reason", help="Why.")
@click.option("--check", "checked", is_flag=True, help="Read everything again and compare.")
@format_option
@output_option
@lang_option
def ledger(
    plan: Path,
    undo: int | None,
    by: str | None,
    reason: str | None,
    form: str,
    output: Path | None,
    lang: str,
    *,
    checked: bool,
) -> ExitCode:
    """List the documents of PLAN's ledger, take one back, or check it."""
    from salesgoal.app.deliveries import open_plan_ledger
    from salesgoal.app.load import load_plan
    from salesgoal.app.sync.runs import gather_runs
    from salesgoal.sheets.ledger_sheets import documents_sheet

    plugins = find_plugins(lang)
    loaded = load_plan(plan, plugins)
    with open_plan_ledger(loaded) as opened:
        if checked:
            faults = opened.check()
            say_problems(faults, lang, most=None)
            zh = f"台账已核对：{len(opened.documents())} 个单据，{len(faults)} 处损坏"
            en = f"checked: {len(opened.documents())} documents, {len(faults)} faults"
            say(lang, zh, en)
            return ExitCode.FINDINGS if faults else ExitCode.FINE
        if undo is not None:
            _undo(opened, undo, by, reason, lang)
            return ExitCode.FINE
        receipts = gather_runs(opened.documents())
    zone = _zone(loaded)
    shown = documents_sheet(
        receipts, lambda each: each.astimezone(zone).isoformat(" ", "seconds")
    )
    show_sheets(loaded, [shown], plugins, form, lang, output)
    return ExitCode.FINE


def _undo(
    ledger: LedgerStore, document: int, by: str | None, reason: str | None, lang: str
) -> None:
    if not by or not reason:
        raise UsageError(
            "--undo needs --by NAME and --reason TEXT",
            "--undo 还需要 --by 姓名 和 --reason 理由",
        )
    from salesgoal.app.sync.runs import pages_of_run

    for each in pages_of_run(ledger.documents(), document):
        taken = ledger.undo(each, by=by, reason=reason, recorded_at=datetime.now(UTC))
        name = taken.document.name
        say(lang, f"已撤销 {each}：{name}", f"took back {each}: {name}")


def read_moment(text: str, loaded: LoadedPlan) -> datetime:
    """Returns a moment; without a zone in the plan's, without a time the end of the day.

    Raises:
        UsageError: It is none.
    """
    try:
        found = datetime.fromisoformat(text)
        if len(text) == len("2023-10-31"):
            found = datetime.combine(date.fromisoformat(text), time(23, 59, 59))
    except ValueError as error:
        forms = "2023-10-31", "2023-10-31T18:00+08:00"
        raise UsageError(
            f"{text!r} is no moment; write it as {' or '.join(forms)}",
            f"{text!r} 不是时刻，请写成 {' 或 '.join(forms)}",
        ) from error
    if found.tzinfo is not None:
        return found
    zone = _zone(loaded)
    return found.astimezone() if zone is None else found.replace(tzinfo=zone)


def _zone(loaded: LoadedPlan) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    name = loaded.document.plan.zone
    return None if name is None else ZoneInfo(name)


def show_sheets(
    loaded: LoadedPlan,
    sheets: Sequence[Sheet],
    plugins: Plugins,
    form: str,
    lang: str,
    output: Path | None = None,
) -> None:
    """Shows sheets as a renderer draws them, or writes them to a file."""
    from salesgoal.sheets.sheet import Book, Words

    name = loaded.plan.name
    book = Book(title=Words(name, name), sheets=tuple(sheets), meta={"plan": name})
    deliver(book, form, plugins, output, lang)


def _print_imported(
    loaded: LoadedPlan,
    done: Sequence[Imported],
    plugins: Plugins,
    form: str,
    lang: str,
    *,
    dry_run: bool,
) -> None:
    from salesgoal.sheets.ledger_sheets import amounts_sheet, changes_sheet, imported_sheet

    lines = []
    sums: dict[str, dict[str, int]] = {}
    for each in done:
        new = each.receipt is not None and each.receipt.is_new
        result = "refused" if each.receipt is None else "recorded" if new else "known"
        if dry_run and new:
            result = "trial"
        withdrawn = each.receipt.withdrawn if each.receipt is not None and new else 0
        lines.append((each.source, each.name, result, each.counts, withdrawn))
        for metric, parts in each.amounts.items():
            known = sums.setdefault(metric, {})
            for name, units in parts.items():
                known[name] = known.get(name, 0) + units
    sheets = [imported_sheet(lines)]
    if sums:
        sheets.append(amounts_sheet(loaded.plan.metrics, sums))
    if dry_run:
        changes = [
            (one.outcome, one.before, one.after) for each in done for one in each.changes
        ]
        names = [each.id for each in loaded.plan.dimensions]
        sheets.append(changes_sheet(names, loaded.plan.metrics, changes))
    show_sheets(loaded, sheets, plugins, form, lang)


def _verdict(done: Sequence[Imported], lang: str) -> ExitCode:
    """Says the problems and the law of rows, and what the whole run came to."""
    from salesgoal.sheets.ledger_sheets import OUTCOME_WORDS

    problems = [each for one in done for each in one.problems]
    weighty = [each for each in problems if each.code != "duplicate-entry"]
    say_problems(weighty, lang)
    counts: Counter[str] = Counter()
    for one in done:
        counts.update({each.value: rows for each, rows in one.counts.items()})
    words: dict[str, Words] = {str(key): value for key, value in OUTCOME_WORDS.items()}
    zh = " + ".join(f"{word.zh} {counts[name]:,}" for name, word in words.items())
    en = " + ".join(f"{word.en} {counts[name]:,}" for name, word in words.items())
    read = counts.total()
    say(lang, f"读入 {read:,} 行 = {zh}", f"{read:,} rows read = {en}")
    refused = [one for one in done if one.receipt is None]
    if refused:
        names = ", ".join(one.name for one in refused)
        say(
            lang,
            f"{len(refused)} 个文件未入账：{names}；改正，或用 --partial 只入账无误的行",
            f"{len(refused)} files refused: {names}; correct them, or use --partial",
        )
    if refused and len(refused) == len(done):
        return ExitCode.REFUSED
    if refused or counts["rejected"]:
        return ExitCode.PARTLY
    errors = any(each.severity is Severity.ERROR for each in problems)
    found = errors or any(counts[name] for name in _FINDINGS)
    return ExitCode.FINDINGS if found else ExitCode.FINE


@contextmanager
def row_progress(lang: str) -> Iterator[Step]:
    """Shows which document is read and how far, where stderr is a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _name, _rows: None
        return
    from rich.console import Console

    words: Callable[[str, int], str] = lambda name, rows: (
        f"{name}：{rows:,} 行" if lang == "zh" else f"{name}: {rows:,} rows"
    )
    with Console(stderr=True).status("…") as status:
        yield lambda name, rows: status.update(words(name, rows))
