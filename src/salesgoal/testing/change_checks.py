"""Checks of run after run: what changes, comes late, or breaks off is neither lost nor kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from salesgoal.testing.bench import Bench
from salesgoal.testing.checks import Checks, incremental, settled_world
from salesgoal.testing.world import World

__all__ = ["ChangeChecks"]

_LONGEST_LOOK_BACK = timedelta(days=1)


class ChangeChecks(Checks):
    """Checks of run after run."""

    def test_a_second_run_changes_nothing(self) -> None:
        """Where the service did not change either."""
        with self.bench(settled_world()) as bench:
            bench.run(page_size=5)
            before = bench.settled.cells()
            bench.rest()
            bench.run(page_size=5)
            assert bench.settled.cells() == before
            bench.assert_true("the second run")

    @incremental
    def test_a_second_run_reads_only_what_is_new(self) -> None:
        """With a look-back of a day at most."""
        world = settled_world(60, apart=14_400)
        with self.bench(world) as bench:
            bench.run(page_size=20)
            ended = world.now
            bench.rest()
            world.put("new")
            world.advance(60)
            rows = [row for page in bench.run(page_size=20) for row in page.rows]
            assert "new" in {row.key for row in rows}, "it did not read the new deal"
            oldest = ended - _LONGEST_LOOK_BACK - _LONGEST_LOOK_BACK
            old = [row.key for row in rows if row.revision is None or row.revision < oldest]
            assert not old, f"read again, though old: {old}"

    def test_a_changed_deal_is_read_again(self) -> None:
        """Its new amount counts."""
        with self.bench(settled_world()) as bench:
            bench.run(page_size=5)
            bench.rest()
            bench.world.edit("D-000", amount="31415.92")
            bench.world.advance(60)
            bench.run(page_size=5)
            bench.assert_true("after a change")

    def test_a_reopened_deal_no_longer_counts_as_won(self) -> None:
        """It must come, so that the core sees it; a filter for won deals would hide it."""
        with self.bench(settled_world()) as bench:
            bench.run(page_size=5)
            bench.rest()
            bench.world.reopen("D-007")
            bench.world.advance(60)
            bench.run(page_size=5)
            bench.assert_true("after a deal was opened again")

    def test_deleted_deals_no_longer_count(self) -> None:
        """More of them than one answer holds."""
        world = settled_world()
        world.page_share = 3
        with self.bench(world) as bench:
            bench.run(page_size=3)
            bench.rest()
            for key in list(world.truth())[:8]:
                world.delete(key)
                world.advance(60)
            bench.run(page_size=3)
            bench.assert_true("after deals were deleted")

    def test_a_restored_deal_counts_again(self) -> None:
        """It was deleted, read as deleted, and came back from the bin."""
        with self.bench(settled_world()) as bench:
            bench.run(page_size=5)
            bench.rest()
            bench.world.delete("D-007")
            bench.rest()
            bench.run(page_size=5)
            bench.world.restore("D-007")
            bench.world.advance(60)
            bench.run(page_size=5)
            bench.assert_true("after a deleted deal was restored")

    def test_a_deal_of_the_cursor_s_own_instant_is_read(self) -> None:
        """It was changed in the second of the last deal, and shown after the run."""
        with self.bench(settled_world()) as bench:
            bench.world.put("last")
            bench.world.put("same instant", lag=1)
            bench.run(page_size=5)
            bench.world.advance(1)
            bench.run(page_size=5)
            bench.world.advance(1)
            bench.run(page_size=5)
            bench.assert_true("after a deal of the same instant was shown")

    def test_a_deal_that_is_shown_late_is_read(self) -> None:
        """An index that lags by eight minutes hides it from the run that it belongs to."""
        with self.bench(settled_world()) as bench:
            bench.world.put("late", lag=480)
            bench.world.advance(60)
            bench.world.put("in time")
            bench.world.advance(60)
            bench.run(page_size=5)
            bench.world.advance(480)
            bench.run(page_size=5)
            bench.assert_true("after the late deal was shown")

    def test_a_stop_after_any_page_loses_nothing(self) -> None:
        """The next run goes on from the last cursor that was kept."""
        for stop in range(1, 7):
            world = settled_world(9)
            for at in range(5):
                world.put(f"tie-{at}")
            world.advance(86_400)
            world.page_share = 3
            with self.bench(world) as bench:
                bench.run(page_size=3, stop_after=stop)
                bench.rest()
                bench.run(page_size=3)
                bench.assert_true(f"stopped after page {stop} of the first run")
                for key in ("D-000", "D-007", "tie-0", "tie-1"):
                    world.edit(key, amount="2.71")
                    world.advance(600)
                for key in ("D-014", "tie-2"):
                    world.delete(key)
                    world.advance(600)
                bench.run(page_size=3, stop_after=stop)
                bench.rest()
                bench.run(page_size=3)
                bench.assert_true(f"stopped after page {stop} of the second run")

    @incremental
    def test_runs_that_are_always_stopped_get_to_the_end(self) -> None:
        """A run goes on where the one before was stopped, and does not begin anew."""
        world = settled_world(20)
        world.page_share = 3
        with self.bench(world) as bench:
            for _ in range(20):
                bench.run(page_size=3, stop_after=2)
            bench.assert_true("20 runs, each stopped after two pages")

    def test_an_edit_while_paging_loses_no_other(self) -> None:
        """A deal that moves to the end of the order moves no other off its page."""
        self._disturb("edit", lambda bench, key: bench.world.edit(key, amount="1.61"))

    def test_a_reopening_while_paging_loses_no_other(self) -> None:
        """Nor does a deal that leaves what is won."""
        self._disturb("reopening", lambda bench, key: bench.world.reopen(key))

    def test_a_deletion_while_paging_loses_no_other(self) -> None:
        """Nor does one that leaves the list altogether."""
        self._disturb("deletion", lambda bench, key: bench.world.delete(key))

    def _disturb(self, what: str, change: Callable[[Bench, str], object]) -> None:
        """Runs once while deals change, one before each request, and once more in quiet."""
        for first in (2, 3, 4):
            world = settled_world(14)
            world.page_share = 3
            victims = sorted(world.truth().values(), key=lambda deal: deal.modified_at)[:5]
            waiting = [deal.key for deal in victims]

            def meddle(number: int) -> None:
                if number >= first and waiting:  # noqa: B023 - called within this turn
                    world.advance(1)  # noqa: B023
                    change(bench, waiting.pop(0))  # noqa: B023

            with self.bench(world) as bench:
                bench.server.on_request = meddle
                bench.run(page_size=3)
                calm = world.truth().keys() - {deal.key for deal in victims}
                lost = sorted(calm - bench.settled.rows.keys())
                assert not lost, f"a {what} of others at request {first} hid {lost}"
                bench.rest()
                bench.run(page_size=3)
                bench.assert_true(f"after a {what} at request {first} and later")

    def test_any_history_ends_in_the_truth(self) -> None:
        """Random changes, lags, runs and stops: the last run always ends in the truth."""

        @settings(
            max_examples=25,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate, *[Phase.shrink][: self.shrinks]],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(_ROUNDS, min_size=1, max_size=5), st.integers(1, 4))
        def hold(rounds: list[_Round], size: int) -> None:
            world = World(page_share=size)
            world.put_many(["A", "C", "B"], apart=60)
            with self.bench(world) as bench:
                bench.run(page_size=size)
                for each in rounds:
                    _take_round(bench, each, size)
                bench.rest()
                bench.run(page_size=size)
                bench.assert_true(f"after {rounds}, in pages of {size}")

        hold()


_Change = tuple[str, int, int]
"""What is done, to which of the deals that are there, and how late the index shows it."""

_Round = tuple[list[_Change], int, int | None]
"""Changes, how many seconds pass, and after how many pages the run is stopped; None: never."""

_CHANGES = st.tuples(
    st.sampled_from(["put", "put", "edit", "reopen", "delete"]),
    st.integers(0, 5),
    st.sampled_from([0, 0, 200, 480]),
)
_ROUNDS = st.tuples(
    st.lists(_CHANGES, max_size=4),
    st.sampled_from([0, 1, 300, 7200]),
    st.sampled_from([None, None, 1, 2]),
)


def _take_round(bench: Bench, drawn: _Round, size: int) -> None:
    """Changes, each a second or none after the one before, and a run."""
    changes, seconds, stop_after = drawn
    for change in changes:
        _take_change(bench.world, change)
    bench.world.advance(seconds)
    bench.run(page_size=size, stop_after=stop_after)


def _take_change(world: World, change: _Change) -> None:
    """One change; a change where no deal is left is none."""
    what, which, lag = change
    keys = sorted(world.truth())
    key = keys[which % len(keys)] if keys else None
    if what == "put":
        world.put(world.new_key(), f"{which}.50", lag=lag)
    elif key is not None and what == "edit":
        world.edit(key, amount=f"{which}.75", lag=lag)
    elif key is not None and what == "reopen":
        world.reopen(key, lag=lag)
    elif key is not None:
        world.delete(key, lag=lag)
    world.advance(which % 2)
