"""Reports of one owner, or one file an owner or member: `--for` and `--split-by`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesgoal.cli.options import deliver
from salesgoal.cli.speech import say
from salesgoal.errors import UsageError

if TYPE_CHECKING:
    from salesgoal.app.track import Tracking
    from salesgoal.ports.plugins import Plugins
    from salesgoal.sheets.sheet import Book

__all__ = ["check_portion", "deliver_portions", "for_option", "split_option"]

for_option = click.option(
    "--for", "owner", metavar="OWNER", help="Only the goals of this owner, and nothing else."
)
split_option = click.option(
    "--split-by",
    metavar="WHAT",
    help="One file each: `owner`, or a dimension; -o names the folder.",
)


def check_portion(owner: str | None, split_by: str | None, *others: object) -> None:
    """Refuses what would show more than the goals of one.

    Args:
        owner: What `--for` says.
        split_by: What `--split-by` says.
        others: What options say that speak of the whole plan; None or nothing is fine.

    Raises:
        UsageError: They do not go together.
    """
    if owner is not None and split_by is not None:
        raise UsageError(
            "--for and --split-by do not go together; give one of them",
            "--for 和 --split-by 不能同时使用，请只用一个",
        )
    if (owner is not None or split_by is not None) and any(others):
        raise UsageError(
            "--for and --split-by do not go with --by, --to-date or --rejected",
            "--for 和 --split-by 不能与 --by、--to-date、--rejected 同用",
        )


def deliver_portions(
    trackings: Sequence[Tracking],
    split_by: str,
    make: Callable[[Sequence[Tracking]], Book],
    form: str,
    plugins: Plugins,
    output: Path | None,
    lang: str,
) -> None:
    """Writes a book for each owner, or each member of a dimension, into a folder.

    Raises:
        UnknownName: A plan has no such dimension.
    """
    from salesgoal.app.owner_reports import OWNER, count_unowned
    from salesgoal.app.owner_reports import split_by as split
    from salesgoal.domain.file_name import safe_names

    folder = output or Path("reports")
    portions = split(trackings, split_by)
    suffix = plugins.renderer(form).suffix
    for (_, portion), name in zip(portions.items(), safe_names(portions), strict=True):
        deliver(make(portion), form, plugins, folder / f"{name}{suffix}", lang)
    say(lang, f"共 {len(portions)} 个文件：{folder}", f"{len(portions)} files: {folder}")
    unowned = count_unowned(trackings) if split_by == OWNER else 0
    if unowned:
        say(
            lang,
            f"{unowned} 个末级目标没有责任人，不在任何文件中；salesgoal check 可列出",
            f"{unowned} lowest goals have no owner and are in no file; see salesgoal check",
        )
