"""Freeze an account of a member or a business, or thaw it: what was promised and the exit rights stay."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.membership import Membership
from chassis.rights.business_projection import holders_in
from chassis.rights.grants import BusinessRight, Ground
from chassis.rights.standing import BusinessRights
from chassis.unit_of_work import UnitOfWork
from events.ledger import FreezeState
from services.ledger.domain.accounts import Account, AccountKind
from services.ledger.domain.errors import AccountNotFound, FreezeTimeInvalid, OwnAccountModerated
from services.ledger.domain.freezes import Freeze, FreezeStanding
from services.ledger.domain.journal import time_after
from services.ledger.store.accounts import load_accounts
from services.ledger.store.freezes import keep_freeze, newest_freeze
from services.ledger.store.postings import ActOfTransfer
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.tell_members import TOLD_AT_ONCE_MAX
from services.ledger.use_cases.tell_of_account import tell_of_account

FROZEN_KINDS = (AccountKind.MEMBER, AccountKind.BUSINESS)


@dataclass(frozen=True, slots=True)
class FreezeDraft:
    """What the officer's act says; without them it thaws."""

    account_id: UUID
    until: datetime | None
    reason: str | None = None


async def freeze_account(
    unit: UnitOfWork,
    officer: Membership,
    ground: Ground,
    draft: FreezeDraft,
    days_max: int,
    rights: BusinessRights,
    act: ActOfTransfer,
) -> tuple[Account, Freeze | None]:
    """The account with its newest freeze or thaw; what is so already changes nothing.

    `rights`: who holds one in a business does not moderate its account by an office.
    Raises AccountNotFound for another kind of account, OwnAccountModerated, FreezeTimeInvalid.
    """
    union, raw = officer.union, await unit.raw()
    account = (await load_accounts(raw, union.id, [draft.account_id])).get(draft.account_id)
    if account is None or account.kind not in FROZEN_KINDS or account.owner_id is None:
        raise AccountNotFound(draft.account_id)
    if ground.holding_id is not None and await _is_theirs(unit, rights, officer, account):
        raise OwnAccountModerated  # identity may be asked of it: never while the journal is locked
    moment = time_after(await lock_books(unit, union), unit.now)
    before = await newest_freeze(raw, union.id, account.number)
    standing = FreezeStanding.THAWED if before is None else before.standing(moment)
    if draft.until is None and standing is FreezeStanding.THAWED:
        return account, before
    if before is not None and (before.until, before.reason) == (draft.until, draft.reason):
        return account, before
    if draft.until is not None and not moment < draft.until <= moment + timedelta(days=days_max):
        raise FreezeTimeInvalid(days_max)
    number = 1 if before is None else before.number + 1
    freeze = Freeze(number, moment, draft.until, draft.reason, officer.member_id)
    await keep_freeze(raw, union.id, account.number, freeze, act)
    await _announce(unit, officer, ground, account, freeze)
    return account, freeze


async def _is_theirs(unit: UnitOfWork, rights: BusinessRights, officer: Membership, account: Account) -> bool:
    """The officer's own account, or that of a business in which they hold a right."""
    if account.kind is AccountKind.BUSINESS and account.owner_id is not None:
        return await rights.may_any(unit, officer, account.owner_id, *BusinessRight)
    return account.owner_id == officer.member_id


async def _announce(
    unit: UnitOfWork, officer: Membership, ground: Ground, account: Account, freeze: Freeze
) -> None:
    """To the member, with the event; of a business to those who hold a right in it."""
    union, owner_id, account_id = officer.union, account.owner_id, account.id
    assert owner_id is not None
    standing = FreezeStanding.THAWED if freeze.until is None else FreezeStanding.FROZEN
    if account.kind is AccountKind.MEMBER:
        unit.publish(
            FreezeState(
                union_id=union.id,
                account_id=account_id,
                version=freeze.number,
                member_id=owner_id,
                state=standing.value,
                until=freeze.until,
            )
        )
        told, kind = [owner_id], f"account.{standing.value}"
    else:
        told = await holders_in(await unit.raw(), union.id, owner_id, TOLD_AT_ONCE_MAX)
        kind = f"business.{standing.value}"
    for member_id in told:
        tell_of_account(unit, union.id, (member_id, account_id), kind, officer.member_id)
    unit.record_act(
        f"account {standing.value}",
        f"accounts/{account_id}",
        {"until": freeze.until, "reason": freeze.reason, "by": ground.word},
        union_id=union.id,
        on_behalf_of=str(owner_id),
        charter_version=union.charter_version,
    )
