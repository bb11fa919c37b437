"""Each fault of a Feishu connector that people make is caught."""

from __future__ import annotations

from salesgoal.testing import ImporterContract, try_mutants

from .mutants import MUTANTS

OF_INCREMENTS = (
    *("a_second_run_reads_only_what_is_new", "the_cursor_is_small_json"),
    *("runs_that_are_always_stopped_get_to_the_end", "nothing_beyond_the_end_is_read"),
)
"""Checks that do not apply to a whole reading."""
OF_THE_KIT = (
    *("a_changed_deal_is_read_again", "an_edit_while_paging_loses_no_other"),
    *("a_deal_of_the_cursor_s_own_instant_is_read", "a_deal_that_is_shown_late_is_read"),
    *("a_stop_after_any_page_loses_nothing", "an_empty_service_is_no_fault"),
    "a_deletion_while_paging_loses_no_other",
    *("a_page_is_no_larger_than_asked", "a_restored_deal_counts_again"),
    "no_secret_follows_a_redirect",
    *("more_than_the_service_pages_through", "skips_have_reasons_and_names"),
)
"""Checks that the kit's own mutants trip, and a whole reading hardly can."""


def test_every_mutant_is_caught():
    matrix = try_mutants(ImporterContract, MUTANTS, besides=(*OF_INCREMENTS, *OF_THE_KIT))
    print(f"\n{matrix}")  # noqa: T201 - pytest shows it where it fails
    assert not matrix.faults()
