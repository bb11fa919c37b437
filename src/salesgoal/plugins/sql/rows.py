"""Rows of a result as raw rows: which column is the key, and what each cell becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import CursorResult

from salesgoal.domain.problem import Place
from salesgoal.errors import ConfigError
from salesgoal.plugins.sql.cells import cell_of, is_deleted, key_of, single_precision
from salesgoal.ports.importer import RawRow, RawValue

__all__ = ["Reading", "find_column"]

_FLOAT4 = {"postgresql": {700}, "mysql": {4}, "mariadb": {4}}
"""Codes of types of single precision, as drivers tell them."""


@attrs.frozen
class Reading:
    """How the rows of one result become raw rows.

    Attributes:
        columns: The columns that are handed over: the first so many of the result.
        key: Where the key stands.
        deleted: Where it stands whether a row is gone; None where nothing says so.
        converts: What becomes of the cells of each column.
    """

    columns: tuple[str, ...]
    key: tuple[int, ...]
    deleted: int | None
    converts: tuple[Callable[[object], RawValue], ...]

    @classmethod
    def of(
        cls,
        result: CursorResult[Any],
        key: Sequence[str],
        deleted: str | None,
        *,
        more: int = 0,
    ) -> Reading:
        """Returns how to read a result.

        Args:
            result: Its last ``more`` columns are our own.
            key: The names of the columns of the key.
            deleted: The name of the column that says whether a row is gone.
            more: How many columns at the end are not handed over.

        Raises:
            ConfigError: A column is not among those of the SELECT.
        """
        names = list(result.keys())
        columns = tuple(names[: len(names) - more])
        single = _FLOAT4.get(result.dialect.name, set())
        codes = [each[1] for each in result.cursor.description or ()]
        return cls(
            columns,
            tuple(find_column(columns, each) for each in key),
            None if deleted is None else find_column(columns, deleted),
            tuple(
                single_precision if at < len(codes) and codes[at] in single else cell_of
                for at in range(len(columns))
            ),
        )

    def row(self, values: Sequence[Any], number: int, revision: datetime | None) -> RawRow:
        """Returns a row.

        Raises:
            ConfigError: It is gone and has no key, or its column that says so says neither.
        """
        key = key_of(values[at] for at in self.key) if self.key else None
        place = Place("sql", row=number) if key is None else Place("sql", key=key)
        gone = self.deleted is not None and is_deleted(
            values[self.deleted], self.columns[self.deleted]
        )
        if gone and key is None:
            en, zh = f"row {number} is deleted and has no key", f"第{number}行已删除而没有 key"
            raise ConfigError("sql", en, zh)
        cells = tuple(
            convert(value) for convert, value in zip(self.converts, values, strict=False)
        )
        return RawRow(cells, place, key, revision, gone)


def find_column(columns: Sequence[str], name: str) -> int:
    """Returns where a column stands.

    Raises:
        ConfigError: The SELECT has no such column, or has it twice.
    """
    if columns.count(name) != 1:
        known = ", ".join(columns)
        times, times_zh = (
            ("has no", "没有") if name not in columns else ("has twice the", "有两个")
        )
        en = f"select {times} column {name}; its columns are {known}"
        raise ConfigError("sql", en, f"select {times_zh}列 {name}；它的列是 {known}")
    return list(columns).index(name)
