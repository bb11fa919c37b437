"""The plugins of one run: loaded one by one, so that a broken one harms nobody else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar, get_type_hints

import attrs
import pluggy

from salesgoal.domain.dimension import nearest_names
from salesgoal.errors import PluginError, UnknownName
from salesgoal.ports import hookspecs
from salesgoal.ports.importer import API, ImporterSpec
from salesgoal.ports.renderer import RendererSpec

__all__ = ["Failure", "Plugins"]

Spec = TypeVar("Spec", ImporterSpec, RendererSpec)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_RAISED = (Exception, SystemExit)
"""Whatever a plugin raises is listed; one that ends the process, too."""


@attrs.frozen
class Failure:
    """A plugin that could not be used: which, of which distribution, where and why.

    Attributes:
        plugin: The name of its entry point.
        distribution: Which installed it.
        stage: ``discover``, ``import``, ``register``, or the hook.
        detail: Why.
        version: Of the distribution; blank where it has none.
    """

    plugin: str
    distribution: str
    stage: str
    detail: str
    version: str = ""

    def message(self, lang: str = "en") -> str:
        """Returns the failure in one line, in ``zh`` or ``en``."""
        whose = " ".join(filter(None, (self.distribution, self.version)))
        if lang == "zh":
            return f"{self.plugin}（{whose}）在 {self.stage} 一步出错：「{self.detail}」"
        return f"{self.plugin} ({whose}) failed at {self.stage}: {self.detail}"

    def __str__(self) -> str:
        """The failure in one line, in English."""
        return self.message()


@attrs.define
class Plugins:
    """Importers and renderers by name, and the plugins that failed.

    >>> plugins = Plugins()
    >>> plugins.importer("csv")
    Traceback (most recent call last):
    salesgoal.errors.UnknownName: no importer is called 'csv'
    """

    importers: dict[str, ImporterSpec] = attrs.field(factory=dict)
    renderers: dict[str, RendererSpec] = attrs.field(factory=dict)
    failures: list[Failure] = attrs.field(factory=list)
    sources: dict[tuple[str, str], str] = attrs.field(factory=dict)
    """Kind and name of a spec -> the distribution it came from."""
    versions: dict[str, str] = attrs.field(factory=dict)
    """Distribution -> its version."""

    def discover(
        self, *, only: Collection[str] | None = None, block: Collection[str] = ()
    ) -> Plugins:
        """Loads the installed plugins, sorted by name; failures are listed, not raised.

        Args:
            only: Names of entry points; all where it is None.
            block: Names of entry points to leave out.
        """
        found = sorted(entry_points(group=hookspecs.PROJECT), key=_order)
        for entry in found:
            if entry.name not in block and (only is None or entry.name in only):
                self._load(entry)
        for name in sorted(set(only or ()) - {entry.name for entry in found}):
            self._fail(name, "not installed", "discover", "no distribution offers it")
        return self

    def add(self, plugin: object, name: str, distribution: str = "given in code") -> Plugins:
        """Registers a module or object with hooks; a failure is listed, not raised."""
        # A manager of its own: what a broken plugin leaves behind in it harms nobody.
        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs)
        try:
            if isinstance(plugin, type):
                return self._fail(name, distribution, "register", _CLASS)
            manager.register(plugin, name)
            manager.check_pending()
        except _RAISED as error:
            return self._fail(name, distribution, "register", error)
        hooks = manager.get_hookcallers(plugin) or []
        if not hooks:
            self._fail(name, distribution, "register", "it has no hook marked with hookimpl")
        for hook in hooks:
            try:
                given = hook()
                specs = list(given[0]) if given and isinstance(given[0], Iterable) else None
            except _RAISED as error:
                self._fail(name, distribution, hook.name, error)
                continue
            if specs is None and given:
                word = _KINDS[hook.name][0].__name__
                detail = f"it gave {given[0]!r}, not {word}s"
                self._fail(name, distribution, hook.name, detail)
            elif not specs:
                self._fail(name, distribution, hook.name, "it gave nothing")
            for spec in specs or ():
                self._take(name, distribution, hook.name, spec)
        return self

    def raise_failures(self) -> None:
        """Raises the first failure, with all others in its text; nothing where there is none.

        Raises:
            PluginError: A plugin could not be used.
        """
        if self.failures:
            first, *others = self.failures
            detail = "; ".join((first.detail, *map(str, others)))
            raise PluginError(first.plugin, first.stage, detail)

    def importer(self, name: str) -> ImporterSpec:
        """Returns the importer of that name.

        Raises:
            UnknownName: There is none.
        """
        return _find("importer", self.importers, name)

    def renderer(self, name: str) -> RendererSpec:
        """Returns the renderer of that name.

        Raises:
            UnknownName: There is none.
        """
        return _find("renderer", self.renderers, name)

    def _load(self, entry: EntryPoint) -> None:
        distribution = entry.dist.name if entry.dist else "unknown distribution"
        if entry.dist:
            self.versions[distribution] = entry.dist.version
        try:
            plugin = entry.load()
        except _RAISED as error:
            self._fail(entry.name, distribution, "import", error)
            return
        self.add(plugin, entry.name, distribution)

    def _take(self, plugin: str, distribution: str, stage: str, spec: Any) -> None:  # noqa: ANN401
        kind, word, table = _KINDS[stage]
        known = getattr(self, table)
        fault = _fault(spec) if isinstance(spec, kind) else f"it gave {spec!r}, no spec"
        if fault is None and spec.name in known:
            fault = f"{spec.name} is already offered by {self.sources[word, spec.name]}"
        if fault is None:
            known[spec.name] = spec
            self.sources[word, spec.name] = distribution
        else:
            self._fail(plugin, distribution, stage, fault)

    def _fail(self, plugin: str, distribution: str, stage: str, why: object) -> Plugins:
        raised = isinstance(why, BaseException)
        detail = f"{type(why).__name__}: {why}" if raised else str(why)
        version = self.versions.get(distribution, "")
        self.failures.append(Failure(plugin, distribution, stage, detail, version))
        return self


_CLASS = "it is a class - name a module or an object"
_KINDS: dict[str, tuple[type, str, str]] = {
    "salesgoal_importers": (ImporterSpec, "importer", "importers"),
    "salesgoal_renderers": (RendererSpec, "renderer", "renderers"),
}


def _fault(spec: Any) -> str | None:  # noqa: ANN401 - as a plugin made it
    """Why a spec cannot be used, or None."""
    if not isinstance(spec.name, str) or not _NAME.fullmatch(spec.name):
        return f"{spec.name!r} is no name: lower-case letters, digits and hyphens, at most 31"
    if not isinstance(spec.api, int) or spec.api > API:
        return f"{spec.name} was written for api {spec.api}; this salesgoal has {API}"
    if not isinstance(spec, ImporterSpec):
        return None if callable(spec.write) else f"{spec.name} offers no function for write"
    called: dict[str, Any] = {"read": spec.read, "matches": spec.matches}
    called["columns"] = spec.columns
    for part, function in called.items():
        if not callable(function) and (function is not None or part == "read"):
            return f"{spec.name} offers no function for {part}"
    return None if spec.options is None else _options_fault(spec.name, spec.options)


def _options_fault(name: str, options: Any) -> str | None:  # noqa: ANN401 - whatever it gave
    """Why the options of an importer cannot be read from a plan file, or None."""
    if not isinstance(options, type) or not attrs.has(options):
        return f"the options of {name} are {options!r}, not an attrs class"
    try:
        get_type_hints(options)
    except Exception as error:  # noqa: BLE001 - a name that is not there at run time
        return f"the options of {name} have a type that is not there: {error}"
    return None


def _order(entry: EntryPoint) -> tuple[str, str]:
    """By name, then by distribution: which of two is first does not depend on the machine."""
    return (entry.name, entry.dist.name if entry.dist else "")


def _find(kind: str, known: dict[str, Spec], name: str) -> Spec:
    if name not in known:
        raise UnknownName(kind, name, nearest_names(name, list(known)))
    return known[name]
