"""The plan file on the ledger: where it lies, and which reports are expected."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import attrs
from dateutil.rrule import rrulestr

from salesgoal.app.plan_file.key import plan_key
from salesgoal.app.references import read_reference
from salesgoal.domain.period import Level
from salesgoal.errors import UsageError

__all__ = ["ExpectedTable", "LedgerTable", "SecretTable"]


@attrs.frozen(kw_only=True)
class SecretTable:
    """Where a secret stands; it is never in the plan file itself."""

    env: str | None = plan_key("the environment variable that holds it", default=None)
    file: str | None = plan_key("the file that holds it", default=None)

    def __attrs_post_init__(self) -> None:
        """Refuses a secret that stands nowhere, or in two places.

        Raises:
            UsageError: Neither or both are given.
        """
        if (self.env is None) == (self.file is None):
            en = 'a secret as { env = "NAME" } or { file = "PATH" }'
            raise UsageError(en, '写成 { env = "变量名" } 或 { file = "路径" } 的密码')

    def read(self, folder: Path) -> str:
        """Returns the secret.

        Args:
            folder: Where the plan lies; the file may be named from there.

        Raises:
            UsageError: The variable is not set, or the file cannot be read.
        """
        if self.env is not None:
            return read_reference({"env": self.env}, folder)
        return read_reference({"file": str(self.file)}, folder)


@attrs.frozen(kw_only=True)
class LedgerTable:
    """Where the ledger lies; with this table, reports read facts from it."""

    path: str | None = plan_key(
        "a file beside the plan; its name with .ledger.db where left out", default=None
    )
    url: str | SecretTable | None = plan_key(
        "or a database: postgresql://name@host/database, without a password; or where the"
        " whole URL stands, which may then have one",
        default=None,
    )
    password: SecretTable | None = plan_key("the password of the database", default=None)

    def __attrs_post_init__(self) -> None:
        """Refuses two places, and a password in the plan file.

        Raises:
            UsageError: Both are given, the URL is none, or it holds a password.
        """
        if self.path is not None and self.url is not None:
            raise UsageError("path or url, not both", "path 与 url 之一")
        if self.password is not None and self.url is None:
            raise UsageError("a url that the password is for", "此密码所对应的 url")
        if not isinstance(self.url, str):
            return
        address = self.url.partition("://")[2]
        named = address.partition("?")[0].rpartition("@")[0]
        if not address:
            zh = "postgresql://用户@主机/数据库 这样的 url"
            raise UsageError("a url such as postgresql://name@host/database", zh)
        if ":" in named or "password=" in address:
            en = 'a url without a password, and password = { env = "NAME" }'
            raise UsageError(en, '不含密码的 url，并写 password = { env = "变量名" }')


@attrs.frozen(kw_only=True)
class ExpectedTable:
    """Who reports, and how often."""

    dimension: str = plan_key("whose members report")
    members: list[str] = plan_key(
        "who; all with nobody below them where left out", factory=list
    )
    under: str | None = plan_key(
        "or all with nobody below them, under this member", default=None
    )
    source: str = plan_key("the source that their rows come in")
    cadence: str = plan_key("when reports are due, as an rrule: FREQ=WEEKLY;BYDAY=FR")
    since: date = plan_key("the first day that a report speaks of")
    calendar: bool = plan_key(
        "move due days to the next workday, and count grace in workdays", default=False
    )
    grace_days: int = plan_key("how many days later still counts as in time", default=0)
    covers: Level | None = plan_key(
        "a report speaks of the period of this level that its due day lies in; where left"
        " out, of the days since the one before",
        default=None,
    )
    back: int = plan_key("… or of the period so many before it", default=0)

    def __attrs_post_init__(self) -> None:
        """Refuses what is no cadence.

        Raises:
            UsageError: The rrule cannot be read, or a number is below zero.
        """
        if min(self.grace_days, self.back) < 0:
            raise UsageError("a number from 0 up", "从 0 开始的整数")
        if self.back and self.covers is None:
            zh = "back 所数的级别，写在 covers 中"
            raise UsageError("the level that back counts, in covers", zh)
        if self.members and self.under is not None:
            raise UsageError("members or under, not both", "members 与 under 之一")
        try:
            first = datetime(self.since.year, self.since.month, self.since.day)  # noqa: DTZ001
            rrulestr(self.cadence, dtstart=first)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            en = "a cadence such as FREQ=WEEKLY;BYDAY=FR"
            raise UsageError(en, "FREQ=WEEKLY;BYDAY=FR 这样的周期") from error
