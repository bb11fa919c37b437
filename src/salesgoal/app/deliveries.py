"""Deliveries: files that go into a plan's ledger, and by what they are known again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import attrs

from salesgoal.app.load import LoadedPlan
from salesgoal.app.plan_parts import Source
from salesgoal.app.sources import FileSource
from salesgoal.domain.file_name import readable_name
from salesgoal.domain.foreign_text import os_zh
from salesgoal.domain.ledger import Document, Receipt, prior_version
from salesgoal.domain.plan import Plan
from salesgoal.domain.problem import Place, problem
from salesgoal.errors import SourceRefused, UnknownName, UsageError
from salesgoal.store import LedgerStore, has_ledger, open_ledger

__all__ = [
    "Delivery",
    "find_deliveries",
    "known_again",
    "ledger_target",
    "make_document",
    "open_plan_ledger",
    "reading_ledger",
    "reading_of",
    "writing_ledger",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_BYTES = 64
"""How much of a document's digest is that of its bytes; the rest is of how they are read."""


@attrs.frozen(kw_only=True)
class Delivery:
    """A file on its way into the ledger.

    Attributes:
        source: How its rows are read; the name of its map is the feed.
        file: The file.
        name: By which it is known when it comes again: its path from the plan's folder.
    """

    source: Source
    file: FileSource
    name: str


def ledger_target(loaded: LoadedPlan) -> str | Path:
    """Returns where the plan's ledger lies: a file, or the URL of a database.

    Raises:
        UsageError: The plan has no ledger, or a secret cannot be read.
    """
    table = loaded.document.ledger
    if table is None:
        en = f"{loaded.path.name} has no ledger - add a table [ledger]"
        raise UsageError(en, f"{loaded.path.name} 没有台账 - 加入 [ledger] 表")
    folder = loaded.path.parent
    if table.url is None:
        return folder / (table.path or f"{loaded.path.stem}.ledger.db")
    url = table.url if isinstance(table.url, str) else table.url.read(folder)
    if "://" not in url:
        # The secret itself is never shown, so nothing can be said of it but this.
        en = "the secret of [ledger] url is no url - write postgresql://name:password@host/…"
        raise UsageError(
            en, "[ledger] 的 url 密文不是 url - 写成 postgresql://用户:密码@主机/…"
        )
    if table.password is None:
        return url
    kind, _, rest = url.partition("://")
    name, sign, host = rest.partition("@")
    if not sign:
        en = "the url of the ledger names nobody - write postgresql://name@host/…"
        raise UsageError(en, "台账的 url 没有用户名 - 写成 postgresql://用户@主机/…")
    return f"{kind}://{name}:{quote(table.password.read(folder), safe='')}@{host}"


def open_plan_ledger(loaded: LoadedPlan, *, create: bool = False) -> LedgerStore:
    """Returns the plan's ledger.

    Raises:
        UsageError: The plan has none.
        LedgerRefused: It is not there, damaged, or out of reach.
        LedgerBusy: Another writer held it all the while.
    """
    return open_ledger(ledger_target(loaded), create=create)


@contextmanager
def reading_ledger(loaded: LoadedPlan) -> Iterator[LedgerStore | None]:
    """The plan's ledger to read facts from.

    Yields:
        The ledger; None where its file is not there yet, so that nothing is known from it.

    Raises:
        UsageError: The plan has none.
        LedgerRefused: It is damaged or out of reach, or a database without a ledger.
        LedgerBusy: Another writer held it all the while.
    """
    target = ledger_target(loaded)
    if isinstance(target, Path) and not target.exists():
        yield None
        return
    with open_ledger(target, create=False) as ledger:
        yield ledger


@contextmanager
def writing_ledger(loaded: LoadedPlan, *, dry_run: bool) -> Iterator[LedgerStore]:
    """The plan's ledger to take something over, made where there is none.

    For a dry run that is an empty one elsewhere, so that nothing is made.

    Yields:
        The ledger.

    Raises:
        UsageError: The plan has none.
        LedgerRefused: It is damaged or out of reach.
        LedgerBusy: Another writer held it all the while.
        OutputError: It cannot be made.
    """
    target = ledger_target(loaded)
    with ExitStack() as stack:
        if dry_run and not has_ledger(target):
            folder = stack.enter_context(TemporaryDirectory())
            target = Path(folder) / "trial.ledger.db"
            dry_run = False
        yield stack.enter_context(open_ledger(target, create=not dry_run))


