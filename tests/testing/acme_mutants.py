"""Broken connectors for Acme, each as real ones are broken."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import build_opener

import attrs

from salesgoal.domain.problem import Place
from salesgoal.errors import Unavailable
from salesgoal.ports.importer import Page
from salesgoal.ports.secret import Secret
from salesgoal.testing import Mutant

from .acme import COLUMNS, Acme, case_of


class NoLookBack(Acme):
    look_back = timedelta()


class StrictlyLater(Acme):
    look_back = timedelta(microseconds=-1)


class StrictlyLaterWithLookBack(Acme):
    look_back = timedelta(minutes=15, microseconds=-1)


class LooksBackForEver(Acme):
    look_back = timedelta(days=400)


class ReadsAllAgain(Acme):
    def start(self, _):
        return ""


class WonOnly(Acme):
    def query(self, *given):
        return {**super().query(*given), "won": 1}


class NeverAsksForDeleted(Acme):
    def query(self, *given):
        return without(super().query(*given), "deleted")


class DeletedAsDeals(Acme):
    def row(self, deal):
        return super().row({**deal, "deleted": False})


class Unsorted(Acme):
    def query(self, *given):
        return without(super().query(*given), "sort")


class NoEnd(Acme):
    def query(self, *given):
        return without(super().query(*given), "until")


class ByOffset(Acme):
    def read(self, request):
        since, offset, more = self.start(request.since), 0, True
        while more:
            asked = {**self.query(request, since, ""), "offset": offset}
            deals, more = self.unpack(self.ask(request, asked))
            offset += len(deals)
            cursor = {"since": deals[-1]["changed"]} if deals else None
            yield Page(tuple(map(self.row, deals)), COLUMNS, cursor)


class OneReading(Acme):
    """It reads everything at every run, by offset, and believes the first reading."""

    def read(self, request):
        offset, more = 0, True
        while more:
            asked = {"limit": request.page_size, "sort": 1, "offset": offset}
            deals, more = self.unpack(self.ask(request, asked))
            offset += len(deals)
            yield Page(tuple(map(self.row, deals)), COLUMNS)


class NoWalkThroughTies(Acme):
    def step(self, last):
        return last["changed"], ""


class JumpsOverTies(Acme):
    def step(self, last):
        return last["changed"], "~"


class StopsAtAShortPage(Acme):
    def query(self, request, *given):
        self.size = request.page_size
        return super().query(request, *given)

    def unpack(self, answer):
        deals, _ = super().unpack(answer)
        return deals, len(deals) == self.size


class CursorAtTheFirstPage(Acme):
    def cursor(self, _, *, request, **__):
        return {"since": request.until.isoformat()}


class CursorAtTheEndAlone(Acme):
    def cursor(self, since, *, more, **_):
        return None if more or not since else {"since": since}


class NoCursor(Acme):
    def cursor(self, *_, **__):
        return None


class NoCursorForTheLastPage(Acme):
    def cursor(self, since, *, more, **_):
        return {"since": since} if more else None


class CursorOfAllKeys(Acme):
    def read(self, request):
        keys = ""
        for page in super().read(request):
            keys += "".join(row.key for row in page.rows)
            yield attrs.evolve(page, cursor={**(page.cursor or {"since": ""}), "keys": keys})


class SecretInTheCursor(Acme):
    def cursor(self, since, *, request, **_):
        return {"since": since, "token": request.options.token.reveal()} if since else None


class EveryKeyOnce(Acme):
    def __init__(self):
        self.seen = set()

    def read(self, request):
        for page in super().read(request):
            new = [row for row in page.rows if row.key not in self.seen]
            self.seen.update(row.key for row in new)
            yield attrs.evolve(page, rows=tuple(new))


class LaterRunsAreThin(Acme):
    def read(self, request):
        for page in super().read(request):
            rows = page.rows
            if request.since is not None:
                rows = [attrs.evolve(row, values=(None, *row.values[1:])) for row in rows]
            yield attrs.evolve(page, rows=tuple(rows))


class FailsWhereNothingIs(Acme):
    def unpack(self, answer):
        deals, more = super().unpack(answer)
        if not deals:
            raise IndexError
        return deals, more


class OutageAsEnd(Acme):
    def ask(self, *given):
        try:
            return super().ask(*given)
        except Unavailable:
            return '{"deals": [], "more": false}'


class NonsenseAsEnd(Acme):
    def unpack(self, answer):
        try:
            parsed = json.loads(answer)
            return parsed["deals"], parsed["more"]
        except (ValueError, TypeError, KeyError):
            return [], False


class NonsenseAsCrash(Acme):
    def unpack(self, answer):
        parsed = json.loads(answer)
        return parsed["deals"], parsed["more"]


class EmptyObjectAsEnd(Acme):
    def unpack(self, answer):
        parsed = json.loads(answer or "{}")
        if parsed in ({}, [], None):
            return [], False
        return super().unpack(answer)


class RefusalAsEnd(Acme):
    def ask(self, request, query):
        try:
            return self.fetch(request, query)
        except HTTPError as error:
            if error.code in {403, 404}:
                error.close()
                return '{"deals": [], "more": false}'
        return super().ask(request, query)


class NeverTriesAgain(Acme):
    tries = 1


class TriesForEver(Acme):
    tries = 10**9


class TriesTooOften(Acme):
    tries = 40


class WaitsInVain(Acme):
    def wait(self, turn, _):
        return super().wait(turn, None)


class WaitsADay(Acme):
    longest_wait = 10**9


class WaitsByNumberAlone(Acme):
    def wait(self, turn, asked):
        return int(asked) if asked else 2**turn


class FollowsRedirects(Acme):
    opener = build_opener()


class RedirectAsEnd(Acme):
    def ask(self, request, query):
        try:
            return self.fetch(request, query)
        except HTTPError as error:
            if error.code < 400:
                error.close()
                return '{"deals": [], "more": false}'
        return super().ask(request, query)


class NeverRestores(Acme):
    def __init__(self):
        self.gone = set()

    def read(self, request):
        for page in super().read(request):
            self.gone.update(row.key for row in page.rows if row.deleted)
            kept = [row for row in page.rows if row.deleted or row.key not in self.gone]
            yield attrs.evolve(page, rows=tuple(kept))


class OnePage(Acme):
    def read(self, request):
        *_, last = pages = list(super().read(request))
        rows = tuple(row for page in pages for row in page.rows)
        yield attrs.evolve(last, rows=rows)


class DoesNotKnowBusy(Acme):
    late_codes = (429, 500, 503)


class TriesAWrongTokenAgain(Acme):
    wrong_codes = ()
    late_codes = (*Acme.late_codes, 401)


class WrongTokenAsOutage(Acme):
    wrong_codes = ()


class Floats(Acme):
    def row(self, deal):
        amount = deal["amount"]
        return super().row({**deal, "amount": None if amount is None else float(amount)})


class FloatsAsText(Acme):
    def row(self, deal):
        amount = deal["amount"]
        return super().row({**deal, "amount": None if amount is None else repr(float(amount))})


class NoAmountIsZero(Acme):
    def row(self, deal):
        return super().row({**deal, "amount": deal["amount"] or 0})


class LeavesOutWhatIsBad(Acme):
    def read(self, request):
        for page in super().read(request):
            good = [row for row in page.rows if row.deleted or None not in row.values]
            yield attrs.evolve(page, rows=tuple(good))


class NoKey(Acme):
    def row(self, deal):
        return attrs.evolve(super().row(deal), where=Place("acme"))


class RevisionOfTheReading(Acme):
    def row(self, deal):
        return attrs.evolve(super().row(deal), revision=datetime(2030, 1, 1, tzinfo=UTC))


class Gibberish(Acme):
    def row(self, deal):
        customer = deal["customer"]
        spoilt = customer and customer.encode("ascii", "replace").decode()
        return super().row({**deal, "customer": spoilt})


class TokenInTheError(Acme):
    error_detail = "{status} with {token}"


class AnswerInTheError(Acme):
    error_detail = "{status} {body}"


class TokenInTheLog(Acme):
    def fetch(self, request, query):
        logging.getLogger("acme").debug("token %s", request.options.token.reveal())
        return super().fetch(request, query)


class TokenInTheCause(Acme):
    def ask(self, request, query):
        try:
            return super().ask(request, query)
        except Unavailable as error:
            raise Unavailable("acme", "later") from ValueError(
                error, request.options.token.reveal()
            )


@attrs.frozen(kw_only=True)
class NoBaseUrl:
    token: Secret


def without(query, name):
    return {key: value for key, value in query.items() if key != name}


def mutant(reader, *killed_by, survives=None, **changed):
    return Mutant(
        name=reader.__name__,
        case=case_of(reader(), **changed),
        killed_by=killed_by,
        survives=survives,
    )


WHILE_PAGING = [
    f"{what}_while_paging_loses_no_other" for what in ("an_edit", "a_deletion", "a_reopening")
]
LATE = "a_deal_that_is_shown_late_is_read"
INSTANT = "a_deal_of_the_cursor_s_own_instant_is_read"
ALL = "every_deal_arrives_whatever_the_page"
HISTORY = "any_history_ends_in_the_truth"
ONLY_NEW = "a_second_run_reads_only_what_is_new"
STOP = "a_stop_after_any_page_loses_nothing"
TIES = "more_of_one_instant_than_a_page_holds"
OUTAGE = "a_lasting_outage_is_an_error_and_never_an_end"
NONSENSE = "what_is_not_the_protocol_is_an_error_and_never_an_end"
WAITS = "it_waits_as_long_as_it_is_asked_to"
LEAKS = "no_secret_shows"
CURSOR = "the_cursor_is_small_json"
PLACE = "every_row_has_its_key_place_and_revision"
WRONG = "a_wrong_token_is_refused_at_once"
REDIRECT = "no_secret_follows_a_redirect"
DELETED = "deleted_deals_no_longer_count"

MUTANTS = [
    mutant(NoLookBack, LATE),
    mutant(StrictlyLater, LATE, INSTANT),
    mutant(
        StrictlyLaterWithLookBack,
        survives="whatever was changed a quarter of an hour before the cursor was read before",
    ),
    mutant(LooksBackForEver, ONLY_NEW),
    mutant(ReadsAllAgain, ONLY_NEW, "runs_that_are_always_stopped_get_to_the_end"),
    mutant(WonOnly, "a_reopened_deal_no_longer_counts_as_won", "bad_rows_reach_the_core"),
    mutant(NeverAsksForDeleted, DELETED, HISTORY),
    mutant(DeletedAsDeals, DELETED),
    mutant(Unsorted, ALL),
    mutant(NoEnd, "nothing_beyond_the_end_is_read"),
    mutant(ByOffset, *WHILE_PAGING, "more_than_the_service_pages_through"),
    mutant(
        OneReading,
        "what_is_there_all_along_is_in_a_disturbed_reading",
        incremental=False,
    ),
    mutant(NoWalkThroughTies, TIES),
    mutant(JumpsOverTies, TIES),
    mutant(StopsAtAShortPage, ALL),
    mutant(CursorAtTheFirstPage, STOP),
    mutant(CursorAtTheEndAlone, "runs_that_are_always_stopped_get_to_the_end"),
    mutant(NoCursor, CURSOR, ONLY_NEW),
    mutant(NoCursorForTheLastPage, CURSOR),
    mutant(CursorOfAllKeys, CURSOR),
    mutant(SecretInTheCursor, CURSOR, LEAKS),
    mutant(EveryKeyOnce, "a_changed_deal_is_read_again"),
    mutant(LaterRunsAreThin, "a_second_run_changes_nothing"),
    mutant(FailsWhereNothingIs, "an_empty_service_is_no_fault"),
    mutant(OutageAsEnd, OUTAGE),
    mutant(NonsenseAsEnd, NONSENSE),
    mutant(NonsenseAsCrash, NONSENSE),
    mutant(EmptyObjectAsEnd, NONSENSE),
    mutant(RefusalAsEnd, "a_refusal_is_an_error_and_never_an_end"),
    mutant(NeverTriesAgain, "a_passing_fault_is_waited_out"),
    mutant(WaitsByNumberAlone, "a_passing_fault_is_waited_out"),
    mutant(FollowsRedirects, REDIRECT),
    mutant(RedirectAsEnd, REDIRECT),
    mutant(NeverRestores, "a_restored_deal_counts_again"),
    mutant(OnePage, "a_page_is_no_larger_than_asked"),
    mutant(DoesNotKnowBusy, "a_passing_fault_is_waited_out"),
    mutant(TriesForEver, OUTAGE),
    mutant(TriesTooOften, OUTAGE),
    mutant(WaitsInVain, WAITS),
    mutant(WaitsADay, WAITS),
    mutant(TriesAWrongTokenAgain, WRONG),
    mutant(WrongTokenAsOutage, WRONG),
    mutant(Floats, "amounts_are_exact"),
    mutant(FloatsAsText, "amounts_are_exact"),
    mutant(NoAmountIsZero, "bad_rows_reach_the_core"),
    mutant(LeavesOutWhatIsBad, "bad_rows_reach_the_core"),
    mutant(NoKey, PLACE),
    mutant(RevisionOfTheReading, PLACE),
    mutant(Gibberish, ALL),
    mutant(TokenInTheError, LEAKS),
    mutant(AnswerInTheError, LEAKS),
    mutant(TokenInTheLog, LEAKS),
    mutant(TokenInTheCause, LEAKS),
    Mutant(
        name="NoBaseUrl",
        case=case_of(Acme(), options=NoBaseUrl),
        killed_by=["the_spec_says_what_it_is"],
    ),
    Mutant(
        name="SkipsWithoutAReason",
        case=attrs.evolve(case_of(Acme()), skips={f"test_{ALL}": " "}),
        killed_by=["skips_have_reasons_and_names"],
    ),
    Mutant(
        name="SkipsWhatItDeclares",
        case=attrs.evolve(case_of(Acme()), skips={f"test_{ONLY_NEW}": "too slow"}),
        killed_by=["skips_have_reasons_and_names"],
    ),
]
