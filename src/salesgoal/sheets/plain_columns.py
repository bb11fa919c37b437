"""Columns of lists: texts, days and counts under a title, and nothing else about them."""

from __future__ import annotations

from salesgoal.sheets.sheet import Column, Kind, Words

__all__ = ["count_column", "day_column", "text_column"]


def text_column(key: str, zh: str, en: str) -> Column:
    """Returns a column of texts."""
    return Column(key=key, title=Words(zh, en))


def day_column(key: str, zh: str, en: str) -> Column:
    """Returns a column of days."""
    return Column(key=key, title=Words(zh, en), kind=Kind.DATE)


def count_column(key: str, title: Words) -> Column:
    """Returns a column of whole numbers, such as rows."""
    return Column(key=key, title=title, kind=Kind.AMOUNT, decimals=0)
