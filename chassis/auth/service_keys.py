"""A service's own key and the public keys of all services; its tokens for the others are signed here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from chassis.auth.keys import (
    KeyFileWrong,
    SigningKey,
    VerifyingKey,
    create_signing_key,
    load_signing_key,
    read_jwk_set,
)
from chassis.auth.tokens import SERVICE_TOKEN_TYPE, signed_token
from chassis.clock import Clock

JWKS_FILE_NAME = "service-keys.json"


@dataclass(frozen=True, slots=True)
class ServiceKeys:
    """What a service proves itself with, and knows the others by."""

    service: str
    signing: SigningKey
    verifying: Mapping[str, VerifyingKey]
    clock: Clock
    token_seconds: int = 60
    _for_nobody: dict[str, tuple[int, str]] = field(default_factory=dict[str, tuple[int, str]])
    """Tokens that name neither member nor intent, by audience: each serves for half its life."""

    @classmethod
    def load(cls, service: str, key_file: Path, keys_file: Path, clock: Clock) -> "ServiceKeys":
        """Read both files; the service's own key must be in the set. Raises KeyFileWrong."""
        signing = load_signing_key(key_file)
        verifying = load_service_keys(keys_file)
        known = verifying.get(signing.key_id)
        if known is None or known.service != service:
            raise KeyFileWrong(f"the key in {key_file} is not the one that {keys_file} gives to {service}")
        return cls(service, signing, verifying, clock)

    def token_for(
        self, audience: str, *, member_id: UUID | None = None, intent_id: UUID | None = None
    ) -> str:
        """A token for one other service that names the member and the intent acted for."""
        now_seconds = int(self.clock.now().timestamp())
        if member_id is None and intent_id is None:
            made_seconds, token = self._for_nobody.get(audience, (0, ""))
            if not 0 <= now_seconds - made_seconds < self.token_seconds // 2:
                token = self._signed(audience, now_seconds, {})
                self._for_nobody[audience] = (now_seconds, token)
            return token
        named = {"member": member_id, "intent": intent_id}
        act = {what: str(which) for what, which in named.items() if which is not None}
        return self._signed(audience, now_seconds, {"act": act})

    def _signed(self, audience: str, now_seconds: int, more: Mapping[str, Any]) -> str:
        name = f"service:{self.service}"
        claims: dict[str, Any] = {
            "iss": name,
            "sub": name,
            "aud": audience,
            "iat": now_seconds,
            "exp": now_seconds + self.token_seconds,
            **more,
        }
        return signed_token(self.signing, SERVICE_TOKEN_TYPE, claims)


def load_service_keys(path: Path) -> dict[str, VerifyingKey]:
    """The public keys of all services from their one JWKS file. Raises KeyFileWrong."""
    try:
        jwk_set = orjson.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeyFileWrong(f"{path} is no readable JWKS file: {error}") from error
    try:
        keys = read_jwk_set(jwk_set if isinstance(jwk_set, dict) else {})
    except KeyFileWrong as error:
        raise KeyFileWrong(f"{path}: {error}") from error
    named = {key_id: key for key_id, key in keys.items() if key.service is not None}
    if not named:
        raise KeyFileWrong(f"{path} gives no service an Ed25519 key (members kid, x and service)")
    return named


def provision_service_keys(folder: Path, services: tuple[str, ...]) -> Path:
    """See that every service has its `<service>.pem` in this folder; returns the JWKS file of all of them."""
    jwks: list[dict[str, str]] = []
    for service in services:
        path = folder / f"{service}.pem"
        key = load_signing_key(path) if path.exists() else create_signing_key(path)
        jwks.append(key.jwk(service=service))
    jwks_path = folder / JWKS_FILE_NAME
    content = orjson.dumps({"keys": jwks}, option=orjson.OPT_INDENT_2)
    if not jwks_path.exists() or jwks_path.read_bytes() != content:
        jwks_path.write_bytes(content)
    return jwks_path
