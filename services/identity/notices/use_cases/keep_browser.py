"""The browser of one's device as a place where one is told: named, ended."""

from uuid import UUID

from chassis.auth.claims import MemberClaims
from chassis.egress.urls import UrlRefused, checked_url
from chassis.unit_of_work import UnitOfWork
from services.identity.notices.domain.address import Address, ChannelKind, PushKeys
from services.identity.notices.domain.errors import ChannelOff, PushUrlRefused
from services.identity.notices.store import addresses
from services.identity.notices.store.notices import newest_number
from services.identity.notices.use_cases.keep_email import RIGHT
from services.identity.settings import IdentitySettings
from services.identity.store.members import lock_member


async def name_browser(
    unit: UnitOfWork,
    settings: IdentitySettings,
    claims: MemberClaims,
    url: str,
    keys: PushKeys,
) -> Address:
    """Of the device that signs. Who was told in the same browser before is told there no more.

    Raises ChannelOff, PushUrlRefused.
    """
    if not settings.has_push:
        raise ChannelOff("push")
    try:
        checked_url(
            url, bytes_max=settings.push_url_max_bytes, loopback_allowed=settings.egress_loopback_allowed
        )
    except UrlRefused as refused:
        raise PushUrlRefused(refused.ground) from refused
    await lock_member(unit, claims.member_id)
    address = Address(
        id=unit.ids.new(),
        member_id=claims.member_id,
        kind=ChannelKind.PUSH,
        target=url,
        named_at=unit.now,
        device_key_id=claims.device_key_id,
        keys=keys,
        confirmed_at=unit.now,
        told_number=await newest_number(unit, claims.member_id),
    )
    await addresses.remove_browser(unit, claims.device_key_id, url)
    await addresses.add_address(unit, address)
    _record(unit, claims.member_id, claims.device_key_id, "named")
    return address


async def end_browser(unit: UnitOfWork, claims: MemberClaims) -> None:
    """A repeat changes nothing."""
    if await addresses.remove_browser(unit, claims.device_key_id):
        _record(unit, claims.member_id, claims.device_key_id, "ended")


def _record(unit: UnitOfWork, member_id: UUID, device_key_id: str, what: str) -> None:
    unit.record_act(RIGHT, f"members/{member_id}", {"push": what, "device": device_key_id})
