"""The form of every token: a JSON Web Token signed with Ed25519 (RFC 7519, RFC 9864), typed in its header."""

from collections.abc import Mapping
from typing import Any

from joserfc import jwt

from chassis.auth.keys import ALGORITHM, SigningKey

MEMBER_TOKEN_TYPE = "at+jwt"
SERVICE_TOKEN_TYPE = "guildhall-service+jwt"


def signed_token(key: SigningKey, token_type: str, claims: Mapping[str, Any]) -> str:
    """The token of these claims under this key."""
    header = {"alg": ALGORITHM, "typ": token_type, "kid": key.key_id}
    return jwt.encode(header, dict(claims), key.private_key, algorithms=[ALGORITHM])
