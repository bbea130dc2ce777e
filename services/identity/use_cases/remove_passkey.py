"""Take a passkey from its member, who keeps a key to sign in with."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import LastKey, PasskeyNotFound
from services.identity.store import members, passkeys


async def remove_passkey(unit: UnitOfWork, member_id: UUID, passkey_id: UUID) -> None:
    """A repeat changes nothing. Raises PasskeyNotFound, LastKey."""
    await members.lock_member(unit, member_id)
    is_known, removed_at = await passkeys.removed_at(unit, member_id, passkey_id)
    if not is_known:
        raise PasskeyNotFound(str(passkey_id))
    if removed_at is not None:
        return
    if await passkeys.count_keys(unit, member_id) <= 1:
        raise LastKey
    await passkeys.remove_passkey(unit, passkey_id)
    unit.record_act("own_keys", f"passkeys/{passkey_id}", {"removed": True})
