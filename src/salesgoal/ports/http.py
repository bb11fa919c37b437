"""JSON over HTTP for connectors: bounded retries, exact numbers, and no secret in any text.

A reply is judged first by the connector, which knows its service, then by its status:

>>> def judge(reply):
...     is_limit = reply.status == 403 and reply.code == "REQUEST_LIMIT_EXCEEDED"
...     return Verdict.AGAIN if is_limit else None
>>> judge(Reply(403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED"}]))
<Verdict.AGAIN: 'again'>
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, NoReturn, Self
from urllib.parse import urlsplit

import attrs

from salesgoal.errors import AuthError, BadResponse, ConfigError, MissingExtra, Unavailable
from salesgoal.ports.secret import Secret

if TYPE_CHECKING:
    import requests  # noqa: TC004 - a field's type, which nobody reads when it runs

__all__ = ["JsonClient", "Reply", "Verdict"]

LONGEST_WAIT = 60.0
LARGEST = 64 * 2**20
"""Bytes of a body, unpacked; a page of rows is far smaller."""

WAITS = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
_CODE = re.compile(r"[A-Za-z_.]{1,60}|[0-9]{1,12}")
"""Words and numbers; what mixes them may be a token that the service repeats."""
_SENDABLE = re.compile(r"[!-~]+(?: [!-~]+)*")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Verdict(StrEnum):
    """What to do with a reply.

    ``TAKE``: the connector reads it. ``AGAIN``: wait and ask again. ``RENEW``: the token has
    run out. ``DENIED``: it does not let us in. ``WRONG``: it is not by its protocol.
    """

    TAKE = "take"
    AGAIN = "again"
    RENEW = "renew"
    DENIED = "denied"
    WRONG = "wrong"


@attrs.frozen
class Reply:
    """What came back.

    Attributes:
        status: Of HTTP; 0 where nothing came.
        body: The JSON; numbers with a point are Decimals. None where it is none.
        headers: By their names in lower case.
        fault: Why there is no body.
    """

    status: int
    body: Any = attrs.field(default=None, repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    fault: str | None = None

    @property
    def code(self) -> str | None:
        """The service's own word for what went wrong, as services commonly name it."""
        body = self.body[0] if isinstance(self.body, list) and self.body else self.body
        for name in ("errorCode", "category", "error", "code"):
            found = body.get(name) if isinstance(body, dict) else None
            if isinstance(found, str | int) and _CODE.fullmatch(str(found)):
                return str(found)
        return None

    @property
    def wait(self) -> float | None:
        """Seconds that ``Retry-After`` asks to wait; None where it asks for nothing."""
        asked = self.headers.get("retry-after", "").strip()
        if asked.isascii() and asked.isdecimal():
            return float(asked)
        until = _moment(asked)
        if until is None:
            return None
        # By the service's own clock where it shows it: ours may be wrong.
        now = _moment(self.headers.get("date", "")) or datetime.now(UTC)
        return max(0.0, (until - now).total_seconds())


