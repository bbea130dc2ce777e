"""The message that a wallet signs, written out for a client that knows no EIP-55."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.device_keys import PublicKeyMalformed, read_public_key
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.siwe import (
    SIGN_IN_PURPOSE,
    SiweFieldWrong,
    SiweMessage,
    checksum_address,
    device_resource,
)
from services.identity.api.joined import Joined
from services.identity.api.passkey_bodies import DevicePublicKey, Nonce

router = APIRouter(prefix="/v1/auth", route_class=TransactionRoute, tags=["auth"])


class SignInMessageBody(BaseModel):
    """Whose wallet signs, and which device key it certifies."""

    model_config = ConfigDict(extra="forbid")

    nonce: Nonce
    wallet_address: Annotated[
        str,
        StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$"),
        Field(description="In any capitals.", examples=["0x71c7656ec7ab88b098defb751b7401b5f6d8976f"]),
    ]
    device_public_key: DevicePublicKey


class SignInMessageView(BaseModel):
    """An EIP-4361 message. Read it before a wallet signs it: it names the device key that it certifies."""

    message: str


@router.post("/sign-in-messages", responses=problem_responses(401, 422, 503))
async def post_sign_in_message(body: SignInMessageBody, unit: Unit, identity: Joined) -> SignInMessageView:
    """Write the message for a nonce, a wallet and a device key. Nothing is stored, nothing is checked yet."""
    try:
        device_key = read_public_key(body.device_public_key)
    except PublicKeyMalformed:
        raise SiweFieldWrong("device_public_key", body.device_public_key, "base64url of 32 bytes") from None
    settings = identity.settings
    issued_at = unit.now.replace(microsecond=0)
    until = issued_at + timedelta(seconds=settings.device_key_lifetime_seconds)
    message = SiweMessage(
        domain=urlsplit(settings.public_url).netloc,
        address=checksum_address(bytes.fromhex(body.wallet_address[2:])),
        statement=f"Sign in to Guildhall. This device may sign acts for you until {until:%Y-%m-%d}.",
        uri=settings.public_url,
        chain_id=settings.chain_id,
        nonce=body.nonce,
        issued_at=issued_at,
        expiration_time=until,
        resources=(SIGN_IN_PURPOSE, device_resource(device_key)),
    )
    return SignInMessageView(message=message.text())
