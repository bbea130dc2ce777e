"""The certificates of one device key, each with the session that its sign-in began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.store.keys import CertificateRecord


@dataclass(frozen=True, slots=True)
class DeviceCertificateRow:
    """A certificate and the key that it certifies, 32 bytes."""

    session_id: UUID
    device_public_key: bytes
    certificate: CertificateRecord


async def certificates_of(
    unit: UnitOfWork, device_key_id: str, until: datetime | None, after: UUID | None, limit: int
) -> Sequence[DeviceCertificateRow]:
    """The newest first, by their sessions' ids; at most `limit` and one more, to see if others follow."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        SELECT certificates.session_id, keys.public_key, certificates.issuer_kind, certificates.issuer,
               certificates.message, certificates.signature, certificates.certified_at
        FROM device_certificates AS certificates
        JOIN device_keys AS keys ON keys.id = certificates.device_key_id
        WHERE certificates.device_key_id = $1
          AND ($2::timestamptz IS NULL OR certificates.certified_at <= $2)
          AND ($3::uuid IS NULL OR certificates.session_id < $3)
        ORDER BY certificates.session_id DESC LIMIT $4
        """,
        device_key_id,
        until,
        after,
        limit + 1,
    )
    return [
        DeviceCertificateRow(
            row["session_id"],
            row["public_key"],
            CertificateRecord(
                row["issuer_kind"], row["issuer"], row["message"], row["signature"], row["certified_at"]
            ),
        )
        for row in rows
    ]
