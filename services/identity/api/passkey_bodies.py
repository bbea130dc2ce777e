"""Passkeys in bodies: what a browser's `PublicKeyCredential.toJSON()` writes, and how they are shown."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.fields import LINE_PATTERN
from services.identity.store.passkeys import Passkey
from services.identity.use_cases.prove_passkey import AskedPasskey
from services.identity.use_cases.register_passkey import MadePasskey

_BASE64URL = r"^[A-Za-z0-9_-]*$"

CredentialId = Annotated[str, StringConstraints(min_length=1, max_length=1_364, pattern=_BASE64URL)]
Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
DevicePublicKey = Annotated[
    str,
    StringConstraints(min_length=43, max_length=43, pattern=_BASE64URL),
    Field(description="The 32 bytes of the Ed25519 device key in base64url, unpadded."),
]
KeyName = Annotated[
    str,
    StringConstraints(max_length=80, pattern=LINE_PATTERN),
    Field(description="What the member calls it.", examples=["Phone"]),
]
_ClientData = Annotated[
    str, StringConstraints(max_length=4_096, pattern=_BASE64URL), Field(alias="clientDataJSON")
]


class AttestationResponse(BaseModel):
    """What `create()` answers; what else browsers write is not needed."""

    client_data: _ClientData
    attestation_object: Annotated[
        str, StringConstraints(max_length=16_384, pattern=_BASE64URL), Field(alias="attestationObject")
    ]


class AssertionResponse(BaseModel):
    """What `get()` answers."""

    client_data: _ClientData
    authenticator_data: Annotated[
        str, StringConstraints(max_length=4_096, pattern=_BASE64URL), Field(alias="authenticatorData")
    ]
    signature: Annotated[str, StringConstraints(max_length=2_048, pattern=_BASE64URL)]
    user_handle: Annotated[
        str | None, StringConstraints(max_length=128, pattern=_BASE64URL), Field(alias="userHandle")
    ] = None


class RegistrationCredential(BaseModel):
    """RegistrationResponseJSON of WebAuthn level 3."""

    id: CredentialId
    type: Literal["public-key"]
    response: AttestationResponse


class AuthenticationCredential(BaseModel):
    """AuthenticationResponseJSON of WebAuthn level 3."""

    id: CredentialId
    type: Literal["public-key"]
    response: AssertionResponse


class NewPasskeyBody(BaseModel):
    """A passkey that was made with a nonce, and the device key that its challenge names."""

    model_config = ConfigDict(extra="forbid")

    nonce: Nonce
    device_public_key: DevicePublicKey
    credential: RegistrationCredential
    name: KeyName = ""

    def made(self) -> MadePasskey:
        return MadePasskey(
            nonce=self.nonce,
            device_public_key=self.device_public_key,
            credential_id=self.credential.id,
            client_data=self.credential.response.client_data,
            attestation_object=self.credential.response.attestation_object,
            name=self.name.strip(),
        )


class PasskeySessionBody(BaseModel):
    """A passkey's signature over a nonce and the device key that it certifies."""

    model_config = ConfigDict(extra="forbid")

    nonce: Nonce
    device_public_key: DevicePublicKey
    credential: AuthenticationCredential

    def asked(self) -> AskedPasskey:
        response = self.credential.response
        return AskedPasskey(
            nonce=self.nonce,
            device_public_key=self.device_public_key,
            credential_id=self.credential.id,
            client_data=response.client_data,
            authenticator_data=response.authenticator_data,
            signature=response.signature,
            user_handle=response.user_handle,
        )


class NameBody(BaseModel):
    """What a passkey, a wallet or a device is called from now on."""

    model_config = ConfigDict(extra="forbid")

    name: KeyName


class PasskeyView(BaseModel):
    """A passkey of one's own."""

    id: UUID
    credential_id: str = Field(description="Base64url: for `excludeCredentials` of the next one.")
    name: str = Field(examples=["Phone"])
    backed_up: bool = Field(description="Whether it is kept on more than one device.")
    added_at: datetime
    used_at: datetime
    removed_at: datetime | None = Field(
        description="When it signs in no more, where its removal waits: until then any key of mine keeps it."
    )

    @classmethod
    def of(cls, passkey: Passkey) -> "PasskeyView":
        return cls(
            id=passkey.id,
            credential_id=passkey.credential_id,
            name=passkey.name,
            backed_up=passkey.backed_up,
            added_at=passkey.added_at,
            used_at=passkey.used_at,
            removed_at=passkey.removed_at,
        )
