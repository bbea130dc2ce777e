"""Count a request before sign-in against its address."""

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.address_limit import window_at
from services.identity.domain.errors import AddressLimitReached
from services.identity.settings import IdentitySettings
from services.identity.store import address_windows


async def limit_address(unit: UnitOfWork, settings: IdentitySettings, address: str | None) -> None:
    """Raises AddressLimitReached; None, a direct client on this machine, is left out."""
    if address is None:
        return
    window = window_at(unit.now, settings.address_window_seconds)
    if await address_windows.count_request(unit, address, window.started_at) > settings.address_requests_max:
        raise AddressLimitReached(
            settings.address_requests_max,
            settings.address_window_seconds,
            retry_after_seconds=int((window.ends_at - unit.now).total_seconds()) + 1,
        )
