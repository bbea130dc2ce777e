"""A device that a contract wallet certified pays once the node has said yes; without a node it does not."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.requests import Request

from chassis.contract_wallets import ContractWallets, account_id
from chassis.signatures import ForwardedAct, SignedAct
from chassis.siwe import SIGN_IN_PURPOSE, SiweMessage, device_resource
from guildhall.devnet.launcher import CHAIN_ID
from services.ledger.api.dependencies import act_checks
from services.ledger.bridge.use_cases.find_wallets import find_wallets
from tests.services.ledger.escrows import AGREEMENT, EMPLOYER, forwarded, funding, open_agreement, post
from tests.services.ledger.house import LedgerHouse, member_id
from tests.services.ledger.identity_edge import PUBLIC_URL, certified_device
from tests.support.chain import running_devnet
from tests.support.contract_wallets import ContractWallet, WalletChain

pytestmark = pytest.mark.slow

TO = f"agreements/{AGREEMENT}"
MESSAGES_CHAIN_ID = 1


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Generator[WalletChain]:
    with running_devnet(tmp_path_factory.mktemp("devnet")) as devnet:
        yield WalletChain(devnet)


@pytest.fixture(autouse=True)
def as_messages_name_it(chain: WalletChain, house: LedgerHouse) -> Generator[None]:
    ask_at(house, chain.devnet.url)
    yield
    ask_at(house, None)


def ask_at(house: LedgerHouse, url: str | None, **changed: Any) -> None:
    node = {"eth_rpc_url": None if url is None else SecretStr(url), "eth_chain_id": MESSAGES_CHAIN_ID}
    house.app.state.contract_wallets = ContractWallets(house.settings.model_copy(update=node | changed))


class AsMainChain:
    """While it is entered the devnet says that it is the chain of the messages; then it takes nothing in."""

    def __init__(self, chain: WalletChain) -> None:
        self._calls = chain.devnet.calls

    def __enter__(self) -> None:
        self._calls.call("anvil_setChainId", MESSAGES_CHAIN_ID)

    def __exit__(self, *_: object) -> None:
        self._calls.call("anvil_setChainId", CHAIN_ID)


def certify(
    house: LedgerHouse, wallet: ContractWallet, *, is_wrapped: bool = False, **forged: Any
) -> dict[str, Any]:
    """The employer's device, certified by a contract wallet in identity's word."""
    device, now = house.device(EMPLOYER), house.clock.now()
    message = SiweMessage(
        domain="localhost:8080",
        address=wallet.address,
        uri=PUBLIC_URL,
        chain_id=MESSAGES_CHAIN_ID,
        nonce="abcdefgh12345678",
        issued_at=now,
        expiration_time=now + timedelta(days=90),
        resources=(SIGN_IN_PURPOSE, device_resource(device.public_key().public_bytes_raw())),
    ).text()
    sign = wallet.wrapped_signature if is_wrapped else wallet.signature
    certificate = {
        "issuer_kind": "contract_wallet",
        "issuer": account_id(MESSAGES_CHAIN_ID, wallet.address),
        "message": message,
        "signature": sign(message),
        "certified_at": now.isoformat(),
    }
    record: dict[str, Any] = certified_device(device, member_id(EMPLOYER), now)
    record["certificates"] = [certificate | forged]
    house.identity.device_keys[record["id"]] = record
    return record


async def refused(house: LedgerHouse, act: dict[str, Any], name: str) -> str:
    """Why the act log says that the act does not hold."""
    assert await post(house, "market", funding("100", act, name=name)) == ["act_invalid"]
    rows = await house.rows("SELECT changed FROM act_log ORDER BY sequence DESC LIMIT 1")
    return str(rows[0]["changed"])


@pytest.mark.parametrize("is_deployed", [True, False])
async def test_the_act_pays_and_the_key_is_pinned(
    house: LedgerHouse, chain: WalletChain, is_deployed: bool
) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    wallet = chain.wallet(is_deployed=is_deployed)
    certify(house, wallet, is_wrapped=not is_deployed)
    with AsMainChain(chain):
        assert await post(house, "market", funding("100", act)) == ["posted"]
    (pinned,) = await house.rows("SELECT wallet_address FROM device_keys")
    assert pinned["wallet_address"] == wallet.address
    ask_at(house, "http://127.0.0.1:1")
    again = forwarded(house, EMPLOYER, "5", TO)
    assert await post(house, "market", funding("5", again, name="more")) == ["posted"], "it was asked once"


async def test_without_a_node_the_act_is_refused_and_the_reason_names_the_setting(house: LedgerHouse) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    wallet = ContractWallet("0x71C7656EC7ab88b098defB751B7401B5f6d8976F", None, "", "")
    certify(house, replace(wallet, owner=_Anybody()))
    ask_at(house, None)
    assert "ETH_RPC_URL names no node" in await refused(house, act, "none")
    ask_at(house, "http://127.0.0.1:1", eth_chain_id=5)
    assert "ETH_CHAIN_ID is 5" in await refused(house, act, "another chain")


class _Anybody:
    """Whose signature nobody looks at."""

    def sign_message(self, _: object) -> Any:
        class Signed:
            signature = bytes(65)

        return Signed


async def test_a_node_that_is_down_decides_nothing(house: LedgerHouse, chain: WalletChain) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    certify(house, chain.wallet())
    ask_at(house, "http://127.0.0.1:1")
    down = await house.serve("market", "POST", "/transfers", {"transfers": [funding("100", act)]})
    assert (down.status_code, down.json()["type"]) == (503, "/problems/unavailable")
    ask_at(house, chain.devnet.url)
    with AsMainChain(chain):
        assert await post(house, "market", funding("100", act)) == ["posted"]


async def test_a_wallet_that_does_not_say_yes_any_more_certifies_nothing(
    house: LedgerHouse, chain: WalletChain
) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    wallet = chain.wallet()
    certify(house, wallet)
    chain.devnet.calls.call("anvil_setStorageAt", wallet.address, f"0x{0:064x}", f"0x{7:064x}")
    with AsMainChain(chain):
        assert await post(house, "market", funding("100", act)) == ["act_invalid"]


async def test_a_node_of_another_chain_is_no_witness(house: LedgerHouse, chain: WalletChain) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    certify(house, chain.wallet())
    assert f"a node of chain {CHAIN_ID}" in await refused(house, act, "another chain")


async def test_a_certificate_of_another_wallet_chain_kind_or_signature_is_none(
    house: LedgerHouse, chain: WalletChain
) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    wallet, other = chain.wallet(), chain.wallet()
    record = certify(house, wallet)
    (true,) = record["certificates"]
    by_key = certified_device(house.device(EMPLOYER), member_id(EMPLOYER), house.clock.now())["certificates"]
    with AsMainChain(chain):
        for name, altered in {
            "another wallet": {"issuer": account_id(MESSAGES_CHAIN_ID, other.address)},
            "another chain": {"issuer": account_id(CHAIN_ID, wallet.address)},
            "another signature": {"signature": other.signature(true["message"])},
            "no signature": {"signature": "hello"},
            "a key's": {"issuer_kind": "wallet"},
            "a key's in its place": {
                "message": by_key[0]["message"],
                "signature": by_key[0]["signature"],
                "issuer": account_id(MESSAGES_CHAIN_ID, by_key[0]["issuer"]),
            },
        }.items():
            record["certificates"] = [true | altered]
            assert await post(house, "market", funding("100", act, name=name)) == ["act_invalid"], name
        record["certificates"] = [true]
        assert await post(house, "market", funding("100", act, name="true")) == ["posted"]


async def test_a_key_that_certified_it_too_needs_no_node(house: LedgerHouse, chain: WalletChain) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    record = certify(house, chain.wallet())
    by_key = certified_device(house.device(EMPLOYER), member_id(EMPLOYER), house.clock.now())["certificates"]
    record["certificates"] += by_key
    ask_at(house, None)
    assert await post(house, "market", funding("100", act)) == ["posted"]


async def test_the_contract_is_the_wallet_that_claims_a_deposit(
    house: LedgerHouse, chain: WalletChain
) -> None:
    act = _signed(house, forwarded(house, EMPLOYER, "1", TO))
    wallet = chain.wallet()
    certify(house, wallet)
    peers, checks = house.chassis.peers, act_checks(Request({"type": "http", "app": house.app}))
    with AsMainChain(chain):
        assert await find_wallets(peers, act, member_id(EMPLOYER), checks) == {wallet.address}
    ask_at(house, None)
    checks = act_checks(Request({"type": "http", "app": house.app}))
    assert await find_wallets(peers, act, member_id(EMPLOYER), checks) == frozenset()


def _signed(house: LedgerHouse, sent: dict[str, Any]) -> SignedAct:
    return ForwardedAct.from_json(sent).verify(
        public_url=house.settings.public_url,
        public_key=lambda _: house.device(EMPLOYER).public_key(),
        now=house.clock.now(),
    )
