"""Identity's public signing keys."""

from typing import Any

from fastapi import APIRouter, Response

from services.identity.api.joined import Joined

JWKS_AGE_SECONDS = 300

router = APIRouter(tags=["auth"])


@router.get("/.well-known/jwks.json")
async def get_jwks(response: Response, identity: Joined) -> dict[str, list[dict[str, Any]]]:
    """The keys that sign members' tokens (RFC 7517)."""
    response.headers["Cache-Control"] = f"public, max-age={JWKS_AGE_SECONDS}"
    return {"keys": [dict(key) for key in identity.issuer.jwk_set()["keys"]]}
