"""Web push: encrypted for one browser (RFC 8291), sent to its push service under our key (RFC 8292)."""

from __future__ import annotations

from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from chassis.auth.derived_keys import derived_key
from chassis.egress.late import LateEgress, NotAnswered
from chassis.passkeys.base64url import write_base64url
from services.identity.notices.domain.address import Address, Outcome

if TYPE_CHECKING:
    from webpush import WebPush

    from services.identity.notices.domain.message import Message
    from services.identity.notices.settings import NoticeSettings

GONE = frozenset({404, 410})
TAKEN = range(200, 300)
TEXT_MAX_BYTES = 1_500
"""A push service takes 4,096 bytes, the encryption's own included (RFC 8188, 8291); JSON may double it."""
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256 (SEC 2)."""


def application_server_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """The key by which push services know this deployment: all its replicas derive the same."""
    derived = derived_key(secret, "web push", 48)
    return ec.derive_private_key(int.from_bytes(derived) % (_ORDER - 1) + 1, ec.SECP256R1())


class PushChannel:
    """`public_key` is what a browser subscribes with. Close it."""

    def __init__(self, settings: NoticeSettings, secret: bytes, *, loopback_allowed: bool) -> None:
        self._settings = settings
        self._key = application_server_key(secret)
        self._egress = LateEgress(
            settings.notice_timeout_seconds,
            settings.push_answer_max_bytes,
            settings.notices_at_once_max,
            loopback_allowed=loopback_allowed,
        )

    @cached_property
    def public_key(self) -> str:
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return write_base64url(point)

    async def send(self, address: Address, message: Message) -> Outcome:
        """The token's time is the library's, of this machine's clock."""
        from webpush import WebPushSubscription

        assert address.keys is not None
        subscription = WebPushSubscription.model_validate(
            {"endpoint": address.target, "keys": {"auth": address.keys.auth, "p256dh": address.keys.p256dh}}
        )
        try:
            sealed = self._sealing.get(shown(message), subscription)
        except ValueError:
            return Outcome("the browser's key is none", is_gone=True)
        headers: dict[str, str] = {
            **{name: str(value) for name, value in sealed.headers.items()},
            "content-type": "application/octet-stream",
            "urgency": "normal",
        }
        try:
            answer = await self._egress.post(address.target, sealed.encrypted, headers)
        except NotAnswered as failed:
            return Outcome(failed.reason)
        if answer.status in TAKEN:
            return Outcome()
        return Outcome(f"the push service answered {answer.status}", is_gone=answer.status in GONE)

    async def close(self) -> None:
        await self._egress.close()

    @cached_property
    def _sealing(self) -> WebPush:
        from webpush import WebPush

        private = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return WebPush(
            private_key=private,
            public_key=BytesIO(public),
            subscriber=str(self._settings.push_contact),
            ttl=self._settings.push_kept_seconds,
        )


def shown(message: Message) -> bytes:
    """What the page's worker shows; `tag`: a later one takes the place of one that was not looked at."""
    text = message.text.encode()[:TEXT_MAX_BYTES].decode(errors="ignore")
    return orjson.dumps({"title": message.title, "text": text, "url": message.url, "tag": "notices"})
