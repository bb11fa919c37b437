"""The plugins of one run: loaded one by one, so that a broken one harms nobody else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

import attrs
import pluggy

from salesgoal.domain.dimension import nearest_names
from salesgoal.errors import UnknownName
from salesgoal.ports import hookspecs
from salesgoal.ports.importer import API, ImporterSpec
from salesgoal.ports.renderer import RendererSpec

__all__ = ["Failure", "Plugins"]

Spec = TypeVar("Spec", ImporterSpec, RendererSpec)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


@attrs.frozen
class Failure:
    """A plugin that could not be used: which, of which distribution, where and why."""

    plugin: str
    distribution: str
    stage: str
    detail: str

    def __str__(self) -> str:
        """The failure in one line."""
        return f"{self.plugin} ({self.distribution}) failed at {self.stage}: {self.detail}"


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

    def discover(
        self, *, only: Collection[str] | None = None, block: Collection[str] = ()
    ) -> Plugins:
        """Loads the installed plugins, sorted by name; failures are listed, not raised.

        Args:
            only: Names of entry points; all where it is None.
            block: Names of entry points to leave out.
        """
        found = sorted(entry_points(group=hookspecs.PROJECT), key=lambda each: each.name)
        for entry in found:
            if entry.name not in block and (only is None or entry.name in only):
                self._load(entry)
        return self

    def add(self, plugin: object, name: str, distribution: str = "given in code") -> Plugins:
        """Registers a module or object with hooks; a failure is listed, not raised."""
        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs)
        try:
            manager.register(plugin, name)
            manager.check_pending()
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises is listed
            self._fail(name, distribution, "register", error)
            return self
        hooks = manager.get_hookcallers(plugin) or []
        if not hooks:
            self._fail(name, distribution, "register", "it has no hook marked with hookimpl")
        for hook in hooks:
            stage = hook.name
            try:
                given = hook()
            except Exception as error:  # noqa: BLE001
                self._fail(name, distribution, stage, error)
                continue
            self._take(name, distribution, stage, given[0] if given else None)
        return self

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
        try:
            plugin = entry.load()
        except Exception as error:  # noqa: BLE001
            self._fail(entry.name, distribution, "import", error)
            return
        self.add(plugin, entry.name, distribution)

    def _take(self, plugin: str, distribution: str, stage: str, given: Any) -> None:  # noqa: ANN401
        kind: type[Any]
        kind, word, table = _KINDS[stage]
        if not isinstance(given, Iterable):
            self._fail(plugin, distribution, stage, f"it gave {given!r}, not {kind.__name__}s")
            return
        for spec in given:
            fault = _fault(spec) if isinstance(spec, kind) else f"it gave {spec!r}, no spec"
            known = getattr(self, table)
            if fault is None and spec.name in known:
                fault = f"{spec.name} is already offered by {self.sources[word, spec.name]}"
            if fault is None:
                known[spec.name] = spec
                self.sources[word, spec.name] = distribution
            else:
                self._fail(plugin, distribution, stage, fault)

    def _fail(self, plugin: str, distribution: str, stage: str, why: object) -> None:
        detail = f"{type(why).__name__}: {why}" if isinstance(why, Exception) else str(why)
        self.failures.append(Failure(plugin, distribution, stage, detail))


_KINDS: dict[str, tuple[type, str, str]] = {
    "salesgoal_importers": (ImporterSpec, "importer", "importers"),
    "salesgoal_renderers": (RendererSpec, "renderer", "renderers"),
}


def _fault(spec: ImporterSpec | RendererSpec) -> str | None:
    """Why a spec cannot be used, or None."""
    if not _NAME.fullmatch(spec.name):
        return f"{spec.name!r} is no name: lower-case letters, digits and hyphens, at most 31"
    if spec.api > API:
        return f"{spec.name} was written for api {spec.api}; this salesgoal has {API}"
    called: Any = spec.read if isinstance(spec, ImporterSpec) else spec.write
    return None if callable(called) else f"{spec.name} offers no function"


def _find(kind: str, known: dict[str, Spec], name: str) -> Spec:
    if name not in known:
        raise UnknownName(kind, name, nearest_names(name, list(known)))
    return known[name]
