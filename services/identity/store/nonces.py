"""Nonces of sign-in: bound to the browser that asked, each used up by whoever presents it first."""

from datetime import datetime

from chassis.unit_of_work import UnitOfWork


async def add_nonce(unit: UnitOfWork, nonce: str, browser_hash: bytes, expires_at: datetime) -> None:
    raw = await unit.raw()
    await raw.execute(
        "INSERT INTO nonces (nonce, browser_hash, expires_at) VALUES ($1, $2, $3)",
        nonce,
        browser_hash,
        expires_at,
    )


async def use_up_nonce(unit: UnitOfWork, nonce: str, browser_hash: bytes) -> bool:
    """Take the nonce away from everybody; True when it was there for this browser and in time."""
    raw = await unit.raw()
    expires_at: datetime | None = await raw.fetchval(
        "DELETE FROM nonces WHERE nonce = $1 AND browser_hash = $2 RETURNING expires_at",
        nonce,
        browser_hash,
    )
    return expires_at is not None and unit.now < expires_at


async def use_up_signed_nonce(unit: UnitOfWork, nonce: str) -> bool:
    """As `use_up_nonce`, for who signs the act that presents it: the cookie goes to sign-in alone."""
    raw = await unit.raw()
    expires_at: datetime | None = await raw.fetchval(
        "DELETE FROM nonces WHERE nonce = $1 RETURNING expires_at", nonce
    )
    return expires_at is not None and unit.now < expires_at


async def forget_nonces(unit: UnitOfWork, before: datetime, limit: int) -> int:
    """Drop expired nonces, at most `limit`; returns how many."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        DELETE FROM nonces WHERE nonce IN (
            SELECT nonce FROM nonces WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
        RETURNING 1
        """,
        before,
        limit,
    )
    return len(rows)
