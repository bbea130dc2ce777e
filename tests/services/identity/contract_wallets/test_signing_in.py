"""Signing in with a contract wallet, verified by a real node, and every way in which it is refused."""

import asyncio
from typing import Any

import asyncpg
import pytest

from chassis.contract_wallets import CONTRACT_WALLET, account_id
from guildhall.devnet.launcher import CHAIN_ID
from services.identity.api import contract_sessions
from services.identity.store.member_keys import count_staying, set_removal
from tests.services.identity.contract_house import house_at_node, message_of, present, problem
from tests.services.identity.house import IdentityHouse, Member, account
from tests.support.chain import call_data
from tests.support.contract_wallets import HOSTILE, WalletChain, wrapped
from tests.support.postgres import Databases

pytestmark = pytest.mark.slow

OTHER_CHAIN_ID = 31_338
SAID_NO = (401, "contract-wallet-signature-wrong")
NOT_THERE = (401, "contract-wallet-not-found")
MALFORMED = (400, "wallet-signature-malformed")


async def test_a_deployed_wallet_is_a_member_by_its_chain_and_address(
    house: IdentityHouse, chain: WalletChain
) -> None:
    assert not [off for off in house.app.state.chassis.parts.off if "contract" in off]
    wallet, member = chain.wallet(), Member(house)
    first = await present(house, wallet, member=member)
    assert first.status_code == 201, first.text
    identifier = f"eip155:{CHAIN_ID}:{wallet.address.lower()}"
    [key] = await house.rows(
        "SELECT kind, identifier FROM member_keys WHERE member_id = $1", first.json()["member"]["id"]
    )
    assert dict(key) == {"kind": "contract_wallet", "identifier": identifier}
    told = (await house.as_service("market", "GET", f"/internal/device-keys/{member.device_key_id}")).json()
    (certificate,) = told["certificates"]
    assert (certificate["issuer_kind"], certificate["issuer"]) == ("contract_wallet", identifier)
    [act] = await house.rows(
        "SELECT act_right FROM act_log WHERE subject = $1", f"sessions/{first.json()['session_id']}"
    )
    assert act["act_right"] == "contract_wallet_signature"
    again = await present(house, wallet)
    assert again.json()["member"] == first.json()["member"]


async def test_one_that_is_not_deployed_signs_in_and_is_the_same_member_later(
    house: IdentityHouse, chain: WalletChain
) -> None:
    wallet = chain.wallet(is_deployed=False)
    first = await present(house, wallet, is_wrapped=True)
    assert first.status_code == 201, first.text
    assert not chain.has_code(wallet.address), "the question deployed it"
    chain.deploy(wallet)
    wrapped_still = await present(house, wallet, is_wrapped=True)
    plain = await present(house, wallet)
    assert wrapped_still.json()["member"] == plain.json()["member"] == first.json()["member"]


async def test_what_such_a_member_signs_by_their_device_is_taken(
    house: IdentityHouse, chain: WalletChain
) -> None:
    member = Member(house)
    member.session = (await present(house, chain.wallet(), member=member)).json()
    await member.renew_internal_token()
    assert (await member.found("Weavers by contract"))["slug"] == "weavers-by-contract"


async def test_the_keys_by_which_one_can_sign_in_count_a_contract(
    house: IdentityHouse, chain: WalletChain
) -> None:
    member = Member(house)
    member.session = (await present(house, chain.wallet(), member=member)).json()
    async with house.unit() as unit:
        assert await count_staying(unit, member.id) == 1


