"""Sessions and their refresh tokens; of a token only the hash is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.refresh_family import PresentedToken

# Member and key are held: an account that is locked, or a key that is removed, at the same time begins none.
_START = """
WITH holder AS (
    SELECT members.id FROM members JOIN member_keys ON member_keys.member_id = members.id
    WHERE members.id = $2 AND members.locked_by IS NULL AND members.erasing_since IS NULL
      AND member_keys.kind = $8 AND member_keys.identifier = $13
      AND (member_keys.removed_at IS NULL OR member_keys.removed_at > $4)
    FOR SHARE),
device AS (
    INSERT INTO device_keys AS present (id, member_id, kind, public_key, certified_at)
    SELECT $1, id, 'ed25519', $3, $4 FROM holder
    ON CONFLICT (id) DO UPDATE SET certified_at = excluded.certified_at
        WHERE present.member_id = excluded.member_id AND present.revoked_at IS NULL
    RETURNING id),
started AS (
    INSERT INTO sessions (id, member_id, device_key_id, refresh_salt, newest_generation, created_at,
                          expires_at)
    SELECT $5, $2, id, $6, 1, $4, $7 FROM device RETURNING id, device_key_id),
certified AS (
    INSERT INTO device_certificates (device_key_id, session_id, issuer_kind, issuer, message, signature,
                                     certified_at)
    SELECT device_key_id, id, $8, $9, $10, $11, $4 FROM started)
INSERT INTO refresh_tokens (token_hash, session_id, generation) SELECT $12, id, 1 FROM started
RETURNING session_id
"""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session as sign-in begins it, with the certificate of its device key."""

    id: UUID
    member_id: UUID
    device_key_id: str
    public_key: bytes
    issuer_kind: str
    issuer: str
    key_identifier: str
    message: str
    signature: str
    refresh_salt: bytes
    refresh_hash: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LiveSession:
    """What a token says of a session that lives; it began with a proof of a key of its member's."""

    id: UUID
    member_id: UUID
    handle: str
    device_key_id: str
    public_key: bytes
    began_at: datetime
    exits_only: bool = False
    """An operator has locked the account."""
    wallet_address: str | None = None
    """Of the wallet that opened it and is still the member's (EIP-55); None of passkeys and contracts."""


@dataclass(frozen=True, slots=True)
class FoundToken:
    """A refresh token's row with its session, which is locked."""

    session: LiveSession
    refresh_salt: bytes
    presented: PresentedToken


async def start_session(unit: UnitOfWork, session: NewSession) -> bool:
    """Session, device key, certificate and first refresh token; False, and nothing written, when the
    device key is another member's or revoked, the account locked or erased, or the member's key removed."""
    raw = await unit.raw()
    return (
        await raw.fetchval(
            _START,
            session.device_key_id,
            session.member_id,
            session.public_key,
            unit.now,
            session.id,
            session.refresh_salt,
            session.expires_at,
            session.issuer_kind,
            session.issuer,
            session.message,
            session.signature,
            session.refresh_hash,
            session.key_identifier,
        )
        is not None
    )


async def find_refresh_token(unit: UnitOfWork, token_hash: bytes) -> FoundToken | None:
    """The token's family, its session locked: two refreshes at once are one after the other."""
    raw = await unit.raw()
    session_id: UUID | None = await raw.fetchval(
        """
        SELECT sessions.id FROM sessions JOIN refresh_tokens ON refresh_tokens.session_id = sessions.id
        WHERE refresh_tokens.token_hash = $1 FOR UPDATE OF sessions
        """,
        token_hash,
    )
    if session_id is None:
        return None
    # A statement that waited for a lock has an old snapshot: the family is read by the next one.
    row = await raw.fetchrow(
        """
        SELECT sessions.id, sessions.member_id, members.handle, device_keys.id AS device_key_id,
               device_keys.public_key, device_keys.revoked_at, sessions.created_at, sessions.refresh_salt,
               wallets.issuer AS wallet_address,
               sessions.newest_generation, sessions.ended_at, sessions.expires_at,
               refresh_tokens.generation, refresh_tokens.rotated_at
        FROM refresh_tokens
        JOIN sessions ON sessions.id = refresh_tokens.session_id
        JOIN members ON members.id = sessions.member_id
        JOIN device_keys ON device_keys.id = sessions.device_key_id
        LEFT JOIN device_certificates AS wallets ON wallets.device_key_id = sessions.device_key_id
             AND wallets.session_id = sessions.id AND wallets.issuer_kind = 'wallet'
             AND EXISTS (SELECT FROM member_keys WHERE kind = 'wallet' AND identifier = lower(wallets.issuer)
                         AND (removed_at IS NULL OR removed_at > $2))
        WHERE refresh_tokens.token_hash = $1
        """,
        token_hash,
        unit.now,
    )
    assert row is not None
    return FoundToken(
        LiveSession(
            row["id"],
            row["member_id"],
            row["handle"],
            row["device_key_id"],
            row["public_key"],
            row["created_at"],
            wallet_address=row["wallet_address"],
        ),
        row["refresh_salt"],
        PresentedToken(
            generation=row["generation"],
            rotated_at=row["rotated_at"],
            newest_generation=row["newest_generation"],
            session_ended=row["ended_at"] is not None or row["revoked_at"] is not None,
            session_expires_at=row["expires_at"],
        ),
    )


