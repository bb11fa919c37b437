"""The contract of importers, and what a connector must hold that reads everything at once.

The ledger takes what a whole reading lacks for gone, so a record that is merely missed would
vanish until the next run. The kit looks at the end of a quiet run; here the first one counts.
"""

from __future__ import annotations

from contextlib import suppress

from salesgoal.errors import Unavailable
from salesgoal.testing import ImporterContract, World


class FeishuContract(ImporterContract):
    """As `ImporterContract`; and nothing that is there all along is ever missed."""

    def test_what_is_there_all_along_is_in_a_disturbed_reading(self) -> None:
        """Whichever records go, come and change between any two of its requests."""
        for first in range(2, 12):
            for changes in (1, 3):
                world = World()
                world.put_many([f"D-{at:02d}" for at in range(14)])
                world.advance(86_400)
                world.page_share = 3
                order = [deal.key for deal in world.found()]
                victims, stays = order[:changes], set(order[changes:])
                self._read(world, victims, stays, first)

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
            found: set[str] = set()
            with suppress(Unavailable):
                pages = bench.run(page_size=3)
                found = {str(row.key) for page in pages for row in page.rows}
                lost = stays - found
                assert not lost, f"from request {first} on {victims} went, and {lost} is lost"
