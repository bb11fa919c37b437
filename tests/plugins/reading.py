"""How the tests of an importer of files read one."""

from __future__ import annotations

import pytest

from salesgoal.app.builtins import built_in_plugins
from salesgoal.errors import SourceRefused
from salesgoal.ports.importer import ReadRequest

PLUGINS = built_in_plugins()


def reader_of(importer, options):
    """Two functions: one gives the pages of a file, one the problem that it is refused for."""

    def read(path, page_size=5_000, **given):
        request = ReadRequest(source=path, options=options(**given), page_size=page_size)
        return list(PLUGINS.importer(importer).read(request))

    def refusal(path, **given):
        with pytest.raises(SourceRefused) as refused:
            read(path, **given)
        (problem,) = refused.value.problems
        return problem

    return read, refusal


def rows_of(pages):
    """The number and the values of every row."""
    return [(row.where.row, *row.values) for page in pages for row in page.rows]
