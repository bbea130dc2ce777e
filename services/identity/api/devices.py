"""One's devices: which may sign for me, and taking that away."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act, SignedIn
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import Joined
from services.identity.api.passkey_bodies import NameBody
from services.identity.domain.errors import DeviceKeyNotFound
from services.identity.store.devices import devices_of, name_device
from services.identity.use_cases.revoke_device import revoke_device, revoke_other_devices

router = APIRouter(prefix="/v1/me/devices", route_class=TransactionRoute, tags=["members"])

DeviceOfPath = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The device key's id (RFC 7638).")
]


class DeviceView(BaseModel):
    """A device whose key may sign for me, or might until it was revoked."""

    key_id: str = Field(description="RFC 7638 thumbprint.")
    name: str = Field(description="What I call it.", examples=["Phone"])
    is_this: bool = Field(description="Whether it is the one that asks.")
    certified_at: datetime = Field(description="When I signed in there last.")
    last_seen_at: datetime | None = Field(description="When a session of it was begun or last refreshed.")
    sessions_count: int = Field(description="Sessions that go on.")
    revoked_at: datetime | None = Field(description="Since when it may not.")


class DeviceListView(BaseModel):
    """Those that signed in last come first."""

    items: list[DeviceView]


@router.get("", responses=problem_responses(401, 422, 503))
async def get_devices(
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    revoked: Annotated[bool, Query(description="Those instead that may sign no more.")] = False,
) -> DeviceListView:
    """The devices that may sign for me."""
    found = await devices_of(unit, claims.member_id, identity.settings.devices_shown_max, revoked=revoked)
    return DeviceListView(
        items=[
            DeviceView(
                key_id=device.key_id,
                name=device.name,
                is_this=device.key_id == claims.device_key_id,
                certified_at=device.certified_at,
                last_seen_at=device.last_seen_at,
                sessions_count=device.sessions_count,
                revoked_at=device.revoked_at,
            )
            for device in found
        ]
    )


@router.patch("/{device}", status_code=204, responses=problem_responses(401, 404, 413, 422, 503))
async def patch_device(device: DeviceOfPath, body: NameBody, unit: Unit, claims: SignedIn, _: Act) -> None:
    """Call it otherwise: a signed act."""
    if not await name_device(unit, device, claims.member_id, body.name.strip()):
        raise DeviceKeyNotFound(device)


@router.delete("", status_code=204, responses=problem_responses(401, 503))
async def delete_other_devices(unit: Unit, identity: Joined, claims: SignedIn, _: Act) -> None:
    """Revoke all but this one: a signed act."""
    await revoke_other_devices(unit, claims.member_id, claims.device_key_id)
    identity.wake_revocations_after(unit)


@router.delete("/{device}", status_code=204, responses=problem_responses(401, 404, 422, 503))
async def delete_device(device: DeviceOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: Act) -> None:
    """Revoke a device for ever, this one too: a signed act. Within a second nobody takes its word."""
    await revoke_device(unit, claims.member_id, device)
    identity.wake_revocations_after(unit)
