"""Workbooks and tables of orders that the tests of several modules read."""

from __future__ import annotations

import pytest
from tests.laws.packages import packed, parts
from tests.servers import ON_A_SERVER

from .sql_orders import postgres_orders, sqlite_orders
from .xlsx_files import TOP, read, rows_of


@pytest.fixture
def file(tmp_path):
    """Writes a workbook from the XML of its rows, or from its parts, or from bytes."""

    def written(content, name="日报.xlsx", **around):
        if isinstance(content, str):
            content = parts(TOP + content, **around)
        content = packed(content) if isinstance(content, dict) else content
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return written


@pytest.fixture
def cell(file):
    """Reads the one cell A2 that has these attributes and this content."""

    def one(content, attributes="", **around):
        row = f'<row r="2"><c r="A2" {attributes}>{content}</c></row>'
        return rows_of(read(file(row, **around)))[0][1]

    return one


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=ON_A_SERVER)])
def orders(request, tmp_path):
    if request.param == "sqlite":
        made, connection = sqlite_orders(tmp_path / "sales.db")
    else:
        made, connection = postgres_orders(request.getfixturevalue("new_database")())
    yield made
    connection.close()


@pytest.fixture
def lite(tmp_path):
    made, connection = sqlite_orders(tmp_path / "sales.db")
    yield made
    connection.close()
