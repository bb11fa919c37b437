"""Logs in to an org by client credentials, and again where the session has run out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from salesgoal.errors import BadResponse
from salesgoal.ports.http import JsonClient, Reply, Verdict
from salesgoal.ports.secret import Secret
from salesgoal_salesforce import SalesforceOptions

__all__ = ["SOURCE", "open_org"]

SOURCE = "salesforce"
PASSING = {"REQUEST_LIMIT_EXCEEDED", "QUERY_TIMEOUT", "SERVER_UNAVAILABLE"}


@contextmanager
def open_org(
    options: SalesforceOptions, sleep: Callable[[float], None]
) -> Iterator[JsonClient]:
    """A client of the instance that the org lives on, logged in."""
    door = JsonClient(source=SOURCE, base_url=options.base_url, judge=judge_login, sleep=sleep)
    with door:
        first, instance_url = log_in(door, options)
        waiting = [first]

        def token() -> Secret:
            return waiting.pop() if waiting else log_in(door, options)[0]

        with JsonClient(
            source=SOURCE, base_url=instance_url, token=token, judge=judge, sleep=sleep
        ) as org:
            yield org


def log_in(door: JsonClient, options: SalesforceOptions) -> tuple[Secret, str]:
    """Returns a new token, and the address of the instance.

    Raises:
        BadResponse: It let us in without a token.
    """
    form = {
        "grant_type": "client_credentials",
        "client_id": options.client_id,
        "client_secret": options.client_secret.reveal(),
    }
    body = door.post("/services/oauth2/token", form=form).body
    given = body if isinstance(body, dict) else {}
    token, instance_url = given.get("access_token"), given.get("instance_url")
    if not isinstance(token, str) or not isinstance(instance_url, str):
        raise BadResponse(SOURCE, "no access_token in the answer", "应答中没有 access_token")
    return Secret(token), instance_url


def judge_login(reply: Reply) -> Verdict | None:
    """A client that is not known, or may not, is told by status 400."""
    return judge(reply) or (Verdict.DENIED if reply.status == HTTPStatus.BAD_REQUEST else None)


def judge(reply: Reply) -> Verdict | None:
    """What passes is told by codes, under several statuses."""
    return Verdict.AGAIN if reply.code in PASSING else None
