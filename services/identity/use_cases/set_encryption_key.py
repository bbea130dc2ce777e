"""The key by which others write to a member in confidence: set and taken away by signed acts."""

from dataclasses import dataclass
from uuid import UUID

from chassis.device_acts.reading import KeptAct, act_of_device
from chassis.signatures import SignedAct
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.encryption_key import read_encryption_key
from services.identity.domain.profile_errors import EncryptionKeyNotFound
from services.identity.store import encryption_keys
from services.identity.store.device_certificates import DeviceCertificateRow, certificates_of
from services.identity.store.encryption_keys import SetKey
from services.identity.store.members import lock_member
from services.identity.use_cases.read_profile import read_profile


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A member's key with what shows whose it is: the act, and who certified the device that signed."""

    member_id: UUID
    key: SetKey
    act: KeptAct
    certificate: DeviceCertificateRow | None
    """The newest that the device had when it signed; None only where another replica's clock is ahead."""


async def set_encryption_key(unit: UnitOfWork, member_id: UUID, public_key: str, act: SignedAct) -> bytes:
    """The key that others see from now on. Raises EncryptionKeyRefused."""
    key = read_encryption_key(public_key)
    await lock_member(unit, member_id)
    await encryption_keys.add_encryption_key(unit, member_id, key, act.key_id, act.nonce)
    unit.record_act("own_profile", f"members/{member_id}", {"encryption_key": public_key})
    return key


async def remove_encryption_key(unit: UnitOfWork, member_id: UUID, act: SignedAct) -> None:
    """A repeat changes nothing."""
    await lock_member(unit, member_id)
    if await encryption_keys.newest_encryption_key(unit, member_id) is None:
        return
    await encryption_keys.add_encryption_key(unit, member_id, None, act.key_id, act.nonce)
    unit.record_act("own_profile", f"members/{member_id}", {"encryption_key": None})


async def read_encryption_key_of(unit: UnitOfWork, reader_id: UUID, member: str) -> ShownKey:
    """Raises MemberNotFound, EncryptionKeyNotFound, the latter also where the reader is not to see it."""
    profile = await read_profile(unit, reader_id, member)
    if profile.encryption_key is None:
        raise EncryptionKeyNotFound
    found = await encryption_keys.newest_encryption_key(unit, profile.member_id)
    assert found is not None
    act = await act_of_device(unit, profile.member_id, found.device_key_id, found.nonce)
    assert act is not None
    certificates = await certificates_of(unit, found.device_key_id, act.stored_at, None, 1)
    return ShownKey(profile.member_id, found, act, certificates[0] if certificates else None)
