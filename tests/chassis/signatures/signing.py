"""Acts signed by the chassis and by the library, and their verification, for the tests of signatures."""

from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures.algorithms import ED25519  # pyright: ignore[reportPrivateImportUsage]
from http_message_signatures.resolvers import MappingKeyResolver
from http_message_signatures.signatures import HTTPMessageSigner

from chassis.signatures import (
    ActLimits,
    SignedAct,
    content_digest,
    sign_act,
    verify_act,
)
from chassis.signatures.profile import Fields, SignableRequest

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TARGET = "http://localhost:8080/v1/unions/weavers/backlinks/ada?topic=wool%20dye"
BODY = b'{"topic":"wool"}'
KEY_ID = "k" * 43
NONCE = "n0nce-of_16chars"
DEVICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_DEVICE = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def key_of(key_id: str) -> Ed25519PublicKey | None:
    return DEVICE.public_key() if key_id == KEY_ID else None


def signed(idempotency_key: str | None = None, created: datetime = NOW) -> dict[str, str]:
    return sign_act(
        private_key=DEVICE,
        key_id=KEY_ID,
        method="PUT",
        target_uri=TARGET,
        body=BODY,
        created=created,
        nonce=NONCE,
        idempotency_key=idempotency_key,
    )


def verify(
    headers: Fields,
    *,
    method: str = "PUT",
    target_uri: str = TARGET,
    body: bytes = BODY,
    now: datetime = NOW,
    public_key: Callable[[str], Ed25519PublicKey | None] = key_of,
    seen_target_uri: str | None = None,
    limits: ActLimits | None = None,
) -> SignedAct:
    return verify_act(
        method=method,
        target_uri=target_uri,
        headers=headers,
        body=body,
        public_key=public_key,
        now=now,
        seen_target_uri=seen_target_uri,
        limits=limits or ActLimits(),
    )


class Lines:
    """Header lines as a server receives them: a name may come twice."""

    def __init__(self, *lines: tuple[str, str]) -> None:
        self._lines = lines

    def items(self) -> tuple[tuple[str, str], ...]:
        return self._lines


def signed_by_library(
    covered: tuple[str, ...] = ("@method", "@target-uri", "content-digest"),
    *,
    label: str = "act",
    tag: str | None = "guildhall-act",
    idempotency_key: str | None = None,
    body: bytes = BODY,
    nonce: str | None = NONCE,
    include_alg: bool = True,
    expires: datetime | None = None,
) -> dict[str, str]:
    message = SignableRequest("PUT", TARGET, {"content-digest": content_digest(body)}, body)
    if idempotency_key is not None:
        message.headers["idempotency-key"] = idempotency_key
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={KEY_ID: DEVICE}),
    )
    signer.sign(
        message,
        key_id=KEY_ID,
        created=NOW,
        expires=expires,
        nonce=nonce,
        label=label,
        tag=tag,
        include_alg=include_alg,
        covered_component_ids=covered,
        use_existing_digest=True,
    )
    return {name.lower(): value for name, value in message.headers.items()}


def respelled(signature_input: str) -> str:
    """The same signature input with the spaces that structured fields allow."""
    return signature_input.replace('("@method"', '( "@method" ').replace(";created", "; created")
