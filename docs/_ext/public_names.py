"""The directive ``public-names``: the full description of every public name of a package.

A name is described where the package offers it, so that the page is complete by construction.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class PublicNames(SphinxDirective):
    """Describes every name in ``__all__`` of the package that it is given."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The descriptions, in the order of ``__all__``."""
        package = import_module(self.arguments[0])
        lines: list[str] = []
        for name in package.__all__:
            kind = _kind(getattr(package, name))
            lines += [f".. {kind}:: {package.__name__}.{name}", ""]
        return self.parse_text_to_nodes("\n".join(lines))


def _kind(value: object) -> str:
    if inspect.isclass(value):
        return "autoexception" if issubclass(value, BaseException) else "autoclass"
    return "autofunction" if callable(value) else "autodata"


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the directive."""
    app.add_directive("public-names", PublicNames)
    return {"parallel_read_safe": True}
