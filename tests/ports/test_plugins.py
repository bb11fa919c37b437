from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import attrs
import pytest

from salesgoal.errors import PluginError, UnknownName
from salesgoal.ports.hookspecs import hookimpl
from salesgoal.ports.importer import API, FileHead, ImporterSpec
from salesgoal.ports.plugins import Failure, Plugins
from salesgoal.ports.renderer import RendererSpec


def importer(name="crm", **settings):
    return ImporterSpec(**{"name": name, "title": "CRM", "read": iter, **settings})


def renderer(name="pdf", **settings):
    given = {"title": "PDF", "suffix": ".pdf", "media_type": "application/pdf", "write": print}
    return RendererSpec(name=name, **{**given, **settings})


def offering(importers=None, renderers=None):
    """A plugin with one hook, or two, that give these."""
    plugin = ModuleType("plugin")
    if importers is not None:
        plugin.salesgoal_importers = hookimpl(_named("salesgoal_importers", importers))
    if renderers is not None:
        plugin.salesgoal_renderers = hookimpl(_named("salesgoal_renderers", renderers))
    return plugin


def _named(name, give):
    def hook():
        if isinstance(give, BaseException):
            raise give
        return give

    hook.__name__ = name
    return hook


def misspelt():
    @hookimpl
    def salesgoal_importer():
        return [importer()]

    plugin = ModuleType("plugin")
    plugin.salesgoal_importer = salesgoal_importer
    return plugin


def undecorated():
    plugin = ModuleType("plugin")
    plugin.salesgoal_importers = lambda: [importer()]
    return plugin


def with_an_argument():
    @hookimpl
    def salesgoal_importers(config):
        return [config]

    plugin = ModuleType("plugin")
    plugin.salesgoal_importers = salesgoal_importers
    return plugin


@attrs.frozen
class Lost:
    token: Gone  # noqa: F821 - as where an import stands under TYPE_CHECKING


def half():
    yield importer("half")
    raise OSError("halfway")


BROKEN = [
    (
        "raising hook",
        offering(ValueError("no licence")),
        ("salesgoal_importers", "ValueError: no licence"),
    ),
    ("misspelt hook", misspelt(), ("register", "unknown hook 'salesgoal_importer'")),
    ("missing decorator", undecorated(), ("register", "it has no hook marked with hookimpl")),
    ("extra argument", with_an_argument(), ("register", "PluginValidationError")),
    ("wrong type", offering([42]), ("salesgoal_importers", "it gave 42, no spec")),
    ("a spec of the other kind", offering([renderer()]), ("salesgoal_importers", "no spec")),
    (
        "newer api",
        offering([importer(api=API + 1)]),
        ("salesgoal_importers", f"crm was written for api {API + 1}; this salesgoal has {API}"),
    ),
    (
        "same name twice",
        offering([importer("good")]),
        ("salesgoal_importers", "good is already offered by salesgoal-good"),
    ),
    ("nothing", offering(importers=()), ("salesgoal_importers", "it gave nothing")),
    ("None", offering(importers=[None]), ("salesgoal_importers", "it gave None, no spec")),
    ("a class", type("Plugin", (), {}), ("register", "it is a class - name a module")),
    ("no text", offering([importer(name=7)]), ("salesgoal_importers", "7 is no name")),
    ("odd api", offering([importer(api="2")]), ("salesgoal_importers", "for api 2")),
    (
        "options that are no attrs class",
        offering([importer(options=dict)]),
        ("salesgoal_importers", "the options of crm are <class 'dict'>, not an attrs class"),
    ),
    (
        "options that are no class",
        offering([importer(options=attrs.make_class("O", ["a"])(1))]),
        ("salesgoal_importers", "not an attrs class"),
    ),
    (
        "options of a type that is not there",
        offering([importer(options=Lost)]),
        ("salesgoal_importers", "have a type that is not there: name 'Gone' is not defined"),
    ),
    (
        "half a generator",
        offering(half()),
        ("salesgoal_importers", "OSError: halfway"),
    ),
    ("the end", offering(SystemExit(3)), ("salesgoal_importers", "SystemExit: 3")),
    ("no iterable", offering(7), ("salesgoal_importers", "it gave 7, not ImporterSpecs")),
    ("bad name", offering([importer("C R M")]), ("salesgoal_importers", "'C R M' is no name")),
    ("no function", offering([importer(read=None)]), ("salesgoal_importers", "no function")),
    (
        "no claim",
        offering([importer(matches=".crm")]),
        ("salesgoal_importers", "crm offers no function for matches"),
    ),
    ("no drawing", offering(renderers=[renderer(write=3)]), ("salesgoal_renderers", "no func")),
]


@pytest.mark.parametrize(("plugin", "failure"), [case[1:] for case in BROKEN])
def test_a_broken_plugin_is_listed_and_the_others_work(plugin, failure):
    plugins = Plugins()
    plugins.add(offering([importer("good")]), "good", "salesgoal-good")
    plugins.add(plugin, "broken", "salesgoal-broken")
    plugins.add(offering(renderers=[renderer("late")]), "late")
    assert set(plugins.importers) == {"good"}
    assert set(plugins.renderers) == {"late"}
    assert plugins.sources == {
        ("importer", "good"): "salesgoal-good",
        ("renderer", "late"): "given in code",
    }
    found = [(each.plugin, each.distribution, each.stage) for each in plugins.failures]
    assert found == ([("broken", "salesgoal-broken", failure[0])] if failure else [])
    if failure:
        assert failure[1] in plugins.failures[0].detail


