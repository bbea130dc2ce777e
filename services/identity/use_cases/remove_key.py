"""Take a key from its member, who keeps another: after a delay, in which every key of theirs takes that back.

Who has stolen one key shuts nobody out with it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from chassis.passkeys import PASSKEY
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import LastKey, PasskeyNotFound, WalletNotFound
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.settings import IdentitySettings
from services.identity.store import members
from services.identity.store.member_keys import OwnWallet, count_staying, find_wallet, set_removal
from services.identity.store.passkeys import Passkey, find_passkey


class _Key(NamedTuple):
    kind: str
    identifier: str
    subject: str


def _of_wallet(wallet: OwnWallet) -> _Key:
    return _Key(wallet.kind, wallet.address, f"wallets/{wallet.address}")


def _of_passkey(passkey: Passkey) -> _Key:
    return _Key(PASSKEY, passkey.credential_id, f"passkeys/{passkey.id}")


async def own_wallet(unit: UnitOfWork, member_id: UUID, address: str) -> OwnWallet:
    """A living one. Raises WalletNotFound."""
    wallet = await find_wallet(unit, member_id, address.lower())
    if wallet is None or _is_gone(wallet.removed_at, unit.now):
        raise WalletNotFound(address)
    return wallet


async def own_passkey(unit: UnitOfWork, member_id: UUID, passkey_id: UUID) -> Passkey:
    """A living one. Raises PasskeyNotFound."""
    passkey = await find_passkey(unit, member_id, passkey_id)
    if passkey is None or _is_gone(passkey.removed_at, unit.now):
        raise PasskeyNotFound(str(passkey_id))
    return passkey


async def remove_wallet(unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, address: str) -> None:
    """A repeat changes nothing. Raises WalletNotFound, LastKey."""
    await members.lock_member(unit, member_id)
    wallet = await own_wallet(unit, member_id, address)
    if wallet.removed_at is None:
        await _remove(unit, settings, member_id, _of_wallet(wallet))


async def remove_passkey(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, passkey_id: UUID
) -> None:
    """A repeat changes nothing. Raises PasskeyNotFound, LastKey."""
    await members.lock_member(unit, member_id)
    passkey = await own_passkey(unit, member_id, passkey_id)
    if passkey.removed_at is None:
        await _remove(unit, settings, member_id, _of_passkey(passkey))


async def keep_wallet(unit: UnitOfWork, member_id: UUID, address: str) -> None:
    """Its removal is taken back; a repeat changes nothing. Raises WalletNotFound."""
    await members.lock_member(unit, member_id)
    wallet = await own_wallet(unit, member_id, address)
    if wallet.removed_at is not None:
        await _keep(unit, member_id, _of_wallet(wallet))


async def keep_passkey(unit: UnitOfWork, member_id: UUID, passkey_id: UUID) -> None:
    """Its removal is taken back; a repeat changes nothing. Raises PasskeyNotFound."""
    await members.lock_member(unit, member_id)
    passkey = await own_passkey(unit, member_id, passkey_id)
    if passkey.removed_at is not None:
        await _keep(unit, member_id, _of_passkey(passkey))


async def _remove(unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, key: _Key) -> None:
    if await count_staying(unit, member_id) <= 1:
        raise LastKey
    removed_at = unit.now + timedelta(seconds=settings.recovery_delay_seconds)
    await set_removal(unit, key.kind, key.identifier, removed_at)
    unit.record_act("own_keys", key.subject, {"removed_at": removed_at.isoformat()})
    await tell_account(unit, member_id, "account.key_leaves", "keys", member_id)


async def _keep(unit: UnitOfWork, member_id: UUID, key: _Key) -> None:
    await set_removal(unit, key.kind, key.identifier, None)
    unit.record_act("own_keys", key.subject, {"removed_at": None})
    await tell_account(unit, member_id, "account.key_stays", "keys", member_id)


def _is_gone(removed_at: datetime | None, now: datetime) -> bool:
    return removed_at is not None and removed_at <= now
