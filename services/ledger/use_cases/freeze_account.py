"""Freeze a member's account, or thaw it: what was promised before and the exit rights stay."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.membership import Membership
from chassis.rights.grants import Ground
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
from services.ledger.use_cases.tell_of_account import tell_of_account


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
    act: ActOfTransfer,
) -> tuple[Account, Freeze | None]:
    """The account with its newest freeze or thaw; what is so already changes nothing.

    Raises AccountNotFound for what is no member's account, OwnAccountModerated, FreezeTimeInvalid.
    """
    union, raw = officer.union, await unit.raw()
    moment = time_after(await lock_books(unit, union), unit.now)
    account = (await load_accounts(raw, union.id, [draft.account_id])).get(draft.account_id)
    if account is None or account.kind is not AccountKind.MEMBER or account.owner_id is None:
        raise AccountNotFound(draft.account_id)
    if account.owner_id == officer.member_id and ground.holding_id is not None:
        raise OwnAccountModerated
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
    _announce(unit, officer, ground, (account.owner_id, account.id), freeze)
    return account, freeze


def _announce(
    unit: UnitOfWork, officer: Membership, ground: Ground, frozen: tuple[UUID, UUID], freeze: Freeze
) -> None:
    """`frozen`: the member and their account."""
    union, (owner_id, account_id) = officer.union, frozen
    standing = FreezeStanding.THAWED if freeze.until is None else FreezeStanding.FROZEN
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
    tell_of_account(unit, union.id, (owner_id, account_id), f"account.{standing.value}", officer.member_id)
    unit.record_act(
        f"account {standing.value}",
        f"accounts/{account_id}",
        {"until": freeze.until, "reason": freeze.reason, "by": ground.word},
        union_id=union.id,
        on_behalf_of=str(owner_id),
        charter_version=union.charter_version,
    )