async def test_it_is_listed_named_removed_and_kept_as_every_wallet_is(
    house: IdentityHouse, chain: WalletChain
) -> None:
    wallet, member = chain.wallet(), Member(house)
    member.session = (await present(house, wallet, member=member)).json()
    await member.renew_internal_token()
    identifier = account_id(CHAIN_ID, wallet.address)
    path = f"/v1/me/wallets/{identifier}"
    assert problem(await member.act("DELETE", path)) == (409, "last-key")
    key = Member(house, device=member.device)
    nonce = await member.nonce()
    message = key.message(nonce.nonce, chain_id=CHAIN_ID)
    added = {"message": message, "signature": key.signature(message), "name": "Paper"}
    assert (await member.act("POST", "/v1/me/wallets", added)).status_code == 201
    assert (await member.act("PATCH", path, {"name": "Safe"})).json()["name"] == "Safe"
    assert (await member.act("DELETE", path)).status_code == 200
    listed = (await member.ask("GET", "/v1/me/wallets")).json()["items"]
    assert {(own["address"], own["name"]) for own in listed} == {
        (identifier, "Safe"),
        (key.wallet.address.lower(), "Paper"),
    }
    assert [own["removed_at"] is not None for own in listed if own["name"] == "Safe"] == [True]
    assert (await member.act("DELETE", f"{path}/removal")).status_code == 204
    elsewhere = path.replace(f":{CHAIN_ID}:", ":1:")
    assert problem(await member.act("DELETE", elsewhere)) == (404, "wallet-not-found")
    [session] = (await member.ask("GET", "/v1/me/sessions")).json()["items"]
    assert session["key_kind"] == "contract_wallet"


async def test_one_that_was_removed_signs_in_no_more(house: IdentityHouse, chain: WalletChain) -> None:
    wallet = chain.wallet()
    assert (await present(house, wallet)).status_code == 201
    async with house.unit() as unit:
        identifier = account_id(CHAIN_ID, wallet.address)
        await set_removal(unit, CONTRACT_WALLET, identifier, house.clock.now())
    assert problem(await present(house, wallet)) == (403, "key-removed")


async def test_two_devices_of_one_wallet_are_one_member_at_the_same_moment(
    house: IdentityHouse, chain: WalletChain
) -> None:
    wallet = chain.wallet(is_deployed=False)
    answers = await asyncio.gather(*(present(house, wallet, is_wrapped=True) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["member"]["id"] for answer in answers}) == 1


async def test_the_same_address_of_another_chain_is_another_key(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, house: IdentityHouse, chain: WalletChain
) -> None:
    wallet, yes_man = chain.wallet(), chain.hostile("YES_ON_ANOTHER_CHAIN")
    here = await present(house, wallet)
    chain.devnet.calls.call("anvil_setChainId", OTHER_CHAIN_ID)
    try:
        async with house_at_node(
            databases,
            tmp_path_factory,
            chain.devnet.url,
            database_url=house.settings.database_url,
            chain_id=OTHER_CHAIN_ID,
            eth_chain_id=OTHER_CHAIN_ID,
        ) as elsewhere:
            there = await present(elsewhere, wallet)
            assert there.status_code == 201, there.text
            assert (await present(elsewhere, yes_man)).status_code == 201, "the contract's own affair"
            assert problem(await present(house, wallet)) == (409, "contract-wallets-unavailable")
    finally:
        chain.devnet.calls.call("anvil_setChainId", CHAIN_ID)
    assert problem(await present(house, yes_man)) == SAID_NO
    assert there.json()["member"]["id"] != here.json()["member"]["id"]
    identifiers = await house.rows(
        "SELECT identifier FROM member_keys WHERE identifier LIKE '%' || $1 ORDER BY 1",
        wallet.address.lower(),
    )
    assert [row["identifier"] for row in identifiers] == [
        f"eip155:{chain_id}:{wallet.address.lower()}" for chain_id in (CHAIN_ID, OTHER_CHAIN_ID)
    ]


@pytest.mark.parametrize("answer", HOSTILE)
async def test_a_contract_that_does_not_say_yes_in_so_many_words_is_refused(
    house: IdentityHouse, chain: WalletChain, answer: str
) -> None:
    refused = await present(house, chain.hostile(answer))
    assert problem(refused) == SAID_NO
    assert refused.json()["chain_id"] == CHAIN_ID