def test_a_hook_that_gives_none_is_listed():
    plugin = offering([importer()])
    plugin.salesgoal_renderers = hookimpl(_named("salesgoal_renderers", None))
    plugins = Plugins().add(plugin, "half")
    assert set(plugins.importers) == {"crm"}
    assert str(plugins.failures[0]) == (
        "half (given in code) failed at salesgoal_renderers: it gave nothing"
    )
    assert plugins.failures[0].message("zh") == (
        "half（given in code）在 salesgoal_renderers 一步出错：「it gave nothing」"
    )
    with pytest.raises(PluginError, match="plugin half failed at salesgoal_renderers"):
        plugins.raise_failures()
    plugins.add(undecorated(), "bare")
    with pytest.raises(PluginError, match=r"it gave nothing; bare \(given in code\) failed"):
        plugins.raise_failures()


def test_where_all_work_nothing_is_raised():
    options = attrs.make_class("Options", ["page_size"])
    Plugins().add(offering([importer(options=options)]), "p").raise_failures()


def test_one_bad_spec_leaves_its_good_neighbours():
    plugins = Plugins().add(offering([importer("a"), 42, importer("b"), importer("a")]), "p")
    assert set(plugins.importers) == {"a", "b"}
    assert len(plugins.failures) == 2


def test_an_importer_and_a_renderer_may_share_a_name():
    plugins = Plugins().add(offering([importer("csv")], [renderer("csv")]), "p")
    assert plugins.importer("csv").title == "CRM"
    assert plugins.renderer("csv").suffix == ".pdf"
    assert not plugins.failures


def test_a_raising_hook_leaves_the_other_hook():
    plugins = Plugins().add(offering(RuntimeError("x"), [renderer()]), "p")
    assert set(plugins.renderers) == {"pdf"}
    assert [each.stage for each in plugins.failures] == ["salesgoal_importers"]


def test_an_object_may_be_a_plugin():
    class Plugin:
        @hookimpl
        def salesgoal_importers(self):
            return (importer(name) for name in ("a", "b"))

    assert set(Plugins().add(Plugin(), "p").importers) == {"a", "b"}


@pytest.mark.parametrize(("kind", "nearest"), [("importer", "crm"), ("renderer", "pdf")])
def test_an_unknown_name_comes_with_the_nearest(kind, nearest):
    plugins = Plugins().add(offering([importer()], [renderer()]), "p")
    with pytest.raises(UnknownName) as refused:
        getattr(plugins, kind)(nearest + "s")
    assert (refused.value.kind, refused.value.nearest) == (kind, (nearest,))


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Three installed plugins, one of which cannot be imported."""
    texts = {
        "fine": "salesgoal_importers = hookimpl(lambda: [spec('fine')])",
        "lost": "import no_such_library",
        "more": "salesgoal_importers = hookimpl(lambda: [spec('more')])",
    }
    head = (
        "from salesgoal.ports.hookspecs import hookimpl\n"
        "from salesgoal.ports.importer import ImporterSpec\n"
        "def spec(name):\n    return ImporterSpec(name=name, title=name, read=iter)\n"
    )
    for name, text in texts.items():
        about = tmp_path / f"dist_{name}-1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Name: dist-{name}\nVersion: 1\n", encoding="utf-8")
        (about / "entry_points.txt").write_text(
            f"[salesgoal]\n{name} = ports_{name}\n", encoding="utf-8"
        )
        (tmp_path / f"ports_{name}.py").write_text(head + text, encoding="utf-8")
        monkeypatch.delitem(sys.modules, f"ports_{name}", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    return texts


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("settings", "names", "failed"),
    [
        ({}, {"fine", "more"}, ["lost"]),
        ({"only": ["fine", "lost"]}, {"fine"}, ["lost"]),
        ({"block": ["lost", "more"]}, {"fine"}, []),
        ({"only": []}, set(), []),
        ({"only": ["more", "mroe"]}, {"more"}, ["mroe"]),
    ],
)
def test_installed_plugins_load_one_by_one(settings, names, failed):
    plugins = Plugins().discover(**settings)
    assert set(plugins.importers) == names
    assert [each.plugin for each in plugins.failures] == failed
    lost = "ModuleNotFoundError: No module named 'no_such_library'"
    known = {
        "lost": Failure("lost", "dist-lost", "import", lost, "1"),
        "mroe": Failure("mroe", "not installed", "discover", "no distribution offers it"),
    }
    assert plugins.failures == [known[name] for name in failed]
    assert plugins.versions == {f"dist-{name}": "1" for name in names | {*failed} - {"mroe"}}


def test_an_entry_point_of_no_distribution_is_named_so():
    def load():
        raise ImportError("gone")

    plugins = Plugins()
    plugins._load(SimpleNamespace(name="stray", dist=None, load=load))
    assert str(plugins.failures[0]) == (
        "stray (unknown distribution) failed at import: ImportError: gone"
    )


@pytest.mark.parametrize(
    ("name", "suffix"), [("日报.XLSX", ".xlsx"), ("a.tar.gz", ".gz"), ("none", "")]
)
def test_the_head_of_a_file_knows_its_suffix(name, suffix):
    assert FileHead(name, b"").suffix == suffix
