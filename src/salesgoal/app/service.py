"""Services: sources of records that an importer asks over a network, not files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs

from salesgoal.app.plan_file.reading import read_options
from salesgoal.domain.problem import Place
from salesgoal.errors import ConfigError, UsageError
from salesgoal.ports.importer import ImporterSpec
from salesgoal.ports.plugins import Plugins
from salesgoal.ports.secret import Secret

__all__ = ["Service", "check_service", "identity_of", "open_service"]


@attrs.frozen(kw_only=True)
class Service:
    """A service that a plan names.

    Attributes:
        importer: Who asks it.
        options: What the plan says to the importer; secrets stand in it as references only.
        keys: Where in the plan file the options stand.
        plan: The name of the plan file.
        folder: Where the plan lies.
    """

    importer: str
    options: Mapping[str, Any]
    keys: tuple[str, ...]
    plan: str
    folder: Path


def check_service(service: Service, spec: ImporterSpec) -> None:
    """Refuses what is wrong in a plan, whether its secrets are at hand now or not.

    Raises:
        UsageError: The importer reads files only.
        PlanRefused: The options are wrong, with every fault.
    """
    if spec.matches is not None:
        en = f"give a path: {spec.name} reads files"
        raise UsageError(en, f"写上 path：{spec.name} 读取文件")
    with suppress(ConfigError):
        _options(service, spec)


def open_service(service: Service, plugins: Plugins) -> tuple[ImporterSpec, Any]:
    """Returns the importer of a service and its options, secrets included.

    Raises:
        UnknownName: No such importer is installed.
        UsageError, PlanRefused: As `check_service`.
        ConfigError: What the plan refers to is not there.
    """
    spec = plugins.importer(service.importer)
    check_service(service, spec)
    return spec, _options(service, spec)


def identity_of(spec: ImporterSpec, options: object) -> str:
    """Returns a digest of who is asked for what: a cursor is good for nothing else.

    Secrets are no part of it: a new token leaves the cursor good.
    """
    said = repr((spec.name, spec.api, _plain(options)))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _options(service: Service, spec: ImporterSpec) -> Any:  # noqa: ANN401 - of the plugin
    where = Place(service.plan)
    return read_options(service.options, spec.options, where, service.keys, service.folder)


def _plain(value: object) -> object:
    """A value by what it says, without secrets, in an order that does not matter."""
    if isinstance(value, Secret):
        return "secret"
    kind: Any = type(value)
    if attrs.has(kind):
        return [(each.name, _plain(getattr(value, each.name))) for each in attrs.fields(kind)]
    if isinstance(value, Mapping):
        return sorted((str(key), _plain(each)) for key, each in value.items())
    if isinstance(value, list | tuple):
        return list(map(_plain, value))
    return value
