"""Keys by which others write to a member in confidence, with what shows that they are the member's own."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import Act, SignedIn
from chassis.device_acts.api import KeptActView, kept_act_view
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.device_certificates import DeviceCertificateView, certificate_view
from services.identity.api.fields import MemberOfPath
from services.identity.domain.encryption_key import encryption_key_text
from services.identity.use_cases.set_encryption_key import (
    ShownKey,
    read_encryption_key_of,
    remove_encryption_key,
    set_encryption_key,
)

router = APIRouter(prefix="/v1", route_class=TransactionRoute, tags=["members"])

PublicKey = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$"),
    Field(
        description="X25519 (RFC 7748), 32 bytes in base64url.",
        examples=["hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"],
    ),
]


class EncryptionKeyBody(BaseModel):
    """The key that others shall write to."""

    model_config = ConfigDict(extra="forbid")

    public_key: PublicKey


class EncryptionKeyView(BaseModel):
    """A member's key, the act that set it, and who certified the device: to be checked without us."""

    member_id: UUID
    public_key: PublicKey
    set_at: datetime
    act: KeptActView = Field(description="Its body names the key.")
    certificate: DeviceCertificateView | None = Field(
        description="The newest that the device had when it signed the act."
    )


@router.put("/me/encryption-key", responses=problem_responses(400, 401, 409, 413, 422, 503))
async def put_my_encryption_key(
    body: EncryptionKeyBody, unit: Unit, claims: SignedIn, act: Act
) -> EncryptionKeyBody:
    """Have others write to this key from now on. A signed act."""
    key = await set_encryption_key(unit, claims.member_id, body.public_key, act)
    return EncryptionKeyBody(public_key=encryption_key_text(key))


@router.delete("/me/encryption-key", status_code=204, responses=problem_responses(400, 401, 409, 422, 503))
async def delete_my_encryption_key(unit: Unit, claims: SignedIn, act: Act) -> None:
    """Have no key any more. A signed act."""
    await remove_encryption_key(unit, claims.member_id, act)


@router.get("/members/{member}/encryption-key", responses=problem_responses(401, 404, 422, 503))
async def get_encryption_key(
    member: MemberOfPath, request: Request, unit: Unit, claims: SignedIn
) -> EncryptionKeyView:
    """A member's key, where they show it to me, signed by a device that their wallet or passkey certified."""
    shown = await read_encryption_key_of(unit, claims.member_id, member)
    return _view(request.app.state.chassis.service, shown)


def _view(service: str, shown: ShownKey) -> EncryptionKeyView:
    key = shown.key
    return EncryptionKeyView(
        member_id=shown.member_id,
        public_key=encryption_key_text(key.public_key),
        set_at=key.set_at,
        act=kept_act_view(service, shown.member_id, shown.act),
        certificate=None if shown.certificate is None else certificate_view(shown.certificate),
    )