@attrs.define(kw_only=True)
class JsonClient:
    """Asks one service, and goes on asking where that may help.

    At most ``tries`` requests go out for one question, a renewal of the token among them;
    between them it waits 1, 2, 4 and 8 seconds, or what ``Retry-After`` says, up to 60. Errors
    name the path and the code of the service; never a query, a body or a secret. Redirects are
    not followed, so that no token goes to another host; proxies and certificates are those of
    the environment, as requests knows them.

    Attributes:
        source: What errors call the service.
        base_url: With https; http is for this machine alone.
        token: Goes with every request; a function is asked for it when it is first needed, and
            once more for a request that is answered with 401.
        header: Where the token goes.
        scheme: What stands before it there.
        judge: What the service means by a reply, where its status does not say it.
        tries: Requests for one question.
        timeout: Seconds to wait for the service.
        gap: Least seconds between two requests.
        sleep: How to wait.
        clock: By which ``gap`` is kept.
    """

    source: str
    base_url: str
    token: Secret | Callable[[], Secret] | None = None
    header: str = "Authorization"
    scheme: str = "Bearer"
    judge: Callable[[Reply], Verdict | None] = lambda _: None
    tries: int = 5
    timeout: float = 20.0
    gap: float = 0.0
    sleep: Callable[[float], None] = sleep
    clock: Callable[[], float] = monotonic
    _current: Secret | None = attrs.field(default=None, init=False, repr=False)
    _session: requests.Session = attrs.field(init=False, repr=False)
    _free_at: float = attrs.field(default=0.0, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Checks the address and opens a session.

        Raises:
            ConfigError: The address is none that a token may be sent to.
            MissingExtra: The package requests is not installed.
        """
        self.base_url = self.base_url.rstrip("/")
        fault = _address_fault(self.base_url)
        if fault:
            raise ConfigError(self.source, *fault)
        self._session = _open_session()

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Reply:
        """Returns the reply to a GET.

        Raises:
            AuthError: It does not let us in.
            Unavailable: It did not answer, or asked to wait, after all tries.
            BadResponse: It answered, but not by its protocol.
            ConfigError: The address or the token cannot be sent.
        """
        return self._ask("GET", path, params=params)

    def post(
        self,
        path: str,
        body: object = None,
        *,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Reply:
        """Returns the reply to a POST of JSON, or of a form; it must be safe to repeat.

        Raises:
            AuthError: It does not let us in.
            Unavailable: It did not answer, or asked to wait, after all tries.
            BadResponse: It answered, but not by its protocol.
            ConfigError: The address or the token cannot be sent.
        """
        content: dict[str, object] = {"data": form} if form else {"json": body}
        return self._ask("POST", path, params=params, **content)

    def close(self) -> None:
        """Closes its connections."""
        self._session.close()

    def __enter__(self) -> Self:
        """Itself; its connections are closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes its connections."""
        self.close()

    def _ask(self, method: str, path: str, **content: object) -> Reply:
        if not path.startswith("/"):
            raise BadResponse(self.source, "it gave a path without /", "给出的路径不以 / 开头")
        renewed = False
        reply = Reply(0)
        for turn in range(self.tries):
            reply = self._once(method, path, content)
            verdict = self._verdict(reply)
            if verdict is Verdict.TAKE:
                return reply
            if verdict is Verdict.RENEW and callable(self.token) and not renewed:
                renewed, self._current = True, None
            elif verdict is not Verdict.AGAIN:
                self._refuse(verdict, f"{method} {path}", reply)
            elif turn < self.tries - 1:
                wait = 2.0**turn if reply.wait is None else reply.wait
                self.sleep(min(wait, LONGEST_WAIT))
        said, said_zh = _told(f"{method} {path}", reply)
        raise Unavailable(
            self.source,
            f"{said}; tried {self.tries} times",
            f"{said_zh}；已尝试 {self.tries} 次",
        )

    def _verdict(self, reply: Reply) -> Verdict:
        found = self.judge(reply) if reply.status else None
        return found or _by_status(reply)

    def _refuse(self, verdict: Verdict, question: str, reply: Reply) -> NoReturn:
        kind = BadResponse if verdict is Verdict.WRONG else AuthError
        raise kind(self.source, *_told(question, reply))

    def _once(self, method: str, path: str, content: Mapping[str, Any]) -> Reply:
        import requests

        sign = self._signature()
        self._keep_gap()
        try:
            # With auth of our own, requests looks for none in a .netrc file.
            with self._session.request(
                method,
                self.base_url + path,
                auth=sign,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
                **content,
            ) as response:
                return _read(response)
        except requests.RequestException as error:
            # Its text shows the whole address, so it goes no further.
            return Reply(0, fault=type(error).__name__)

    def _signature(self) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
        if self._current is None and self.token is not None:
            self._current = self.token() if callable(self.token) else self.token
        token = self._current
        if token is not None and not _SENDABLE.fullmatch(token.reveal()):
            raise ConfigError(
                self.source,
                "the token holds what no header can: blanks, line ends or letters beyond ASCII",
                "令牌含有请求头不允许的字符：空白、换行或非 ASCII 字符",
            )

        def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
            if token is not None:
                request.headers[self.header] = f"{self.scheme} {token.reveal()}".lstrip()
            return request

        return sign

    def _keep_gap(self) -> None:
        if self.gap:
            now = self.clock()
            if now < self._free_at:
                self.sleep(self._free_at - now)
            self._free_at = max(now, self._free_at) + self.gap


def _open_session() -> requests.Session:
    try:
        import requests
    except ModuleNotFoundError as error:
        raise MissingExtra("requests", "http") from error
    session = requests.Session()
    session.headers["User-Agent"] = "salesgoal"
    session.headers["Accept"] = "application/json"
    return session


def _address_fault(base_url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(base_url)
        host = (parts.hostname or "").encode("idna").decode()
        is_whole = base_url.split() == [base_url] and parts.port != 0
    except ValueError:
        host, is_whole = "", False
    if not host or not is_whole or parts.query or parts.fragment:
        return "base_url is no address of a service", "base_url 不是服务地址"
    if parts.username or parts.password:
        return (
            "base_url holds a password - use the token's option",
            "base_url 含有密码；请用令牌选项",
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        return "base_url must begin with https://", "base_url 须以 https:// 开头"
    return None


def _read(response: requests.Response) -> Reply:
    headers = {name.lower(): text for name, text in response.headers.items()}
    held = bytearray()
    for piece in response.iter_content(2**16):
        held += piece
        if len(held) > LARGEST:
            return Reply(response.status_code, None, headers, "larger than 64 MiB")
    try:
        body = _parse(bytes(held))
    except (ValueError, ArithmeticError, RecursionError):
        return Reply(response.status_code, None, headers, "not JSON")
    return Reply(response.status_code, body, headers)


def _parse(text: bytes) -> Any:  # noqa: ANN401 - JSON may be anything
    return json.loads(
        text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_unique
    )


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name stands twice in an object"
        raise ValueError(message)
    return found


def _by_status(reply: Reply) -> Verdict:
    status = reply.status
    if not status or status in WAITS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Verdict.AGAIN
    if status == HTTPStatus.UNAUTHORIZED:
        return Verdict.RENEW
    if status == HTTPStatus.FORBIDDEN:
        return Verdict.DENIED
    fine = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and reply.fault is None
    return Verdict.TAKE if fine else Verdict.WRONG


def _told(question: str, reply: Reply) -> tuple[str, str]:
    """What was asked and what came back, in English and in Chinese."""
    if not reply.status:
        return (
            f"{question}: no answer ({reply.fault})",
            f"{question}：没有应答（{reply.fault}）",
        )
    why = reply.code or reply.fault or ""
    if reply.headers.get("location"):
        why = "a redirect, which is not followed"
    shown = f" ({why})" if why else ""
    return f"{question}: {reply.status}{shown}", f"{question}：{reply.status}{shown}"


def _moment(text: str) -> datetime | None:
    """A date of HTTP, or None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
