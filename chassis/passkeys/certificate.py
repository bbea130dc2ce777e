"""A device key's certificate by a passkey: the answer whose challenge names the key, as it was signed.

An assertion is signed by the passkey. A registration is not, where attestation is "none": it says which
device was there when the passkey was made, and stands once for each passkey.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.device_keys import PublicKeyMalformed, device_key_id, read_public_key
from chassis.passkeys.answer import PasskeyAnswer
from chassis.passkeys.base64url import write_base64url
from chassis.passkeys.challenge import passkey_challenge
from chassis.passkeys.errors import PasskeyMalformed, PasskeyWrong
from chassis.passkeys.relying_party import RelyingParty, relying_party

PASSKEY = "passkey"
"""The kind of a member's key, beside `wallet`."""


class _Message(BaseModel):
    """The evidence without its signature; every value but `version` and `nonce` is base64url."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    version: Literal[1] = 1
    nonce: str
    device_public_key: str
    credential_id: str
    client_data: str
    attestation_object: str | None = None
    authenticator_data: str | None = None
    public_key: str | None = None

    def text(self) -> str:
        return orjson.dumps(self.model_dump(exclude_none=True), option=orjson.OPT_SORT_KEYS).decode()


@dataclass(frozen=True, slots=True)
class PasskeyDevice:
    """What a verified certificate says. Keys: 32 bytes of Ed25519, and the passkey's as COSE."""

    key_id: str
    public_key: bytes
    credential_id: str
    credential_public_key: bytes
    sign_count: int
    registered: bool
    backed_up: bool
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeyCertificate:
    """Canonical JSON of what the passkey answered, its signature in base64url, and when identity took it.

    A passkey signs no time: the nonce it answers was identity's, and so is the time.
    """

    message: str
    signature: str
    certified_at: datetime

    @classmethod
    def of_registration(
        cls,
        *,
        nonce: str,
        device_public_key: str,
        credential_id: str,
        client_data: str,
        attestation_object: str,
        certified_at: datetime,
    ) -> Self:
        """From `navigator.credentials.create()`; texts are base64url, as its `toJSON()` writes them."""
        message = _Message(
            nonce=nonce,
            device_public_key=device_public_key,
            credential_id=credential_id,
            client_data=client_data,
            attestation_object=attestation_object,
        )
        return cls(message.text(), "", certified_at)

    @classmethod
    def of_assertion(
        cls,
        *,
        nonce: str,
        device_public_key: str,
        credential_id: str,
        client_data: str,
        authenticator_data: str,
        signature: str,
        public_key: bytes,
        certified_at: datetime,
    ) -> Self:
        """From `navigator.credentials.get()`; `public_key` is the passkey's, as its registration told."""
        message = _Message(
            nonce=nonce,
            device_public_key=device_public_key,
            credential_id=credential_id,
            client_data=client_data,
            authenticator_data=authenticator_data,
            public_key=write_base64url(public_key),
        )
        return cls(message.text(), signature, certified_at)

    def origin(self) -> str:
        """The origin that the browser wrote: for who checks a deployment from outside. Not yet verified."""
        from chassis.passkeys.verification import origin_of

        return origin_of(self._read().client_data)

    def verify(self, *, public_url: str, lifetime_seconds: int) -> PasskeyDevice:
        """Verify what can be verified at any time: whether the nonce was given is identity's to know.

        Raises PasskeyMalformed, PasskeyWrong, PasskeySignatureWrong.
        """
        party = relying_party(public_url)
        if party is None:
            raise PasskeyWrong("origin", "an address at which passkeys work")
        message = self._read()
        try:
            device_key = read_public_key(message.device_public_key)
        except PublicKeyMalformed:
            raise PasskeyMalformed("the device key is not base64url of 32 bytes") from None
        seen = self._registration(message, party) or self._assertion(message, party)
        return PasskeyDevice(
            key_id=device_key_id(device_key),
            public_key=device_key,
            credential_id=message.credential_id,
            credential_public_key=seen.public_key,
            sign_count=seen.sign_count,
            registered=message.attestation_object is not None,
            backed_up=seen.backed_up,
            issued_at=self.certified_at,
            expires_at=self.certified_at + timedelta(seconds=lifetime_seconds),
        )

    def _read(self) -> _Message:
        try:
            message = _Message.model_validate_json(self.message)
        except ValidationError:
            raise PasskeyMalformed("the certificate is not one of a passkey") from None
        if message.text() != self.message:
            raise PasskeyMalformed("the certificate is not in its canonical form")
        return message

    def _registration(self, message: _Message, party: RelyingParty) -> PasskeyAnswer | None:
        if message.attestation_object is None:
            return None
        from chassis.passkeys.verification import verify_registration

        if self.signature or message.public_key is not None or message.authenticator_data is not None:
            raise PasskeyMalformed("a registration has an attestation and nothing else")
        return verify_registration(
            party,
            passkey_challenge(message.nonce, message.device_public_key),
            credential_id=message.credential_id,
            client_data=message.client_data,
            attestation_object=message.attestation_object,
        )

    def _assertion(self, message: _Message, party: RelyingParty) -> PasskeyAnswer:
        from chassis.passkeys.verification import verify_assertion

        if message.authenticator_data is None or message.public_key is None:
            raise PasskeyMalformed("neither a registration nor an assertion")
        return verify_assertion(
            party,
            passkey_challenge(message.nonce, message.device_public_key),
            credential_id=message.credential_id,
            client_data=message.client_data,
            authenticator_data=message.authenticator_data,
            signature=self.signature,
            public_key=message.public_key,
        )
