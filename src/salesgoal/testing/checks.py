"""What the families of checks of a connector share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from salesgoal.ports.importer import ImporterSpec
from salesgoal.testing.bench import Bench
from salesgoal.testing.case import Case
from salesgoal.testing.world import World

__all__ = ["Check", "Checks", "incremental", "settled_world"]

Check = TypeVar("Check", bound=Callable[..., Any])


def incremental(check: Check) -> Check:
    """Marks a check that only a connector that says ``incremental`` can hold."""
    check.lacks = _lacks_increments  # type: ignore[attr-defined]
    return check


def _lacks_increments(spec: ImporterSpec) -> str | None:
    return None if spec.incremental else "its spec says that it is not incremental"


class Checks:
    """A family of checks; each is a method whose name is the fact that it holds."""

    case: ClassVar[Case]
    shrinks: ClassVar[bool] = True
    """Whether a history that fails is made small before it is shown."""

    def bench(self, world: World | None = None) -> Bench:
        """Returns the connector beside a fake of the world, an empty one unless given."""
        return Bench(self.case, world or World())


def settled_world(deals: int = 12, *, apart: int = 7200) -> World:
    """Returns a world of so many deals, the last of which was changed a day ago."""
    world = World()
    world.put_many([f"D-{(at * 7) % 101:03d}" for at in range(deals)], apart=apart)
    world.advance(int(timedelta(days=1).total_seconds()))
    return world
