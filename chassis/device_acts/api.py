"""What every service answers of its own acts. The gateway asks them all, with the member's own token."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field

from chassis.auth.dependencies import SignedIn
from chassis.device_acts.positions import NONCE, position_of
from chassis.device_acts.reading import ActLine, KeptAct, act_of_device, acts_of_device
from chassis.pages import Page, Paging
from chassis.problems import NOT_FOUND, Problem
from chassis.route import TransactionRoute, Unit

PREFIX = "/internal/me/devices/{device}/acts"

DeviceOfPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
NonceOfPath = Annotated[str, Path(pattern=NONCE)]


class DeviceActView(BaseModel):
    """An act that a device of mine signed, as this service took it."""

    nonce: str
    signed_at: datetime = Field(description="To the second, as it was signed.")
    stored_at: datetime = Field(description="When the service took it.")
    method: str
    path: str
    union: str | None = Field(description="Slug or id, as the path names it.")


class KeptActView(BaseModel):
    """An act with everything that proves it (RFC 9421)."""

    service: str
    member_id: UUID
    device_key_id: str
    method: str
    target_uri: str
    content_digest: str
    idempotency_key: str | None
    created: int = Field(description="Unix seconds, as they were signed.")
    nonce: str
    signature_input: str
    signature: str
    body: str = Field(description="As it was sent, in base64.")
    stored_at: datetime


router = APIRouter(prefix=PREFIX, route_class=TransactionRoute, tags=["internal"])


@router.get("")
async def get_device_acts(
    device: DeviceOfPath, unit: Unit, claims: SignedIn, page: Paging
) -> Page[DeviceActView]:
    """What a device of the member's signed to this service, the newest first."""
    after = None if page.after is None else position_of(page.after)
    rows = await acts_of_device(unit, claims.member_id, device, after, page.limit)
    shown = rows[: page.limit]
    last = (int(shown[-1].signed_at.timestamp()), shown[-1].nonce) if len(rows) > page.limit else None
    return page.page([_line(row) for row in shown], last)


@router.get("/{nonce}")
async def get_device_act(
    device: DeviceOfPath, nonce: NonceOfPath, request: Request, unit: Unit, claims: SignedIn
) -> KeptActView:
    """One of them, whole."""
    kept = await act_of_device(unit, claims.member_id, device, nonce)
    if kept is None:
        raise Problem(NOT_FOUND)
    return kept_act_view(request.app.state.chassis.service, claims.member_id, kept)


def _line(line: ActLine) -> DeviceActView:
    return DeviceActView(
        nonce=line.nonce,
        signed_at=line.signed_at,
        stored_at=line.stored_at,
        method=line.method,
        path=line.path,
        union=line.union,
    )


def kept_act_view(service: str, member_id: UUID, kept: KeptAct) -> KeptActView:
    """An act as this service shows it: the member's, kept by the service."""
    act = kept.act
    return KeptActView(
        service=service,
        member_id=member_id,
        device_key_id=act.key_id,
        method=act.method,
        target_uri=act.target_uri,
        content_digest=act.content_digest,
        idempotency_key=act.idempotency_key,
        created=int(act.created.timestamp()),
        nonce=act.nonce,
        signature_input=act.signature_input,
        signature=act.signature,
        body=b64encode(act.body).decode(),
        stored_at=kept.stored_at,
    )
