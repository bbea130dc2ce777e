"""Mandates: a member lets a payee debit them, up to a cap, until a moment; revocable at any time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.ledger.domain.results import Result

MandateKey = tuple[UUID, UUID]
"""The debit account's id, and the mandate's id: unique among its owner's."""


class MandateStanding(StrEnum):
    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


class MandateUse(NamedTuple):
    """What was taken, minor units, in a period of the cap; periods are counted from 0."""

    period: int = 0
    used_minor: int = 0


UNUSED = MandateUse()


@dataclass(frozen=True, slots=True)
class Mandate:
    """`cap_minor` is for the whole time, or anew every `renews_every_days` days after `given_at`."""

    id: UUID
    debit_account: UUID
    payee_account: UUID
    cap_minor: int
    renews_every_days: int | None
    given_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    use: MandateUse = UNUSED

    @property
    def key(self) -> MandateKey:
        return (self.debit_account, self.id)

    def period_at(self, moment: datetime) -> int:
        """The period of the cap that a moment is in; days are 24 hours, whatever a calendar does."""
        if self.renews_every_days is None:
            return 0
        return max(moment - self.given_at, timedelta(0)) // timedelta(days=self.renews_every_days)

    def used_at(self, moment: datetime, use: MandateUse) -> int:
        """What of the cap is used at a moment, minor units."""
        return use.used_minor if use.period == self.period_at(moment) else 0

    def standing(self, moment: datetime) -> MandateStanding:
        if self.revoked_at is not None:
            return MandateStanding.REVOKED
        return MandateStanding.ACTIVE if moment < self.expires_at else MandateStanding.EXPIRED

    def left_at(self, moment: datetime) -> int:
        """What may still be taken in the period, minor units."""
        if self.standing(moment) is not MandateStanding.ACTIVE:
            return 0
        return self.cap_minor - self.used_at(moment, self.use)


def mandate_fault(
    mandate: Mandate, credit_account: UUID, amount_minor: int, moment: datetime, use: MandateUse
) -> Result | None:
    """Why the mandate does not allow this. One that was revoked is as none."""
    if mandate.payee_account != credit_account or mandate.revoked_at is not None:
        return Result.MANDATE_MISSING
    if mandate.expires_at <= moment:
        return Result.MANDATE_EXPIRED
    if mandate.used_at(moment, use) + amount_minor > mandate.cap_minor:
        return Result.MANDATE_EXCEEDED
    return None
