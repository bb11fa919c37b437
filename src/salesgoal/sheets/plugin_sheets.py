"""Sheets of plugins: what they offer, what their importers can be told, which failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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


def _text(key: str, zh: str, en: str) -> Column:
    return Column(key=key, title=Words(zh, en))


def offered_sheet(found: Iterable[tuple[str, str, str, str, str, str]]) -> Sheet:
    """Returns one line an importer or renderer.

    Args:
        found: ``importer`` or ``renderer``, name, distribution, version, title, and what it
            reads: ``files``, ``changes``, ``all``, or blank.
    """
    columns = (
        Column(key="kind", title=Words("种类", "Kind"), words=_KIND_WORDS),
        _text("name", "名称", "Name"),
        _text("distribution", "软件包", "Distribution"),
        _text("version", "版本", "Version"),
        _text("title", "说明", "Title"),
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
        _text("importer", "导入器", "Importer"),
        _text("option", "选项", "Option"),
        _text("type", "类型", "Type"),
        _text("default", "默认", "Default"),
        Column(key="required", title=Words("必填", "Required"), words=_YES),
        Column(key="secret", title=Words("密钥", "Secret"), words=_YES),
        _text("doc", "含义", "Meaning"),
    )
    lines = ((*each[:2], _kind_words(each[2]), *each[3:]) for each in found)
    return _sheet("options", Words("导入器的选项", "Options of importers"), columns, lines)


def failures_sheet(found: Iterable[tuple[str, str, str, str, str]]) -> Sheet:
    """Returns one line a plugin that failed: name, distribution, version, stage, why."""
    columns = (
        _text("plugin", "插件", "Plugin"),
        _text("distribution", "软件包", "Distribution"),
        _text("version", "版本", "Version"),
        _text("stage", "环节", "Stage"),
        _text("detail", "原因", "Detail"),
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
