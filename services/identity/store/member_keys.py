"""A member's own keys: named, and removed after a delay in which any other of them takes that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.contract_wallets import CONTRACT_WALLET
from chassis.device_certificates import WALLET
from chassis.unit_of_work import UnitOfWork

_WALLETS = """
SELECT identifier, name, added_at, removed_at FROM member_keys
WHERE member_id = $1 AND kind = ANY($2) AND (removed_at IS NULL OR removed_at > $3)
ORDER BY identifier
"""


@dataclass(frozen=True, slots=True)
class OwnWallet:
    """`address`: in lower case; a contract's with its chain before it (CAIP-10).

    `removed_at`: until when it signs in, where its removal waits.
    """

    address: str
    name: str
    added_at: datetime
    removed_at: datetime | None

    @property
    def kind(self) -> str:
        return _kind_of(self.address)


def _kind_of(address: str) -> str:
    return WALLET if address.startswith("0x") else CONTRACT_WALLET


async def wallets_of(unit: UnitOfWork, member_id: UUID) -> Sequence[OwnWallet]:
    """The living ones: as few as a member may have."""
    rows = await (await unit.raw()).fetch(_WALLETS, member_id, [WALLET, CONTRACT_WALLET], unit.now)
    return [OwnWallet(*row.values()) for row in rows]


async def find_wallet(unit: UnitOfWork, member_id: UUID, address: str) -> OwnWallet | None:
    """One that the member has or had."""
    row = await (await unit.raw()).fetchrow(
        """
        SELECT identifier, name, added_at, removed_at FROM member_keys
        WHERE member_id = $1 AND kind = $2 AND identifier = $3
        """,
        member_id,
        _kind_of(address),
        address,
    )
    return None if row is None else OwnWallet(*row.values())


async def name_wallet(unit: UnitOfWork, address: str, name: str) -> None:
    query = "UPDATE member_keys SET name = $3 WHERE kind = $1 AND identifier = $2"
    await (await unit.raw()).execute(query, _kind_of(address), address, name)


async def count_staying(unit: UnitOfWork, member_id: UUID) -> int:
    """Keys whose removal does not wait. The caller holds the member's lock."""
    raw = await unit.raw()
    query = "SELECT count(*) FROM member_keys WHERE member_id = $1 AND removed_at IS NULL"
    return await raw.fetchval(query, member_id) or 0


async def set_removal(unit: UnitOfWork, kind: str, identifier: str, removed_at: datetime | None) -> None:
    """The key signs in until then, or for good."""
    query = "UPDATE member_keys SET removed_at = $3 WHERE kind = $1 AND identifier = $2"
    await (await unit.raw()).execute(query, kind, identifier, removed_at)


async def remove_keys(unit: UnitOfWork, member_id: UUID, but: tuple[str, str]) -> None:
    """None of them but one (kind, identifier) signs in any more."""
    await (await unit.raw()).execute(
        """
        UPDATE member_keys SET removed_at = $2
        WHERE member_id = $1 AND (removed_at IS NULL OR removed_at > $2) AND (kind, identifier) <> ($3, $4)
        """,
        member_id,
        unit.now,
        *but,
    )


async def is_living_key_of(unit: UnitOfWork, member_id: UUID, kind: str, identifier: str) -> bool:
    raw = await unit.raw()
    return (
        await raw.fetchval(
            """
            SELECT 1 FROM member_keys WHERE kind = $1 AND identifier = $2 AND member_id = $3
                AND (removed_at IS NULL OR removed_at > $4)
            """,
            kind,
            identifier,
            member_id,
            unit.now,
        )
        is not None
    )


async def has_holder(unit: UnitOfWork, kind: str, identifier: str) -> bool:
    """Whether it is or was anybody's."""
    raw = await unit.raw()
    query = "SELECT 1 FROM member_keys WHERE kind = $1 AND identifier = $2"
    return await raw.fetchval(query, kind, identifier) is not None
