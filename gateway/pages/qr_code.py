"""QR codes (ISO/IEC 18004) of this deployment's own addresses: invitations, and whom to pay."""

from __future__ import annotations

import io

import segno

ADDRESS_MAX_CHARACTERS = 1_024


class NotOurAddress(ValueError):
    """The text is no address below the public one, or too long for a code that a phone reads."""


def qr_code(text: str, public_url: str) -> bytes:
    """An SVG with a quiet zone, dark on white. Raises NotOurAddress."""
    if not text.startswith(f"{public_url}/") or len(text) > ADDRESS_MAX_CHARACTERS:
        raise NotOurAddress(text[:80])
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(
        drawn, kind="svg", border=4, light="#ffffff", dark="#000000", omitsize=True, xmldecl=False
    )
    return drawn.getvalue()
