"""Identity beside a devnet with contract wallets on it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from guildhall.devnet.launcher import CHAIN_ID
from tests.services.identity.conftest import identity_house
from tests.services.identity.house import IdentityHouse, Member
from tests.support.contract_wallets import ContractWallet
from tests.support.postgres import Databases


@asynccontextmanager
async def house_at_node(
    databases: Databases, folders: pytest.TempPathFactory, url: str | None, **changed: Any
) -> AsyncGenerator[IdentityHouse]:
    """`url`: of the node; None for none."""
    told = {} if url is None else {"eth_rpc_url": SecretStr(url)}
    chain = {"chain_id": CHAIN_ID, "eth_chain_id": CHAIN_ID, "contract_wallet_seconds": 2}
    async with identity_house(databases, folders, **told, **(chain | changed)) as made:
        yield made


async def present(
    house: IdentityHouse,
    wallet: ContractWallet,
    *,
    signature: str | None = None,
    member: Member | None = None,
    is_wrapped: bool = False,
    **changes: Any,
) -> httpx.Response:
    """Sign in by this wallet; `changes` are fields of the message that it signs."""
    member = member or Member(house)
    nonce = await member.nonce()
    message = message_of(house, wallet, member, nonce.nonce, **changes)
    sign = wallet.wrapped_signature if is_wrapped else wallet.signature
    return await member.present(message, nonce.cookie, signature or sign(message))


def message_of(
    house: IdentityHouse, wallet: ContractWallet, member: Member, nonce: str, **changes: Any
) -> str:
    said: dict[str, Any] = {"address": wallet.address, "chain_id": house.settings.chain_id}
    return member.message(nonce, **(said | changes))


def problem(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, str(response.json()["type"]).removeprefix("/problems/")
