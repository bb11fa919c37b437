"""The world of a fake CRM: its deals, its clock, and an index that may lag behind.

A fake answers from a world and keeps nothing itself, so that a check can change deals between
two requests, and can compare what a connector read with the whole truth.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import attrs

from salesgoal.errors import UsageError
from salesgoal.ports.secret import Secret

__all__ = ["SENTINEL", "START", "Deal", "World"]

SENTINEL = "sentinel-7Qe2-never-shown-9Zr4"
"""The secret of a world; nothing that a connector gives out may contain it."""

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""When the clock of a world starts, unless told otherwise."""

_RETURNS = (5, 12, 19)
_CUSTOMERS = ("华东电子有限公司", "Müller & Söhne", "北京“百惠”商贸", "=SUM(A1)", "𠮷野家 🏬")


@attrs.frozen(kw_only=True)
class Deal:
    """One deal as it stood at a moment.

    Attributes:
        key: The service's own id.
        amount: In yuan; None where nobody typed one.
        on: The day it was, or should be, closed.
        won: Whether it is closed and won.
        customer: The name, with signs that a careless connector spoils; None for none.
        modified_at: When it was changed last, aware, in whole seconds.
        deleted: Whether it is gone; ``modified_at`` is then when it went.
    """

    key: str
    amount: Decimal | None
    on: date
    won: bool
    customer: str | None
    modified_at: datetime
    deleted: bool = False


@attrs.define(kw_only=True)
class World:
    """Deals that a test changes and a fake shows.

    Attributes:
        now: Its clock, which only `advance` moves.
        secret: What the fake accepts as its token, or as the secret of its client.
        page_share: The most deals that the fake puts into one answer, whatever is asked.
        result_cap: The most deals that one query may reach by paging; None for no limit.
            A fake of a service without such a limit does not look at it.

    >>> world = World()
    >>> _ = world.put("D-1", "90.50")
    >>> world.advance(60)
    >>> _ = world.edit("D-1", amount="91.00", lag=300)
    >>> [deal.amount for deal in world.found()], world.truth()["D-1"].amount
    ([Decimal('90.50')], Decimal('91.00'))
    >>> world.advance(300)
    >>> [deal.amount for deal in world.found()]
    [Decimal('91.00')]
    """

    now: datetime = START
    secret: Secret = attrs.field(factory=lambda: Secret(SENTINEL))
    page_share: int = 200
    result_cap: int | None = None
    _versions: dict[str, list[tuple[datetime, Deal]]] = attrs.field(factory=dict, init=False)

    def advance(self, seconds: int = 1) -> None:
        """Moves the clock on."""
        self.now += timedelta(seconds=seconds)

    def put(
        self,
        key: str,
        amount: Decimal | str | None = "100.00",
        *,
        on: date | None = None,
        won: bool = True,
        customer: str | None = "",
        lag: int = 0,
    ) -> Deal:
        """Adds a deal, changed now and shown ``lag`` seconds later; returns it.

        Without ``on`` it closes today; without ``customer`` it gets one by its key, and with
        None it has none.
        """
        if customer == "":
            customer = _CUSTOMERS[sum(key.encode()) % len(_CUSTOMERS)]
        deal = Deal(
            key=key,
            amount=None if amount is None else Decimal(amount),
            on=on or self.now.date(),
            won=won,
            customer=customer,
            modified_at=self.now,
        )
        return self._keep(deal, lag)

    def put_many(self, keys: Iterable[str], *, apart: int = 3600) -> None:
        """Adds a deal for each key, the next ``apart`` seconds after the one before.

        The order of their keys is not the order in which they were changed.
        """
        for at, key in enumerate(keys):
            self.put(key, f"{'-' if at in _RETURNS else ''}{at}.01")
            self.advance(apart)

    def edit(
        self,
        key: str,
        *,
        amount: Decimal | str | None = "777.77",
        won: bool | None = None,
        lag: int = 0,
    ) -> Deal:
        """Changes a deal now; returns it.

        Raises:
            UsageError: There is no such deal.
        """
        deal = attrs.evolve(
            self._known(key),
            amount=None if amount is None else Decimal(amount),
            modified_at=self.now,
        )
        return self._keep(deal if won is None else attrs.evolve(deal, won=won), lag)

    def reopen(self, key: str, *, lag: int = 0) -> Deal:
        """Makes a deal that was won an open one; returns it.

        Raises:
            UsageError: There is no such deal.
        """
        return self._keep(attrs.evolve(self._known(key), won=False, modified_at=self.now), lag)

    def delete(self, key: str, *, lag: int = 0) -> Deal:
        """Deletes a deal; returns what is left of it.

        Raises:
            UsageError: There is no such deal.
        """
        gone = attrs.evolve(self._known(key), deleted=True, modified_at=self.now)
        return self._keep(gone, lag)

    def restore(self, key: str, *, lag: int = 0) -> Deal:
        """Brings a deleted deal back as it was, changed now; returns it.

        Raises:
            UsageError: No deal of that key was deleted.
        """
        versions = self._versions.get(key)
        if versions is None or not versions[-1][1].deleted:
            en = f"the world has no deleted deal {key!r} - delete it first"
            raise UsageError(en, f"没有已删除的商机 {key!r} - 请先 delete")
        back = attrs.evolve(versions[-1][1], deleted=False, modified_at=self.now)
        return self._keep(back, lag)

    def found(self) -> list[Deal]:
        """Returns what the index shows now, deleted deals among them, in no order at all."""
        shown = []
        for versions in self._versions.values():
            seen = [deal for visible_at, deal in versions if visible_at <= self.now]
            if seen:
                # Of two changes within one second the later one.
                shown.append(max(reversed(seen), key=lambda deal: deal.modified_at))
        return sorted(shown, key=lambda deal: sha256(deal.key.encode()).digest())

    def truth(self) -> dict[str, Deal]:
        """Returns every deal that is there, as it stands, shown by the index or not."""
        last = {key: versions[-1][1] for key, versions in self._versions.items()}
        return {key: deal for key, deal in last.items() if not deal.deleted}

    def new_key(self) -> str:
        """Returns a key that no deal has or had; later ones do not come later in order."""
        return f"N-{len(self._versions) * 37 % 101:03d}-{len(self._versions)}"

    def _known(self, key: str) -> Deal:
        known = self.truth()
        if key not in known:
            en = f"the world has no deal {key!r} - put it first"
            raise UsageError(en, f"没有商机 {key!r} - 请先 put")
        return known[key]

    def _keep(self, deal: Deal, lag: int) -> Deal:
        visible_at = self.now + timedelta(seconds=lag)
        self._versions.setdefault(deal.key, []).append((visible_at, deal))
        return deal
