"""Recoveries by contract wallets, on a real node: as the new key, and as the living key that cancels."""

from typing import Any

import httpx
import pytest

from tests.services.identity.contract_house import message_of, present, problem
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.passkey_member import PasskeyMember, passkey_member
from tests.services.identity.recovery.lost import (
    GUARDIANS,
    RECOVERIES,
    Asker,
    handle_of,
    pass_delay,
    sign_in_again,
)
from tests.support.contract_wallets import ContractWallet, WalletChain

pytestmark = pytest.mark.slow

ASKING = "/v1/auth/recoveries"


async def with_guardians(house: IdentityHouse, member: Member) -> list[PasskeyMember]:
    guardians = [await passkey_member(house) for _ in range(2)]
    body = {"guardians": [handle_of(each) for each in guardians], "threshold": 2}
    named = await member.act("PUT", GUARDIANS, body)
    assert named.status_code == 200, named.text
    await pass_delay(house)
    await sign_in_again(*guardians)
    return guardians


async def vouch(guardians: list[PasskeyMember], recovery: dict[str, Any]) -> None:
    for guardian in guardians:
        vote = await guardian.act("PUT", f"{RECOVERIES}/{recovery['id']}/vote", {"approves": True})
        assert vote.status_code == 200, vote.text


async def send(
    house: IdentityHouse,
    path: str,
    wallet: ContractWallet,
    *,
    by: ContractWallet | None = None,
    is_wrapped: bool = False,
    **body: Any,
) -> httpx.Response:
    """`by`: whose owner signs."""
    person = Member(house)
    nonce = await person.nonce()
    message = message_of(house, wallet, person, nonce.nonce)
    signer = by or wallet
    signature = (signer.wrapped_signature if is_wrapped else signer.signature)(message)
    proof = {"wallet": {"message": message, "signature": signature}}
    return await Asker(house).post(path, proof | body, nonce.cookie)


@pytest.mark.parametrize("is_deployed", [True, False])
async def test_a_contract_wallet_takes_the_place_of_lost_keys(
    house: IdentityHouse, chain: WalletChain, is_deployed: bool
) -> None:
    member = await passkey_member(house)
    guardians = await with_guardians(house, member)
    wallet = chain.wallet(is_deployed=is_deployed)
    asked = await send(house, ASKING, wallet, is_wrapped=not is_deployed, member=handle_of(member))
    assert asked.status_code == 201, asked.text
    await vouch(guardians, asked.json())
    assert problem(await present(house, wallet, is_wrapped=not is_deployed)) == (409, "key-awaits-recovery")
    await pass_delay(house)
    opened = await present(house, wallet, is_wrapped=not is_deployed)
    assert opened.json()["member"]["id"] == str(member.id)


async def test_who_has_a_contract_wallet_alone_cancels_by_it(
    house: IdentityHouse, chain: WalletChain
) -> None:
    wallet, member = chain.wallet(), Member(house)
    opened = await present(house, wallet, member=member)
    member.session = opened.json()
    await member.renew_internal_token()
    guardians = await with_guardians(house, member)
    stranger = Asker(house, by_passkey=True)
    recovery = await stranger.begin(handle_of(member))
    await vouch(guardians, recovery)
    assert problem(await present(house, wallet)) == (403, "account-locked")
    path = f"{ASKING}/{recovery['id']}/cancellations"
    other = chain.wallet()
    assert problem(await send(house, path, other)) == (403, "not-a-key-of-theirs")
    assert problem(await send(house, path, wallet, by=other)) == (401, "contract-wallet-signature-wrong")
    assert (await send(house, path, wallet)).json()["state"] == "cancelled"
    assert (await present(house, wallet)).status_code == 201
