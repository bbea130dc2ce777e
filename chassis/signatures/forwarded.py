"""An act handed on whole: a service passes on what a member signed to it; the receiver checks it itself."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.signatures.acts import ActLimits, PublicKeyOf, SignedAct, verify_act
from chassis.signatures.errors import ActForAnotherTarget, ActMalformed

_KEY_ID = re.compile(r'keyid="([A-Za-z0-9_-]{43})"')
# Freshness was the first receiver's to judge; an intent may be finished long after, by a reconciler.
FORWARDED_LIMITS = ActLimits(age_seconds=None)

ForwardedField = Literal["signature", "signature-input", "content-digest", "idempotency-key"]
FieldValue = Annotated[str, StringConstraints(max_length=2_048)]


class ForwardedAct(BaseModel):
    """The JSON form of a signed act; `body` is base64 of the bytes that were signed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Annotated[str, StringConstraints(max_length=16)]
    target_uri: Annotated[str, StringConstraints(max_length=2_048)]
    headers: dict[ForwardedField, FieldValue]
    body: Annotated[str, StringConstraints(max_length=1_400_000)]

    @classmethod
    def of(cls, act: SignedAct) -> Self:
        """The form in which this act is passed on."""
        headers: dict[ForwardedField, str] = {
            "signature": act.signature,
            "signature-input": act.signature_input,
            "content-digest": act.content_digest,
        }
        if act.idempotency_key is not None:
            headers["idempotency-key"] = act.idempotency_key
        return cls(
            method=act.method,
            target_uri=act.target_uri,
            headers=headers,
            body=b64encode(act.body).decode(),
        )

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; raises pydantic's ValidationError on anything else."""
        return cls.model_validate(value)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, to be sent or kept in an intent."""
        return self.model_dump(mode="json")

    @property
    def key_id(self) -> str:
        """The device key that the act names, not yet verified: whose key and certificate to look up."""
        named = _KEY_ID.search(self.headers.get("signature-input", ""))
        if named is None:
            raise ActMalformed("the signature names no device key")
        return named[1]

    def verify(
        self,
        *,
        public_url: str,
        public_key: PublicKeyOf,
        wallets: Collection[str] = (),
        now: datetime,
        limits: ActLimits = FORWARDED_LIMITS,
    ) -> SignedAct:
        """Verify the act as it was signed to another service of this deployment.

        Raises a subclass of ActRefused. Whether it was already used is the receiver's to know.
        """
        if not self.target_uri.startswith(f"{public_url}/"):
            raise ActForAnotherTarget(f"{public_url}/", self.target_uri)
        try:
            body = b64decode(self.body, validate=True)
        except (NotBase64, ValueError):
            raise ActMalformed("the body is not base64") from None
        return verify_act(
            method=self.method,
            target_uri=self.target_uri,
            headers=dict(self.headers),
            body=body,
            public_key=public_key,
            wallets=wallets,
            now=now,
            limits=limits,
        )
