"""What certified a device of one's own: the message that a wallet or a passkey signed at each sign-in."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from chassis.auth.dependencies import SignedIn
from chassis.device_keys import write_public_key
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.devices import DeviceOfPath
from services.identity.domain.errors import DeviceKeyNotFound
from services.identity.store.device_certificates import DeviceCertificateRow, certificates_of
from services.identity.store.devices import is_device_of

router = APIRouter(
    prefix="/v1/me/devices/{device}/certificates", route_class=TransactionRoute, tags=["members"]
)


class DeviceCertificateView(BaseModel):
    """A certificate as it was signed: whoever has it can check it without this deployment."""

    device_public_key: str = Field(description="The device's Ed25519 key: 32 bytes in base64url, unpadded.")
    issuer_kind: str = Field(description="wallet, contract_wallet or passkey.", examples=["wallet"])
    issuer: str = Field(description="A wallet's address, a contract wallet's CAIP-10 id, a credential id.")
    message: str = Field(description="An EIP-4361 message, or in JSON what a passkey answered.")
    signature: str = Field(description="Empty where a passkey was made by it, which nothing signs.")
    certified_at: datetime


@router.get("", responses=problem_responses(400, 401, 404, 422, 503))
async def get_device_certificates(
    device: DeviceOfPath,
    unit: Unit,
    claims: SignedIn,
    page: Paging,
    until: Annotated[AwareDatetime | None, Query(description="Certified by then.")] = None,
) -> Page[DeviceCertificateView]:
    """Those of a device of mine, also of one that is revoked: the newest first."""
    if not await is_device_of(unit, device, claims.member_id):
        raise DeviceKeyNotFound(device)
    rows = await certificates_of(unit, device, until, page.after_id, page.limit)
    return page.page_by_id(rows, certificate_view, lambda row: row.session_id)


def certificate_view(row: DeviceCertificateRow) -> DeviceCertificateView:
    """A certificate as it is shown, here and with what its device signed."""
    certificate = row.certificate
    return DeviceCertificateView(
        device_public_key=write_public_key(row.device_public_key),
        issuer_kind=certificate.issuer_kind,
        issuer=certificate.issuer,
        message=certificate.message,
        signature=certificate.signature,
        certified_at=certificate.certified_at,
    )
