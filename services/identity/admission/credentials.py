"""The text of a credential: taken apart, its signature verified by the key that its issuer's name is."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from services.identity.admission.domain.credential import (
    Credential,
    credential_of,
    issuer_of,
    require_header,
)
from services.identity.admission.domain.errors import CredentialRefused
from services.identity.domain.did_key import Curve, DidKey, read_did_key

DEPTH_MAX = 16
"""Objects and lists inside one another."""

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")
_ALGORITHMS = {Curve.ED25519: ("Ed25519", "EdDSA"), Curve.P256: ("ES256",), Curve.SECP256K1: ("ES256K",)}
_CURVES: Mapping[Curve, tuple[str, ec.EllipticCurve]] = {
    Curve.P256: ("P-256", ec.SECP256R1()),
    Curve.SECP256K1: ("secp256k1", ec.SECP256K1()),
}


@dataclass(frozen=True, slots=True)
class VerifiedCredential:
    """`digest`: SHA-256 of what was signed, header and payload. A signature may be written in several ways;
    that may not."""

    credential: Credential
    digest: bytes


def verified_credential(text: str) -> VerifiedCredential:
    """Of a compact JWS. The key is the issuer's name itself, and the algorithm the key's: the header is asked
    for neither. Raises CredentialRefused."""
    parts = _COMPACT.fullmatch(text)
    if parts is None:
        raise CredentialRefused("it is not a compact JWS")
    header, payload = _object(parts[1]), _object(parts[2])
    issuer = issuer_of(payload)
    key = read_did_key(issuer)
    if key is None:
        raise CredentialRefused("its issuer is not a did:key of Ed25519, P-256 or secp256k1")
    algorithms = _ALGORITHMS[key.curve]
    require_header(header, issuer, algorithms)
    try:
        jws.deserialize_compact(text, _public_key(key), registry=_OfKey(algorithms[0], len(text)))
    except (JoseError, ValueError):
        raise CredentialRefused("the issuer's key did not sign it") from None
    digest = hashlib.sha256(f"{parts[1]}.{parts[2]}".encode()).digest()
    return VerifiedCredential(credential_of(header, payload), digest)


class _OfKey(jws.JWSRegistry):
    """One algorithm, whatever the header says: `EdDSA` is the retired name of `Ed25519` (RFC 9864)."""

    def __init__(self, algorithm: str, length_max: int) -> None:
        super().__init__(strict_check_header=False)
        self._algorithm = algorithm
        self.max_header_length = self.max_payload_length = length_max

    def get_alg(self, name: str) -> Any:
        return self.algorithms[self._algorithm]


def _object(part: str) -> dict[str, Any]:
    """Raises CredentialRefused."""
    try:
        found = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:  # orjson bounds the depth that it reads
        raise CredentialRefused("it is not JSON in base64url") from None
    if not isinstance(found, dict) or not _is_shallow(found, DEPTH_MAX):
        raise CredentialRefused("it is not a plain JSON object")
    return found


def _is_shallow(value: Any, depth: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_is_shallow(one, depth - 1) for one in inner)


def _public_key(did: DidKey) -> OKPKey | ECKey:
    """Raises ValueError where the bytes are no point of the curve."""
    if did.curve is Curve.ED25519:
        return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": _base64url(did.key)})
    name, curve = _CURVES[did.curve]
    point = ec.EllipticCurvePublicKey.from_encoded_point(curve, did.key).public_numbers()
    x, y = point.x.to_bytes(32), point.y.to_bytes(32)
    return ECKey.import_key({"kty": "EC", "crv": name, "x": _base64url(x), "y": _base64url(y)})


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
