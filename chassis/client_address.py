"""How the gateway tells a service whose request it passes on, so that nobody else can.

The address is believed only beside a token that the gateway signed, under its own key, to this very
service. No address beside it says that the client is not counted by address: a direct one on this machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.auth.claims import ServiceClaims
from chassis.auth.jwks_client import KeysUnavailable
from chassis.auth.verifier import TokenRefused

if TYPE_CHECKING:
    from fastapi import Request

    from chassis.auth.verifier import TokenVerifier

GATEWAY = "gateway"
VOUCHER_HEADER = "guildhall-gateway"
ADDRESS_HEADER = "guildhall-client-address"
ADDRESS_MAX_CHARACTERS = 64


async def told_address(request: Request, verifier: TokenVerifier) -> tuple[str | None, bool]:
    """The address as the gateway tells it, and whether it is the gateway that tells."""
    vouchers = request.headers.getlist(VOUCHER_HEADER)
    if len(vouchers) != 1:
        return None, False
    try:
        claims = await verifier.verify(vouchers[0])
    except (TokenRefused, KeysUnavailable):
        return None, False
    if not isinstance(claims, ServiceClaims) or claims.service != GATEWAY:
        return None, False
    address = request.headers.get(ADDRESS_HEADER, "")[:ADDRESS_MAX_CHARACTERS]
    return address or None, True
