"""Sheets of plugins: what they offer, what their importers can be told, which failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from salesgoal.sheets.plain_columns import text_column
from salesgoal.sheets.sheet import Cell, Column, Flag, Line, Sheet, Value, Words

__all__ = ["failures_sheet", "offered_sheet", "options_sheet"]

_KIND_WORDS = {
    "importer": Words("导入器", "importer"),
    "renderer": Words("输出格式", "renderer"),
}
_READ_WORDS = {
    "files": Words("文件", "files"),
    "changes": Words("服务：变化", "service: changes"),
    "all": Words("服务：全部", "service: everything"),
    "": Words("", ""),
}
_TYPES = {
    "str": "文本",
    "int": "整数",
    "Decimal": "数",
    "bool": "是或否",
    "Secret": "密钥",
    "tuple[str, ...]": "多个文本",
    "list[str]": "多个文本",
}
_YES = {"yes": Words("是", "yes"), "no": Words("否", "no")}


def offered_sheet(found: Iterable[tuple[str, str, str, str, str, str]]) -> Sheet:
    """Returns one line an importer or renderer.

    Args:
        found: ``importer`` or ``renderer``, name, distribution, version, title, and what it
            reads: ``files``, ``changes``, ``all``, or blank.
    """
    columns = (
        Column(key="kind", title=Words("种类", "Kind"), words=_KIND_WORDS),
        text_column("name", "名称", "Name"),
        text_column("distribution", "软件包", "Distribution"),
        text_column("version", "版本", "Version"),
        text_column("title", "说明", "Title"),
        Column(key="reads", title=Words("读取", "Reads"), words=_READ_WORDS),
    )
    return _sheet("plugins", Words("插件", "Plugins"), columns, found)


def options_sheet(found: Iterable[tuple[str, str, str, str, str, str, Words]]) -> Sheet:
    """Returns one line an option of an importer.

    Args:
        found: Importer, option, type, default, whether it must be given and whether it is a
            secret (``yes`` or ``no``), and what it means.
    """
    columns = (
        text_column("importer", "导入器", "Importer"),
        text_column("option", "选项", "Option"),
        text_column("type", "类型", "Type"),
        text_column("default", "默认", "Default"),
        Column(key="required", title=Words("必填", "Required"), words=_YES),
        Column(key="secret", title=Words("密钥", "Secret"), words=_YES),
        text_column("doc", "含义", "Meaning"),
    )
    lines = ((*each[:2], _kind_words(each[2]), *each[3:]) for each in found)
    return _sheet("options", Words("导入器的选项", "Options of importers"), columns, lines)


def failures_sheet(found: Iterable[tuple[str, str, str, str, str]]) -> Sheet:
    """Returns one line a plugin that failed: name, distribution, version, stage, why."""
    columns = (
        text_column("plugin", "插件", "Plugin"),
        text_column("distribution", "软件包", "Distribution"),
        text_column("version", "版本", "Version"),
        text_column("stage", "环节", "Stage"),
        text_column("detail", "原因", "Detail"),
    )
    return _sheet(
        "failures", Words("出错的插件", "Plugins that failed"), columns, found, Flag.PROBLEM
    )


def _sheet(
    name: str,
    title: Words,
    columns: tuple[Column, ...],
    found: Iterable[Sequence[Value]],
    flag: Flag = Flag.NONE,
) -> Sheet:
    lines = tuple(
        Line((Cell(first, flag), *map(Cell, rest))) for first, *rest in map(tuple, found)
    )
    return Sheet(id=name, title=title, columns=columns, lines=lines)


def _kind_words(kind: str) -> Words:
    """A type of Python as people say it; one that has no word stays as it is."""
    parts = [each for each in kind.split(" | ") if each != "None"]
    return Words("或".join(_TYPES.get(each, each) for each in parts), kind)
