"""The keys of members, wallets and passkeys, and the device keys that they certify."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The member behind a key."""

    member_id: UUID
    handle: str


@dataclass(frozen=True, slots=True)
class SignInScene:
    """What a sign-in meets: the member's key and the device key, where they are known.

    `locked_by`: the recovery for whose sake nobody signs in to the holder's account.
    """

    holder: KeyHolder | None
    key_removed: bool
    locked_by: UUID | None
    device_member_id: UUID | None
    device_revoked: bool
    erasing: bool
    """The holder's account is being erased."""


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """The message by which a member's key certified a device key, and its signature, as they were signed."""

    issuer_kind: str
    issuer: str
    message: str
    signature: str
    certified_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceKeyRecord:
    """A device key with its newest certificates, newest first."""

    id: str
    member_id: UUID
    kind: str
    public_key: bytes
    revoked_at: datetime | None
    certificates: tuple[CertificateRecord, ...]


async def sign_in_scene(unit: UnitOfWork, kind: str, identifier: str, device_key_id: str) -> SignInScene:
    """Who holds the member's key and who the device key, in one statement."""
    raw = await unit.raw()
    row = await raw.fetchrow(
        """
        SELECT members.id, members.handle, members.locked_by, device_keys.member_id AS device_member_id,
               device_keys.revoked_at IS NOT NULL AS device_revoked,
               coalesce(member_keys.removed_at <= $4, false) AS key_removed,
               members.erasing_since IS NOT NULL AS erasing
        FROM (VALUES (1)) AS one (row)
        LEFT JOIN member_keys ON member_keys.kind = $1 AND member_keys.identifier = $2
        LEFT JOIN members ON members.id = member_keys.member_id
        LEFT JOIN device_keys ON device_keys.id = $3
        """,
        kind,
        identifier,
        device_key_id,
        unit.now,
    )
    assert row is not None
    holder = None if row["id"] is None else KeyHolder(row["id"], row["handle"])
    return SignInScene(
        holder,
        row["key_removed"],
        row["locked_by"],
        row["device_member_id"],
        row["device_revoked"],
        row["erasing"],
    )


async def add_member_with_key(
    unit: UnitOfWork, member_id: UUID, handle: str, look: str, kind: str, identifier: str
) -> bool:
    """A new member known by this key; False, and nothing written, when the key has a holder by now."""
    raw = await unit.raw()
    return (
        await raw.fetchval(
            """
            WITH known AS (
                INSERT INTO member_keys (kind, identifier, member_id, added_at) VALUES ($3, $4, $1, $5)
                ON CONFLICT (kind, identifier) DO NOTHING RETURNING member_id),
            added AS (
                INSERT INTO members (id, handle, name, bio, version, created_at)
                SELECT member_id, $2, '', '', 1, $5 FROM known RETURNING id, handle),
            looking AS (
                INSERT INTO handle_looks (look, member_id, recorded_at) SELECT $6, id, $5 FROM added)
            INSERT INTO handles (handle, member_id, taken_at) SELECT handle, id, $5 FROM added
            RETURNING member_id
            """,
            member_id,
            handle,
            kind,
            identifier,
            unit.now,
            look,
        )
        is not None
    )


async def add_key(unit: UnitOfWork, member_id: UUID, kind: str, identifier: str, name: str = "") -> bool:
    """One more key of a member; False, and nothing written, when somebody has or had it."""
    raw = await unit.raw()
    status = await raw.execute(
        """
        INSERT INTO member_keys (kind, identifier, member_id, added_at, name) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (kind, identifier) DO NOTHING
        """,
        kind,
        identifier,
        member_id,
        unit.now,
        name,
    )
    return status == "INSERT 0 1"


async def device_key(unit: UnitOfWork, device_key_id: str, certificates_max: int) -> DeviceKeyRecord | None:
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        SELECT keys.id, keys.member_id, keys.kind, keys.public_key, keys.revoked_at, certificates.issuer_kind,
               certificates.issuer, certificates.message, certificates.signature, certificates.certified_at
        FROM device_keys AS keys
        JOIN device_certificates AS certificates ON certificates.device_key_id = keys.id
        WHERE keys.id = $1
        ORDER BY certificates.certified_at DESC, certificates.session_id DESC LIMIT $2
        """,
        device_key_id,
        certificates_max,
    )
    if not rows:
        return None
    key = rows[0]
    return DeviceKeyRecord(
        id=key["id"],
        member_id=key["member_id"],
        kind=key["kind"],
        public_key=key["public_key"],
        revoked_at=key["revoked_at"],
        certificates=tuple(
            CertificateRecord(
                row["issuer_kind"], row["issuer"], row["message"], row["signature"], row["certified_at"]
            )
            for row in rows
        ),
    )
