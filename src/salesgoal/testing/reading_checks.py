"""Checks of one reading: everything arrives, exactly, with what the core needs."""

from __future__ import annotations

import json
import re
import typing

import attrs

from salesgoal.ports.importer import API
from salesgoal.ports.secret import Secret
from salesgoal.testing.bench import Settled
from salesgoal.testing.checks import Checks, incremental, settled_world
from salesgoal.testing.world import SENTINEL, World

__all__ = ["ReadingChecks"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_EXACT = (
    "98765432109876.54",
    "90071992547409.93",
    "0.07",
    "-1.10",
    "0",
    "8999999999999.99",
    "1234567.1",
)
_LARGEST_CURSOR = 1000


class ReadingChecks(Checks):
    """Checks of one reading."""

    def test_the_spec_says_what_it_is(self) -> None:
        """A name, a title, this version, and options with `base_url` and a `Secret`."""
        spec = self.case.spec
        assert _NAME.fullmatch(spec.name), f"{spec.name!r} is no name"
        assert spec.title.strip(), "it has no title"
        assert 1 <= spec.api <= API, f"api {spec.api}; this salesgoal has {API}"
        assert spec.options is not None, "it has no class of options"
        assert attrs.has(spec.options), f"{spec.options.__name__} is no attrs class"
        types = typing.get_type_hints(spec.options)
        fields = {each.name for each in attrs.fields(spec.options)}
        assert "base_url" in fields, "its options have no base_url"
        secrets = [
            name
            for name in fields
            if Secret in {types.get(name), *typing.get_args(types.get(name))}
        ]
        assert secrets, "no field of its options is a Secret"
        with self.bench() as bench:
            options = bench.request().options
            assert isinstance(options, spec.options), f"the fake's options: {options!r}"

    def test_every_deal_arrives_whatever_the_page(self) -> None:
        """At 1, 2, 7 and 200 deals a page, and where the service gives fewer than asked."""
        for size, share in ((1, 1), (2, 2), (7, 7), (200, 200), (200, 3)):
            world = settled_world(23)
            world.page_share = share
            with self.bench(world) as bench:
                bench.run(page_size=size)
                bench.assert_true(f"pages of {size}, answers of {share}")

    def test_a_page_is_no_larger_than_asked(self) -> None:
        """A page is taken over as one, so a run that dies loses no more than a page's work."""
        world = settled_world(23)
        with self.bench(world) as bench:
            for size in (1, 7):
                world.page_share = size
                largest = max(len(page.rows) for page in bench.run(page_size=size))
                assert largest <= size, f"asked for {size} rows a page, got {largest}"
                bench.rest()
                bench.settled = Settled()

    def test_amounts_are_exact(self) -> None:
        """Sixteen digits arrive as they are, and no float on the way."""
        world = World()
        for at, amount in enumerate(_EXACT):
            world.put(f"E-{at}", amount)
            world.advance(3600)
        with self.bench(world) as bench:
            bench.run()
            bench.assert_true("amounts of up to 16 digits")

    def test_bad_rows_reach_the_core(self) -> None:
        """Deals without an amount or a customer arrive; the core judges them, no connector."""
        world = settled_world(3)
        world.put("no-amount", None)
        world.put("no-customer", customer=None)
        world.put("lost", won=False)
        world.put("negative", "-5.00")
        world.advance(86_400)
        with self.bench(world) as bench:
            bench.run()
            bench.assert_true("deals that lack something")

    def test_every_row_has_its_key_place_and_revision(self) -> None:
        """So that people find it, and later runs know it again."""
        with self.bench(settled_world(5)) as bench:
            rows = [row for page in bench.run() for row in page.rows]
            for row in rows:
                assert row.key in bench.world.truth(), f"{row.key!r} is no key of the service"
                assert row.where.source.strip(), f"{row.key} does not say its source"
                assert row.where.key == row.key, f"{row.key} stands at {row.where}"
                revised = bench.world.truth()[row.key].modified_at
                assert row.revision == revised, f"{row.key}: {row.revision}, not {revised}"

    def test_an_empty_service_is_no_fault(self) -> None:
        """And the first deal comes with the next run."""
        with self.bench() as bench:
            bench.run()
            assert not bench.settled.rows
            bench.rest()
            bench.world.put("first")
            bench.rest()
            bench.run()
            bench.assert_true("the first deal")

    def test_more_than_the_service_pages_through(self) -> None:
        """Everything arrives where a query reaches only so many deals by paging."""
        world = settled_world(55, apart=3600)
        world.result_cap = 20
        with self.bench(world) as bench:
            bench.run(page_size=7)
            bench.assert_true("55 deals, of which a query reaches 20")

    def test_more_of_one_instant_than_a_page_holds(self) -> None:
        """A mass change gives many deals one moment; they arrive, and the run ends."""
        world = settled_world(4)
        for at in range(11):
            world.put(f"T-{(at * 3) % 11:02d}", f"{at}.11")
        world.advance(3600)
        world.put("after", "5.00")
        world.advance(86_400)
        world.page_share = 3
        with self.bench(world) as bench:
            bench.run(page_size=3)
            bench.assert_true("11 deals of one instant in pages of 3")

    def test_nothing_beyond_the_end_is_read(self) -> None:
        """What changes after ``until`` waits for the next run, so that no cursor passes it."""
        world = settled_world(4)
        end = world.now
        world.advance(3600)
        world.put("later")
        world.advance(3600)
        with self.bench(world) as bench:
            rows = [row for page in bench.run(until=end) for row in page.rows]
            late = [row.key for row in rows if row.revision is None or row.revision > end]
            assert not late, f"changed after until: {late}"
            bench.rest()
            bench.run()
            bench.assert_true("the next run")

    @incremental
    def test_the_cursor_is_small_json(self) -> None:
        """Texts under texts, less than 1,000 signs, whatever was read, and never the secret."""
        world = settled_world(40)
        for at in range(40):
            world.put(f"a-rather-long-key-of-one-instant-{at:03d}")
        world.advance(86_400)
        with self.bench(world) as bench:
            cursors = [page.cursor for page in bench.run(page_size=10)]
            assert any(cursors[-1:]), "the last page has no cursor"
            for cursor in filter(None, cursors):
                pairs = [*cursor.keys(), *cursor.values()]
                assert all(isinstance(each, str) for each in pairs), f"not all text: {cursor}"
                text = json.dumps(dict(cursor))
                assert len(text) < _LARGEST_CURSOR, f"a cursor of {len(text)} signs"
                assert SENTINEL not in text, "the cursor holds the secret"
