"""Check the file of a signed act: what was signed, by which device, and who certified the device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from guildhall.verify.act_signatures import check_body, check_signature
from guildhall.verify.device_certificates import certifier_of
from guildhall.verify.findings import Altered, Unreadable

FORMAT = 1
Shown = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckedAct:
    """A sound act; key, fingerprint and `is_signed` are its device's certifier's. `is_by_wallet`: that one
    signed the act itself, in the device's place."""

    method: str
    target_uri: str
    signed_at: datetime
    device_key_id: str
    issuer_kind: str
    key: str
    fingerprint: str | None
    is_signed: bool
    is_by_wallet: bool


def check_act(file: Shown) -> CheckedAct:
    """Raises Altered, naming what does not fit, and Unreadable."""
    if file.get("format") != FORMAT:
        raise Unreadable(f"the act has the format {file.get('format')}: use a newer release")
    try:
        act, certificate = file["act"], file["certificate"]
        if certificate is None:
            raise Altered("no certificate of the device is given: nobody stands behind its key")
        signed_at = datetime.fromtimestamp(act["created"], UTC)
        check_body(act)
        is_by_wallet = check_signature(act, certificate)
        certifier = certifier_of(certificate, act["target_uri"], signed_at)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, IndexError) as error:
        raise Unreadable(f"the act cannot be read: {error!r}") from error
    return CheckedAct(
        method=act["method"],
        target_uri=act["target_uri"],
        signed_at=signed_at,
        device_key_id=act["device_key_id"],
        issuer_kind=certificate["issuer_kind"],
        key=certifier.key,
        fingerprint=certifier.fingerprint,
        is_signed=certifier.is_signed,
        is_by_wallet=is_by_wallet,
    )
