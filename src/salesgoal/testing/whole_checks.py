"""The check of connectors that read everything at every run, as those must without deletions.

The ledger takes what a whole reading lacks for gone, so a record that is merely missed would
vanish until the next run. Other checks look at a quiet run; here the disturbed one counts.
"""

from __future__ import annotations

from contextlib import suppress

from salesgoal.errors import Unavailable
from salesgoal.ports.importer import ImporterSpec
from salesgoal.testing.checks import Check, Checks
from salesgoal.testing.world import World

__all__ = ["WholeChecks"]


def _whole(check: Check) -> Check:
    """Marks a check that is about whole readings."""
    check.lacks = _lacks_nothing  # type: ignore[attr-defined]
    return check


def _lacks_nothing(spec: ImporterSpec) -> str | None:
    return "its spec says that it is incremental" if spec.incremental else None


class WholeChecks(Checks):
    """The check of whole readings."""

    @_whole
    def test_what_is_there_all_along_is_in_a_disturbed_reading(self) -> None:
        """Whichever deals go, and as many come, between any two of its requests.

        A reading may give up with `Unavailable`, and be tried again later.
        """
        for first in range(2, 12):
            for changes in (1, 3):
                world = World()
                world.put_many([f"D-{at:02d}" for at in range(14)])
                world.advance(86_400)
                world.page_share = 3
                order = [deal.key for deal in world.found()]
                self._read(world, order[:changes], set(order[changes:]), first)

    def _read(self, world: World, victims: list[str], stays: set[str], first: int) -> None:
        waiting = list(victims)

        def meddle(number: int) -> None:
            if number >= first and waiting:
                world.advance(1)
                world.delete(waiting.pop(0))
                # As many come as go, so that counting them shows nothing.
                world.put(f"new-{number}")

        with self.bench(world) as bench:
            bench.server.on_request = meddle
            with suppress(Unavailable):
                pages = bench.run(page_size=3)
                found = {row.key for page in pages for row in page.rows}
                lost = sorted(stays - found)
                assert not lost, f"from request {first} on {victims} went, and {lost} is lost"
