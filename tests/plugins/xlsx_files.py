"""Workbooks of any content to read from, as XML, and how they are read."""

from __future__ import annotations

from salesgoal.plugins.xlsx.options import XlsxOptions

from .reading import PLUGINS, reader_of, rows_of

__all__ = ["SPEC", "TOP", "read", "refusal", "rows_of"]

SPEC = PLUGINS.importer("xlsx")
TOP = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
"""A header with one column, a."""
read, refusal = reader_of("xlsx", XlsxOptions)
