"""Which checks catch which broken connector; the others are not tried on it."""

from __future__ import annotations

KILLED_BY = {
    "no lookback": ("a_deal_that_is_shown_late_is_read",),
    "> and no lookback": (
        "a_deal_of_the_cursor_s_own_instant_is_read",
        "a_deal_that_is_shown_late_is_read",
        "any_history_ends_in_the_truth",
    ),
    "won only": (
        "a_reopened_deal_no_longer_counts_as_won",
        "bad_rows_reach_the_core",
    ),
    "query, not queryAll": (
        "deleted_deals_no_longer_count",
        "a_deletion_while_paging_loses_no_other",
    ),
    "deleted rows as living ones": (
        "deleted_deals_no_longer_count",
        "a_deletion_while_paging_loses_no_other",
    ),
    "no order": ("every_deal_arrives_whatever_the_page",),
    "order by the moment alone": (
        "more_of_one_instant_than_a_page_holds",
        "a_stop_after_any_page_loses_nothing",
    ),
    "behind the last moment": (
        "more_of_one_instant_than_a_page_holds",
        "a_stop_after_any_page_loses_nothing",
    ),
    "from the last moment": ("more_of_one_instant_than_a_page_holds",),
    "offset paging": (
        "a_reopening_while_paging_loses_no_other",
        "an_edit_while_paging_loses_no_other",
        "more_than_the_service_pages_through",
    ),
    "a locator in the cursor": (
        "what_is_not_the_protocol_is_an_error_and_never_an_end",
        "a_passing_fault_is_waited_out",
    ),
    "more is what a full page has": ("every_deal_arrives_whatever_the_page",),
    "until is not kept": ("nothing_beyond_the_end_is_read",),
    "one session": (
        "a_wrong_token_is_refused_at_once",
        "every_deal_arrives_whatever_the_page",
    ),
    "cursor at the end of the run from the first page": (
        "runs_that_are_always_stopped_get_to_the_end",
        "a_lasting_outage_is_an_error_and_never_an_end",
    ),
    "cursor on the last page alone": ("runs_that_are_always_stopped_get_to_the_end",),
    "no cursor": (
        "a_second_run_reads_only_what_is_new",
        "the_cursor_is_small_json",
    ),
    "everything, always": (
        "a_second_run_reads_only_what_is_new",
        "runs_that_are_always_stopped_get_to_the_end",
    ),
    "cursor of all keys": ("the_cursor_is_small_json",),
    "outage is the end": (
        "a_wrong_token_is_refused_at_once",
        "a_refusal_is_an_error_and_never_an_end",
    ),
    "HTML is the end": (
        "a_refusal_is_an_error_and_never_an_end",
        "what_is_not_the_protocol_is_an_error_and_never_an_end",
    ),
    "refusal is the end": (
        "a_wrong_token_is_refused_at_once",
        "a_refusal_is_an_error_and_never_an_end",
    ),
    "numbers are floats": (
        "an_empty_service_is_no_fault",
        "a_changed_deal_is_read_again",
    ),
    "amounts went through floats": ("amounts_are_exact",),
    "no amount is zero": ("bad_rows_reach_the_core",),
    "the day before": ("an_empty_service_is_no_fault",),
    "rows without an amount left out": ("bad_rows_reach_the_core",),
    "rows without an account left out": ("bad_rows_reach_the_core",),
    "no key": (
        "an_empty_service_is_no_fault",
        "a_second_run_changes_nothing",
    ),
    "no place": ("every_row_has_its_key_place_and_revision",),
    "no revision": ("every_row_has_its_key_place_and_revision",),
    "revision without a zone": ("every_row_has_its_key_place_and_revision",),
    "secret in the cursor": (
        "no_secret_shows",
        "the_cursor_is_small_json",
    ),
    "body in the error": ("no_secret_shows",),
    "secret in the cause": ("no_secret_shows",),
    "one try": (
        "it_waits_as_long_as_it_is_asked_to",
        "a_passing_fault_is_waited_out",
    ),
    "tries without end": (
        "no_secret_shows",
        "a_lasting_outage_is_an_error_and_never_an_end",
    ),
    "Retry-After unread": ("it_waits_as_long_as_it_is_asked_to",),
    "Retry-After of a day": ("it_waits_as_long_as_it_is_asked_to",),
    "own ways to be busy unknown": ("a_passing_fault_is_waited_out",),
    "a refusal tried again": (
        "a_wrong_token_is_refused_at_once",
        "every_deal_arrives_whatever_the_page",
    ),
    "a column twice": ("an_empty_service_is_no_fault",),
    "a value short": ("every_row_has_its_key_place_and_revision",),
    "no options": ("the_spec_says_what_it_is",),
    "one page of everything": ("a_page_is_no_larger_than_asked",),
    "redirects are followed with the secret": ("no_secret_follows_a_redirect",),
    "deleted for ever": ("a_restored_deal_counts_again",),
    "a skip without a name": ("skips_have_reasons_and_names",),
}
