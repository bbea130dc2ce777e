"""Signed acts: made, and verified against the device key, the public address and the clock.

The canonical spelling of the profile is verified here in one step, as the path of every act is hot; any
other spelling of the same signature is read by the RFC 9421 library. Tests hold the one to the other.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chassis.signatures.errors import (
    ActForAnotherTarget,
    ActFromTheFuture,
    ActKeyUnknown,
    ActMalformed,
    ActSignatureWrong,
    ActTooOld,
    ActWalletUnknown,
)
from chassis.signatures.profile import (
    Fields,
    SignableRequest,
    content_digest,
    signable_request,
    signature_base,
    signature_parameters,
)
from chassis.signatures.spelling import verify_other_spelling
from chassis.signatures.typed_acts import WALLET_ALGORITHM, typed_act_hash, wallet_that_signed
from chassis.siwe.errors import WalletSignatureMalformed

PublicKeyOf = Callable[[str], Ed25519PublicKey | None]

_CANONICAL_INPUT = re.compile(
    r'act=(\("@method" "@target-uri" "content-digest"( "idempotency-key")?\);created=(0|[1-9][0-9]{0,11});'
    r'keyid="([A-Za-z0-9_-]{43})";alg="(ed25519|eip712)";nonce="([A-Za-z0-9_-]{16,64})";'
    r'tag="guildhall-act")'
)
_CANONICAL_SIGNATURE = re.compile(r"act=:([A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{87}=):")
_CREATED_SECONDS_MAX = 253_402_300_799  # the end of the year 9999


@dataclass(frozen=True, slots=True)
class ActLimits:
    """How old a signature may be (None: any age), how far ahead of this clock, how long its fields."""

    age_seconds: int | None = 300
    ahead_seconds: int = 30
    field_max_characters: int = 2_048


DEFAULT_LIMITS = ActLimits()


@dataclass(frozen=True, slots=True)
class SignedAct:
    """A verified act: what was signed, by which device key, and the fields that prove it to anybody.

    `wallet_address`: of the wallet that signed in the device's place (EIP-55); kept acts are read without it.
    """

    key_id: str
    nonce: str
    created: datetime
    method: str
    target_uri: str
    content_digest: str
    idempotency_key: str | None
    signature: str
    signature_input: str
    body: bytes
    wallet_address: str | None = None


def sign_act(
    *,
    private_key: Ed25519PrivateKey,
    key_id: str,
    method: str,
    target_uri: str,
    body: bytes,
    created: datetime,
    nonce: str,
    idempotency_key: str | None = None,
) -> dict[str, str]:
    """The header fields that sign this request; `idempotency_key` is the value of its own field."""
    digest = content_digest(body)
    parameters = signature_parameters(
        created_seconds=int(created.timestamp()),
        key_id=key_id,
        nonce=nonce,
        with_idempotency_key=idempotency_key is not None,
    )
    base = signature_base(
        method=method,
        target_uri=target_uri,
        digest=digest,
        idempotency_key=idempotency_key,
        parameters=parameters,
    )
    fields = {
        "content-digest": digest,
        "signature-input": f"act={parameters}",
        "signature": f"act=:{b64encode(private_key.sign(base)).decode()}:",
    }
    return fields if idempotency_key is None else {**fields, "idempotency-key": idempotency_key}


def verify_act(
    *,
    method: str,
    target_uri: str,
    headers: Fields,
    body: bytes,
    public_key: PublicKeyOf,
    wallets: Collection[str] = (),
    now: datetime,
    limits: ActLimits = DEFAULT_LIMITS,
    seen_target_uri: str | None = None,
) -> SignedAct:
    """Verify the act that a request carries.

    `target_uri` is the public address, path and query as sent. `seen_target_uri` is the address that the
    client itself wrote; it is only tried after a failure, to name the right one. `public_key` gives the
    key of a device key id, or None; `wallets`: addresses (EIP-55) that may sign in its place (EIP-712).
    Raises a subclass of ActRefused.
    """
    keys = _Keys(public_key, wallets)
    request = signable_request(
        method=method,
        target_uri=target_uri,
        headers=headers,
        body=body,
        field_max_characters=limits.field_max_characters,
    )
    try:
        return _verified(request, keys, now, limits)
    except ActSignatureWrong:
        if seen_target_uri is None or seen_target_uri == target_uri:
            raise
        seen = SignableRequest(method, seen_target_uri, request.headers, body)
        try:
            _verified(seen, keys, now, limits)
        except (ActSignatureWrong, ActMalformed, UnicodeEncodeError):
            pass
        else:
            raise ActForAnotherTarget(target_uri, seen_target_uri) from None
        raise


@dataclass(frozen=True, slots=True)
class _Keys:
    """Who may have signed."""

    public_key: PublicKeyOf
    wallets: Collection[str]

    def of_device(self, key_id: str) -> Ed25519PublicKey:
        """Raises ActKeyUnknown."""
        key = self.public_key(key_id)
        if key is None:
            raise ActKeyUnknown(key_id)
        return key


def _verified(request: SignableRequest, keys: _Keys, now: datetime, limits: ActLimits) -> SignedAct:
    described = _CANONICAL_INPUT.fullmatch(request.headers["signature-input"])
    signature = _CANONICAL_SIGNATURE.fullmatch(request.headers["signature"])
    if described is None or signature is None:
        return _verified_by_library(request, keys, now, limits)
    parameters, covers_idempotency_key, created, key_id, algorithm, nonce = described.groups()
    idempotency_key = request.headers.get("idempotency-key")
    _check_coverage(idempotency_key, covers_idempotency_key is not None)
    created_seconds = int(created)
    _check_time(created_seconds, now, limits)
    if algorithm == WALLET_ALGORITHM:
        return _verified_by_wallet(request, keys, key_id, nonce, created_seconds, b64decode(signature[1]))
    base = signature_base(
        method=request.method,
        target_uri=request.url,
        digest=request.headers["content-digest"],
        idempotency_key=idempotency_key,
        parameters=parameters,
    )
    try:
        keys.of_device(key_id).verify(b64decode(signature[1]), base)
    except InvalidSignature:
        raise ActSignatureWrong(request.url) from None
    return _signed_act(request, key_id, nonce, created_seconds)


def _verified_by_wallet(
    request: SignableRequest, keys: _Keys, key_id: str, nonce: str, created_seconds: int, signature: bytes
) -> SignedAct:
    keys.of_device(key_id)
    if not keys.wallets:
        raise ActWalletUnknown(key_id)
    signed = typed_act_hash(
        method=request.method,
        target_uri=request.url,
        body=request.body,
        idempotency_key=request.headers.get("idempotency-key"),
        created_seconds=created_seconds,
        nonce=nonce,
        key_id=key_id,
    )
    try:
        address = wallet_that_signed(signed, signature)
    except WalletSignatureMalformed:
        raise ActSignatureWrong(request.url) from None
    if address not in keys.wallets:
        raise ActSignatureWrong(request.url)
    return _signed_act(request, key_id, nonce, created_seconds, address)


def _verified_by_library(
    request: SignableRequest, keys: _Keys, now: datetime, limits: ActLimits
) -> SignedAct:
    described = verify_other_spelling(
        request,
        known_key=keys.of_device,
        check_time=lambda created_seconds: _check_time(created_seconds, now, limits),
    )
    _check_coverage(request.headers.get("idempotency-key"), described.covers_idempotency_key)
    return _signed_act(request, described.key_id, described.nonce, described.created_seconds)


def _check_coverage(idempotency_key: str | None, covered: bool) -> None:
    if idempotency_key is not None and not covered:
        raise ActMalformed("the field idempotency-key is sent but not signed")
    if idempotency_key is None and covered:
        raise ActMalformed("the field idempotency-key is signed but not sent")


def _check_time(created_seconds: int, now: datetime, limits: ActLimits) -> None:
    if not 0 <= created_seconds <= _CREATED_SECONDS_MAX:
        raise ActMalformed("created is no time between the years 1970 and 9999")
    now_seconds = int(now.timestamp())
    if created_seconds > now_seconds + limits.ahead_seconds:
        raise ActFromTheFuture(created_seconds, limits.ahead_seconds, now)
    if limits.age_seconds is not None and created_seconds < now_seconds - limits.age_seconds:
        raise ActTooOld(created_seconds, limits.age_seconds, now)


def _signed_act(
    request: SignableRequest, key_id: str, nonce: str, created_seconds: int, wallet_address: str | None = None
) -> SignedAct:
    return SignedAct(
        key_id=key_id,
        nonce=nonce,
        created=datetime.fromtimestamp(created_seconds, UTC),
        method=request.method,
        target_uri=request.url,
        content_digest=request.headers["content-digest"],
        idempotency_key=request.headers.get("idempotency-key"),
        signature=request.headers["signature"],
        signature_input=request.headers["signature-input"],
        body=request.body,
        wallet_address=wallet_address,
    )
