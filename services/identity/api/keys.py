"""Identity's public signing keys: of tokens, which rotate, and of exports, which stay to be checked."""

from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.auth.keys import SigningKey
from services.identity.api.joined import Joined

JWKS_AGE_SECONDS = 300

router = APIRouter(tags=["auth"])


@router.get("/.well-known/jwks.json")
async def get_jwks(response: Response, identity: Joined) -> dict[str, list[dict[str, Any]]]:
    """The keys that sign members' tokens (RFC 7517)."""
    response.headers["Cache-Control"] = f"public, max-age={JWKS_AGE_SECONDS}"
    return {"keys": [dict(key) for key in identity.issuer.jwk_set()["keys"]]}


@router.get("/v1/export-keys")
async def get_export_keys(response: Response, request: Request) -> dict[str, list[dict[str, Any]]]:
    """The keys that seal members' exports (RFC 7517), for `guildhall verify`. Open to everybody."""
    response.headers["Cache-Control"] = f"public, max-age={JWKS_AGE_SECONDS}"
    signing: SigningKey = request.app.state.chassis.keys.signing
    return {"keys": [dict(signing.jwk())]}
