"""Take a device's right to sign and its sessions away: it was lost, or sold, or is somebody else's by now."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import DeviceKeyNotFound
from services.identity.store import devices, revocations


async def revoke_device(unit: UnitOfWork, member_id: UUID, device_key_id: str) -> None:
    """For ever: the key is never certified again. A repeat changes nothing. Raises DeviceKeyNotFound."""
    if not await devices.is_device_of(unit, device_key_id, member_id):
        raise DeviceKeyNotFound(device_key_id)
    await _revoke(unit, member_id, await devices.revoke_devices(unit, member_id, only=device_key_id))


async def revoke_other_devices(unit: UnitOfWork, member_id: UUID, kept_key_id: str) -> None:
    """All but the one that asks."""
    await _revoke(unit, member_id, await devices.revoke_devices(unit, member_id, but=kept_key_id))


async def _revoke(unit: UnitOfWork, member_id: UUID, revoked: Sequence[str]) -> None:
    for device_key_id in revoked:
        unit.record_act("own_device", f"devices/{device_key_id}", {"revoked": True})
        await revocations.record_revoked_key(unit, device_key_id, member_id)
