"""Give a mandate: its terms are fixed now and never change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.membership import Membership
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import Account, member_account_id
from services.ledger.domain.errors import (
    MandateCapZero,
    MandateExistsDifferently,
    MandateNotForOneself,
    MandateTimeInvalid,
    PayeeNotFound,
    TooManyMandates,
    WrongAsset,
)
from services.ledger.domain.journal import time_after
from services.ledger.domain.mandates import Mandate, MandateStanding
from services.ledger.store.accounts import load_accounts
from services.ledger.store.mandates import MandateLine, count_living, keep_mandate, named_mandates
from services.ledger.store.postings import ActOfTransfer
from services.ledger.use_cases.announce_mandate import announce_mandate
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.tell_of_account import tell_of_account


@dataclass(frozen=True, slots=True)
class MandateDraft:
    """What the member's act says."""

    id: UUID
    payee_id: UUID
    asset: str
    cap_minor: int
    renews_every_days: int | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MandateLimits:
    """How many a member may have given at a time, and how long one may last."""

    living_max: int
    days_max: int


async def give_mandate(
    unit: UnitOfWork, member: Membership, draft: MandateDraft, limits: MandateLimits, act: ActOfTransfer
) -> MandateLine:
    """The mandate, given now or before with the same terms.

    Raises WrongAsset, MandateNotForOneself, MandateCapZero, MandateTimeInvalid, PayeeNotFound,
    MandateExistsDifferently, TooManyMandates.
    """
    union, raw = member.union, await unit.raw()
    if draft.asset != union.token.symbol:
        raise WrongAsset(draft.asset, union.token.symbol)
    if draft.payee_id == member.member_id:
        raise MandateNotForOneself
    if draft.cap_minor == 0:
        raise MandateCapZero
    given_at = time_after(await lock_books(unit, union), unit.now)
    own, payee = await _accounts(unit, member, draft.payee_id)
    before = (await named_mandates(raw, union.id, [(own.id, draft.id)])).get((own.id, draft.id))
    if before is not None:
        if _terms_of(before) != _terms(draft, payee.id):
            raise MandateExistsDifferently(draft.id)
        return MandateLine(before, member.member_id, draft.payee_id, own.asset)
    if not unit.now < draft.expires_at <= unit.now + timedelta(days=limits.days_max):
        raise MandateTimeInvalid(limits.days_max)
    if await count_living(raw, union.id, own.number, unit.now) >= limits.living_max:
        raise TooManyMandates(limits.living_max)
    given = Mandate(
        id=draft.id,
        debit_account=own.id,
        payee_account=payee.id,
        cap_minor=draft.cap_minor,
        renews_every_days=draft.renews_every_days,
        given_at=given_at,
        expires_at=draft.expires_at,
    )
    await keep_mandate(raw, union.id, given, own.number, payee.number, act)
    line = MandateLine(given, member.member_id, draft.payee_id, own.asset)
    announce_mandate(unit, union, line, MandateStanding.ACTIVE, version=1)
    tell_of_account(unit, union.id, (draft.payee_id, payee.id), "mandate.received", member.member_id)
    return line


async def _accounts(unit: UnitOfWork, member: Membership, payee_id: UUID) -> tuple[Account, Account]:
    union_id = member.union.id
    own_id, payee_account = (
        member_account_id(union_id, member.member_id),
        member_account_id(union_id, payee_id),
    )
    found = await load_accounts(await unit.raw(), union_id, [own_id, payee_account])
    for account_id in (own_id, payee_account):
        if account_id not in found:
            raise PayeeNotFound(account_id)
    return found[own_id], found[payee_account]


def _terms(draft: MandateDraft, payee_account: UUID) -> tuple[object, ...]:
    return (payee_account, draft.cap_minor, draft.renews_every_days, draft.expires_at)


def _terms_of(mandate: Mandate) -> tuple[object, ...]:
    return (mandate.payee_account, mandate.cap_minor, mandate.renews_every_days, mandate.expires_at)
