"""Look up a device key with its certificate, for services that check a signed act."""

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import DeviceKeyNotFound
from services.identity.store import keys
from services.identity.store.keys import DeviceKeyRecord

CERTIFICATES_MAX = 8


async def read_device_key(unit: UnitOfWork, device_key_id: str) -> DeviceKeyRecord:
    """The key with its newest certificates. Raises DeviceKeyNotFound."""
    record = await keys.device_key(unit, device_key_id, CERTIFICATES_MAX)
    if record is None:
        raise DeviceKeyNotFound(device_key_id)
    return record
