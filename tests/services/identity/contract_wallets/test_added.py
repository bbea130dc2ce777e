"""A contract wallet as a further key of a member's, on a real node."""

from typing import Any

import pytest

from tests.services.identity.contract_house import message_of, present, problem
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.passkey_member import passkey_member
from tests.support.contract_wallets import ContractWallet, WalletChain

pytestmark = pytest.mark.slow

OWN = "/v1/me/wallets"


async def body_of(
    member: Member, wallet: ContractWallet, *, by: ContractWallet | None = None, is_wrapped: bool = False
) -> dict[str, Any]:
    """What the wallet signs for the member's device; `by`: whose owner signs."""
    message = message_of(member.house, wallet, member, (await member.nonce()).nonce)
    signer = by or wallet
    signature = (signer.wrapped_signature if is_wrapped else signer.signature)(message)
    return {"message": message, "signature": signature, "name": "Safe"}


@pytest.mark.parametrize("is_deployed", [True, False])
async def test_it_is_added_and_signs_in_as_its_member(
    house: IdentityHouse, chain: WalletChain, is_deployed: bool
) -> None:
    member, wallet = await passkey_member(house), chain.wallet(is_deployed=is_deployed)
    added = await member.act("POST", OWN, await body_of(member, wallet, is_wrapped=not is_deployed))
    assert added.status_code == 201, added.text
    assert added.json()["address"] == f"eip155:{house.settings.eth_chain_id}:{wallet.address.lower()}"
    [own] = (await member.ask("GET", OWN)).json()["items"]
    assert own == added.json()
    opened = await present(house, wallet, is_wrapped=not is_deployed)
    assert opened.json()["member"]["id"] == str(member.id)


async def test_what_is_refused_adds_nothing_and_its_nonce_is_gone(
    house: IdentityHouse, chain: WalletChain
) -> None:
    member, elsewhere = await passkey_member(house), await passkey_member(house)
    wallet, other = chain.wallet(), chain.wallet()
    forged = await body_of(member, wallet, by=other)
    assert problem(await member.act("POST", OWN, forged)) == (401, "contract-wallet-signature-wrong")
    assert problem(await member.act("POST", OWN, forged)) == (401, "nonce-not-usable")
    anothers = await body_of(elsewhere, wallet)
    assert problem(await member.act("POST", OWN, anothers)) == (401, "sign-in-message-wrong")
    assert (await member.ask("POST", OWN, await body_of(member, wallet))).status_code == 401
    assert (await member.ask("GET", OWN)).json()["items"] == []
    assert (await present(house, wallet)).status_code == 201
    assert problem(await member.act("POST", OWN, await body_of(member, wallet))) == (409, "key-taken")


async def test_an_idempotency_key_which_would_hold_a_transaction_is_refused_and_uses_nothing_up(
    house: IdentityHouse, chain: WalletChain
) -> None:
    member = await passkey_member(house)
    body = await body_of(member, chain.wallet())
    assert problem(await member.act("POST", OWN, body, key="mine")) == (400, "contract-asked-under-key")
    assert (await member.act("POST", OWN, body)).status_code == 201