async def test_a_nonce_is_used_up_by_the_first_who_presents_it(
    house: IdentityHouse, chain: WalletChain
) -> None:
    wallet, member = chain.wallet(), Member(house)
    nonce = await member.nonce()
    message = message_of(house, wallet, member, nonce.nonce)
    answers = await asyncio.gather(
        *(member.present(message, nonce.cookie, wallet.signature(message)) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]


async def test_a_refusal_uses_the_nonce_up(house: IdentityHouse, chain: WalletChain) -> None:
    wallet, member = chain.wallet(), Member(house)
    nonce = await member.nonce()
    message = message_of(house, wallet, member, nonce.nonce)
    assert problem(await member.present(message, nonce.cookie, wallet.signature(f"{message} "))) == SAID_NO
    late = await member.present(message, nonce.cookie, wallet.signature(message))
    assert problem(late) == (401, "nonce-not-usable")


async def test_another_browser_cannot_use_the_nonce_nor_spoil_it(
    house: IdentityHouse, chain: WalletChain
) -> None:
    wallet, member = chain.wallet(), Member(house)
    nonce = await member.nonce()
    message = message_of(house, wallet, member, nonce.nonce)
    refused = await member.present(message, "another-browser", wallet.signature(message))
    assert problem(refused) == (401, "nonce-not-usable")
    assert (await member.present(message, nonce.cookie, wallet.signature(message))).status_code == 201


@pytest.mark.parametrize("changes", [{"domain": "evil.example"}, {"chain_id": 1}, {"resources": None}])
async def test_the_message_has_to_be_for_here_and_now(
    house: IdentityHouse, chain: WalletChain, changes: dict[str, Any]
) -> None:
    refused = await present(house, chain.wallet(), **changes)
    assert problem(refused) == (401, "sign-in-message-wrong")


async def test_an_altered_message_and_another_owner_are_refused(
    house: IdentityHouse, chain: WalletChain
) -> None:
    wallet, member = chain.wallet(), Member(house)
    nonce = await member.nonce()
    signed = wallet.signature(message_of(house, wallet, member, nonce.nonce))
    altered = message_of(house, wallet, member, nonce.nonce, statement="Something else.")
    assert problem(await member.present(altered, nonce.cookie, signed)) == SAID_NO
    other = chain.wallet()
    nonce = await member.nonce()
    message = message_of(house, wallet, member, nonce.nonce)
    assert problem(await member.present(message, nonce.cookie, other.signature(message))) == SAID_NO


async def test_what_was_signed_for_one_wallet_is_not_taken_for_another_of_the_same_owner(
    house: IdentityHouse, chain: WalletChain
) -> None:
    one = chain.wallet()
    other = chain.wallet(owner=one.owner)
    member = Member(house)
    nonce = await member.nonce()
    for_one = message_of(house, one, member, nonce.nonce)
    for_other = message_of(house, other, member, nonce.nonce)
    refused = await member.present(for_other, nonce.cookie, one.signature(for_one))
    assert problem(refused) == SAID_NO


async def test_a_factory_that_does_not_deploy_the_address_brings_nobody(
    house: IdentityHouse, chain: WalletChain
) -> None:
    wallet, other = chain.wallet(is_deployed=False), chain.wallet(is_deployed=False)
    member = Member(house)
    for name, factory, data in (
        ("does nothing", wallet.factory, call_data("do_nothing()", [], [])),
        ("deploys another wallet", wallet.factory, other.deployment),
        ("takes all gas", wallet.factory, call_data("burn()", [], [])),
        ("is refused by its factory", wallet.factory, "0x00000000"),
        ("is no contract", account().address, wallet.deployment),
        ("is the wallet itself", wallet.address, wallet.deployment),
        ("copies what it is given", f"0x{4:040x}", wallet.deployment),
    ):
        nonce = await member.nonce()
        message = message_of(house, wallet, member, nonce.nonce)
        sent = wrapped(factory, data, wallet.owner_signature(message))
        assert problem(await member.present(message, nonce.cookie, sent)) == NOT_THERE, name
    assert not chain.has_code(other.address)


async def test_a_wrapper_with_anothers_wallet_in_it_signs_for_nobody(
    house: IdentityHouse, chain: WalletChain
) -> None:
    """The factory deploys the attacker's wallet, the message names the victim's."""
    attacker = chain.wallet(is_deployed=False)
    for victim, expected in ((chain.wallet(), SAID_NO), (chain.wallet(is_deployed=False), NOT_THERE)):
        member = Member(house)
        nonce = await member.nonce()
        message = message_of(house, victim, member, nonce.nonce)
        refused = await member.present(message, nonce.cookie, attacker.wrapped_signature(message))
        assert problem(refused) == expected


async def test_a_factory_is_not_called_where_a_wallet_is(house: IdentityHouse, chain: WalletChain) -> None:
    """Or whoever names one could prepare another's wallet: here it would hand itself over to them."""
    victim, thief = chain.wallet(), account()
    # For the question, its owner is the contract that asks: the one who could hand it over.
    asking = "0xbd770416a3345f91e4b34576cb804a576fa48eb1"
    hand_over = call_data("hand_over(address)", ["address"], [thief.address])
    chain.devnet.calls.call("anvil_setStorageAt", victim.address, f"0x{0:064x}", f"0x{int(asking, 16):064x}")
    member = Member(house, wallet=thief)
    nonce = await member.nonce()
    message = message_of(house, victim, member, nonce.nonce)
    signed = bytes.fromhex(member.signature(message)[2:])
    sent = wrapped(victim.address, hand_over, signed)
    assert problem(await member.present(message, nonce.cookie, sent)) == SAID_NO


async def test_what_a_key_signed_is_not_taken_wrapped(house: IdentityHouse, chain: WalletChain) -> None:
    member = Member(house)
    nonce = await member.nonce()
    message = member.message(nonce.nonce, chain_id=CHAIN_ID)
    signed = bytes.fromhex(member.signature(message)[2:])
    sent = wrapped(chain.factory, call_data("do_nothing()", [], []), signed)
    assert problem(await member.present(message, nonce.cookie, sent)) == NOT_THERE


async def test_where_no_contract_is_a_key_has_to_have_signed(
    house: IdentityHouse, chain: WalletChain
) -> None:
    member = Member(house)
    for address, expected in (
        (member.wallet.address, (401, "wallet-signature-wrong")),
        ("0x0000000000000000000000000000000000000004", (401, "wallet-signature-wrong")),
    ):
        nonce = await member.nonce()
        message = member.message(nonce.nonce, address=address, chain_id=CHAIN_ID)
        refused = await member.present(message, nonce.cookie, Member(house).signature(message))
        assert problem(refused) == expected
    nonce = await member.nonce()
    message = member.message(nonce.nonce, chain_id=CHAIN_ID)
    assert problem(await member.present(message, nonce.cookie, "0x1234")) == NOT_THERE
    nonce = await member.nonce()
    message = member.message(nonce.nonce, chain_id=CHAIN_ID)
    assert problem(await member.present(message, nonce.cookie, f"0x{'00' * 65}")) == MALFORMED
    undeployed = chain.wallet(is_deployed=False)
    assert problem(await present(house, undeployed)) == (401, "wallet-signature-wrong")


@pytest.mark.parametrize(
    "signature",
    [
        "hello",
        "0x123",
        "0xzz",
        "0x" + "6492" * 16,
        "0x" + "ff" * 96 + "6492" * 16,
        "0x" + "00" * 96 + "6492" * 16,
    ],
)
async def test_a_signature_that_cannot_be_read_is_refused(
    house: IdentityHouse, chain: WalletChain, signature: str
) -> None:
    assert problem(await present(house, chain.wallet(), signature=signature)) == MALFORMED


async def test_a_signature_is_at_most_so_long(house: IdentityHouse, chain: WalletChain) -> None:
    wallet = chain.wallet()
    assert problem(await present(house, wallet, signature=f"0x{'ff' * 8_192}")) == SAID_NO
    longer = await present(house, wallet, signature=f"0x{'ff' * 8_193}")
    assert longer.status_code == 422


async def test_a_request_that_is_repeated_inside_asks_the_node_once(
    house: IdentityHouse, chain: WalletChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a deadlock: its nonce is used up already, by itself."""
    finish, tries = contract_sessions.sign_in_by_contract, list[int]()

    async def deadlocked_once(*given: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise asyncpg.DeadlockDetectedError("as if")
        return await finish(*given)

    monkeypatch.setattr(contract_sessions, "sign_in_by_contract", deadlocked_once)
    assert (await present(house, chain.wallet())).status_code == 201
    assert len(tries) == 2
