"""The contract, and what HubSpot asks for beyond it."""

from __future__ import annotations

from salesgoal.testing import Case, ImporterContract
from salesgoal_hubspot import HUBSPOT

from .fake_hubspot import FakeHubspot

KEYS = ("A", "B", "C", "D", "E")


class HubspotContract(ImporterContract):
    case = Case(spec=HUBSPOT, fake=FakeHubspot)

    def settled(self):
        bench = self.bench()
        bench.world.put_many(KEYS)
        bench.rest()
        return bench

    def test_a_deletion_that_is_listed_late_is_read(self):
        with self.settled() as bench:
            bench.run()
            bench.world.delete("B", lag=480)
            bench.world.advance(60)
            bench.world.delete("D")
            bench.world.advance(60)
            bench.run()
            bench.world.advance(480)
            bench.run()
            bench.assert_true("after the late deletion was listed")

    def test_a_stop_between_deleted_deals_loses_none(self):
        with self.settled() as bench:
            bench.run()
            for key in reversed(KEYS):
                bench.world.delete(key)
                bench.world.advance(3600)
            bench.run(page_size=1, stop_after=2)
            bench.rest()
            bench.run(page_size=1)
            bench.assert_true("stopped between deleted deals")

    def test_merged_deals_no_longer_count(self):
        with self.settled() as bench:
            bench.run()
            bench.fake.merged["A"] = ("B", "C")
            bench.world.delete("B")
            bench.world.delete("C")
            bench.world.edit("A", amount="300.00")
            bench.world.advance(60)
            bench.run()
            bench.assert_true("after deals were merged")

    def test_a_stop_between_merged_deals_loses_none(self):
        for stop in (1, 2, 3):
            with self.settled() as bench:
                bench.run()
                bench.rest()
                bench.fake.merged["A"] = ("B", "C", "D")
                for key in "BCD":
                    bench.world.delete(key)
                bench.world.edit("A", amount="400.00")
                bench.world.advance(3600)
                bench.world.put("F")
                bench.world.advance(60)
                pages = bench.run(page_size=3, stop_after=stop)
                assert max(len(page.rows) for page in pages) <= 3
                bench.rest()
                bench.run(page_size=3)
                bench.assert_true(f"stopped after page {stop}")
