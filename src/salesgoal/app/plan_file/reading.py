"""From the text of a plan file to its document, or every fault of it at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path
from types import GenericAlias, UnionType
from typing import Any, Union, get_args, get_origin

import attrs
import cattrs
from cattrs.cols import list_structure_factory
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError

from salesgoal.app.plan_file.document import MemberTable, PlanDocument, SpanTable
from salesgoal.app.plan_file.ledger import SecretTable
from salesgoal.app.references import (
    NotSet,
    is_reference,
    read_reference,
    read_secret,
    text_as,
)
from salesgoal.domain.dimension import nearest_names
from salesgoal.domain.foreign_text import os_zh, toml_zh
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.errors import ConfigError, PlanRefused, SalesgoalError, UsageError
from salesgoal.ports.secret import Secret

__all__ = ["read_document", "read_options"]

_NEW = "`salesgoal new`"


def read_document(path: Path) -> PlanDocument:
    """Returns the document of a plan file.

    Raises:
        PlanRefused: The file is missing, no text or no TOML, or any of its keys is wrong.
    """
    place, text = Place(path.name), ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text, parse_float=Decimal)
    except FileNotFoundError as error:
        hint = f"there is no {path}; name a plan.toml or its folder, or let {_NEW} write one"
        zh = f"没有 {path}；请给出 plan.toml 或它的文件夹，或用 {_NEW} 新建一份"
        raise PlanRefused([problem("file-missing", place, hint=hint, hint_zh=zh)]) from error
    except UnicodeDecodeError as error:
        facts = {"detail": str(error), "detail_zh": toml_zh(error)}
        raise PlanRefused([problem("plan-not-text", place, **facts)]) from error
    except OSError as error:
        facts = {"detail": error.strerror or str(error), "detail_zh": os_zh(error)}
        raise PlanRefused([problem("file-unreadable", place, **facts)]) from error
    except tomllib.TOMLDecodeError as error:
        facts = {"detail": str(error), "detail_zh": toml_zh(error, text)}
        raise PlanRefused([problem("toml-syntax", place, **facts)]) from error
    except RecursionError as error:
        facts = {"detail": "brackets are nested too deeply", "detail_zh": "括号嵌套太深"}
        raise PlanRefused([problem("toml-syntax", place, **facts)]) from error
    except ValueError as error:  # of a whole number that the interpreter will not read
        facts = {"detail": "a number has too many digits", "detail_zh": "有数字的位数太多"}
        raise PlanRefused([problem("toml-syntax", place, **facts)]) from error
    document: PlanDocument = _structured(content, PlanDocument, place, ())
    return document


def read_options(
    content: Any,  # noqa: ANN401
    kind: type | None,
    place: Place,
    keys: Sequence[str],
    folder: Path,
) -> Any:  # noqa: ANN401
    """Returns a plugin's options from the keys of a plan file.

    Any value may be ``{ env = "NAME" }`` or ``{ file = "PATH" }``; a secret must be.

    Args:
        content: The keys as they stand.
        kind: The plugin's class of options; None where it takes none.
        place: The plan file.
        keys: Where in it the options stand.
        folder: Where the plan lies.

    Raises:
        PlanRefused: A key is wrong; with every fault.
        ConfigError: All is right, but variables or files that it names are not there now.
    """
    if kind is None and not content:
        return None
    try:
        return _converter(folder).structure(content, kind or _NoOptions)
    except (ClassValidationError, IterableValidationError) as error:
        failed = error
    unset = list(_unset(failed, keys))
    if unset and None not in unset:
        found = [each for each in unset if each is not None]
        en = "; ".join(f"{name}: {each}" for name, each in found)
        zh = "；".join(f"{name}：{each.message('zh')}" for name, each in found)
        raise ConfigError(place.source, en, zh)
    raise PlanRefused(list(_problems(failed, place, keys)))


def _unset(error: Exception, keys: Sequence[str]) -> Iterator[tuple[str, NotSet] | None]:
    """The option and what it lacks, of every fault; None for those of other kinds."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, bare = error.group_exceptions()
        for each, note in noted:
            yield from _unset(each, (*keys, _step(note)))
        for each in bare:
            yield from _unset(each, keys)
    else:
        where = _at(Place(""), keys).key or ""
        yield (where, error) if isinstance(error, NotSet) else None


@attrs.frozen
class _NoOptions:
    """For importers without options."""


def _structured(content: Any, kind: Any, place: Place, keys: Sequence[str]) -> Any:  # noqa: ANN401
    try:
        return _converter().structure(content, kind)
    except (ClassValidationError, IterableValidationError) as error:
        raise PlanRefused(list(_problems(error, place, keys))) from error


@lru_cache(maxsize=16)
def _converter(folder: Path | None = None) -> cattrs.Converter:
    """How values are read; with a folder, of options, which may be references.

    Kept, since what it makes for each class of a document costs more than reading a plan.
    """
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind in _PLAIN:
        hook = _exactly if folder is None else partial(_referred, folder)
        converter.register_structure_hook(kind, hook)
    if folder is not None:
        converter.register_structure_hook(Secret, lambda raw, _: read_secret(raw, folder))
        converter.register_structure_hook_func(
            lambda kind: kind is Any, lambda raw, _: _referred(folder, raw, Any)
        )
        converter.register_structure_hook_factory(_is_tuple, _as_tuple)
    converter.register_structure_hook_factory(_is_list, _listed)
    converter.register_structure_hook_func(
        _is_choice, lambda raw, kind: _choose(converter, raw, kind)
    )
    return converter