def find_deliveries(
    loaded: LoadedPlan, files: Sequence[Path] = (), source: str | None = None
) -> list[Delivery]:
    """Returns the files to import, each with its source.

    Args:
        loaded: The plan.
        files: Which; without any, all that the plan's patterns name. A pattern that names no
            file yet is passed over.
        source: The name of the source of files that no pattern names.

    Raises:
        UnknownName: The plan has no such source.
        UsageError: The plan has no ledger, it is not clear which source a file is of, or all
            sources are synced.
    """
    ledger_target(loaded)  # refuses a plan without a ledger before any of its files
    recorded = [each for each in loaded.sources if each.in_ledger]
    sources = [each for each in recorded if each.service is None]
    if recorded and not sources:
        en = f"{loaded.path.name} has no files to import - run salesgoal sync {loaded.path}"
        zh = f"{loaded.path.name} 没有要导入的文件 - 运行 salesgoal sync {loaded.path}"
        raise UsageError(en, zh)
    feeds = [each.map.name for each in sources]
    if source is not None:
        if source not in feeds:
            raise UnknownName("source of the ledger", source, list(dict.fromkeys(feeds)))
        sources = [each for each in sources if each.map.name == source]
    folder = loaded.path.parent
    if not files:
        return [
            Delivery(source=each, file=file, name=_name(folder, file.path))
            for each in sources
            for file in each.files
            if file.path.is_file() or not any(sign in str(file.path) for sign in "*?[")
        ]
    return [_match(folder, path, sources) for path in files]


def _match(folder: Path, path: Path, sources: Sequence[Source]) -> Delivery:
    """The entry whose pattern names the file, or the first of the only feed there is."""
    for each in sources:
        for file in each.files:
            if file.path.resolve() == path.resolve():
                return Delivery(source=each, file=file, name=_name(folder, path))
    feeds = list(dict.fromkeys(each.map.name for each in sources))
    if len(feeds) != 1:
        known = ", ".join(feeds) or "-"
        en = f"no pattern of the plan names {path} - give --source: {known}"
        raise UsageError(en, f"计划中没有路径含 {path} - 用 --source 指明来源：{known}")
    only = sources[0]
    file = attrs.evolve(
        only.files[0], path=path, hint=f"there is no {path}", hint_zh=f"没有 {path}"
    )
    return Delivery(source=only, file=file, name=_name(folder, path))


def _name(folder: Path, path: Path) -> str:
    whole, top = path.resolve(), folder.resolve()
    inside = whole.is_relative_to(top)
    return readable_name(whole.relative_to(top).as_posix() if inside else path.name)


def make_document(
    plan: Plan, delivery: Delivery, as_of: datetime | None, receipts: Sequence[Receipt]
) -> Document:
    """Returns the document that a file is.

    Its digest is of its bytes and of how the plan reads them, so that a file is read again
    where the plan has changed; it then counts as made a moment after the reading before.

    Args:
        plan: Whose names and metrics.
        delivery: The file.
        as_of: When it was made; the time of the file where None.
        receipts: What the ledger has.

    Raises:
        SourceRefused: The file is missing.
    """
    path = delivery.file.path
    try:
        with path.open("rb") as stream:
            content = sha256()
            while block := stream.read(1 << 20):
                content.update(block)
        changed = path.stat().st_mtime_ns // 1000
    except OSError as error:
        place = Place(path.name)
        hint, hint_zh = delivery.file.hint, delivery.file.hint_zh
        facts = {"hint": hint or str(error), "hint_zh": hint_zh or os_zh(error)}
        raise SourceRefused([problem("file-missing", place, **facts)]) from error
    document = Document(
        source=delivery.source.map.name,
        name=delivery.name,
        digest=content.hexdigest() + reading_of(plan, delivery.source, delivery.file),
        as_of=as_of or _EPOCH + changed * _TICK,
    )
    stands = prior_version(receipts, document)
    if stands is None or stands.document.digest == document.digest:
        return document
    if stands.document.digest[:_BYTES] == document.digest[:_BYTES]:
        moment = max(document.as_of, stands.document.as_of + _TICK)
        return attrs.evolve(document, as_of=moment)
    return document


def known_again(document: Document, receipts: Sequence[Receipt]) -> Receipt | None:
    """Returns the receipt of bytes that were recorded before, so that nothing is to be done.

    That is the version that stands, or an older one that was not made again since: a corrected
    version took its place.
    """
    stands = prior_version(receipts, document)
    if stands is None:
        return None
    if stands.document.digest == document.digest:
        return stands
    if document.as_of > stands.document.as_of:
        return None
    same = (
        each
        for each in receipts
        if each.is_live()
        and (each.document.source, each.document.name) == (document.source, document.name)
        and each.document.digest[:_BYTES] == document.digest[:_BYTES]
    )
    return next(same, None)


def reading_of(plan: Plan, source: Source, file: FileSource | None = None) -> str:
    """Returns a digest of all in the plan that decides what the rows of a source say.

    Args:
        plan: Whose names and metrics.
        source: How its rows are read.
        file: The file; None for a service, whose importer and options are kept apart.
    """
    mapped = attrs.asdict(attrs.evolve(source.map, name="", coverage=None), recurse=False)
    mapped["split"] = sorted(source.map.split)
    parts = (
        mapped,
        source.columns,
        source.layout,
        source.rules,
        source.identity,
        *((None, None) if file is None else (file.importer, _plain(file.options))),
        [(each.id, each.name, each.given) for each in plan.dimensions],
        plan.metrics,
        (plan.calendar.id, plan.period),
    )
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(options: object) -> object:
    return sorted(options.items()) if isinstance(options, Mapping) else options
