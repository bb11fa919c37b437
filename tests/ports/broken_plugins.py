"""Installed distributions with every kind of broken plugin, and two good ones around them."""

from __future__ import annotations

HEAD = """\
from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import ImporterSpec


def spec(name, **settings):
    return ImporterSpec(name=name, title=name, read=iter, **settings)


"""
GOOD = """\
@hookimpl
def salesgoal_importers():
    return [spec({name!r})]
"""
BROKEN = {
    "import-error": ("import no_such_library", "import", "No module named 'no_such_library'"),
    "import-exit": ("raise SystemExit(3)", "import", "SystemExit: 3"),
    "raising-hook": (
        "@hookimpl\ndef salesgoal_importers():\n    raise ValueError('no licence')\n",
        "salesgoal_importers",
        "ValueError: no licence",
    ),
    "misspelt-hook": (
        "@hookimpl\ndef salesgoal_importer():\n    return [spec('x')]\n",
        "register",
        "unknown hook 'salesgoal_importer'",
    ),
    "no-decorator": (
        "def salesgoal_importers():\n    return [spec('x')]\n",
        "register",
        "it has no hook marked with hookimpl",
    ),
    "extra-argument": (
        "@hookimpl\ndef salesgoal_importers(config):\n    return [spec('x')]\n",
        "register",
        "PluginValidationError",
    ),
    "wrong-type": (
        "@hookimpl\ndef salesgoal_importers():\n    return [{'name': 'x'}]\n",
        "salesgoal_importers",
        "it gave {'name': 'x'}, no spec",
    ),
    "newer-api": (
        "@hookimpl\ndef salesgoal_importers():\n    return [spec('x', api=99)]\n",
        "salesgoal_importers",
        "x was written for api 99",
    ),
    "same-name": (
        "@hookimpl\ndef salesgoal_importers():\n    return [spec('a-good')]\n",
        "salesgoal_importers",
        "a-good is already offered by dist-a-good",
    ),
    "gave-none": (
        "@hookimpl\ndef salesgoal_importers():\n    pass\n",
        "salesgoal_importers",
        "it gave nothing",
    ),
    "gave-empty": (
        "@hookimpl\ndef salesgoal_importers():\n    return []\n",
        "salesgoal_importers",
        "it gave nothing",
    ),
    "plain-options": (
        "@hookimpl\ndef salesgoal_importers():\n    return [spec('x', options=dict)]\n",
        "salesgoal_importers",
        "not an attrs class",
    ),
}
"""Entry point -> its module, the stage at which it fails, and what is said."""


def install(folder):
    """Writes the distributions: modules, metadata, entry points."""
    texts = {name: text for name, (text, _, _) in BROKEN.items()}
    texts |= {name: GOOD.format(name=name) for name in ("a-good", "z-good")}
    for name, text in texts.items():
        module = f"broken_{name.replace('-', '_')}"
        about = folder / f"dist_{name.replace('-', '_')}-1.2.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(f"Name: dist-{name}\nVersion: 1.2\n", encoding="utf-8")
        (about / "entry_points.txt").write_text(
            f"[salesgoal]\n{name} = {module}\n", encoding="utf-8"
        )
        (folder / f"{module}.py").write_text(HEAD + text, encoding="utf-8")
    return folder
