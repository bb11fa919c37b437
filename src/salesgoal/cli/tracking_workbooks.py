"""Tracking workbooks at the terminal: what they would change, a question, then the change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from salesgoal.cli.exit_code import ExitCode
from salesgoal.cli.options import print_book
from salesgoal.cli.speech import confirmed, say, say_problems
from salesgoal.domain.problem import Place, Severity

if TYPE_CHECKING:
    from salesgoal.app.load import LoadedPlan
    from salesgoal.app.tracking.changes import TrackingChanges
    from salesgoal.intake.tracking_sheet import TrackedBook

__all__ = ["import_tracking"]


def import_tracking(
    loaded: LoadedPlan,
    books: Sequence[TrackedBook],
    *,
    as_of: date,
    form: str,
    lang: str,
    partial: bool,
    dry_run: bool,
    yes: bool,
) -> ExitCode:
    """Takes each workbook back, one after the other; returns the worst that came of any."""
    from salesgoal.app.load import load_plan

    codes = [ExitCode.FINE]
    for book in books:
        fresh = load_plan(loaded.path, loaded.plugins)
        codes.append(
            _import_one(
                fresh,
                book,
                as_of=as_of,
                form=form,
                lang=lang,
                partial=partial,
                dry_run=dry_run,
                yes=yes,
            )
        )
    return max(codes)


def _import_one(
    loaded: LoadedPlan,
    book: TrackedBook,
    *,
    as_of: date,
    form: str,
    lang: str,
    partial: bool,
    dry_run: bool,
    yes: bool,
) -> ExitCode:
    from salesgoal.app.tracking.changes import plan_tracking_changes
    from salesgoal.app.tracking.importing import apply_tracking

    changes = plan_tracking_changes(loaded, book, as_of)
    _show(changes, form, lang)
    say_problems(changes.problems, lang, most=None)
    count = len(changes.totals) + len(list(changes.reviews.lines()))
    say(lang, f"{book.name}：{count} 处变更", f"{book.name}: {count} changes")
    if changes.is_faulty and not partial:
        say(
            lang,
            f"{book.name} 未导入：请改正，或用 --partial 只导入无误的单元格",
            f"{book.name} was not imported; correct it, or use --partial",
        )
        return ExitCode.REFUSED
    code = _verdict(changes)
    if not changes:
        return code
    if dry_run:
        say(lang, "只是预览，未写入", "nothing was written: this is a dry run")
        return code
    if not (yes or confirmed(lang, "导入以上变更？", "Import these changes?")):
        return ExitCode.FINDINGS
    applied = apply_tracking(changes, as_of, datetime.now(UTC), partial=partial)
    for path in applied.paths:
        say(lang, f"已写入 {path}", f"wrote {path}")
    say_problems([each for each in applied.problems if each.code != "duplicate-entry"], lang)
    return code


def _verdict(changes: TrackingChanges) -> ExitCode:
    if changes.is_faulty:
        return ExitCode.PARTLY
    weighty = any(each.severity is Severity.WARNING for each in changes.problems)
    return ExitCode.FINDINGS if weighty else ExitCode.FINE


def _cell(where: Place) -> str:
    """A cell without its file, whose name is said anyway."""
    return f"{where.sheet}!{where.cell}"


def _show(changes: TrackingChanges, form: str, lang: str) -> None:
    from salesgoal.sheets.change_sheets import (
        ShownTotal,
        remark_change_sheet,
        total_change_sheet,
    )
    from salesgoal.sheets.sheet import Book, Words

    totals = [
        ShownTotal(
            cell=_cell(each.where),
            goal="/".join(each.scope.values()) or changes.loaded.plan.name,
            metric=each.metric,
            period=each.period,
            before=each.before,
            after=each.after,
            told=each.told,
        )
        for each in changes.totals
    ]
    remarks = [
        (_cell(each.where), Words(each.text("zh"), each.text("en")))
        for each in changes.reviews.lines()
    ]
    sheets = [total_change_sheet(totals)] if totals or form == "json" else []
    sheets += [remark_change_sheet(remarks)] if remarks or form == "json" else []
    if sheets:
        name = changes.loaded.plan.name
        book = Book(title=Words(name, name), sheets=tuple(sheets), meta={"plan": name})
        print_book(book, form, changes.loaded.plugins, lang)