async def rotate_refresh_token(
    unit: UnitOfWork, session_id: UUID, presented_hash: bytes, successor_hash: bytes, generation: int
) -> None:
    """The presented token is used; its successor, of this generation, is the newest."""
    raw = await unit.raw()
    await raw.execute(
        """
        WITH used AS (UPDATE refresh_tokens SET rotated_at = $3 WHERE token_hash = $2),
        counted AS (UPDATE sessions SET newest_generation = $5 WHERE id = $1)
        INSERT INTO refresh_tokens (token_hash, session_id, generation) VALUES ($4, $1, $5)
        """,
        session_id,
        presented_hash,
        unit.now,
        successor_hash,
        generation,
    )


async def end_session(unit: UnitOfWork, session_id: UUID, because: str) -> bool:
    """End a session for ever; False when it had ended."""
    raw = await unit.raw()
    status = await raw.execute(
        "UPDATE sessions SET ended_at = $2, ended_because = $3 WHERE id = $1 AND ended_at IS NULL",
        session_id,
        unit.now,
        because,
    )
    return status == "UPDATE 1"


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session that goes on, and the key by which it was begun."""

    id: UUID
    device_key_id: str
    device_name: str
    key_kind: str
    began_at: datetime
    last_seen_at: datetime
    expires_at: datetime


async def sessions_of(
    unit: UnitOfWork, member_id: UUID, after: UUID | None, limit: int
) -> Sequence[OwnSession]:
    """Those that go on, in the order of their beginning; one more than the limit where there are more."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        SELECT s.id, s.device_key_id, d.name, c.issuer_kind, s.created_at,
               greatest(s.created_at, (
                   SELECT max(rotated_at) FROM refresh_tokens t WHERE t.session_id = s.id)),
               s.expires_at
        FROM sessions s JOIN device_keys d ON d.id = s.device_key_id
        JOIN device_certificates c ON c.device_key_id = d.id AND c.session_id = s.id
        WHERE s.member_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND d.revoked_at IS NULL
          AND ($3::uuid IS NULL OR s.id > $3)
        ORDER BY s.id LIMIT $4 + 1
        """,
        member_id,
        unit.now,
        after,
        limit,
    )
    return [OwnSession(*row.values()) for row in rows]


async def is_session_of(unit: UnitOfWork, session_id: UUID, member_id: UUID) -> bool:
    """Also of one that has ended."""
    raw = await unit.raw()
    query = "SELECT 1 FROM sessions WHERE id = $1 AND member_id = $2"
    return await raw.fetchval(query, session_id, member_id) is not None


async def end_sessions(unit: UnitOfWork, member_id: UUID, because: str) -> Sequence[UUID]:
    """All of a member's; returns which ones went on."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        UPDATE sessions SET ended_at = $2, ended_because = $3
        WHERE member_id = $1 AND ended_at IS NULL AND expires_at > $2 RETURNING id
        """,
        member_id,
        unit.now,
        because,
    )
    return sorted(row["id"] for row in rows)


async def session_lives(unit: UnitOfWork, session_id: UUID, member_id: UUID, device_key_id: str) -> bool:
    """Whether a token's session lives, is this member's, and its device key is not revoked: one read."""
    pool = unit.hot_reads()
    return (
        await pool.fetchval(
            """
            SELECT 1 FROM sessions JOIN device_keys ON device_keys.id = sessions.device_key_id
            WHERE sessions.id = $1 AND sessions.member_id = $2 AND sessions.device_key_id = $3
              AND sessions.ended_at IS NULL AND sessions.expires_at > $4 AND device_keys.revoked_at IS NULL
            """,
            session_id,
            member_id,
            device_key_id,
            unit.now,
        )
        is not None
    )


async def forget_sessions(unit: UnitOfWork, expired_for: timedelta, limit: int) -> int:
    """Drop sessions whose time ran out that long ago, with their tokens; certificates stay."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        DELETE FROM sessions WHERE id IN (
            SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)
        RETURNING 1
        """,
        unit.now - expired_for,
        limit,
    )
    return len(rows)
