"""What a check of an acknowledged act is, and the kinds of it that chapters share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import asyncpg

from guildhall.client import Wallet
from tests.crash.story_client import SEED

Databases = Mapping[str, asyncpg.Connection]
Check = Callable[[Databases, str, Any], Awaitable[object]]


async def member_of(databases: Databases, person: str) -> UUID | None:
    """By the person's own wallet, not by what the client was told."""
    address = Wallet.derived(SEED, person).address.lower()
    return await databases["identity"].fetchval(
        "SELECT member_id FROM member_keys WHERE identifier = $1", address
    )


def row_of(database: str, query: str) -> Check:
    """The row of the acknowledged id is there: $1 is the id."""

    async def check(databases: Databases, act: str, answer: Any) -> object:
        return await databases[database].fetchval(query, UUID(answer["id"]))

    return check


def transfers_of(*codes: int) -> Check:
    """Of a batch, what was posted is there with such a code, and what was refused is not."""

    async def check(databases: Databases, act: str, answer: Any) -> object:
        results = answer["results"]
        posted = [one for one in results if one["result"] in {"posted", "exists"}]
        found = await databases["ledger"].fetch(
            "SELECT id FROM transfers WHERE id = ANY($1) AND code = ANY($2)",
            [UUID(one["id"]) for one in results],
            codes,
        )
        return sorted(str(row["id"]) for row in found) == sorted(one["id"] for one in posted)

    return check
