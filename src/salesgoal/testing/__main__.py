"""``python -m salesgoal.testing accept|check PLUGIN FOLDER``: golden rows of documents.

PLUGIN is a module with the hook of importers, ``my_plugin``, or a spec in one,
``my_plugin:IMPORTER``; where a module offers several, ``my_plugin:name-of-the-importer``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from salesgoal.errors import SalesgoalError, UsageError
from salesgoal.ports.importer import ImporterSpec
from salesgoal.ports.plugins import Plugins
from salesgoal.testing.golden import accept, check

__all__ = ["find_importer", "main"]

_USAGE = "python -m salesgoal.testing accept|check PLUGIN FOLDER"

_WORDS = 3


def main(arguments: list[str]) -> int:
    """Runs the command; 0 where all is well, 1 with differences, 2 for wrong use."""
    if len(arguments) != _WORDS or arguments[0] not in {"accept", "check"}:
        print(_USAGE, file=sys.stderr)  # noqa: T201 - a command prints
        return 2
    what, plugin, folder = arguments
    try:
        spec = find_importer(plugin)
    except (SalesgoalError, ImportError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    if not Path(folder).is_dir():
        print(f"{folder} is no folder", file=sys.stderr)  # noqa: T201
        return 2
    if what == "accept":
        for path in accept(spec, Path(folder)):
            print(f"written: {path} - read it before you keep it")  # noqa: T201
        return 0
    faults = check(spec, Path(folder))
    for fault in faults:
        print(fault)  # noqa: T201
    return 1 if faults else 0


def find_importer(plugin: str) -> ImporterSpec:
    """Returns the importer that ``module`` or ``module:name`` means.

    Raises:
        ImportError: There is no such module.
        UnknownName: It offers no importer of that name.
        UsageError: It offers several, and none is named, or it fails.
    """
    module_name, _, name = plugin.partition(":")
    module = import_module(module_name)
    given = getattr(module, name, None) if name else None
    if isinstance(given, ImporterSpec):
        return given
    plugins = Plugins().add(module, module_name)
    if plugins.failures and not plugins.importers:
        text = "; ".join(map(str, plugins.failures))
        raise UsageError(text, text)
    if name:
        return plugins.importer(name)
    if len(plugins.importers) != 1:
        known = ", ".join(plugins.importers)
        en = f"{module_name} offers {known or 'no importer'} - say which: {module_name}:NAME"
        raise UsageError(
            en, f"{module_name} 提供 {known or '零个导入器'} - 请指定：{module_name}:名称"
        )
    return next(iter(plugins.importers.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
