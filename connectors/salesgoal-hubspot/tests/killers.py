"""Which checks catch which broken connector; the others are not tried on it."""

from __future__ import annotations

KILLED_BY = {
    "no lookback": ("a_deal_that_is_shown_late_is_read",),
    "> and no lookback": (
        "a_deal_of_the_cursor_s_own_instant_is_read",
        "a_deal_that_is_shown_late_is_read",
    ),
    "no lookback for deleted deals": ("a_deletion_that_is_listed_late_is_read",),
    "won deals only": (
        "a_reopened_deal_no_longer_counts_as_won",
        "a_reopening_while_paging_loses_no_other",
    ),
    "deleted deals not asked for": (
        "deleted_deals_no_longer_count",
        "a_deletion_while_paging_loses_no_other",
    ),
    "one page of deleted deals": ("amounts_are_exact",),
    "deleted deals in the order of the list": ("a_stop_between_deleted_deals_loses_none",),
    "deleted deals as living ones": (
        "deleted_deals_no_longer_count",
        "a_deletion_while_paging_loses_no_other",
    ),
    "offset paging": (
        "an_edit_while_paging_loses_no_other",
        "a_reopening_while_paging_loses_no_other",
    ),
    "no walk through ties, from the last instant": (
        "the_cursor_is_small_json",
        "every_deal_arrives_whatever_the_page",
    ),
    "no walk through ties, behind the last instant": (
        "more_of_one_instant_than_a_page_holds",
        "a_stop_after_any_page_loses_nothing",
        "any_history_ends_in_the_truth",
    ),
    "one page of ties": (
        "more_of_one_instant_than_a_page_holds",
        "a_stop_after_any_page_loses_nothing",
    ),
    "cursor at the end of the run from the first page": (
        "runs_that_are_always_stopped_get_to_the_end",
        "a_stop_after_any_page_loses_nothing",
    ),
    "cursor on the last page alone": ("runs_that_are_always_stopped_get_to_the_end",),
    "no cursor": (
        "a_second_run_reads_only_what_is_new",
        "the_cursor_is_small_json",
    ),
    "outage is the end": (
        "a_wrong_token_is_refused_at_once",
        "what_is_not_the_protocol_is_an_error_and_never_an_end",
    ),
    "HTML is the end": (
        "what_is_not_the_protocol_is_an_error_and_never_an_end",
        "a_refusal_is_an_error_and_never_an_end",
    ),
    "refusal is the end": (
        "a_wrong_token_is_refused_at_once",
        "a_refusal_is_an_error_and_never_an_end",
    ),
    "another order": (
        "more_than_the_service_pages_through",
        "every_deal_arrives_whatever_the_page",
    ),
    "more is what a full page has": ("every_deal_arrives_whatever_the_page",),
    "until is not kept": ("nothing_beyond_the_end_is_read",),
    "amounts are floats": ("every_row_has_its_key_place_and_revision",),
    "amounts went through floats": ("amounts_are_exact",),
    "no amount is zero": ("bad_rows_reach_the_core",),
    "amounts in fen": ("an_empty_service_is_no_fault",),
    "deals without an amount left out": ("bad_rows_reach_the_core",),
    "deals without a customer left out": ("bad_rows_reach_the_core",),
    "no key": (
        "every_row_has_its_key_place_and_revision",
        "a_changed_deal_is_read_again",
    ),
    "no place": ("every_row_has_its_key_place_and_revision",),
    "no revision": (
        "every_row_has_its_key_place_and_revision",
        "a_second_run_changes_nothing",
    ),
    "revision without a zone": ("every_row_has_its_key_place_and_revision",),
    "revision a day off": (
        "every_row_has_its_key_place_and_revision",
        "a_second_run_reads_only_what_is_new",
    ),
    "everything, always": (
        "a_second_run_reads_only_what_is_new",
        "runs_that_are_always_stopped_get_to_the_end",
    ),
    "cursor of all keys": ("the_cursor_is_small_json",),
    "secret in the cursor": (
        "no_secret_shows",
        "the_cursor_is_small_json",
    ),
    "body in the error": ("no_secret_shows",),
    "secret in the cause": ("no_secret_shows",),
    "one try": (
        "a_passing_fault_is_waited_out",
        "it_waits_as_long_as_it_is_asked_to",
    ),
    "tries without end": (
        "no_secret_shows",
        "a_lasting_outage_is_an_error_and_never_an_end",
    ),
    "Retry-After unread": ("it_waits_as_long_as_it_is_asked_to",),
    "Retry-After of a day": ("it_waits_as_long_as_it_is_asked_to",),
    "a column twice": ("an_empty_service_is_no_fault",),
    "a value short": ("every_row_has_its_key_place_and_revision",),
    "any company": ("an_empty_service_is_no_fault",),
    "owners who left unknown": ("an_empty_service_is_no_fault",),
    "labels unknown": ("an_empty_service_is_no_fault",),
    "no options": ("the_spec_says_what_it_is",),
    "no title": ("the_spec_says_what_it_is",),
    "merged deals not looked for": ("merged_deals_no_longer_count",),
    "own ways to be busy unknown": ("a_passing_fault_is_waited_out",),
    "a refusal tried again": ("a_wrong_token_is_refused_at_once",),
    "an outage is no reason to wait": ("a_passing_fault_is_waited_out",),
    "merged deals after their successor": ("a_stop_between_merged_deals_loses_none",),
    "one page of everything": ("a_page_is_no_larger_than_asked",),
    "redirects are followed with the token": ("no_secret_follows_a_redirect",),
    "deleted for ever": ("a_restored_deal_counts_again",),
    "a skip without a name": ("skips_have_reasons_and_names",),
}
