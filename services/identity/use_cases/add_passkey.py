"""Give a member one more passkey, by an act that a device of theirs signed."""

from uuid import UUID

from chassis.passkeys import PASSKEY, PasskeyWrong
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import PasskeysPerMemberReached, PasskeyTaken
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.use_cases.await_recovery import check_not_awaited
from services.identity.settings import IdentitySettings
from services.identity.store import keys, members, passkeys
from services.identity.store.passkeys import Passkey
from services.identity.use_cases.issue_nonce import use_up_nonce_of_act
from services.identity.use_cases.register_passkey import (
    MadePasskey,
    certificate_of,
    new_passkey,
    require_passkeys,
)


async def add_passkey(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, device_key_id: str, made: MadePasskey
) -> Passkey:
    """The challenge names the device that signs the act. Raises the refusals of chassis.passkeys,
    PasskeysUnavailable, NonceNotUsable, PasskeyTaken, PasskeysPerMemberReached,
    KeyAwaitsRecovery."""
    require_passkeys(settings)
    await use_up_nonce_of_act(unit, made.nonce)
    device = certificate_of(unit, made).verify(
        public_url=settings.public_url, lifetime_seconds=settings.device_key_lifetime_seconds
    )
    if device.key_id != device_key_id:
        raise PasskeyWrong("device_public_key", "the key of the device that signs this act")
    await members.lock_member(unit, member_id)
    if await passkeys.count_passkeys(unit, member_id) >= settings.passkeys_per_member_max:
        raise PasskeysPerMemberReached(settings.passkeys_per_member_max)
    await check_not_awaited(unit, PASSKEY, device.credential_id)
    if not await keys.add_key(unit, member_id, PASSKEY, device.credential_id):
        raise PasskeyTaken
    passkey = new_passkey(unit, member_id, made, device)
    await passkeys.add_passkey(unit, passkey)
    unit.record_act("own_keys", f"passkeys/{passkey.id}", {"passkey": passkey.credential_id})
    await tell_account(unit, member_id, "account.key_added", "keys", member_id)
    return passkey