def _referred(folder: Path, raw: Any, kind: Any) -> Any:  # noqa: ANN401 - a cattrs hook
    """A plain value of an option: as it stands, or what it refers to."""
    if is_reference(raw):
        text = read_reference(raw, folder)
        return text if kind is Any else text_as(text, kind)
    return raw if kind is Any else _exactly(raw, kind)


_PLAIN = {
    str: ("a text in quotes", "带引号的文本"),
    int: ("a whole number", "整数"),
    bool: ("true or false", "true 或 false"),
    Decimal: ("a number", "数字"),
    date: ("a date such as 2023-10-01, without quotes", "2023-10-01 这样的日期，不带引号"),
}


_TABLE = ("a table", "一个表")
_CHOSEN = {SpanTable, MemberTable, SecretTable}
"""Tables that may stand where a text may."""


def _exactly(raw: Any, kind: type) -> Any:  # noqa: ANN401 - a cattrs hook
    """A plain value as it stands; nothing is converted by guess."""
    if issubclass(kind, StrEnum):  # cattrs hands these to the hook of their class, str
        return kind(raw)
    fits = isinstance(raw, kind) and (kind is bool or not isinstance(raw, bool))
    if not fits or isinstance(raw, datetime):
        raise UsageError(*_PLAIN[kind])
    return raw


def _is_list(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) is list


def _listed(kind: Any, converter: cattrs.Converter) -> Any:  # noqa: ANN401 - a cattrs factory
    """A list, and not a text taken apart into its letters."""
    structure = list_structure_factory(kind, converter)

    def listed(raw: Any, _: Any) -> Any:  # noqa: ANN401
        if not isinstance(raw, list):
            raise UsageError("a list in square brackets", "方括号中的列表")
        return structure(raw, kind)

    return listed


def _is_tuple(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _as_tuple(kind: Any, converter: cattrs.Converter) -> Any:  # noqa: ANN401 - a cattrs factory
    """A tuple of any length is written as a list."""
    listed: Any = GenericAlias(list, get_args(kind)[:1])
    return lambda raw, _: tuple(converter.structure(raw, listed))


def _is_choice(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) in {Union, UnionType}


def _choose(converter: cattrs.Converter, raw: Any, kind: Any) -> Any:  # noqa: ANN401
    """A union: a table goes to its class, anything else to the first kind that takes it."""
    kinds = [each for each in get_args(kind) if each is not type(None)]
    tables = [each for each in kinds if each in _CHOSEN]
    if is_reference(raw) and not tables and (Secret in kinds or kinds[0] in _PLAIN):
        return converter.structure(raw, Secret if Secret in kinds else kinds[0])
    if isinstance(raw, dict):
        return converter.structure(raw, (tables or kinds)[0])
    if isinstance(raw, list):
        kinds = [each for each in kinds if get_origin(each) is list] or kinds
    names = []
    for each in kinds:
        if each in _CHOSEN:
            names.append(_TABLE)
            continue
        try:
            return converter.structure(raw, each)
        except UsageError as error:
            names.append((str(error), error.message("zh")))
    en, zh = zip(*names, strict=True)
    raise UsageError(" or ".join(en), "，或".join(zh))


def _problems(error: Exception, place: Place, keys: Sequence[str]) -> Iterator[Problem]:
    """Walks the groups of errors down to each key."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, bare = error.group_exceptions()
        for each, note in noted:
            choices = _choices(note.type)
            if choices and not isinstance(each, UsageError | KeyError):
                each = UsageError(f"one of {choices}", f"以下之一：{choices}")  # noqa: PLW2901 - said in our words
            yield from _problems(each, place, (*keys, _step(note)))
        for each in bare:
            yield from _problems(each, place, keys)
    elif isinstance(error, ForbiddenExtraKeysError):
        for key in sorted(error.extra_fields):
            known = [field.name for field in getattr(error.cl, "__attrs_attrs__", ())]
            yield _unknown_key(key, known, place, keys)
    elif isinstance(error, KeyError):
        yield problem("missing-key", _at(place, keys))
    elif isinstance(error, NotSet | ConfigError) or type(error) is ValueError:
        zh = error.message("zh") if isinstance(error, SalesgoalError) else str(error)
        yield problem("bad-value", _at(place, keys), reason=str(error), reason_zh=zh)
    else:
        said = error if isinstance(error, UsageError) else UsageError(*_TABLE)
        facts = {"reason": f"give {said}", "reason_zh": f"应为{said.message('zh')}"}
        yield problem("bad-value", _at(place, keys), **facts)


def _choices(kind: Any) -> str:  # noqa: ANN401 - a type
    """The words that an enumeration takes; empty for any other type."""
    for each in get_args(kind) or (kind,):
        if isinstance(each, type) and issubclass(each, StrEnum):
            return ", ".join(each)
    return ""


def _step(note: Any) -> str:  # noqa: ANN401 - a note of cattrs
    """One step of a path: a key, or #2 for the second of a list."""
    step = getattr(note, "name", None) or getattr(note, "index", "")
    return f"#{step + 1}" if isinstance(step, int) else str(step)


def _unknown_key(key: str, known: Sequence[str], place: Place, keys: Sequence[str]) -> Problem:
    nearest = "、".join(nearest_names(key, known, most=1))
    return problem(
        "unknown-key",
        _at(place, (*keys, key)),
        nearest_zh=f"；是否为 {nearest}" if nearest else f"；可用的键：{', '.join(known)}",
        nearest_en=f"; did you mean {nearest}"
        if nearest
        else f"; the keys are {', '.join(known)}",
    )


def _at(place: Place, keys: Sequence[str]) -> Place:
    return Place(place.source, key=".".join(keys).replace(".#", "#"))
